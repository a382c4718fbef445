using System.Runtime.CompilerServices;
using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http1;

/// <summary>Reads the field lines of a request or response head up to the empty line (RFC 9112, 5; RFC 9110, 5).</summary>
/// <remarks>
/// Left to right in one pass, each rule judged at the first byte that can break it: a longer prefix of the same bytes can then never
/// give another violation than a shorter one did.
/// </remarks>
internal static class FieldLines
{
    private const ulong Essential =
        (1UL << (int)KnownHeader.Host) | (1UL << (int)KnownHeader.ContentLength) | (1UL << (int)KnownHeader.TransferEncoding)
        | (1UL << (int)KnownHeader.Connection) | (1UL << (int)KnownHeader.Expect) | (1UL << (int)KnownHeader.Upgrade);

    /// <summary>Reads from the first field line on.</summary>
    /// <param name="input">The head from its first byte.</param>
    /// <param name="start">Where the first field line starts.</param>
    /// <param name="limits">How many lines and bytes are allowed.</param>
    /// <param name="tolerant">Whether the doubtful passes (<see cref="DesyncMode"/>).</param>
    /// <param name="headers">Where fields are recorded, as offsets into <paramref name="input"/>.</param>
    /// <param name="facts">What was learnt.</param>
    /// <param name="end">When complete: the offset after the empty line.</param>
    public static ParseResult Parse(
        ReadOnlySpan<byte> input, int start, in HeadLimits limits, bool tolerant, HeaderTable headers, ref FieldFacts facts, out int end)
    {
        // Looking no further than the limit, a fault beyond it cannot be reported in its place, however the bytes arrive.
        bool cut = input.Length - start >= limits.HeadBytes;
        if (cut) input = input[..(start + limits.HeadBytes)];
        ParseResult result = ParseLines(input, start, limits.HeaderCount, tolerant, headers, ref facts, out end);
        return cut && result.Status == ParseStatus.Incomplete ? ParseResult.Broken(ViolationCode.HeadTooLarge) : result;
    }

    [SkipLocalsInit]
    private static ParseResult ParseLines(
        ReadOnlySpan<byte> input, int start, int headerCount, bool tolerant, HeaderTable headers, ref FieldFacts facts, out int end)
    {
        end = 0;
        int at = start;
        while (true)
        {
            if (at >= input.Length) return ParseResult.Incomplete;
            byte first = input[at];
            if (first == (byte)'\r')
            {
                if (at + 1 >= input.Length) return ParseResult.Incomplete;
                if (input[at + 1] != (byte)'\n') return ParseResult.Broken(ViolationCode.NonCrLfLineTermination);
                end = at + 2;
                return ParseResult.Complete(end);
            }

            if (first == (byte)'\n')
            {
                if (!tolerant) return ParseResult.Broken(ViolationCode.NonCrLfLineTermination);
                facts.Doubt(DesyncTier.Acceptable, ViolationCode.NonCrLfLineTermination);
                end = at + 1;
                return ParseResult.Complete(end);
            }

            // Folds are taken together with the line they continue, so that white space here is a fold only in the strict mode, and
            // in any mode a fault before the first field (RFC 9112, 2.2).
            if (Syntax.IsSpaceOrTab(first))
            {
                return ParseResult.Broken(at == start ? ViolationCode.BadHeaderName : ViolationCode.MultilineHeader);
            }

            if (headers.Count >= headerCount) return ParseResult.Broken(ViolationCode.TooManyHeaders);

            ReadOnlySpan<byte> rest = input[at..];
            int nameLength = FieldScan.TokenLength(rest);
            if (nameLength < 0) return ParseResult.Incomplete;
            if (rest[nameLength] != (byte)':' || nameLength == 0) return ParseResult.Broken(WrongAfterName(rest[nameLength]));

            ReadOnlySpan<byte> name = rest[..nameLength];
            KnownHeader known = KnownHeaders.Find(name);
            if (known == KnownHeader.Other && nameLength >= LookAlikes.ShortestName && LookAlikes.IsFramingField(name))
            {
                if (!tolerant) return ParseResult.Broken(ViolationCode.SuspiciousHeader);
                facts.Doubt(DesyncTier.Ambiguous, ViolationCode.SuspiciousHeader);
            }

            int valueStart = nameLength + 1;
            if (valueStart < rest.Length && rest[valueStart] == (byte)' ') valueStart++;

            int valueEnd = valueStart;
            int next;
            int stop = FieldScan.IndexOfControl(rest[valueStart..]);
            if (stop >= 0 && valueStart + stop + 1 < rest.Length && rest[valueStart + stop] == (byte)'\r' && rest[valueStart + stop + 1] == (byte)'\n'
                && !tolerant)
            {
                valueEnd = valueStart + stop;
                next = valueEnd + 2;
            }
            else
            {
                ViolationCode wrong = EndOfValue(rest, valueStart, tolerant, known, ref facts, out valueEnd, out next);
                if (wrong != ViolationCode.None) return ParseResult.Broken(wrong);
                if (next < 0) return ParseResult.Incomplete;
            }

            while (valueStart < valueEnd && IsBlank(rest[valueStart])) valueStart++;
            while (valueEnd > valueStart && IsBlank(rest[valueEnd - 1])) valueEnd--;

            headers.AddAt(at, nameLength, at + valueStart, valueEnd - valueStart, known);
            if ((Essential & (1UL << (int)known)) != 0)
            {
                ViolationCode wrong = Note(known, rest[valueStart..valueEnd], at + valueStart, tolerant, ref facts);
                if (wrong != ViolationCode.None) return ParseResult.Broken(wrong);
            }

            at += next;
        }
    }

