using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 8, of the client that calls upstreams: which responses are malformed, and what requests say.</summary>
public sealed class Client_Section8_Messages
{
    private const FrameFlags Whole = FrameFlags.EndHeaders | FrameFlags.EndStream;

    public static TheoryData<string, string[]> MalformedHeads => new()
    {
        { "8.3.2: no status", ["x-a: 1"] },
        { "8.3.2: two", [":status: 200", ":status: 200"] },
        { "8.3.2: no digits", [":status: 2x0"] },
        { "8.3.2: too long", [":status: 2000"] },
        { "8.3.2: out of range", [":status: 099"] },
        { "8.3: a request's pseudo-header", [":status: 200", ":path: /"] },
        { "8.3: one nobody knows", [":status: 200", ":what: x"] },
        { "8.3: a pseudo-header behind a field", ["x-a: 1", ":status: 200"] },
        { "8.2.1: upper case", [":status: 200", "X-A: 1"] },
        { "8.2.1: a space in a name", [":status: 200", "x a: 1"] },
        { "8.2.1: an empty name", [":status: 200", ": 1"] },
        { "8.2.1: a line end in a value", [":status: 200", "x-a: 1\r\nset-cookie: x=y"] },
        { "8.2.1: a line feed", [":status: 200", "x-a: 1\nx"] },
        { "8.2.1: a null", [":status: 200", "x-a: 1\0x"] },
        { "8.2.1: a space before a value", [":status: 200", "x-a:  1"] },
        { "8.2.2: connection", [":status: 200", "connection: close"] },
        { "8.2.2: keep-alive", [":status: 200", "keep-alive: 5"] },
        { "8.2.2: proxy-connection", [":status: 200", "proxy-connection: x"] },
        { "8.2.2: transfer-encoding", [":status: 200", "transfer-encoding: chunked"] },
        { "8.2.2: upgrade", [":status: 200", "upgrade: h2c"] },
        { "8.6: 101", [":status: 101"] },
        { "RFC 9110, 8.6: no number", [":status: 200", "content-length: x"] },
        { "RFC 9110, 8.6: a sign", [":status: 200", "content-length: +1"] },
        { "RFC 9110, 8.6: two lengths", [":status: 200", "content-length: 0", "content-length: 1"] },
        { "8.1.1: a length with no body", [":status: 200", "content-length: 1"] },
        { "8.1: an interim response that ends the stream", [":status: 103"] },
    };

    [Theory]
    [MemberData(nameof(MalformedHeads))]
    public void A_malformed_head_costs_the_stream(string rule, string[] fields)
    {
        using var stage = new Http2ClientStage();
        (UpstreamOutcome? outcome, List<string> sent, bool isClosed) = stage.Provoke(peer => peer.Frame(FrameType.Headers, Whole, 3, Block(fields)));
        Assert.False(isClosed, rule);
        Assert.Equal(["RST_STREAM 3 ProtocolError"], sent);
        Assert.Equal(UpstreamOutcome.Malformed, outcome);
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_body_before_the_head_is_malformed()
    {
        using var stage = new Http2ClientStage();
        (UpstreamOutcome? outcome, List<string> sent, _) = stage.Provoke(peer => peer.Data(3, "x"));
        Assert.Equal(["RST_STREAM 3 ProtocolError"], sent);
        Assert.Equal(UpstreamOutcome.Malformed, outcome);
    }

    [Theory]
    [InlineData("abc", "de", false)] // shorter
    [InlineData("abc", "defg", false)] // longer
    [InlineData("abc", "def", true)]
    public void A_body_has_the_length_its_head_says(string first, string second, bool isWhole)
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall call = stage.Get("/a");
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        peer.Head(3, 200, fields: "content-length: 6").Data(3, first).Data(3, second, ends: true);
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        Assert.Equal(isWhole ? BodyStatus.End : BodyStatus.Violation, stage.Read(call).Status);
        Assert.Equal(isWhole, !peer.Take().Contains("RST_STREAM 3 ProtocolError"));
    }

