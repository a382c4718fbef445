using EdgeProxy.Core.Text;

namespace EdgeProxy.Tests.Core.Text;

public sealed class HostPortTests
{
    [Theory]
    [InlineData("Example.com", "example.com", null)]
    [InlineData("example.com:8080", "example.com", 8080)]
    [InlineData("example.com:", "example.com", null)]
    [InlineData("a_b", "a_b", null)]
    [InlineData("10.0.0.7:1", "10.0.0.7", 1)]
    [InlineData("[::1]", "::1", null)]
    [InlineData("[0:0:0:0:0:0:0:1]:65535", "::1", 65535)]
    public void Reads_a_host_and_a_port(string text, string host, int? port)
    {
        Assert.True(HostPort.TryParse(text, out string found, out int? number, out string? problem));
        Assert.Equal((host, port, null), (found, number, problem));
    }

    [Theory]
    [InlineData("", "There is no host.")]
    [InlineData(":80", "There is no host.")]
    [InlineData("[::1", "There is no host.")]
    [InlineData("a b", "no host name has")]
    [InlineData("user@a", "no host name has")]
    [InlineData("[1.2.3.4]", "no IPv6 address")]
    [InlineData("[fe80::1%eth0]:1", "no IPv6 address")]
    [InlineData("a:0", "The port is no number")]
    [InlineData("a:65536", "The port is no number")]
    [InlineData("a:+1", "The port is no number")]
    [InlineData("a:1:2", "The port is no number")]
    [InlineData("[::1]x", "The port is no number")]
    public void Says_what_is_wrong(string text, string said)
    {
        Assert.False(HostPort.TryParse(text, out _, out _, out string? problem));
        Assert.Contains(said, problem, StringComparison.Ordinal);
    }
}
