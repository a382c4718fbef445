using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeProxy.Admin;
using EdgeProxy.Control;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Server;
using EdgeProxy.Identity.SigV4;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Settings;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeProxy.Tests.Process.Admin;

/// <summary>Who is answered on the admin listener, over the handler that asks.</summary>
public sealed class AdminAccessTests : IDisposable
{
    private const string Invoke = "/2015-03-31/functions/hello/invocations";

    private static readonly ListenerFacts s_loopback = new("admin", IsAdmin: true, IsTls: false, IsLoopback: true, Port: 9080);
    private static readonly ListenerFacts s_open = s_loopback with { IsLoopback = false };
    private static readonly AwsCredentials s_operator = new("OPERATOR", "a-secret-of-the-operator");
    private static readonly AwsCredentials s_reader = new("READER", "a-secret-of-the-reader");

    private readonly LoopHarness _loop = new();
    private readonly MetricRegistry _metrics = new(1);
    private readonly FakeInvokeEndpoint _endpoint;
    private readonly AdminAccess _access;
    private readonly AdminHandler _handler;
    private readonly Clock _clock = new();
    private FakeExchange? _last;

    public AdminAccessTests()
    {
        _endpoint = new FakeInvokeEndpoint(_loop, new FunctionLimits { MaxEvent = 100 });
        _access = new AdminAccess(Rules(), _metrics, NullLogger.Instance, _clock);
        _handler = new AdminHandler(_metrics, new NodeState(), () => 3, _access, invoke: new InvokePage(_endpoint.Clients), limits: new ServerMetrics(_metrics));
    }

    public void Dispose() => _loop.Dispose();

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:9080", 200)]
    [InlineData("127.0.0.1:9080", 200)]
    [InlineData("[::1]:9080", 200)]
    [InlineData("edge.internal", 200)]
    [InlineData("rebound.test", 403)]
    [InlineData("localhost.rebound.test", 403)]
    public void On_loopback_it_answers_by_address_and_by_the_names_configured(string host, int status)
    {
        foreach (string path in (string[])["/readyz", "/livez", "/config/version"])
        {
            Assert.Equal(status == 200 && path == "/readyz" ? 503 : status, Ask($"GET {path} HTTP/1.1\nHost: {host}").Response.Status);
        }

        if (status == 403) Assert.Equal(3, MetricText.Value(_metrics, "edgeproxy_admin_refused_total{reason=\"host\"}"));
    }

    [Theory]
    [InlineData("Origin: http://localhost:3000", 403)]
    [InlineData("Sec-Fetch-Site: cross-site", 403)]
    [InlineData("Sec-Fetch-Site: same-site", 403)]
    [InlineData("Sec-Fetch-Site: none", 200)]
    public void On_loopback_it_does_not_answer_web_pages(string field, int status) =>
        Assert.Equal(status, Ask($"GET /config/version HTTP/1.1\nHost: localhost\n{field}").Response.Status);

    [Fact]
    public void With_keys_all_but_metrics_and_health_is_signed()
    {
        UseKeys();
        Assert.Equal(200, Ask("GET /livez HTTP/1.1\nHost: localhost").Response.Status);
        FakeExchange unsigned = Ask("GET /config/version HTTP/1.1\nHost: localhost");
        Assert.Equal((403, "{\"message\":\"Missing Authentication Token\"}", "MissingAuthenticationTokenException"), (unsigned.Response.Status, unsigned.SentText, unsigned.ResponseField("x-amzn-ErrorType")));
        Assert.Equal(200, AskSigned(s_operator, "GET", "/config/version").Response.Status);
        Assert.Equal(403, AskSigned(s_operator with { SecretAccessKey = "another-secret-altogether" }, "GET", "/config/version").Response.Status);
        Assert.Equal(1, MetricText.Value(_metrics, "edgeproxy_admin_refused_total{reason=\"unsigned\"}"));
        Assert.Equal(1, MetricText.Value(_metrics, "edgeproxy_admin_refused_total{reason=\"signature\"}"));
    }

    [Fact]
    public void Off_loopback_all_but_metrics_and_health_is_closed_until_there_are_keys()
    {
        Assert.Equal(403, AskSigned(s_operator, "GET", "/config/version", listener: s_open).Response.Status);
        UseKeys();
        Assert.Equal(200, AskSigned(s_operator, "GET", "/config/version", listener: s_open).Response.Status);
        Assert.Equal(200, AskSigned(s_operator, "GET", "/config/version", host: "edge.example.com", listener: s_open).Response.Status);
        Assert.Equal(403, Ask("GET /config/version HTTP/1.1\nHost: 10.1.1.1", listener: s_open).Response.Status);
    }

