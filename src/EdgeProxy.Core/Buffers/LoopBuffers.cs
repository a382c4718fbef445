using System.Diagnostics;

namespace EdgeProxy.Core.Buffers;

/// <summary>The memory one loop lends: two scratch buffers used within one turn, and blocks leased for longer.</summary>
/// <remarks>
/// Blocks are pinned, so that system calls take their address without a handle. Free blocks are kept up to a bound and otherwise
/// left to the garbage collector. Loop thread only.
/// </remarks>
public sealed class LoopBuffers
{
    /// <summary>Bytes of a leased block: enough for a head and a small body.</summary>
    public const int BlockSize = 16 * 1024;

    /// <summary>Bytes the scratch buffer keeps free before what is received, so that a rewritten head can end where the body begins.</summary>
    public const int Headroom = 4 * 1024;

    /// <summary>Bytes one receive into the scratch buffer can yield.</summary>
    public const int ScratchSize = 64 * 1024;

    private const int KeptBlocks = 512;

    private readonly Stack<byte[]> _free = new(KeptBlocks);

    private readonly byte[] _receiveScratch = GC.AllocateUninitializedArray<byte>(Headroom + ScratchSize, pinned: true);
    private IScratchHolder? _scratchHolder;

    /// <summary>Where a message is put together before it is sent. Its content does not outlive an await that waits.</summary>
    public byte[] SendScratch { get; } = GC.AllocateUninitializedArray<byte>(ScratchSize, pinned: true);

    /// <summary>Blocks that are out.</summary>
    public int Leased { get; private set; }

    /// <summary>
    /// The one buffer that all connections of the loop receive into; bytes go to <see cref="Headroom"/> and beyond. Whoever still had
    /// unread bytes there saves them first, so that in the usual case nothing is copied and no connection holds a buffer.
    /// </summary>
    public byte[] ClaimScratch(IScratchHolder holder)
    {
        if (_scratchHolder is { } last && !ReferenceEquals(last, holder)) last.SaveScratch();
        _scratchHolder = holder;
        return _receiveScratch;
    }

    /// <summary>Ends a claim: nothing unread is left in the scratch.</summary>
    public void ReleaseScratch(IScratchHolder holder)
    {
        if (ReferenceEquals(_scratchHolder, holder)) _scratchHolder = null;
    }

    /// <summary>Leases a block of <see cref="BlockSize"/> bytes; give it back with <see cref="Return"/>.</summary>
    public byte[] Rent()
    {
        Leased++;
        return _free.TryPop(out byte[]? block) ? block : GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);
    }

    /// <summary>Leases a buffer of at least that size; larger ones than a block come from the shared pool.</summary>
    public byte[] Rent(int size)
    {
        if (size <= BlockSize) return Rent();
        Leased++;
        return System.Buffers.ArrayPool<byte>.Shared.Rent(size);
    }

    public void Return(byte[] block)
    {
        Debug.Assert(Leased > 0, "a block was returned twice");
        Leased--;
        if (block.Length != BlockSize)
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(block);
            return;
        }

        if (_free.Count < KeptBlocks) _free.Push(block);
    }
}
