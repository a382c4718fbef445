using System.Text.Json;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Tls;
using Microsoft.Extensions.Logging.Abstractions;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Tests.Gateway.Accounting;

public sealed class AccountTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly AccessLog _log;
    private readonly TestGateway _gateway;

    public AccountTests()
    {
        _log = new AccessLog(1, new AccessLogOptions { Path = _path }, new LogMetrics(new MetricRegistry(1)), NullLogger.Instance);
        _gateway = new TestGateway(_log.Producer(0));
    }

    public void Dispose()
    {
        _gateway.Dispose();
        _log.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void A_proxied_request_is_logged_with_all_that_an_operator_asks_for()
    {
        _gateway.Route("POST /pets/{id}", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 201 Created\nContent-Length: 5", "hello");
        _gateway.Upstream.Waits = true;
        _gateway.Start("POST /pets/7?token=secret HTTP/1.1\nHost: node\nUser-Agent: agent \"1\"\nAuthorization: secret\nContent-Length: 3", "abc");
        _gateway.Loop.Advance(TimeSpan.FromMilliseconds(20));
        _gateway.Upstream.Respond();
        _gateway.Loop.Run();

        string line = Assert.Single(Lines());
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
        JsonElement record = JsonDocument.Parse(line).RootElement;
        Assert.Equal(_gateway.Exchange.ResponseField("x-amzn-RequestId"), record.GetProperty("requestId").GetString());
        Assert.Equal(_gateway.Exchange.ResponseField("x-amz-apigw-id"), record.GetProperty("extendedRequestId").GetString());
        Assert.Equal("192.168.0.1", record.GetProperty("sourceIp").GetString());
        Assert.Equal("abcde12345", record.GetProperty("apiId").GetString());
        Assert.Equal("prod", record.GetProperty("stage").GetString());
        Assert.Equal("/pets/{id}", record.GetProperty("route").GetString());
        Assert.Equal("POST", record.GetProperty("method").GetString());
        Assert.Equal("/pets/7", record.GetProperty("path").GetString());
        Assert.Equal("agent \"1\"", record.GetProperty("userAgent").GetString());
        Assert.Equal(201, record.GetProperty("status").GetInt32());
        Assert.Equal(201, record.GetProperty("integrationStatus").GetInt32());
        Assert.Equal(3, record.GetProperty("requestBytes").GetInt32());
        Assert.Equal(5, record.GetProperty("responseBytes").GetInt32());
        Assert.InRange(record.GetProperty("latencyUs").GetInt64(), 20_000, 100_000);
        Assert.InRange(record.GetProperty("integrationLatencyUs").GetInt64(), 20_000, 100_000);
        Assert.False(record.TryGetProperty("fault", out _));
    }

    [Fact]
    public void A_request_that_no_stage_took_is_logged_and_counted_without_one()
    {
        _gateway.Send("GET /x HTTP/1.1");
        JsonElement record = JsonDocument.Parse(Assert.Single(Lines())).RootElement;
        Assert.Equal("UnknownHost", record.GetProperty("fault").GetString());
        Assert.False(record.TryGetProperty("apiId", out _));
        Assert.Equal("1", _gateway.Metric("edgeproxy_requests_total{api_id=\"\",api_name=\"\",api_type=\"\",stage=\"\",resource=\"\",method=\"\",code_class=\"4xx\",code=\"403\"}"));
    }

    [Fact]
    public void A_long_hostile_path_stays_one_line_of_json()
    {
        _gateway.Route("GET /{proxy+}", Mock()).Serve();
        _gateway.Send($"GET /{new string('"', 5000)} HTTP/1.1\nHost: node\nUser-Agent: {new string('\u0080', 3000)}");
        string line = Assert.Single(Lines());
        Assert.Equal(1024, JsonDocument.Parse(line).RootElement.GetProperty("path").GetString()!.Length);
    }

    [Fact]
    public void A_client_that_was_refused_is_logged_with_the_certificate_it_showed()
    {
        _gateway.Route("GET /a", Mock());
        _gateway.Snapshots.Swap(new GatewaySnapshot
        {
            Domains = new Utf8Table<DomainPlan>([("secure.example.com", new DomainPlan(new BasePathTable([("", _gateway.Stage())])) { TrustStore = "store" })]),
        });
        _gateway.Exchange.Over(new TlsFacts
        {
            Version = TlsVersion.Tls12,
            CipherSuite = "ECDHE-RSA-AES128-GCM-SHA256",
            ServerName = "secure.example.com",
            TrustStore = "store",
            ClientVerdict = ClientCertificateVerdict.Expired,
            ClientCertificate = new ClientCertificate
            {
                Pem = "", SubjectDn = new string('\"', 300), IssuerDn = "CN=ca", SerialNumber = "0a", NotBefore = "", NotAfter = "",
            },
        });
        _gateway.Send("GET /a HTTP/1.1\nHost: secure.example.com");
        JsonElement record = JsonDocument.Parse(Assert.Single(Lines())).RootElement;
        Assert.Equal(403, record.GetProperty("status").GetInt32());
        Assert.Equal("ClientCertificateRefused", record.GetProperty("fault").GetString());
        Assert.Equal("HTTP/1.1", record.GetProperty("protocol").GetString());
        Assert.Equal("TLSv1.2", record.GetProperty("tlsVersion").GetString());
        Assert.Equal("ECDHE-RSA-AES128-GCM-SHA256", record.GetProperty("cipherSuite").GetString());
        Assert.Equal("expired", record.GetProperty("clientCertVerdict").GetString());
        Assert.Equal(new string('"', 256), record.GetProperty("clientCertSubjectDN").GetString());
        Assert.Equal("CN=ca", record.GetProperty("clientCertIssuerDN").GetString());
        Assert.Equal("0a", record.GetProperty("clientCertSerialNumber").GetString());
    }

    [Fact]
    public void Requests_latencies_and_bytes_are_counted_by_route_and_status()
    {
        _gateway.Route("GET /a", Mock(200, "hello")).Route("GET /b", Proxy("http://backend/")).Serve();
        _gateway.Send("GET /a HTTP/1.1");
        _gateway.Send("GET /a HTTP/1.1");
        _gateway.Upstream.Outcome = UpstreamOutcome.TimedOut;
        _gateway.Send("GET /b HTTP/1.1");
        _gateway.Send("GET /c HTTP/1.1");

        const string Api = "api_id=\"abcde12345\",api_name=\"pets\",api_type=\"REST\",stage=\"prod\"";
        Assert.Equal("2", _gateway.Metric($"edgeproxy_requests_total{{{Api},resource=\"/a\",method=\"GET\",code_class=\"2xx\",code=\"200\"}}"));
        Assert.Equal("1", _gateway.Metric($"edgeproxy_requests_total{{{Api},resource=\"/b\",method=\"GET\",code_class=\"5xx\",code=\"504\"}}"));
        Assert.Equal("1", _gateway.Metric($"edgeproxy_requests_total{{{Api},resource=\"\",method=\"\",code_class=\"4xx\",code=\"403\"}}"));
        Assert.Equal("2", _gateway.Metric("edgeproxy_request_duration_seconds_count{api_id=\"abcde12345\",stage=\"prod\",resource=\"/a\",method=\"GET\",code_class=\"2xx\"}"));
        Assert.Equal("2", _gateway.Metric("edgeproxy_integration_duration_seconds_count{api_id=\"abcde12345\",stage=\"prod\",resource=\"/a\",method=\"GET\",integration_type=\"MOCK\"}"));
        Assert.Equal("1", _gateway.Metric("edgeproxy_integration_errors_total{api_id=\"abcde12345\",stage=\"prod\",resource=\"/b\",method=\"GET\",integration_type=\"HTTP_PROXY\",kind=\"timeout\"}"));
        Assert.Equal("92", _gateway.Metric("edgeproxy_data_processed_bytes_total{api_id=\"abcde12345\",stage=\"prod\",direction=\"out\"}"));
    }

    [Fact]
    public void Without_detailed_metrics_a_route_counts_for_its_stage()
    {
        _gateway.Route("GET /a", Mock());
        _gateway.Snapshots.Swap(new GatewaySnapshot { Mounts = new BasePathTable([("", _gateway.Stage(settings: new RouteSettings()))]) });
        _gateway.Send("GET /a HTTP/1.1");
        Assert.Equal("1", _gateway.Metric("edgeproxy_requests_total{api_id=\"abcde12345\",api_name=\"pets\",api_type=\"REST\",stage=\"prod\",resource=\"\",method=\"\",code_class=\"2xx\",code=\"200\"}"));
    }

    [Fact]
    public void Counts_go_on_when_the_plan_is_built_anew()
    {
        _gateway.Route("GET /a", Mock()).Serve();
        _gateway.Send("GET /a HTTP/1.1");
        _gateway.Serve();
        _gateway.Send("GET /a HTTP/1.1");
        Assert.Equal("2", _gateway.Metric("edgeproxy_requests_total{api_id=\"abcde12345\",api_name=\"pets\",api_type=\"REST\",stage=\"prod\",resource=\"/a\",method=\"GET\",code_class=\"2xx\",code=\"200\"}"));
        Assert.Equal(1, _gateway.Live.Count);
    }

    private string[] Lines()
    {
        Assert.True(_log.FlushAndStop(TimeSpan.FromSeconds(10)));
        return File.ReadAllLines(_path);
    }
}
