using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V2;

public sealed class StageOperationsTests
{
    private readonly ManagementHarness _harness = new();
    private readonly string _http;
    private readonly string _webSocket;

    public StageOperationsTests()
    {
        _http = _harness.Do("POST /v2/apis", """{"name":"h","protocolType":"HTTP"}""").TextOf("apiId")!;
        _webSocket = _harness.Do("POST /v2/apis", """{"name":"w","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}""").TextOf("apiId")!;
        _harness.Do($"POST /v2/apis/{_http}/routes", """{"routeKey":"GET /pets/{id}"}""");
    }

    [Fact]
    public void Creates_a_stage_with_its_defaults()
    {
        (int status, WireValue stage) = _harness.Call($"POST /v2/apis/{_http}/stages", """{"stageName":"dev","description":"d","tags":{"a":"b"}}""");

        Assert.Equal(201, status);
        Assert.Equal("""{"detailedMetricsEnabled":false}""", stage["defaultRouteSettings"]!.ToString());
        Assert.Equal("{}", stage["routeSettings"]!.ToString());
        Assert.Equal("{}", stage["stageVariables"]!.ToString());
        Assert.Equal("""{"a":"b"}""", stage["tags"]!.ToString());
        Assert.Equal(stage.TextOf("createdDate"), stage.TextOf("lastUpdatedDate"));
        Assert.Equal(stage.ToString(), _harness.Do($"GET /v2/apis/{_http}/stages/dev").ToString());
        Assert.Equal("409 ConflictException: Stage already exists", _harness.Fail($"POST /v2/apis/{_http}/stages", """{"stageName":"dev"}"""));
        Assert.Equal("404 NotFoundException: Invalid stage identifier specified", _harness.Fail($"GET /v2/apis/{_http}/stages/prod"));
    }

    [Fact]
    public void Shows_execution_logs_only_of_websocket_stages()
    {
        Assert.Equal("""{"detailedMetricsEnabled":false,"dataTraceEnabled":false,"loggingLevel":"OFF"}""", _harness.Do($"POST /v2/apis/{_webSocket}/stages", """{"stageName":"dev"}""")["defaultRouteSettings"]!.ToString());
        Assert.Equal("400 BadRequestException: Execution logs are not supported on protocolType HTTP", _harness.Fail($"POST /v2/apis/{_http}/stages", """{"stageName":"dev","defaultRouteSettings":{"loggingLevel":"INFO"}}"""));
        Assert.Equal(201, _harness.Call($"POST /v2/apis/{_http}/stages", """{"stageName":"dev","defaultRouteSettings":{"loggingLevel":"OFF","dataTraceEnabled":false}}""").Status);
    }

    [Theory]
    [InlineData("$default", true, false)]
    [InlineData("a-b_C9", true, true)]
    [InlineData("", false, false)]
    [InlineData("a b", false, false)]
    [InlineData("$other", false, false)]
    [InlineData("a/b", false, false)]
    public void Checks_names(string name, bool isHttp, bool isWebSocket)
    {
        byte[] body = WireValue.NewObject().Set("stageName", name).ToBytes();

        Assert.Equal(isHttp ? 201 : 400, _harness.Call($"POST /v2/apis/{_http}/stages", body).Status);
        Assert.Equal(isWebSocket ? 201 : 400, _harness.Call($"POST /v2/apis/{_webSocket}/stages", body).Status);
    }

    [Theory]
    [InlineData("""{"deploymentId":"nope00"}""", "404 NotFoundException: Invalid Deployment identifier specified nope00")]
    [InlineData("""{"routeSettings":{"GET /nope":{"throttlingBurstLimit":1}}}""", "404 NotFoundException: Unable to find Route by key GET /nope within the provided RouteSettings")]
    [InlineData("""{"routeSettings":{"GET /pets/{id}":{"throttlingBurstLimit":-1}}}""", "400 BadRequestException: Invalid throttlingBurstLimit specified")]
    [InlineData("""{"defaultRouteSettings":{"throttlingRateLimit":-0.5}}""", "400 BadRequestException: Invalid throttlingRateLimit specified")]
    [InlineData("""{"defaultRouteSettings":{"throttlingRateLimit":1e999}}""", "400 BadRequestException: Invalid throttlingRateLimit specified")]
    [InlineData("""{"stageVariables":{"a-b":"c"}}""", "400 BadRequestException: Stage variable name only allows a-zA-Z0-9_, at most 64 characters.")]
    [InlineData("""{"stageVariables":{"a":"b c"}}""", "400 BadRequestException: Stage variable value only allows a-zA-Z0-9-._~:/?#&=, at most 512 characters.")]
    [InlineData("""{"accessLogSettings":{"format":"$context.requestId"}}""", "400 BadRequestException: Access Log value must not be empty")]
    [InlineData("""{"accessLogSettings":{"destinationArn":"arn:aws:logs:us-east-1:1:log-group:a","format":"a\nb"}}""", "400 BadRequestException: Access Log format must be a single line")]
    [InlineData("""{"clientCertificateId":"abc123"}""", "400 BadRequestException: clientCertificateId is supported only for APIs with a protocol type of WEBSOCKET")]
    public void Refuses_what_stages_cannot_have(string body, string error)
    {
        _harness.Do($"POST /v2/apis/{_http}/stages", """{"stageName":"dev"}""");

        Assert.Equal(error, _harness.Fail($"PATCH /v2/apis/{_http}/stages/dev", body));
    }

