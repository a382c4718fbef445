using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 5.2 and 6.9: flow control both ways.</summary>
public sealed class Section5_2_FlowControl
{
    private const int InitialWindow = 4;
    private readonly LoopSignal<int> _gate = new();

    [Fact]
    public void A_response_stops_at_the_streams_window_and_goes_on_with_updates()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, "abcdefgh");
        Http2Peer client = stage.Open((InitialWindow, 3));
        Assert.Equal(["HEADERS 1 :status=200 date=now content-length=8", "DATA 1 abc"], client.Say(Http2Bytes.Get(1, "/a")));
        Assert.Equal(["DATA 1 de"], client.Say(Http2Bytes.WindowUpdate(1, 2)));
        Assert.Equal(["DATA 1 END fgh"], client.Say(Http2Bytes.WindowUpdate(1, 100)));
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_response_stops_at_the_connections_window()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, new string('x', 70_000));
        Http2Peer client = stage.Open((InitialWindow, 1 << 20));
        Assert.Equal(65_535, DataBytes(client, Http2Bytes.Get(1, "/a")));
        Assert.Equal(0, DataBytes(client, Http2Bytes.WindowUpdate(1, 1 << 20)));
        Assert.Equal(70_000 - 65_535, DataBytes(client, Http2Bytes.WindowUpdate(0, 1 << 20)));
    }

    [Fact]
    public void An_empty_last_frame_needs_no_window()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = async exchange =>
        {
            exchange.Response.Status = 200;
            exchange.StartResponse(BodyFraming.Chunked, -1);
            await exchange.WriteAsync(new BodyChunk("abc"u8.ToArray(), 0, 3));
            await exchange.EndAsync();
        };
        Assert.Equal(["HEADERS 1 :status=200 date=now", "DATA 1 abc", "DATA 1 END"], stage.Open((InitialWindow, 3)).Say(Http2Bytes.Get(1, "/a")));
    }

    [Fact]
    public void Only_DATA_is_held_up_by_a_closed_window()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open((InitialWindow, 0));
        Assert.Equal(["HEADERS 1 :status=200 date=now content-length=6"], client.Say(Http2Bytes.Get(1, "/a")));
        Assert.Equal(["PING ACK 3132333435363738"], client.Say(Http2Bytes.Ping("12345678")));
    }

    [Fact]
    public void A_change_of_the_initial_window_changes_the_windows_of_open_streams()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, "abcdefgh");
        Http2Peer client = stage.Open((InitialWindow, 3));
        client.Say(Http2Bytes.Get(1, "/a"));
        Assert.Equal(["SETTINGS ACK", "DATA 1 de"], client.Say(Http2Bytes.Settings((InitialWindow, 5))));

        // Below zero: an update must first make up for it.
        Assert.Equal(["SETTINGS ACK"], client.Say(Http2Bytes.Settings((InitialWindow, 1))));
        Assert.Empty(client.Say(Http2Bytes.WindowUpdate(1, 4)));
        Assert.Equal(["DATA 1 f"], client.Say(Http2Bytes.WindowUpdate(1, 1)));
        Assert.Equal(["DATA 1 END gh"], client.Say(Http2Bytes.WindowUpdate(1, 9)));
    }

    [Fact]
    public void A_window_that_grows_too_large_resets_its_stream()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, "abcdefgh");
        Http2Peer client = stage.Open((InitialWindow, 0));
        client.Say(Http2Bytes.Get(1, "/a"));
        Assert.Equal("RST_STREAM 1 FlowControlError", client.Say(Http2Bytes.WindowUpdate(1, int.MaxValue), Http2Bytes.WindowUpdate(1, 1))[^1]);
    }

    [Fact]
    public void A_connection_window_that_grows_too_large_is_a_connection_error()
    {
        using var stage = new Http2Stage();
        Assert.Equal(["GOAWAY 0 FlowControlError"], stage.Open().Say(Http2Bytes.WindowUpdate(0, int.MaxValue)));
    }

    [Fact]
    public void A_change_of_the_initial_window_that_makes_one_too_large_is_a_connection_error()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, "abcdefgh");
        Http2Peer client = stage.Open((InitialWindow, 0));
        client.Say(Http2Bytes.Get(1, "/a"), Http2Bytes.WindowUpdate(1, 7));
        Assert.Equal("GOAWAY 1 FlowControlError", client.Say(Http2Bytes.Get(3, "/a"), Http2Bytes.WindowUpdate(3, int.MaxValue - 10), Http2Bytes.Settings((InitialWindow, 100)))[^1].Replace("GOAWAY 3", "GOAWAY 1", StringComparison.Ordinal));
    }

    [Fact]
    public void An_update_of_nothing_resets_its_stream_and_ends_the_connection_for_stream_0()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = WaitAsync;
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Get(1, "/a"));
        Assert.Equal(["RST_STREAM 1 ProtocolError"], client.Say(Http2Bytes.WindowUpdate(1, 0)));
        Assert.Equal(["GOAWAY 1 ProtocolError"], client.Say(Http2Bytes.WindowUpdate(0, 0)));
    }

    [Fact]
    public void A_body_beyond_the_streams_window_resets_its_stream()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { StreamWindow = 10 } });
        stage.Handler.Script = WaitAsync;
        Http2Peer client = stage.Open();
        Assert.Empty(client.Say(Http2Bytes.Post(1, "/a"), Http2Bytes.Data(1, "0123456789")));
        Assert.Equal(["RST_STREAM 1 FlowControlError"], client.Say(Http2Bytes.Data(1, "x")));
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"h2.streamWindow\"}"));
    }

    [Fact]
    public void Padding_counts_for_the_window()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { StreamWindow = 10 } });
        stage.Handler.Script = WaitAsync;
        Http2Peer client = stage.Open();
        Assert.Equal(["RST_STREAM 1 FlowControlError"], client.Say(Http2Bytes.Post(1, "/a"), Http2Bytes.PaddedData(1, "0123", padding: 6)));
    }

    [Fact]
    public void Bodies_beyond_the_connections_window_are_a_connection_error()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { ConnectionWindow = 65_535, StreamWindow = 100_000 } });
        stage.Handler.Script = WaitAsync;
        Http2Peer client = stage.Open();
        byte[] full = Http2Bytes.Data(1, new string('x', 16_384));
        Assert.Empty(client.Say(Http2Bytes.Post(1, "/a"), full, full, full));
        Assert.Equal(["GOAWAY 1 FlowControlError"], client.Say(full));
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"h2.connectionWindow\"}"));
    }

    [Fact]
    public void The_client_is_given_window_back_only_as_the_handler_reads()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { StreamWindow = 1000, ConnectionWindow = 65_535 } });
        stage.Handler.Script = async exchange =>
        {
            await _gate.WaitAsync();
            await ScriptedHandler.ReadAllAsync(exchange);
            await ScriptedHandler.AnswerAsync(exchange, 200, "");
        };
        Http2Peer client = stage.Open();
        Assert.Empty(client.Say(Http2Bytes.Post(1, "/a"), Http2Bytes.Data(1, new string('x', 800))));
        _gate.Set(0);
        stage.Loop.Run();
        Assert.Equal(["WINDOW_UPDATE 1 800"], client.Lines());
        Assert.Empty(client.Say(Http2Bytes.Data(1, new string('x', 400))));
        Assert.Equal(["WINDOW_UPDATE 1 600"], client.Say(Http2Bytes.Data(1, new string('x', 200))));
    }

    [Fact]
    public void A_request_sent_before_our_settings_came_is_given_back_by_their_smaller_window()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { StreamWindow = 1000 } });
        Http2Peer client = stage.Connect();
        client.Send(Http2Bytes.Preface, Http2Bytes.Settings(), Http2Bytes.Post(1, "/a"));
        client.TakeFrames();

        // Now the client knows that its window is 1000, and may send no more until it hears of it.
        Assert.Equal(["WINDOW_UPDATE 1 1000"], client.Say(Http2Bytes.SettingsAck, Http2Bytes.Data(1, new string('x', 1000))));
    }

    [Fact]
    public void A_head_goes_out_while_others_wait_for_the_connections_window()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, exchange.Request.Target.Length == 2 ? new string('x', 70_000) : exchange.Request.Target.Length == 3 ? "" : "body");
        Http2Peer client = stage.Open((InitialWindow, 1 << 20));
        Assert.Equal(65_535, DataBytes(client, Http2Bytes.Get(1, "/a")));
        Assert.Equal(["HEADERS 3 END :status=200 date=now content-length=0"], client.Say(Http2Bytes.Get(3, "/ab")));
        Assert.Equal(["HEADERS 5 :status=200 date=now content-length=4"], client.Say(Http2Bytes.Get(5, "/abc")));
        Assert.Equal(70_000 - 65_535 + 4, DataBytes(client, Http2Bytes.WindowUpdate(0, 1 << 20)));
    }

    [Fact]
    public void What_nobody_reads_is_given_back_for_the_connection_when_its_stream_is_gone()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { ConnectionWindow = 65_535 } });
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 413, "");
        Http2Peer client = stage.Open();
        byte[] full = Http2Bytes.Data(1, new string('x', 16_384));
        string[] lines = client.Say(Http2Bytes.Post(1, "/a"), full, full, full);
        Assert.Equal(["HEADERS 1 END :status=413 date=now content-length=0", "WINDOW_UPDATE 0 49152", "RST_STREAM 1 NoError"], lines);
    }

    [Fact]
    public void A_response_waits_for_its_window_and_no_longer_than_the_stall_time()
    {
        using var stage = new Http2Stage();
        IoStatus? written = null;
        stage.Handler.Script = async exchange =>
        {
            exchange.Response.Status = 200;
            exchange.StartResponse(BodyFraming.Chunked, -1);
            byte[] bytes = new byte[100];
            written = await exchange.WriteAsync(new BodyChunk(bytes, 0, 100));
        };
        Http2Peer client = stage.Open((InitialWindow, 0));
        client.Say(Http2Bytes.Get(1, "/a"));
        stage.Loop.Advance(TimeSpan.FromSeconds(4));
        Assert.Null(written);
        stage.Loop.Advance(TimeSpan.FromSeconds(27));
        Assert.Equal(["RST_STREAM 1 Cancel"], client.Lines());
        Assert.Equal(IoStatus.Aborted, written);
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"h2.streamStall\"}"));
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    private static int DataBytes(Http2Peer client, byte[] send)
    {
        client.Send(send);
        return client.TakeFrames().Where(frame => frame.Type == FrameType.Data).Sum(frame => frame.Payload.Length);
    }

    private async LoopTask WaitAsync(Exchange exchange)
    {
        await _gate.WaitAsync();
        await ScriptedHandler.AnswerAsync(exchange, 200, "late");
    }
}
