namespace EdgeProxy.Load.Messages;

/// <summary>Walks over a chunked body (RFC 9112, 7.1) that may arrive in pieces of any size.</summary>
/// <remarks><code>
///   Size --digits--> SizeEnd/Extension --LF--> Data --all--> DataEnd --CRLF--> Size
///                                       \--0 bytes--> Trailer lines --empty line--> done
/// </code></remarks>
internal struct ChunkedBody
{
    private const int MaximumTrailerBytes = 64 * 1024;
    private const int MaximumDigits = 15;

    private Where _where;
    private long _size;
    private int _digits;
    private int _lineLength;
    private int _trailerBytes;

    private enum Where : byte
    {
        Size,
        Extension,
        SizeLineFeed,
        Data,
        DataReturn,
        DataLineFeed,
        Trailer,
        TrailerLineFeed,
    }

    /// <summary>
    /// Takes bytes up to the end of the body or of the input; the next piece of content, if any, is
    /// <paramref name="content"/>, and the call is to be repeated while bytes are left.
    /// </summary>
    public ReadStep Read(ReadOnlySpan<byte> input, out int consumed, out ReadOnlySpan<byte> content)
    {
        content = default;
        for (consumed = 0; consumed < input.Length;)
        {
            if (_where == Where.Data)
            {
                int part = (int)Math.Min(_size, input.Length - consumed);
                content = input.Slice(consumed, part);
                consumed += part;
                _size -= part;
                if (_size == 0) _where = Where.DataReturn;
                return ReadStep.NeedMore;
            }

            byte next = input[consumed++];
            ReadStep step = Take(next);
            if (step != ReadStep.NeedMore) return step;
        }

        return ReadStep.NeedMore;
    }

    private ReadStep Take(byte next)
    {
        switch (_where)
        {
            case Where.Size when char.IsAsciiHexDigit((char)next):
                if (++_digits > MaximumDigits) return ReadStep.Malformed;
                _size = (_size << 4) | (uint)HexValue(next);
                return ReadStep.NeedMore;

            case Where.Size when _digits > 0 && next == '\r':
                _where = Where.SizeLineFeed;
                return ReadStep.NeedMore;

            case Where.Size when _digits > 0 && next is (byte)';' or (byte)' ' or (byte)'\t':
                _where = Where.Extension;
                return ReadStep.NeedMore;

            case Where.Extension:
                if (next == '\n') return ReadStep.Malformed;
                if (next == '\r') _where = Where.SizeLineFeed;
                return ReadStep.NeedMore;

            case Where.SizeLineFeed when next == '\n':
                _where = _size == 0 ? Where.Trailer : Where.Data;
                _digits = 0;
                return ReadStep.NeedMore;

            case Where.DataReturn when next == '\r':
                _where = Where.DataLineFeed;
                return ReadStep.NeedMore;

            case Where.DataLineFeed when next == '\n':
                _where = Where.Size;
                return ReadStep.NeedMore;

            case Where.Trailer:
                return TakeTrailer(next);

            case Where.TrailerLineFeed when next == '\n':
                if (_lineLength == 0) return ReadStep.Complete;
                _lineLength = 0;
                _where = Where.Trailer;
                return ReadStep.NeedMore;

            default:
                return ReadStep.Malformed;
        }
    }

    private ReadStep TakeTrailer(byte next)
    {
        if (++_trailerBytes > MaximumTrailerBytes || next == '\n') return ReadStep.Malformed;
        if (next == '\r') _where = Where.TrailerLineFeed;
        else _lineLength++;
        return ReadStep.NeedMore;
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