    [Fact]
    public void Merges_variables_and_settings_by_key()
    {
        _harness.Do($"POST /v2/apis/{_http}/stages", """{"stageName":"dev","stageVariables":{"a":"1","b":"2"},"routeSettings":{"GET /pets/{id}":{"throttlingBurstLimit":5,"throttlingRateLimit":2.5}}}""");

        WireValue stage = _harness.Do($"PATCH /v2/apis/{_http}/stages/dev", """{"stageVariables":{"a":"","c":"3"}}""");

        Assert.Equal("""{"b":"2","c":"3"}""", stage["stageVariables"]!.ToString());
        Assert.Equal("""{"GET /pets/{id}":{"throttlingBurstLimit":5,"throttlingRateLimit":2.5,"detailedMetricsEnabled":false}}""", stage["routeSettings"]!.ToString());
        Assert.Equal(204, _harness.Call($"DELETE /v2/apis/{_http}/stages/dev/routesettings/GET%20%2Fpets%2F%7Bid%7D").Status);
        Assert.Equal("{}", _harness.Do($"GET /v2/apis/{_http}/stages/dev")["routeSettings"]!.ToString());
        Assert.StartsWith("404", _harness.Fail($"DELETE /v2/apis/{_http}/stages/dev/routesettings/GET%20%2Fpets%2F%7Bid%7D"), StringComparison.Ordinal);
    }

    [Fact]
    public void Deletes_access_log_settings_and_stages_by_their_own_calls()
    {
        _harness.Do($"POST /v2/apis/{_http}/stages", """{"stageName":"$default","accessLogSettings":{"destinationArn":"arn:aws:logs:us-east-1:1:log-group:a","format":"$context.requestId"}}""");

        Assert.Equal(204, _harness.Call($"DELETE /v2/apis/{_http}/stages/%24default/accesslogsettings").Status);
        Assert.Null(_harness.Do($"GET /v2/apis/{_http}/stages/%24default")["accessLogSettings"]);
        Assert.Equal(204, _harness.Call($"DELETE /v2/apis/{_http}/stages/%24default/cache/authorizers").Status);
        Assert.Equal(204, _harness.Call($"DELETE /v2/apis/{_http}/stages/$default").Status);
        Assert.Equal("404 NotFoundException: Invalid stage identifier specified", _harness.Fail($"DELETE /v2/apis/{_http}/stages/$default"));
    }

    [Fact]
    public void Takes_the_client_certificate_of_a_websocket_stage_that_is_there()
    {
        _harness.Api.Change(static edit => edit.Put(Scopes.Account, Kinds.ClientCertificate, "abc123", WireValue.NewObject()));

        Assert.Equal("abc123", _harness.Do($"POST /v2/apis/{_webSocket}/stages", """{"stageName":"dev","clientCertificateId":"abc123"}""").TextOf("clientCertificateId"));
        Assert.Equal("404 NotFoundException: Invalid Client Certificate identifier specified nope00", _harness.Fail($"PATCH /v2/apis/{_webSocket}/stages/dev", """{"clientCertificateId":"nope00"}"""));
        Assert.Null(_harness.Do($"PATCH /v2/apis/{_webSocket}/stages/dev", """{"clientCertificateId":""}""")["clientCertificateId"]);
    }

    [Fact]
    public void Takes_no_more_stages_than_an_api_may_have()
    {
        for (int i = 0; i < 10; i++) _harness.Do($"POST /v2/apis/{_http}/stages", $$"""{"stageName":"s{{i}}"}""");

        Assert.StartsWith("429 TooManyRequestsException", _harness.Fail($"POST /v2/apis/{_http}/stages", """{"stageName":"more"}"""), StringComparison.Ordinal);
    }
}
