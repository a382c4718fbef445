using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 10.5, and specification security.md 17.2: each attack meets its limit, is counted, and harms nobody else on the loop.</summary>
public sealed class Section10_5_DenialOfService
{
    private readonly LoopSignal<int> _gate = new();

    [Fact]
    public void Rapid_resets_end_the_connection_once_their_budget_is_spent()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = PendAsync;
        Http2Peer client = stage.Open();
        int id = 1;
        for (; id < 1000 && !client.IsEnded; id += 2) client.Send(Http2Bytes.Get(id, "/a"), Http2Bytes.Reset(id));
        Assert.Equal(101, id / 2);
        Assert.Equal($"GOAWAY {id - 2} EnhanceYourCalm", client.Lines()[^1]);
        Hits(stage, "h2.resetBudget", "rapid_reset");
        OthersAreServed(stage);
    }

    [Fact]
    public void Resets_come_back_with_time()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { ResetBudget = 5, ResetRefill = 10 } });
        Http2Peer client = stage.Open();
        stage.Handler.Script = PendAsync;
        int id = 1;
        for (int i = 0; i < 5; i++, id += 2) client.Send(Http2Bytes.Get(id, "/a"), Http2Bytes.Reset(id));
        stage.Loop.Advance(TimeSpan.FromMilliseconds(310));
        for (int i = 0; i < 3; i++, id += 2) client.Send(Http2Bytes.Get(id, "/a"), Http2Bytes.Reset(id));
        Assert.False(client.IsEnded);
        client.Send(Http2Bytes.Get(id, "/a"), Http2Bytes.Reset(id));
        Assert.True(client.IsEnded);
    }

    [Fact]
    public void More_than_half_of_many_streams_reset_end_the_connection_however_slowly()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = PendAsync;
        Http2Peer client = stage.Open();
        int id = 1;
        for (; id < 1000 && !client.IsEnded; id += 2)
        {
            client.Send(Http2Bytes.Get(id, "/a"), Http2Bytes.Reset(id));
            stage.Loop.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal(200, id / 2);
        Hits(stage, "h2.resetBudget", "rapid_reset");
    }

    [Fact]
    public void A_cancelled_stream_keeps_its_slot_until_its_handler_has_stopped()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { MaxConcurrentStreams = 2 } });
        stage.Handler.Script = async exchange => await _gate.WaitAsync(); // deaf to the reset
        Http2Peer client = stage.Open();
        client.Send(Http2Bytes.Get(1, "/a"), Http2Bytes.Reset(1));
        stage.Handler.Script = PendAsync;
        client.Send(Http2Bytes.Post(3, "/a"));
        Assert.Equal(["RST_STREAM 5 RefusedStream"], client.Say(Http2Bytes.Get(5, "/a")));
        _gate.Set(0);
        stage.Loop.Run();
        stage.Handler.Script = null;
        Assert.Contains("DATA 7 END GET /b", client.Say(Http2Bytes.Get(7, "/b")));
    }

    [Theory]
    [InlineData("zero window")]
    [InlineData("window overflow")]
    [InlineData("priority size")]
    [InlineData("data after end")]
    [InlineData("headers after end")]
    [InlineData("malformed")]
    public void Resets_that_the_client_provokes_come_out_of_the_same_budget(string kind)
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = PendAsync;
        Http2Peer client = stage.Open();
        int id = 1;
        for (; id < 1000 && !client.IsEnded; id += 2)
        {
            byte[] provoke = kind switch
            {
                "zero window" => Http2Bytes.WindowUpdate(id, 0),
                "window overflow" => Http2Bytes.WindowUpdate(id, int.MaxValue),
                "priority size" => Http2Bytes.Frame(FrameType.Priority, FrameFlags.None, id, "1234"u8),
                "data after end" => Http2Bytes.Data(id, "x"),
                "headers after end" => Http2Bytes.Headers(id, true, "a=b"),
                _ => [],
            };
            client.Send(kind == "malformed" ? Http2Bytes.Get(id, "/a", "Upper=1") : Http2Bytes.Get(id, "/a"), provoke);
        }

        Assert.Equal(101, id / 2);
        Assert.EndsWith("EnhanceYourCalm", client.Lines()[^1], StringComparison.Ordinal);
        Hits(stage, "h2.resetBudget", "rapid_reset");
        OthersAreServed(stage);
    }

    [Fact]
    public void Streams_beyond_the_limit_again_and_again_come_out_of_the_reset_budget()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { MaxConcurrentStreams = 1, ResetBudget = 10, ResetRefill = 0 } });
        stage.Handler.Script = PendAsync;
        Http2Peer client = stage.Open();
        client.Send(Http2Bytes.Post(1, "/a"));
        int id = 3;
        for (; id < 1000 && !client.IsEnded; id += 2) client.Send(Http2Bytes.Get(id, "/a"));
        Assert.Equal(11, (id - 3) / 2);
    }

    [Fact]
    public void A_head_in_too_many_frames_ends_the_connection()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        client.Send(Http2Bytes.Frame(FrameType.Headers, FrameFlags.EndStream, 1, Http2Bytes.Block(":method=GET")));
        for (int i = 0; i < 8; i++) Assert.Empty(client.Say(Http2Bytes.Frame(FrameType.Continuation, FrameFlags.None, 1)));
        Assert.Equal(["GOAWAY 0 EnhanceYourCalm"], client.Say(Http2Bytes.Frame(FrameType.Continuation, FrameFlags.None, 1)));
        Hits(stage, "h2.continuationFrames", "continuation");
        Assert.Equal(0, stage.Loop.Buffers.Leased);
        OthersAreServed(stage);
    }

    [Fact]
    public void A_head_of_too_many_bytes_ends_the_connection()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        byte[] full = new byte[16_384];
        client.Send(Http2Bytes.Frame(FrameType.Headers, FrameFlags.EndStream, 1, full));
        for (int i = 0; i < 3; i++) Assert.Empty(client.Say(Http2Bytes.Frame(FrameType.Continuation, FrameFlags.None, 1, full)));
        Assert.Equal(["GOAWAY 0 EnhanceYourCalm"], client.Say(Http2Bytes.Frame(FrameType.Continuation, FrameFlags.None, 1, full)));
        Hits(stage, "h2.headerBlock", "continuation");
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_bomb_of_references_ends_the_connection()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        string large = new('x', 3000);
        byte[] field = [0x40, 1, (byte)'a', 127, 0xB9, 0x16, .. System.Text.Encoding.ASCII.GetBytes(large)]; // 127 + 0x39 + 0x16 * 128
        client.Send(Http2Bytes.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, [.. Http2Bytes.Block(":method=GET", ":scheme=http", ":authority=x", ":path=/"), .. field]));
        Assert.Single(stage.Handler.Seen);
        byte[] bomb = [.. Http2Bytes.Block(":method=GET", ":scheme=http", ":authority=x", ":path=/"), .. Enumerable.Repeat((byte)(0x80 | 62), 10_000)];
        client.Lines();
        Assert.Equal(["GOAWAY 3 EnhanceYourCalm"], client.Say(Http2Bytes.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 3, bomb)).Select(line => line.Replace("GOAWAY 1", "GOAWAY 3", StringComparison.Ordinal)));
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"h2.maxHeaderList\"}"));
        OthersAreServed(stage);
    }

    [Theory]
    [InlineData("ping")]
    [InlineData("settings")]
    [InlineData("priority")]
    [InlineData("priority update")]
    [InlineData("window")]
    [InlineData("unknown")]
    [InlineData("ping ack")]
    [InlineData("settings ack")]
    [InlineData("closed reset")]
    public void Floods_of_frames_that_carry_nothing_end_the_connection(string kind)
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Get(1, "/a"));
        byte[] frame = kind switch
        {
            "ping" => Http2Bytes.Ping("12345678"),
            "settings" => Http2Bytes.Settings(),
            "priority" => Http2Bytes.Priority(1, 0),
            "priority update" => Http2Bytes.PriorityUpdate(1, "u=1"),
            "window" => Http2Bytes.WindowUpdate(0, 1),
            "ping ack" => Http2Bytes.Ping("12345678", ack: true),
            "settings ack" => Http2Bytes.SettingsAck,
            "closed reset" => Http2Bytes.Reset(1),
            _ => Http2Bytes.Frame((FrameType)0x77, FrameFlags.None, 0),
        };
        int sent = 0;
        for (; sent < 1000 && !client.IsEnded; sent++) client.Send(frame);

        // What the request and its answer earned is free.
        Assert.InRange(sent, 101, 101 + 8);
        Assert.Equal("GOAWAY 1 EnhanceYourCalm", client.Lines()[^1]);
        Hits(stage, "h2.controlFramesPer10s", "flood");
        OthersAreServed(stage);
    }

    [Fact]
    public void Such_frames_at_a_modest_pace_are_taken_for_ever()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = PendAsync;
        Http2Peer client = stage.Open();
        client.Send(Http2Bytes.Post(1, "/a"));
        for (int i = 0; i < 500; i++)
        {
            client.Send(Http2Bytes.Ping("12345678"));
            if (i % 10 == 9) stage.Loop.Advance(TimeSpan.FromSeconds(1.2));
            client.Send(Http2Bytes.Data(1, "x"));
        }

        Assert.False(client.IsEnded);
    }

    [Fact]
    public void Updates_that_answer_DATA_are_no_flood()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = async exchange =>
        {
            exchange.Response.Status = 200;
            exchange.StartResponse(BodyFraming.Chunked, -1);
            byte[] piece = new byte[1000];
            for (int i = 0; i < 2000; i++)
            {
                if (await exchange.WriteAsync(new BodyChunk(piece, 0, piece.Length)) != IoStatus.Ok) return;
            }

            await exchange.EndAsync();
        };
        Http2Peer client = stage.Open();
        client.Send(Http2Bytes.Get(1, "/a"));
        int total = 0;
        for (int i = 0; i < 5000 && total < 2_000_000; i++)
        {
            List<Http2Frame> data = [.. client.TakeFrames().Where(frame => frame.Type == FrameType.Data)];
            total += data.Sum(frame => frame.Payload.Length);
            client.Send([.. data.Where(frame => frame.Payload.Length > 0).SelectMany(frame => new[] { Http2Bytes.WindowUpdate(0, frame.Payload.Length), Http2Bytes.WindowUpdate(1, frame.Payload.Length) })]);
        }

        Assert.Equal(2_000_000, total);
        Assert.False(client.IsEnded);
    }

    [Fact]
    public void DATA_frames_without_data_end_the_connection()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = PendAsync;
        Http2Peer client = stage.Open();
        client.Send(Http2Bytes.Post(1, "/a"));
        for (int i = 0; i < 10; i++) client.Send(i % 2 == 0 ? Http2Bytes.Data(1, "") : Http2Bytes.PaddedData(1, "", 5));
        Assert.False(client.IsEnded);
        client.Lines();
        Assert.Equal("GOAWAY 1 EnhanceYourCalm", client.Say(Http2Bytes.Data(1, ""))[^1]);
        Hits(stage, "h2.emptyFrames", "empty_frames");
        OthersAreServed(stage);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("headers")]
    public void Frames_for_a_stream_that_was_reset_are_no_way_around_the_limits(string kind)
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 413, "");
        Http2Peer client = stage.Open();
        client.Send(Http2Bytes.Post(1, "/a"));
        byte[] frame = kind == "data" ? Http2Bytes.Data(1, "") : Http2Bytes.Headers(1, true, "x-late=1");
        for (int i = 0; i < 100; i++) client.Send(frame);
        Assert.False(client.IsEnded);
        client.Lines();
        client.Send([.. Enumerable.Repeat(frame, 10)]);
        Assert.Equal("GOAWAY 1 EnhanceYourCalm", client.Lines()[^1]);
        Hits(stage, "h2.controlFramesPer10s", "flood");
        OthersAreServed(stage);
    }

    [Fact]
    public void What_was_on_its_way_to_a_hundred_requests_answered_early_costs_nothing()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 429, "");
        Http2Peer client = stage.Open();
        for (int burst = 0; burst < 2; burst++)
        {
            int[] streams = [.. Enumerable.Range(burst * 100, 100).Select(i => 1 + (2 * i))];
            client.Send([.. streams.Select(stream => Http2Bytes.Post(stream, "/a"))]);
            client.Lines();
            Assert.Empty(client.Say([.. streams.Select(stream => Http2Bytes.Data(stream, "late"))]));
            Assert.Empty(client.Say([.. streams.Select(stream => Http2Bytes.Headers(stream, true, "x-late=1"))]));
        }

        Assert.False(client.IsEnded);
    }

    [Fact]
    public void Answers_that_a_client_does_not_take_end_the_connection()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { OutputFrames = 50, ControlFramesPer10s = 1000 } });
        Http2Peer client = stage.Open();
        client.Connection.SendRoom = 0;
        int sent = 0;
        for (; sent < 200 && !client.Connection.IsClosed && stage.Count("edgeproxy_limit_hits_total{limit=\"h2.outputFrames\"}") == 0; sent++) client.Send(Http2Bytes.Ping("12345678"));
        Assert.Equal(51, sent);
        Hits(stage, "h2.outputFrames", "output_queue");
        stage.Loop.Advance(TimeSpan.FromSeconds(3));
        Assert.True(client.Connection.IsClosed);
        Assert.Equal(0, stage.Loop.Buffers.Leased);
        OthersAreServed(stage);
    }

    [Fact]
    public void A_client_that_takes_nothing_is_cut_after_the_write_time()
    {
        using var stage = new Http2Stage();
        AbortReason aborted = AbortReason.None;
        stage.Handler.Script = async exchange =>
        {
            exchange.Response.Status = 200;
            exchange.StartResponse(BodyFraming.Chunked, -1);
            byte[] piece = new byte[60_000];
            while (await exchange.WriteAsync(new BodyChunk(piece, 0, piece.Length)) == IoStatus.Ok)
            {
            }

            aborted = exchange.Aborted;
        };
        Http2Peer client = stage.Open((4, int.MaxValue));
        client.Send(Http2Bytes.WindowUpdate(0, 1 << 30));
        client.Connection.SendRoom = 10_000;
        client.Send(Http2Bytes.Get(1, "/a"));
        stage.Loop.Advance(TimeSpan.FromSeconds(4));
        Assert.False(client.Connection.IsClosed);
        stage.Loop.Advance(TimeSpan.FromSeconds(60));
        Assert.True(client.Connection.IsClosed);
        Assert.Equal(AbortReason.ClientTooSlow, aborted);
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"timeouts.write\"}"));
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_window_opened_byte_by_byte_costs_one_frame_a_quarter_of_a_second_and_not_more()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, new string('x', 5000));
        Http2Peer client = stage.Open();
        client.Send(Http2Bytes.Get(1, "/first"));
        client.TakeFrames();

        // A window of 65,535 that a large response has used up.
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, new string('x', 100_000));
        client.Send(Http2Bytes.Get(3, "/a"), Http2Bytes.WindowUpdate(0, 1_000_000));
        client.TakeFrames();
        for (int i = 0; i < 20; i++) client.Send(Http2Bytes.WindowUpdate(3, 1));
        Assert.Empty(client.Lines());
        stage.Loop.Advance(TimeSpan.FromMilliseconds(300));
        Http2Frame frame = Assert.Single(client.TakeFrames());
        Assert.Equal(20, frame.Payload.Length);
        client.Send(Http2Bytes.WindowUpdate(3, 1024));
        Assert.Equal(1024, Assert.Single(client.TakeFrames()).Payload.Length);
    }

    [Fact]
    public void A_head_that_comes_too_slowly_ends_the_connection()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        client.Send(Http2Bytes.Frame(FrameType.Headers, FrameFlags.EndStream, 1, Http2Bytes.Block(":method=GET")));
        for (int i = 0; i < 5; i++)
        {
            stage.Loop.Advance(TimeSpan.FromSeconds(1.8));
            client.Send(Http2Bytes.Frame(FrameType.Continuation, FrameFlags.None, 1));
        }

        Assert.False(client.IsEnded);
        stage.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["GOAWAY 0 EnhanceYourCalm"], client.Lines());
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"timeouts.headers\"}"));
        OthersAreServed(stage);
    }

    [Fact]
    public void A_frame_that_comes_too_slowly_ends_the_connection()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        client.Send(Http2Bytes.Get(1, "/a")[..20]);
        stage.Loop.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(["GOAWAY 0 EnhanceYourCalm"], client.Lines());
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"timeouts.headers\"}"));
    }

    [Fact]
    public void A_body_that_comes_too_slowly_fails_its_request_alone()
    {
        using var stage = new Http2Stage();
        BodyStatus? status = null;
        stage.Handler.Script = async exchange =>
        {
            status = (await ScriptedHandler.ReadAllAsync(exchange)).Status;
            await ScriptedHandler.AnswerAsync(exchange, 408, "");
        };
        Http2Peer client = stage.Open();
        client.Send(Http2Bytes.Post(1, "/a"));

        // One frame whose bytes come one by one: its length alone says nothing.
        byte[] data = Http2Bytes.Data(1, new string('x', 10_000));
        client.Send(data[..10]);
        for (int i = 10; i < 20; i++)
        {
            stage.Loop.Advance(TimeSpan.FromSeconds(1));
            client.Send(data[i..(i + 1)]);
        }

        Assert.Equal(BodyStatus.TimedOut, status);
        Assert.Equal(["HEADERS 1 END :status=408 date=now content-length=0", "RST_STREAM 1 NoError"], client.Lines());
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"timeouts.bodyMinRate\"}"));
        stage.Handler.Script = null;
        client.Send(data[20..]);
        Assert.Contains("DATA 3 END GET /b", client.Say(Http2Bytes.Get(3, "/b")));
    }

    [Fact]
    public void A_body_larger_than_allowed_is_refused_where_it_passes_the_limit()
    {
        using var stage = new Http2Stage(new ServerOptions { Body = 10 });
        Http2Peer client = stage.Open();
        Assert.Contains("HEADERS 1 :status=413 date=now content-length=8", client.Say(Http2Bytes.Post(1, "/a", "content-length=11")));
        Assert.Contains("HEADERS 3 :status=413 date=now content-length=8", client.Say(Http2Bytes.Post(3, "/a"), Http2Bytes.Data(3, "0123456789"), Http2Bytes.Data(3, "0")));
        Assert.Equal(2, stage.Count("edgeproxy_limit_hits_total{limit=\"limits.body\"}"));
    }

    [Fact]
    public void Many_requests_in_one_segment_let_others_have_their_turns_between()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { MaxConcurrentStreams = 10_000 } });
        var order = new List<string>();
        stage.Handler.Script = exchange =>
        {
            order.Add(System.Text.Encoding.ASCII.GetString(exchange.Request.Path));
            return ScriptedHandler.AnswerAsync(exchange, 200, "");
        };
        Http2Peer busy = stage.Open();
        Http2Peer other = stage.Open();
        byte[][] requests = [.. Enumerable.Range(0, 500).Select(i => Http2Bytes.Get((i * 2) + 1, "/busy"))];
        busy.Connection.Deliver([.. requests.SelectMany(request => request)]);
        other.Connection.Deliver(Http2Bytes.Get(1, "/other"));
        stage.Loop.Run();
        Assert.Equal(501, order.Count);
        Assert.InRange(order.IndexOf("/other"), 0, 64);
        Assert.Equal(500, busy.TakeFrames().Count);
    }

    [Fact]
    public void Hundreds_of_waiting_streams_hold_no_leased_memory()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { MaxConcurrentStreams = 1000 } });
        stage.Handler.Script = PendAsync;
        Http2Peer client = stage.Open();
        for (int i = 0; i < 1000; i++) client.Send(Http2Bytes.Post((i * 2) + 1, "/a"));
        Assert.Equal(1000, stage.Count("edgeproxy_h2_streams"));
        Assert.Equal(0, stage.Loop.Buffers.Leased);
        client.Connection.DeliverEnd();
        stage.Loop.Run();
        Assert.Equal(0, stage.Count("edgeproxy_h2_streams"));
        Assert.Equal(0, stage.Server.Open);
    }

    [Fact]
    public void Random_bytes_and_mutated_scripts_never_throw_and_never_leak()
    {
        var random = new Random(4711);
        byte[] script = [.. Http2Bytes.Preface, .. Http2Bytes.Settings((4, 50)), .. Http2Bytes.SettingsAck, .. Http2Bytes.Get(1, "/a"), .. Http2Bytes.Post(3, "/b", "cookie=a", "cookie=b"), .. Http2Bytes.PaddedData(3, "body", 7), .. Http2Bytes.WindowUpdate(1, 100), .. Http2Bytes.Headers(3, true, "x=y"), .. Http2Bytes.Continued(5, true, 5, ":method=GET", ":scheme=http", ":authority=x", ":path=/a"), .. Http2Bytes.PriorityUpdate(5, "u=1, i"), .. Http2Bytes.Reset(5), .. Http2Bytes.Ping("12345678"), .. Http2Bytes.GoAway(0)];
        for (int round = 0; round < 800; round++)
        {
            using var stage = new Http2Stage();
            Http2Peer client = stage.Connect();
            byte[] bytes = [.. script];
            int changes = random.Next(1, 8);
            for (int i = 0; i < changes; i++) bytes[random.Next(round % 2 == 0 ? Http2Bytes.Preface.Length : 0, bytes.Length)] = (byte)random.Next(256);
            int at = 0;
            while (at < bytes.Length && !client.Connection.IsClosed)
            {
                int length = Math.Min(random.Next(1, 200), bytes.Length - at);
                client.Send(bytes[at..(at + length)]);
                at += length;
            }

            if (!client.Connection.IsClosed) client.Connection.DeliverEnd();
            stage.Loop.Run();
            stage.Loop.Advance(TimeSpan.FromSeconds(90));
            Assert.Equal(0, stage.Server.Open);
            Assert.Equal(0, stage.Loop.Buffers.Leased);
            Assert.Empty(stage.Failures);
            Assert.Equal(0, stage.Count("edgeproxy_h2_streams"));
        }
    }

    private static void Hits(Http2Stage stage, string limit, string kind)
    {
        Assert.Equal(1, stage.Count($"edgeproxy_limit_hits_total{{limit=\"{limit}\"}}"));
        Assert.Equal(1, stage.Count($"edgeproxy_h2_protocol_errors_total{{kind=\"{kind}\"}}"));
        Assert.Equal(1, stage.Count("edgeproxy_h2_goaways_total{code=\"enhance_your_calm\"}"));
    }

    private static void OthersAreServed(Http2Stage stage)
    {
        stage.Handler.Script = null;
        Assert.Contains("DATA 1 END GET /other", stage.Open().Say(Http2Bytes.Get(1, "/other")));
    }

    // Waits for a body that does not come, until it is given up.
    private static async LoopTask PendAsync(Exchange exchange)
    {
        exchange.BodyLimit = -1;
        if (exchange.HasUnreadBody) await ScriptedHandler.ReadAllAsync(exchange);
        else await new Pending(exchange).WaitAsync();
    }

    /// <summary>A wait such as one for an upstream: given up when the client is gone.</summary>
    private sealed class Pending : IAbortable
    {
        private readonly LoopSignal<int> _signal = new();

        public Pending(Exchange exchange) => exchange.Pending = this;

        public LoopTask<int> WaitAsync() => _signal.WaitAsync();

        public void Abort() => _signal.Set(0);
    }
}
