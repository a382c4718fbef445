using EdgeProxy.Gateway.Validation.Patterns;

namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>Tells whether a text has a format (draft 4, 7.3). One pass each, over ASCII; what is outside ASCII belongs to none of them.</summary>
internal static class StringFormats
{
    private const int LongestLabel = 63;
    private const int LongestHost = 253;
    private const int LongestLocalPart = 64;

    /// <summary>Whether the text has the format.</summary>
    public static bool Has(StringFormat format, ReadOnlySpan<byte> text) => format switch
    {
        StringFormat.DateTime => IsDateTime(text),
        StringFormat.Email => IsEmail(text),
        StringFormat.Hostname => IsHostname(text),
        StringFormat.Ipv4 => IsIpv4(text),
        StringFormat.Ipv6 => IsIpv6(text),
        StringFormat.Uri => IsUri(text),
        StringFormat.Regex => PatternSyntax.IsValid(text),
        _ => true,
    };

    /// <summary>RFC 3339, 5.6, leap seconds included where there can be one.</summary>
    public static bool IsDateTime(ReadOnlySpan<byte> text)
    {
        if (text.Length < 20 || (text[10] | 0x20) != 't' || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return false;
        if (!TryNumber(text[..4], out int year) || !TryNumber(text.Slice(5, 2), out int month) || !TryNumber(text.Slice(8, 2), out int day)) return false;
        if (!TryNumber(text.Slice(11, 2), out int hour) || !TryNumber(text.Slice(14, 2), out int minute) || !TryNumber(text.Slice(17, 2), out int second)) return false;
        if (month is < 1 or > 12 || day < 1 || day > DaysIn(year, month) || hour > 23 || minute > 59 || second > 60) return false;

        ReadOnlySpan<byte> rest = text[19..];
        if (rest[0] == '.')
        {
            int digits = 1;
            while (digits < rest.Length && IsDigit(rest[digits])) digits++;
            if (digits == 1) return false;
            rest = rest[digits..];
        }

        int offset = 0;
        if (rest.Length == 6 && rest[0] is (byte)'+' or (byte)'-')
        {
            if (rest[3] != ':' || !TryNumber(rest.Slice(1, 2), out int hours) || !TryNumber(rest.Slice(4, 2), out int minutes) || hours > 23 || minutes > 59) return false;
            offset = ((hours * 60) + minutes) * (rest[0] == '-' ? -1 : 1);
        }
        else if (rest.Length != 1 || (rest[0] | 0x20) != 'z')
        {
            return false;
        }

        // A leap second is the last of a day in UTC.
        const int Day = 24 * 60;
        return second < 60 || (((hour * 60) + minute - offset + (2 * Day)) % Day) == Day - 1;
    }

    /// <summary>RFC 5322, 3.4.1 with a dot-atom before the sign, which is all that is in use.</summary>
    public static bool IsEmail(ReadOnlySpan<byte> text)
    {
        int sign = text.LastIndexOf((byte)'@');
        if (sign is < 1 or > LongestLocalPart) return false;
        byte last = (byte)'.';
        foreach (byte value in text[..sign])
        {
            if (value == '.' ? last == '.' : !IsAtom(value)) return false;
            last = value;
        }

        return last != '.' && IsMailDomain(text[(sign + 1)..]);
    }

    /// <summary>RFC 1123, 2.1.</summary>
    public static bool IsHostname(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > LongestHost) return false;
        int label = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || text[i] == '.')
            {
                if (label is 0 or > LongestLabel || text[i - 1] == '-') return false;
                label = 0;
                continue;
            }

