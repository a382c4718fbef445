using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 3.3 and 3.4: how a connection begins.</summary>
public sealed class Section3_4_ConnectionPreface
{
    [Fact]
    public void The_servers_first_frame_is_SETTINGS()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Connect();
        string[] lines = client.Say(Http2Bytes.Preface, Http2Bytes.Settings());
        Assert.Equal(["SETTINGS", "WINDOW_UPDATE 0 983041", "SETTINGS ACK"], lines);
    }

    [Fact]
    public void The_servers_settings_come_before_the_clients_are_there()
    {
        using var stage = new Http2Stage();
        Assert.Equal("SETTINGS", stage.Connect().Say(Http2Bytes.Preface)[0]);
    }

    [Fact]
    public void A_connection_begun_with_the_preface_is_taken_as_HTTP_2_however_its_bytes_are_split()
    {
        byte[] script = [.. Http2Bytes.Preface, .. Http2Bytes.Settings((3, 10)), .. Http2Bytes.SettingsAck, .. Http2Bytes.Get(1, "/a"), .. Http2Bytes.Post(3, "/b"), .. Http2Bytes.PaddedData(3, "body", 7, end: true)];
        for (int split = 1; split < script.Length; split++)
        {
            using var stage = new Http2Stage();
            Http2Peer client = stage.Connect();
            client.Send(script[..split]);
            client.Send(script[split..]);
            string[] lines = client.Lines();
            Assert.Contains("DATA 1 END GET /a", lines);
            Assert.Contains("DATA 3 END POST /b body", lines);
            Assert.Equal(0, stage.Loop.Buffers.Leased);
        }
    }

    [Fact]
    public void Byte_by_byte_the_same_requests_are_read()
    {
        byte[] script = [.. Http2Bytes.Preface, .. Http2Bytes.Settings(), .. Http2Bytes.SettingsAck, .. Http2Bytes.Continued(1, true, 5, ":method=GET", ":scheme=http", ":authority=x", ":path=/a"), .. Http2Bytes.Post(3, "/b"), .. Http2Bytes.Data(3, "body", end: true)];
        using var stage = new Http2Stage(new ServerOptions { Http2 = new() { ContinuationFrames = 100 } });
        Http2Peer client = stage.Connect();
        foreach (byte one in script) client.Send([one]);
        string[] lines = client.Lines();
        Assert.Contains("DATA 1 END GET /a", lines);
        Assert.Contains("DATA 3 END POST /b body", lines);
    }

    [Fact]
    public void Another_first_frame_than_SETTINGS_is_a_connection_error()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Connect();
        string[] lines = client.Say(Http2Bytes.Preface, Http2Bytes.Ping("12345678"));
        Assert.Equal("GOAWAY 0 ProtocolError", lines[^1]);
        Assert.True(client.IsEnded);
    }

    [Fact]
    public void An_acknowledgement_is_not_the_clients_SETTINGS()
    {
        using var stage = new Http2Stage();
        Assert.Equal("GOAWAY 0 ProtocolError", stage.Connect().Say(Http2Bytes.Preface, Http2Bytes.SettingsAck)[^1]);
    }

    [Fact]
    public void A_wrong_preface_is_answered_as_the_HTTP_1_request_it_looks_like()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Connect();
        client.Connection.Deliver("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
        stage.Loop.Run();
        Assert.StartsWith("HTTP/1.1 505 ", client.Connection.TakeSent(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_listener_without_HTTP_2_does_not_take_the_preface()
    {
        using var stage = new Http2Stage(new ServerOptions { ServesHttp2 = false });
        Http2Peer client = stage.Connect();
        client.Send(Http2Bytes.Preface);
        Assert.StartsWith("HTTP/1.1 505 ", client.Connection.TakeSent(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_preface_that_stops_half_way_is_waited_for_as_long_as_for_a_head()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Connect();
        client.Send(Http2Bytes.Preface[..10]);
        stage.Loop.Advance(TimeSpan.FromSeconds(11));
        Assert.StartsWith("HTTP/1.1 408 ", client.Connection.TakeSent(), StringComparison.Ordinal);
    }

    [Fact]
    public void HTTP_1_requests_are_served_by_the_same_listener()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Connect();
        client.Connection.Deliver("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
        stage.Loop.Run();
        Assert.StartsWith("HTTP/1.1 200 ", client.Connection.TakeSent(), StringComparison.Ordinal);
        client.Send(Http2Bytes.Preface);
        Assert.StartsWith("HTTP/1.1 505 ", client.Connection.TakeSent(), StringComparison.Ordinal);
    }
}