    [Fact]
    public void A_signed_body_reaches_the_page_and_a_changed_one_does_not()
    {
        UseKeys();
        _endpoint.Clients.Table = new FunctionTable([_endpoint.UrlTarget("hello", "http://functions.test")], _endpoint.Clients.Table.Limits);
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        Assert.Equal((200, "ok", "{\"a\":1}"), (AskSigned(s_operator, "POST", Invoke, "{\"a\":1}").Response.Status, _last!.SentText, _endpoint.Upstream.Body));
        FakeExchange changed = AskSigned(s_operator, "POST", Invoke, "{\"a\":1}", sends: "{\"a\":2}");
        Assert.Equal((403, "InvalidSignatureException"), (changed.Response.Status, changed.ResponseField("x-amzn-ErrorType")));
        Assert.Equal(1, _endpoint.Upstream.Calls);
    }

    [Fact]
    public void No_body_is_read_beyond_what_the_page_takes_or_without_a_key()
    {
        UseKeys();
        Assert.Equal(413, AskSigned(s_operator, "POST", Invoke, new string('1', 101)).Response.Status);
        FakeExchange unsigned = Ask($"POST {Invoke} HTTP/1.1\nHost: localhost\nContent-Length: 3", "123");
        Assert.Equal((403, true, true), (unsigned.Response.Status, unsigned.HasUnreadBody, unsigned.CloseAfterwards));
    }

