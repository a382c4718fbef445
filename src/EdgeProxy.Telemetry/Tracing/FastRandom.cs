using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeProxy.Telemetry.Tracing;

/// <summary>Random bytes for ids, a few nanoseconds each, that nobody can predict from those already seen. One per loop.</summary>
/// <remarks>
/// AES in counter mode under keys from the kernel. The eleven round keys are drawn independently instead of expanded from one,
/// which is no weaker and needs no key schedule. Trace ids have to come from a secure generator (observability 5.1); a plain
/// xoshiro would tell its state to whoever reads four ids, for the same price. Without AES instructions the bytes come from the
/// kernel itself, a buffer at a time. Not for keys or tokens. Not for several threads.
/// </remarks>
public sealed partial class FastRandom
{
    private const int Rounds = 10;
    private const int BufferBytes = 1024;

    private readonly Vector128<byte>[] _keys = new Vector128<byte>[Rounds + 1];
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly bool _fromKernel;
    private Vector128<ulong> _counter;
    private int _used = BufferBytes;

    /// <summary>A generator with keys of its own from the kernel.</summary>
    public FastRandom()
        : this(fromKernel: !Aes.IsSupported)
    {
    }

    private FastRandom(bool fromKernel)
    {
        _fromKernel = fromKernel;
        if (!fromKernel) FromKernel(MemoryMarshal.AsBytes(_keys.AsSpan()));
    }

    private FastRandom(ulong seed)
    {
        // SplitMix64: tests want the same ids each time and nothing else.
        Span<ulong> keys = MemoryMarshal.Cast<Vector128<byte>, ulong>(_keys.AsSpan());
        foreach (ref ulong key in keys)
        {
            seed += 0x9E3779B97F4A7C15;
            ulong mixed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            key = mixed ^ (mixed >> 31);
        }
    }

    /// <summary>A generator that repeats itself for the same seed: for tests. Needs AES instructions.</summary>
    public static FastRandom FromSeed(ulong seed) => new(seed);

    /// <summary>Fills a span.</summary>
    public void Fill(Span<byte> destination)
    {
        while (destination.Length > BufferBytes - _used)
        {
            int rest = BufferBytes - _used;
            _buffer.AsSpan(_used).CopyTo(destination);
            destination = destination[rest..];
            Refill();
        }

        Span<byte> next = _buffer.AsSpan(_used, destination.Length);
        next.CopyTo(destination);
        next.Clear();
        _used += destination.Length;
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        if (BufferBytes - _used < sizeof(ulong)) Refill();
        ulong next = BinaryPrimitives.ReadUInt64LittleEndian(_buffer.AsSpan(_used));
        _used += sizeof(ulong);
        return next;
    }

    /// <summary>The generator as it is on a processor without AES instructions.</summary>
    internal static FastRandom WithoutAes() => new(fromKernel: true);

    private static void FromKernel(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            nint count = getrandom(destination, (nuint)destination.Length, 0);
            if (count > 0) destination = destination[(int)count..];
            else if (Marshal.GetLastPInvokeError() != 4) throw new InvalidOperationException("The kernel gives no random bytes.");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getrandom(Span<byte> buffer, nuint length, uint flags);

    private void Refill()
    {
        _used = 0;
        if (_fromKernel)
        {
            FromKernel(_buffer);
            return;
        }

        // Four blocks at a time keep the AES unit busy: each instruction takes several cycles but one can start every cycle.
        Span<Vector128<byte>> blocks = MemoryMarshal.Cast<byte, Vector128<byte>>(_buffer.AsSpan());
        ReadOnlySpan<Vector128<byte>> keys = _keys;
        Vector128<ulong> counter = _counter;
        Vector128<ulong> one = Vector128.Create(1UL, 0);
        for (int i = 0; i + 3 < blocks.Length; i += 4)
        {
            Vector128<byte> a = counter.AsByte() ^ keys[0];
            counter += one;
            Vector128<byte> b = counter.AsByte() ^ keys[0];
            counter += one;
            Vector128<byte> c = counter.AsByte() ^ keys[0];
            counter += one;
            Vector128<byte> d = counter.AsByte() ^ keys[0];
            counter += one;
            for (int round = 1; round < Rounds; round++)
            {
                a = Aes.Encrypt(a, keys[round]);
                b = Aes.Encrypt(b, keys[round]);
                c = Aes.Encrypt(c, keys[round]);
                d = Aes.Encrypt(d, keys[round]);
            }

            blocks[i] = Aes.EncryptLast(a, keys[Rounds]);
            blocks[i + 1] = Aes.EncryptLast(b, keys[Rounds]);
            blocks[i + 2] = Aes.EncryptLast(c, keys[Rounds]);
            blocks[i + 3] = Aes.EncryptLast(d, keys[Rounds]);
        }

        _counter = counter;
    }
}
