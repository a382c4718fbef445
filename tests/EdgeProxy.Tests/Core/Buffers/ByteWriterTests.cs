using System.Text;
using EdgeProxy.Core.Buffers;

namespace EdgeProxy.Tests.Core.Buffers;

public sealed class ByteWriterTests
{
    [Fact]
    public void Appends_text_bytes_and_numbers_in_order()
    {
        var writer = new ByteWriter(new byte[64]);
        writer.Write("a="u8);
        writer.Write(long.MinValue);
        writer.Write((byte)';');
        writer.Write(0L);
        writer.Write((byte)';');
        writer.WriteHex(0x10ab);
        writer.Write((byte)';');
        writer.WriteHex(0);
        Assert.Equal("a=-9223372036854775808;0;10ab;0", Encoding.ASCII.GetString(writer.Written));
        Assert.Equal(64 - writer.Length, writer.Free);
        Assert.False(writer.Overflowed);
    }

    [Fact]
    public void Fills_its_room_to_the_last_byte()
    {
        var writer = new ByteWriter(new byte[3]);
        writer.Write("ab"u8);
        writer.Write((byte)'c');
        Assert.Equal(0, writer.Free);
        Assert.False(writer.Overflowed);
        writer.Write([]);
        Assert.False(writer.Overflowed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Remembers_what_did_not_fit_and_writes_nothing_after_it(int kind)
    {
        byte[] room = new byte[4];
        var writer = new ByteWriter(room.AsSpan(0, 3));
        writer.Write("ab"u8);
        if (kind == 0) writer.Write("cd"u8);
        else if (kind == 1) writer.Write(12L);
        else if (kind == 2) writer.WriteHex(0xff);
        else if (kind == 3) Assert.True(writer.Reserve(2).IsEmpty);
        else writer.Write("cdefghij"u8);
        Assert.True(writer.Overflowed);

        // Each of these would have fitted.
        writer.Write("x"u8);
        writer.Write((byte)'x');
        writer.Write(1L);
        writer.WriteHex(1);
        Assert.True(writer.Reserve(1).IsEmpty);
        Assert.True(writer.Overflowed);
        Assert.Equal("ab", Encoding.ASCII.GetString(writer.Written));
        Assert.Equal(0, room[3]);
    }

    [Fact]
    public void Nothing_fits_where_there_is_no_room()
    {
        var writer = new ByteWriter([]);
        writer.Write((byte)'a');
        Assert.True(writer.Overflowed);
        Assert.Equal(0, writer.Length);
    }

    [Fact]
    public void Reserved_room_is_the_callers_to_fill()
    {
        var writer = new ByteWriter(new byte[8]);
        writer.Write("<"u8);
        "abc"u8.CopyTo(writer.Reserve(3));
        writer.Write(">"u8);
        Assert.Equal("<abc>", Encoding.ASCII.GetString(writer.Written));
    }

    [Fact]
    public void Goes_back_to_an_earlier_length()
    {
        var writer = new ByteWriter(new byte[8]);
        writer.Write("abcdef"u8);
        writer.Truncate(2);
        writer.Write("XY"u8);
        Assert.Equal("abXY", Encoding.ASCII.GetString(writer.Written));
        Assert.Equal(4, writer.Free);
    }
}