    [Fact]
    public void A_key_that_may_read_changes_nothing()
    {
        UseKeys();
        Assert.Equal(200, AskSigned(s_reader, "GET", "/config/version").Response.Status);
        FakeExchange answer = AskSigned(s_reader, "POST", Invoke, "{}");
        Assert.Equal((403, "AccessDeniedException"), (answer.Response.Status, answer.ResponseField("x-amzn-ErrorType")));
        Assert.DoesNotContain("secret", answer.SentText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_is_invoked_with_a_signature_for_lambda_and_nothing_else_is()
    {
        UseKeys();
        Assert.Contains("correct service: 'lambda'", AskSigned(s_operator, "POST", Invoke, "{}", service: "apigateway").SentText, StringComparison.Ordinal);
        Assert.Contains("correct service: 'apigateway'", AskSigned(s_operator, "GET", "/config/version", service: "lambda").SentText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_is_good_for_a_quarter_of_an_hour()
    {
        UseKeys();
        string signed = Sign(s_operator, "GET", "/config/version", "", "localhost", "apigateway");
        _clock.Now += TimeSpan.FromMinutes(15);
        Assert.Equal(200, Ask(signed).Response.Status);
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.StartsWith("{\"message\":\"Signature expired: ", Ask(signed).SentText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_elsewhere_that_calls_too_often_is_told_to_wait_and_nobody_else_is()
    {
        _access.Rules = new AdminRules(CidrSet.Empty, [], [new AdminCredential(s_operator, AdminRight.Full)], TimeSpan.FromMinutes(15)) { Rate = new ThrottleSettings(10, 3) };
        int[] statuses = [.. Enumerable.Range(0, 5).Select(_ => AskSigned(s_operator, "GET", "/config/version", listener: s_open, client: "192.0.2.1").Response.Status)];
        Assert.Equal([200, 200, 200, 429, 429], statuses);
        Assert.Equal(("TooManyRequestsException", "1", "{\"message\":\"Too Many Requests\"}"), (_last!.ResponseField("x-amzn-ErrorType"), _last.ResponseField("Retry-After"), _last.SentText));
        Assert.Equal(2, MetricText.Value(_metrics, "edgeproxy_admin_refused_total{reason=\"rate\"}"));
        Assert.Equal(2, MetricText.Value(_metrics, "edgeproxy_limit_hits_total{limit=\"admin.rate\"}"));
        Assert.Equal(200, AskSigned(s_operator, "GET", "/config/version", listener: s_open, client: "192.0.2.2").Response.Status);
        Assert.Equal(200, Ask("GET /livez HTTP/1.1\nHost: 192.0.2.9", listener: s_loopback, client: "192.0.2.1").Response.Status);
        for (int i = 0; i < 10; i++) Assert.Equal(200, AskSigned(s_operator, "GET", "/config/version", client: "127.0.0.1").Response.Status);
        _loop.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(200, AskSigned(s_operator, "GET", "/config/version", listener: s_open, client: "192.0.2.1").Response.Status);
        Assert.Equal(429, AskSigned(s_operator, "GET", "/config/version", listener: s_open, client: "192.0.2.1").Response.Status);
    }

    [Fact]
    public void The_signature_of_a_change_is_taken_once_where_that_is_configured_and_that_of_a_read_always()
    {
        UseKeys();
        _endpoint.Clients.Table = new FunctionTable([_endpoint.UrlTarget("hello", "http://functions.test")], _endpoint.Clients.Table.Limits);
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        string change = Sign(s_operator, "POST", Invoke, "{}", "localhost", "lambda");
        Assert.Equal((200, 200), (Ask(change, "{}").Response.Status, Ask(change, "{}").Response.Status));

        _access.Rules = new AdminRules(CidrSet.Empty, [], [new AdminCredential(s_operator, AdminRight.Full)], TimeSpan.FromMinutes(15)) { Replays = 100 };
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        Assert.Equal(200, Ask(change, "{}").Response.Status);
        FakeExchange again = Ask(change, "{}");
        Assert.Equal((403, "InvalidSignatureException", "{\"message\":\"The signature was used before (admin.replays).\"}"), (again.Response.Status, again.ResponseField("x-amzn-ErrorType"), again.SentText));
        Assert.Equal(1, MetricText.Value(_metrics, "edgeproxy_admin_refused_total{reason=\"replay\"}"));
        string read = Sign(s_operator, "GET", "/config/version", "", "localhost", "apigateway");
        Assert.Equal((200, 200), (Ask(read).Response.Status, Ask(read).Response.Status));
    }

    [Fact]
    public void A_signature_that_has_to_be_forgotten_before_it_is_stale_is_counted()
    {
        _access.Rules = new AdminRules(CidrSet.Empty, [], [new AdminCredential(s_operator, AdminRight.Full)], TimeSpan.FromMinutes(15)) { Replays = 1 };
        AskSigned(s_operator, "POST", "/a");
        Assert.Equal(0, MetricText.Value(_metrics, "edgeproxy_limit_hits_total{limit=\"admin.replays\"}"));
        AskSigned(s_operator, "POST", "/b");
        Assert.Equal(1, MetricText.Value(_metrics, "edgeproxy_limit_hits_total{limit=\"admin.replays\"}"));
        _clock.Now += TimeSpan.FromHours(1);
        AskSigned(s_operator, "POST", "/c");
        Assert.Equal(1, MetricText.Value(_metrics, "edgeproxy_limit_hits_total{limit=\"admin.replays\"}"));
    }

    private static AdminRules Rules(params AdminCredential[] credentials) => new(CidrSet.Empty, ["edge.internal"], credentials, TimeSpan.FromMinutes(15));

    private void UseKeys() => _access.Rules = Rules(new AdminCredential(s_operator, AdminRight.Full), new AdminCredential(s_reader, AdminRight.Read));

    private FakeExchange AskSigned(AwsCredentials credentials, string method, string path, string body = "", string? sends = null, string host = "localhost", string? service = null, ListenerFacts? listener = null, string? client = null)
    {
        service ??= path == Invoke ? "lambda" : "apigateway";
        return Ask(Sign(credentials, method, path, body, host, service), sends ?? body, listener, client);
    }

    private string Sign(AwsCredentials credentials, string method, string path, string body, string host, string service)
    {
        byte[] date = new byte[AmzDate.Length];
        AmzDate.Write(_clock.Now, date);
        byte[] hash = new byte[Signature.HexLength];
        Signature.WriteHash(Encoding.UTF8.GetBytes(body), hash);
        var canonical = new CanonicalRequest();
        canonical.Begin(Encoding.ASCII.GetBytes(method), Encoding.ASCII.GetBytes(path), default, CanonicalPath.Normalized);
        canonical.AddHeader("host"u8, Encoding.ASCII.GetBytes(host));
        canonical.AddHeader("x-amz-date"u8, date);
        canonical.End(hash);
        var writer = new ByteWriter(new byte[1024]);
        Signature.WriteAuthorization(ref writer, canonical, new SigningScope(credentials, "eu-west-1", service), date);
        return string.Create(CultureInfo.InvariantCulture, $"{method} {path} HTTP/1.1\nHost: {host}\nContent-Length: {body.Length}\nX-Amz-Date: {Encoding.ASCII.GetString(date)}\nAuthorization: {Encoding.ASCII.GetString(writer.Written)}");
    }

    private FakeExchange Ask(string head, string body = "", ListenerFacts? listener = null, string? client = null)
    {
        _last = new FakeExchange(_loop, listener ?? s_loopback);
        _last.Receive(head, body);
        if (client is not null) _last.From(client);
        _handler.HandleAsync(_last).Forget();
        _loop.Run();
        return _last;
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
