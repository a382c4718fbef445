using System.Text;
using EdgeProxy.Http.Client;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Lambda.Invocation;

public sealed class FunctionUrlTests
{
    [Theory]
    [InlineData("http://Host", "http://host:80", "host", "/")]
    [InlineData("https://h.test/f?a=b c", "https://h.test:443", "h.test", "/f?a=b%20c")]
    [InlineData("http://h:8080/\u00e4/x", "http://h:8080", "h:8080", "/%C3%A4/x")]
    [InlineData("http://[::1]:9000/2015/{name}", "http://[::1]:9000", "[::1]:9000", "/2015/%7Bname%7D")]
    [InlineData("http://b\u00fccher.test", "http://xn--bcher-kva.test:80", "xn--bcher-kva.test", "/")]
    public void Reads_where_to_connect_and_what_to_say_there(string text, string upstream, string host, string target)
    {
        Assert.True(FunctionUrl.TryParse(text, UpstreamProtocol.Auto, UpstreamTls.Default, out FunctionUrl? url, out string wrong), wrong);
        Assert.Equal((upstream, host, target), (url.Upstream.ToString(), Encoding.ASCII.GetString(url.Host.Span), url.Target));
        Assert.Equal(text.StartsWith("https", StringComparison.Ordinal) ? UpstreamProtocol.Auto : UpstreamProtocol.Http1, url.Upstream.Protocol);
        Assert.Equal(text.StartsWith("https", StringComparison.Ordinal), url.Upstream.IsTls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("h.test/f")]
    [InlineData("ftp://h.test/f")]
    [InlineData("/f")]
    [InlineData("http://user:secret@h.test")]
    [InlineData("http://h.test/#x")]
    [InlineData("http://:80/")]
    public void Refuses_what_cannot_be_called(string text)
    {
        Assert.False(FunctionUrl.TryParse(text, UpstreamProtocol.Http1, UpstreamTls.Default, out _, out string wrong));
        Assert.NotEmpty(wrong);
        Assert.DoesNotContain("secret", wrong, StringComparison.Ordinal);
    }
}
