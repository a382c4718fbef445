using EdgeProxy.Core.Buffers;
using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>The parser of upstreams' response heads, for the methods that matter to the framing.</summary>
internal sealed class ResponseHeadTarget : FuzzTarget
{
    private static readonly HeadLimits Wide = new();
    private static readonly HeadLimits Tight = new(requestLine: 48, headBytes: 192, headerCount: 4);

    private readonly Http.Messages.ResponseHead _head = new();
    private readonly Http.Messages.ResponseHead _again = new();
    private readonly byte[] _written = new byte[64 * 1024];
    private readonly List<string> _lengths = [];
    private readonly List<string> _codings = [];

    public override string Name => "ResponseHead";

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "HTTP/1.1 200 OK\r\n", "HTTP/1.0 200 OK\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 101 \r\n", "HTTP/1.1 204 \r\n", "HTTP/1.1 304 \r\n", "HTTP/2 200",
        "HTTP/1.1 ", "99", "600", "\r\n", "\r\n\r\n", "\n", "\r", "\r\n ", " :", ":", "\0", "\t",
        "Content-Length: 5\r\n", "Content-Length: 5, 5\r\n", "Content-Length: -1\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n",
        "Connection: close\r\n", "Connection: keep-alive\r\n", "Set-Cookie: a=b\r\n", "X-A: b\r\n", "Upgrade: websocket\r\n",
    ];

    public override ulong Run(byte[] input)
    {
        ulong outcome = Outcome.None;
        outcome = Check(input, Wide, HttpMethod.Get, outcome);
        outcome = Check(input, Wide, HttpMethod.Head, outcome);
        outcome = Check(input, Wide, HttpMethod.Connect, outcome);
        return Check(input, Tight, HttpMethod.Get, outcome);
    }

    private ulong Check(byte[] input, in HeadLimits limits, HttpMethod method, ulong outcome)
    {
        ParseResult whole = Http1ResponseParser.Parse(input, limits, method, _head);
        HeadPromises.KeepsToItsInput(whole, input.Length);
        foreach (int length in Cuts.Of(input))
        {
            ParseResult prefix = Http1ResponseParser.Parse(input.AsSpan(0, length), limits, method, _again);
            HeadPromises.KeepsToItsInput(prefix, length);
            HeadPromises.IsNeverTakenBack(prefix, whole);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Promise.Same(whole, Http1ResponseParser.Parse(input, limits, method, _head), "The same bytes give the same result");
        Promise.Same(before, GC.GetAllocatedBytesForCurrentThread(), "A head that fits the table allocates nothing");

        outcome = outcome.With((int)whole.Status).With((int)whole.Violation);
        if (whole.Status != ParseStatus.Complete) return outcome;

        HeadPromises.HoldsOnlyFields(_head.Headers, limits);
        Promise.That(_head.Status is >= 100 and <= 599, "A status is one");
        ReadsAsTheGrammarHasIt(input.AsSpan(0, whole.Consumed));
        if (_head.Framing == BodyFraming.UntilClose) Promise.That(!_head.KeepAlive, "Nothing follows a body that ends with the connection");
        if (method == HttpMethod.Head || _head.Status is < 200 or 204 or 304) Promise.Same(BodyFraming.None, _head.Framing, "What never has a body has none");
        Rewrite(limits, method);
        return outcome.With(_head.Status / 100).With((int)_head.Framing).With(_head.KeepAlive ? 1 : 0).With(_head.Version).WithCount(_head.Headers.Count);
    }

    private void ReadsAsTheGrammarHasIt(ReadOnlySpan<byte> bytes)
    {
        _lengths.Clear();
        _codings.Clear();
        int count = HeadPromises.CountFields(bytes[(bytes.IndexOf("\r\n"u8) + 2)..], _lengths, _codings);
        Promise.Same(_head.Headers.Count, count, "The grammar finds as many fields");
        Promise.That(_lengths.Count + _codings.Count <= 1, "At most one framing field is let through");
        if (_lengths.Count == 1) Promise.Same(long.Parse(_lengths[0], System.Globalization.CultureInfo.InvariantCulture), _head.ContentLength, "The length is the number");
    }

    private void Rewrite(in HeadLimits limits, HttpMethod method)
    {
        var writer = new ByteWriter(_written);
        Http1Writer.WriteStatusLine(ref writer, _head.Status);
        int line = writer.Length;
        Http1Writer.WriteFields(ref writer, _head.Headers);
        Http1Writer.EndHead(ref writer);
        Promise.That(!writer.Overflowed, "An accepted head is no longer when written anew than twice its limits");
        if (line > limits.RequestLine || writer.Length - line > limits.HeadBytes) return;
        ParseResult again = Http1ResponseParser.Parse(writer.Written, limits, method, _again);
        Promise.Same(ParseResult.Complete(writer.Length), again, "An accepted head, written anew, is accepted");
        Promise.Same((_head.Status, _head.Framing, _head.ContentLength), (_again.Status, _again.Framing, _again.ContentLength), "The same status and framing");
        HeadPromises.HaveTheSameFields(_head.Headers, _again.Headers);
    }
}
