using EdgeProxy.Http.Client;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 4 to 6, of the client that calls upstreams: what a frame of the server may cost it. One call is open, on stream 3.</summary>
public sealed class Client_Section4_to_6_Frames
{
    public static TheoryData<string, FrameType, int, uint, byte[], string> ConnectionErrors => new()
    {
        { "4.2: a frame over the maximum", FrameType.Data, 0, 3, new byte[16_385], "FrameSizeError" },
        { "4.3: a block that is no HPACK", FrameType.Headers, 4, 3, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "CompressionError" },
        { "5.1: DATA on a stream that was never opened", FrameType.Data, 0, 5, [1], "ProtocolError" },
        { "5.1: HEADERS on a stream that was never opened", FrameType.Headers, 4, 7, [0x88], "ProtocolError" },
        { "5.1: RST_STREAM on a stream that was never opened", FrameType.RstStream, 0, 5, [0, 0, 0, 8], "ProtocolError" },
        { "5.1: WINDOW_UPDATE on a stream that was never opened", FrameType.WindowUpdate, 0, 5, [0, 0, 0, 1], "ProtocolError" },
        { "5.1.1: a stream of the server's", FrameType.Headers, 4, 2, [0x88], "ProtocolError" },
        { "6.1: DATA on the connection", FrameType.Data, 0, 0, [1], "ProtocolError" },
        { "6.1: padding longer than the frame", FrameType.Data, 8, 3, [5, 1], "ProtocolError" },
        { "6.2: HEADERS on the connection", FrameType.Headers, 4, 0, [0x88], "ProtocolError" },
        { "6.3: PRIORITY on the connection", FrameType.Priority, 0, 0, [0, 0, 0, 0, 0], "ProtocolError" },
        { "6.4: RST_STREAM on the connection", FrameType.RstStream, 0, 0, [0, 0, 0, 8], "ProtocolError" },
        { "6.4: RST_STREAM of the wrong size", FrameType.RstStream, 0, 3, [0, 0, 8], "FrameSizeError" },
        { "6.5: SETTINGS on a stream", FrameType.Settings, 0, 3, [], "ProtocolError" },
        { "6.5: SETTINGS of the wrong size", FrameType.Settings, 0, 0, [0, 1, 0], "FrameSizeError" },
        { "6.5: an acknowledgement that says something", FrameType.Settings, 1, 0, [0, 1, 0, 0, 0, 0], "FrameSizeError" },
        { "6.5.2: a server that enables push", FrameType.Settings, 0, 0, [0, 2, 0, 0, 0, 1], "ProtocolError" },
        { "6.5.2: a window over the largest", FrameType.Settings, 0, 0, [0, 4, 0x80, 0, 0, 0], "FlowControlError" },
        { "6.5.2: a frame size under the least", FrameType.Settings, 0, 0, [0, 5, 0, 0, 0x3F, 0xFF], "ProtocolError" },
        { "6.6: a push that was forbidden", FrameType.PushPromise, 4, 3, [0, 0, 0, 2, 0x88], "ProtocolError" },
        { "6.7: PING on a stream", FrameType.Ping, 0, 3, new byte[8], "ProtocolError" },
        { "6.7: PING of the wrong size", FrameType.Ping, 0, 0, new byte[7], "FrameSizeError" },
        { "6.8: GOAWAY on a stream", FrameType.GoAway, 0, 3, new byte[8], "ProtocolError" },
        { "6.9: WINDOW_UPDATE of nothing on the connection", FrameType.WindowUpdate, 0, 0, [0, 0, 0, 0], "ProtocolError" },
        { "6.9: WINDOW_UPDATE of the wrong size", FrameType.WindowUpdate, 0, 0, [0, 0, 1], "FrameSizeError" },
        { "6.9.1: the connection's window over the largest", FrameType.WindowUpdate, 0, 0, [0x7F, 0xFF, 0xFF, 0xFF], "FlowControlError" },
        { "6.10: CONTINUATION of nothing", FrameType.Continuation, 4, 3, [0x88], "ProtocolError" },
    };

    public static TheoryData<string, FrameType, int, uint, byte[]> Harmless => new()
    {
        { "4.1: a type nobody knows", (FrameType)0xFA, 0xFF, 3, [1, 2, 3] },
        { "5.1: WINDOW_UPDATE on a stream that is over", FrameType.WindowUpdate, 0, 1, [0, 0, 0, 1] },
        { "5.1: RST_STREAM on a stream that is over", FrameType.RstStream, 0, 1, [0, 0, 0, 8] },
        { "5.3: PRIORITY", FrameType.Priority, 0, 3, [0, 0, 0, 0, 0] },
        { "6.5.2: a setting nobody knows", FrameType.Settings, 0, 0, [0xFF, 0xFF, 0, 0, 0, 1] },
        { "6.7: an answer to a PING nobody sent", FrameType.Ping, 1, 0, new byte[8] },
        { "6.9: WINDOW_UPDATE with the reserved bit", FrameType.WindowUpdate, 0, 3, [0x80, 0, 0, 1] },
    };

