using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http1;

/// <summary>Finds the body in chunked transfer coding (RFC 9112, 7.1) without copying it.</summary>
/// <remarks>
/// <code>
///   Size --hex--> Digits --;--> Extension --CR--> SizeLf --LF--> Data --> DataCr --> DataLf --> Size ...
///                                                   \--size 0--> Line --CR--> EndLf --> Done
///                                       Line --name--> Name --:--> Value --CR--> ValueLf --> Line
/// </code>
/// A value: copying it copies the state, and every split of the input gives the same answer, because all of the input is always
/// taken. Line ends are CRLF and nothing else, since a bare LF is read differently by different servers (specification security.md 16).
/// Make it with <c>new ChunkedDecoder()</c> or with limits, not with <c>default</c>.
/// </remarks>
public struct ChunkedDecoder
{
    // 15 digits hold any length that can be sent; stopping there keeps the sum below 2^63.
    private const int MostDigits = 15;

    // Room for honest framing of tiny chunks; beyond it a client pays us in overhead instead of data.
    private const int ExcessAllowed = 16 * 1024;

    private readonly ChunkLimits _limits;
    private long _remaining;
    private int _digits;
    private int _lineBytes;
    private int _excess;
    private int _trailerBytes;
    private int _trailerCount;
    private int _nameStart;
    private int _nameLength;
    private int _valueStart;
    private int _valueLength;
    private State _state;
    private ViolationCode _violation;

    public ChunkedDecoder()
        : this(new ChunkLimits())
    {
    }

    public ChunkedDecoder(in ChunkLimits limits) => _limits = limits;

    private enum State : byte
    {
        Size,
        Digits,
        SpaceBeforeExtension,
        Extension,
        SizeLf,
        Data,
        DataCr,
        DataLf,
        Line,
        Name,
        Value,
        ValueLf,
        EndLf,
        Done,
        Broken,
    }

    /// <summary>Whether the last chunk and its trailers were read.</summary>
    public readonly bool IsDone => _state == State.Done;

    /// <summary>Takes framing until body bytes, the end, a violation or the end of the input.</summary>
    /// <param name="input">What follows the bytes taken so far.</param>
    /// <param name="trailers">Where trailer fields are recorded, the same for all steps and filled by nobody else; or null to read and limit them only. Fields that frame, route or authenticate are never recorded (RFC 9110, 6.5.1).</param>
    public ChunkStep Next(ReadOnlySpan<byte> input, HeaderTable? trailers = null)
    {
        int at = 0;
        while (true)
        {
            if (_state == State.Done) return new ChunkStep(ChunkStepKind.End, 0, 0, at, ViolationCode.None);
            if (_state == State.Broken) return new ChunkStep(ChunkStepKind.Violation, 0, 0, 0, _violation);
            if (at == input.Length) return new ChunkStep(ChunkStepKind.NeedMore, 0, 0, at, ViolationCode.None);

            if (_state == State.Data)
            {
                int length = (int)Math.Min(_remaining, input.Length - at);
                _remaining -= length;
                if (_remaining == 0) _state = State.DataCr;
                return new ChunkStep(ChunkStepKind.Data, at, length, at + length, ViolationCode.None);
            }

            ViolationCode wrong = _state >= State.Line ? TakeTrailer(input, ref at, trailers) : TakeFraming(input[at++]);
            if (wrong == ViolationCode.None) continue;
            _violation = wrong;
            _state = State.Broken;
        }
    }

    private ViolationCode TakeFraming(byte value)
    {
        switch (_state)
        {
            case State.Size:
                _remaining = 0;
                _digits = 0;
                _lineBytes = 0;
                if (!TakeDigit(value)) return ViolationCode.BadChunkSize;
                _state = State.Digits;
                return ViolationCode.None;

            case State.Digits:
                if (TakeDigit(value)) return _digits > MostDigits ? ViolationCode.BadChunkSize : ViolationCode.None;
                return EndDigits(value);

            case State.SpaceBeforeExtension:
                // White space is "bad" yet allowed before a semicolon, and nowhere else (RFC 9112, 7.1.1).
                if (value == (byte)';') _state = State.Extension;
                else if (!Syntax.IsSpaceOrTab(value)) return ViolationCode.BadChunkSize;
                return CountExtension();

            case State.Extension:
                if (value == (byte)'\r')
                {
                    _state = State.SizeLf;
                    return ViolationCode.None;
                }

                return Syntax.ControlBytes.Contains(value) ? ViolationCode.BadChunkSize : CountExtension();

            case State.SizeLf:
                return value == (byte)'\n' ? EndSizeLine() : ViolationCode.BadChunkSize;

            case State.DataCr:
                if (value != (byte)'\r') return ViolationCode.BadChunkEnd;
                _state = State.DataLf;
                return ViolationCode.None;

            default:
                if (value != (byte)'\n') return ViolationCode.BadChunkEnd;
                _state = State.Size;
                return ViolationCode.None;
        }
    }

    private bool TakeDigit(byte value)
    {
        if (!char.IsAsciiHexDigit((char)value)) return false;
        _remaining = (_remaining << 4) | (uint)((value & 0xF) + ((value >> 6) * 9));
        _digits++;
        return true;
    }

