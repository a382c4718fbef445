using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.TestKit;

/// <summary>An exchange without a connection: its request is text, its response is kept. Allocates nothing once it has served a request like the next.</summary>
public sealed class FakeExchange : Exchange
{
    private readonly Queue<BodyRead> _body = new();
    private readonly LoopSignal<BodyRead> _bodyCome = new();
    private readonly LoopSignal<IoStatus> _written = new();
    private byte[] _sent = new byte[256];
    private int _sentLength;

    public FakeExchange(EventLoop loop, ListenerFacts? listener = null)
    {
        Loop = loop;
        Listener = listener ?? new ListenerFacts("data", IsAdmin: false, IsTls: false, IsLoopback: true, Port: 8080);
        Client = new IpEndpoint(IpAddress.FromV4(0xC0A8_0001), 40000);
        Local = new IpEndpoint(IpAddress.Loopback, 8080);
    }

    /// <summary>The response's body as sent.</summary>
    public ReadOnlySpan<byte> Sent => _sent.AsSpan(0, _sentLength);

    /// <summary>The response's body as Latin-1 text.</summary>
    public string SentText => Encoding.Latin1.GetString(Sent);

    /// <summary>How many sends there were.</summary>
    public int Sends { get; private set; }

    /// <summary>How many bytes may be sent before a write waits for <see cref="TakeSent"/>; negative for any.</summary>
    public int Room { get; set; } = -1;

    /// <summary>What writes answer, once room is there.</summary>
    public IoStatus WriteStatus { get; set; }

    public override bool HasUnreadBody => _body.Count > 0;

    /// <summary>Starts a request: a head as it comes by HTTP/1.1 with <c>\n</c> for line ends, and body runs.</summary>
    public FakeExchange Receive(string head, params string[] body)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(head.ReplaceLineEndings("\r\n").TrimEnd() + "\r\n\r\n");
        ReceiveHead(bytes);
        for (int i = 0; i < body.Length; i++) Add(i == body.Length - 1 ? BodyStatus.End : BodyStatus.Data, body[i]);
        return this;
    }

    /// <summary>Starts a request with a head in bytes; for measurements.</summary>
    public void ReceiveHead(ReadOnlySpan<byte> head)
    {
        ParseResult parsed = Http1RequestParser.Parse(head, new HeadLimits(), default, Request);
        if (parsed.Status != ParseStatus.Complete) throw new ArgumentException($"The head is {parsed.Status}: {parsed.Violation}.", nameof(head));
        ReceiveAgain();
    }

    /// <summary>Starts another request with the head of the last.</summary>
    public void ReceiveAgain()
    {
        Response.Clear();
        ClearTrailers();
        StartedAt = Loop.Now;
        RequestBytes = 0;
        ResponseBytes = 0;
        ResponseStarted = false;
        ResponseEnded = false;
        CloseAfterwards = false;
        BodyLimit = -1;
        Aborted = AbortReason.None;
        _sentLength = 0;
        Sends = 0;
        _body.Clear();
    }

    /// <summary>The address the request comes from.</summary>
    public FakeExchange From(string address)
    {
        if (!IpAddress.TryParse(address, out IpAddress parsed)) throw new ArgumentException("No address.", nameof(address));
        Client = new IpEndpoint(parsed, 40000);
        return this;
    }

    /// <summary>What the handshake of the client's connection agreed on; null for plain text.</summary>
    public FakeExchange Over(TlsFacts? tls)
    {
        Tls = tls;
        return this;
    }

    /// <summary>The port the client connected to, when a balancer says that it was another than the listener's.</summary>
    public FakeExchange ConnectedTo(ushort port)
    {
        Local = new IpEndpoint(IpAddress.Loopback, port);
        return this;
    }

    /// <summary>Lets the next read of the body end so.</summary>
    public void Add(BodyStatus status, string text = "")
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        var read = new BodyRead(status, new BodyChunk(bytes, 0, bytes.Length));
        if (_bodyCome.IsWaiting) _bodyCome.Set(Count(read));
        else _body.Enqueue(read);
    }

    /// <summary>Gives the request its whole body, without making anything; for measurements.</summary>
    public void Add(byte[] body) => _body.Enqueue(new BodyRead(BodyStatus.End, new BodyChunk(body, 0, body.Length)));

    /// <summary>Lets a write that waits for room go on.</summary>
    public void TakeSent() => _written.Set(WriteStatus);

    /// <summary>The fields of the response, a line each, as they would be sent.</summary>
    public string ResponseFields()
    {
        var text = new StringBuilder();
        for (int i = 0; i < Response.Headers.Count; i++)
        {
            text.Append(Encoding.Latin1.GetString(Response.Headers.Name(i))).Append(": ").Append(Encoding.Latin1.GetString(Response.Headers.Value(i))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The value of a trailer that would be sent, without case; null when there is none.</summary>
    public string? ResponseTrailer(string name) => HasResponseTrailers && TakesTrailers ? Fields.Find(ResponseTrailers, name) : null;

    /// <summary>The value of a response field, without case; null when there is none.</summary>
    public string? ResponseField(string name) => Fields.Find(Response.Headers, name);

    public override LoopTask<BodyRead> ReadBodyAsync()
    {
        if (BodyLimit >= 0 && Request.ContentLength > BodyLimit) return BodyRead.Of(BodyStatus.TooLarge);
        if (_body.TryDequeue(out BodyRead read)) return Count(read);
        return Request.Framing == BodyFraming.None ? BodyRead.Of(BodyStatus.End) : _bodyCome.WaitAsync();
    }

    public override void CancelRead() => _bodyCome.Set(BodyRead.Of(BodyStatus.Aborted));

    public override void StartResponse(BodyFraming framing, long contentLength)
    {
        if (ResponseStarted) throw new InvalidOperationException("The response was started twice.");
        ResponseStarted = true;
        Response.Framing = framing;
        Response.ContentLength = framing == BodyFraming.Length ? contentLength : -1;
    }

    public override LoopTask<IoStatus> WriteAsync(BodyChunk chunk)
    {
        if (!ResponseStarted) throw new InvalidOperationException("A response is started before it is written.");
        if (ResponseEnded) throw new InvalidOperationException("The response has ended.");
        if (Aborted != AbortReason.None) return IoStatus.Aborted;
        Sends++;
        if (_sentLength + chunk.Length > _sent.Length) Array.Resize(ref _sent, Math.Max(_sent.Length * 2, _sentLength + chunk.Length));
        chunk.Span.CopyTo(_sent.AsSpan(_sentLength));
        _sentLength += chunk.Length;
        ResponseBytes += chunk.Length;
        return Room >= 0 && _sentLength > Room ? _written.WaitAsync() : WriteStatus;
    }

    public override LoopTask<IoStatus> EndAsync(BodyChunk last)
    {
        LoopTask<IoStatus> sent = WriteAsync(last);
        if (Aborted == AbortReason.None) ResponseEnded = true;
        bool hasBody = Request.Method != HttpMethod.Head && Response.Framing == BodyFraming.Length;
        if (hasBody && Aborted == AbortReason.None && _sentLength != Response.ContentLength) throw new InvalidOperationException("The body has another length than its head says.");
        return sent;
    }

    public override void Abort(AbortReason reason)
    {
        if (Aborted != AbortReason.None) return;
        Aborted = reason;
        Pending?.Abort();
        _bodyCome.Set(BodyRead.Of(BodyStatus.Aborted));
        _written.Set(IoStatus.Aborted);
    }

    private BodyRead Count(BodyRead read)
    {
        RequestBytes += read.Chunk.Length;
        return read;
    }
}
