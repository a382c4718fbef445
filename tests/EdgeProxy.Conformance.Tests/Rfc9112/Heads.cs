using System.Text;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9112;

/// <summary>Feeds a head to the parser whole and byte by byte, and insists that both agree.</summary>
internal static class Heads
{
    public static readonly HeadLimits Limits = new();

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>Reads a request head that must be right.</summary>
    public static RequestHead Accept(string text, DesyncMode mode = DesyncMode.Strict) => Accept(text, new ParseOptions { Desync = mode }, Limits);

    public static RequestHead Accept(string text, ParseOptions options, HeadLimits limits)
    {
        byte[] bytes = Bytes(text);
        var head = new RequestHead();
        ParseResult whole = Http1RequestParser.Parse(bytes, limits, options, head);
        Assert.Equal((ParseStatus.Complete, ViolationCode.None), (whole.Status, whole.Violation));
        AssertPrefixesAgree(bytes, whole, prefix => Http1RequestParser.Parse(prefix.Span, limits, options, new RequestHead()));
        return head;
    }

    /// <summary>Reads a request head that must be refused, and for this reason.</summary>
    public static void Refuse(string text, ViolationCode violation, DesyncMode mode = DesyncMode.Strict) =>
        Refuse(text, violation, new ParseOptions { Desync = mode }, Limits);

    public static void Refuse(string text, ViolationCode violation, ParseOptions options, HeadLimits limits)
    {
        byte[] bytes = Bytes(text);
        ParseResult whole = Http1RequestParser.Parse(bytes, limits, options, new RequestHead());
        Assert.Equal((ParseStatus.Violation, violation), (whole.Status, whole.Violation));
        AssertPrefixesAgree(bytes, whole, prefix => Http1RequestParser.Parse(prefix.Span, limits, options, new RequestHead()));
    }

    /// <summary>Asserts that nothing can be said yet, at no prefix.</summary>
    public static void Await(string text)
    {
        byte[] bytes = Bytes(text);
        for (int length = 0; length <= bytes.Length; length++)
        {
            ParseResult result = Http1RequestParser.Parse(bytes.AsSpan(0, length), Limits, default, new RequestHead());
            Assert.Equal(ParseStatus.Incomplete, result.Status);
        }
    }

    /// <summary>Reads a response head that must be right.</summary>
    public static ResponseHead AcceptResponse(string text, HttpMethod method = HttpMethod.Get)
    {
        byte[] bytes = Bytes(text);
        var head = new ResponseHead();
        ParseResult whole = Http1ResponseParser.Parse(bytes, Limits, method, head);
        Assert.Equal((ParseStatus.Complete, ViolationCode.None), (whole.Status, whole.Violation));
        AssertPrefixesAgree(bytes, whole, prefix => Http1ResponseParser.Parse(prefix.Span, Limits, method, new ResponseHead()));
        return head;
    }

    /// <summary>Reads a response head that must be refused, and for this reason.</summary>
    public static void RefuseResponse(string text, ViolationCode violation, HttpMethod method = HttpMethod.Get)
    {
        byte[] bytes = Bytes(text);
        ParseResult whole = Http1ResponseParser.Parse(bytes, Limits, method, new ResponseHead());
        Assert.Equal((ParseStatus.Violation, violation), (whole.Status, whole.Violation));
        AssertPrefixesAgree(bytes, whole, prefix => Http1ResponseParser.Parse(prefix.Span, Limits, method, new ResponseHead()));
    }

    /// <summary>A prefix is unfinished until the answer is certain, and from then on every longer one has the same answer.</summary>
    public static void AssertPrefixesAgree(byte[] bytes, ParseResult whole, Func<ReadOnlyMemory<byte>, ParseResult> parse)
    {
        bool decided = false;
        for (int length = 0; length <= bytes.Length; length++)
        {
            ParseResult result = parse(bytes.AsMemory(0, length));
            if (result.Status == ParseStatus.Incomplete)
            {
                Assert.False(decided, $"Undecided again after {length} bytes.");
                continue;
            }

            decided = true;
            Assert.Equal(whole, result);
            if (whole.Status == ParseStatus.Complete) Assert.True(length >= whole.Consumed);
        }

        Assert.Equal(whole.Status != ParseStatus.Incomplete, decided);
    }
}
