using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Http.Messages;

public sealed class PercentCodingTests
{
    private delegate void Encoder(ReadOnlySpan<byte> source, ref ByteWriter writer);

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("%41%62c", "Abc")]
    [InlineData("a+b", "a+b")]
    [InlineData("%2B%2b", "++")]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%4g%41", "%4gA")]
    [InlineData("%%41", "%A")]
    [InlineData("a%00b", "a\0b")]
    [InlineData("%fF", "\u00ff")]
    public void Decodes_a_path(string coded, string plain) => Assert.Equal(plain, Decode(coded, form: false));

    [Theory]
    [InlineData("a+b%2Bc%20d", "a b+c d")]
    [InlineData("++", "  ")]
    [InlineData("+%", " %")]
    public void Decodes_a_form(string coded, string plain) => Assert.Equal(plain, Decode(coded, form: true));

    [Fact]
    public void Decodes_in_place()
    {
        byte[] bytes = "x%41%42+y"u8.ToArray();
        int written = PercentCoding.DecodeForm(bytes, bytes);
        Assert.Equal("xAB y", Encoding.ASCII.GetString(bytes, 0, written));
    }

    [Fact]
    public void Encodes_each_part_with_its_own_plain_bytes()
    {
        const string all = "aZ09-._~!$&'()*+,;=:@/?#[] %\u00e9|{}\"<>^`\\\0";
        Assert.Equal("aZ09-._~!$&'()*+,;=:@%2F%3F%23%5B%5D%20%25%E9%7C%7B%7D%22%3C%3E%5E%60%5C%00", Encode(all, PercentCoding.EncodeSegment));
        Assert.Equal("aZ09-._~!$&'()*+,;=:@/%3F%23%5B%5D%20%25%E9%7C%7B%7D%22%3C%3E%5E%60%5C%00", Encode(all, PercentCoding.EncodePath));
        Assert.Equal("aZ09-._~%21%24%26%27%28%29%2A%2B%2C%3B%3D%3A%40%2F%3F%23%5B%5D%20%25%E9%7C%7B%7D%22%3C%3E%5E%60%5C%00", Encode(all, PercentCoding.EncodeQuery));
        Assert.Equal("aZ09-._%7E%21%24%26%27%28%29*%2B%2C%3B%3D%3A%40%2F%3F%23%5B%5D+%25%E9%7C%7B%7D%22%3C%3E%5E%60%5C%00", Encode(all, PercentCoding.EncodeForm));
    }

    [Fact]
    public void Gives_back_every_byte_it_encoded()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        string text = Encoding.Latin1.GetString(all);
        Assert.Equal(text, Decode(Encode(text, PercentCoding.EncodeSegment), form: false));
        Assert.Equal(text, Decode(Encode(text, PercentCoding.EncodeQuery), form: true));
        Assert.Equal(text, Decode(Encode(text, PercentCoding.EncodeForm), form: true));
    }

    [Fact]
    public void Says_so_when_there_is_no_room()
    {
        var writer = new ByteWriter(new byte[4]);
        PercentCoding.EncodeSegment("ab c"u8, ref writer);
        Assert.True(writer.Overflowed);
    }

    [Fact]
    public void Knows_what_needs_no_decoding()
    {
        Assert.True(PercentCoding.IsPlainForm("abc"u8));
        Assert.False(PercentCoding.IsPlainForm("a+c"u8));
        Assert.False(PercentCoding.IsPlainForm("a%c"u8));
    }

    private static string Decode(string coded, bool form)
    {
        byte[] source = Encoding.Latin1.GetBytes(coded);
        byte[] room = new byte[source.Length];
        int written = form ? PercentCoding.DecodeForm(source, room) : PercentCoding.Decode(source, room);
        return Encoding.Latin1.GetString(room, 0, written);
    }

    private static string Encode(string plain, Encoder encode)
    {
        var writer = new ByteWriter(new byte[1024]);
        encode(Encoding.Latin1.GetBytes(plain), ref writer);
        Assert.False(writer.Overflowed);
        return Encoding.Latin1.GetString(writer.Written);
    }
}
