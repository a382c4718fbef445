using System.Runtime.InteropServices;

namespace EdgeProxy.Gateway.Compression;

/// <summary>The part of libzstd that is used (zstd.h).</summary>
internal static unsafe partial class Zstandard
{
    public const int Continue = 0;
    public const int End = 2;

    public const int SessionOnly = 1;

    public const int CompressionLevel = 100;
    public const int WindowLog = 101;
    public const int WindowLogMax = 100;

    [LibraryImport("libzstd", EntryPoint = "ZSTD_isError")]
    public static partial uint IsError(nuint code);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_createDCtx")]
    public static partial void* OpenDecoder();

    [LibraryImport("libzstd", EntryPoint = "ZSTD_DCtx_setParameter")]
    public static partial nuint SetDecoder(void* context, int parameter, int value);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_DCtx_reset")]
    public static partial nuint ResetDecoder(void* context, int directive);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_decompressStream")]
    public static partial nuint Decode(void* context, Buffer* output, Buffer* input);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_sizeof_DCtx")]
    public static partial nuint SizeOfDecoder(void* context);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_freeDCtx")]
    public static partial nuint CloseDecoder(void* context);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_createCCtx")]
    public static partial void* OpenEncoder();

    [LibraryImport("libzstd", EntryPoint = "ZSTD_CCtx_setParameter")]
    public static partial nuint SetEncoder(void* context, int parameter, int value);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_CCtx_reset")]
    public static partial nuint ResetEncoder(void* context, int directive);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_compressStream2")]
    public static partial nuint Encode(void* context, Buffer* output, Buffer* input, int directive);

    [LibraryImport("libzstd", EntryPoint = "ZSTD_freeCCtx")]
    public static partial nuint CloseEncoder(void* context);

    /// <summary><c>ZSTD_inBuffer</c> and <c>ZSTD_outBuffer</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Buffer
    {
        public byte* Start;
        public nuint Size;
        public nuint Position;
    }
}
