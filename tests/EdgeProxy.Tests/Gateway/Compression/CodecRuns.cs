using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.Gateway.Mapping;

namespace EdgeProxy.Tests.Gateway.Compression;

/// <summary>Whole texts through codecs, for tests.</summary>
internal static class CodecRuns
{
    public static readonly ContentCoding[] All = [ContentCoding.Gzip, ContentCoding.Deflate, ContentCoding.Brotli, ContentCoding.Zstd];

    public static byte[] Encode(ContentCoding coding, ReadOnlySpan<byte> text, int level = 4)
    {
        var pool = new CodecPool();
        using Codec encoder = pool.RentEncoderOrNull(coding, level)!;
        Assert.Equal(RecodeStatus.Ended, Run(encoder, text, isLast: true, out byte[] encoded));
        return encoded;
    }

    public static RecodeStatus TryDecode(ContentCoding coding, ReadOnlySpan<byte> encoded, out byte[] text)
    {
        var pool = new CodecPool();
        using Codec decoder = pool.RentDecoderOrNull(coding)!;
        return Run(decoder, encoded, isLast: false, out text);
    }

    public static RecodeStatus Run(Codec codec, ReadOnlySpan<byte> input, bool isLast, out byte[] output, long most = long.MaxValue)
    {
        var buffers = new LoopBuffers();
        var held = new HeldBody();
        int taken = 0;
        RecodeStatus status;
        do
        {
            status = Recode.Run(codec, input, ref taken, isLast, held, most, buffers);
        }
        while (status == RecodeStatus.Going && held.Length <= most);

        output = held.Span.ToArray();
        held.Release(buffers);
        Assert.Equal(0, buffers.Leased);
        return status;
    }

    /// <summary>Text that compresses as JSON does.</summary>
    public static byte[] Sample(int length, int seed = 1)
    {
        var random = new Random(seed);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = (byte)"{\"name\": \"value\", 0123}"[random.Next(4) == 0 ? random.Next(23) : i % 23];
        return bytes;
    }
}
