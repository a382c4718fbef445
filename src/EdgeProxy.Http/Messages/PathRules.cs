using System.Buffers;

namespace EdgeProxy.Http.Messages;

/// <summary>The check of a raw path before routing, so that no layer behind it sees another path (architecture.md 5).</summary>
/// <remarks>
/// Refused: NUL, backslash and bytes that no target may have, plain or percent-coded; percent signs without two hexadecimal digits;
/// percent-coded overlong UTF-8, which some decoders turn into dots and slashes; dot segments, as the setting says. A coded slash
/// never splits segments for routing, but a dot segment beside one is refused like a plain one, because an upstream that decodes
/// before it splits would climb.
/// </remarks>
public static class PathRules
{
    private static readonly SearchValues<byte> PlainBytes = SearchValues.Create(Plain());

    /// <summary>Judges a path as it stands in the request target.</summary>
    /// <param name="path">Without the query.</param>
    /// <param name="mode">What to do with dot segments.</param>
    /// <param name="resolve">Whether the path has dot segments that <see cref="Resolve"/> must remove; only with <see cref="DotSegments.Resolve"/>.</param>
    /// <returns><see cref="ViolationCode.None"/>, <see cref="ViolationCode.BadPath"/> or <see cref="ViolationCode.DotSegment"/>.</returns>
    public static ViolationCode Check(ReadOnlySpan<byte> path, DotSegments mode, out bool resolve)
    {
        resolve = false;
        int first = path.IndexOfAnyExcept(PlainBytes);
        return first < 0 ? ViolationCode.None : CheckSlow(path, first, mode, out resolve);
    }

    /// <summary>Judges a path under the default mode.</summary>
    public static ViolationCode Check(ReadOnlySpan<byte> path) => Check(path, DotSegments.Reject, out _);

    /// <summary>Writes the path without its dot segments (RFC 3986, 5.2.4); the result is never longer.</summary>
    /// <param name="path">A path that passed <see cref="Check(ReadOnlySpan{byte}, DotSegments, out bool)"/>.</param>
    /// <param name="destination">At least as long as the path; not overlapping it.</param>
    /// <returns>Bytes written.</returns>
    public static int Resolve(ReadOnlySpan<byte> path, Span<byte> destination)
    {
        int written = 0;
        int at = 0;
        while (at < path.Length)
        {
            // Every turn takes one slash and the segment after it.
            int length = path[(at + 1)..].IndexOf((byte)'/');
            int end = length < 0 ? path.Length : at + 1 + length;
            ReadOnlySpan<byte> segment = path[(at + 1)..end];
            bool isLast = end == path.Length;
            int dots = Dots(segment);
            if (dots == 2)
            {
                int parent = destination[..written].LastIndexOf((byte)'/');
                written = Math.Max(parent, 0);
            }

            if (dots == 0)
            {
                path[at..end].CopyTo(destination[written..]);
                written += end - at;
            }
            else if (isLast)
            {
                destination[written++] = (byte)'/';
            }

            at = end;
        }

        return written;
    }

    private static ViolationCode CheckSlow(ReadOnlySpan<byte> path, int first, DotSegments mode, out bool resolve)
    {
        resolve = false;
        ViolationCode wrong = CheckBytes(path, first);
        if (wrong != ViolationCode.None || mode == DotSegments.Keep) return wrong;

        if (mode == DotSegments.Reject) return HasDotSegment(path, splitAtCodedSlash: true) ? ViolationCode.DotSegment : ViolationCode.None;

        // What hides beside a coded slash cannot be resolved without splitting there, which routing never does.
        if (HasCodedSlashBesideDots(path)) return ViolationCode.DotSegment;
        resolve = HasDotSegment(path, splitAtCodedSlash: false);
        return ViolationCode.None;
    }

    private static ViolationCode CheckBytes(ReadOnlySpan<byte> path, int first)
    {
        int overlongBelow = 0; // after a lead byte that may start an overlong form: continuation bytes under this are overlong
        for (int at = first; at < path.Length; at++)
        {
            byte value = path[at];
            if (value != (byte)'%')
            {
                if (value == (byte)'\\' || !Syntax.TargetBytes.Contains(value)) return ViolationCode.BadPath;
                overlongBelow = 0;
                continue;
            }

            if (!TryCoded(path, at, out byte coded)) return ViolationCode.BadPath;
            if (coded is 0 or (byte)'\\') return ViolationCode.BadPath;
            if (overlongBelow != 0 && coded >= 0x80 && coded < overlongBelow) return ViolationCode.BadPath;
            overlongBelow = coded switch { 0xC0 or 0xC1 => 0xC0, 0xE0 => 0xA0, 0xF0 => 0x90, _ => 0 };
            at += 2;
        }

        return ViolationCode.None;
    }

    private static bool HasDotSegment(ReadOnlySpan<byte> path, bool splitAtCodedSlash)
    {
        while (!path.IsEmpty)
        {
            int length = SegmentLength(path, splitAtCodedSlash);
            if (Dots(path[..length]) != 0) return true;
            if (length == path.Length) return false;
            path = path[(length + (path[length] == (byte)'/' ? 1 : 3))..];
        }

        return false;
    }

    private static bool HasCodedSlashBesideDots(ReadOnlySpan<byte> path)
    {
        while (!path.IsEmpty)
        {
            int slash = path.IndexOf((byte)'/');
            ReadOnlySpan<byte> segment = slash < 0 ? path : path[..slash];
            if (Dots(segment) == 0 && HasDotSegment(segment, splitAtCodedSlash: true)) return true;
            if (slash < 0) return false;
            path = path[(slash + 1)..];
        }

        return false;
    }

    private static int SegmentLength(ReadOnlySpan<byte> path, bool splitAtCodedSlash)
    {
        for (int at = 0; at < path.Length; at++)
        {
            if (path[at] == (byte)'/') return at;
            if (splitAtCodedSlash && path[at] == (byte)'%' && TryCoded(path, at, out byte coded) && coded == (byte)'/') return at;
        }

        return path.Length;
    }

    /// <summary>1 or 2 when the segment, decoded, is "." or ".."; else 0.</summary>
    private static int Dots(ReadOnlySpan<byte> segment)
    {
        int dots = 0;
        int at = 0;
        while (at < segment.Length)
        {
            if (segment[at] == (byte)'.') at++;
            else if (segment[at] == (byte)'%' && TryCoded(segment, at, out byte coded) && coded == (byte)'.') at += 3;
            else return 0;
            if (++dots > 2) return 0;
        }

        return dots;
    }

    private static bool TryCoded(ReadOnlySpan<byte> path, int at, out byte coded)
    {
        coded = 0;
        if (at + 2 >= path.Length) return false;
        byte high = path[at + 1];
        byte low = path[at + 2];
        if (!char.IsAsciiHexDigit((char)high) || !char.IsAsciiHexDigit((char)low)) return false;
        coded = (byte)((PercentCoding.HexValue(high) << 4) | PercentCoding.HexValue(low));
        return true;
    }

    /// <summary>What needs no second look: a path of these alone has neither dots nor coded bytes.</summary>
    private static byte[] Plain()
    {
        var bytes = new List<byte>();
        for (int value = 0; value < 128; value++)
        {
            if (Syntax.TargetBytes.Contains((byte)value) && value is not ('%' or '\\' or '.')) bytes.Add((byte)value);
        }

        return [.. bytes];
    }
}
