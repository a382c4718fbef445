using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9112;

/// <summary>Request smuggling and response splitting (RFC 9112, 11.1 and 11.2), by the classes of specification security.md 16.</summary>
public sealed class Section11_Security
{
    [Theory]
    [InlineData("Content_Length: 5")]
    [InlineData("content_length: 5")]
    [InlineData("Content.Length: 5")]
    [InlineData("ContentLength: 5")]
    [InlineData("Content--Length: 5")]
    [InlineData("Content-Length_: 5")]
    [InlineData("_Content-Length: 5")]
    [InlineData("Transfer_Encoding: chunked")]
    [InlineData("TRANSFER_ENCODING: chunked")]
    [InlineData("TransferEncoding: chunked")]
    [InlineData("Transfer-Encoding': chunked")]
    [InlineData("'Transfer-Encoding': chunked")]
    [InlineData("Transfer~Encoding: chunked")]
    public void Refuses_names_that_others_may_take_for_framing_fields(string line) =>
        Heads.Refuse($"POST / HTTP/1.1\r\nHost: a\r\n{line}\r\n\r\n", ViolationCode.SuspiciousHeader);

    [Theory]
    [InlineData("X-Content-Length: 5")]
    [InlineData("Content-Lengths: 5")]
    [InlineData("Content-Length2: 5")]
    [InlineData("Accept-Transfer-Encoding: x")]
    [InlineData("Content-Language: en")]
    [InlineData("Some-Strength-Or-Length: 5")]
    public void Leaves_names_alone_that_only_resemble_them(string line) => Heads.Accept($"POST / HTTP/1.1\r\nHost: a\r\n{line}\r\n\r\n");

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: x", ViolationCode.BadTransferEncoding)]
    [InlineData("Transfer-Encoding: x\r\nTransfer-Encoding: chunked", ViolationCode.BadTransferEncoding)]
    [InlineData("Transfer-Encoding:\u000bchunked", ViolationCode.BadHeaderValue)]
    [InlineData("Transfer-Encoding: \u000cchunked", ViolationCode.BadHeaderValue)]
    [InlineData("Transfer-Encoding:\r\n chunked", ViolationCode.BadTransferEncoding)]
    [InlineData("X: y\nTransfer-Encoding: chunked", ViolationCode.NonCrLfLineTermination)]
    [InlineData("X: y\rTransfer-Encoding: chunked", ViolationCode.BadHeaderValue)]
    [InlineData(" Transfer-Encoding: chunked", ViolationCode.MultilineHeader)]
    [InlineData("Content-Length: 5\r\nContent-Length: 0", ViolationCode.MultipleContentLength)]
    [InlineData("Content-Length: 6\r\n 5", ViolationCode.MultilineHeader)]
    [InlineData("Content-Length\0: 5", ViolationCode.BadHeaderName)]
    [InlineData("Host: b", ViolationCode.MultipleHost)]
    public void Refuses_the_known_ways_to_hide_framing(string lines, ViolationCode violation) =>
        Heads.Refuse($"POST / HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n0\r\n\r\n", violation);

    [Theory]
    [InlineData(DesyncMode.Defensive, "Content-Length: 5\r\nContent-Length: 5", DesyncTier.Ambiguous, ViolationCode.DuplicateContentLength)]
    [InlineData(DesyncMode.Defensive, "X: a\r\n\tb", DesyncTier.Ambiguous, ViolationCode.MultilineHeader)]
    [InlineData(DesyncMode.Defensive, "Content_Length: 5", DesyncTier.Ambiguous, ViolationCode.SuspiciousHeader)]
    [InlineData(DesyncMode.Defensive, "X: a\nY: b", DesyncTier.Acceptable, ViolationCode.NonCrLfLineTermination)]
    [InlineData(DesyncMode.Defensive, "X: a\u0001b", DesyncTier.Acceptable, ViolationCode.NonCompliantHeader)]
    [InlineData(DesyncMode.Monitor, "Content-Length: 5\r\nContent-Length: 5", DesyncTier.Ambiguous, ViolationCode.DuplicateContentLength)]
    [InlineData(DesyncMode.Monitor, "X: a\r\n\tb", DesyncTier.Ambiguous, ViolationCode.MultilineHeader)]
    [InlineData(DesyncMode.Monitor, "X: a\nY: b", DesyncTier.Acceptable, ViolationCode.NonCrLfLineTermination)]
    public void The_tolerant_modes_pass_what_is_safe_once_written_anew_and_say_why(DesyncMode mode, string lines, DesyncTier tier, ViolationCode reason)
    {
        RequestHead head = Heads.Accept($"POST / HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n", mode);
        Assert.Equal((tier, reason), (head.Tier, head.Reason));

        bool closes = tier == DesyncTier.Ambiguous && mode == DesyncMode.Defensive;
        Assert.Equal(!closes, head.KeepAlive);
    }

