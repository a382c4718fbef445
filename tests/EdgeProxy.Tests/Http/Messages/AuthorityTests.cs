using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Http.Messages;

public sealed class AuthorityTests
{
    [Theory]
    [InlineData("a.Example", "a.Example", -1, false)]
    [InlineData("a:0", "a", 0, false)]
    [InlineData("a:65535", "a", 65535, false)]
    [InlineData("a:", "a", -1, false)]
    [InlineData("[::1]:8080", "[::1]", 8080, true)]
    [InlineData("[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8]", -1, true)]
    [InlineData("[1::8]", "[1::8]", -1, true)]
    [InlineData("[::]", "[::]", -1, true)]
    [InlineData("[1::]", "[1::]", -1, true)]
    [InlineData("[::ffff:1.2.3.4]", "[::ffff:1.2.3.4]", -1, true)]
    [InlineData("[1:2:3:4:5:6:1.2.3.4]", "[1:2:3:4:5:6:1.2.3.4]", -1, true)]
    [InlineData("", "", -1, false)]
    public void Splits_host_and_port(string text, string host, int port, bool literal)
    {
        Assert.True(Authority.TryParse(Encoding.ASCII.GetBytes(text), out Authority authority));
        Assert.Equal((host, port, literal), (Encoding.ASCII.GetString(authority.Host), authority.Port, authority.IsIpv6Literal));
    }

    [Theory]
    [InlineData("[1:2:3:4:5:6:7]")]
    [InlineData("[1:2:3:4:5:6:7:8:]")]
    [InlineData("[1:2:3:4:5:6:7::8]")]
    [InlineData("[1:2:3:4:5:6:7:8::]")]
    [InlineData("[1:2:3:4:5:6:7:1.2.3.4]")]
    [InlineData("[::1.2.3.04]")]
    [InlineData("[1.2.3.4]")]
    [InlineData("[:1]")]
    [InlineData("[1:]")]
    [InlineData("[")]
    [InlineData("]")]
    [InlineData("a]")]
    public void Refuses_what_is_no_ipv6_literal(string text) =>
        Assert.False(Authority.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Agrees_with_the_platform_on_random_ipv6_texts()
    {
        string[] parts = ["0", "1", "ffff", "12345", ":", "::", ":", "1.2.3.4", ":a"];
        var random = new Random(5);
        for (int round = 0; round < 50_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => parts[random.Next(parts.Length)]));
            bool platform = text.Contains(':', StringComparison.Ordinal) && System.Net.IPAddress.TryParse(text, out _);
            bool ours = Authority.TryParse(Encoding.ASCII.GetBytes($"[{text}]"), out _);
            Assert.True(platform == ours, text);
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("LocalHost:80", true)]
    [InlineData("127.0.0.1:80", true)]
    [InlineData("[::1]", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("localhost.example", false)]
    [InlineData("127.0.0.1.example", false)]
    [InlineData("node", false)]
    public void Tells_addresses_from_names(string text, bool expected)
    {
        Assert.True(Authority.TryParse(Encoding.ASCII.GetBytes(text), out Authority authority));
        Assert.Equal(expected, authority.NamesNobody);
    }

    [Fact]
    public void Compares_without_case()
    {
        Assert.True(Authority.AreEqual("A.example:80"u8, "a.EXAMPLE:80"u8));
        Assert.False(Authority.AreEqual("a.example:80"u8, "a.example"u8));
    }

    [Fact]
    public void Copies_the_host_in_lower_case()
    {
        Assert.True(Authority.TryParse("API.Example:80"u8, out Authority authority));
        byte[] room = new byte[11];
        Assert.Equal(11, authority.CopyLowerHost(room));
        Assert.Equal("api.example", Encoding.ASCII.GetString(room));
        Assert.Equal(-1, authority.CopyLowerHost(new byte[10]));
    }
}
