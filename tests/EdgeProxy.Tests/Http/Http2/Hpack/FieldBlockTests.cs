using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http2.Hpack;

namespace EdgeProxy.Tests.Http.Http2.Hpack;

public sealed class FieldBlockTests
{
    private readonly LoopBuffers _buffers = new();

    [Fact]
    public void Puts_fragments_of_any_size_together()
    {
        FieldBlock block = default;
        byte[] whole = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000)));
        foreach (int size in new[] { 1, 7, 100, 5000 })
        {
            block.Begin(3, endsStream: true, whole.AsSpan(0, size), _buffers);
            for (int at = size; at < whole.Length; at += size) block.Append(whole.AsSpan(at, Math.Min(size, whole.Length - at)), _buffers);
            Assert.True(block.Bytes.SequenceEqual(whole));
            Assert.Equal(whole.Length, block.Length);
            block.Drop(_buffers);
            Assert.Equal(0, block.Length);
        }
    }

    [Fact]
    public void Is_under_way_until_it_ends_and_keeps_its_bytes_until_it_is_dropped()
    {
        FieldBlock block = default;
        Assert.False(block.IsUnderWay);
        block.Begin(5, endsStream: false, "ab"u8, _buffers);
        Assert.Equal(1, block.CountContinuation());
        Assert.Equal((true, 5, false), (block.IsUnderWay, block.Stream, block.EndsStream));
        block.End();
        Assert.False(block.IsUnderWay);
        Assert.True(block.Bytes.SequenceEqual("ab"u8));
        block.Drop(_buffers);
        block.Drop(_buffers);
        block.Begin(7, endsStream: true, "c"u8, _buffers);
        Assert.Equal(0, block.Continuations);
        Assert.True(block.Bytes.SequenceEqual("c"u8));
    }
}
