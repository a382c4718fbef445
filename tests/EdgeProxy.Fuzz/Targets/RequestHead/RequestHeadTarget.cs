using EdgeProxy.Core.Buffers;
using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>The request head parser, strict and tolerant, with the default limits and with tight ones.</summary>
internal sealed class RequestHeadTarget : FuzzTarget
{
    private static readonly HeadLimits Wide = new();
    private static readonly HeadLimits Tight = new(requestLine: 64, headBytes: 256, headerCount: 6);

    private readonly Http.Messages.RequestHead _head = new();
    private readonly Http.Messages.RequestHead _again = new();
    private readonly byte[] _written = new byte[64 * 1024];
    private readonly List<string> _lengths = [];
    private readonly List<string> _codings = [];

    public override string Name => "RequestHead";

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "GET ", "POST ", "HEAD ", "OPTIONS ", "CONNECT ", "PRI ", "get ", " HTTP/1.1\r\n", " HTTP/1.0\r\n", " HTTP/2.0\r\n", " HTTP/1.2\r\n", "HTTP/0.9",
        "\r\n", "\r\n\r\n", "\n", "\n\n", "\r", "\r\n ", "\r\n\t", " :", ": ", ":", "\0", "\t", "%00", "%0d%0a", "%2e%2e/", "//", "#", "\\", "*",
        "http://", "https://", "a.example", "[::1]", "[::1]:80", ":80", "@", "?", "&", ";",
        "Host: a\r\n", "Host: b\r\n", "Host:\r\n", "Content-Length: 5\r\n", "Content-Length: 0\r\n", "Content-Length: +5\r\n", "Content-Length: 5, 5\r\n",
        "content-length:5\r\n", "Content_Length: 5\r\n", "Content-Length : 5\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding:\tchunked\r\n", "Transfer-Encoding: xchunked\r\n", "transfer_encoding: chunked\r\n",
        "Connection: close\r\n", "Connection: keep-alive, Upgrade\r\n", "Upgrade: websocket\r\n", "Upgrade: h2c\r\n", "Expect: 100-continue\r\n", "Expect: x\r\n",
        "X-A: b\r\n", "X_A: b\r\n", "X-\u00e9: \u00e9\r\n", "Cookie: a=b; c=d\r\n",
    ];

    public override ulong Run(byte[] input)
    {
        ulong outcome = Outcome.None;
        outcome = Check(input, Wide, DesyncMode.Strict, rejectUnderscore: false, outcome);
        outcome = Check(input, Wide, DesyncMode.Defensive, rejectUnderscore: true, outcome);
        return Check(input, Tight, DesyncMode.Strict, rejectUnderscore: false, outcome);
    }

    private ulong Check(byte[] input, in HeadLimits limits, DesyncMode mode, bool rejectUnderscore, ulong outcome)
    {
        var options = new ParseOptions { Desync = mode, RejectUnderscore = rejectUnderscore };
        ParseResult whole = Http1RequestParser.Parse(input, limits, options, _head);
        HeadPromises.KeepsToItsInput(whole, input.Length);
        foreach (int length in Cuts.Of(input))
        {
            ParseResult prefix = Http1RequestParser.Parse(input.AsSpan(0, length), limits, options, _again);
            HeadPromises.KeepsToItsInput(prefix, length);
            HeadPromises.IsNeverTakenBack(prefix, whole);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Promise.Same(whole, Http1RequestParser.Parse(input, limits, options, _head), "The same bytes give the same result");
        Promise.Same(before, GC.GetAllocatedBytesForCurrentThread(), "A head that fits the table allocates nothing");

        outcome = outcome.With((int)whole.Status).With((int)whole.Violation);
        if (whole.Status != ParseStatus.Complete) return outcome;

        Promise.Same(ParseStatus.Incomplete, Http1RequestParser.Parse(input.AsSpan(0, whole.Consumed - 1), limits, options, _again).Status, "A head is not complete before its last byte");
        Promise.Same(whole, Http1RequestParser.Parse(input.AsSpan(0, whole.Consumed), limits, options, _again), "A head is complete with its last byte");
        HeadPromises.HoldsOnlyFields(_head.Headers, limits);
        Promise.That(whole.Consumed <= limits.RequestLine + limits.HeadBytes + 2, "A head is no longer than allowed");
        PartsLieInTheTarget(_head);
        if (mode == DesyncMode.Strict) ReadsAsTheGrammarHasIt(input.AsSpan(0, whole.Consumed));
        Rewrite(limits, options);

        outcome = outcome.With((int)_head.Method).With(_head.Version).With((int)_head.Framing).With((int)_head.Tier).With((int)_head.Reason);
        outcome = outcome.With(_head.KeepAlive ? 1 : 0).With(_head.ExpectsContinue ? 1 : 0).With(_head.WantsUpgrade ? 1 : 0);
        outcome = outcome.WithCount(_head.Headers.Count).WithCount(_head.QueryLength).WithCount(_head.AuthorityLength);
        return outcome;
    }

    private static void PartsLieInTheTarget(Http.Messages.RequestHead head)
    {
        Promise.That(head.MethodText.Length > 0 && head.Target.Length > 0, "There is a method and a target");
        Promise.That(head.Path.Length > 0 || head.Method == HttpMethod.Connect, "There is a path");
        Promise.That(head.Path.IndexOfAny("? #\r\n\0"u8) < 0 && head.Query.IndexOfAny(" #\r\n\0"u8) < 0, "Path and query hold only what a target may");
        Promise.That(head.Method is HttpMethod.Connect || head.Path[0] is (byte)'/' or (byte)'*', "A path starts with a slash");
        Promise.That(Authority.TryParse(head.Authority, out _), "The authority is one");
        Promise.That((head.Framing == BodyFraming.Length) == (head.ContentLength >= 0), "A length goes with its framing");
        Promise.That(!head.KeepAlive || head.Method != HttpMethod.Connect, "Nothing is read behind a CONNECT");
        Promise.That(!head.ExpectsContinue || head.Framing != BodyFraming.None, "Only a body is waited for");
    }

    /// <summary>A strict reader that knows nothing of ours must find the same fields and the same framing.</summary>
    private void ReadsAsTheGrammarHasIt(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\r\n"u8)) bytes = bytes[2..];
        int lineEnd = bytes.IndexOf("\r\n"u8);
        string[] words = System.Text.Encoding.Latin1.GetString(bytes[..lineEnd]).Split(' ');
        Promise.Same(3, words.Length, "A request line has three words");
        Promise.That(words[2] is "HTTP/1.1" or "HTTP/1.0", "The version is one we speak");

        _lengths.Clear();
        _codings.Clear();
        int count = HeadPromises.CountFields(bytes[(lineEnd + 2)..], _lengths, _codings);
        Promise.Same(_head.Headers.Count, count, "The grammar finds as many fields");
        Promise.That(_lengths.Count + _codings.Count <= 1, "At most one framing field is let through");
        Promise.Same(_codings.Count == 1, _head.Framing == BodyFraming.Chunked, "Chunked is what the coding says");
        Promise.Same(_lengths.Count == 1, _head.Framing == BodyFraming.Length, "A length is what the field says");
        if (_codings.Count == 1) Promise.That(_codings[0].Equals("chunked", StringComparison.OrdinalIgnoreCase), "The only coding is chunked");
        if (_lengths.Count == 1)
        {
            Promise.That(_lengths[0].All(char.IsAsciiDigit), "A length is digits");
            Promise.Same(long.Parse(_lengths[0], System.Globalization.CultureInfo.InvariantCulture), _head.ContentLength, "The length is the number");
        }
    }

    /// <summary>What was accepted, written anew, is accepted again as the same.</summary>
    private void Rewrite(in HeadLimits limits, in ParseOptions options)
    {
        var writer = new ByteWriter(_written);
        Promise.That(Http1Writer.TryWriteRequestLine(ref writer, _head.MethodText, _head.Target), "An accepted request line can be written");
        int line = writer.Length;
        Http1Writer.WriteFields(ref writer, _head.Headers);
        Http1Writer.EndHead(ref writer);
        Promise.That(!writer.Overflowed, "An accepted head is no longer when written anew than twice its limits");

        // Written with a space after each colon, a head may outgrow the limit it was just within.
        if (line > limits.RequestLine || writer.Length - line > limits.HeadBytes) return;
        bool hasHost = _head.Headers.Contains(KnownHeader.Host);
        ParseResult again = Http1RequestParser.Parse(writer.Written, limits, options, _again);
        if (_head.Version == 10 && (!hasHost || again.Violation == ViolationCode.UndefinedTransferEncodingSemantics)) return;
        Promise.Same(ParseResult.Complete(writer.Length), again, "An accepted head, written anew, is accepted");
        Promise.Same(_head.MethodText, _again.MethodText, "The same method");
        Promise.Same(_head.Target, _again.Target, "The same target");
        Promise.Same(_head.Path, _again.Path, "The same path");
        Promise.Same(_head.Query, _again.Query, "The same query");
        Promise.Same(_head.Authority, _again.Authority, "The same authority");
        Promise.Same((_head.Framing, _head.ContentLength), (_again.Framing, _again.ContentLength), "The same framing");
        HeadPromises.HaveTheSameFields(_head.Headers, _again.Headers);
    }
}