    private ViolationCode EndDigits(byte value)
    {
        switch (value)
        {
            case (byte)'\r':
                _state = State.SizeLf;
                return ViolationCode.None;
            case (byte)';':
                _state = State.Extension;
                return CountExtension();
            case (byte)' ' or (byte)'\t':
                _state = State.SpaceBeforeExtension;
                return CountExtension();
            default:
                return ViolationCode.BadChunkSize;
        }
    }

    private ViolationCode CountExtension() => ++_lineBytes > _limits.ExtensionBytes ? ViolationCode.ChunkExtensionTooLong : ViolationCode.None;

    private ViolationCode EndSizeLine()
    {
        if (_remaining == 0)
        {
            _state = State.Line;
            return ViolationCode.None;
        }

        // Endless small chunks with long extensions would make us read much and deliver nothing.
        long excess = _excess + _lineBytes + _digits - 16 - (2 * _remaining);
        _excess = (int)Math.Max(0, excess);
        if (_excess > ExcessAllowed) return ViolationCode.ChunkExtensionTooLong;
        _state = State.Data;
        return ViolationCode.None;
    }

    private ViolationCode TakeTrailer(ReadOnlySpan<byte> input, ref int at, HeaderTable? trailers)
    {
        byte value = input[at];
        switch (_state)
        {
            case State.Line:
                if (value == (byte)'\r')
                {
                    at++;
                    _state = State.EndLf;
                    return ViolationCode.None;
                }

                if (_trailerCount >= _limits.TrailerCount) return ViolationCode.TrailersTooLarge;
                _trailerCount++;
                if (!Syntax.IsToken(value)) return ViolationCode.BadTrailer;
                _nameStart = trailers?.BlockLength ?? 0;
                _nameLength = 0;
                _state = State.Name;
                return ViolationCode.None;

            case State.Name:
                return TakeName(input, ref at, trailers);

            case State.Value:
                return TakeValue(input, ref at, trailers);

            case State.ValueLf:
                if (value != (byte)'\n') return ViolationCode.BadTrailer;
                at++;
                EndLine(trailers);
                _state = State.Line;
                return Count(1);

            default:
                if (value != (byte)'\n') return ViolationCode.BadTrailer;
                at++;
                _state = State.Done;
                return ViolationCode.None;
        }
    }

    private ViolationCode TakeName(ReadOnlySpan<byte> input, ref int at, HeaderTable? trailers)
    {
        ReadOnlySpan<byte> rest = Allowed(input[at..]);
        int length = rest.IndexOfAnyExcept(Syntax.TokenBytes);
        ReadOnlySpan<byte> part = length < 0 ? rest : rest[..length];
        trailers?.Append(part);
        _nameLength += part.Length;
        at += part.Length;
        ViolationCode wrong = Count(part.Length);
        if (wrong != ViolationCode.None || length < 0) return wrong;

        if (rest[length] != (byte)':') return ViolationCode.BadTrailer;
        at++;
        _valueStart = trailers?.BlockLength ?? 0;
        _valueLength = 0;
        _state = State.Value;
        return Count(1);
    }

    private ViolationCode TakeValue(ReadOnlySpan<byte> input, ref int at, HeaderTable? trailers)
    {
        ReadOnlySpan<byte> rest = Allowed(input[at..]);
        int length = rest.IndexOfAny(Syntax.ControlBytes);
        ReadOnlySpan<byte> part = length < 0 ? rest : rest[..length];
        trailers?.Append(part);
        _valueLength += part.Length;
        at += part.Length;
        ViolationCode wrong = Count(part.Length);
        if (wrong != ViolationCode.None || length < 0) return wrong;

        if (rest[length] != (byte)'\r') return ViolationCode.BadTrailer;
        at++;
        _state = State.ValueLf;
        return Count(1);
    }

    /// <summary>Cuts the input one byte beyond what is still allowed, so that the limit is met at the same byte however the input is split.</summary>
    private readonly ReadOnlySpan<byte> Allowed(ReadOnlySpan<byte> rest)
    {
        int allowed = _limits.TrailerBytes - _trailerBytes + 1;
        return rest.Length > allowed ? rest[..allowed] : rest;
    }

    private ViolationCode Count(int bytes)
    {
        _trailerBytes += bytes;
        return _trailerBytes > _limits.TrailerBytes ? ViolationCode.TrailersTooLarge : ViolationCode.None;
    }

    private readonly void EndLine(HeaderTable? trailers)
    {
        if (trailers is null) return;
        ReadOnlySpan<byte> name = trailers.Slice(_nameStart, _nameLength);
        KnownHeader known = KnownHeaders.Find(name);
        if (TrailerFields.IsForbidden(known, name)) return;

        ReadOnlySpan<byte> value = trailers.Slice(_valueStart, _valueLength);
        int start = 0;
        while (start < value.Length && Syntax.IsSpaceOrTab(value[start])) start++;
        int end = value.Length;
        while (end > start && Syntax.IsSpaceOrTab(value[end - 1])) end--;
        trailers.AddAt(_nameStart, _nameLength, _valueStart + start, end - start, known);
    }
}
