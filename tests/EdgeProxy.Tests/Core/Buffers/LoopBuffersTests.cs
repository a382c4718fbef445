using EdgeProxy.Core.Buffers;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Core.Buffers;

public sealed class LoopBuffersTests
{
    private readonly LoopBuffers _buffers = new();

    [Fact]
    public void A_returned_block_is_lent_again()
    {
        byte[] first = _buffers.Rent();
        byte[] second = _buffers.Rent();
        Assert.NotSame(first, second);
        Assert.Equal(LoopBuffers.BlockSize, first.Length);
        Assert.Equal(2, _buffers.Leased);
        _buffers.Return(first);
        Assert.Same(first, _buffers.Rent());
        _buffers.Return(first);
        _buffers.Return(second);
        Assert.Equal(0, _buffers.Leased);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(LoopBuffers.BlockSize)]
    [InlineData(LoopBuffers.BlockSize + 1)]
    [InlineData(1_000_000)]
    public void Lends_at_least_what_was_asked_for_and_counts_it(int size)
    {
        byte[] buffer = _buffers.Rent(size);
        Assert.True(buffer.Length >= size);
        Assert.Equal(1, _buffers.Leased);
        _buffers.Return(buffer);
        Assert.Equal(0, _buffers.Leased);
    }

    [Fact]
    public void A_larger_buffer_never_comes_back_as_a_block()
    {
        byte[] large = _buffers.Rent(LoopBuffers.BlockSize * 2);
        _buffers.Return(large);
        Assert.Equal(LoopBuffers.BlockSize, _buffers.Rent().Length);
    }

    [Fact]
    public void Lending_again_what_came_back_allocates_nothing()
    {
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 1000; i++) _buffers.Return(_buffers.Rent());
        }));
    }

    [Fact]
    public void Who_holds_the_scratch_saves_it_before_another_has_it()
    {
        var first = new Holder();
        var second = new Holder();
        byte[] scratch = _buffers.ClaimScratch(first);
        Assert.Equal(LoopBuffers.Headroom + LoopBuffers.ScratchSize, scratch.Length);
        Assert.Same(scratch, _buffers.ClaimScratch(second));
        Assert.Equal((1, 0), (first.Saved, second.Saved));
        _buffers.ClaimScratch(first);
        Assert.Equal((1, 1), (first.Saved, second.Saved));
    }

    [Fact]
    public void Who_claims_the_scratch_again_or_released_it_has_nothing_to_save()
    {
        var first = new Holder();
        var second = new Holder();
        _buffers.ClaimScratch(first);
        _buffers.ClaimScratch(first);
        _buffers.ReleaseScratch(first);
        _buffers.ClaimScratch(second);
        Assert.Equal((0, 0), (first.Saved, second.Saved));
    }

    [Fact]
    public void Who_has_lost_the_scratch_cannot_release_it_for_another()
    {
        var first = new Holder();
        var second = new Holder();
        _buffers.ClaimScratch(first);
        _buffers.ClaimScratch(second);
        _buffers.ReleaseScratch(first);
        _buffers.ClaimScratch(first);
        Assert.Equal(1, second.Saved);
    }

    private sealed class Holder : IScratchHolder
    {
        public int Saved { get; private set; }

        public void SaveScratch() => Saved++;
    }
}
