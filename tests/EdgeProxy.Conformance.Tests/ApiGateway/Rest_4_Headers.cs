using EdgeProxy.Core.Text;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 4. Where the documented table (4.1) and the recordings (4.2, 4.3) differ, the recordings count.</summary>
public sealed class Rest_4_Headers : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    /// <summary>4.1 and 4.2, to the integration: what HTTP_PROXY makes of a client's field; null for dropped.</summary>
    [Theory]
    [InlineData("Age", "1", "1")]
    [InlineData("Accept", "text/html", "text/html")]
    [InlineData("Accept-Charset", "utf-8", "utf-8")]
    [InlineData("Accept-Encoding", "gzip", "gzip")]
    [InlineData("Authorization", "Basic x", "Basic x")]
    [InlineData("Authorization", "AWS4-HMAC-SHA256 Credential=AKID/20261123/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0", null)]
    [InlineData("authorization", "aws4-ecdsa-p256-sha256 Credential=AKID/20261123/execute-api/aws4_request, SignedHeaders=host, Signature=0", null)]
    [InlineData("Authorization", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256")]
    [InlineData("Authorization", "Bearer AWS4-HMAC-SHA256 x", "Bearer AWS4-HMAC-SHA256 x")]
    [InlineData("Connection", "keep-alive", null)]
    [InlineData("Content-Encoding", "gzip", null)]
    [InlineData("Content-MD5", "x", null)]
    [InlineData("Content-Type", "text/plain", "text/plain")]
    [InlineData("Date", "Sun, 22 Nov 2026 13:00:00 GMT", "Sun, 22 Nov 2026 13:00:00 GMT")]
    [InlineData("Expect", "100-continue", null)]
    [InlineData("Max-Forwards", "1", null)]
    [InlineData("Pragma", "no-cache", "no-cache")]
    [InlineData("Proxy-Authenticate", "Basic", null)]
    [InlineData("Range", "bytes=0-1", "bytes=0-1")]
    [InlineData("Referer", "http://x/", "http://x/")]
    [InlineData("Server", "x", null)]
    [InlineData("TE", "trailers", null)]
    [InlineData("Trailer", "X-T", null)]
    [InlineData("Upgrade", "h2c", null)]
    [InlineData("User-Agent", "curl/8", "curl/8")]
    [InlineData("Via", "1.1 x", null)]
    [InlineData("Warn", "199", "199")]
    [InlineData("WWW-Authenticate", "Basic", null)]
    [InlineData("Keep-Alive", "timeout=5", null)]
    [InlineData("Proxy-Authorization", "Basic x", null)]
    [InlineData("Proxy-Connection", "keep-alive", null)]
    [InlineData("x-amz-apigw-id", "x", null)]
    [InlineData("X-Amzn-Waf-Labels", "x", null)]
    [InlineData("x-amzn-vpce-id", "x", null)]
    [InlineData("x-apigw-api-id", "x", null)]
    [InlineData("tEsT-HEADeR", "X", "X")]
    public void A_clients_field_reaches_the_backend_of_a_proxy_or_not(string name, string value, string? expected)
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Send($"GET / HTTP/1.1\nHost: node\n{name}: {value}");
        Assert.Equal(expected, _gateway.Upstream.Field(name));
        if (expected is not null) Assert.Contains($"{name}: {value}\n", _gateway.Upstream.AllFields(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_proxys_backend_gets_the_gateways_own_fields()
    {
        _gateway.Route("GET /", Proxy("http://backend:9000/")).Serve();
        _gateway.Send("GET / HTTP/1.1\nHost: node");
        Assert.Equal("backend:9000", _gateway.Upstream.Field("Host"));
        Assert.Equal("application/json", _gateway.Upstream.Field("Accept"));
        Assert.Equal("AmazonAPIGateway_abcde12345", _gateway.Upstream.Field("User-Agent"));
        Assert.Equal("abcde12345", _gateway.Upstream.Field("X-Amzn-Apigateway-Api-Id"));
        Assert.Matches("^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$", _gateway.Upstream.Field("X-Amzn-Trace-Id"));
        Assert.Equal("192.168.0.1", _gateway.Upstream.Field("X-Forwarded-For"));
        Assert.Equal("8080", _gateway.Upstream.Field("X-Forwarded-Port"));
        Assert.Equal("http", _gateway.Upstream.Field("X-Forwarded-Proto"));
    }

    [Fact]
    public void A_clients_own_api_id_and_partial_trace_id_do_not_pass()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Send("GET / HTTP/1.1\nHost: node\nX-Amzn-Apigateway-Api-Id: evil\nX-Amzn-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793");
        Assert.Equal("abcde12345", _gateway.Upstream.Field("X-Amzn-Apigateway-Api-Id"));
        Assert.Matches("^Root=1-5759e988-bd862e3fe1be46a994272793;Parent=[0-9a-f]{16};Sampled=0$", _gateway.Upstream.Field("X-Amzn-Trace-Id"));
    }

    [Fact]
    public void A_full_trace_id_passes_unchanged()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        const string Trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:0";
        _gateway.Send($"GET / HTTP/1.1\nHost: node\nX-Amzn-Trace-Id: {Trace}");
        Assert.Equal(Trace, _gateway.Upstream.Field("X-Amzn-Trace-Id"));
    }

    [Fact]
    public void Repeated_fields_are_joined_in_one_line()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Send("GET / HTTP/1.1\nHost: node\nX-A: 1\nAccept: text/html\nx-a: 2\nX-B: 9\nAccept: text/plain\nX-A: 3");
        Assert.Equal("1,2,3", _gateway.Upstream.Field("X-A"));
        Assert.Equal("text/html,text/plain", _gateway.Upstream.Field("Accept"));
        Assert.Equal("9", _gateway.Upstream.Field("X-B"));
    }

    [Fact]
    public void What_Connection_names_never_passes_either_way()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nConnection: X-Hop , close\nX-Hop: 1\nX-Own: 2\nContent-Length: 0", "");
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1\nHost: node\nConnection: keep-alive, x-secret\nX-Secret: 1\nX-Own: 2");
        Assert.Null(_gateway.Upstream.Field("X-Secret"));
        Assert.Equal("2", _gateway.Upstream.Field("X-Own"));
        Assert.Null(answer.ResponseField("X-Hop"));
        Assert.Equal("2", answer.ResponseField("X-Own"));
    }

    [Theory]
    [InlineData("X_Own", "X-Own")]
    [InlineData("X_Forwarded_For", "X-Other")]
    [InlineData("user_agent", "X-Other")]
    public void An_underscore_name_beside_one_with_hyphens_is_dropped(string underscored, string other)
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Send($"GET / HTTP/1.1\nHost: node\n{underscored}: evil\n{other}: good\nAlone_Name: stays");
        Assert.Null(_gateway.Upstream.Field(underscored));
        Assert.Equal("good", _gateway.Upstream.Field(other));
        Assert.Equal("stays", _gateway.Upstream.Field("Alone_Name"));
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9", "8080", "http")]
    [InlineData("10.0.0.1", "1.2.3.4, 10.9.9.9, 10.0.0.1", "443", "https")]
    public void Forwarded_fields_count_only_from_trusted_proxies(string peer, string forwardedFor, string port, string proto)
    {
        Assert.True(CidrSet.TryParse(["10.0.0.0/8"], out CidrSet trusted, out _));
        _gateway.Route("GET /", Proxy("http://backend/")).Serve(new GatewaySettings { TrustedProxies = trusted });
        _gateway.Exchange.From(peer);
        _gateway.Send("GET / HTTP/1.1\nHost: node\nX-Forwarded-For: 1.2.3.4\nX-Forwarded-For: 10.9.9.9\nX-Forwarded-Port: 443\nX-Forwarded-Proto: https");
        Assert.Equal(forwardedFor, _gateway.Upstream.Field("X-Forwarded-For"));
        Assert.Equal(port, _gateway.Upstream.Field("X-Forwarded-Port"));
        Assert.Equal(proto, _gateway.Upstream.Field("X-Forwarded-Proto"));
    }

    [Theory]
    [InlineData("203.0.113.9", "1.2.3.4", "203.0.113.9")]
    [InlineData("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.9.9.9", "1.2.3.4")]
    [InlineData("10.0.0.1", "10.1.1.1, 10.2.2.2", "10.1.1.1")]
    [InlineData("10.0.0.1", "1.2.3.4, nonsense", "10.0.0.1")]
    [InlineData("10.0.0.1", "2001:db8::1", "2001:db8::1")]
    public void The_source_address_is_the_last_one_that_is_no_trusted_proxy(string peer, string list, string expected)
    {
        Assert.True(CidrSet.TryParse(["10.0.0.0/8"], out CidrSet trusted, out _));
        _gateway.Route("GET /", Mock(parameters: [MapBack("Source", "context.identity.sourceIp")])).Serve(new GatewaySettings { TrustedProxies = trusted });
        _gateway.Exchange.From(peer);
        Assert.Equal(expected, _gateway.Send($"GET / HTTP/1.1\nHost: node\nX-Forwarded-For: {list}").ResponseField("Source"));
    }

    [Fact]
    public void An_http_integration_sends_only_its_own_and_mapped_fields()
    {
        _gateway.Route("POST /", HttpBackend("http://backend/", "POST", [Map("integration.request.header.X-Mapped", "'1'")])).Serve();
        _gateway.Send("POST / HTTP/1.1\nHost: node\nAuthorization: x\nX-Own: 1\nContent-Type: text/plain\nAccept: text/html\nContent-Length: 2", "hi");
        Assert.Matches(
            "^X-Mapped: 1\nHost: backend\nAccept: application/json\nUser-Agent: AmazonAPIGateway_abcde12345\nX-Amzn-Apigateway-Api-Id: abcde12345\nX-Amzn-Trace-Id: [^\n]+\nContent-Type: text/plain\n$",
            _gateway.Upstream.AllFields());
        Assert.Equal("hi", _gateway.Upstream.Body);
    }

    [Fact]
    public void An_http_integration_copies_no_content_type_of_a_GET()
    {
        _gateway.Route("GET /", HttpBackend("http://backend/")).Serve();
        _gateway.Send("GET / HTTP/1.1\nHost: node\nContent-Type: text/plain");
        Assert.Null(_gateway.Upstream.Field("Content-Type"));
    }

    [Theory]
    [InlineData("Content-Length")]
    [InlineData("transfer-encoding")]
    [InlineData("X-Amzn-Trace-Id")]
    [InlineData("x-amzn-apigateway-api-id")]
    public void Mapping_to_these_fails_the_request(string name)
    {
        ParameterMapping[] mapping = [Map($"integration.request.header.{name}", "method.request.header.X")];
        _gateway.Route("GET /proxy", Proxy("http://backend/", parameters: mapping)).Route("GET /http", HttpBackend("http://backend/", parameters: mapping)).Serve();
        foreach (string path in new[] { "/proxy", "/http" })
        {
            FakeExchange answer = _gateway.Send($"GET {path} HTTP/1.1\nHost: node\nX: 1");
            Assert.Equal(500, answer.Response.Status);
            Assert.Equal("{\"message\": \"Internal server error\"}", answer.SentText);
            Assert.Equal("InternalServerErrorException", answer.ResponseField("x-amzn-ErrorType"));
            Assert.Equal(200, _gateway.Send($"GET {path} HTTP/1.1\nHost: node").Response.Status);
        }
    }

    [Theory]
    [InlineData("Expect", false)]
    [InlineData("Proxy-Authenticate", false)]
    [InlineData("TE", false)]
    [InlineData("Via", false)]
    [InlineData("Connection", false)]
    [InlineData("Content-MD5", true)]
    [InlineData("Max-Forwards", true)]
    [InlineData("Server", true)]
    [InlineData("Trailer", true)]
    [InlineData("Upgrade", true)]
    [InlineData("WWW-Authenticate", true)]
    [InlineData("Host", true)]
    [InlineData("Content-Encoding", true)]
    [InlineData("Date", true)]
    public void Mapped_fields_are_sent_or_come_to_nothing(string name, bool isSent)
    {
        _gateway.Route("GET /", HttpBackend("http://backend/", parameters: [Map($"integration.request.header.{name}", "'mapped'")])).Serve();
        Assert.Equal(200, _gateway.Send("GET / HTTP/1.1").Response.Status);
        Assert.Equal(isSent ? "mapped" : null, _gateway.Upstream.Field(name));
    }

    /// <summary>4.3, back from HTTP_PROXY: the name under which a backend's field reaches the client; null for dropped.</summary>
    [Theory]
    [InlineData("Connection", "close", "x-amzn-Remapped-Connection")]
    [InlineData("Content-Length", "0", "x-amzn-Remapped-Content-Length")]
    [InlineData("Date", "x", "x-amzn-Remapped-Date")]
    [InlineData("Server", "nginx", "x-amzn-Remapped-Server")]
    [InlineData("x-amzn-RequestId", "theirs", "x-amzn-Remapped-x-amzn-RequestId")]
    [InlineData("Transfer-Encoding", "chunked", null)]
    [InlineData("Via", "1.1 x", null)]
    [InlineData("Expect", "x", null)]
    [InlineData("Host", "x", null)]
    [InlineData("Proxy-Authenticate", "x", null)]
    [InlineData("TE", "x", null)]
    [InlineData("Trailer", "x", null)]
    [InlineData("Upgrade", "x", null)]
    [InlineData("Keep-Alive", "x", null)]
    [InlineData("Age", "1", "Age")]
    [InlineData("Accept", "x", "Accept")]
    [InlineData("Authorization", "x", "Authorization")]
    [InlineData("Content-Encoding", "gzip", "Content-Encoding")]
    [InlineData("Content-MD5", "x", "Content-MD5")]
    [InlineData("Content-Type", "text/plain", "Content-Type")]
    [InlineData("Max-Forwards", "1", "Max-Forwards")]
    [InlineData("Pragma", "x", "Pragma")]
    [InlineData("Range", "x", "Range")]
    [InlineData("Referer", "x", "Referer")]
    [InlineData("User-Agent", "x", "User-Agent")]
    [InlineData("Warn", "x", "Warn")]
    [InlineData("WWW-Authenticate", "Basic", "WWW-Authenticate")]
    [InlineData("sEt-CooKie", "a=b", "sEt-CooKie")]
    public void A_backends_field_reaches_the_client_of_a_proxy_or_not(string name, string value, string? expected)
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        string length = name is "Content-Length" or "Transfer-Encoding" ? "" : "\nContent-Length: 0";
        _gateway.Upstream.Answer($"HTTP/1.1 200 OK\n{name}: {value}{length}", "");
        string fields = _gateway.Send("GET / HTTP/1.1").ResponseFields();
        if (expected is null) Assert.DoesNotContain($"\n{name}:", "\n" + fields, StringComparison.OrdinalIgnoreCase);
        else Assert.Contains($"{expected}: {value}\n", "\n" + fields, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_response_has_both_ids_and_a_proxys_no_trace_id()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Route("GET /http", HttpBackend("http://backend/")).Route("GET /mock", Mock()).Serve();
        foreach ((string path, bool hasTrace) in new[] { ("/", false), ("/http", true), ("/mock", false), ("/none", false) })
        {
            FakeExchange answer = _gateway.Send($"GET {path} HTTP/1.1");
            Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$", answer.ResponseField("x-amzn-RequestId"));
            Assert.Matches("^[A-Za-z0-9_-]{15}=$", answer.ResponseField("x-amz-apigw-id"));
            Assert.Equal(hasTrace, answer.ResponseField("X-Amzn-Trace-Id") is not null);
        }
    }

    [Theory]
    [InlineData("1b671a64-40d5-491e-99b0-da01ff1f3341", true)]
    [InlineData("not-a-uuid", false)]
    public void A_client_may_choose_the_request_id_if_it_is_a_uuid(string sent, bool isTaken)
    {
        _gateway.Route("GET /", Mock()).Serve();
        string? id = _gateway.Send($"GET / HTTP/1.1\nHost: node\nx-amzn-RequestId: {sent}").ResponseField("x-amzn-RequestId");
        Assert.Equal(isTaken, id == sent);
    }

    [Fact]
    public void A_backends_repeated_fields_stay_apart()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nSet-Cookie: a=1\nSet-Cookie: b=2\nContent-Length: 0", "");
        Assert.Equal("a=1|b=2", _gateway.Send("GET / HTTP/1.1").ResponseField("Set-Cookie"));
    }

    [Theory]
    [InlineData("Connection", true)]
    [InlineData("Content-Length", true)]
    [InlineData("Date", true)]
    [InlineData("Server", true)]
    [InlineData("Authorization", true)]
    [InlineData("Content-MD5", true)]
    [InlineData("Expect", true)]
    [InlineData("Host", true)]
    [InlineData("Max-Forwards", true)]
    [InlineData("Proxy-Authenticate", true)]
    [InlineData("Trailer", true)]
    [InlineData("Upgrade", true)]
    [InlineData("User-Agent", true)]
    [InlineData("WWW-Authenticate", true)]
    [InlineData("Accept", false)]
    [InlineData("Age", false)]
    [InlineData("Content-Encoding", false)]
    [InlineData("Content-Type", false)]
    [InlineData("TE", false)]
    [InlineData("Via", false)]
    [InlineData("Warn", false)]
    public void A_mapped_response_field_of_an_http_integration_is_remapped_or_kept(string name, bool isRemapped)
    {
        _gateway.Route("GET /", HttpBackend("http://backend/", responses: Single(new ResponsePlan { Status = 200, Parameters = [MapBack(name, "'v'")] }))).Serve();
        string fields = "\n" + _gateway.Send("GET / HTTP/1.1").ResponseFields();
        Assert.Contains(isRemapped ? $"\nx-amzn-Remapped-{name}: v\n" : $"\n{name}: v\n", fields, StringComparison.Ordinal);
        if (isRemapped) Assert.DoesNotContain($"\n{name}: v\n", fields, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ids_are_the_gateways_own_and_a_mapped_trace_id_takes_the_place_of_ours()
    {
        ResponsePlan response = new() { Status = 200, Parameters = [MapBack("x-amzn-RequestId", "'mine'"), MapBack("x-amz-apigw-id", "'mine'"), MapBack("X-Amzn-Trace-Id", "'mine'")] };
        _gateway.Route("GET /http", HttpBackend("http://backend/", responses: Single(response))).Route("GET /mock", Mock(parameters: response.Parameters)).Serve();
        foreach (string path in (string[])["/http", "/mock"])
        {
            FakeExchange answer = _gateway.Send($"GET {path} HTTP/1.1");
            Assert.Matches("^[0-9a-f-]{36}$", answer.ResponseField("x-amzn-RequestId"));
            Assert.Equal("mine", answer.ResponseField("x-amzn-Remapped-x-amzn-RequestId"));
            Assert.Matches("^[A-Za-z0-9_-]{15}=$", answer.ResponseField("x-amz-apigw-id"));
            Assert.Equal("mine", answer.ResponseField("X-Amzn-Trace-Id"));
        }
    }

    [Fact]
    public void An_http_integration_returns_no_field_that_is_not_mapped()
    {
        _gateway.Route("GET /", HttpBackend("http://backend/", responses: Single(new ResponsePlan
        {
            Status = 200,
            Parameters = [MapBack("X-One", "integration.response.header.X-Own"), MapBack("X-All", "integration.response.multivalueheader.X-Own"), MapBack("X-None", "integration.response.header.x-own")],
        }))).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Type: text/plain\nX-Own: 1\nX-Own: 2\nContent-Length: 2", "hi");
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Matches("^X-One: 2\nX-All: 1,2\nContent-Type: application/json\nX-Amzn-Trace-Id: [^\n]+\nx-amzn-RequestId: [^\n]+\nx-amz-apigw-id: [^\n]+\n$", answer.ResponseFields());
        Assert.Equal("hi", answer.SentText);
    }
}
