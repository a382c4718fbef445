using System.Runtime.InteropServices;

namespace EdgeProxy.Gateway.Compression;

/// <summary>The part of Brotli's library that is used. It is the copy that the runtime carries for its own streams, so that no second one is linked in.</summary>
internal static unsafe partial class Brotli
{
    public const int Process = 0;
    public const int Finish = 2;

    public const int Quality = 1;
    public const int WindowBits = 2;

    public const int Error = 0;
    public const int Success = 1;

    [LibraryImport("libSystem.IO.Compression.Native", EntryPoint = "BrotliDecoderCreateInstance")]
    public static partial void* OpenDecoder(void* allocate, void* free, void* opaque);

    [LibraryImport("libSystem.IO.Compression.Native", EntryPoint = "BrotliDecoderDecompressStream")]
    public static partial int Decode(void* state, nuint* availableIn, byte** nextIn, nuint* availableOut, byte** nextOut, nuint* totalOut);

    [LibraryImport("libSystem.IO.Compression.Native", EntryPoint = "BrotliDecoderDestroyInstance")]
    public static partial void CloseDecoder(void* state);

    [LibraryImport("libSystem.IO.Compression.Native", EntryPoint = "BrotliEncoderCreateInstance")]
    public static partial void* OpenEncoder(void* allocate, void* free, void* opaque);

    [LibraryImport("libSystem.IO.Compression.Native", EntryPoint = "BrotliEncoderSetParameter")]
    public static partial int SetParameter(void* state, int parameter, uint value);

    [LibraryImport("libSystem.IO.Compression.Native", EntryPoint = "BrotliEncoderCompressStream")]
    public static partial int Encode(void* state, int operation, nuint* availableIn, byte** nextIn, nuint* availableOut, byte** nextOut, nuint* totalOut);

    [LibraryImport("libSystem.IO.Compression.Native", EntryPoint = "BrotliEncoderHasMoreOutput")]
    public static partial int HasMoreOutput(void* state);

    [LibraryImport("libSystem.IO.Compression.Native", EntryPoint = "BrotliEncoderDestroyInstance")]
    public static partial void CloseEncoder(void* state);
}
