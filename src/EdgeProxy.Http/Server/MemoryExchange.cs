using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Server;

/// <summary>An exchange without a connection: its request is given whole, its response is kept. For rehearsals; no wait of it ever waits.</summary>
/// <remarks>One request. The head is read by the parser that connections use, so that it is refused for what they would refuse.</remarks>
public sealed class MemoryExchange : Exchange
{
    private readonly int _keeps;
    private byte[] _body = [];
    private byte[] _sent = [];
    private int _kept;
    private bool _isRead;

    /// <param name="loop">Whose clock and buffers are used.</param>
    /// <param name="listener">The listener it would have come in by.</param>
    /// <param name="client">The address it would have come from.</param>
    /// <param name="local">The address it would have come to.</param>
    /// <param name="keeps">Most bytes of the response's body that are kept; what is beyond them is only counted.</param>
    public MemoryExchange(EventLoop loop, ListenerFacts listener, IpEndpoint client, IpEndpoint local, int keeps)
    {
        Loop = loop;
        Listener = listener;
        Client = client;
        Local = local;
        StartedAt = loop.Now;
        BodyLimit = -1;
        _keeps = keeps;
    }

    /// <summary>The request's body.</summary>
    public ReadOnlySpan<byte> Body => _body;

    /// <summary>The response's body as far as it was kept; <see cref="Exchange.ResponseBytes"/> counts all of it.</summary>
    public ReadOnlySpan<byte> Sent => _sent.AsSpan(0, _kept);

    public override bool HasUnreadBody => !_isRead && _body.Length > 0;

    /// <summary>Takes a request.</summary>
    /// <param name="head">Its head as HTTP/1.1 has it on the wire, the empty line included.</param>
    /// <param name="body">Its body, which is not copied; the head frames it.</param>
    /// <param name="limits">How large the head may be.</param>
    /// <param name="options">How strictly it is read.</param>
    /// <returns>Which rule the head broke; None when it is a request.</returns>
    public ViolationCode Receive(ReadOnlySpan<byte> head, byte[] body, in HeadLimits limits, in ParseOptions options)
    {
        ParseResult parsed = Http1RequestParser.Parse(head, limits, options, Request);
        if (parsed.Status == ParseStatus.Violation) return parsed.Violation;
        if (parsed.Status != ParseStatus.Complete || parsed.Consumed != head.Length) return ViolationCode.NonCrLfLineTermination;
        _body = body;
        return ViolationCode.None;
    }

    public override LoopTask<BodyRead> ReadBodyAsync()
    {
        if (Aborted != AbortReason.None) return BodyRead.Of(BodyStatus.Aborted);
        if (BodyLimit >= 0 && _body.Length > BodyLimit) return BodyRead.Of(BodyStatus.TooLarge);
        if (_isRead) return BodyRead.Of(BodyStatus.End);
        _isRead = true;
        RequestBytes = _body.Length;
        return new BodyRead(BodyStatus.End, new BodyChunk(_body, 0, _body.Length));
    }

    public override void CancelRead()
    {
    }

    public override void StartResponse(BodyFraming framing, long contentLength)
    {
        if (ResponseStarted) throw new InvalidOperationException("The response was started twice.");
        ResponseStarted = true;
        Response.Framing = framing;
        Response.ContentLength = framing == BodyFraming.Length ? contentLength : -1;
    }

    public override LoopTask<IoStatus> WriteAsync(BodyChunk chunk)
    {
        if (Aborted != AbortReason.None) return IoStatus.Aborted;
        if (!ResponseStarted || ResponseEnded) throw new InvalidOperationException("A response is started, written and ended, in this order.");
        ResponseBytes += chunk.Length;
        int kept = Math.Min(chunk.Length, _keeps - _kept);
        if (kept <= 0) return IoStatus.Ok;
        if (_kept + kept > _sent.Length) Array.Resize(ref _sent, Math.Max(_kept + kept, Math.Min(_keeps, _sent.Length * 2)));
        chunk.Span[..kept].CopyTo(_sent.AsSpan(_kept));
        _kept += kept;
        return IoStatus.Ok;
    }

    public override LoopTask<IoStatus> EndAsync(BodyChunk last)
    {
        LoopTask<IoStatus> sent = WriteAsync(last);
        if (Aborted == AbortReason.None) ResponseEnded = true;
        return sent;
    }

    public override void Abort(AbortReason reason)
    {
        if (Aborted != AbortReason.None) return;
        Aborted = reason;
        Pending?.Abort();
    }
}
