using System.Text;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Transport.Tls;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Tests.Gateway.Snapshots;

public sealed class BoundUriTests
{
    [Theory]
    [InlineData("http://backend/pets", "backend", 80, false, "backend", "/pets")]
    [InlineData("HTTP://Backend:80", "backend", 80, false, "backend", "/")]
    [InlineData("https://backend:8443/a?b=c#d", "backend", 8443, true, "backend:8443", "/a?b=c")]
    [InlineData("https://backend?x", "backend", 443, true, "backend", "/?x")]
    [InlineData("http://[2001:DB8::1]:81/", "2001:db8::1", 81, false, "[2001:db8::1]:81", "/")]
    [InlineData("http://${stageVariables.host}/x", "10.1.2.3", 8080, false, "10.1.2.3:8080", "/x")]
    [InlineData("http://${stageVariables.url}", "full", 80, false, "full", "/path?q=1")]
    [InlineData("http://backend/${stageVariables.unknown}x", "backend", 80, false, "backend", "/x")]
    [InlineData("http://backend/${other}", "backend", 80, false, "backend", "/$%7Bother%7D")]
    [InlineData("http://backend/a b\u00e9", "backend", 80, false, "backend", "/a%20b%C3%A9")]
    public void Knows_where_to_connect_and_what_to_ask_for(string uri, string host, int port, bool isTls, string hostField, string target)
    {
        BoundUri bound = Bind(uri);
        Assert.Null(bound.Problem);
        Assert.Equal(new UpstreamName(host, port, Tls: isTls ? UpstreamTls.Default : null), bound.Upstream);
        Assert.Equal(hostField, Encoding.ASCII.GetString(bound.Host));
        Assert.Equal(target, string.Concat(bound.Target.Select(part => Encoding.ASCII.GetString(part.Literal!))));
    }

    [Theory]
    [InlineData("ftp://backend/")]
    [InlineData("backend/")]
    [InlineData("")]
    [InlineData("http://")]
    [InlineData("http:///path")]
    [InlineData("http://user:secret@backend/")]
    [InlineData("http://back end/")]
    [InlineData("http://backend:0/")]
    [InlineData("http://backend:65536/")]
    [InlineData("http://backend:8o/")]
    [InlineData("http://[::1/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://{id}/")]
    [InlineData("http://{id}.backend/")]
    [InlineData("http://backend{id}")]
    [InlineData("http://backend/{unmapped}")]
    [InlineData("{id}://backend/")]
    public void Refuses_what_cannot_be_called(string uri)
    {
        Assert.NotNull(Bind(uri).Problem);
    }

    [Fact]
    public void Takes_no_placeholder_out_of_a_stage_variable()
    {
        BoundUri bound = BoundUri.Bind(UriTemplate.Parse("http://backend/${stageVariables.x}"), new StageVariables([new("x", "{id}\r\n")]), Mappings);
        Assert.Null(bound.Problem);
        Assert.Equal("/%7Bid%7D%0D%0A", Encoding.ASCII.GetString(Assert.Single(bound.Target).Literal!));
    }

    [Fact]
    public void Knows_values_in_the_path_from_values_in_the_query()
    {
        BoundUri bound = Bind("http://backend/a/{id}/b?c={id}&d");
        Assert.True(bound.HasPathValues);
        Assert.True(bound.HasQuery);
        Assert.Equal([false, true], bound.Target.Where(part => part.Literal is null).Select(part => part.InQuery));
        Assert.False(Bind("http://backend/a?c={id}").HasPathValues);
    }

    [Fact]
    public void Makes_equal_upstreams_one_object()
    {
        var names = new Dictionary<UpstreamName, UpstreamName>();
        BoundUri one = BoundUri.Bind(UriTemplate.Parse("http://backend/a"), StageVariables.None, [], names);
        BoundUri other = BoundUri.Bind(UriTemplate.Parse("http://BACKEND:80/b"), StageVariables.None, [], names);
        Assert.Same(one.Upstream, other.Upstream);
    }

