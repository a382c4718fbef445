using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 3.8: exports of HTTP APIs, and templates of models.</summary>
public sealed class V2_3_8_Exports
{
    private readonly ManagementHarness _harness = new();
    private readonly string _api;

    public V2_3_8_Exports()
    {
        _api = "/v2/apis/" + _harness.Do("POST /v2/apis", """{"name":"web","protocolType":"HTTP","corsConfiguration":{"allowOrigins":["https://a.example.com"],"maxAge":60},"tags":{"team":"a"}}""").TextOf("apiId");
        string integration = _harness.Do($"POST {_api}/integrations", """{"integrationType":"HTTP_PROXY","integrationMethod":"GET","integrationUri":"https://example.com/pets","payloadFormatVersion":"1.0","requestParameters":{"append:header.X-A":"$request.path.id"},"responseParameters":{"404":{"overwrite:statuscode":"403"}}}""").TextOf("integrationId")!;
        string authorizer = _harness.Do($"POST {_api}/authorizers", """{"name":"jwt","authorizerType":"JWT","identitySource":["$request.header.Authorization"],"jwtConfiguration":{"issuer":"https://issuer.example.com","audience":["a"]}}""").TextOf("authorizerId")!;
        _harness.Do($"POST {_api}/routes", $$"""{"routeKey":"GET /pets/{id}","target":"integrations/{{integration}}","authorizationType":"JWT","authorizerId":"{{authorizer}}","authorizationScopes":["read"]}""");
        _harness.Do($"POST {_api}/routes", $$"""{"routeKey":"$default","target":"integrations/{{integration}}"}""");
    }

    [Fact]
    public void Exports_the_definition_as_it_is_now_without_a_stage()
    {
        WireValue document = Export("outputType=JSON");
        Assert.Equal("3.0.1", document.TextOf("openapi"));
        Assert.Equal(["/pets/{id}", "/$default"], document["paths"]!.Members.Select(path => path.Key).OrderDescending(StringComparer.Ordinal));
        WireValue operation = document["paths"]!["/pets/{id}"]!["get"]!;
        Assert.Equal("""[{"jwt":["read"]}]""", operation["security"]!.ToString());
        Assert.Equal("""{"default":{"description":"Default response for GET /pets/{id}"}}""", operation["responses"]!.ToString());
        Assert.Equal("403", operation["x-amazon-apigateway-integration"]!["responseParameters"]!["404"]!.TextOf("overwrite:statuscode"));
        Assert.True(document["paths"]!["/$default"]!["x-amazon-apigateway-any-method"]!.IsTrueOf("isDefaultRoute"));
        Assert.Equal("1.0", document.TextOf("x-amazon-apigateway-importexport-version"));
        Assert.Equal("""[{"name":"team","x-amazon-apigateway-tag-value":"a"}]""", document["tags"]!.ToString());
    }

    [Fact]
    public void Exports_what_a_stage_serves_when_it_is_named()
    {
        string deployment = _harness.Do($"POST {_api}/deployments").TextOf("deploymentId")!;
        _harness.Do($"POST {_api}/stages", $$"""{"stageName":"prod","deploymentId":"{{deployment}}"}""");
        _harness.Do($"POST {_api}/routes", """{"routeKey":"GET /later"}""");
        WireValue document = Export("outputType=JSON&stageName=prod&exportVersion=1.0");
        Assert.Null(document["paths"]!["/later"]);
        Assert.Equal("prod", document["servers"]!.Items[0]["variables"]!["basePath"]!.TextOf("default"));
        Assert.NotNull(Export("outputType=JSON")["paths"]!["/later"]);
    }

    [Fact]
    public void Imports_again_to_what_it_came_from()
    {
        WireValue document = Export("outputType=JSON");
        string back = "/v2/apis/" + _harness.Do("PUT /v2/apis", WireValue.NewObject().Set("body", document.ToString()).ToString()).TextOf("apiId");
        WireValue again = WireValue.Parse(Document(back, "outputType=JSON"));
        Assert.Equal(document["paths"]!.ToString(), again["paths"]!.ToString());
        Assert.Equal(document["components"]!.ToString(), again["components"]!.ToString());
        Assert.Equal(document["x-amazon-apigateway-cors"]!.ToString(), again["x-amazon-apigateway-cors"]!.ToString());
    }

    [Fact]
    public void Exports_yaml_and_leaves_extensions_out_when_asked_to()
    {
        WireValue plain = Export("outputType=JSON&includeExtensions=false");
        Assert.DoesNotContain("x-amazon-apigateway-integration", plain.ToString(), StringComparison.Ordinal);
        var problems = new ProblemList();
        Assert.Equal(plain.ToString(), DocumentJson.Write(DocumentReader.Read("a.yaml", Document(_api, "outputType=YAML&includeExtensions=false"), problems)!));
    }

    [Fact]
    public void Refuses_what_it_cannot_export()
    {
        Assert.StartsWith("400 BadRequestException: Invalid outputType", _harness.Fail($"GET {_api}/exports/OAS30"), StringComparison.Ordinal);
        Assert.StartsWith("400 BadRequestException: Invalid specification", _harness.Fail($"GET {_api}/exports/swagger?outputType=JSON"), StringComparison.Ordinal);
        Assert.StartsWith("400 BadRequestException: Invalid exportVersion", _harness.Fail($"GET {_api}/exports/OAS30?outputType=JSON&exportVersion=2.0"), StringComparison.Ordinal);
        Assert.Equal("404 NotFoundException: Invalid stage identifier specified", _harness.Fail($"GET {_api}/exports/OAS30?outputType=JSON&stageName=nope"));
        Assert.StartsWith("404 NotFoundException: Invalid API identifier specified", _harness.Fail("GET /v2/apis/nope/exports/OAS30?outputType=JSON"), StringComparison.Ordinal);
        string sockets = _harness.Do("POST /v2/apis", """{"name":"chat","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}""").TextOf("apiId")!;
        Assert.Equal("400 BadRequestException: Only HTTP APIs can be exported", _harness.Fail($"GET /v2/apis/{sockets}/exports/OAS30?outputType=JSON"));
    }

    [Fact]
    public void Gives_a_template_that_writes_a_model()
    {
        string sockets = "/v2/apis/" + _harness.Do("POST /v2/apis", """{"name":"chat","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}""").TextOf("apiId");
        string model = _harness.Do($"POST {sockets}/models", """{"name":"Message","contentType":"application/json","schema":"{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"}}}"}""").TextOf("modelId")!;
        Assert.Equal("#set($inputRoot = $input.path('$'))\n{\n  \"text\" : \"foo\"\n}", _harness.Do($"GET {sockets}/models/{model}/template").TextOf("value"));
        Assert.Equal("404 NotFoundException: Invalid Model identifier specified nope", _harness.Fail($"GET {sockets}/models/nope/template"));
    }

    private WireValue Export(string query) => WireValue.Parse(Document(_api, query));

    private byte[] Document(string api, string query)
    {
        Assert.Equal(200, _harness.Call($"GET {api}/exports/OAS30?{query}").Status);
        return _harness.Last!.Body.ToArray();
    }
}
