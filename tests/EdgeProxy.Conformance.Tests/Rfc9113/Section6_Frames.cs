using EdgeProxy.Conformance.Tests.Rfc7541;
using EdgeProxy.Http.Http2.Frames;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>What section 6 asks of each frame type, as far as the frame alone tells.</summary>
public sealed class Section6_Frames
{
    [Theory]
    [InlineData("000003 00 00 00000001 616263", 0, 3)]
    [InlineData("000000 00 01 00000001", 0, 0)]
    [InlineData("000006 00 08 00000001 02 616263 0000", 1, 3)]
    [InlineData("000003 00 08 00000001 02 0000", 1, 0)]
    [InlineData("000001 00 08 00000001 00", 1, 0)]
    public void Section_6_1_data_is_found_before_its_padding(string hex, int start, int length)
    {
        byte[] bytes = Blocks.Hex(hex);
        Assert.Equal(Frames.None, Frames.Judge(hex));
        Assert.True(FrameHeader.TryRead(bytes, out FrameHeader header));

        // The first octet of the payload is all it takes.
        ReadOnlySpan<byte> payload = bytes.AsSpan(9, Math.Min(1, bytes.Length - 9));
        Assert.Equal(Frames.None, DataFrame.Read(header, payload, out FramePart data));
        Assert.Equal(new FramePart(start, length), data);
    }

