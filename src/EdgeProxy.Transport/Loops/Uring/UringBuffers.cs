using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeProxy.Transport.Loops.Uring;

/// <summary>The buffers that the kernel picks for what it receives, and the blocks that sends are made from.</summary>
/// <remarks>
/// A buffer belongs to the kernel while it is in the ring, and to a connection from its completion until <see cref="Return"/>. The ring is
/// filled again once a turn, from returned buffers first, with new ones up to a bound: slow readers that hold buffers do
/// not starve the others before that. As long as the process: the kernel may still hold the ring when the loop has gone. Loop thread only.
/// </remarks>
internal sealed unsafe class UringBuffers
{
    /// <summary>Bytes of a buffer the kernel fills.</summary>
    public const int BufferSize = 16 * 1024;

    /// <summary>Bytes of a block that a connection's unsent bytes wait in.</summary>
    public const int SendBlockSize = 32 * 1024;

    /// <summary>Buffers in the ring when it is full; a power of two.</summary>
    public const int RingEntries = 256;

    private const int MostBuffers = 4 * RingEntries;
    private const int KeptBlocks = 256;

    private readonly nint[] _addresses = new nint[MostBuffers];
    private readonly int[] _free = new int[MostBuffers];
    private readonly nint[] _blocks = new nint[KeptBlocks];
    private readonly byte* _ring = (byte*)NativeMemory.AlignedAlloc(RingEntries * 16, 4096);
    private int _freeCount;
    private int _made;
    private int _inRing;
    private int _blockCount;
    private ushort _tail;

    public UringBuffers() => NativeMemory.Clear(_ring, RingEntries * 16);

    /// <summary>For each buffer in a queue, the one behind it; -1 at the end.</summary>
    public int[] Next { get; } = new int[MostBuffers];

    /// <summary>Bytes received in each buffer.</summary>
    public int[] Lengths { get; } = new int[MostBuffers];

    public nint RingAddress => (nint)_ring;

    public byte* AddressOf(int buffer) => (byte*)_addresses[buffer];

    /// <summary>The kernel has used a buffer of the ring.</summary>
    public void OnUsed() => _inRing--;

    public void Return(int buffer) => _free[_freeCount++] = buffer;

    /// <summary>Fills the ring.</summary>
    public void Refill()
    {
        if (_inRing == RingEntries) return;
        while (_inRing < RingEntries)
        {
            int buffer;
            if (_freeCount > 0) buffer = _free[--_freeCount];
            else if (_made < MostBuffers) buffer = Make();
            else break;

            byte* entry = _ring + ((_tail & (RingEntries - 1)) * 16);
            *(ulong*)entry = (ulong)_addresses[buffer];
            *(uint*)(entry + 8) = BufferSize;
            *(ushort*)(entry + 12) = (ushort)buffer;
            _tail++;
            _inRing++;
        }

        Volatile.Write(ref *(ushort*)(_ring + 14), _tail);
    }

    public nint RentBlock() => _blockCount > 0 ? _blocks[--_blockCount] : (nint)NativeMemory.AlignedAlloc(SendBlockSize, 4096);

    public void ReturnBlock(nint block)
    {
        if (_blockCount < KeptBlocks) _blocks[_blockCount++] = block;
        else NativeMemory.AlignedFree((void*)block);
    }

    // By the ring-full: what is not written to costs address space only, without a touched page at each block's end.
    private int Make()
    {
        byte* chunk = (byte*)NativeMemory.AlignedAlloc(RingEntries * BufferSize, 4096);
        for (int i = RingEntries - 1; i > 0; i--)
        {
            _addresses[_made + i] = (nint)(chunk + (i * BufferSize));
            Return(_made + i);
        }

        int first = _made;
        _addresses[first] = (nint)chunk;
        _made += RingEntries;
        return first;
    }
}
