using System.Net.Sockets;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Attacks;

/// <summary>Attacks on HTTP/2 (specification security.md 17.2), with other clients on the same loop.</summary>
public sealed class Http2AttackTests
{
    [Fact]
    public async Task Rapid_reset_ends_the_connection_and_never_holds_more_work_than_there_may_be_streams()
    {
        RawUpstream upstream = Silent();
        await using AttackedNode node = await AttackedNode.StartAsync(upstream: upstream);
        using Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port);
        int most = 0;
        await node.FloodEndsAsync(attacker, Streams(2000).Select(stream =>
        {
            most = Math.Max(most, upstream.Open);
            return (byte[])[.. Get(stream, "/held"), .. Http2Wire.ResetOf(stream, 8)];
        }));
        Assert.InRange(most, 0, 200);
        await node.LimitWasHitAsync("h2.resetBudget");
        await Wait.UntilAsync(() => upstream.Open == 0, "cancelled requests leave nothing behind");
    }

    public static TheoryData<string> Provocations() => [.. Provoke.Keys];

    private static readonly Dictionary<string, Func<int, byte[]>> Provoke = new()
    {
        ["an update of the window by nothing"] = stream => [.. Get(stream, "/held"), .. Http2Wire.WindowUpdateOf(stream, 0)],
        ["an update of the window beyond its most"] = stream => [.. Get(stream, "/held"), .. Http2Wire.WindowUpdateOf(stream, int.MaxValue)],
        ["a priority of the wrong size"] = stream => [.. Get(stream, "/held"), .. Http2Wire.FrameOf(Http2Frame.Priority, 0, stream, [0, 0, 0, 0])],
        ["data behind the end"] = stream => [.. Get(stream, "/held"), .. Http2Wire.DataOf(stream, false, "x")],
        ["a head behind the end"] = stream => [.. Get(stream, "/held"), .. Get(stream, "/held")],
        ["a body beyond its length"] = stream =>
            [.. Http2Wire.HeadersOf(stream, false, Http2Wire.RequestOf("POST", "/held", ("content-length", "1"))), .. Http2Wire.DataOf(stream, true, "hello")],
        ["a malformed head"] = stream => Http2Wire.HeadersOf(stream, true, Http2Wire.RequestOf("GET", "/held", ("connection", "close"))),
    };

    [Theory]
    [MemberData(nameof(Provocations))]
    public async Task Made_you_reset_ends_the_connection(string mistake)
    {
        RawUpstream upstream = Silent();
        await using AttackedNode node = await AttackedNode.StartAsync(upstream: upstream);
        using Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port);
        await node.FloodEndsAsync(attacker, Streams(2000).Select(Provoke[mistake]));
        await node.LimitWasHitAsync("h2.resetBudget");
        await Wait.UntilAsync(() => upstream.Open == 0, "cancelled requests leave nothing behind");
    }

    [Fact]
    public async Task More_streams_than_allowed_are_refused_and_the_rest_go_on()
    {
        RawUpstream upstream = Silent();
        await using AttackedNode node = await AttackedNode.StartAsync("h2:\n  maxConcurrentStreams: 20\n", upstream);
        using Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port);
        foreach (int stream in Streams(40)) await attacker.SendAsync(Get(stream, "/held"));
        int refused = 0;
        while (refused < 20)
        {
            Http2Frame? frame = await attacker.ReadUntilAsync(Http2Frame.Reset);
            Assert.NotNull(frame);
            Assert.Equal(7, frame.Code); // REFUSED_STREAM
            refused++;
        }

        await node.OthersAreServedAsync();
        await node.LimitWasHitAsync("h2.maxConcurrentStreams", 20);
        Assert.Equal(20, upstream.Open);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Continuations_without_end_end_the_connection(int size)
    {
        await using AttackedNode node = await AttackedNode.StartAsync();
        using Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port);
        await node.FloodEndsAsync(attacker, Continued([.. Http2Wire.BlockOf(Http2Wire.RequestOf("GET", "/mock"))], Enumerable.Repeat(new byte[size], 10_000)));
        await node.LimitWasHitAsync("h2.continuationFrames");
    }

    [Fact]
    public async Task A_field_block_without_end_ends_the_connection()
    {
        await using AttackedNode node = await AttackedNode.StartAsync();
        using Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port);
        byte[] piece = Http2Wire.BlockOf(("x", new string('y', 16_000)));
        await node.FloodEndsAsync(attacker, Continued(piece, Enumerable.Repeat(piece, 1000)));
        await node.LimitWasHitAsync("h2.headerBlock");
    }

    [Fact]
    public async Task A_bomb_of_HPACK_references_ends_the_connection()
    {
        await using AttackedNode node = await AttackedNode.StartAsync();
        using Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port);

        // One field of nearly 4 KB put into the table, and then named again and again, a byte each.
        byte[] plant = [0x40, 1, (byte)'x', 0x7F, 0xA1, 0x1E, .. new byte[4000].Select(_ => (byte)'y')];
        byte[] head = [.. Http2Wire.BlockOf(Http2Wire.RequestOf("GET", "/mock")), .. plant];
        byte[] bomb = [.. Http2Wire.BlockOf(Http2Wire.RequestOf("GET", "/mock")), .. Enumerable.Repeat((byte)0xBE, 8000)];
        await node.FloodEndsAsync(attacker, [Whole(1, head), Whole(3, bomb)]);
        await node.LimitWasHitAsync("h2.maxHeaderList");
    }

    [Fact]
    public async Task A_head_beyond_the_list_size_is_431_and_the_connection_goes_on()
    {
        await using AttackedNode node = await AttackedNode.StartAsync("h2:\n  maxHeaderList: 2KB\n");
        using Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port);
        foreach (int stream in Streams(30))
        {
            await attacker.SendAsync(Http2Wire.HeadersOf(stream, true, Http2Wire.RequestOf("GET", "/mock", ("x", new string('y', 4000)))));
            Http2Frame? head = await attacker.ReadUntilAsync(frame => frame.Stream == stream && frame.Type == Http2Frame.Headers);
            Assert.Equal(431, head!.Status());
        }

        await node.OthersAreServedAsync();
        Assert.Equal(200, await attacker.GetAsync(101, "/mock"));
        await node.LimitWasHitAsync("h2.maxHeaderList", 30);
    }

    public static TheoryData<string> Controls() => [.. Control.Keys];

    private static readonly Dictionary<string, byte[]> Control = new()
    {
        ["SETTINGS"] = Http2Wire.SettingsOf((4, 65535)),
        ["empty SETTINGS"] = Http2Wire.SettingsOf(),
        ["PING"] = Http2Wire.FrameOf(Http2Frame.Ping, 0, 0, new byte[8]),
        ["answers to no PING"] = Http2Wire.FrameOf(Http2Frame.Ping, Http2Frame.Ack, 0, new byte[8]),
        ["PRIORITY"] = Http2Wire.FrameOf(Http2Frame.Priority, 0, 1, [0, 0, 0, 3, 16]),
        ["PRIORITY_UPDATE"] = Http2Wire.FrameOf(16, 0, 0, [0, 0, 0, 1, (byte)'u', (byte)'=', (byte)'1']),
        ["WINDOW_UPDATE"] = Http2Wire.WindowUpdateOf(0, 1),
        ["frames of an unknown type"] = Http2Wire.FrameOf(0x42, 0, 0, []),
    };

    [Theory]
    [MemberData(nameof(Controls))]
    public async Task A_flood_of_control_frames_ends_the_connection(string kind)
    {
        await using AttackedNode node = await AttackedNode.StartAsync();
        using Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port);
        await node.FloodEndsAsync(attacker, Enumerable.Repeat(Control[kind], 20_000));
        await node.LimitWasHitAsync("h2.controlFramesPer10s");
    }

    [Fact]
    public async Task A_flood_of_PING_from_one_who_reads_nothing_ends_the_connection()
    {
        await using AttackedNode node = await AttackedNode.StartAsync();
        using Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port);
        byte[] pings = [.. Enumerable.Repeat(Control["PING"], 100).SelectMany(ping => ping)];
        try
        {
            for (int i = 0; i < 100; i++) await attacker.SendAsync(pings);
        }
        catch (SocketException)
        {
            // Cut off.
        }

        await node.OthersAreServedAsync();
        await node.LimitWasHitAsync("h2.controlFramesPer10s");
    }

    [Fact]
    public async Task A_flood_of_empty_data_ends_the_stream_or_the_connection()
    {
        RawUpstream upstream = Silent();
        await using AttackedNode node = await AttackedNode.StartAsync(upstream: upstream);
        using Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port);
        await attacker.SendAsync(Http2Wire.HeadersOf(1, false, Http2Wire.RequestOf("POST", "/held")));
        await node.FloodEndsAsync(attacker, Enumerable.Repeat(Http2Wire.DataOf(1, false, ""), 20_000));
        await node.LimitWasHitAsync("h2.emptyFrames");
    }

    [Fact]
    public async Task Windows_that_stay_shut_hold_neither_memory_nor_streams()
    {
        const int Held = 100;
        RawUpstream upstream = Http1AttackTests.Large(4 << 20);
        await using AttackedNode node = await AttackedNode.StartAsync("h2:\n  streamStall: 700ms\n", upstream);
        long before = node.Node.ResidentBytes();
        using Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port, (4, 0));
        foreach (int stream in Streams(Held)) await attacker.SendAsync(Get(stream, "/large"));
        await node.OthersAreServedAsync();
        int reset = 0;
        while (reset < Held)
        {
            Http2Frame? frame = await attacker.ReadUntilAsync(Http2Frame.Reset);
            Assert.NotNull(frame);
            reset++;
        }

        Assert.InRange(node.Node.ResidentBytes(), 0, before + (48L << 20));
        await node.LimitWasHitAsync("h2.streamStall", Held);
        await Wait.UntilAsync(() => upstream.Open == 0, "upstream connections are let go");
    }

    [Fact]
    public async Task A_window_opened_a_byte_at_a_time_does_not_count_as_reading()
    {
        RawUpstream upstream = Http1AttackTests.Large(4 << 20);
        await using AttackedNode node = await AttackedNode.StartAsync("timeouts:\n  bodyMinRateGrace: 300ms\nh2:\n  streamStall: 700ms\n  controlFramesPer10s: 1000000\n", upstream);
        using Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port, (4, 0));
        await attacker.SendAsync(Get(1, "/large"));
        Task<Http2Frame?> end = attacker.ReadUntilAsync(frame => frame.Type is Http2Frame.Reset or Http2Frame.GoAway);
        int frames = 0;
        try
        {
            while (!end.IsCompleted && frames < 2000)
            {
                await attacker.SendAsync(Http2Wire.WindowUpdateOf(1, 1));
                frames++;
                await Task.WhenAny(end, Task.Delay(10));
            }
        }
        catch (SocketException)
        {
            // Cut off.
        }

        Assert.True(end.IsCompleted, "The stream was never ended.");
        await node.OthersAreServedAsync();
        await node.LimitWasHitAsync("h2.streamStall");
    }

    [Fact]
    public async Task Who_opens_windows_wide_and_reads_nothing_is_cut_off()
    {
        RawUpstream upstream = Http1AttackTests.Large(64 << 20);
        await using AttackedNode node = await AttackedNode.StartAsync("limits:\n  responseBody: unlimited\ntimeouts:\n  write: 500ms\n", upstream);
        long before = node.Node.ResidentBytes();
        var attackers = new List<Http2Wire>();
        for (int i = 0; i < 10; i++)
        {
            Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port, (4, int.MaxValue));
            attackers.Add(attacker);
            await attacker.SendAsync(Http2Wire.WindowUpdateOf(0, int.MaxValue - 65535));
            foreach (int stream in Streams(10)) await attacker.SendAsync(Get(stream, "/large"));
        }

        await node.OthersAreServedAsync();
        await node.LimitWasHitAsync("timeouts.write", 10);
        Assert.InRange(node.Node.ResidentBytes(), 0, before + (64L << 20));
        await Wait.UntilAsync(() => upstream.Open == 0, "upstream connections are let go");
        attackers.ForEach(attacker => attacker.Dispose());
    }

    [Fact]
    public async Task Slow_heads_are_cut_off_at_their_time_out()
    {
        await using AttackedNode node = await AttackedNode.StartAsync("timeouts:\n  headers: 400ms\n");
        using Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port);
        await node.FloodAsync(attacker, [Http2Wire.FrameOf(Http2Frame.Headers, Http2Frame.EndStream, 1, Http2Wire.BlockOf(Http2Wire.RequestOf("GET", "/mock")))]);
        await node.LimitWasHitAsync("timeouts.headers");
    }

    [Fact]
    public async Task A_preface_that_does_not_end_is_cut_off()
    {
        await using AttackedNode node = await AttackedNode.StartAsync("timeouts:\n  headers: 400ms\n");
        using Wire attacker = await node.Node.ConnectAsync();
        await attacker.SendAsync("PRI * HTTP/2.0\r\n\r\nSM");
        await attacker.ReadToEndAsync(reset: () => { });
        await node.OthersAreServedAsync();
        await node.LimitWasHitAsync("timeouts.headers");
    }

    [Fact]
    public async Task Slow_bodies_end_their_streams_and_let_the_upstream_go()
    {
        const int Slow = 50;
        RawUpstream upstream = RawUpstream.Start(async wire => await wire.ReadToEndAsync());
        await using AttackedNode node = await AttackedNode.StartAsync("timeouts:\n  body: 400ms\n", upstream);
        using Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port);
        foreach (int stream in Streams(Slow))
        {
            await attacker.SendAsync((byte[])[.. Http2Wire.HeadersOf(stream, false, Http2Wire.RequestOf("POST", "/slow")), .. Http2Wire.DataOf(stream, false, "x")]);
        }

        await node.OthersAreServedAsync();
        await node.LimitWasHitAsync("timeouts.body", Slow);
        await Wait.UntilAsync(() => upstream.Open == 0, "upstream connections are let go");
    }

    [Fact]
    public async Task A_connection_that_does_nothing_is_closed()
    {
        await using AttackedNode node = await AttackedNode.StartAsync("timeouts:\n  idle: 1s\n");
        using Http2Wire attacker = await Http2Wire.ConnectAsync(node.Port);
        Http2Frame? last = await node.FloodAsync(attacker, []);
        Assert.Equal(0, last!.Code);
        await node.LimitWasHitAsync("timeouts.idle");
    }

    private static IEnumerable<int> Streams(int count) => Enumerable.Range(0, count).Select(i => (2 * i) + 1);

    private static byte[] Get(int stream, string path) => Http2Wire.HeadersOf(stream, true, Http2Wire.RequestOf("GET", path));

    private static byte[] Whole(int stream, byte[] block) => Http2Wire.FrameOf(Http2Frame.Headers, Http2Frame.EndHeaders | Http2Frame.EndStream, stream, block);

    private static IEnumerable<byte[]> Continued(byte[] first, IEnumerable<byte[]> pieces)
    {
        yield return Http2Wire.FrameOf(Http2Frame.Headers, Http2Frame.EndStream, 1, first);
        foreach (byte[] piece in pieces) yield return Http2Wire.FrameOf(Http2Frame.Continuation, 0, 1, piece);
    }

    /// <summary>An upstream that takes requests and answers none.</summary>
    private static RawUpstream Silent() => RawUpstream.Start(async wire => await wire.ReadToEndAsync());
}