    /// <summary>Replaces the line ends inside folded values of the copied block by spaces (RFC 9112, 5.2).</summary>
    public static void BlankFolds(HeaderTable headers)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            Span<byte> value = headers.Block.AsSpan(headers[i].ValueStart, headers[i].ValueLength);
            value.Replace((byte)'\r', (byte)' ');
            value.Replace((byte)'\n', (byte)' ');
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private static ViolationCode WrongAfterName(byte found) => found switch
    {
        (byte)' ' or (byte)'\t' => ViolationCode.SpaceBeforeColon,
        (byte)'\r' or (byte)'\n' => ViolationCode.MissingHeaderColon,
        _ => ViolationCode.BadHeaderName,
    };

    /// <summary>The uncommon ends of a value: unfinished, wrong, or what only tolerant modes take.</summary>
    /// <param name="next">Where the next line starts, or -1 when more bytes are needed.</param>
    private static ViolationCode EndOfValue(
        ReadOnlySpan<byte> rest, int valueStart, bool tolerant, KnownHeader known, ref FieldFacts facts, out int valueEnd, out int next)
    {
        next = -1;
        valueEnd = valueStart;
        int at = valueStart;
        while (true)
        {
            int stop = rest[at..].IndexOfAny(Syntax.ControlBytes);
            if (stop < 0) return ViolationCode.None;
            at += stop;
            byte found = rest[at];
            int lineEnd;
            if (found == (byte)'\r')
            {
                if (at + 1 >= rest.Length) return ViolationCode.None;
                if (rest[at + 1] != (byte)'\n') return ViolationCode.BadHeaderValue;
                lineEnd = at + 2;
            }
            else if (found == (byte)'\n')
            {
                if (!tolerant) return ViolationCode.NonCrLfLineTermination;
                facts.Doubt(DesyncTier.Acceptable, ViolationCode.NonCrLfLineTermination);
                lineEnd = at + 1;
            }
            else
            {
                if (!tolerant || found == 0 || IsEssential(known)) return ViolationCode.BadHeaderValue;
                facts.Doubt(DesyncTier.Acceptable, ViolationCode.NonCompliantHeader);
                at++;
                continue;
            }

            if (!tolerant)
            {
                valueEnd = at;
                next = lineEnd;
                return ViolationCode.None;
            }

            // A tolerant reader must see the next line's first byte to know whether this value goes on.
            if (lineEnd >= rest.Length) return ViolationCode.None;
            if (!Syntax.IsSpaceOrTab(rest[lineEnd]))
            {
                valueEnd = at;
                next = lineEnd;
                return ViolationCode.None;
            }

            if (IsEssential(known)) return ViolationCode.MultilineHeader;
            facts.Doubt(DesyncTier.Ambiguous, ViolationCode.MultilineHeader);
            facts.HasFolds = true;
            at = lineEnd + 1;
        }
    }

    private static bool IsEssential(KnownHeader known) => (Essential & (1UL << (int)known)) != 0;

    private static ViolationCode Note(KnownHeader known, ReadOnlySpan<byte> value, int valueStart, bool tolerant, ref FieldFacts facts)
    {
        switch (known)
        {
            case KnownHeader.Host:
                if (facts.HasHost) return ViolationCode.MultipleHost;
                facts.HasHost = true;
                facts.HostStart = valueStart;
                facts.HostLength = value.Length;
                return ViolationCode.None;

            case KnownHeader.ContentLength:
                return NoteLength(value, tolerant, ref facts);

            case KnownHeader.TransferEncoding:
                if (!Ascii.EqualsIgnoreCase(value, "chunked"u8)) return ViolationCode.BadTransferEncoding;
                if (facts.HasChunked) return ViolationCode.MultipleTransferEncodingChunked;
                facts.HasChunked = true;
                return ViolationCode.None;

            case KnownHeader.Connection:
                NoteConnection(value, ref facts);
                return ViolationCode.None;

            case KnownHeader.Upgrade:
                facts.HasUpgrade = true;
                return ViolationCode.None;

            default:
                if (Ascii.EqualsIgnoreCase(value, "100-continue"u8)) facts.ExpectsContinue = true;
                else if (!value.IsEmpty) facts.ExpectsOther = true;
                return ViolationCode.None;
        }
    }

    private static ViolationCode NoteLength(ReadOnlySpan<byte> value, bool tolerant, ref FieldFacts facts)
    {
        if (!TryParseLength(value, out long length)) return ViolationCode.BadContentLength;
        if (facts.ContentLength >= 0)
        {
            if (facts.ContentLength != length) return ViolationCode.MultipleContentLength;
            if (!tolerant) return ViolationCode.DuplicateContentLength;
            facts.Doubt(DesyncTier.Ambiguous, ViolationCode.DuplicateContentLength);
        }

        facts.ContentLength = length;
        return ViolationCode.None;
    }

    /// <summary>Digits alone, up to 2^63-1 (RFC 9110, 8.6): no sign, no list, no space.</summary>
    internal static bool TryParseLength(ReadOnlySpan<byte> value, out long length)
    {
        length = 0;
        if (value.IsEmpty) return false;
        foreach (byte digit in value)
        {
            int number = digit - '0';
            if ((uint)number > 9 || length > (long.MaxValue - number) / 10) return false;
            length = (length * 10) + number;
        }

        return true;
    }

    private static void NoteConnection(ReadOnlySpan<byte> value, ref FieldFacts facts)
    {
        // By far the most frequent values have one member.
        if (Ascii.EqualsIgnoreCase(value, "keep-alive"u8))
        {
            facts.SaysKeepAlive = true;
            return;
        }

        facts.SaysClose |= FieldList.Contains(value, "close"u8);
        facts.SaysKeepAlive |= FieldList.Contains(value, "keep-alive"u8);
        facts.NamesUpgrade |= FieldList.Contains(value, "upgrade"u8);
    }
}
