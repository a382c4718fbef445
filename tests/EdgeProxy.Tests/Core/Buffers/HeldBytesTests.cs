using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Core.Buffers;

public sealed class HeldBytesTests
{
    private readonly LoopBuffers _buffers = new();
    private HeldBytes _held;

    private string Text => Encoding.ASCII.GetString(_held.Bytes);

    [Fact]
    public void Leases_memory_while_there_are_bytes_and_not_for_none()
    {
        _held.Add(_buffers, default);
        Assert.Equal(0, _buffers.Leased);
        _held.Add(_buffers, "abc"u8);
        Assert.Equal((1, 3, "abc"), (_buffers.Leased, _held.Length, Text));
        _held.Clear(_buffers);
        _held.Clear(_buffers);
        Assert.Equal((0, 0, ""), (_buffers.Leased, _held.Length, Text));
    }

    [Fact]
    public void Goes_on_behind_what_has_gone()
    {
        _held.Add(_buffers, "abc"u8);
        _held.Skip(2);
        _held.Add(_buffers, "de"u8);
        Assert.Equal("cde", Text);
        Assert.Equal(1, _buffers.Leased);
        _held.Clear(_buffers);
    }

    [Fact]
    public void Makes_room_in_its_block_before_it_leases_a_larger_one()
    {
        byte[] most = new byte[LoopBuffers.BlockSize];
        new Random(1).NextBytes(most);
        _held.Add(_buffers, most);
        _held.Skip(100);
        _held.Add(_buffers, most.AsSpan(0, 100));
        Assert.Equal([.. most[100..], .. most[..100]], _held.Bytes);
        ArraySegment<byte> block = _held.Take();
        Assert.Equal((LoopBuffers.BlockSize, LoopBuffers.BlockSize), (block.Count, block.Array!.Length));

        _held.Add(_buffers, most);
        _held.Add(_buffers, most);
        Assert.Equal([.. most, .. most], _held.Bytes);
        Assert.Equal(1, _buffers.Leased);
        _held.Clear(_buffers);
        Assert.Equal(0, _buffers.Leased);
    }

    [Fact]
    public void What_is_taken_stays_where_it_is_until_more_comes()
    {
        Assert.Equal(0, _held.Take().Count);
        _held.Add(_buffers, "abc"u8);
        ArraySegment<byte> taken = _held.Take();
        Assert.Equal((0, "abc"), (_held.Length, Encoding.ASCII.GetString(taken)));
        _held.Add(_buffers, "d"u8);
        Assert.Equal("d", Text);
        _held.Clear(_buffers);
    }

    [Fact]
    public void Allocates_nothing_once_blocks_are_kept() => Assert.Equal(0, AllocationProbe.Least(() =>
    {
        for (int i = 0; i < 100; i++)
        {
            _held.Add(_buffers, "abc"u8);
            _held.Take();
            _held.Clear(_buffers);
        }
    }));
}