    [Theory]
    [MemberData(nameof(ConnectionErrors))]
    public void Ends_the_connection_for(string rule, FrameType type, int flags, uint stream, byte[] payload, string code)
    {
        using var stage = new Http2ClientStage();
        (UpstreamOutcome? outcome, List<string> sent, bool isClosed) = stage.Provoke(peer => peer.Frame(type, (FrameFlags)flags, stream, payload));
        Assert.True(isClosed, rule);
        Assert.Equal($"GOAWAY {code}", sent[^1]);
        Assert.Equal(UpstreamOutcome.Malformed, outcome);
        Assert.Equal("1", stage.Metric("edgeproxy_upstream_goaways_total{upstream=\"http://127.0.0.1:9000\",sender=\"gateway\"}"));
        Assert.Equal("0", stage.Metric("edgeproxy_upstream_streams{upstream=\"http://127.0.0.1:9000\"}"));
        Assert.Equal("0", stage.Metric("edgeproxy_upstream_connections{upstream=\"http://127.0.0.1:9000\",state=\"open\"}"));
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Theory]
    [MemberData(nameof(Harmless))]
    public void Passes_over(string rule, FrameType type, int flags, uint stream, byte[] payload)
    {
        using var stage = new Http2ClientStage();
        (UpstreamOutcome? outcome, List<string> sent, bool isClosed) = stage.Provoke(peer => peer.Frame(type, (FrameFlags)flags, stream, payload).Head(3, 200, ends: true));
        Assert.False(isClosed, rule);
        Assert.Equal(UpstreamOutcome.Ok, outcome);
        Assert.DoesNotContain(sent, line => line.StartsWith("GOAWAY", StringComparison.Ordinal) || line.StartsWith("RST_STREAM", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 }, "RST_STREAM 3 ProtocolError")] // 6.9: of nothing
    [InlineData(new byte[] { 0x7F, 0xFF, 0xFF, 0xFF }, "RST_STREAM 3 FlowControlError")] // 6.9.1: over the largest
    public void A_wrong_update_of_a_streams_window_costs_the_stream(byte[] payload, string answer)
    {
        using var stage = new Http2ClientStage();
        (UpstreamOutcome? outcome, List<string> sent, bool isClosed) = stage.Provoke(peer => peer.Frame(FrameType.WindowUpdate, FrameFlags.None, 3, payload));
        Assert.Equal([answer], sent);
        Assert.False(isClosed);
        Assert.Equal(UpstreamOutcome.Malformed, outcome);
    }

    [Fact]
    public void Opens_streams_of_odd_and_ascending_numbers()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        for (int i = 0; i < 5; i++) stage.Send(stage.Get("/" + i));
        Assert.Equal(["3", "5", "7", "9", "11"], peer.Take().Select(line => line.Split(' ')[1]));
    }

    [Fact]
    public void Opens_no_more_streams_than_the_server_takes()
    {
        using var stage = new Http2ClientStage(new UpstreamOptions { MaxConnections = 1 });
        Http2UpstreamPeer peer = stage.Warm((Http2Setting.MaxConcurrentStreams, 2));
        for (int i = 0; i < 4; i++) stage.Send(stage.Get("/" + i));
        Assert.Equal(2, peer.Take().Count);
        peer.Head(3, 200, ends: true);
        stage.Loop.Run();
        Assert.StartsWith("HEADERS 7 ", Assert.Single(peer.Take()), StringComparison.Ordinal);
        peer.Settings((Http2Setting.MaxConcurrentStreams, 0));
        peer.Head(5, 200, ends: true).Head(7, 200, ends: true);
        stage.Loop.Run();
        Assert.Equal(["SETTINGS ACK"], peer.Take());
        peer.Settings((Http2Setting.MaxConcurrentStreams, 100));
        stage.Loop.Run();
        Assert.Equal(2, peer.Take().Count);
        Assert.Single(stage.Connector.Opened);
    }

    [Fact]
    public void Answers_a_ping_with_its_own_bytes()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        peer.Ping();
        stage.Loop.Run();
        Assert.Equal(["PING ACK"], peer.Take());
        Assert.Equal("12345678"u8.ToArray(), peer.Connection.Sent[^8..]);
    }

    [Fact]
    public void Counts_padding_against_the_window_and_gives_it_back()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall call = stage.Get("/a");
        var sending = stage.Send(call);
        peer.Head(3, 200);
        byte[] padded = [200, .. "x"u8, .. new byte[200]];
        for (int i = 0; i < 80; i++) peer.Frame(FrameType.Data, FrameFlags.Padded, 3, padded);
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        Assert.Equal(80, stage.Loop.Await(call.ReadBodyAsync()).Chunk.Length);
        Assert.Contains(peer.Take(), line => line.StartsWith("WINDOW_UPDATE 3 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Gives_the_connections_window_back_as_bytes_come()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        for (uint stream = 3; stream < 3 + (2 * 80); stream += 2)
        {
            stage.Send(stage.Get("/a"));
            peer.Head(stream, 200).Data(stream, new string('x', 16_384)); // which nobody reads
        }

        stage.Loop.Run();
        Assert.Contains(peer.Take(), line => line.StartsWith("WINDOW_UPDATE 0 ", StringComparison.Ordinal));
        Assert.False(peer.Connection.IsClosed);
    }

    [Fact]
    public void Nothing_comes_between_the_frames_of_a_head()
    {
        using var stage = new Http2ClientStage();
        (_, List<string> sent, bool isClosed) = stage.Provoke(peer => peer.Frame(FrameType.Headers, FrameFlags.None, 3, 0x88).Ping());
        Assert.True(isClosed);
        Assert.Equal("GOAWAY ProtocolError", sent[^1]);
    }

    [Fact]
    public void A_head_may_come_in_several_frames()
    {
        using var stage = new Http2ClientStage();
        (UpstreamOutcome? outcome, _, bool isClosed) = stage.Provoke(peer => peer
            .Frame(FrameType.Headers, FrameFlags.EndStream, 3, 0x88)
            .Frame(FrameType.Continuation, FrameFlags.None, 3)
            .Frame(FrameType.Continuation, FrameFlags.EndHeaders, 3, Http2UpstreamPeer.RawBlock(("x-a", "1"))));
        Assert.False(isClosed);
        Assert.Equal(UpstreamOutcome.Ok, outcome);
    }
}
