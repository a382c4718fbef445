using System.Text;
using System.Text.Json;
using EdgeProxy.Admin;
using EdgeProxy.Control;
using EdgeProxy.Core.Text;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Operations.Explanations;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Tests.Gateway;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeProxy.Tests.Process.Admin;

public sealed class ExplainPageTests : IDisposable
{
    private static readonly ListenerFacts Loopback = new("admin", IsAdmin: true, IsTls: false, IsLoopback: true, Port: 9080);

    private readonly TestGateway _gateway = new();
    private readonly Explain _explain = new(TimeProvider.System);
    private readonly AdminHandler _handler;

    public ExplainPageTests()
    {
        _gateway.Route("GET /health", TestGateway.Mock(body: "{}")).Route("POST /pets", TestGateway.Proxy("http://backend/pets")).Serve();
        var page = new ExplainPage(_explain, _gateway.Snapshots, _gateway.Registry, _gateway.Server, NullLogger.Instance);
        _handler = new AdminHandler(_gateway.Registry, new NodeState(), () => 1, new AdminAccess(new AdminRules(CidrSet.Empty, [], [], TimeSpan.FromMinutes(15)), _gateway.Registry, NullLogger.Instance, TimeProvider.System), page);
    }

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Explains_a_request_to_what_serves_now()
    {
        (int status, JsonElement told) = Ask("""{"method":"GET","path":"/health"}""");
        Assert.Equal((200, "answered", 200), (status, told.GetProperty("end").GetString(), told.GetProperty("response").GetProperty("status").GetInt32()));
        Assert.Equal("1", _gateway.Metric("""edgeproxy_explanations_total{end="answered"}"""));

        _gateway.Snapshots.Swap(EdgeProxy.Gateway.Snapshots.GatewaySnapshot.Empty);
        (_, told) = Ask("""{"method":"GET","path":"/health"}""");
        Assert.Equal(403, told.GetProperty("response").GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData("""{"method":"POST","url":"http://any.example/pets?a=1","headers":{"X-A":"1","X-B":["2","3"]},"body":{"n": 1}}""", "{\"n\": 1}")]
    [InlineData("""{"method":"POST","path":"/pets?a=1","host":"any.example","headers":{"X-A":"1","X-B":["2","3"]},"bodyBase64":"eyJuIjogMX0="}""", "{\"n\": 1}")]
    [InlineData("""{"method":"POST","path":"/pets?a=1","host":"any.example","headers":{"X-A":"1","X-B":["2","3"]},"body":"a text"}""", "a text")]
    public void Takes_a_request_in_each_of_its_forms(string json, string body)
    {
        (int status, JsonElement told) = Ask(json);
        JsonElement sent = told.GetProperty("integrationRequest");
        Assert.Equal((200, "http://backend/pets?a=1", body), (status, sent.GetProperty("url").GetString(), sent.GetProperty("body").GetString()));
        Dictionary<string, string?> headers = sent.GetProperty("headers").EnumerateArray().ToDictionary(static field => field.GetProperty("name").GetString()!, static field => field.GetProperty("value").GetString());
        Assert.Equal(("1", "2,3"), (headers["X-A"], headers["X-B"]));
        Assert.Equal("any.example", told.GetProperty("phases")[1].GetProperty("facts").GetProperty("host").GetString());
    }

    [Fact]
    public void Takes_an_answer_of_the_integration()
    {
        (_, JsonElement told) = Ask("""{"method":"POST","path":"/pets","answer":{"status":201,"headers":{"X-Made":"yes","Content-Type":"text/plain"},"body":"ok"}}""");
        JsonElement response = told.GetProperty("response");
        Assert.Equal((201, "ok"), (response.GetProperty("status").GetInt32(), response.GetProperty("body").GetString()));
        Assert.Contains(response.GetProperty("headers").EnumerateArray(), static field => field.GetProperty("name").GetString() == "X-Made");
    }

    [Theory]
    [InlineData("", "The body is no JSON: line 1, byte 1.")]
    [InlineData("{\"method\":\n nonsense", "The body is no JSON: line 2, byte 3.")]
    [InlineData("[]", "The body must be a JSON object.")]
    [InlineData("{}", "The member 'method' is missing.")]
    [InlineData("""{"method":"GET"}""", "Give either 'path' or 'url'.")]
    [InlineData("""{"method":"GET","path":"/","url":"http://a/"}""", "Give either 'path' or 'url'.")]
    [InlineData("""{"method":"GET","url":"http://a/","host":"b"}""", "The member 'url' names the host already; give either it or 'host'.")]
    [InlineData("""{"method":"GET","path":"x"}""", "The member 'path' must begin with /; a whole URL is for 'url'.")]
    [InlineData("""{"method":1,"path":"/"}""", "The member 'method' must be a string.")]
    [InlineData("""{"method":"GET","path":"/","hedders":{}}""", "There is no member 'hedders'. There are method, path, url, host, headers, body, bodyBase64, sourceIp and answer.")]
    [InlineData("""{"method":"GET","path":"/","showSecrets":true}""", "There is no member 'showSecrets'. There are method, path, url, host, headers, body, bodyBase64, sourceIp and answer.")]
    [InlineData("""{"method":"GET","path":"/","headers":[]}""", "The member 'headers' must be an object of names and values.")]
    [InlineData("""{"method":"GET","path":"/","headers":{"A":1}}""", "The header 'A' must be a string, or an array of them.")]
    [InlineData("""{"method":"GET","path":"/","headers":{"A":"b\r\nC: d"}}""", "The header 'A' has a line end in it.")]
    [InlineData("""{"method":"GET","path":"/","headers":{"A\r\nB: c":"d"}}""", "The header 'A\\r\\nB: c' has a line end in it.")]
    [InlineData("""{"method":"GET / HTTP/1.1\r\nX: y","path":"/"}""", "The method has a line end in it.")]
    [InlineData("""{"method":"GET","path":"/\r\nX: y"}""", "The path has a line end in it.")]
    [InlineData("""{"method":"GET","path":"/","host":"a\nb"}""", "The host has a line end in it.")]
    [InlineData("""{"method":"GET","path":"/","bodyBase64":"%"}""", "The member 'bodyBase64' is no base64.")]
    [InlineData("""{"method":"GET","path":"/","bodyBase64":"YQ==","body":"a"}""", "Give either 'body' or 'bodyBase64', once.")]
    [InlineData("""{"method":"GET","path":"/","body":"\ud800"}""", "A string of the body has half of a surrogate pair in it.")]
    [InlineData("""{"method":"GET","path":"/","sourceIp":"here"}""", "'here' is no address.")]
    [InlineData("""{"method":"GET","path":"/","answer":[]}""", "The member 'answer' must be an object.")]
    [InlineData("""{"method":"GET","path":"/","answer":{"status":"x"}}""", "The member 'answer.status' must be a whole number.")]
    [InlineData("""{"method":"GET","path":"/","answer":{"status":600}}""", "The answer's status 600 is not in 200 to 599.")]
    [InlineData("""{"method":"GET","path":"/","answer":{"nothing":1}}""", "There is no member 'answer.nothing'. There are status, headers, body, bodyBase64 and functionError.")]
    public void Says_what_is_wrong_with_what_is_posted(string json, string message)
    {
        (int status, JsonElement told) = Ask(json);
        Assert.Equal((400, message), (status, told.GetProperty("message").GetString()));
        Assert.Equal("1", _gateway.Metric("""edgeproxy_explanations_total{end="refused"}"""));
    }

    [Fact]
    public void Deeply_nested_JSON_is_refused()
    {
        (int status, _) = Ask("""{"method":"GET","path":"/","body":""" + new string('[', 10_000) + new string(']', 10_000) + "}");
        Assert.Equal(400, status);
    }

    [Fact]
    public void A_body_over_the_limit_is_413_and_counted()
    {
        _explain.Conditions = new ExplainConditions { Limits = new ExplainLimits(Body: 10) };
        Assert.Equal(413, Ask("""{"method":"POST","path":"/pets","body":"12345678901"}""").Status);
        Assert.Equal(413, Ask("""{"method":"POST","path":"/pets","answer":{"body":"12345678901"}}""").Status);
        Assert.Equal(413, Ask("{" + new string(' ', 300 * 1024) + "}").Status);
        Assert.Equal("3", _gateway.Metric("""edgeproxy_limit_hits_total{limit="explain.body"}"""));
        Assert.Equal(200, Ask("""{"method":"POST","path":"/pets","body":"1234567890"}""").Status);
    }

    [Fact]
    public void Output_is_bounded_and_says_that_it_was_cut()
    {
        _explain.Conditions = new ExplainConditions { Limits = new ExplainLimits(Output: 2000) };
        string headers = string.Join(',', Enumerable.Range(0, 60).Select(static i => $"\"X-{i}\":\"{new string('v', 100)}\""));
        (int status, JsonElement told) = Ask($$$"""{"method":"POST","path":"/pets","headers":{{{{headers}}}}}""");
        Assert.Equal((200, true), (status, told.GetProperty("cut").GetBoolean()));
        Assert.InRange(told.GetRawText().Length, 2000, 12_000);
        Assert.Equal("1", _gateway.Metric("""edgeproxy_limit_hits_total{limit="explain.output"}"""));
    }

    [Theory]
    [InlineData("127.0.0.1:9080", 200)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:9080", 200)]
    [InlineData("[::1]:9080", 200)]
    [InlineData("evil.example", 403)]
    [InlineData("localhost.evil.example:9080", 403)]
    public void A_name_that_leads_here_from_elsewhere_is_refused(string host, int status) =>
        Assert.Equal(status, Ask("""{"method":"GET","path":"/health"}""", host: host).Status);

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    public void A_web_page_is_refused(string origin)
    {
        const string Body = """{"method":"GET","path":"/health"}""";
        MemoryExchange exchange = Send($"POST /explain HTTP/1.1\r\nHost: 127.0.0.1:9080\r\nOrigin: {origin}\r\nContent-Type: text/plain\r\nContent-Length: {Body.Length}\r\n\r\n", Body, Loopback);
        Assert.Equal(403, exchange.Response.Status);
    }

    [Fact]
    public void Off_loopback_it_is_forbidden()
    {
        (int status, JsonElement told) = Ask("""{"method":"GET","path":"/health"}""", Loopback with { IsLoopback = false });
        Assert.Equal((403, "Forbidden"), (status, told.GetProperty("message").GetString()));
    }

    [Fact]
    public void Only_POST_is_taken()
    {
        MemoryExchange exchange = Send("GET /explain HTTP/1.1\r\nHost: localhost\r\n\r\n", "", Loopback);
        Assert.Equal(405, exchange.Response.Status);
        Assert.Equal("POST", Encoding.ASCII.GetString(exchange.Response.Headers.Value(exchange.Response.Headers.IndexOf(KnownHeaders.Find("Allow"u8)))));
    }

    [Fact]
    public void Explaining_changes_no_figure_of_requests()
    {
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        _gateway.Send("POST /pets HTTP/1.1\nHost: node\nContent-Length: 2", "{}");
        string before = Figures();
        Ask("""{"method":"POST","path":"/pets","body":"{}"}""");
        Ask("""{"method":"POST","path":"/pets","body":"{}","answer":{"status":500}}""");
        Ask("""{"method":"GET","path":"/nothing"}""");
        Ask("""{"method":"GET","path":"/health"}""");
        Assert.Equal(before, Figures());
        Assert.Equal(1, _gateway.Upstream.Calls);
    }

    private string Figures()
    {
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        _gateway.Registry.Write(text, EdgeProxy.Telemetry.Metrics.ExpositionFormat.Text);
        return string.Join('\n', Encoding.UTF8.GetString(text.WrittenSpan).Split('\n').Where(static line => !line.Contains("edgeproxy_explanations", StringComparison.Ordinal)));
    }

    private (int Status, JsonElement Told) Ask(string json, ListenerFacts? listener = null, string host = "127.0.0.1:9080")
    {
        MemoryExchange exchange = Send($"POST /explain HTTP/1.1\r\nHost: {host}\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n", json, listener ?? Loopback);
        return (exchange.Response.Status, JsonDocument.Parse(exchange.Sent.ToArray()).RootElement);
    }

    private MemoryExchange Send(string head, string body, ListenerFacts listener)
    {
        var exchange = new MemoryExchange(_gateway.Loop, listener, new IpEndpoint(IpAddress.Loopback, 1), new IpEndpoint(IpAddress.Loopback, 9080), keeps: 1024 * 1024);
        Assert.Equal(ViolationCode.None, exchange.Receive(Encoding.UTF8.GetBytes(head), Encoding.UTF8.GetBytes(body), new HeadLimits(), default));
        _handler.HandleAsync(exchange).Forget();
        _gateway.Loop.Run();
        Assert.True(exchange.ResponseEnded);
        return exchange;
    }
}
