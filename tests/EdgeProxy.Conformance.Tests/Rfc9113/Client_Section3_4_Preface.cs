using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 3.3, 3.4 and 8.4, of the client that calls upstreams.</summary>
public sealed class Client_Section3_4_Preface
{
    [Fact]
    public void Begins_with_the_preface_and_settings_and_does_not_wait_for_the_servers()
    {
        using var stage = new Http2ClientStage();
        stage.Send(stage.Get("/"));
        List<string> sent = stage.Peer().Take();
        Assert.Equal("PREFACE", sent[0]);
        Assert.StartsWith("SETTINGS ", sent[1], StringComparison.Ordinal);
        Assert.StartsWith("HEADERS 1 ", sent[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_no_pushes()
    {
        using var stage = new Http2ClientStage();
        stage.Send(stage.Get("/"));
        Assert.Contains("EnablePush=0", stage.Peer().Take()[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("\0\0\u0004\u0003\0\0\0\0\u0001\0\0\0\0")] // RST_STREAM
    [InlineData("\0\0\0\u0004\u0001\0\0\0\0")] // an acknowledgement
    public void A_server_that_does_not_begin_with_settings_is_none(string bytes)
    {
        using var stage = new Http2ClientStage();
        LoopTask<UpstreamOutcome> sending = stage.Send(stage.Get("/"));
        stage.Peer().Connection.Deliver(bytes);
        Assert.Equal(UpstreamOutcome.Malformed, stage.Loop.Await(sending));
        Assert.True(stage.Peer().Connection.IsClosed);
        Assert.StartsWith("GOAWAY ", stage.Peer().Take()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_never_sends_settings_is_not_waited_for()
    {
        using var stage = new Http2ClientStage(new UpstreamOptions { ConnectTimeout = 2_000_000_000 });
        LoopTask<UpstreamOutcome> sending = stage.Send(stage.Get("/"));
        stage.Loop.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(UpstreamOutcome.Malformed, stage.Loop.Await(sending));
        Assert.Equal("GOAWAY SettingsTimeout", stage.Peer().Take()[^1]);
    }

    [Fact]
    public void Acknowledges_settings_and_takes_an_acknowledgement()
    {
        using var stage = new Http2ClientStage();
        stage.Send(stage.Get("/"));
        stage.Peer().Take();
        stage.Peer().Settings((Http2Setting.MaxFrameSize, 32768)).Frame(FrameType.Settings, FrameFlags.Ack, 0);
        stage.Loop.Run();
        Assert.Equal(["SETTINGS ACK"], stage.Peer().Take());
        Assert.False(stage.Peer().Connection.IsClosed);
    }
}
