using System.Text;
using EdgeProxy.Http.Http2.Hpack;

namespace EdgeProxy.Conformance.Tests.Rfc7541;

public sealed class Section5_Primitives
{
    [Theory]
    [InlineData("0fffffff7f 00", true)] // four octets after the prefix
    [InlineData("0fffffffff00 00", false)] // five
    [InlineData("0fffffffffffffffffff7f", false)]
    [InlineData("0f8080808000", false)] // zeros count as octets too
    [InlineData("ff", false)] // cut off
    [InlineData("ff80", false)]
    [InlineData("7f", false)]
    [InlineData("3f", false)]
    public void Section_5_1_integers_are_bounded(string block, bool readable)
    {
        byte[] bytes = Blocks.Hex(block);
        int at = 0;
        int mask = bytes[0] switch { >= 0x80 => 0x7F, >= 0x40 => 0x3F, >= 0x20 => 0x1F, _ => 0x0F };
        Assert.Equal(readable, HpackInteger.TryRead(bytes, ref at, mask, out _));
        Assert.Equal(HpackStatus.CompressionError, Blocks.Status(block)); // none of these is an index or a size that there is
    }

    [Fact]
    public void Section_5_1_integers_come_back_as_they_were_written()
    {
        byte[] room = new byte[8];
        foreach (int mask in (int[])[0x0F, 0x1F, 0x3F, 0x7F])
        {
            for (int value = 0; value < 1 << 24; value += 1 + (value / 3))
            {
                int length = HpackInteger.Write(room, 0x80, mask, value);
                int at = 0;
                Assert.True(HpackInteger.TryRead(room.AsSpan(0, length), ref at, mask, out int read));
                Assert.Equal((value, length), (read, at));
            }
        }
    }

    [Theory]
    [InlineData("0004 616263")] // fewer octets than announced, in a name
    [InlineData("0003 616263")] // no value
    [InlineData("0003 616263 02 61")]
    [InlineData("04 7fffffff7f 61")] // 256 MB
    [InlineData("04 ffffffff7f 61")]
    [InlineData("00")]
    [InlineData("40")]
    [InlineData("10")]
    public void Section_5_2_a_string_that_is_cut_off_is_an_error(string block) => Assert.Equal(HpackStatus.CompressionError, Blocks.Status(block));

    [Theory]
    [InlineData("04 81 00")] // '0' and 000
    [InlineData("04 81 06")] // '0' and 110
    [InlineData("04 82 07ff")] // '0' and eleven ones
    [InlineData("04 81 ff")] // eight ones and nothing else
    [InlineData("04 84 ffffffff")] // the end symbol, and padding
    [InlineData("04 85 07fffffffe")] // '0', the end symbol
    [InlineData("04 84 fffffffc")] // half a code of thirty bits
    [InlineData("04 83 fffffe")]
    public void Section_5_2_padding_is_fewer_than_eight_ones_and_the_end_symbol_never_comes(string block) =>
        Assert.Equal(HpackStatus.CompressionError, Blocks.Status(block));

    [Theory]
    [InlineData("04 81 07", "0")]
    [InlineData("04 80", "")]
    public void Section_5_2_right_padding_is_taken(string block, string path) => Assert.Equal(":path: " + path, Blocks.Decode(new HpackDecoder(), block));

    [Fact]
    public void Appendix_B_every_symbol_is_coded_and_decoded_alone_and_among_others()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(symbol => (byte)symbol)];
        Assert.Equal(all, RoundTrip(all));
        for (int symbol = 0; symbol < 256; symbol++)
        {
            Assert.Equal([(byte)symbol], RoundTrip([(byte)symbol]));
            byte[] among = [.. "0"u8, (byte)symbol, .. "www"u8, (byte)symbol, (byte)symbol];
            Assert.Equal(among, RoundTrip(among));
        }
    }

    [Theory]
    [InlineData(0, 0x1ff8, 13)]
    [InlineData(10, 0x3ffffffc, 30)]
    [InlineData(22, 0x3ffffffe, 30)]
    [InlineData('0', 0x0, 5)]
    [InlineData('t', 0x9, 5)]
    [InlineData(' ', 0x14, 6)]
    [InlineData('z', 0x7b, 7)]
    [InlineData('&', 0xf8, 8)]
    [InlineData('!', 0x3f8, 10)]
    [InlineData('\\', 0x7fff0, 19)]
    [InlineData(128, 0xfffe6, 20)]
    [InlineData(255, 0x3ffffee, 26)]
    [InlineData(249, 0xffffffe, 28)]
    [InlineData(256, 0x3fffffff, 30)]
    public void Appendix_B_codes(int symbol, uint code, int bits)
    {
        Assert.Equal(code, HuffmanCode.Codes[symbol]);
        Assert.Equal(bits, HuffmanCode.Lengths[symbol]);
    }

    [Fact]
    public void Appendix_B_is_a_whole_prefix_code()
    {
        double space = 0;
        foreach (byte length in HuffmanCode.Lengths) space += Math.Pow(2, -length);
        Assert.Equal(1.0, space);
    }

    [Fact]
    public void A_text_that_does_not_fit_is_still_counted_and_checked()
    {
        byte[] text = Encoding.ASCII.GetBytes(new string('a', 1000));
        byte[] coded = new byte[HuffmanEncoder.LengthOf(text)];
        HuffmanEncoder.Write(text, coded);
        byte[] room = new byte[100];
        Assert.True(HuffmanDecoder.TryDecode(coded, room, out int length));
        Assert.Equal(1000, length);
        coded[^1] &= 0xFE;
        Assert.False(HuffmanDecoder.TryDecode([.. coded, 0xFF, 0xFF], room, out _));
    }

    private static byte[] RoundTrip(byte[] text)
    {
        byte[] coded = new byte[HuffmanEncoder.LengthOf(text)];
        HuffmanEncoder.Write(text, coded);
        byte[] room = new byte[HuffmanDecoder.MostOf(coded.Length) + HuffmanDecoder.Slack];
        Assert.True(HuffmanDecoder.TryDecode(coded, room, out int length));
        return room[..length];
    }
}
