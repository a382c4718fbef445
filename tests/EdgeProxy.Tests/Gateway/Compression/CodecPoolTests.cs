using EdgeProxy.Gateway.Compression;

namespace EdgeProxy.Tests.Gateway.Compression;

public sealed class CodecPoolTests
{
    [Fact]
    public void A_decoder_is_used_again()
    {
        var pool = new CodecPool();
        foreach (ContentCoding coding in (ContentCoding[])[ContentCoding.Gzip, ContentCoding.Deflate, ContentCoding.Brotli, ContentCoding.Zstd])
        {
            Codec first = pool.RentDecoderOrNull(coding)!;
            pool.ReturnDecoder(coding, first);
            using Codec second = pool.RentDecoderOrNull(coding)!;
            Assert.Same(first, second);
        }
    }

    [Fact]
    public void A_decoder_that_was_made_to_hold_a_large_window_is_not_kept()
    {
        // A frame with a window of 8 MB (RFC 8878, 3.1.1.1.2) and one empty block: nine bytes.
        ReadOnlySpan<byte> frame = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x68, 0x01, 0x00, 0x00];
        var pool = new CodecPool();
        Codec large = pool.RentDecoderOrNull(ContentCoding.Zstd)!;
        Assert.Equal(CodecStatus.Ended, large.Run(frame, isLast: true, new byte[16], out int consumed, out int written));
        Assert.Equal((frame.Length, 0), (consumed, written));
        pool.ReturnDecoder(ContentCoding.Zstd, large);
        using Codec next = pool.RentDecoderOrNull(ContentCoding.Zstd)!;
        Assert.NotSame(large, next);
    }
}
