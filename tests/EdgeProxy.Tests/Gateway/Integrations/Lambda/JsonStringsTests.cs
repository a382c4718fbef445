using System.Text;
using System.Text.Json;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Integrations.Lambda;

namespace EdgeProxy.Tests.Gateway.Integrations.Lambda;

public sealed class JsonStringsTests
{
    private readonly LoopBuffers _buffers = new();

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("plain text that is longer than a vector, and another one", "\"plain text that is longer than a vector, and another one\"")]
    [InlineData("\"\\/\b\f\n\r\t", "\"\\\"\\\\/\\b\\f\\n\\r\\t\"")]
    [InlineData("\0\u001f\u007f", "\"\\u0000\\u001f\u007f\"")]
    [InlineData("gr\u00fc\u00df \ud83d\ude00", "\"gr\u00fc\u00df \ud83d\ude00\"")]
    public void Escapes_what_has_to_be(string text, string expected) => Assert.Equal(expected, Write(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(new byte[] { 0xFF }, "\ufffd")]
    [InlineData(new byte[] { 0x61, 0xC3, 0x62 }, "a\ufffdb")]
    [InlineData(new byte[] { 0xE2, 0x82 }, "\ufffd")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80, 0x22 }, "\ufffd\ufffd\ufffd\"")]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98, 0x80, 0x80 }, "\ud83d\ude00\ufffd")]
    public void Replaces_what_is_no_UTF8_as_decoders_do(byte[] bytes, string expected)
    {
        Assert.Equal(expected, JsonSerializer.Deserialize<string>(Write(bytes)));
        Assert.Equal(expected, Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void Any_bytes_come_back_from_a_reader_as_they_would_from_a_decoder()
    {
        var random = new Random(7);
        for (int i = 0; i < 5000; i++)
        {
            byte[] bytes = new byte[random.Next(80)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
            {
                for (int at = 0; at < bytes.Length; at++) bytes[at] &= 0x7F;
            }

            Assert.Equal(Encoding.UTF8.GetString(bytes), JsonSerializer.Deserialize<string>(Write(bytes)));
        }
    }

    [Fact]
    public void Grows_and_gives_all_memory_back()
    {
        string text = new('\u0001', 100_000);
        Assert.Equal(600_002, Write(Encoding.ASCII.GetBytes(text)).Length);
        Assert.Equal(0, _buffers.Leased);
    }

    [Fact]
    public void Stops_at_the_limit()
    {
        for (int most = 0; most < 40; most++)
        {
            var writer = new LeasedWriter(_buffers, 100, most);
            JsonStrings.Write("ten \"bytes\" and more \n"u8, ref writer);
            Assert.Equal(most < 27, writer.IsTooLarge);
            Assert.True(writer.Length <= most);
            writer.Release();
        }

        Assert.Equal(0, _buffers.Leased);
    }

    private string Write(ReadOnlySpan<byte> text)
    {
        var writer = new LeasedWriter(_buffers, 16, int.MaxValue);
        JsonStrings.Write(text, ref writer);
        string written = Encoding.UTF8.GetString(writer.Written);
        writer.Release();
        return written;
    }
}
