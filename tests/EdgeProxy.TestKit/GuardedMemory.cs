using System.ComponentModel;
using System.Runtime.InteropServices;

namespace EdgeProxy.TestKit;

/// <summary>A page of memory between two that nobody may touch: who reads or writes a byte behind a text that ends there, or before one that begins there, ends the process.</summary>
public sealed unsafe partial class GuardedMemory : IDisposable
{
    /// <summary>Bytes there are.</summary>
    public static int Size => Environment.SystemPageSize;

    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly nint _address;

    public GuardedMemory()
    {
        _address = mmap(0, 3 * Size, 0, PrivateAnonymous, -1, 0);
        if (_address == -1 || mprotect(_address + Size, Size, ReadWrite) != 0) throw new Win32Exception();
    }

    /// <summary>The last bytes before the page that is forbidden.</summary>
    public Span<byte> End(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Size);
        return new((void*)(_address + (2 * Size) - length), length);
    }

    /// <summary>The first bytes behind the other.</summary>
    public Span<byte> Start(int length) => End(Size)[..length];

    public void Dispose() => _ = munmap(_address, 3 * Size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint mmap(nint address, nint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mprotect(nint address, nint length, int protection);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(nint address, nint length);
}