    [Theory]
    [InlineData("http://a/", null, UpstreamProtocol.Http1, UpstreamProtocol.Http1)]
    [InlineData("http://a/", null, UpstreamProtocol.Http2, UpstreamProtocol.Http2)]
    [InlineData("http://a/", UpstreamProtocol.Http2, UpstreamProtocol.Http1, UpstreamProtocol.Http2)]
    [InlineData("http://a/", UpstreamProtocol.Auto, UpstreamProtocol.Http2, UpstreamProtocol.Http1)]
    [InlineData("https://a/", UpstreamProtocol.Auto, UpstreamProtocol.Http1, UpstreamProtocol.Auto)]
    public void Speaks_the_integrations_protocol_else_the_nodes(string uri, UpstreamProtocol? own, UpstreamProtocol node, UpstreamProtocol spoken)
    {
        BoundUri bound = BoundUri.Bind(UriTemplate.Parse(uri), StageVariables.None, [], speaks: new UpstreamPlan { Protocol = own }, defaultProtocol: node);
        Assert.Equal(spoken, bound.Upstream!.Protocol);
    }

    [Fact]
    public void Tells_upstreams_with_different_tls_apart()
    {
        BoundUri one = BoundUri.Bind(UriTemplate.Parse("https://a/"), StageVariables.None, []);
        BoundUri other = BoundUri.Bind(UriTemplate.Parse("https://a/"), StageVariables.None, [], speaks: new UpstreamPlan { Tls = new UpstreamTls { CaFile = "ca.pem" } });
        Assert.NotEqual(one.Upstream, other.Upstream);
    }

    [Theory]
    [InlineData("http://app.internal:8081/a", "abc", "10.0.0.7", 8081, "app.internal:8081")]
    [InlineData("http://app.internal/a", "${stageVariables.link}", "fe80::7", 9000, "app.internal")]
    public void Connects_by_a_vpc_link_and_asks_for_the_host_of_the_uri(string uri, string id, string host, int port, string hostField)
    {
        BoundUri bound = BindLink(uri, id);
        Assert.Null(bound.Problem);
        Assert.Equal((host, port), (bound.Upstream!.Host, bound.Upstream.Port));
        Assert.Equal(hostField, Encoding.ASCII.GetString(bound.Host));
    }

    [Fact]
    public void Holds_the_certificate_behind_a_vpc_link_against_the_name_in_the_uri()
    {
        Assert.Equal("app.internal", BindLink("https://app.internal/a", "abc").Upstream!.Tls!.ServerName);
        Assert.Equal(443, BindLink("https://app.internal/a", "abc").Upstream!.Port);
    }

    [Fact]
    public void Takes_the_first_configured_link_and_calls_nothing_without_one()
    {
        Assert.Equal("10.0.0.7", BindLink("http://app.internal/a", "none", "abc").Upstream!.Host);
        Assert.NotNull(BindLink("http://app.internal/a", "none").Problem);
        Assert.NotNull(BindLink("http://app.internal/a", "").Problem);
    }

    private static BoundUri BindLink(string uri, params string[] ids) => BoundUri.Bind(
        UriTemplate.Parse(uri), new StageVariables([new("link", "b")]), [], speaks: new UpstreamPlan { Links = [.. ids.Select(UriTemplate.Parse)] },
        links: new Dictionary<string, VpcLink> { ["abc"] = new("10.0.0.7", null), ["b"] = new("fe80::7", 9000) });

    private static ParameterMapping[] Mappings => [Map("integration.request.header.id", "'x'"), Map("integration.request.path.id", "method.request.path.id", "id")];

    private static BoundUri Bind(string uri) => BoundUri.Bind(
        UriTemplate.Parse(uri), new StageVariables([new("host", "10.1.2.3:8080"), new("url", "full/path?q=1")]), Mappings);
}