    [Fact]
    public void A_head_request_204_and_304_have_no_body()
    {
        foreach ((HttpMethod method, string text, int status) in new[] { (HttpMethod.Head, "HEAD", 200), (HttpMethod.Get, "GET", 204), (HttpMethod.Get, "GET", 304) })
        {
            using var stage = new Http2ClientStage();
            Http2UpstreamPeer peer = stage.Warm();
            UpstreamCall call = stage.New(method, text, "/a");
            LoopTask<UpstreamOutcome> sending = stage.Send(call);
            peer.Head(3, status).Data(3, "x", ends: true);
            Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
            Assert.Equal(BodyStatus.Violation, stage.Read(call).Status);
        }
    }

    [Theory]
    [InlineData(true, "x-t: 1", BodyStatus.End)]
    [InlineData(false, "x-t: 1", BodyStatus.Violation)] // 8.1: trailers that do not end the stream
    [InlineData(true, ":status: 200", BodyStatus.Violation)] // 8.1: pseudo-headers in trailers
    [InlineData(true, "X-T: 1", BodyStatus.Violation)]
    [InlineData(true, "x-t: a\r\nb", BodyStatus.Violation)]
    public void Trailers_end_the_stream_and_have_no_pseudo_headers(bool ends, string field, BodyStatus status)
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall call = stage.Get("/a");
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        peer.Head(3, 200).Data(3, "abc").Frame(FrameType.Headers, ends ? Whole : FrameFlags.EndHeaders, 3, Block(field));
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        Assert.Equal(status, stage.Read(call).Status);
    }

    [Fact]
    public void Interim_responses_are_passed_over_but_not_for_ever()
    {
        using var stage = new Http2ClientStage();
        (UpstreamOutcome? outcome, _, _) = stage.Provoke(peer =>
        {
            for (int i = 0; i < 16; i++) peer.Head(3, 103, fields: "link: x");
            peer.Head(3, 200, ends: true);
        });
        Assert.Equal(UpstreamOutcome.Ok, outcome);

        using var other = new Http2ClientStage();
        (outcome, _, _) = other.Provoke(peer =>
        {
            for (int i = 0; i < 17; i++) peer.Head(3, 103);
        });
        Assert.Equal(UpstreamOutcome.Malformed, outcome);
    }

    [Fact]
    public void Requests_have_pseudo_headers_first_lower_case_names_and_nothing_of_http_1()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall call = stage.Get("/a");
        call.WantsTrailers = true;
        foreach ((string name, string value) in new[]
        {
            ("X-Mixed-Case", "Value"), ("Connection", "x"), ("Keep-Alive", "5"), ("Proxy-Connection", "x"), ("Transfer-Encoding", "chunked"), ("Upgrade", "h2c"),
            ("TE", "gzip"), ("Content-Length", "5"), ("X-Bad", "a\r\nb: c"), ("Cookie", "a=b; c=d"),
        })
        {
            call.Headers.Add(System.Text.Encoding.ASCII.GetBytes(name), System.Text.Encoding.ASCII.GetBytes(value));
        }

        stage.Send(call);
        Assert.Equal("HEADERS 3 END :method=GET :scheme=http :authority=up :path=/a x-mixed-case=Value cookie=a=b; c=d te=trailers", Assert.Single(peer.Take()));
    }

    [Fact]
    public void A_head_over_the_limits_is_refused_and_the_connection_lives()
    {
        using var stage = new Http2ClientStage(new UpstreamOptions { Head = new EdgeProxy.Http.Http1.HeadLimits(headBytes: 1024, headerCount: 4) });
        (UpstreamOutcome? outcome, List<string> sent, bool isClosed) = stage.Provoke(peer => peer.Head(3, 200, fields: ["a: 1", "b: 2", "c: 3", "d: 4", "e: 5"]));
        Assert.Equal(UpstreamOutcome.HeadTooLarge, outcome);
        Assert.Equal(["RST_STREAM 3 ProtocolError"], sent);
        Assert.False(isClosed);
        Http2UpstreamPeer peer = stage.Peer();
        LoopTask<UpstreamOutcome> sending = stage.Send(stage.Get("/b"));
        peer.Head(5, 200, fields: "x-a: " + new string('x', 2000));
        Assert.Equal(UpstreamOutcome.HeadTooLarge, stage.Loop.Await(sending));
    }

    private static byte[] Block(params string[] fields) => Http2UpstreamPeer.RawBlock([.. fields.Select(field =>
    {
        int colon = field.IndexOf(": ", 1, StringComparison.Ordinal);
        return colon < 0 ? ("", field[2..]) : (field[..colon], field[(colon + 2)..]);
    })]);
}
