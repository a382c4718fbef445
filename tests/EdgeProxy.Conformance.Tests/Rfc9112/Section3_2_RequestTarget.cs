using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9112;

public sealed class Section3_2_RequestTarget
{
    [Theory]
    [InlineData("/", "/", "")]
    [InlineData("/a/b", "/a/b", "")]
    [InlineData("//a//b/", "//a//b/", "")]
    [InlineData("/a?", "/a", "")]
    [InlineData("/a?b=c&d=e?f", "/a", "b=c&d=e?f")]
    [InlineData("/%41%2f?%20", "/%41%2f", "%20")]
    [InlineData("/a?b=http://c/d", "/a", "b=http://c/d")]
    [InlineData("/!$&'()*+,;=:@~", "/!$&'()*+,;=:@~", "")]
    public void Splits_origin_form(string target, string path, string query)
    {
        RequestHead head = Heads.Accept($"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal((target, path, query), (Heads.Text(head.Target), Heads.Text(head.Path), Heads.Text(head.Query)));
        Assert.Equal("a", Heads.Text(head.Authority));
    }

    [Theory]
    [InlineData("http://api.example/a?b", "api.example", "/a", "b")]
    [InlineData("HTTP://API.example/a", "API.example", "/a", "")]
    [InlineData("https://api.example:8443/", "api.example:8443", "/", "")]
    [InlineData("http://api.example", "api.example", "/", "")]
    [InlineData("http://api.example?x=y", "api.example", "/", "x=y")]
    [InlineData("http://[2001:db8::1]:80/a", "[2001:db8::1]:80", "/a", "")]
    public void Splits_absolute_form(string target, string authority, string path, string query)
    {
        RequestHead head = Heads.Accept($"GET {target} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
        Assert.Equal(authority, Heads.Text(head.Authority));
        Assert.Equal((path, query), (Heads.Text(head.Path), Heads.Text(head.Query)));
        Assert.Equal(target, Heads.Text(head.Target));
    }

    [Theory]
    [InlineData("http://a/", "b")]
    [InlineData("http://a/", "a:80")]
    [InlineData("http://a:80/", "a")]
    [InlineData("http://a/", "")]
    public void Refuses_absolute_form_that_names_another_host_than_the_host_field(string target, string host) =>
        Heads.Refuse($"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n", ViolationCode.HostMismatch);

    [Fact]
    public void Compares_host_and_absolute_form_without_case() =>
        Assert.Equal("API.Example", Heads.Text(Heads.Accept("GET http://API.Example/ HTTP/1.1\r\nHost: api.eXample\r\n\r\n").Authority));

    [Theory]
    [InlineData("ftp://a/")]
    [InlineData("http:/a")]
    [InlineData("http://")]
    [InlineData("http:///a")]
    [InlineData("http://u@a/")]
    [InlineData("http://u:p@a/")]
    [InlineData("http://a:b/")]
    [InlineData("http://a:65536/")]
    [InlineData("http://a,b/")]
    [InlineData("a/b")]
    [InlineData("?a")]
    [InlineData("a:80")]
    [InlineData("**")]
    [InlineData("*/")]
    [InlineData("javascript:alert")]
    public void Refuses_other_targets(string target) => Heads.Refuse($"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n", ViolationCode.BadUri);

    [Fact]
    public void Takes_authority_form_with_connect_only()
    {
        RequestHead head = Heads.Accept("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n");
        Assert.Equal((HttpMethod.Connect, "a.example:443", 0), (head.Method, Heads.Text(head.Authority), head.PathLength));
        Heads.Refuse("GET a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n", ViolationCode.BadUri);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("a.example")]
    [InlineData("a.example:")]
    [InlineData("http://a.example:443/")]
    [InlineData("u@a.example:443")]
    [InlineData("*")]
    public void Refuses_connect_with_another_form(string target) =>
        Heads.Refuse($"CONNECT {target} HTTP/1.1\r\nHost: a.example:443\r\n\r\n", ViolationCode.BadUri);

    [Fact]
    public void Takes_asterisk_form_with_options_only()
    {
        Assert.Equal("*", Heads.Text(Heads.Accept("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").Path));
        Heads.Refuse("GET * HTTP/1.1\r\nHost: a\r\n\r\n", ViolationCode.BadUri);
        Heads.Refuse("OPTIONS *?a HTTP/1.1\r\nHost: a\r\n\r\n", ViolationCode.BadUri);
    }

    [Theory]
    [InlineData("/a#b")]
    [InlineData("/a\tb")]
    [InlineData("/a\0b")]
    [InlineData("/a\u007fb")]
    [InlineData("/a\u0001b")]
    [InlineData("/é")]
    [InlineData("/a?é")]
    [InlineData("/\u00ff")]
    public void Refuses_bytes_that_no_target_has(string target) =>
        Heads.Refuse($"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n", ViolationCode.BadUri);

    [Theory]
    [InlineData("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1 HTTP/1.1\r\nHost: a\r\n\r\n")]
    public void Refuses_a_space_in_the_target(string head) => Heads.Refuse(head, ViolationCode.BadVersion);
}
