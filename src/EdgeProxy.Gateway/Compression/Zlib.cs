using System.Runtime.InteropServices;

namespace EdgeProxy.Gateway.Compression;

/// <summary>The part of zlib that is used (zlib.h). In the published binary it is the zlib-ng that the runtime links in; see decision 0027.</summary>
internal static unsafe partial class Zlib
{
    public const int NoFlush = 0;
    public const int Finish = 4;
    public const int Ok = 0;
    public const int StreamEnd = 1;
    public const int BufferError = -5;

    /// <summary>Window bits of the three formats: the largest window each.</summary>
    public const int ZlibFormat = 15;
    public const int GzipFormat = 15 + 16;
    public const int RawFormat = -15;

    private const int Deflated = 8;
    private const int MemoryLevel = 8;
    private const int DefaultStrategy = 0;

    // Only its first digit is compared.
    private static ReadOnlySpan<byte> Version => "1.2.11\0"u8;

    /// <summary>A stream whose state is made and empty; null without memory.</summary>
    public static Stream* OpenInflate(int format)
    {
        var stream = (Stream*)NativeMemory.AllocZeroed((nuint)sizeof(Stream));
        fixed (byte* version = Version)
        {
            if (InflateInit(stream, format, version, sizeof(Stream)) == Ok) return stream;
        }

        NativeMemory.Free(stream);
        return null;
    }

    /// <inheritdoc cref="OpenInflate"/>
    public static Stream* OpenDeflate(int format, int level)
    {
        var stream = (Stream*)NativeMemory.AllocZeroed((nuint)sizeof(Stream));
        fixed (byte* version = Version)
        {
            if (DeflateInit(stream, level, Deflated, format, MemoryLevel, DefaultStrategy, version, sizeof(Stream)) == Ok) return stream;
        }

        NativeMemory.Free(stream);
        return null;
    }

    public static void CloseInflate(Stream* stream)
    {
        InflateEnd(stream);
        NativeMemory.Free(stream);
    }

    public static void CloseDeflate(Stream* stream)
    {
        DeflateEnd(stream);
        NativeMemory.Free(stream);
    }

    [LibraryImport("libz", EntryPoint = "inflate")]
    public static partial int Inflate(Stream* stream, int flush);

    [LibraryImport("libz", EntryPoint = "inflateReset2")]
    public static partial int InflateReset(Stream* stream, int format);

    [LibraryImport("libz", EntryPoint = "deflate")]
    public static partial int Deflate(Stream* stream, int flush);

    [LibraryImport("libz", EntryPoint = "deflateReset")]
    public static partial int DeflateReset(Stream* stream);

    [LibraryImport("libz", EntryPoint = "inflateInit2_")]
    private static partial int InflateInit(Stream* stream, int format, byte* version, int size);

    [LibraryImport("libz", EntryPoint = "inflateEnd")]
    private static partial int InflateEnd(Stream* stream);

    [LibraryImport("libz", EntryPoint = "deflateInit2_")]
    private static partial int DeflateInit(Stream* stream, int level, int method, int format, int memoryLevel, int strategy, byte* version, int size);

    [LibraryImport("libz", EntryPoint = "deflateEnd")]
    private static partial int DeflateEnd(Stream* stream);

    /// <summary><c>z_stream</c> where <c>long</c> has 64 bits. It must not move: the state points back at it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Stream
    {
        public byte* NextIn;
        public uint AvailableIn;
        public nuint TotalIn;
        public byte* NextOut;
        public uint AvailableOut;
        public nuint TotalOut;
        public byte* Message;
        public void* State;
        public void* Allocate;
        public void* Release;
        public void* Opaque;
        public int DataType;
        public nuint Adler;
        public nuint Reserved;
    }
}
