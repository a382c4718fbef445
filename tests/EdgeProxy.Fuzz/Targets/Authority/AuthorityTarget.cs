using System.Net;
using System.Text;
using EdgeProxy.Core.Text;
using EdgeProxy.Fuzz.Engine;
using HttpAuthority = EdgeProxy.Http.Messages.Authority;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>Host and port, and the addresses that fields name.</summary>
internal sealed class AuthorityTarget : FuzzTarget
{
    private readonly byte[] _lower = new byte[8192];
    private readonly byte[] _text = new byte[64];

    public override string Name => "Authority";

    public override int LongestInput => 512;

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "a.example", ":80", ":", ":0", ":65535", ":65536", ":00080", "[::1]", "[", "]", "::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "127.0.0.1", "0x7f.1", "010.1.1.1",
        "@", "user:pass@", "%25eth0", "[fe80::1%25eth0]", "[v1.x]", "-", "_", "~", ".", "..", " ", "\t", "\0", "\u00e9", "*", "/", "\\", "#", "?", "xn--a",
    ];

    public override ulong Run(byte[] input)
    {
        ulong outcome = Outcome.None;
        bool valid = HttpAuthority.TryParse(input, out HttpAuthority authority);
        if (valid)
        {
            Promise.That(authority.Port is >= -1 and <= 65535, "A port is one");
            Promise.That(input.AsSpan().StartsWith(authority.Host), "The host comes first");
            Promise.That(authority.Host.IndexOfAny(" @/\\?#%\t\r\n\0"u8) < 0, "A host holds no byte that others part at");
            Promise.That(authority.IsIpv6Literal || !authority.Host.Contains((byte)':'), "A colon stands only in brackets");
            int length = authority.CopyLowerHost(_lower);
            Promise.Same(authority.Host.Length, length, "The lower host is as long");
            Promise.That(HttpAuthority.AreEqual(authority.Host, _lower.AsSpan(0, length)), "The lower host is the same");

            string rewritten = Encoding.Latin1.GetString(authority.Host) + (authority.Port < 0 ? "" : $":{authority.Port}");
            Promise.That(HttpAuthority.TryParse(Encoding.Latin1.GetBytes(rewritten), out HttpAuthority again), "Written anew it is accepted");
            Promise.That(again.Host.SequenceEqual(authority.Host) && again.Port == authority.Port, "Written anew it is the same");
            if (authority.IsIpv6Literal) Promise.That(IPAddress.TryParse(Encoding.Latin1.GetString(authority.Host[1..^1]), out _), "An IPv6 literal is an address");
            outcome = outcome.With(authority.IsIpv6Literal ? 2 : 1).With(authority.Port < 0 ? 0 : authority.Port == 0 ? 1 : 2).WithCount(authority.Host.Length);
        }

        if (IpAddress.TryParse(input, out IpAddress address))
        {
            int length = address.Format(_text);
            Promise.That(IpAddress.TryParse(_text.AsSpan(0, length), out IpAddress again), "A formatted address is accepted");
            Promise.Same(address, again, "A formatted address is the same");
            Promise.That(IPAddress.TryParse(Encoding.Latin1.GetString(input), out IPAddress? platform), "The platform accepts it");
            Promise.Same(platform.MapToIPv6().ToString(), IPAddress.Parse(address.ToString()).MapToIPv6().ToString(), "The platform reads the same address");
            outcome = outcome.With(address.IsV4 ? 4 : 6).With(address.IsLoopback ? 1 : 0);
        }

        return outcome;
    }
}
