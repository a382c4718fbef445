using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 6.5: SETTINGS are taken in order and acknowledged.</summary>
public sealed class Section6_5_Settings
{
    [Fact]
    public void Each_frame_is_acknowledged_once()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        Assert.Equal(["SETTINGS ACK", "SETTINGS ACK"], client.Say(Http2Bytes.Settings((4, 5)), Http2Bytes.Settings()));
    }

    [Theory]
    [InlineData(2, 2u, "ProtocolError")]
    [InlineData(4, 0x80000000u, "FlowControlError")]
    [InlineData(5, 16_383u, "ProtocolError")]
    [InlineData(5, 16_777_216u, "ProtocolError")]
    public void A_value_out_of_range_is_a_connection_error(int setting, uint value, string code)
    {
        using var stage = new Http2Stage();
        Assert.Equal([$"GOAWAY 0 {code}"], stage.Open().Say(Http2Bytes.Settings((setting, value))));
    }

    [Fact]
    public void An_unknown_setting_is_ignored()
    {
        using var stage = new Http2Stage();
        Assert.Equal(["SETTINGS ACK"], stage.Open().Say(Http2Bytes.Settings((0x99, 7))));
    }

    [Fact]
    public void Of_a_setting_that_comes_twice_the_last_value_counts()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, "abcdef");
        Http2Peer client = stage.Open();
        Assert.Equal(["SETTINGS ACK"], client.Say(Http2Bytes.Settings((4, 100), (4, 2))));
        Assert.Equal("DATA 1 ab", client.Say(Http2Bytes.Get(1, "/a"))[^1]);
    }

    [Fact]
    public void A_client_that_does_not_acknowledge_ours_in_time_is_left()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Connect();
        client.Say(Http2Bytes.Preface, Http2Bytes.Settings());
        stage.Loop.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(["GOAWAY 0 SettingsTimeout"], client.Lines());
        Assert.True(client.IsEnded);
    }

    [Fact]
    public void A_smaller_table_of_the_client_is_followed()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Get(1, "/a"));
        client.Say(Http2Bytes.Settings((1, 0)));
        byte[] block = client.OnlyHead(Http2Bytes.Get(3, "/a"));
        Assert.Equal(0x20, block[0]); // a size update to 0
    }
}
