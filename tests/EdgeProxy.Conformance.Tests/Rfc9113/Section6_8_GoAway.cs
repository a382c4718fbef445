using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 6.8: how a connection is left.</summary>
public sealed class Section6_8_GoAway
{
    private readonly LoopSignal<int> _gate = new();

    [Fact]
    public void A_drain_first_asks_for_no_more_and_serves_what_is_on_its_way()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Get(1, "/a"));
        stage.Server.BeginDrain();
        stage.Server.CloseIdle();
        stage.Loop.Run();
        List<Http2Frame> frames = client.TakeFrames();
        Assert.Equal("GOAWAY 2147483647 NoError", frames[0].ToString());
        Assert.Equal(FrameType.Ping, frames[1].Type);

        // Sent before the client saw it: served like any other.
        Assert.Contains("DATA 3 END GET /b", client.Say(Http2Bytes.Get(3, "/b")));

        // The client's answer to the PING tells that it has seen it: now the last stream is named.
        Assert.Equal(["GOAWAY 3 NoError"], client.Say(Http2Bytes.Frame(FrameType.Ping, FrameFlags.Ack, 0, frames[1].Payload)));
        Assert.True(client.IsEnded);
    }

    [Fact]
    public void After_the_last_GOAWAY_later_streams_are_ignored_and_earlier_ones_served_to_their_end()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = WaitAsync;
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Get(1, "/a"));
        Http2Frame ping = Drain(stage, client);
        Assert.Equal(["GOAWAY 1 NoError"], client.Say(Http2Bytes.Frame(FrameType.Ping, FrameFlags.Ack, 0, ping.Payload)));
        Assert.Empty(client.Say(Http2Bytes.Post(3, "/b"), Http2Bytes.Data(3, "x", end: true)));
        Assert.False(client.IsEnded);
        _gate.Set(0);
        stage.Loop.Run();
        Assert.Contains("DATA 1 END late", client.Lines());
        Assert.True(client.IsEnded);
        client.Connection.DeliverEnd();
        stage.Loop.Run();
        Assert.Equal(0, stage.Server.Open);
    }

    [Fact]
    public void A_client_that_does_not_answer_the_PING_is_told_the_last_stream_all_the_same()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        Drain(stage, client);
        stage.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["GOAWAY 0 NoError"], client.Lines());
    }

    [Fact]
    public void A_request_on_a_draining_node_begins_the_drain_of_its_connection()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        stage.Server.BeginDrain();
        string[] lines = client.Say(Http2Bytes.Get(1, "/a"));
        Assert.Contains("GOAWAY 2147483647 NoError", lines);
        Assert.Contains("DATA 1 END GET /a", lines);
    }

    [Fact]
    public void A_connection_that_had_its_share_of_requests_is_left()
    {
        using var stage = new Http2Stage(new ServerOptions { RequestsPerConnection = 2 });
        Http2Peer client = stage.Open();
        Assert.DoesNotContain("GOAWAY 2147483647 NoError", client.Say(Http2Bytes.Get(1, "/a")));
        Assert.Contains("GOAWAY 2147483647 NoError", client.Say(Http2Bytes.Get(3, "/b")));
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"limits.requestsPerConnection\"}"));
        Assert.Equal(1, stage.Count("edgeproxy_h2_goaways_total{code=\"no_error\"}"));
    }

    [Fact]
    public void A_connection_of_its_age_is_left_once_what_is_under_way_has_ended()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { ConnectionAge = 20_000_000_000 } });
        stage.Handler.Script = WaitAsync;
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Get(1, "/a"));
        stage.Loop.Advance(TimeSpan.FromSeconds(19));
        Assert.Empty(client.Lines());
        stage.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("GOAWAY 2147483647 NoError", client.Lines());
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"h2.connectionAge\"}"));
        stage.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.False(client.IsEnded);
        _gate.Set(0);
        stage.Loop.Run();
        Assert.Contains("DATA 1 END late", client.Lines());
        Assert.True(client.IsEnded);
    }

    [Fact]
    public void A_clients_GOAWAY_lets_its_streams_end_and_then_the_connection()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = WaitAsync;
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Get(1, "/a"));
        Assert.Equal(["GOAWAY 1 NoError"], client.Say(Http2Bytes.GoAway(0)));
        _gate.Set(0);
        stage.Loop.Run();
        Assert.Contains("DATA 1 END late", client.Lines());
        Assert.True(client.IsEnded);
    }

    [Fact]
    public void An_idle_connection_is_left_with_GOAWAY()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Get(1, "/a"));
        stage.Loop.Advance(TimeSpan.FromSeconds(74));
        Assert.Empty(client.Lines());
        stage.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["GOAWAY 1 NoError"], client.Lines());
        Assert.True(client.IsEnded);
        stage.Loop.Advance(TimeSpan.FromSeconds(3));
        Assert.True(client.Connection.IsClosed);
        Assert.Equal(1, stage.Count("edgeproxy_connections_closed_total{listener=\"data\",reason=\"idle_timeout\"}"));
    }

    [Fact]
    public void A_connection_that_serves_something_is_not_idle()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = WaitAsync;
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Get(1, "/a"));
        stage.Loop.Advance(TimeSpan.FromSeconds(200));
        Assert.Empty(client.Lines());
        _gate.Set(0);
        stage.Loop.Run();
        Assert.Contains("DATA 1 END late", client.Lines());
    }

    [Fact]
    public void What_is_cut_at_the_end_of_a_drain_is_told_so()
    {
        using var stage = new Http2Stage();
        AbortReason aborted = AbortReason.None;
        stage.Handler.Script = async exchange =>
        {
            await exchange.ReadBodyAsync();
            aborted = exchange.Aborted;
        };
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Post(1, "/a"));
        stage.Server.CutAll();
        stage.Loop.Run();
        Assert.Equal(["GOAWAY 1 NoError"], client.Lines());
        Assert.True(client.Connection.IsClosed);
        Assert.Equal(AbortReason.Drained, aborted);
        Assert.Equal(0, stage.Server.Open);
        Assert.Equal(0, stage.Count("edgeproxy_h2_streams"));
    }

    private static Http2Frame Drain(Http2Stage stage, Http2Peer client)
    {
        stage.Server.BeginDrain();
        stage.Server.CloseIdle();
        stage.Loop.Run();
        return client.TakeFrames()[^1];
    }

    private async LoopTask WaitAsync(Exchange exchange)
    {
        await _gate.WaitAsync();
        await ScriptedHandler.AnswerAsync(exchange, 200, "late");
    }
}
