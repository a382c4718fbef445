using EdgeProxy.Http.Http2.Frames;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

public sealed class Section4_2_FrameSize
{
    [Fact]
    public void One_octet_over_the_maximum_is_a_frame_size_error_whatever_the_type()
    {
        for (int type = 0; type < 256; type++)
        {
            var header = new FrameHeader(16385, (FrameType)type, FrameFlags.None, new StreamId(1));
            Http2Violation violation = header.Check(Http2Role.Client, 16384);
            Assert.Equal((ViolationScope.Connection, Http2ErrorCode.FrameSizeError), (violation.Scope, violation.Code));
        }

        Assert.True(new FrameHeader(16384, FrameType.Data, FrameFlags.None, new StreamId(1)).Check(Http2Role.Client, 16384).IsNone);
        Assert.True(new FrameHeader(16385, FrameType.Data, FrameFlags.None, new StreamId(1)).Check(Http2Role.Client, 16385).IsNone);
    }

    [Theory]
    [InlineData("000000 00 08 00000001")] // DATA that should begin with a padding length
    [InlineData("000000 01 0c 00000001")] // HEADERS likewise
    [InlineData("000004 01 24 00000001 00000000")] // HEADERS without room for its priority
    [InlineData("000005 01 2c 00000001 0000000000")] // and for both
    public void A_frame_too_small_for_what_its_flags_promise_is_a_frame_size_error(string hex) =>
        Frames.AssertEndsConnection(Http2ErrorCode.FrameSizeError, hex);
}
