using System.IO.Compression;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.Gateway.Mapping;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>The decoders of content codings: the first byte of an input names the coding, the others are the coded text.</summary>
internal sealed class DecoderTarget : FuzzTarget
{
    private const int Most = 16 * 1024;

    private readonly CodecPool _codecs = new();
    private readonly LoopBuffers _buffers = new();
    private readonly HeldBody _output = new();

    public override string Name => "Decoder";

    public override IReadOnlyList<string> Tokens { get; } =
        ["\u0001\u001f\u008b\u0008", "\u0002x\u009c", "\u0002\u0003\0", "\u0004(\u00b5/\u00fd", "P*M\u0018", "\u001f\u008b\u0008\0\0\0\0\0\0\u0003", "\u0003\0", "\0\0\u00ff\u00ff"];

    public override ulong Run(byte[] input)
    {
        if (input.Length == 0) return Outcome.None;
        var coding = (ContentCoding)(1 + (input[0] % (ContentCodings.Count - 1)));
        ReadOnlySpan<byte> coded = input.AsSpan(1);
        RecodeStatus status = Decode(coding, coded, out byte[] text);
        Promise.That(text.Length <= Most + Recode.BytesPerTurn, "Output stops soon after its limit");
        if (text.Length > Most) return Outcome.None.With((int)coding).With(9);

        // How soon what is wrong shows depends on how much is there; whether it is right does not.
        bool hasEnded = InBytes(coding, coded, out byte[] bytewise) == RecodeStatus.Ended;
        Promise.Same(status == RecodeStatus.Ended, hasEnded, "Split at each byte it ends or does not end alike");
        if (status == RecodeStatus.Ended)
        {
            Promise.That(text.AsSpan().SequenceEqual(bytewise), "Split at each byte it is the same text");
            CheckAgainstPeer(coding, input, text);
        }

        return Outcome.None.With((int)coding).With((int)status).WithCount(text.Length);
    }

    private RecodeStatus Decode(ContentCoding coding, ReadOnlySpan<byte> coded, out byte[] text)
    {
        Codec decoder = _codecs.RentDecoderOrNull(coding)!;
        int taken = 0;
        RecodeStatus status;
        do status = Recode.Run(decoder, coded, ref taken, isLast: false, _output, Most, _buffers);
        while (status == RecodeStatus.Going && _output.Length <= Most);
        text = _output.Span.ToArray();
        _output.Release(_buffers);
        _codecs.ReturnDecoder(coding, decoder);
        return status;
    }

    private RecodeStatus InBytes(ContentCoding coding, ReadOnlySpan<byte> coded, out byte[] text)
    {
        Codec decoder = _codecs.RentDecoderOrNull(coding)!;
        byte[] room = new byte[4096];
        var all = new List<byte>();
        CodecStatus status = CodecStatus.Going;
        int at = 0;
        for (int end = Math.Min(1, coded.Length); end <= coded.Length && status != CodecStatus.Corrupt && all.Count <= Most; end++)
        {
            while (true)
            {
                status = decoder.Run(coded[at..end], isLast: false, room, out int consumed, out int written);
                at += consumed;
                all.AddRange(room.AsSpan(0, written));
                if (status != CodecStatus.Going || written < room.Length || all.Count > Most) break;
            }

            if (status == CodecStatus.Ended && at < end) status = CodecStatus.Corrupt;
        }

        text = [.. all];
        _codecs.ReturnDecoder(coding, decoder);
        if (all.Count > Most) return RecodeStatus.Going;
        return status switch { CodecStatus.Ended => RecodeStatus.Ended, CodecStatus.Corrupt => RecodeStatus.Corrupt, _ => RecodeStatus.Starved };
    }

    private static void CheckAgainstPeer(ContentCoding coding, byte[] input, byte[] text)
    {
        var coded = new MemoryStream(input, 1, input.Length - 1);
        bool isZlib = input.Length > 2 && (input[1] & 0x0F) == 8 && (input[1] >> 4) <= 7 && ((input[1] << 8) | input[2]) % 31 == 0;
        using Stream? peer = coding switch
        {
            ContentCoding.Gzip => new GZipStream(coded, CompressionMode.Decompress),
            ContentCoding.Deflate => isZlib ? new ZLibStream(coded, CompressionMode.Decompress) : new DeflateStream(coded, CompressionMode.Decompress),
            ContentCoding.Brotli => new BrotliStream(coded, CompressionMode.Decompress),
            _ => null,
        };
        if (peer is null) return;
        using var all = new MemoryStream();
        peer.CopyTo(all);
        Promise.That(all.ToArray().AsSpan().SequenceEqual(text), "The class library reads the same text");
    }
}
