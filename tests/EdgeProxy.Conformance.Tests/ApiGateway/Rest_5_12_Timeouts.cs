using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 5.12. That the client keeps to the deadline is tested where it is made.</summary>
public sealed class Rest_5_12_Timeouts : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void The_clock_covers_the_call_from_its_start_and_29_seconds_are_the_default()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(_gateway.Exchange.StartedAt + 29_000_000_000, _gateway.Upstream.Deadline);
    }

    [Fact]
    public void An_integrations_own_timeout_counts()
    {
        _gateway.Route("GET /", new HttpProxyPlan { Uri = UriTemplate.Parse("http://backend/"), Method = "GET", KnownMethod = HttpMethod.Get, TimeoutNanoseconds = 50_000_000 }).Serve();
        _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(_gateway.Exchange.StartedAt + 50_000_000, _gateway.Upstream.Deadline);
    }

    [Fact]
    public void A_timeout_is_504_also_when_the_head_had_come_in_time()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 9").Add(BodyStatus.TimedOut);
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(504, answer.Response.Status);
        Assert.Equal("{\"message\":\"Endpoint request timed out\"}", answer.SentText);
    }
}
