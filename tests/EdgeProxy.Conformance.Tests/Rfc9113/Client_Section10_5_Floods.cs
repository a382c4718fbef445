using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 10.5, of the client that calls upstreams: a server that makes work and sends nothing is left.</summary>
public sealed class Client_Section10_5_Floods
{
    [Theory]
    [InlineData(FrameType.Ping, 0u, 8)]
    [InlineData(FrameType.Settings, 0u, 0)]
    [InlineData(FrameType.Priority, 3u, 5)]
    [InlineData(FrameType.Data, 3u, 0)]
    [InlineData(FrameType.Data, 1u, 10)] // of a stream that is over
    [InlineData((FrameType)0x77, 0u, 1)]
    public void Frames_that_carry_nothing(FrameType type, uint stream, int length)
    {
        using var stage = new Http2ClientStage(new UpstreamOptions { ControlFramesPer10s = 20 });
        (UpstreamOutcome? outcome, List<string> sent, bool isClosed) = stage.Provoke(peer =>
        {
            peer.Head(3, 200);
            for (int i = 0; i < 200; i++) peer.Frame(type, FrameFlags.None, stream, new byte[length]);
        });
        Assert.True(isClosed);
        Assert.Equal("GOAWAY EnhanceYourCalm", sent[^1]);
        Assert.Equal(UpstreamOutcome.Ok, outcome); // its head was there before
    }

    [Fact]
    public void Updates_of_windows_that_nothing_called_for()
    {
        using var stage = new Http2ClientStage(new UpstreamOptions { ControlFramesPer10s = 20 });
        (_, List<string> sent, bool isClosed) = stage.Provoke(peer =>
        {
            for (int i = 0; i < 200; i++) peer.Window(3, 1);
        });
        Assert.True(isClosed);
        Assert.Equal("GOAWAY EnhanceYourCalm", sent[^1]);
    }

    [Fact]
    public void A_head_continued_without_end()
    {
        using var stage = new Http2ClientStage();
        (_, List<string> sent, bool isClosed) = stage.Provoke(peer =>
        {
            peer.Frame(FrameType.Headers, FrameFlags.None, 3, 0x88);
            for (int i = 0; i < 9; i++) peer.Frame(FrameType.Continuation, FrameFlags.None, 3, Http2UpstreamPeer.RawBlock(("x-a", "1")));
        });
        Assert.True(isClosed);
        Assert.Equal("GOAWAY EnhanceYourCalm", sent[^1]);
    }

    [Fact]
    public void A_head_continued_in_large_frames_is_not_gathered()
    {
        using var stage = new Http2ClientStage();
        (_, List<string> sent, bool isClosed) = stage.Provoke(peer =>
        {
            peer.Frame(FrameType.Headers, FrameFlags.None, 3, 0x88);
            for (int i = 0; i < 5; i++) peer.Frame(FrameType.Continuation, FrameFlags.None, 3, new byte[16_000]);
        });
        Assert.True(isClosed);
        Assert.Equal("GOAWAY EnhanceYourCalm", sent[^1]);
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_small_block_that_stands_for_a_large_head()
    {
        using var stage = new Http2ClientStage();

        // One literal of 4,000 bytes enters the table, and an octet each names it again.
        byte[] value = new byte[4000];
        value.AsSpan().Fill((byte)'x');
        byte[] block = [0x88, 0x40, 1, (byte)'a', 0x7F, 0xA1, 0x1E, .. value, .. Enumerable.Repeat((byte)0xBE, 12_000)];
        (_, List<string> sent, bool isClosed) = stage.Provoke(peer => peer.Frame(FrameType.Headers, FrameFlags.EndHeaders, 3, [.. block.Take(16_384)]));
        Assert.True(isClosed);
        Assert.Equal("GOAWAY EnhanceYourCalm", sent[^1]);
    }

    [Fact]
    public void A_server_that_reads_nothing_holds_up_no_memory_without_bound()
    {
        using var stage = new Http2ClientStage(new UpstreamOptions { MaxConnections = 1 });
        Http2UpstreamPeer peer = stage.Warm((Http2Setting.InitialWindowSize, int.MaxValue), (Http2Setting.MaxConcurrentStreams, 100_000));
        peer.Window(0, int.MaxValue - 65_535);
        stage.Loop.Run();
        peer.Connection.SendRoom = 0;
        for (int i = 0; i < 200; i++)
        {
            UpstreamCall call = stage.Get("/" + i);
            call.Headers.Add("x-large"u8, System.Text.Encoding.ASCII.GetBytes(new string('x', 3000)));
            stage.Send(call);
        }

        // As soon as the output is full no stream is opened any more: the calls wait in line.
        Assert.InRange(int.Parse(stage.Metric("edgeproxy_upstream_streams{upstream=\"http://127.0.0.1:9000\"}")!, System.Globalization.CultureInfo.InvariantCulture), 1, 100);
        peer.Connection.MakeRoom(long.MaxValue);
        stage.Loop.Run();
        Assert.Equal("200", stage.Metric("edgeproxy_upstream_streams{upstream=\"http://127.0.0.1:9000\"}"));
    }

    [Fact]
    public void A_server_that_answers_a_byte_at_a_time_gets_no_more_time()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall call = stage.Get("/a");
        call.Deadline = stage.Loop.Now + stage.Second;
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        peer.Head(3, 200);
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        LoopTask<(string? Body, BodyStatus Status)> reading = ScriptedHandler.ReadAllAsync(call);
        for (int i = 0; i < 30 && !reading.IsCompleted; i++)
        {
            peer.Data(3, "x");
            stage.Loop.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(BodyStatus.TimedOut, stage.Loop.Await(reading).Status);
    }
}
