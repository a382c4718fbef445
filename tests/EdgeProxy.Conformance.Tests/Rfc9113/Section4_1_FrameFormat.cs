using EdgeProxy.Conformance.Tests.Rfc7541;
using EdgeProxy.Http.Http2.Frames;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

public sealed class Section4_1_FrameFormat
{
    [Fact]
    public void A_header_is_nine_octets()
    {
        byte[] bytes = Blocks.Hex("123456 01 25 00000103 ff");
        for (int length = 0; length < 9; length++) Assert.False(FrameHeader.TryRead(bytes.AsSpan(0, length), out _));
        Assert.True(FrameHeader.TryRead(bytes, out FrameHeader header));
        Assert.Equal(new FrameHeader(0x123456, FrameType.Headers, FrameFlags.EndStream | FrameFlags.EndHeaders | FrameFlags.Priority, new StreamId(0x103)), header);
    }

    [Fact]
    public void The_reserved_bit_is_ignored()
    {
        Assert.True(FrameHeader.TryRead(Blocks.Hex("000000 00 00 ffffffff"), out FrameHeader header));
        Assert.Equal(StreamId.Largest, header.Stream.Value);
    }

    [Theory]
    [InlineData("000000 00 f6 00000001")]
    [InlineData("000000 04 fe 00000000")]
    [InlineData("000008 06 fe 00000000 0000000000000000")]
    [InlineData("000005 02 ff 00000001 0000000000")]
    public void Flags_that_a_type_does_not_define_are_ignored(string hex) => Assert.Equal(Frames.None, Frames.Judge(hex));

    [Fact]
    public void Section_5_5_types_that_nobody_defined_are_let_pass()
    {
        for (int type = 0; type < 256; type++)
        {
            bool known = type is < 10 or 0x10;
            foreach (string stream in (string[])["00000000", "00000001"])
            {
                Assert.True(FrameHeader.TryRead(Blocks.Hex($"000003 {type:x2} ff {stream}"), out FrameHeader header));
                Assert.Equal(known, header.IsKnown);
                if (!known) Assert.Equal(Frames.None, header.Check(Http2Role.Client, FrameHeader.LeastMaxFrameSize));
            }
        }
    }
}
