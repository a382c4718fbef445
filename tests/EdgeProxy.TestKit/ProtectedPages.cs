using System.Runtime.InteropServices;

namespace EdgeProxy.TestKit;

/// <summary>Memory between two pages that nobody may touch: code that reads before or behind a text of it ends the process.</summary>
public sealed unsafe partial class ProtectedPages : IDisposable
{
    private const int Page = 4096;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly byte* _memory;
    private readonly int _length;

    /// <param name="pages">Pages in between.</param>
    /// <exception cref="InvalidOperationException">The system does not give them.</exception>
    public ProtectedPages(int pages)
    {
        _length = pages * Page;
        _memory = (byte*)Map(null, (nuint)(_length + (2 * Page)), ReadWrite, PrivateAnonymous, -1, 0) + Page;
        if (Protect(_memory - Page, Page, 0) != 0 || Protect(_memory + _length, Page, 0) != 0) throw new InvalidOperationException("No pages could be protected.");
    }

    /// <summary>A copy of a text that begins where the protected page before it ends.</summary>
    public ReadOnlySpan<byte> Beginning(ReadOnlySpan<byte> text)
    {
        var copy = new Span<byte>(_memory, text.Length);
        text.CopyTo(copy);
        return copy;
    }

    /// <summary>A copy of a text that ends where the protected page behind it begins.</summary>
    public ReadOnlySpan<byte> Ending(ReadOnlySpan<byte> text)
    {
        var copy = new Span<byte>(_memory + _length - text.Length, text.Length);
        text.CopyTo(copy);
        return copy;
    }

    public void Dispose() => Unmap(_memory - Page, (nuint)(_length + (2 * Page)));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* at, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* at, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* at, nuint length);
}
