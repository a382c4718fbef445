using System.Buffers.Binary;
using System.Text;
using EdgeProxy.Core.Text;
using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Transport.Listeners;
using Header = EdgeProxy.Transport.Listeners.ProxyHeader;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>The PROXY protocol header, both versions.</summary>
internal sealed class ProxyHeaderTarget : FuzzTarget
{
    public override string Name => "ProxyHeader";

    public override int LongestInput => 8192;

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "PROXY ", "TCP4 ", "TCP6 ", "UNKNOWN", "127.0.0.1 ", "255.255.255.255 ", "::1 ", "::ffff:1.2.3.4 ", "80 ", "65535", "65536", "0", " ", "\r\n", "\r", "\n",
        "\r\n\r\n\0\r\nQUIT\n", "\x20", "\x21", "\x11", "\x31", "\0\x0c", "\0\x24", "\x0f\xf0", "\x10\0", "\xff\xff", "\x03\0\x04", "GET / HTTP/1.1\r\n",
    ];

    public override ulong Run(byte[] input)
    {
        Header whole = ProxyProtocol.Parse(input);
        foreach (int length in Cuts.Of(input))
        {
            Header prefix = ProxyProtocol.Parse(input.AsSpan(0, length));
            if (prefix.Status != ProxyHeaderStatus.Incomplete) Promise.Same(prefix, whole, "The result of a prefix stands when more bytes come");
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Promise.Same(whole, ProxyProtocol.Parse(input), "The same bytes give the same result");
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Promise.That(allocated < 1024, "Reading a header allocates nothing");

        if (whole.Status != ProxyHeaderStatus.Complete)
        {
            Promise.Same(0, whole.Consumed, "Only a whole header takes bytes");
            Promise.That(whole.Status != ProxyHeaderStatus.Incomplete || input.Length < ProxyProtocol.LongestV2, "A header has an end");
            return Outcome.None.With((int)whole.Status).WithCount(input.Length).With(input.Length > 0 && input[0] == 'P' ? 1 : 2);
        }

        Promise.That(whole.Consumed <= input.Length && whole.Consumed <= ProxyProtocol.LongestV2, "A header is no longer than allowed");
        Promise.Same(ProxyHeaderStatus.Incomplete, ProxyProtocol.Parse(input.AsSpan(0, whole.Consumed - 1)).Status, "A header is not complete before its last byte");
        if (whole.HasAddresses)
        {
            Rewritten(Text(whole), whole);
            Rewritten(Binary(whole), whole);
        }

        return Outcome.None.With(100).With(input[0]).With(whole.HasAddresses ? 1 : 0).With(whole.Source.Address.IsV4 ? 4 : 6).WithCount(whole.Consumed);
    }

    private static void Rewritten(byte[] bytes, Header first)
    {
        Header again = ProxyProtocol.Parse(bytes);
        Promise.Same((ProxyHeaderStatus.Complete, bytes.Length), (again.Status, again.Consumed), "Written anew it is accepted");
        Promise.Same((first.Source, first.Destination), (again.Source, again.Destination), "Written anew it names the same");
    }

    private static byte[] Text(Header header)
    {
        bool v4 = header.Source.Address.IsV4 && header.Destination.Address.IsV4;
        string source = v4 ? header.Source.Address.ToString() : Ipv6(header.Source.Address);
        string destination = v4 ? header.Destination.Address.ToString() : Ipv6(header.Destination.Address);
        return Encoding.ASCII.GetBytes($"PROXY {(v4 ? "TCP4" : "TCP6")} {source} {destination} {header.Source.Port} {header.Destination.Port}\r\n");
    }

    private static string Ipv6(IpAddress address) => address.IsV4 ? $"::ffff:{address}" : address.ToString();

    private static byte[] Binary(Header header)
    {
        byte[] bytes = [.. "\r\n\r\n\0\r\nQUIT\n"u8, 0x21, 0x21, 0, 36, .. new byte[36]];
        header.Source.Address.WriteBytes(bytes.AsSpan(16));
        header.Destination.Address.WriteBytes(bytes.AsSpan(32));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(48), header.Source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(50), header.Destination.Port);
        return bytes;
    }
}
