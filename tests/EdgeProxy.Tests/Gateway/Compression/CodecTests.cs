using System.IO.Compression;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.TestKit;
using static EdgeProxy.Tests.Gateway.Compression.CodecRuns;

namespace EdgeProxy.Tests.Gateway.Compression;

public sealed class CodecTests
{
    public static TheoryData<byte> Codings => [.. All.Select(static coding => (byte)coding)];

    [Theory]
    [MemberData(nameof(Codings))]
    public void What_is_encoded_decodes_to_the_same_bytes_at_every_size(byte coding)
    {
        foreach (int length in (int[])[0, 1, 2, 100, 4095, 4096, 4097, 65_536, 262_143, 262_144, 262_145, 3_000_000])
        {
            byte[] text = Sample(length, seed: length);
            byte[] encoded = Encode((ContentCoding)coding, text);
            Assert.Equal(RecodeStatus.Ended, TryDecode((ContentCoding)coding, encoded, out byte[] decoded));
            Assert.True(text.AsSpan().SequenceEqual(decoded), $"{length}");
        }
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void Every_level_decodes(byte coding)
    {
        byte[] text = Sample(50_000);
        for (int level = 1; level <= 9; level++)
        {
            Assert.Equal(RecodeStatus.Ended, TryDecode((ContentCoding)coding, Encode((ContentCoding)coding, text, level), out byte[] decoded));
            Assert.True(text.AsSpan().SequenceEqual(decoded));
        }
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void The_input_may_be_split_anywhere(byte coding)
    {
        byte[] text = Sample(700);
        byte[] encoded = Encode((ContentCoding)coding, text);
        for (int split = 0; split <= encoded.Length; split++) Assert.Equal(text, InPieces((ContentCoding)coding, encoded, [split], room: 4096));
        Assert.Equal(text, InPieces((ContentCoding)coding, encoded, [.. Enumerable.Range(1, encoded.Length)], room: 4096));
        Assert.Equal(text, InPieces((ContentCoding)coding, encoded, [.. Enumerable.Range(1, encoded.Length)], room: 1));
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void A_text_that_is_cut_off_has_not_ended(byte coding)
    {
        byte[] encoded = Encode((ContentCoding)coding, Sample(700));
        for (int length = 0; length < encoded.Length; length++)
        {
            Assert.Equal(RecodeStatus.Starved, TryDecode((ContentCoding)coding, encoded.AsSpan(0, length), out _));
        }
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void What_follows_a_text_and_is_none_is_corrupt(byte coding)
    {
        byte[] encoded = Encode((ContentCoding)coding, Sample(700));
        foreach (byte garbage in (byte[])[0, (byte)'x', 0xFF])
        {
            Assert.NotEqual(RecodeStatus.Ended, TryDecode((ContentCoding)coding, [.. encoded, garbage], out _));
            Assert.Equal(RecodeStatus.Corrupt, TryDecode((ContentCoding)coding, [.. encoded, .. Enumerable.Repeat(garbage, 40)], out _));
        }
    }

    [Theory]
    [InlineData((byte)ContentCoding.Gzip, true)]
    [InlineData((byte)ContentCoding.Zstd, true)]
    [InlineData((byte)ContentCoding.Deflate, false)]
    [InlineData((byte)ContentCoding.Brotli, false)]
    public void Texts_behind_each_other_are_one_where_the_format_says_so(byte coding, bool allowed)
    {
        byte[] one = Sample(400_000);
        byte[] encoded = [.. Encode((ContentCoding)coding, one), .. Encode((ContentCoding)coding, "two"u8)];
        RecodeStatus status = TryDecode((ContentCoding)coding, encoded, out byte[] decoded);
        Assert.Equal(allowed ? RecodeStatus.Ended : RecodeStatus.Corrupt, status);
        if (allowed) Assert.True(decoded.AsSpan().SequenceEqual([.. one, .. "two"u8]));
    }

    [Fact]
    public void Deflate_may_be_bare()
    {
        foreach (int length in (int[])[0, 1, 700, 100_000])
        {
            byte[] text = Sample(length);
            using var bare = new MemoryStream();
            using (var stream = new DeflateStream(bare, CompressionLevel.Optimal, leaveOpen: true)) stream.Write(text);
            if (length == 0) bare.Write([3, 0]); // the class writes nothing for nothing
            Assert.Equal(RecodeStatus.Ended, TryDecode(ContentCoding.Deflate, bare.ToArray(), out byte[] decoded));
            Assert.Equal(text, decoded);
            if (length == 700)
            {
                for (int split = 0; split <= bare.Length; split++) Assert.Equal(text, InPieces(ContentCoding.Deflate, bare.ToArray(), [split], room: 4096));
            }
        }
    }

    /// <summary>A peer in this process: the class library's own decoders.</summary>
    [Fact]
    public void Others_read_what_is_encoded()
    {
        byte[] text = Sample(300_000);
        Assert.Equal(text, Read(new GZipStream(new MemoryStream(Encode(ContentCoding.Gzip, text)), CompressionMode.Decompress)));
        Assert.Equal(text, Read(new ZLibStream(new MemoryStream(Encode(ContentCoding.Deflate, text)), CompressionMode.Decompress)));
        Assert.Equal(text, Read(new BrotliStream(new MemoryStream(Encode(ContentCoding.Brotli, text)), CompressionMode.Decompress)));
    }

    /// <summary>Likewise its encoders.</summary>
    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void What_others_encode_is_read(CompressionLevel level)
    {
        byte[] text = Sample(300_000);
        Check(ContentCoding.Gzip, stream => new GZipStream(stream, level));
        Check(ContentCoding.Deflate, stream => new ZLibStream(stream, level));
        Check(ContentCoding.Deflate, stream => new DeflateStream(stream, level));
        Check(ContentCoding.Brotli, stream => new BrotliStream(stream, level));

        void Check(ContentCoding coding, Func<Stream, Stream> open)
        {
            using var encoded = new MemoryStream();
            using (Stream stream = open(encoded)) stream.Write(text);
            Assert.Equal(RecodeStatus.Ended, TryDecode(coding, encoded.ToArray(), out byte[] decoded));
            Assert.True(text.AsSpan().SequenceEqual(decoded));
        }
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void Changed_bytes_never_throw(byte coding)
    {
        byte[] encoded = Encode((ContentCoding)coding, Sample(2_000));
        var pool = new CodecPool();
        var random = new Random(27);
        for (int i = 0; i < 3_000; i++)
        {
            byte[] changed = [.. encoded];
            for (int n = random.Next(1, 5); n > 0; n--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) changed = changed[..random.Next(changed.Length)];

            // The same decoder goes on after each, as it does in a loop.
            Codec decoder = pool.RentDecoderOrNull((ContentCoding)coding)!;
            Run(decoder, changed, isLast: false, out _, most: 1_000_000);
            pool.ReturnDecoder((ContentCoding)coding, decoder);
        }

        Codec again = pool.RentDecoderOrNull((ContentCoding)coding)!;
        Assert.Equal(RecodeStatus.Ended, Run(again, encoded, isLast: false, out _));
        pool.ReturnDecoder((ContentCoding)coding, again);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void A_bomb_stops_soon_after_its_output_is_too_long(byte coding)
    {
        byte[] bomb = Encode((ContentCoding)coding, new byte[64 * 1024 * 1024], level: 9);
        using Codec decoder = new CodecPool().RentDecoderOrNull((ContentCoding)coding)!;
        Assert.Equal(RecodeStatus.Going, Run(decoder, bomb, isLast: false, out byte[] output, most: 1_000_000));
        Assert.InRange(output.Length, 1_000_001, 1_000_000 + Recode.BytesPerTurn);
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public void A_codec_that_is_returned_is_used_again_and_allocates_nothing(byte coding)
    {
        var pool = new CodecPool();
        byte[] text = Sample(5_000);
        byte[] encoded = new byte[10_000];
        byte[] decoded = new byte[10_000];
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 50; i++) Pass();
        }));

        void Pass()
        {
            Codec encoder = pool.RentEncoderOrNull((ContentCoding)coding, 4)!;
            if (encoder.Run(text, isLast: true, encoded, out _, out int length) != CodecStatus.Ended) throw new InvalidOperationException("Encoding did not end.");
            pool.ReturnEncoder((ContentCoding)coding, 4, encoder);
            Codec decoder = pool.RentDecoderOrNull((ContentCoding)coding)!;
            if (decoder.Run(encoded.AsSpan(0, length), isLast: false, decoded, out _, out int made) != CodecStatus.Ended || made != text.Length) throw new InvalidOperationException("Decoding did not end.");
            pool.ReturnDecoder((ContentCoding)coding, decoder);
        }
    }

    private static byte[] Read(Stream stream)
    {
        using (stream)
        using (var all = new MemoryStream())
        {
            stream.CopyTo(all);
            return all.ToArray();
        }
    }

    private static byte[] InPieces(ContentCoding coding, byte[] encoded, int[] splits, int room)
    {
        using Codec decoder = new CodecPool().RentDecoderOrNull(coding)!;
        var all = new List<byte>();
        byte[] output = new byte[room];
        int at = 0;
        CodecStatus status = CodecStatus.Going;
        foreach (int end in splits.Append(encoded.Length))
        {
            while (true)
            {
                status = decoder.Run(encoded.AsSpan(at, end - at), isLast: false, output, out int consumed, out int written);
                Assert.NotEqual(CodecStatus.Corrupt, status);
                at += consumed;
                all.AddRange(output.AsSpan(0, written));
                if (status == CodecStatus.Ended || (written < room && at == end)) break;
            }
        }

        Assert.Equal(CodecStatus.Ended, status);
        return [.. all];
    }
}
