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

    /// <summary>Parses ASCII text, as found in X-Forwarded-For.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out IpAddress address)
    {
        address = default;
        if (text.Length is 0 or > 45) return false;
        Span<char> chars = stackalloc char[text.Length];
        for (int i = 0; i < text.Length; i++) chars[i] = (char)text[i];
        return TryParse(chars, out address);
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
