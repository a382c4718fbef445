namespace EdgeProxy.Gateway.Compression;

/// <summary>The codecs of one loop: made when first needed, and kept for the next request up to a bound. Loop thread only.</summary>
internal sealed class CodecPool
{
    // A deflate state takes 300 KB; more than this many at once are an exception, and are made and freed.
    private const int Kept = 16;

    private readonly Stack<Codec>[] _decoders = new Stack<Codec>[ContentCodings.Count];
    private readonly Stack<Codec>[] _encoders = new Stack<Codec>[ContentCodings.Count];
    private int _level;

    public CodecPool()
    {
        for (int i = 0; i < ContentCodings.Count; i++)
        {
            _decoders[i] = new Stack<Codec>(Kept);
            _encoders[i] = new Stack<Codec>(Kept);
        }
    }

    /// <summary>A decoder, ready for a text; null without memory.</summary>
    public Codec? RentDecoderOrNull(ContentCoding coding)
    {
        if (_decoders[(int)coding].TryPop(out Codec? kept)) return kept;
        return coding switch
        {
            ContentCoding.Gzip => ZlibDecoder.CreateOrNull(isGzip: true),
            ContentCoding.Deflate => ZlibDecoder.CreateOrNull(isGzip: false),
            ContentCoding.Brotli => new BrotliDecoder(),
            ContentCoding.Zstd => ZstandardDecoder.CreateOrNull(),
            _ => throw new ArgumentOutOfRangeException(nameof(coding)),
        };
    }

    /// <summary>An encoder, ready for a text; null without memory.</summary>
    /// <param name="coding">Any but identity.</param>
    /// <param name="level">1 to 9.</param>
    public Codec? RentEncoderOrNull(ContentCoding coding, int level)
    {
        if (level != _level) ForgetEncoders(level);
        if (_encoders[(int)coding].TryPop(out Codec? kept)) return kept;
        return coding switch
        {
            ContentCoding.Gzip => ZlibEncoder.CreateOrNull(isGzip: true, level),
            ContentCoding.Deflate => ZlibEncoder.CreateOrNull(isGzip: false, level),
            ContentCoding.Brotli => new BrotliEncoder(level),
            ContentCoding.Zstd => ZstandardEncoder.CreateOrNull(level),
            _ => throw new ArgumentOutOfRangeException(nameof(coding)),
        };
    }

    /// <summary>Takes a decoder back.</summary>
    public void ReturnDecoder(ContentCoding coding, Codec decoder) => Keep(_decoders[(int)coding], decoder);

    /// <summary>Takes an encoder back that was rented for this level.</summary>
    public void ReturnEncoder(ContentCoding coding, int level, Codec encoder)
    {
        if (level == _level) Keep(_encoders[(int)coding], encoder);
        else encoder.Dispose();
    }

    private static void Keep(Stack<Codec> kept, Codec codec)
    {
        if (kept.Count < Kept && codec.TryReset()) kept.Push(codec);
        else codec.Dispose();
    }

    // A reload has changed the level.
    private void ForgetEncoders(int level)
    {
        _level = level;
        foreach (Stack<Codec> encoders in _encoders)
        {
            while (encoders.TryPop(out Codec? encoder)) encoder.Dispose();
        }
    }
}
