using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Integrations.Http;

public sealed class CallTargetTests : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Sends_requests_to_the_targets_in_turn_and_tells_them_the_host_of_the_uri()
    {
        Serve("http://orders:8080/base", ("10.0.0.1", 2), ("10.0.0.2:9000", 1));
        for (int i = 0; i < 6; i++) Assert.Equal(200, _gateway.Send("GET / HTTP/1.1").Response.Status);
        Assert.Equal(4, _gateway.Upstream.Sent.Count(name => name == new UpstreamName("10.0.0.1", 8080))); // the port is the URI's where a target names none
        Assert.Equal(2, _gateway.Upstream.Sent.Count(name => name == new UpstreamName("10.0.0.2", 9000)));
        Assert.Equal("orders:8080", _gateway.Upstream.Field("Host"));
        Assert.Equal("/base", _gateway.Upstream.Target);
        Assert.Equal("4", _gateway.Metric("""edgeproxy_upstream_picks_total{api_id="abcde12345",stage="prod",upstream="http://orders:8080",target="http://10.0.0.1:8080"}"""));
    }

    [Fact]
    public void Https_is_verified_for_the_host_of_the_uri_whichever_target_takes_the_request()
    {
        Serve("https://orders/", ("10.0.0.1", 1), ("10.0.0.2", 1));
        _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(("orders", 443), (_gateway.Upstream.Called!.Tls!.ServerName, _gateway.Upstream.Called.Port));
    }

    [Fact]
    public void A_target_is_loaded_until_the_answer_has_ended()
    {
        UpstreamPlan upstream = PlanOf(("a", 1), ("b", 1)) with { Adjust = static node => node with { Balance = TargetBalance.LeastLoaded } };
        _gateway.Route("GET /", Plan("http://orders/", upstream)).Serve();
        _gateway.Upstream.Waits = true;
        _gateway.Start("GET / HTTP/1.1");
        var group = Assert.Single(_gateway.Snapshots.Current.Upstreams);
        Assert.Equal(1, group.Targets.Sum(static target => target.Live.InFlight));
        _gateway.Upstream.Respond();
        _gateway.Loop.Run();
        Assert.Equal(0, group.Targets.Sum(static target => target.Live.InFlight));
        Assert.True(_gateway.Upstream.IsReturned);
    }

    [Fact]
    public void Stage_variables_may_stand_in_targets()
    {
        _gateway.Route("GET /", Plan("http://orders/", PlanOf(("${stageVariables.a}:81", 1)))).Serve(variables: ("a", "10.1.1.1"));
        _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(new UpstreamName("10.1.1.1", 81), _gateway.Upstream.Called);
    }

    [Fact]
    public void A_target_that_is_no_address_is_never_called()
    {
        _gateway.Route("GET /", Plan("http://orders/", PlanOf(("good", 1), ("${stageVariables.a}", 1)))).Serve(variables: ("a", "10.1.1.1/x"));
        Assert.Equal(500, _gateway.Send("GET / HTTP/1.1").Response.Status);
        Assert.Equal(0, _gateway.Upstream.Calls);
    }

    [Fact]
    public void Routes_of_one_upstream_share_their_turns()
    {
        _gateway.Route("GET /a", Plan("http://orders/a", PlanOf(("a", 1), ("b", 1)))).Route("GET /b", Plan("http://orders/b", PlanOf(("a", 1), ("b", 1)))).Serve();
        for (int i = 0; i < 4; i++)
        {
            _gateway.Send("GET /a HTTP/1.1");
            _gateway.Send("GET /b HTTP/1.1");
        }

        string hosts = string.Concat(_gateway.Upstream.Sent.Select(static name => name.Host));
        Assert.Equal(8, hosts.Length);
        Assert.Contains(hosts, (string[])["abababab", "babababa"]);
    }

    private static UpstreamPlan PlanOf(params (string Address, int Weight)[] targets) =>
        new() { Targets = Array.ConvertAll(targets, static target => new TargetPlan(UriTemplate.Parse(target.Address), target.Weight)) };

    private static HttpProxyPlan Plan(string uri, UpstreamPlan upstream) =>
        new() { Uri = UriTemplate.Parse(uri), Method = "", KnownMethod = HttpMethod.Other, Upstream = upstream };

    private void Serve(string uri, params (string Address, int Weight)[] targets) => _gateway.Route("GET /", Plan(uri, PlanOf(targets))).Serve();
}
