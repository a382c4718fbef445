using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Settings;

public sealed class ListenUrlTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080", true)]
    [InlineData("HTTP://0.0.0.0:0/", "http://0.0.0.0:0", false)]
    [InlineData("http://localhost:1", "http://127.0.0.1:1", true)]
    [InlineData("http://[::1]:65535", "http://[::1]:65535", true)]
    [InlineData("https://[::]:443", "https://[::]:443", false)]
    public void Reads_an_address_and_a_port(string text, string written, bool loopback)
    {
        Assert.True(ListenUrl.TryParse(text, out ListenUrl? url, out _));
        Assert.Equal((written, loopback), (url!.ToString(), url.IsLoopback));
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://[::1]")]
    [InlineData("http://:8080")]
    [InlineData("http://example.com:80")]
    [InlineData("http://127.1:80")]
    [InlineData("http://127.0.0.1:65536")]
    [InlineData("http://127.0.0.1:80/path")]
    [InlineData("http://::1:80")]
    [InlineData("unix:/tmp/x")]
    public void Refuses_names_paths_and_missing_ports(string text)
    {
        Assert.False(ListenUrl.TryParse(text, out _, out string wrong));
        Assert.NotEmpty(wrong);
    }
}
