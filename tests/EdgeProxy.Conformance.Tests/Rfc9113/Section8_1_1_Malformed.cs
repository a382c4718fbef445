using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 8.1.1, 8.2 and 8.3: messages that are malformed, and what becomes of them.</summary>
public sealed class Section8_1_1_Malformed
{
    private static readonly string[] s_get = [":method=GET", ":scheme=http", ":authority=x", ":path=/a"];

    [Theory]
    [InlineData("", ":scheme=http", ":authority=x", ":path=/a")] // 8.3.1: no method
    [InlineData(":method=GET", "", ":authority=x", ":path=/a")] // no scheme
    [InlineData(":method=GET", ":scheme=http", ":authority=x", "")] // no path
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=")] // an empty path
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", ":path=/b")] // twice
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", ":status=200")] // 8.3: one of responses
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", ":new=1")] // an unknown one
    [InlineData(":method=GET", ":scheme=http", ":path=/a", "a=b", ":authority=x")] // after a field
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "Upper=1")] // 8.2.1: upper case
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "a b=1")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "a\n=1")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "a:b=1")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "a=1\r\nb: 2")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "a=1\n")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "a=\0")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "a= 1")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "a=1\t")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a\r\nx: y")]
    [InlineData(":method=GE T", ":scheme=http", ":authority=x", ":path=/a")]
    [InlineData(":method=GET / HTTP/1.1\r\nx: y", ":scheme=http", ":authority=x", ":path=/a")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "connection=close")] // 8.2.2
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "keep-alive=1")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "proxy-connection=close")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "transfer-encoding=chunked")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "upgrade=h2c")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "te=gzip")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "te=trailers, gzip")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "content-length=5")] // 8.1.1: nothing follows
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "content-length=+0")]
    [InlineData(":method=GET", ":scheme=http", ":authority=x", ":path=/a", "content-length=0", "content-length=1")]
    [InlineData(":method=CONNECT", ":scheme=http", ":authority=x:1", ":path=/a")] // 8.5
    [InlineData(":method=CONNECT", "")]
    public void A_malformed_request_is_reset_and_no_handler_sees_it(params string[] fields)
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        Assert.Equal(["RST_STREAM 1 ProtocolError"], client.Say(Http2Bytes.Headers(1, end: true, [.. fields.Where(field => field.Length > 0)])));
        Assert.Empty(stage.Handler.Seen);
        Assert.Contains("DATA 3 END GET /b", client.Say(Http2Bytes.Get(3, "/b")));
        Assert.Equal(0, stage.Loop.Buffers.Leased);
        Assert.Equal(0, stage.Count("edgeproxy_h2_streams"));
    }

    [Theory]
    [InlineData(400, ":method=GET", ":scheme=http", ":path=/a")] // no host at all
    [InlineData(400, ":method=GET", ":scheme=http", ":authority=x", ":path=/a", "host=y")]
    [InlineData(400, ":method=GET", ":scheme=http", ":authority=x", ":path=/a", "host=x", "host=x")]
    [InlineData(400, ":method=GET", ":scheme=http", ":authority=user@x", ":path=/a")]
    [InlineData(400, ":method=GET", ":scheme=http", ":authority=x y", ":path=/a")]
    [InlineData(400, ":method=GET", ":scheme=http", ":authority=", ":path=/a")]
    [InlineData(400, ":method=GET", ":scheme=ftp", ":authority=x", ":path=/a")]
    [InlineData(400, ":method=GET", ":scheme=http", ":authority=x", ":path=a")]
    [InlineData(400, ":method=GET", ":scheme=http", ":authority=x", ":path=*")]
    [InlineData(400, ":method=GET", ":scheme=http", ":authority=x", ":path=/a b")]
    [InlineData(400, ":method=GET", ":scheme=http", ":authority=x", ":path=/a HTTP/1.1")]
    [InlineData(400, ":method=GET", ":scheme=http", ":authority=x", ":path=/a#b")]
    [InlineData(400, ":method=GET", ":scheme=http", ":authority=x", ":path=http://y/a")]
    [InlineData(400, ":method=GET", ":scheme=http", ":authority=x", ":path=/a", "content_length=5")] // specification security.md 16
    [InlineData(400, ":method=GET", ":scheme=http", ":authority=x", ":path=/a", "transfer_encoding=chunked")]
    [InlineData(400, ":method=GET", ":scheme=http", ":authority=x", ":path=/a", "content-length=0", "content-length=0")]
    [InlineData(417, ":method=GET", ":scheme=http", ":authority=x", ":path=/a", "expect=the-unexpected")]
    public void A_request_that_HTTP_1_would_refuse_is_answered_the_same(int status, params string[] fields)
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        string[] lines = client.Say(Http2Bytes.Headers(1, end: true, fields));
        Assert.StartsWith($"HEADERS 1 :status={status} content-type=application/json ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("DATA 1 END {\"message\":\"", lines[1], StringComparison.Ordinal);
        Assert.Empty(stage.Handler.Seen);
        Assert.Contains("DATA 3 END GET /b", client.Say(Http2Bytes.Get(3, "/b")));
    }

    [Fact]
    public void A_request_line_too_long_in_its_HTTP_1_form_is_answered_414()
    {
        using var stage = new Http2Stage(new ServerOptions { Head = new(requestLine: 100) });
        Http2Peer client = stage.Open();
        string path = "/" + new string('a', 100 - "GET  HTTP/1.1\r\n".Length - 1);
        Assert.StartsWith("HEADERS 1 :status=200", client.Say(Http2Bytes.Get(1, path))[0], StringComparison.Ordinal);
        Assert.StartsWith("HEADERS 3 :status=414", client.Say(Http2Bytes.Get(3, path + "a"))[0], StringComparison.Ordinal);
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"limits.requestLine\"}"));
    }

    [Fact]
    public void Too_many_bytes_of_fields_in_their_HTTP_1_form_are_answered_431()
    {
        using var stage = new Http2Stage(new ServerOptions { Head = new(headBytes: 200) });
        Http2Peer client = stage.Open();
        Assert.StartsWith("HEADERS 1 :status=431", client.Say(Http2Bytes.Get(1, "/a", "a=" + new string('x', 200)))[0], StringComparison.Ordinal);
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"limits.headerBytes\"}"));
    }

    [Fact]
    public void Too_many_fields_are_answered_431()
    {
        using var stage = new Http2Stage(new ServerOptions { Head = new(headerCount: 3) });
        Http2Peer client = stage.Open();
        Assert.StartsWith("HEADERS 1 :status=200", client.Say(Http2Bytes.Get(1, "/a", "a=1", "b=2", "c=3"))[0], StringComparison.Ordinal);
        Assert.StartsWith("HEADERS 3 :status=431", client.Say(Http2Bytes.Get(3, "/a", "a=1", "b=2", "c=3", "d=4"))[0], StringComparison.Ordinal);
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"limits.headerCount\"}"));
    }

    [Fact]
    public void A_list_beyond_the_announced_size_is_answered_431_and_the_connection_lives()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { MaxHeaderList = 1024 }, Head = new() });
        Http2Peer client = stage.Open();
        Assert.StartsWith("HEADERS 1 :status=431", client.Say(Http2Bytes.Get(1, "/a", "a=" + new string('x', 1024)))[0], StringComparison.Ordinal);
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"h2.maxHeaderList\"}"));
        Assert.Contains("DATA 3 END GET /b", client.Say(Http2Bytes.Get(3, "/b")));
    }

    [Fact]
    public void A_body_shorter_than_announced_is_malformed()
    {
        using var stage = new Http2Stage();
        BodyStatus? status = null;
        stage.Handler.Script = async exchange => status = (await ScriptedHandler.ReadAllAsync(exchange)).Status;
        Http2Peer client = stage.Open();
        Assert.Equal(["RST_STREAM 1 ProtocolError"], client.Say(Http2Bytes.Post(1, "/a", "content-length=5"), Http2Bytes.Data(1, "abc", end: true)));
        Assert.Equal(BodyStatus.Aborted, status);
        Assert.Equal(1, stage.Count("edgeproxy_desync_total{tier=\"refused\",reason=\"LengthMismatch\"}"));
    }

    [Fact]
    public void A_body_longer_than_announced_is_malformed_at_the_first_byte_too_many()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = async exchange => await ScriptedHandler.ReadAllAsync(exchange);
        Assert.Equal(["RST_STREAM 1 ProtocolError"], stage.Open().Say(Http2Bytes.Post(1, "/a", "content-length=2"), Http2Bytes.Data(1, "abc")));
    }

    [Fact]
    public void Trailers_that_come_before_the_announced_length_is_reached_are_malformed()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = async exchange => await ScriptedHandler.ReadAllAsync(exchange);
        Assert.Equal(["RST_STREAM 1 ProtocolError"], stage.Open().Say(Http2Bytes.Post(1, "/a", "content-length=5"), Http2Bytes.Data(1, "abc"), Http2Bytes.Headers(1, end: true, "x=y")));
    }

    [Fact]
    public void A_length_that_is_kept_is_taken()
    {
        using var stage = new Http2Stage();
        string[] lines = stage.Open().Say(Http2Bytes.Post(1, "/a", "content-length=5"), Http2Bytes.Data(1, "abc"), Http2Bytes.Data(1, "de", end: true));
        Assert.Equal("DATA 1 END POST /a abcde", lines[^1]);
    }

    [Fact]
    public void A_second_head_that_does_not_end_the_request_is_malformed()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = async exchange => await ScriptedHandler.ReadAllAsync(exchange);
        Assert.Equal(["RST_STREAM 1 ProtocolError"], stage.Open().Say(Http2Bytes.Post(1, "/a"), Http2Bytes.Headers(1, end: false, "x=y")));
    }

    [Fact]
    public void A_pseudo_header_in_trailers_is_malformed()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = async exchange => await ScriptedHandler.ReadAllAsync(exchange);
        Assert.Equal(["RST_STREAM 1 ProtocolError"], stage.Open().Say(Http2Bytes.Post(1, "/a"), Http2Bytes.Headers(1, end: true, ":path=/b")));
    }

    [Fact]
    public void A_GET_whose_body_has_no_length_is_judged_as_the_chunked_GET_it_would_become()
    {
        using var stage = new Http2Stage();
        Assert.StartsWith("HEADERS 1 :status=400", stage.Open().Say(Http2Bytes.Headers(1, end: false, s_get))[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_handler_sees_one_host_and_one_cookie_field()
    {
        using var stage = new Http2Stage();
        string? seen = null;
        stage.Handler.Script = exchange =>
        {
            HeaderTable headers = exchange.Request.Headers;
            seen = string.Join('|', Enumerable.Range(0, headers.Count).Select(i => $"{headers[i].Known} {Latin1(headers.Name(i))}={Latin1(headers.Value(i))}"))
                + $" {exchange.Request.Version} {Latin1(exchange.Request.Authority)} {Latin1(exchange.Request.Path)}?{Latin1(exchange.Request.Query)}";
            return ScriptedHandler.AnswerAsync(exchange, 200, "");
        };
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Get(1, "/a?b=c", "cookie=a=1", "x=y", "cookie=b=2", "cookie=c=3", "te=trailers"));
        Assert.Equal("Other x=y|TE te=trailers|Host host=x|Cookie cookie=a=1; b=2; c=3 20 x /a?b=c", seen);
        client.Say(Http2Bytes.Headers(3, end: true, ":method=GET", ":scheme=https", ":path=/", "host=Y:80", "cookie=a=1"));
        Assert.Equal("Host host=Y:80|Cookie cookie=a=1 20 Y:80 /?", seen);
        client.Say(Http2Bytes.Get(5, "/", "host=X"));
        Assert.Equal("Host host=X 20 x /?", seen);
    }

    [Fact]
    public void Paths_are_handed_on_as_sent_so_that_the_gateway_judges_them_like_those_of_HTTP_1()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Get(1, "/a/../b%2f%00\\"));
        Assert.Equal(["GET /a/../b%2f%00\\"], stage.Handler.Seen);
    }

    private static string Latin1(ReadOnlySpan<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes);
}
