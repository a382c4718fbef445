using System.Buffers.Binary;
using System.Net;

namespace EdgeProxy.Core.Text;

/// <summary>An IP address in one value: IPv4 as its IPv4-mapped IPv6 form, so that both compare and hash alike.</summary>
public readonly record struct IpAddress(ulong High, ulong Low)
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    /// <summary>The address of a connection that has none (a Unix socket, PROXY protocol UNKNOWN).</summary>
    public static IpAddress None => default;

    public static IpAddress Loopback => FromV4(0x7F000001);

    public bool IsV4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    public bool IsLoopback => IsV4 ? (Low & 0xFF00_0000) == 0x7F00_0000 : High == 0 && Low == 1;

    /// <summary>From four bytes in network order, as one number.</summary>
    public static IpAddress FromV4(uint address) => new(0, MappedPrefix | address);

    /// <summary>From 4 or 16 bytes in network order.</summary>
    public static IpAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == 4
        ? FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes))
        : new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        if (!IPAddress.TryParse(text, out IPAddress? parsed)) return false;
        Span<byte> bytes = stackalloc byte[16];
        if (!parsed.TryWriteBytes(bytes, out int written)) return false;
        address = FromBytes(bytes[..written]);
        return true;
    }

    /// <summary>Parses ASCII text, as found in X-Forwarded-For: four decimal numbers, or IPv6 (RFC 4291, 2.2) without brackets or zone. Allocates nothing.</summary>
    /// <remarks>Stricter than for an operator's text: no octal or hexadecimal numbers and no short forms, which others read differently.</remarks>
    public static bool TryParse(ReadOnlySpan<byte> text, out IpAddress address)
    {
        address = default;
        if (text.Length is 0 or > 45) return false;
        if (!text.Contains((byte)':'))
        {
            if (!TryParseV4(text, out uint v4)) return false;
            address = FromV4(v4);
            return true;
        }

        return TryParseV6(text, out address);
    }

    /// <summary>Writes the address as text, at most 45 bytes; returns how many.</summary>
    public int Format(Span<byte> destination)
    {
        if (!IsV4) return FormatV6(destination);
        int length = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            uint part = (uint)(Low >> shift) & 0xFF;
            if (part >= 100) destination[length++] = (byte)('0' + (part / 100));
            if (part >= 10) destination[length++] = (byte)('0' + (part / 10 % 10));
            destination[length++] = (byte)('0' + (part % 10));
            if (shift > 0) destination[length++] = (byte)'.';
        }

        return length;
    }

    /// <summary>Writes the 16 bytes in network order.</summary>
    public void WriteBytes(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    /// <summary>The text; allocates.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[48];
        return System.Text.Encoding.ASCII.GetString(text[..Format(text)]);
    }

    private static bool TryParseV4(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        for (int part = 0; part < 4; part++)
        {
            uint number = 0;
            int digits = 0;
            while (digits < text.Length && digits < 3 && char.IsAsciiDigit((char)text[digits])) number = (number * 10) + (uint)(text[digits++] - '0');
            if (digits == 0 || number > 255 || (digits > 1 && text[0] == '0')) return false;
            value = (value << 8) | number;
            text = text[digits..];
            if (part == 3) break;
            if (text.IsEmpty || text[0] != '.') return false;
            text = text[1..];
        }

        return text.IsEmpty;
    }

    private static bool TryParseV6(ReadOnlySpan<byte> text, out IpAddress address)
    {
        address = default;
        Span<ushort> groups = stackalloc ushort[8];
        int count = 0;
        int gap = -1;
        if (text.StartsWith("::"u8))
        {
            gap = 0;
            text = text[2..];
        }

        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)':');
            ReadOnlySpan<byte> group = end < 0 ? text : text[..end];
            if (end < 0 && group.Contains((byte)'.'))
            {
                if (count > 6 || !TryParseV4(group, out uint v4)) return false;
                groups[count++] = (ushort)(v4 >> 16);
                groups[count++] = (ushort)v4;
                break;
            }

            if (count == 8 || group.Length is 0 or > 4 || !System.Buffers.Text.Utf8Parser.TryParse(group, out ushort value, out int used, 'x') || used != group.Length) return false;
            groups[count++] = value;
            if (end < 0) break;
            text = text[(end + 1)..];
            if (text.IsEmpty) return false;
            if (text[0] != ':') continue;
            if (gap >= 0) return false;
            gap = count;
            text = text[1..];
        }

        if (gap < 0 ? count != 8 : count > 7) return false;
        if (gap >= 0)
        {
            int moved = count - gap;
            groups[gap..count].CopyTo(groups[(8 - moved)..]);
            groups[gap..(8 - moved)].Clear();
        }

        ulong high = 0;
        ulong low = 0;
        for (int i = 0; i < 4; i++)
        {
            high = (high << 16) | groups[i];
            low = (low << 16) | groups[i + 4];
        }

        address = new IpAddress(high, low);
        return true;
    }

    // RFC 5952: lower case, no leading zeros, the longest run of zero groups (at least two) shortened.
    private int FormatV6(Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[16];
        WriteBytes(bytes);
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8;)
        {
            int run = 0;
            while (i + run < 8 && bytes[(i + run) * 2] == 0 && bytes[((i + run) * 2) + 1] == 0) run++;
            if (run > bestLength)
            {
                bestStart = i;
                bestLength = run;
            }

            i += Math.Max(1, run);
        }

        int length = 0;
        for (int i = 0; i < 8; i++)
        {
            if (i == bestStart)
            {
                destination[length++] = (byte)':';
                destination[length++] = (byte)':';
                i += bestLength - 1;
                continue;
            }

            if (i > 0 && i != bestStart + bestLength) destination[length++] = (byte)':';
            ushort group = BinaryPrimitives.ReadUInt16BigEndian(bytes[(i * 2)..]);
            System.Buffers.Text.Utf8Formatter.TryFormat(group, destination[length..], out int written, 'x');
            length += written;
        }

        return length;
    }
}