    [Theory]
    [InlineData("GET", "Content-Length: 0", DesyncTier.Acceptable, ViolationCode.GetHeadZeroContentLength)]
    [InlineData("GET", "Content-Length: 3", DesyncTier.Ambiguous, ViolationCode.UndefinedContentLengthSemantics)]
    [InlineData("HEAD", "Transfer-Encoding: chunked", DesyncTier.Ambiguous, ViolationCode.UndefinedTransferEncodingSemantics)]
    public void The_tolerant_modes_count_bodies_of_get_and_head(string method, string line, DesyncTier tier, ViolationCode reason)
    {
        RequestHead head = Heads.Accept($"{method} / HTTP/1.1\r\nHost: a\r\n{line}\r\n\r\n", DesyncMode.Defensive);
        Assert.Equal((tier, reason), (head.Tier, head.Reason));
    }

    [Fact]
    public void The_tolerant_modes_take_minor_versions_for_1_1()
    {
        RequestHead head = Heads.Accept("GET / HTTP/1.7\r\nHost: a\r\n\r\n", DesyncMode.Defensive);
        Assert.Equal((11, DesyncTier.Acceptable, ViolationCode.NonCompliantVersion), (head.Version, head.Tier, head.Reason));
    }

    [Fact]
    public void A_tolerated_fold_becomes_spaces()
    {
        RequestHead head = Heads.Accept("GET / HTTP/1.1\r\nHost: a\r\nX: one\r\n\t two\r\n \r\n  three \r\nY: z\r\n\r\n", DesyncMode.Monitor);
        string value = Heads.Text(head.Headers.Value(1));
        Assert.Equal(["one", "two", "three"], value.Split(' ', '\t').Where(word => word.Length > 0));
        Assert.DoesNotContain('\r', value);
        Assert.DoesNotContain('\n', value);
        Assert.Equal("z", Heads.Text(head.Headers.Value(2)));
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked", ViolationCode.BothTeClPresent)]
    [InlineData("Content-Length: 5\r\nContent-Length: 6", ViolationCode.MultipleContentLength)]
    [InlineData("Content-Length: 5,5", ViolationCode.BadContentLength)]
    [InlineData("Transfer-Encoding: gzip, chunked", ViolationCode.BadTransferEncoding)]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", ViolationCode.MultipleTransferEncodingChunked)]
    [InlineData("Transfer-Encoding:\r\n chunked", ViolationCode.MultilineHeader)]
    [InlineData("Content-Length: 5\r\n 6", ViolationCode.MultilineHeader)]
    [InlineData("Content-Length : 5", ViolationCode.SpaceBeforeColon)]
    [InlineData("X: a\0b", ViolationCode.BadHeaderValue)]
    [InlineData("X: a\rb", ViolationCode.BadHeaderValue)]
    [InlineData("Transfer-Encoding: \u0001chunked", ViolationCode.BadHeaderValue)]
    [InlineData("Host: b", ViolationCode.MultipleHost)]
    public void No_mode_passes_what_stays_ambiguous(string lines, ViolationCode violation)
    {
        Heads.Refuse($"POST / HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n", violation, DesyncMode.Defensive);
        Heads.Refuse($"POST / HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n", violation, DesyncMode.Monitor);
    }

    [Fact]
    public void Random_damage_never_throws_and_is_judged_the_same_at_every_prefix()
    {
        const string sample =
            "POST /a/b?c=d HTTP/1.1\r\nHost: a.example:80\r\nContent-Length: 5\r\nConnection: keep-alive, x\r\nX-Y: z\r\nExpect: 100-continue\r\n\r\nhello";
        byte[] interesting = Heads.Bytes("\r\n\t :,;\0/?#%@HCT0159\u007f\u0080\u00ff-_");
        var random = new Random(20261122);
        foreach (DesyncMode mode in Enum.GetValues<DesyncMode>())
        {
            var options = new ParseOptions { Desync = mode, RejectUnderscore = true };
            for (int round = 0; round < 3000; round++)
            {
                List<byte> bytes = [.. Heads.Bytes(sample)];
                for (int change = random.Next(1, 4); change > 0; change--)
                {
                    int at = random.Next(bytes.Count);
                    byte value = interesting[random.Next(interesting.Length)];
                    if (random.Next(3) == 0) bytes.RemoveAt(at);
                    else if (random.Next(2) == 0) bytes.Insert(at, value);
                    else bytes[at] = value;
                }

                byte[] damaged = [.. bytes];
                var limits = new HeadLimits(requestLine: 40, headBytes: 110, headerCount: 6);
                ParseResult whole = Http1RequestParser.Parse(damaged, limits, options, new RequestHead());
                Heads.AssertPrefixesAgree(damaged, whole, prefix => Http1RequestParser.Parse(prefix.Span, limits, options, new RequestHead()));
                AssertReadable(damaged, whole, limits, options);
            }
        }
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(7);
        var request = new RequestHead();
        var response = new ResponseHead();
        byte[] bytes = new byte[300];
        for (int round = 0; round < 50_000; round++)
        {
            Span<byte> input = bytes.AsSpan(0, random.Next(bytes.Length));
            random.NextBytes(input);
            if (round % 2 == 0) "GET / HTTP/1.1\r\n"u8[..Math.Min(16, input.Length)].CopyTo(input);
            else "HTTP/1.1 200 \r\n"u8[..Math.Min(15, input.Length)].CopyTo(input);
            Http1RequestParser.Parse(input, Heads.Limits, default, request);
            Http1ResponseParser.Parse(input, Heads.Limits, HttpMethod.Get, response);
        }
    }

    /// <summary>What is accepted can be written anew without a byte that would end a line early.</summary>
    private static void AssertReadable(byte[] bytes, ParseResult result, HeadLimits limits, ParseOptions options)
    {
        if (result.Status != ParseStatus.Complete) return;
        var head = new RequestHead();
        Http1RequestParser.Parse(bytes, limits, options, head);
        Assert.False(head.Target.ContainsAny("\r\n\0 "u8));
        for (int i = 0; i < head.Headers.Count; i++)
        {
            Assert.False(head.Headers.Name(i).ContainsAny("\r\n\0: "u8));
            Assert.False(head.Headers.Value(i).ContainsAny("\r\n\0"u8));
        }

        if (options.Desync != DesyncMode.Strict) return;
        var writer = new ByteWriter(new byte[512]);
        Assert.True(Http1Writer.TryWriteRequestLine(ref writer, head.MethodText, head.Target));
        for (int i = 0; i < head.Headers.Count; i++) Assert.True(Http1Writer.TryWriteField(ref writer, head.Headers, i));
        Http1Writer.EndHead(ref writer);

        // HTTP/1.0 without Host has no HTTP/1.1 form before a host is added.
        if (!head.Headers.Contains(KnownHeader.Host)) return;
        RequestHead again = Heads.Accept(Heads.Text(writer.Written));
        Assert.Equal((head.Framing, head.ContentLength, Heads.Text(head.Path)), (again.Framing, again.ContentLength, Heads.Text(again.Path)));
        Assert.Equal(Heads.Text(head.Authority), Heads.Text(again.Authority));
    }
}