            if (!IsLetterOrDigit(text[i]) && (text[i] != '-' || label == 0)) return false;
            label++;
        }

        return true;
    }

    /// <summary>RFC 2673, 3.2: four decimal numbers without leading zeros.</summary>
    public static bool IsIpv4(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 7 or > 15) return false;
        int at = 0;
        for (int part = 0; part < 4; part++)
        {
            if (part > 0 && (at == text.Length || text[at++] != '.')) return false;
            int start = at;
            int value = 0;
            while (at < text.Length && IsDigit(text[at]) && at - start < 3) value = (value * 10) + (text[at++] - '0');
            if (at == start || value > 255 || (at - start > 1 && text[start] == '0')) return false;
        }

        return at == text.Length;
    }

    /// <summary>RFC 4291, 2.2, without a zone.</summary>
    public static bool IsIpv6(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 2 or > 45) return false;
        int groups = 0;
        bool compressed = false;
        int at = 0;
        if (text[0] == ':')
        {
            if (text[1] != ':') return false;
            compressed = true;
            at = 2;
        }

        while (at < text.Length)
        {
            int start = at;
            while (at < text.Length && at - start < 4 && IsHex(text[at])) at++;
            if (at < text.Length && text[at] == '.')
            {
                groups += 2;
                return (compressed ? groups < 8 : groups == 8) && IsIpv4(text[start..]);
            }

            if (at == start) return false;
            groups++;
            if (at == text.Length) break;
            if (text[at++] != ':' || at == text.Length) return false;
            if (text[at] != ':') continue;
            if (compressed) return false;
            compressed = true;
            at++;
        }

        return compressed ? groups < 8 : groups == 8;
    }

    /// <summary>RFC 3986, 3: an absolute URI, a fragment allowed.</summary>
    public static bool IsUri(ReadOnlySpan<byte> text)
    {
        int colon = text.IndexOf((byte)':');
        if (colon < 1 || !IsLetter(text[0])) return false;
        foreach (byte value in text[1..colon])
        {
            if (!IsLetterOrDigit(value) && value is not ((byte)'+' or (byte)'-' or (byte)'.')) return false;
        }

        ReadOnlySpan<byte> rest = text[(colon + 1)..];
        int hash = rest.IndexOf((byte)'#');
        if (hash >= 0)
        {
            if (!AreAll(rest[(hash + 1)..], ":@/?"u8)) return false;
            rest = rest[..hash];
        }

        int question = rest.IndexOf((byte)'?');
        if (question >= 0)
        {
            if (!AreAll(rest[(question + 1)..], ":@/?"u8)) return false;
            rest = rest[..question];
        }

        if (!rest.StartsWith("//"u8)) return AreAll(rest, ":@/"u8);
        rest = rest[2..];
        int path = rest.IndexOf((byte)'/');
        ReadOnlySpan<byte> authority = path < 0 ? rest : rest[..path];
        return (path < 0 || AreAll(rest[path..], ":@/"u8)) && IsAuthority(authority);
    }

    private static bool IsAuthority(ReadOnlySpan<byte> authority)
    {
        int at = authority.LastIndexOf((byte)'@');
        if (at >= 0)
        {
            if (!AreAll(authority[..at], ":"u8)) return false;
            authority = authority[(at + 1)..];
        }

        ReadOnlySpan<byte> port;
        if (authority.Length > 0 && authority[0] == '[')
        {
            int close = authority.IndexOf((byte)']');
            if (close < 0) return false;
            ReadOnlySpan<byte> address = authority[1..close];
            if (!IsIpv6(address) && !IsFutureAddress(address)) return false;
            port = authority[(close + 1)..];
            if (port.Length > 0 && port[0] != ':') return false;
            if (port.Length > 0) port = port[1..];
        }
        else
        {
            int colon = authority.IndexOf((byte)':');
            if (!AreAll(colon < 0 ? authority : authority[..colon], default)) return false;
            port = colon < 0 ? default : authority[(colon + 1)..];
        }

        foreach (byte value in port)
        {
            if (!IsDigit(value)) return false;
        }

        return true;
    }

    // RFC 3986, 3.2.2: IPvFuture.
    private static bool IsFutureAddress(ReadOnlySpan<byte> address)
    {
        int dot = address.IndexOf((byte)'.');
        if (address.Length == 0 || (address[0] | 0x20) != 'v' || dot < 2 || dot == address.Length - 1) return false;
        foreach (byte value in address[1..dot])
        {
            if (!IsHex(value)) return false;
        }

        return !address.Contains((byte)'%') && AreAll(address[(dot + 1)..], ":"u8);
    }

    /// <summary>Whether a text is made of unreserved characters, sub-delimiters, coded bytes and the others named.</summary>
    private static bool AreAll(ReadOnlySpan<byte> text, ReadOnlySpan<byte> others)
    {
        for (int i = 0; i < text.Length; i++)
        {
            byte value = text[i];
            if (IsLetterOrDigit(value) || "-._~!$&'()*+,;="u8.Contains(value) || others.Contains(value)) continue;
            if (value != '%' || i + 2 >= text.Length || !IsHex(text[i + 1]) || !IsHex(text[i + 2])) return false;
            i += 2;
        }

        return true;
    }

    private static bool IsMailDomain(ReadOnlySpan<byte> domain)
    {
        if (domain is not [(byte)'[', .., (byte)']']) return IsHostname(domain);
        ReadOnlySpan<byte> address = domain[1..^1];
        return IsIpv4(address) || (address.StartsWith("IPv6:"u8) && IsIpv6(address[5..]));
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        foreach (byte digit in digits)
        {
            if (!IsDigit(digit)) return false;
            value = (value * 10) + (digit - '0');
        }

        return true;
    }

    private static int DaysIn(int year, int month) => month switch
    {
        2 => (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private static bool IsDigit(byte value) => (uint)(value - '0') <= 9;

    private static bool IsLetter(byte value) => (uint)((value | 0x20) - 'a') <= 25;

    private static bool IsLetterOrDigit(byte value) => IsDigit(value) || IsLetter(value);

    private static bool IsHex(byte value) => IsDigit(value) || (uint)((value | 0x20) - 'a') <= 5;

    private static bool IsAtom(byte value) => IsLetterOrDigit(value) || "!#$%&'*+-/=?^_`{|}~"u8.Contains(value);
}
