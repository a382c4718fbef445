using EdgeProxy.Http.Http2;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Http.Http2;

public sealed class Http2ConnectionTests
{
    [Fact]
    public void A_stream_whose_reset_ends_the_connection_is_let_go_once()
    {
        using var stage = new Http2Stage(new ServerOptions { Http2 = new Http2Options { OutputFrames = 5 } });
        Http2Peer client = stage.Open();

        // Answered before they are whole, all of them are reset at the end of the turn; the sixth reset is one too many.
        client.Send([.. Enumerable.Range(0, 20).Select(i => Http2Bytes.Headers(1 + (2 * i), end: false, ":method=GET", ":scheme=http", ":authority=x", ":path=/"))]);
        Assert.Contains(client.Lines(), line => line.StartsWith("GOAWAY", StringComparison.Ordinal));
        Assert.Equal(0, stage.Count("edgeproxy_h2_streams"));
        Assert.Equal(1, stage.Count("edgeproxy_limit_hits_total{limit=\"h2.outputFrames\"}"));
        client.Connection.DeliverEnd();
        stage.Loop.Run();
        Assert.True(client.Connection.IsClosed);
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }
}
