using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Integrations.Lambda;

namespace EdgeProxy.Tests.Gateway.Integrations.Lambda;

public sealed class LeasedWriterTests
{
    private readonly LoopBuffers _buffers = new();

    [Fact]
    public void Keeps_what_was_written_when_it_grows()
    {
        var writer = new LeasedWriter(_buffers, 1, int.MaxValue);
        for (int i = 0; i < 10_000; i++)
        {
            writer.Write("ab"u8);
            writer.Write((byte)'c');
            writer.Write(-12L);
        }

        byte[] bytes = writer.Take(out int length);
        Assert.Equal(60_000, length);
        Assert.Equal(string.Concat(Enumerable.Repeat("abc-12", 10_000)), System.Text.Encoding.ASCII.GetString(bytes, 0, length));
        Assert.Equal(1, _buffers.Leased);
        _buffers.Return(bytes);
    }

    [Fact]
    public void Leaves_out_everything_behind_what_did_not_fit()
    {
        var writer = new LeasedWriter(_buffers, 1, 4);
        writer.Write("abc"u8);
        writer.Write("de"u8);
        writer.Write((byte)'f');
        writer.Write(7);
        Assert.True(writer.Reserve(1).IsEmpty);
        Assert.True(writer.IsTooLarge);
        Assert.Equal("abc"u8, writer.Written);
        writer.Release();
        Assert.Equal(0, _buffers.Leased);
    }

    [Fact]
    public void Takes_the_last_byte_back()
    {
        var writer = new LeasedWriter(_buffers, 1, 4);
        writer.Write("ab,"u8);
        writer.DropLast();
        Assert.Equal("ab"u8, writer.Written);
        writer.Release();
    }
}
