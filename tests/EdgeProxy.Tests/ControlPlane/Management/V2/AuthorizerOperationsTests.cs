using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V2;

public sealed class AuthorizerOperationsTests
{
    private const string Uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:auth/invocations";
    private const string Jwt = """{"authorizerType":"JWT","name":"jwt","identitySource":["$request.header.Authorization"],"jwtConfiguration":{"issuer":"https://i.example","audience":["a"]}}""";
    private const string Request = $$"""{"authorizerType":"REQUEST","name":"req","authorizerUri":"{{Uri}}","authorizerPayloadFormatVersion":"2.0","identitySource":["$request.header.Authorization","$context.routeKey"]}""";

    private readonly ManagementHarness _harness = new();
    private readonly string _http;
    private readonly string _webSocket;

    public AuthorizerOperationsTests()
    {
        _http = _harness.Do("POST /v2/apis", """{"name":"h","protocolType":"HTTP"}""").TextOf("apiId")!;
        _webSocket = _harness.Do("POST /v2/apis", """{"name":"w","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}""").TextOf("apiId")!;
    }

    [Fact]
    public void Creates_a_jwt_authorizer_as_it_is_given()
    {
        (int status, WireValue authorizer) = _harness.Call($"POST /v2/apis/{_http}/authorizers", Jwt);

        Assert.Equal(201, status);
        string id = authorizer.TextOf("authorizerId")!;
        authorizer["authorizerId"] = null;
        Assert.Equal(["authorizerType", "identitySource", "jwtConfiguration", "name"], authorizer.Members.Select(static member => member.Key));
        Assert.Equal("jwt", _harness.Do($"GET /v2/apis/{_http}/authorizers/{id}").TextOf("name"));
    }

    [Fact]
    public void Completes_a_lambda_authorizer()
    {
        WireValue authorizer = _harness.Do($"POST /v2/apis/{_http}/authorizers", Request);

        Assert.Equal(0, authorizer.NumberOf("authorizerResultTtlInSeconds"));
        Assert.False(authorizer["enableSimpleResponses"]!.IsTrue);
        string id = authorizer.TextOf("authorizerId")!;
        WireValue changed = _harness.Do($"PATCH /v2/apis/{_http}/authorizers/{id}", """{"authorizerResultTtlInSeconds":300,"enableSimpleResponses":true,"identitySource":["$request.querystring.t"]}""");
        Assert.Equal(300, changed.NumberOf("authorizerResultTtlInSeconds"));
        Assert.Equal("""["$request.querystring.t"]""", changed["identitySource"]!.ToString());
        Assert.Equal("400 BadRequestException: Caching of authorizer results needs at least one identity source", _harness.Fail($"PATCH /v2/apis/{_http}/authorizers/{id}", """{"identitySource":[]}"""));
    }

