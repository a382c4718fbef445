using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 5.1: what may be received in which state of a stream.</summary>
public sealed class Section5_1_StreamStates
{
    [Theory]
    [InlineData("data")]
    [InlineData("reset")]
    [InlineData("window")]
    public void Frames_but_HEADERS_and_PRIORITY_on_an_idle_stream_are_a_connection_error(string kind)
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        Assert.Equal(["GOAWAY 0 ProtocolError"], client.Say(Frame(kind, 1)));
        Assert.True(client.IsEnded);
    }

    [Fact]
    public void PRIORITY_is_taken_on_any_stream()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        Assert.Empty(client.Say(Http2Bytes.Priority(1, 0)));
        Assert.Contains("DATA 1 END GET /a", client.Say(Http2Bytes.Get(1, "/a")));
        Assert.Empty(client.Say(Http2Bytes.Priority(1, 0)));
    }

    [Theory]
    [InlineData("data")]
    [InlineData("headers")]
    public void More_of_a_request_that_has_ended_resets_its_stream_while_it_is_served(string kind)
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = WaitAsync;
        Http2Peer client = stage.Open();
        Assert.Empty(client.Say(Http2Bytes.Get(1, "/a")));
        Assert.Equal(["RST_STREAM 1 StreamClosed"], client.Say(Frame(kind, 1)));
        _gate.Set(0);
        stage.Loop.Run();
        stage.Handler.Script = null;
        Assert.Contains("DATA 3 END GET /b", client.Say(Http2Bytes.Get(3, "/b")));
    }

    [Fact]
    public void HEADERS_on_a_stream_that_both_sides_ended_are_a_connection_error()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Get(1, "/a"));
        Assert.Equal(["GOAWAY 1 StreamClosed"], client.Say(Http2Bytes.Get(1, "/a")));
    }

    [Fact]
    public void DATA_on_a_stream_that_both_sides_ended_is_answered_with_STREAM_CLOSED()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Get(1, "/a"));
        Assert.Equal(["RST_STREAM 1 StreamClosed"], client.Say(Http2Bytes.Data(1, "late")));
    }

    [Fact]
    public void RST_STREAM_and_WINDOW_UPDATE_on_a_closed_stream_are_let_pass()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Get(1, "/a"));
        Assert.Empty(client.Say(Http2Bytes.WindowUpdate(1, 5), Http2Bytes.Reset(1)));
        Assert.Contains("DATA 3 END GET /b", client.Say(Http2Bytes.Get(3, "/b")));
    }

    [Fact]
    public void What_was_on_its_way_when_we_reset_is_let_pass_and_counts_for_the_connection()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();

        // A name in upper case: malformed, and more of the request was sent already.
        string[] lines = client.Say(Http2Bytes.Post(1, "/a", "X-Upper=1"), Http2Bytes.Data(1, "abc"), Http2Bytes.Headers(1, end: true, "trailer=1"));
        Assert.Equal(["RST_STREAM 1 ProtocolError"], lines);
        Assert.Contains("DATA 3 END GET /b", client.Say(Http2Bytes.Get(3, "/b")));
    }

    [Fact]
    public void A_head_that_is_no_longer_served_still_changes_the_compression_state()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Post(1, "/a", "X-Upper=1"));

        // Trailers of the reset stream put a field into the table; the next request uses it.
        byte[] indexed = [0x40, 5, .. "x-one"u8, 3, .. "abc"u8];
        byte[] request = [.. Http2Bytes.Block(":method=GET", ":scheme=http", ":authority=x", ":path=/c"), 0x80 | 62];
        string? seen = null;
        stage.Handler.Script = exchange =>
        {
            seen = Fields.Find(exchange.Request.Headers, "x-one");
            return ScriptedHandler.AnswerAsync(exchange, 200, "");
        };
        client.Send(Http2Bytes.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, indexed));
        client.Send(Http2Bytes.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 3, request));
        Assert.Equal("abc", seen);
    }

    [Fact]
    public void A_reset_by_the_client_ends_the_handlers_waits_and_nothing_more_is_sent()
    {
        using var stage = new Http2Stage();
        EdgeProxy.Http.Messages.BodyStatus? read = null;
        stage.Handler.Script = async exchange => read = (await ScriptedHandler.ReadAllAsync(exchange)).Status;
        Http2Peer client = stage.Open();
        client.Send(Http2Bytes.Post(1, "/a"));
        Assert.Empty(client.Say(Http2Bytes.Reset(1)));
        Assert.Equal(EdgeProxy.Http.Messages.BodyStatus.Aborted, read);
        Assert.Equal(0, stage.Count("edgeproxy_h2_streams"));
        Assert.Equal(1, stage.Count("edgeproxy_h2_resets_total{sender=\"client\",code=\"cancel\"}"));
    }

    private readonly LoopSignal<int> _gate = new();

    private async LoopTask WaitAsync(EdgeProxy.Http.Server.Exchange exchange)
    {
        await _gate.WaitAsync();
        await ScriptedHandler.AnswerAsync(exchange, 200, "late");
    }

    private static byte[] Frame(string kind, int stream) => kind switch
    {
        "data" => Http2Bytes.Data(stream, "x"),
        "reset" => Http2Bytes.Reset(stream),
        "window" => Http2Bytes.WindowUpdate(stream, 1),
        _ => Http2Bytes.Headers(stream, end: true, "a=b"),
    };
}
