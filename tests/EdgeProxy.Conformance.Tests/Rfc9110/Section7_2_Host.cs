using EdgeProxy.Conformance.Tests.Rfc9112;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9110;

public sealed class Section7_2_Host
{
    [Theory]
    [InlineData("api.example")]
    [InlineData("API.Example:8080")]
    [InlineData("api.example:")]
    [InlineData("a_b.example")]
    [InlineData("127.0.0.1:80")]
    [InlineData("[::1]")]
    [InlineData("[2001:DB8::192.0.2.1]:65535")]
    [InlineData("localhost.")]
    [InlineData("xn--bcher-kva.example")]
    [InlineData("")]
    public void Takes_a_host_and_perhaps_a_port(string host) =>
        Assert.Equal(host, Heads.Text(Heads.Accept($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").Authority));

    [Theory]
    [InlineData("user@a")]
    [InlineData("user:pass@a")]
    [InlineData("a b")]
    [InlineData("a, b")]
    [InlineData("a,b")]
    [InlineData("a:b")]
    [InlineData("a:-1")]
    [InlineData("a:+80")]
    [InlineData("a:65536")]
    [InlineData("a:000080")]
    [InlineData("a:80:80")]
    [InlineData(":80")]
    [InlineData("a/b")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a\\b")]
    [InlineData("http://a")]
    [InlineData("a%2eb")]
    [InlineData("\u00e9.example")]
    [InlineData("[::1")]
    [InlineData("::1")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("[:::1]")]
    [InlineData("[1::2::3]")]
    [InlineData("[1:2:3:4:5:6:7:8:9]")]
    [InlineData("[12345::]")]
    [InlineData("[::1.2.3]")]
    [InlineData("[::256.1.1.1]")]
    [InlineData("[fe80::1%eth0]")]
    [InlineData("[::1]80")]
    [InlineData("a;b")]
    [InlineData("<a>")]
    public void Refuses_any_other_host(string host) => Heads.Refuse($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n", ViolationCode.BadHost);

    [Fact]
    public void Refuses_http_1_1_without_host() => Heads.Refuse("GET / HTTP/1.1\r\nX: y\r\n\r\n", ViolationCode.MissingHost);

    [Fact]
    public void Refuses_an_absolute_form_without_host() => Heads.Refuse("GET http://a/ HTTP/1.1\r\n\r\n", ViolationCode.MissingHost);

    [Theory]
    [InlineData("Host: a\r\nHost: b")]
    [InlineData("Host: a\r\nhost: a")]
    [InlineData("Host: a\r\nX: y\r\nHOST:")]
    public void Refuses_two_hosts(string lines) => Heads.Refuse($"GET / HTTP/1.1\r\n{lines}\r\n\r\n", ViolationCode.MultipleHost);

    [Fact]
    public void Takes_http_1_0_without_host_as_having_an_empty_one()
    {
        Assert.True(Heads.Accept("GET / HTTP/1.0\r\n\r\n").Authority.IsEmpty);
        Assert.Equal("b", Heads.Text(Heads.Accept("GET http://b/ HTTP/1.0\r\n\r\n").Authority));
    }

    [Fact]
    public void Holds_http_1_0_to_the_same_host_syntax() => Heads.Refuse("GET / HTTP/1.0\r\nHost: a b\r\n\r\n", ViolationCode.BadHost);
}
