using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V2;

public sealed class ApiOperationsTests
{
    private readonly ManagementHarness _harness = new();

    [Fact]
    public void Creates_an_http_api_with_its_defaults()
    {
        (int status, WireValue api) = _harness.Call("POST /v2/apis", """{"name":"pets","protocolType":"HTTP","description":"d","version":"1","tags":{"a":"b"}}""");

        Assert.Equal(201, status);
        string id = api.TextOf("apiId")!;
        Assert.Matches("^[a-z0-9]{10}$", id);
        Assert.Equal($"https://{id}.execute-api.us-east-1.amazonaws.com", api.TextOf("apiEndpoint"));
        Assert.Equal("$request.header.x-api-key", api.TextOf("apiKeySelectionExpression"));
        Assert.Equal("$request.method $request.path", api.TextOf("routeSelectionExpression"));
        Assert.Equal("ipv4", api.TextOf("ipAddressType"));
        Assert.False(api.IsTrueOf("disableExecuteApiEndpoint"));
        Assert.Equal("b", api["tags"]!.TextOf("a"));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", api.TextOf("createdDate"));
        Assert.Equal(api.ToString(), _harness.Do($"GET /v2/apis/{id}").ToString());
    }

    [Fact]
    public void Creates_a_websocket_api_with_its_selection_expression()
    {
        WireValue api = _harness.Do("POST /v2/apis", """{"name":"chat","protocolType":"WEBSOCKET","routeSelectionExpression":"${request.body.service}/$request.body.action","disableSchemaValidation":true}""");

        Assert.StartsWith("wss://", api.TextOf("apiEndpoint"), StringComparison.Ordinal);
        Assert.True(api.IsTrueOf("disableSchemaValidation"));
    }

    [Theory]
    [InlineData("""{"name":"x","protocolType":"REST"}""", "400 BadRequestException: Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]")]
    [InlineData("""{"protocolType":"HTTP"}""", "400 ValidationException: 1 validation error detected: Value null at 'createApiInput.name' failed to satisfy constraint: Member must not be null")]
    [InlineData("""{"name":"","protocolType":"HTTP"}""", "400 BadRequestException: API name must be non-empty")]
    [InlineData("""{"name":7,"protocolType":"HTTP"}""", "400 SerializationException: class java.lang.Integer can not be converted to an String")]
    [InlineData("""{"name":"x","protocolType":"WEBSOCKET"}""", "400 BadRequestException: Route selection expression is required for WEBSOCKET APIs")]
    [InlineData("""{"name":"x","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.header.a"}""", "400 BadRequestException: Invalid route selection expression specified: $request.header.a")]
    [InlineData("""{"name":"x","protocolType":"HTTP","routeSelectionExpression":"$request.body.a"}""", "400 BadRequestException: Invalid route selection expression specified. HTTP APIs support only $request.method $request.path")]
    [InlineData("""{"name":"x","protocolType":"HTTP","disableSchemaValidation":true}""", "400 BadRequestException: disableSchemaValidation is supported only for APIs with a protocol type of WEBSOCKET")]
    [InlineData("""{"name":"x","protocolType":"HTTP","apiKeySelectionExpression":"$request.header.other"}""", "400 BadRequestException: Invalid API key selection expression specified: $request.header.other")]
    [InlineData("""{"name":"x","protocolType":"WEBSOCKET","routeSelectionExpression":"a","corsConfiguration":{}}""", "400 BadRequestException: corsConfiguration is supported only for APIs with a protocol type of HTTP")]
    [InlineData("""{"name":"x","protocolType":"WEBSOCKET","routeSelectionExpression":"a","target":"https://b.example"}""", "400 BadRequestException: target is supported only for APIs with a protocol type of HTTP")]
    [InlineData("""{"name":"x","protocolType":"HTTP","routeKey":"GET /"}""", "400 BadRequestException: routeKey and credentialsArn are supported only with a target")]
    [InlineData("""{"name":"x","protocolType":"HTTP","ipAddressType":"ipv6"}""", "400 ValidationException: 1 validation error detected: Value 'ipv6' at 'createApiInput.ipAddressType' failed to satisfy constraint: Member must satisfy enum value set: [ipv4, dualstack]")]
    public void Refuses_what_is_wrong_and_keeps_nothing(string body, string error)
    {
        Assert.Equal(error, _harness.Fail("POST /v2/apis", body));
        Assert.Empty(_harness.Book.Scopes);
    }

