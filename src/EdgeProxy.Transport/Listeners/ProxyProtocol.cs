using System.Buffers.Binary;
using EdgeProxy.Core.Text;

namespace EdgeProxy.Transport.Listeners;

/// <summary>Reads the PROXY protocol header, version 1 or 2, that a load balancer puts before a client's bytes (haproxy.org, <c>proxy-protocol.txt</c>).</summary>
/// <remarks>Pure and stateless: give it everything received so far. Type-length-value extensions are skipped.</remarks>
public static class ProxyProtocol
{
    /// <summary>The longest version 1 line with its CRLF.</summary>
    public const int LongestV1 = 107;

    /// <summary>The longest version 2 header taken. Real ones stay below 536 bytes; client certificates in extensions may need more.</summary>
    public const int LongestV2 = 4096;

    private const int FixedV2 = 16;
    private const int Ipv4Block = 12;
    private const int Ipv6Block = 36;
    private const byte Local = 0x20;
    private const byte Proxy = 0x21;
    private const byte TcpOverIpv4 = 0x11;
    private const byte TcpOverIpv6 = 0x21;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads a header from the start of a connection's bytes.</summary>
    public static ProxyHeader Parse(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return Incomplete;
        return input[0] == (byte)'P' ? ParseV1(input) : ParseV2(input);
    }

    private static ProxyHeader Incomplete => new(ProxyHeaderStatus.Incomplete, 0, false, default, default);

    private static ProxyHeader Violation => new(ProxyHeaderStatus.Violation, 0, false, default, default);

    private static ProxyHeader WithoutAddresses(int consumed) => new(ProxyHeaderStatus.Complete, consumed, false, default, default);

    private static ProxyHeader ParseV1(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> start = "PROXY "u8;
        int common = Math.Min(start.Length, input.Length);
        if (!input[..common].SequenceEqual(start[..common])) return Violation;

        ReadOnlySpan<byte> window = input[..Math.Min(input.Length, LongestV1)];
        int end = window.IndexOf((byte)'\r');
        if (end < 0 || end + 1 == window.Length) return window.Length == LongestV1 ? Violation : Incomplete;
        if (window[end + 1] != (byte)'\n') return Violation;

        int consumed = end + 2;
        ReadOnlySpan<byte> rest = window[start.Length..end];
        ReadOnlySpan<byte> family = TakeWord(ref rest);

        // After UNKNOWN anything may follow and none of it counts.
        if (family.SequenceEqual("UNKNOWN"u8)) return WithoutAddresses(consumed);

        bool v6 = family.SequenceEqual("TCP6"u8);
        if (!v6 && !family.SequenceEqual("TCP4"u8)) return Violation;

        if (!TryAddress(TakeWord(ref rest), v6, out IpAddress source) || !TryAddress(TakeWord(ref rest), v6, out IpAddress destination)) return Violation;
        if (!TryPort(TakeWord(ref rest), out ushort sourcePort) || !TryPort(rest, out ushort destinationPort)) return Violation;
        return new ProxyHeader(ProxyHeaderStatus.Complete, consumed, true, new IpEndpoint(source, sourcePort), new IpEndpoint(destination, destinationPort));
    }

    private static ProxyHeader ParseV2(ReadOnlySpan<byte> input)
    {
        int common = Math.Min(Signature.Length, input.Length);
        if (!input[..common].SequenceEqual(Signature[..common])) return Violation;
        if (input.Length > 12 && input[12] is not (Local or Proxy)) return Violation;
        if (input.Length < FixedV2) return Incomplete;

        int length = BinaryPrimitives.ReadUInt16BigEndian(input[14..]);
        byte family = input[13];
        bool proxied = input[12] == Proxy;
        int needed = !proxied ? 0 : family switch { TcpOverIpv4 => Ipv4Block, TcpOverIpv6 => Ipv6Block, _ => 0 };
        int total = FixedV2 + length;
        if (total > LongestV2 || length < needed) return Violation;
        if (input.Length < total) return Incomplete;

        // Other families (none, Unix sockets, datagrams) have no address that means anything here.
        if (needed == 0) return WithoutAddresses(total);

        int size = needed == Ipv4Block ? 4 : 16;
        ReadOnlySpan<byte> block = input.Slice(FixedV2, needed);
        ReadOnlySpan<byte> ports = block[(2 * size)..];
        return new ProxyHeader(
            ProxyHeaderStatus.Complete,
            total,
            true,
            new IpEndpoint(IpAddress.FromBytes(block[..size]), BinaryPrimitives.ReadUInt16BigEndian(ports)),
            new IpEndpoint(IpAddress.FromBytes(block.Slice(size, size)), BinaryPrimitives.ReadUInt16BigEndian(ports[2..])));
    }

    /// <summary>Cuts the text before the next space off; all of it when there is none.</summary>
    private static ReadOnlySpan<byte> TakeWord(ref ReadOnlySpan<byte> rest)
    {
        int space = rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> word = space < 0 ? rest : rest[..space];
        rest = space < 0 ? default : rest[(space + 1)..];
        return word;
    }

    private static bool TryAddress(ReadOnlySpan<byte> text, bool v6, out IpAddress address)
    {
        if (v6)
        {
            // The platform's reader also takes brackets and zones, which the protocol does not have.
            address = default;
            return text.Contains((byte)':') && !text.ContainsAnyExcept("0123456789abcdefABCDEF:."u8) && IpAddress.TryParse(text, out address);
        }

        return TryIpv4(text, out address);
    }

    private static bool TryIpv4(ReadOnlySpan<byte> text, out IpAddress address)
    {
        address = default;
        uint value = 0;
        for (int part = 0; part < 4; part++)
        {
            int dot = text.IndexOf((byte)'.');
            if (part < 3 ? dot < 0 : dot >= 0) return false;
            if (!TryNumber(part < 3 ? text[..dot] : text, 255, out int number)) return false;
            value = (value << 8) | (uint)number;
            if (part < 3) text = text[(dot + 1)..];
        }

        address = IpAddress.FromV4(value);
        return true;
    }

    private static bool TryPort(ReadOnlySpan<byte> text, out ushort port)
    {
        bool ok = TryNumber(text, ushort.MaxValue, out int number);
        port = (ushort)number;
        return ok;
    }

    /// <summary>Digits without a leading zero.</summary>
    private static bool TryNumber(ReadOnlySpan<byte> text, int most, out int number)
    {
        number = 0;
        if (text.Length is 0 or > 5 || (text.Length > 1 && text[0] == (byte)'0')) return false;
        foreach (byte digit in text)
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            number = (number * 10) + (digit - '0');
        }

        return number <= most;
    }
}
