using System.Globalization;
using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>A call that goes nowhere: it keeps what would be sent, and answers what was given.</summary>
internal sealed class StandInCall(EventLoop loop, ExplainAnswer? answer) : UpstreamCall
{
    private readonly MemoryStream _sent = new();
    private bool _isRead;

    /// <summary>Whether the call got as far as being sent.</summary>
    public bool WasSent { get; private set; }

    /// <summary>Whether an answer was given for it.</summary>
    public bool IsAnswered => answer is not null;

    /// <summary>The body that would be sent, as far as it is told.</summary>
    public byte[] SentBody => _sent.ToArray();

    /// <summary>Bytes of the body that would be sent.</summary>
    public long SentBytes { get; private set; }

    // What it would be on a connection of HTTP/1.1.
    public override bool PassesTrailers => Trailers == TrailerRule.Always;

    public override async LoopTask<UpstreamOutcome> SendAsync(UpstreamName upstream)
    {
        WasSent = true;
        while (Body is { } body)
        {
            BodyRead read = await body.ReadBodyAsync();
            if (read.Failed)
            {
                RequestBodyStatus = read.Status;
                return UpstreamOutcome.RequestBodyFailed;
            }

            SentBytes += read.Chunk.Length;
            int shown = (int)Math.Min(read.Chunk.Length, ExplainLimits.ShownBody - _sent.Length);
            if (shown > 0) _sent.Write(read.Chunk.Span[..shown]);
            if (read.Status == BodyStatus.End) break;
        }

        if (answer is null) return UpstreamOutcome.Aborted;
        RespondedAt = loop.Now;
        ParseResult parsed = Http1ResponseParser.Parse(Head(answer, Method), new HeadLimits(), Method, Response);
        if (parsed.Status == ParseStatus.Complete) return UpstreamOutcome.Ok;
        Violation = parsed.Violation;
        return parsed.Violation is ViolationCode.HeadTooLarge or ViolationCode.TooManyHeaders ? UpstreamOutcome.HeadTooLarge : UpstreamOutcome.Malformed;
    }

    public override LoopTask<BodyRead> ReadBodyAsync()
    {
        if (_isRead || answer is null || Response.Framing == BodyFraming.None) return BodyRead.Of(BodyStatus.End);
        _isRead = true;
        ResponseBytes = answer.Body.Length;
        if (ResponseBodyLimit >= 0 && ResponseBytes > ResponseBodyLimit) return BodyRead.Of(BodyStatus.TooLarge);
        return new BodyRead(BodyStatus.End, new BodyChunk(answer.Body, 0, answer.Body.Length));
    }

    public override void CancelRead()
    {
    }

    public override void Abort()
    {
    }

    public override void Return()
    {
    }

    /// <summary>The head as the backend would send it; read by the parser that connections use.</summary>
    private static byte[] Head(ExplainAnswer answer, HttpMethod method)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status:000} \r\n");
        foreach ((string name, string value) in answer.Headers)
        {
            if (!ExplainHead.IsFraming(name)) text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        if (answer.Status is not (204 or 304) && answer.Status >= 200 && method != HttpMethod.Head) text.Append(CultureInfo.InvariantCulture, $"Content-Length: {answer.Body.Length}\r\n");
        return Encoding.UTF8.GetBytes(text.Append("\r\n").ToString());
    }
}
