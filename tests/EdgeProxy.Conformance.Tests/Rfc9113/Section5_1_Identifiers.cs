using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 5.1.1 and 5.1.2: the numbers of streams, and how many may be open.</summary>
public sealed class Section5_1_Identifiers
{
    private readonly LoopSignal<int> _gate = new();

    [Fact]
    public void An_even_number_is_a_connection_error()
    {
        using var stage = new Http2Stage();
        Assert.Equal(["GOAWAY 0 ProtocolError"], stage.Open().Say(Http2Bytes.Get(2, "/a")));
    }

    [Fact]
    public void Numbers_may_be_left_out_but_never_go_back()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        Assert.Contains("DATA 5 END GET /a", client.Say(Http2Bytes.Get(5, "/a")));
        Assert.Equal("GOAWAY 5 StreamClosed", client.Say(Http2Bytes.Get(3, "/b"))[^1]);
    }

    [Fact]
    public void The_last_number_there_is_can_be_used()
    {
        using var stage = new Http2Stage();
        Assert.Contains("DATA 2147483647 END GET /a", stage.Open().Say(Http2Bytes.Get(int.MaxValue, "/a")));
    }

    [Fact]
    public void More_streams_at_once_than_announced_are_refused_unserved()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { MaxConcurrentStreams = 2 } });
        stage.Handler.Script = async exchange =>
        {
            await exchange.Loop.YieldAsync();
            if (!_gate.IsWaiting) await _gate.WaitAsync();
            await ScriptedHandler.AnswerAsync(exchange, 200, "ok");
        };
        Http2Peer client = stage.Open();
        string[] lines = client.Say(Http2Bytes.Get(1, "/a"), Http2Bytes.Get(3, "/b"), Http2Bytes.Get(5, "/c"));
        Assert.Contains("RST_STREAM 5 RefusedStream", lines);
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"h2.maxConcurrentStreams\"}"));
        _gate.Set(0);
        stage.Loop.Run();
        client.Lines();
        Assert.DoesNotContain("RST_STREAM 7 RefusedStream", client.Say(Http2Bytes.Get(7, "/d")));
    }

    [Fact]
    public void The_limit_is_announced()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { MaxConcurrentStreams = 1000 } });
        Http2Peer client = stage.Connect();
        client.Send(Http2Bytes.Preface);
        byte[] payload = client.TakeFrames()[0].Payload;
        Assert.Equal([0, 3, 0, 0, 3, 232], payload[..6]);
    }
}