    [Theory]
    [InlineData("000001 00 08 00000001 01")]
    [InlineData("000003 00 08 00000001 03 0000")]
    [InlineData("000003 00 08 00000001 ff 0000")]
    [InlineData("000000 00 00 00000000")] // on stream 0
    public void Section_6_1_wrong_data_frames_end_the_connection(string hex) => Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, hex);

    [Theory]
    [InlineData("000001 01 04 00000001 82", 0, 1)]
    [InlineData("000006 01 24 00000001 80000000ff 82", 5, 1)]
    [InlineData("000004 01 0c 00000001 02 82 0000", 1, 1)]
    [InlineData("000009 01 2c 00000001 02 0000000000 82 0000", 6, 1)]
    [InlineData("000000 01 04 00000001", 0, 0)]
    public void Section_6_2_the_fragment_is_found_between_priority_and_padding(string hex, int start, int length)
    {
        byte[] bytes = Blocks.Hex(hex);
        Assert.True(FrameHeader.TryRead(bytes, out FrameHeader header));
        Assert.Equal(Frames.None, header.Check(Http2Role.Client, FrameHeader.LeastMaxFrameSize));
        Assert.Equal(Frames.None, HeadersFrame.Read(header, bytes.AsSpan(9), out FramePart fragment));
        Assert.Equal(new FramePart(start, length), fragment);
    }

    [Theory]
    [InlineData("000001 01 0c 00000001 01")]
    [InlineData("000007 01 2c 00000001 02 0000000000 82")]
    [InlineData("000001 01 04 00000000 82")] // on stream 0
    public void Section_6_2_wrong_headers_frames_end_the_connection(string hex) => Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, hex);

    [Fact]
    public void Section_6_3_priority_of_stream_0_ends_the_connection() =>
        Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, "000005 02 00 00000000 0000000000");

    [Theory]
    [InlineData("000004 02 00 00000001 00000000")]
    [InlineData("000006 02 00 00000001 000000000000")]
    public void Section_6_3_priority_of_another_length_ends_the_stream(string hex) => Frames.AssertEndsStream(Http2ErrorCode.FrameSizeError, hex);

    [Fact]
    public void Section_5_3_2_priority_is_let_pass_whatever_it_says() => Assert.Equal(Frames.None, Frames.Judge("000005 02 00 00000001 00000001ff"));

    [Fact]
    public void Section_6_4_rst_stream_has_a_stream_and_four_octets()
    {
        Assert.Equal(Frames.None, Frames.Judge("000004 03 00 00000001 00000008"));
        Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, "000004 03 00 00000000 00000008");
        Frames.AssertEndsConnection(Http2ErrorCode.FrameSizeError, "000003 03 00 00000001 000000");
        Frames.AssertEndsConnection(Http2ErrorCode.FrameSizeError, "000005 03 00 00000001 0000000000");
        Assert.Equal(Http2ErrorCode.Cancel, RstStreamFrame.Read([0, 0, 0, 8]));
        Assert.Equal((Http2ErrorCode)0xFFFFFFFF, RstStreamFrame.Read([255, 255, 255, 255])); // section 7: unknown codes mean nothing special
    }

    [Fact]
    public void Section_6_5_settings_are_of_the_connection_and_come_in_sixes()
    {
        Assert.Equal(Frames.None, Frames.Judge("000000 04 00 00000000"));
        Assert.Equal(Frames.None, Frames.Judge("000000 04 01 00000000"));
        Frames.AssertEndsConnection(Http2ErrorCode.FrameSizeError, "000006 04 01 00000000 000300000064"); // an acknowledgement says nothing
        Frames.AssertEndsConnection(Http2ErrorCode.FrameSizeError, "000005 04 00 00000000 0003000000");
        Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, "000000 04 00 00000001");
    }

    [Theory]
    [InlineData("0002 00000000", true)]
    [InlineData("0002 00000001", true)]
    [InlineData("0002 00000002", false)]
    [InlineData("0005 00003fff", false)]
    [InlineData("0005 00004000", true)]
    [InlineData("0005 00ffffff", true)]
    [InlineData("0005 01000000", false)]
    [InlineData("0004 7fffffff", true)]
    [InlineData("0001 ffffffff", true)]
    [InlineData("0003 00000000", true)]
    [InlineData("0006 00000000", true)]
    [InlineData("0008 00000001", true)]
    [InlineData("0008 00000002", false)]
    [InlineData("0009 00000001", true)]
    [InlineData("0009 00000002", false)]
    [InlineData("0007 ffffffff", true)] // nobody defined it
    [InlineData("ffff ffffffff", true)]
    public void Section_6_5_2_values_have_their_ranges(string setting, bool allowed)
    {
        string hex = "000006 04 00 00000000" + setting;
        if (allowed) Assert.Equal(Frames.None, Frames.Judge(hex));
        else Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, hex);
    }

    [Fact]
    public void Section_6_5_2_a_window_over_31_bits_is_a_flow_control_error() =>
        Frames.AssertEndsConnection(Http2ErrorCode.FlowControlError, "000006 04 00 00000000 0004 80000000");

    [Fact]
    public void Section_6_5_2_a_server_may_not_ask_for_pushes()
    {
        Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, "000006 04 00 00000000 0002 00000001", Http2Role.Server);
        Assert.Equal(Frames.None, Frames.Judge("000006 04 00 00000000 0002 00000000", Http2Role.Server));
    }

    [Fact]
    public void Section_6_5_2_what_holds_before_any_setting()
    {
        var settings = new Http2Settings();
        Assert.Equal(4096u, settings.HeaderTableSize);
        Assert.True(settings.EnablePush);
        Assert.Equal(uint.MaxValue, settings.MaxConcurrentStreams);
        Assert.Equal(65535, settings.InitialWindowSize);
        Assert.Equal(16384, settings.MaxFrameSize);
        Assert.Equal(uint.MaxValue, settings.MaxHeaderListSize);
    }

    [Fact]
    public void Section_6_5_3_settings_are_taken_in_the_order_they_came()
    {
        byte[] payload = Blocks.Hex("0003 00000064 0004 00000001 0003 00000007");
        var settings = new Http2Settings();
        Assert.Equal(3, SettingsFrame.Count(payload));
        for (int i = 0; i < 3; i++) Assert.True(settings.Apply(SettingsFrame.Read(payload, i), Http2Role.Client).IsNone);
        Assert.Equal((7u, 1), (settings.MaxConcurrentStreams, settings.InitialWindowSize));
    }

    [Fact]
    public void Section_6_6_push_promise_comes_from_nobody()
    {
        Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, "000005 05 04 00000001 00000002 82");
        Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, "000005 05 04 00000001 00000002 82", Http2Role.Server);
    }

    [Fact]
    public void Section_6_7_ping_is_of_the_connection_and_has_eight_octets()
    {
        Assert.Equal(Frames.None, Frames.Judge("000008 06 00 00000000 0000000000000000"));
        Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, "000008 06 00 00000001 0000000000000000");
        Frames.AssertEndsConnection(Http2ErrorCode.FrameSizeError, "000007 06 00 00000000 00000000000000");
        Frames.AssertEndsConnection(Http2ErrorCode.FrameSizeError, "000009 06 01 00000000 000000000000000000");
    }

    [Fact]
    public void Section_6_8_goaway_is_of_the_connection_and_names_a_stream_and_a_code()
    {
        Assert.Equal(Frames.None, Frames.Judge("00000b 07 00 00000000 80000003 0000000b 627965"));
        Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, "000008 07 00 00000001 00000003 00000000");
        Frames.AssertEndsConnection(Http2ErrorCode.FrameSizeError, "000007 07 00 00000000 00000003 000000");
        Assert.Equal(new GoAwayFrame(new StreamId(3), Http2ErrorCode.EnhanceYourCalm), GoAwayFrame.Read(Blocks.Hex("80000003 0000000b")));
    }

    [Fact]
    public void Section_6_9_a_window_grows_by_1_to_31_bits()
    {
        Assert.Equal(Frames.None, Frames.Judge("000004 08 00 00000000 00000001"));
        Assert.Equal(Frames.None, Frames.Judge("000004 08 00 00000001 ffffffff"));
        Frames.AssertEndsStream(Http2ErrorCode.ProtocolError, "000004 08 00 00000001 00000000");
        Frames.AssertEndsStream(Http2ErrorCode.ProtocolError, "000004 08 00 00000001 80000000");
        Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, "000004 08 00 00000000 00000000");
        Frames.AssertEndsConnection(Http2ErrorCode.FrameSizeError, "000003 08 00 00000001 000000");
        Frames.AssertEndsConnection(Http2ErrorCode.FrameSizeError, "000005 08 00 00000000 0000000000");
    }

    [Fact]
    public void Section_6_10_continuation_has_a_stream()
    {
        Assert.Equal(Frames.None, Frames.Judge("000001 09 04 00000001 82"));
        Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, "000001 09 04 00000000 82");
    }

    [Fact]
    public void Rfc_9218_7_1_priority_update_is_a_clients_and_names_a_clients_stream()
    {
        Assert.Equal(Frames.None, Frames.Judge("000007 10 00 00000000 00000005 753d31"));
        Assert.Equal(Frames.None, PriorityUpdateFrame.Read(Blocks.Hex("80000005 753d312c 2069"), out StreamId stream, out StreamPriority priority));
        Assert.Equal((new StreamId(5), new StreamPriority(1, true)), (stream, priority));
        Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, "000004 10 00 00000000 00000000");
        Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, "000004 10 00 00000001 00000001");
        Frames.AssertEndsConnection(Http2ErrorCode.FrameSizeError, "000003 10 00 00000000 000000");
        Frames.AssertEndsConnection(Http2ErrorCode.ProtocolError, "000004 10 00 00000000 00000001", Http2Role.Server);
    }
}
