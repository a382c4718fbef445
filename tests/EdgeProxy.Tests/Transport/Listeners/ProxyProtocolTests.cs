using System.Text;
using EdgeProxy.Transport.Listeners;

namespace EdgeProxy.Tests.Transport.Listeners;

public sealed class ProxyProtocolTests
{
    private static readonly byte[] Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.255 65535 443\r\n", "192.0.2.1:65535", "198.51.100.255:443")]
    [InlineData("PROXY TCP4 0.0.0.0 255.255.255.255 0 1\r\n", "0.0.0.0:0", "255.255.255.255:1")]
    [InlineData("PROXY TCP6 2001:db8::1 ::1 1 2\r\n", "[2001:db8::1]:1", "[::1]:2")]
    [InlineData("PROXY TCP6 ffff:f:f:f:f:f:f:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n", "[ffff:f:f:f:f:f:f:ffff]:65535", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535")]
    public void Reads_version_1(string line, string source, string destination)
    {
        ProxyHeader header = Read(Encoding.ASCII.GetBytes(line));
        Assert.True(header.HasAddresses);
        Assert.Equal((source, destination), (header.Source.ToString(), header.Destination.ToString()));
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n")]
    public void Reads_version_1_without_addresses(string line) => Assert.False(Read(Encoding.ASCII.GetBytes(line)).HasAddresses);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n")]
    [InlineData("PROXYTCP4 192.0.2.1 192.0.2.2 1 2\r\n")]
    [InlineData("proxy TCP4 192.0.2.1 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY TCP5 192.0.2.1 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY  TCP4 192.0.2.1 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 -1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1.5 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.02.1 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY TCP4 ::1 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n")]
    [InlineData("PROXY TCP6 [::1] ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 fe80::1%1 ::1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\rX")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n\r\n")]
    [InlineData("PROXY\r\n")]
    [InlineData("PROXY \r\n")]
    [InlineData("\r\nX")]
    [InlineData("x")]
    public void Refuses_what_is_no_header(string text) => Refuse(Encoding.ASCII.GetBytes(text));

    [Fact]
    public void Refuses_a_version_1_line_over_107_bytes()
    {
        string start = "PROXY UNKNOWN ";
        Assert.Equal(107, Read(Encoding.ASCII.GetBytes(start + new string('x', 105 - start.Length) + "\r\n")).Consumed);
        Refuse(Encoding.ASCII.GetBytes(start + new string('x', 106 - start.Length) + "\r\n"));
        Refuse(Encoding.ASCII.GetBytes(start + new string('x', 200)));
    }

    [Fact]
    public void Reads_version_2_over_ipv4()
    {
        ProxyHeader header = Read(V2(0x21, 0x11, [192, 0, 2, 1, 198, 51, 100, 2, 0xFF, 0xFE, 0x01, 0xBB]));
        Assert.True(header.HasAddresses);
        Assert.Equal(("192.0.2.1:65534", "198.51.100.2:443"), (header.Source.ToString(), header.Destination.ToString()));
    }

    [Fact]
    public void Reads_version_2_over_ipv6_and_skips_its_extensions()
    {
        byte[] body = new byte[36 + 300];
        body[0] = 0x20;
        body[1] = 0x01;
        body[15] = 1;
        body[31] = 2;
        body[33] = 80;
        body[35] = 81;
        ProxyHeader header = Read(V2(0x21, 0x21, body));
        Assert.Equal(("[2001::1]:80", "[::2]:81", 16 + 336), (header.Source.ToString(), header.Destination.ToString(), header.Consumed));
    }

    [Theory]
    [InlineData(0x20, 0x00, 0)]
    [InlineData(0x20, 0x11, 12)]
    [InlineData(0x20, 0x11, 0)]
    [InlineData(0x20, 0x00, 200)]
    [InlineData(0x21, 0x00, 0)]
    [InlineData(0x21, 0x00, 40)]
    [InlineData(0x21, 0x12, 12)]
    [InlineData(0x21, 0x31, 216)]
    [InlineData(0x21, 0xFF, 3)]
    public void Takes_a_version_2_header_without_ip_addresses_as_the_proxys_own(byte command, byte family, int length)
    {
        ProxyHeader header = Read(V2(command, family, new byte[length]));
        Assert.Equal((false, 16 + length), (header.HasAddresses, header.Consumed));
    }

    [Theory]
    [InlineData(0x11, 0x11, 12)]
    [InlineData(0x22, 0x11, 12)]
    [InlineData(0x2F, 0x11, 12)]
    [InlineData(0x31, 0x11, 12)]
    [InlineData(0x21, 0x11, 11)]
    [InlineData(0x21, 0x21, 35)]
    [InlineData(0x21, 0x11, 4081)]
    [InlineData(0x20, 0x00, 65535)]
    public void Refuses_a_version_2_header_that_is_wrong_or_too_long(byte command, byte family, int length) =>
        Refuse(V2(command, family, new byte[length]));

    [Fact]
    public void Takes_version_2_headers_up_to_4096_bytes() => Assert.Equal(4096, Read(V2(0x21, 0x11, new byte[4080])).Consumed);

    [Fact]
    public void Random_damage_never_throws()
    {
        byte[][] samples =
        [
            Encoding.ASCII.GetBytes("PROXY TCP4 192.0.2.1 198.51.100.255 65535 443\r\nGET"),
            Encoding.ASCII.GetBytes("PROXY TCP6 2001:db8::1 ::ffff:1.2.3.4 1 2\r\nGET"),
            V2(0x21, 0x11, new byte[20]),
            V2(0x21, 0x21, new byte[40]),
        ];
        var random = new Random(9);
        for (int round = 0; round < 100_000; round++)
        {
            byte[] bytes = (byte[])samples[round % samples.Length].Clone();
            for (int change = random.Next(1, 4); change > 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            ProxyHeader header = ProxyProtocol.Parse(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
            Assert.True(header.Consumed <= bytes.Length);
        }
    }

    private static byte[] V2(byte command, byte family, byte[] body) => [.. Signature, command, family, (byte)(body.Length >> 8), (byte)body.Length, .. body];

    /// <summary>Reads a header with more behind it, at every prefix.</summary>
    private static ProxyHeader Read(byte[] header)
    {
        byte[] bytes = [.. header, .. "GET / HTTP/1.1"u8];
        ProxyHeader whole = ProxyProtocol.Parse(bytes);
        Assert.Equal((ProxyHeaderStatus.Complete, header.Length), (whole.Status, whole.Consumed));
        for (int length = 0; length < header.Length; length++)
        {
            Assert.Equal(ProxyHeaderStatus.Incomplete, ProxyProtocol.Parse(bytes.AsSpan(0, length)).Status);
        }

        return whole;
    }

    private static void Refuse(byte[] bytes)
    {
        Assert.Equal(ProxyHeaderStatus.Violation, ProxyProtocol.Parse(bytes).Status);
        bool refused = false;
        for (int length = 0; length <= bytes.Length; length++)
        {
            ProxyHeaderStatus status = ProxyProtocol.Parse(bytes.AsSpan(0, length)).Status;
            Assert.NotEqual(ProxyHeaderStatus.Complete, status);
            Assert.True(status == ProxyHeaderStatus.Violation || !refused);
            refused = status == ProxyHeaderStatus.Violation;
        }
    }
}
