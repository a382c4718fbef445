using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 5.6, a row each; what is not confirmed there is chosen in Faults.</summary>
public sealed class Rest_5_6_HttpRuntime : IDisposable
{
    private const string Network = "{\"message\":\"Network error communicating with endpoint\"}";
    private const string Internal = "{\"message\": \"Internal server error\"}";

    private readonly TestGateway _gateway = new();

    public Rest_5_6_HttpRuntime() => _gateway.Route("ANY /", Proxy("http://backend/")).Serve();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData(UpstreamOutcome.NameNotFound, 504, Network, "connect")]
    [InlineData(UpstreamOutcome.ConnectFailed, 504, Network, "connect")]
    [InlineData(UpstreamOutcome.TlsFailed, 504, Network, "tls")]
    [InlineData(UpstreamOutcome.CertificateUntrusted, 504, Network, "tls")]
    [InlineData(UpstreamOutcome.CertificateNameMismatch, 504, Network, "tls")]
    [InlineData(UpstreamOutcome.CertificateExpired, 504, Network, "tls")]
    [InlineData(UpstreamOutcome.ConnectTimedOut, 504, Network, "connect")]
    [InlineData(UpstreamOutcome.Reset, 504, Network, "connect")]
    [InlineData(UpstreamOutcome.PoolExhausted, 503, "{\"message\":\"Service Unavailable\"}", "connect")]
    [InlineData(UpstreamOutcome.TimedOut, 504, "{\"message\":\"Endpoint request timed out\"}", "timeout")]
    [InlineData(UpstreamOutcome.Malformed, 500, Internal, "protocol")]
    [InlineData(UpstreamOutcome.HeadTooLarge, 500, Internal, "protocol")]
    public void A_backend_that_gives_no_answer_is_answered_for_and_counted(UpstreamOutcome outcome, int status, string body, string kind)
    {
        _gateway.Upstream.Outcome = outcome;
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(status, answer.Response.Status);
        Assert.Equal(body, answer.SentText);
        Assert.True(_gateway.Upstream.IsReturned);
        Assert.Equal("1", _gateway.Metric($"edgeproxy_integration_errors_total{{api_id=\"abcde12345\",stage=\"prod\",resource=\"/\",method=\"ANY\",integration_type=\"HTTP_PROXY\",kind=\"{kind}\"}}"));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public void A_redirect_is_a_status_like_any_other(int status)
    {
        _gateway.Upstream.Answer($"HTTP/1.1 {status} Moved\nLocation: /elsewhere\nContent-Length: 0", "");
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(status, answer.Response.Status);
        Assert.Equal("/elsewhere", answer.ResponseField("Location"));
        Assert.Equal(1, _gateway.Upstream.Calls);
    }

    [Fact]
    public void A_declared_response_over_10_MB_is_500()
    {
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 10485761", "x");
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(500, answer.Response.Status);
        Assert.Equal(Internal, answer.SentText);
    }

    [Fact]
    public void An_unlimited_response_passes_whatever_it_declares()
    {
        _gateway.Serve(new GatewaySettings { ResponseBodyLimit = -1 });
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 3", "abc");
        Assert.Equal("abc", _gateway.Send("GET / HTTP/1.1").SentText);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public void GET_HEAD_and_OPTIONS_are_sent_without_a_body(string method)
    {
        _gateway.Send($"{method} / HTTP/1.1\nHost: node\nContent-Length: 2", "hi");
        Assert.Equal(method, _gateway.Upstream.Method);
        Assert.Equal(BodyFraming.None, _gateway.Upstream.Framing);
        Assert.Equal("", _gateway.Upstream.Body);
    }

    [Fact]
    public void The_integrations_own_method_is_sent_whatever_the_client_sent()
    {
        using var gateway = new TestGateway();
        gateway.Route("GET /", Proxy("http://backend/", "POST")).Serve();
        gateway.Send("GET / HTTP/1.1");
        Assert.Equal("POST", gateway.Upstream.Method);
        Assert.Equal((BodyFraming.Length, 0L), (gateway.Upstream.Framing, gateway.Upstream.ContentLength));
    }

    [Fact]
    public void A_chunked_request_stays_undeclared()
    {
        _gateway.Send("POST / HTTP/1.1\nHost: node\nTransfer-Encoding: chunked", "a", "b", "c");
        Assert.Equal(BodyFraming.Chunked, _gateway.Upstream.Framing);
        Assert.Equal("abc", _gateway.Upstream.Body);
    }
}
