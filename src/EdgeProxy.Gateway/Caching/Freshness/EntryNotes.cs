using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>What stands beside the fields of a stored answer, where a route's policy has use for it (<see cref="StoredHead.Notes"/>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct EntryNotes
{
    private static long s_last;

    /// <summary>Another for each stored answer: what was made of one of them is never taken for another's.</summary>
    public long Id { get; init; }

    /// <summary>How old the answer is and how long it is fresh; all zero where the stage's settings alone say so.</summary>
    public AnswerLife Life { get; init; }

    /// <summary>Bytes of it.</summary>
    public static int Size => Unsafe.SizeOf<EntryNotes>();

    public static long NextId() => Interlocked.Increment(ref s_last);

    public static bool TryRead(ReadOnlySpan<byte> notes, out EntryNotes read) => MemoryMarshal.TryRead(notes, out read);

    /// <summary>Writes it into <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination) => MemoryMarshal.Write(destination, this);
}
