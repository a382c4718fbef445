using EdgeProxy.Http.Client;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Translation;

/// <summary>An HTTP/1.1 client in front of an HTTP/2 upstream: what one protocol means by a field or a length, the other must not take for something else.</summary>
public sealed class Http1ToHttp2Tests
{
    [Fact]
    public void Fields_of_a_connection_stay_on_it()
    {
        string head = Upstream(
            "GET /a HTTP/1.1\r\nHost: node\r\nConnection: Upgrade, HTTP2-Settings, X-Hop\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nTE: gzip\r\nProxy-Connection: x\r\nX-End: 1\r\n\r\n")[^1];
        Assert.StartsWith("HEADERS 1 END :method=GET :scheme=http :authority=127.0.0.1:9000 :path=/a ", head, StringComparison.Ordinal);
        Assert.EndsWith(" x-end=1", head[..head.IndexOf(" accept=", StringComparison.Ordinal)], StringComparison.Ordinal);
        foreach (string forbidden in new[] { "upgrade", "http2-settings", "x-hop", "keep-alive", " te=", "connection" }) Assert.DoesNotContain(forbidden, head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Settings_for_h2c_are_dropped_even_when_connection_does_not_name_them() =>
        Assert.DoesNotContain("settings", Upstream("GET /a HTTP/1.1\r\nHost: node\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")[^1], StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Chunks_become_frames_and_a_length_stays_one()
    {
        List<string> chunked = Upstream("POST /a HTTP/1.1\r\nHost: node\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX-T: 1\r\nContent-Length: 3\r\n\r\n");
        Assert.DoesNotContain("content-length", chunked[^3], StringComparison.Ordinal);
        Assert.DoesNotContain("transfer-encoding", chunked[^3], StringComparison.Ordinal);
        Assert.Equal(["DATA 1 hello", "HEADERS 1 END x-t=1"], chunked[^2..]);

        List<string> sized = Upstream("POST /a HTTP/1.1\r\nHost: node\r\nContent-Length: 5\r\n\r\nhelloGET /smuggled HTTP/1.1\r\n");
        Assert.Contains(" content-length=5", sized[^2], StringComparison.Ordinal);
        Assert.Equal("DATA 1 END hello", sized[^1]);
    }

    [Theory]
    [InlineData("POST /a HTTP/1.1\r\nHost: node\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /b")]
    [InlineData("POST /a HTTP/1.1\r\nHost: node\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [InlineData("POST /a HTTP/1.1\r\nHost: node\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: node\r\nX: a\nb\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: node\r\nX: a\0b\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: node\r\n:path: /admin\r\n\r\n")]
    [InlineData("GET /a b HTTP/1.1\r\nHost: node\r\n\r\n")]
    public void What_two_servers_could_read_differently_reaches_no_upstream(string request)
    {
        using var stage = new TranslationStage(UpstreamProtocol.Http2);
        MemoryConnection client = stage.Connect();
        stage.Say(client, request);
        Assert.StartsWith("HTTP/1.1 400 ", client.TakeSent(), StringComparison.Ordinal);
        Assert.Empty(stage.Connector.Opened);
    }

    [Fact]
    public void An_answer_gets_a_length_and_a_reason_and_its_trailers_go_to_who_asked()
    {
        using var stage = new TranslationStage(UpstreamProtocol.Http2);
        MemoryConnection client = stage.Connect();
        stage.Say(client, "GET /a HTTP/1.1\r\nHost: node\r\n\r\n");
        Http2UpstreamPeer peer = new(stage.Connector.Opened[0]);
        peer.Take();
        peer.Settings().Head(1, 404, fields: ["content-type: text/plain", "x-a: 1"]).Data(1, "not here").Trailers(1, "x-t: 2");
        stage.Loop.Run();
        string sent = client.TakeSent();
        Assert.StartsWith("HTTP/1.1 404 Not Found\r\n", sent, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Length: 8\r\n", sent, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nnot here", sent, StringComparison.Ordinal);

        stage.Say(client, "GET /b HTTP/1.1\r\nHost: node\r\nTE: trailers\r\nConnection: TE\r\n\r\n");
        Assert.Contains(peer.Take(), line => line.StartsWith("HEADERS 3 ", StringComparison.Ordinal) && line.EndsWith(" te=trailers", StringComparison.Ordinal));
        peer.Head(3, 200).Data(3, "here").Trailers(3, "x-t: 2", "content-length: 9", "host: evil");
        stage.Loop.Run();
        Assert.EndsWith("\r\n\r\n4\r\nhere\r\n0\r\nx-t: 2\r\n\r\n", client.TakeSent(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-a", "1\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK")]
    [InlineData("x-a", "1\nx")]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("connection", "keep-alive")]
    [InlineData("content-length", "+3")]
    [InlineData("X-A", "1")]
    [InlineData("x a", "1")]
    public void No_answer_is_split_in_two_by_its_fields(string name, string value)
    {
        using var stage = new TranslationStage(UpstreamProtocol.Http2);
        MemoryConnection client = stage.Connect();
        stage.Say(client, "GET /a HTTP/1.1\r\nHost: node\r\n\r\n");
        new Http2UpstreamPeer(stage.Connector.Opened[0]).Settings().Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, Http2UpstreamPeer.RawBlock((":status", "200"), (name, value)));
        stage.Loop.Run();
        string sent = client.TakeSent();
        Assert.StartsWith("HTTP/1.1 500 ", sent, StringComparison.Ordinal);
        Assert.Single(sent.Split("HTTP/1.1 "), part => part.StartsWith("500", StringComparison.Ordinal));
        Assert.DoesNotContain("200 OK", sent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_shorter_than_its_length_cuts_the_client_off()
    {
        using var stage = new TranslationStage(UpstreamProtocol.Http2);
        MemoryConnection client = stage.Connect();
        stage.Say(client, "GET /a HTTP/1.1\r\nHost: node\r\n\r\n");
        Http2UpstreamPeer peer = new Http2UpstreamPeer(stage.Connector.Opened[0]).Settings().Head(1, 200, fields: "content-length: 10").Data(1, "12345");
        stage.Loop.Run();
        peer.Data(1, "678", ends: true);
        stage.Loop.Run();
        Assert.True(client.WasBroken);
    }

    [Fact]
    public void A_client_that_goes_resets_its_stream_and_no_other()
    {
        using var stage = new TranslationStage(UpstreamProtocol.Http2);
        MemoryConnection one = stage.Connect();
        MemoryConnection two = stage.Connect();
        stage.Say(one, "GET /a HTTP/1.1\r\nHost: node\r\n\r\n");
        stage.Say(two, "GET /b HTTP/1.1\r\nHost: node\r\n\r\n");
        var peer = new Http2UpstreamPeer(stage.Connector.Opened[0]);
        peer.Take();
        one.DeliverReset();
        stage.Loop.Run();
        Assert.Equal(["RST_STREAM 1 Cancel"], peer.Take());
        peer.Settings().Head(3, 204, ends: true);
        stage.Loop.Run();
        Assert.StartsWith("HTTP/1.1 204 ", two.TakeSent(), StringComparison.Ordinal);
    }

    private static List<string> Upstream(string request)
    {
        using var stage = new TranslationStage(UpstreamProtocol.Http2);
        stage.Say(stage.Connect(), request);
        return new Http2UpstreamPeer(stage.Connector.Opened[0]).Take();
    }
}