    [Theory]
    [InlineData("issuer", "\"http://i.example\"", "Invalid issuer specified in jwtConfiguration. It must be an absolute https URL.")]
    [InlineData("issuer", "\"i.example\"", "Invalid issuer specified in jwtConfiguration. It must be an absolute https URL.")]
    [InlineData("audience", "[]", "Invalid audience specified in jwtConfiguration. There must be 1 to 50.")]
    [InlineData("audience", "[\"\"]", "Invalid audience specified in jwtConfiguration. None can be empty.")]
    public void Checks_the_configuration_of_jwt_authorizers(string member, string value, string error)
    {
        WireValue body = WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(Jwt));
        body["jwtConfiguration"]![member] = WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(value));

        Assert.Equal("400 BadRequestException: " + error, _harness.Fail($"POST /v2/apis/{_http}/authorizers", body.ToString()));
    }

    [Theory]
    [InlineData("identitySource", "[]", "Invalid identity source specified: exactly one is needed")]
    [InlineData("identitySource", """["$request.header.a","$request.header.b"]""", "Invalid identity source specified: exactly one is needed")]
    [InlineData("identitySource", """["$context.a"]""", "Invalid identity source specified: $context.a")]
    [InlineData("identitySource", """["route.request.header.a"]""", "Invalid identity source specified: route.request.header.a")]
    [InlineData("authorizerUri", "\"x\"", "authorizerUri is not supported for JWT authorizers")]
    [InlineData("enableSimpleResponses", "true", "enableSimpleResponses is not supported for JWT authorizers")]
    public void Refuses_what_jwt_authorizers_cannot_have(string member, string value, string error)
    {
        WireValue body = WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(Jwt)).Set(member, WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(value)));

        Assert.Equal("400 BadRequestException: " + error, _harness.Fail($"POST /v2/apis/{_http}/authorizers", body.ToString()));
    }

    [Theory]
    [InlineData("authorizerUri", "\"arn:aws:lambda:us-east-1:123456789012:function:auth\"", "Invalid Authorizer URI specified. It must be arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{functionArn}/invocations")]
    [InlineData("authorizerPayloadFormatVersion", "\"3.0\"", "AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer. It must be 1.0 or 2.0")]
    [InlineData("authorizerPayloadFormatVersion", "null", "AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer. It must be 1.0 or 2.0")]
    [InlineData("authorizerResultTtlInSeconds", "3601", "Invalid authorizerResultTtlInSeconds specified, must be between 0 and 3600")]
    [InlineData("authorizerResultTtlInSeconds", "-1", "Invalid authorizerResultTtlInSeconds specified, must be between 0 and 3600")]
    [InlineData("identitySource", """["$request.body.a"]""", "Invalid identity source specified: $request.body.a")]
    [InlineData("jwtConfiguration", "{}", "jwtConfiguration is supported only for JWT authorizers")]
    [InlineData("authorizerCredentialsArn", "\"x\"", "Invalid ARN specified in the request")]
    [InlineData("name", "\"\"", "Authorizer name must be non-empty")]
    public void Refuses_what_lambda_authorizers_cannot_have(string member, string value, string error)
    {
        WireValue body = WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(Request)).Set(member, WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(value)));

        Assert.Equal("400 BadRequestException: " + error, _harness.Fail($"POST /v2/apis/{_http}/authorizers", body.ToString()));
    }

    [Fact]
    public void Takes_simple_responses_only_with_payload_2()
    {
        string body = Request.Replace("\"2.0\"", "\"1.0\",\"enableSimpleResponses\":true", StringComparison.Ordinal);

        Assert.Equal("400 BadRequestException: enableSimpleResponses is supported only for authorizerPayloadFormatVersion 2.0", _harness.Fail($"POST /v2/apis/{_http}/authorizers", body));
    }

    [Fact]
    public void Looks_elsewhere_for_callers_of_websocket_apis()
    {
        string body = $$"""{"authorizerType":"REQUEST","name":"a","authorizerUri":"{{Uri}}","identitySource":["route.request.header.Auth","route.request.querystring.t","context.x","stageVariables.y"]}""";

        WireValue authorizer = _harness.Do($"POST /v2/apis/{_webSocket}/authorizers", body);
        Assert.Null(authorizer["authorizerResultTtlInSeconds"]);
        Assert.Equal("400 BadRequestException: Invalid identity source specified: $request.header.Auth", _harness.Fail($"PATCH /v2/apis/{_webSocket}/authorizers/{authorizer.TextOf("authorizerId")}", """{"identitySource":["$request.header.Auth"]}"""));
        Assert.Equal("400 BadRequestException: authorizerType JWT is supported only for APIs with a protocol type of HTTP", _harness.Fail($"POST /v2/apis/{_webSocket}/authorizers", Jwt));
        Assert.Equal("400 BadRequestException: authorizerPayloadFormatVersion is supported only for APIs with a protocol type of HTTP", _harness.Fail($"PATCH /v2/apis/{_webSocket}/authorizers/{authorizer.TextOf("authorizerId")}", """{"authorizerPayloadFormatVersion":"2.0"}"""));
    }

    [Fact]
    public void Guards_routes_with_scopes_and_cannot_be_taken_from_them()
    {
        string id = _harness.Do($"POST /v2/apis/{_http}/authorizers", Jwt).TextOf("authorizerId")!;
        string route = _harness.Do($"POST /v2/apis/{_http}/routes", $$"""{"routeKey":"GET /a","authorizationType":"JWT","authorizerId":"{{id}}","authorizationScopes":["read","write"]}""").TextOf("routeId")!;

        Assert.Equal("409 ConflictException: Cannot delete authorizer 'jwt', is referenced in route: GET /a", _harness.Fail($"DELETE /v2/apis/{_http}/authorizers/{id}"));
        Assert.Equal("409 ConflictException: Cannot change the type of authorizer 'jwt', is referenced in route: GET /a", _harness.Fail($"PATCH /v2/apis/{_http}/authorizers/{id}", """{"authorizerType":"REQUEST"}"""));
        Assert.Equal("400 BadRequestException: Invalid authorizer ID specified. Setting the authorization type to CUSTOM requires a valid REQUEST authorizer.", _harness.Fail($"PATCH /v2/apis/{_http}/routes/{route}", """{"authorizationType":"CUSTOM"}"""));

        WireValue open = _harness.Do($"PATCH /v2/apis/{_http}/routes/{route}", """{"authorizationType":"NONE"}""");
        Assert.Null(open["authorizerId"]);
        Assert.Null(open["authorizationScopes"]);
        Assert.Equal(204, _harness.Call($"DELETE /v2/apis/{_http}/authorizers/{id}").Status);
    }

    [Theory]
    [InlineData(10, 201)]
    [InlineData(11, 400)]
    public void Takes_ten_scopes_a_route(int count, int status)
    {
        string id = _harness.Do($"POST /v2/apis/{_http}/authorizers", Jwt).TextOf("authorizerId")!;
        string scopes = string.Join(',', Enumerable.Range(0, count).Select(static i => $"\"s{i}\""));

        Assert.Equal(status, _harness.Call($"POST /v2/apis/{_http}/routes", $$"""{"routeKey":"GET /a","authorizationType":"JWT","authorizerId":"{{id}}","authorizationScopes":[{{scopes}}]}""").Status);
    }

    [Fact]
    public void Has_a_name_of_its_own_and_few_beside_it()
    {
        _harness.Do($"POST /v2/apis/{_http}/authorizers", Jwt);

        Assert.Equal("400 BadRequestException: Authorizer name must be unique. Authorizer jwt already exists in this RestApi.", _harness.Fail($"POST /v2/apis/{_http}/authorizers", Jwt));
        for (int i = 1; i < 10; i++) _harness.Do($"POST /v2/apis/{_http}/authorizers", Jwt.Replace("\"jwt\"", $"\"jwt{i}\"", StringComparison.Ordinal));
        Assert.StartsWith("429 TooManyRequestsException", _harness.Fail($"POST /v2/apis/{_http}/authorizers", Jwt.Replace("\"jwt\"", "\"more\"", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}
