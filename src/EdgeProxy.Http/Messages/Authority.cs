using System.Text;
using EdgeProxy.Core.Text;

namespace EdgeProxy.Http.Messages;

/// <summary>Host and optional port (RFC 9110, 4.2 and 7.2).</summary>
/// <remarks>Borrows the bytes it was read from.</remarks>
public readonly ref struct Authority
{
    private Authority(ReadOnlySpan<byte> host, int port)
    {
        Host = host;
        Port = port;
    }

    /// <summary>Without the port; an IPv6 literal keeps its brackets. Case as sent.</summary>
    public ReadOnlySpan<byte> Host { get; }

    /// <summary>The port, or -1 when none was given.</summary>
    public int Port { get; }

    /// <summary>Whether the host is an IPv6 literal in brackets.</summary>
    public bool IsIpv6Literal => Host.Length > 0 && Host[0] == (byte)'[';

    /// <summary>Whether it is no name but an address, <c>localhost</c>, or nothing: what a page cannot ask for by a name of its own that it lets mean this machine (DNS rebinding).</summary>
    public bool NamesNobody
    {
        get
        {
            ReadOnlySpan<byte> host = IsIpv6Literal ? Host[1..^1] : Host;
            return host.IsEmpty || Ascii.EqualsIgnoreCase(host, "localhost"u8) || IpAddress.TryParse(host, out _);
        }
    }

    /// <summary>Splits host and port. An empty text is valid and means no host (RFC 9110, 7.2).</summary>
    /// <returns>False for user information, white space, a port that is no number up to 65535, and bytes that no host name has.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out Authority authority)
    {
        authority = default;
        if (text.IsEmpty)
        {
            authority = new Authority(default, -1);
            return true;
        }

        int hostLength;
        if (text[0] == (byte)'[')
        {
            int inner = text[1..].IndexOfAnyExcept(Syntax.Ipv6Bytes);
            if (inner < 0 || text[1 + inner] != (byte)']' || !IsIpv6(text.Slice(1, inner))) return false;
            hostLength = inner + 2;
        }
        else
        {
            hostLength = text.IndexOfAnyExcept(Syntax.HostBytes);
            if (hostLength < 0) hostLength = text.Length;
            if (hostLength == 0) return false;
        }

        ReadOnlySpan<byte> host = text[..hostLength];
        if (hostLength == text.Length)
        {
            authority = new Authority(host, -1);
            return true;
        }

        if (text[hostLength] != (byte)':') return false;
        ReadOnlySpan<byte> digits = text[(hostLength + 1)..];
        if (digits.Length > 5) return false;

        int port = 0;
        foreach (byte digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            port = (port * 10) + (digit - '0');
        }

        if (port > 65535) return false;
        authority = new Authority(host, digits.IsEmpty ? -1 : port);
        return true;
    }

    /// <summary>Whether two authorities are the same text but for case.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => Ascii.EqualsIgnoreCase(one, other);

    /// <summary>Writes the host in lower case, as host tables are keyed.</summary>
    /// <returns>Its length; -1 when there is too little room.</returns>
    public int CopyLowerHost(Span<byte> destination) =>
        Ascii.ToLower(Host, destination, out int written) == System.Buffers.OperationStatus.Done ? written : -1;

    private static bool IsIpv6(ReadOnlySpan<byte> text)
    {
        // Groups of up to four hexadecimal digits, eight of them or fewer around one "::", the last two perhaps as dotted IPv4.
        int groups = 0;
        bool compressed = false;
        int at = 0;
        if (text.StartsWith("::"u8))
        {
            compressed = true;
            at = 2;
            if (at == text.Length) return true;
        }

        while (true)
        {
            int start = at;
            while (at < text.Length && char.IsAsciiHexDigit((char)text[at])) at++;
            if (at < text.Length && text[at] == (byte)'.')
            {
                groups += 2;
                return IsIpv4(text[start..]) && (compressed ? groups < 8 : groups == 8);
            }

            int length = at - start;
            if (length is 0 or > 4) return false;
            groups++;
            if (groups > 8) return false;
            if (at == text.Length) return compressed ? groups < 8 : groups == 8;

            at++; // the colon: no other byte is left in the class but the dot
            if (at < text.Length && text[at] == (byte)':')
            {
                if (compressed) return false;
                compressed = true;
                at++;
                if (at == text.Length) return groups < 8;
            }
        }
    }

    private static bool IsIpv4(ReadOnlySpan<byte> text)
    {
        for (int part = 0; part < 4; part++)
        {
            int length = 0;
            int value = 0;
            while (length < text.Length && length < 3 && char.IsAsciiDigit((char)text[length]))
            {
                value = (value * 10) + (text[length] - '0');
                length++;
            }

            if (length == 0 || value > 255 || (length > 1 && text[0] == (byte)'0')) return false;
            text = text[length..];
            if (part == 3) return text.IsEmpty;
            if (text.IsEmpty || text[0] != (byte)'.') return false;
            text = text[1..];
        }

        return false;
    }
}
