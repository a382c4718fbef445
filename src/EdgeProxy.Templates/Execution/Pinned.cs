using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeProxy.Templates.Execution;

/// <summary>Arrays that the garbage collector leaves where they are, so that <see cref="PlainRun"/> reaches them by pointers without asking it each time.</summary>
/// <remarks>For memory that a loop keeps; what belongs to a template or a request is held in place for the time of a run.</remarks>
internal static unsafe class Pinned
{
    /// <summary>A zeroed array.</summary>
    public static T[] New<T>(int length)
        where T : unmanaged => GC.AllocateArray<T>(length, pinned: true);

    /// <summary>Puts a longer array in the place of one.</summary>
    public static void Grow<T>(ref T[] array, int length)
        where T : unmanaged
    {
        T[] larger = New<T>(length);
        array.AsSpan().CopyTo(larger);
        array = larger;
    }

    /// <summary>Where the first element of such an array stands. Of an empty array, which may be any, nothing is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* Begin<T>(T[] array)
        where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
}