    [Fact]
    public void Takes_the_route_selection_expression_with_braces_for_the_same()
    {
        WireValue api = _harness.Do("POST /v2/apis", """{"name":"x","protocolType":"HTTP","routeSelectionExpression":"${request.method} ${request.path}"}""");

        Assert.Equal("$request.method $request.path", api.TextOf("routeSelectionExpression"));
    }

    [Fact]
    public void Takes_the_id_that_a_tag_names_once()
    {
        const string Body = """{"name":"x","protocolType":"HTTP","tags":{"_custom_id_":"my-api"}}""";

        Assert.Equal("my-api", _harness.Do("POST /v2/apis", Body).TextOf("apiId"));
        Assert.Equal("409 ConflictException: An API with the id my-api already exists.", _harness.Fail("POST /v2/apis", Body));
        Assert.StartsWith("400 BadRequestException: The tag _custom_id_", _harness.Fail("POST /v2/apis", Body.Replace("my-api", "my/api", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_what_is_given_and_removes_what_is_empty()
    {
        string id = _harness.Do("POST /v2/apis", """{"name":"x","protocolType":"HTTP","description":"d","corsConfiguration":{"allowOrigins":["*"],"maxAge":5}}""").TextOf("apiId")!;

        WireValue changed = _harness.Do($"PATCH /v2/apis/{id}", """{"name":"y","description":"","corsConfiguration":{"allowMethods":["GET"]}}""");

        Assert.Equal("y", changed.TextOf("name"));
        Assert.Null(changed["description"]);
        Assert.Equal("""{"allowMethods":["GET"]}""", changed["corsConfiguration"]!.ToString());
        Assert.Equal("400 BadRequestException: API name must be non-empty", _harness.Fail($"PATCH /v2/apis/{id}", """{"name":""}"""));
        Assert.Equal("y", _harness.Do($"GET /v2/apis/{id}").TextOf("name"));
    }

    [Fact]
    public void Deletes_the_cors_configuration_by_its_own_call()
    {
        string id = _harness.Do("POST /v2/apis", """{"name":"x","protocolType":"HTTP","corsConfiguration":{"allowOrigins":["https://a.example"]}}""").TextOf("apiId")!;

        Assert.Equal(204, _harness.Call($"DELETE /v2/apis/{id}/cors").Status);
        Assert.Null(_harness.Do($"GET /v2/apis/{id}")["corsConfiguration"]);
        Assert.Equal(204, _harness.Call($"DELETE /v2/apis/{id}/cors").Status);
    }

    [Fact]
    public void Deletes_an_api_with_all_that_is_in_it()
    {
        string id = _harness.Do("POST /v2/apis", """{"name":"x","protocolType":"HTTP","target":"https://b.example"}""").TextOf("apiId")!;

        Assert.Equal(204, _harness.Call($"DELETE /v2/apis/{id}").Status);
        Assert.Empty(_harness.Book.Scopes);
        Assert.Equal($"404 NotFoundException: Invalid API identifier specified {id}", _harness.Fail($"GET /v2/apis/{id}"));
        Assert.Equal("Api", _harness.Call($"GET /v2/apis/{id}").Json.TextOf("resourceType"));
    }

    [Fact]
    public void Lists_apis_a_page_at_a_time()
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < 5; i++) ids.Add(_harness.Do("POST /v2/apis", """{"name":"x","protocolType":"HTTP"}""").TextOf("apiId")!);

        var listed = new List<string>();
        string token = "";
        do
        {
            WireValue page = _harness.Do($"GET /v2/apis?maxResults=2{(token.Length > 0 ? "&nextToken=" + token : "")}");
            listed.AddRange(page["items"]!.Items.ConvertAll(static item => item.TextOf("apiId")!));
            token = page.TextOf("nextToken") ?? "";
        }
        while (token.Length > 0);

        Assert.Equal(ids, listed);
    }

    [Fact]
    public void Makes_an_api_of_a_url_in_one_call()
    {
        string id = _harness.Do("POST /v2/apis", """{"name":"x","protocolType":"HTTP","target":"https://b.example"}""").TextOf("apiId")!;

        WireValue integration = Assert.Single(_harness.Do($"GET /v2/apis/{id}/integrations")["items"]!.Items);
        Assert.True(integration.IsTrueOf("apiGatewayManaged"));
        Assert.Equal("HTTP_PROXY", integration.TextOf("integrationType"));
        Assert.Equal("ANY", integration.TextOf("integrationMethod"));
        Assert.Equal("1.0", integration.TextOf("payloadFormatVersion"));
        WireValue route = Assert.Single(_harness.Do($"GET /v2/apis/{id}/routes")["items"]!.Items);
        Assert.True(route.IsTrueOf("apiGatewayManaged"));
        Assert.Equal("$default", route.TextOf("routeKey"));
        Assert.Equal("integrations/" + integration.TextOf("integrationId"), route.TextOf("target"));
        WireValue stage = Assert.Single(_harness.Do($"GET /v2/apis/{id}/stages")["items"]!.Items);
        Assert.True(stage.IsTrueOf("apiGatewayManaged"));
        Assert.True(stage.IsTrueOf("autoDeploy"));
        Assert.Equal("$default", stage.TextOf("stageName"));
    }

    [Fact]
    public void Makes_an_api_of_a_function_and_aims_it_elsewhere_later()
    {
        const string Function = "arn:aws:lambda:us-east-1:123456789012:function:pets";
        string id = _harness.Do("POST /v2/apis", $$"""{"name":"x","protocolType":"HTTP","target":"{{Function}}","routeKey":"GET /pets"}""").TextOf("apiId")!;

        WireValue integration = Assert.Single(_harness.Do($"GET /v2/apis/{id}/integrations")["items"]!.Items);
        Assert.Equal("AWS_PROXY", integration.TextOf("integrationType"));
        Assert.Equal("2.0", integration.TextOf("payloadFormatVersion"));
        Assert.Equal("GET /pets", Assert.Single(_harness.Do($"GET /v2/apis/{id}/routes")["items"]!.Items).TextOf("routeKey"));

        _harness.Do($"PATCH /v2/apis/{id}", """{"target":"http://c.example/x","routeKey":"POST /dogs"}""");
        integration = Assert.Single(_harness.Do($"GET /v2/apis/{id}/integrations")["items"]!.Items);
        Assert.Equal("HTTP_PROXY", integration.TextOf("integrationType"));
        Assert.Equal("http://c.example/x", integration.TextOf("integrationUri"));
        Assert.Equal("POST /dogs", Assert.Single(_harness.Do($"GET /v2/apis/{id}/routes")["items"]!.Items).TextOf("routeKey"));
        Assert.StartsWith("400", _harness.Fail($"PATCH /v2/apis/{id}", """{"target":"ftp://c.example"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_to_aim_what_was_made_part_by_part()
    {
        string id = _harness.Do("POST /v2/apis", """{"name":"x","protocolType":"HTTP"}""").TextOf("apiId")!;

        Assert.Equal("400 BadRequestException: target and credentialsArn are supported only for APIs that were created with a target", _harness.Fail($"PATCH /v2/apis/{id}", """{"target":"https://b.example"}"""));
    }

    [Theory]
    [InlineData("""{"allowOrigins":["https://a.example","http://b.example:8080","https://*","capacitor://localhost"],"allowMethods":["GET","*"],"allowHeaders":["*"],"exposeHeaders":["x-a"],"maxAge":-1,"allowCredentials":true}""", null)]
    [InlineData("""{"allowOrigins":["*"],"allowCredentials":true}""", "allowCredentials cannot be true when allowOrigins holds *")]
    [InlineData("""{"allowOrigins":["https://*.example.com"]}""", "Invalid origin specified in corsConfiguration: https://*.example.com")]
    [InlineData("""{"allowOrigins":["https://a.example/path"]}""", "Invalid origin specified in corsConfiguration: https://a.example/path")]
    [InlineData("""{"allowMethods":["TRACE"]}""", "Invalid method specified in corsConfiguration: TRACE")]
    [InlineData("""{"allowHeaders":["a b"]}""", "Invalid header specified in corsConfiguration: a b")]
    [InlineData("""{"maxAge":86401}""", "Invalid maxAge specified in corsConfiguration, must be between -1 and 86400")]
    public void Checks_a_cors_configuration(string cors, string? error)
    {
        string body = $$"""{"name":"x","protocolType":"HTTP","corsConfiguration":{{cors}}}""";

        if (error is null) Assert.Equal(cors, _harness.Do("POST /v2/apis", body)["corsConfiguration"]!.ToString());
        else Assert.Equal("400 BadRequestException: " + error, _harness.Fail("POST /v2/apis", body));
    }

    [Fact]
    public void Knows_nothing_of_portals()
    {
        Assert.Equal("404 NotFoundException: No operation has this method and path.", _harness.Fail("GET /v2/portals"));
        Assert.Equal("404 NotFoundException: No operation has this method and path.", _harness.Fail("POST /v2/portalproducts", "{}"));
    }
}
