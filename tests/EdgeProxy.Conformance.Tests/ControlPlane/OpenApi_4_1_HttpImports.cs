using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>openapi-and-templates.md 4.1 and 4.7, control-plane.md 2.2: ImportApi and ReimportApi.</summary>
public sealed class OpenApi_4_1_HttpImports
{
    private const string Function = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations";

    private const string Pets = """
        openapi: 3.0.1
        info: {title: Pets, description: Of all kinds, version: "2"}
        servers: [{url: 'https://x.test/v2', x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true}}]
        tags: [{name: team, x-amazon-apigateway-tag-value: blue}, {name: plain}]
        x-amazon-apigateway-importexport-version: "1.0"
        x-amazon-apigateway-cors: {allowOrigins: ['https://a.test'], allowCredentials: true, exposeHeaders: [x-a], maxAge: 60, allowMethods: [GET, PUT], allowHeaders: [x-b]}
        x-edgeproxy-upstream: {retries: {attempts: 2}}
        components:
          schemas: {Pet: {type: object}}
          securitySchemes:
            jwt:
              type: oauth2
              flows: {}
              x-amazon-apigateway-authorizer: {type: jwt, identitySource: $request.header.Authorization, jwtConfiguration: {issuer: 'https://issuer.test', audience: [a, b]}}
            lambda:
              type: apiKey
              in: header
              name: A
              x-amazon-apigateway-authorizer: {type: request, identitySource: '$request.header.A, $request.querystring.b', authorizerUri: 'FUNCTION', authorizerPayloadFormatVersion: "2.0", enableSimpleResponses: true, authorizerResultTtlInSeconds: 60, authorizerCredentials: 'arn:aws:iam::123456789012:role/r'}
            iam: {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authtype: awsSigv4}
          x-amazon-apigateway-integrations:
            shared: {type: HTTP_PROXY, httpMethod: ANY, uri: 'http://127.0.0.1:1/{proxy}', payloadFormatVersion: 1.0, timeoutInMillis: 1000, requestParameters: {'append:header.x': '$context.requestId'}, responseParameters: {'200': {'overwrite:statuscode': '201'}}}
        paths:
          /$default:
            x-amazon-apigateway-any-method:
              isDefaultRoute: true
              responses: {}
              x-amazon-apigateway-integration: {$ref: '#/components/x-amazon-apigateway-integrations/shared'}
          /pets/{id}:
            get:
              operationId: getPet
              security: [{jwt: [read]}]
              requestBody: {content: {}}
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: 'FUNCTION', payloadFormatVersion: "2.0"}
            x-amazon-apigateway-any-method:
              security: [{lambda: []}]
              x-edgeproxy-cache: {coalesce: true}
              x-amazon-apigateway-integration: {$ref: '#/components/x-amazon-apigateway-integrations/shared'}
            delete:
              security: [{iam: []}]
              x-amazon-apigateway-integration: {type: aws_proxy, integrationSubtype: SQS-SendMessage, credentials: 'arn:aws:iam::123456789012:role/r', payloadFormatVersion: "1.0", requestParameters: {QueueUrl: $request.header.q, MessageBody: $request.body.m}}
            put: {}
        """;

    private readonly ManagementHarness _api = new();

    private static string Document => Pets.Replace("FUNCTION", Function, StringComparison.Ordinal);

    private static string Body(string document) => WireValue.NewObject().Set("body", document).ToString();

    [Fact]
    public void An_import_makes_routes_integrations_and_authorizers()
    {
        (int status, WireValue api) = _api.Call("PUT /v2/apis", Body(Document));
        Assert.Equal(201, status);
        string id = api.TextOf("apiId")!;
        Assert.Equal("Pets", api.TextOf("name"));
        Assert.Equal("HTTP", api.TextOf("protocolType"));
        Assert.Equal("2", api.TextOf("version"));
        Assert.True(api.IsTrueOf("disableExecuteApiEndpoint"));
        Assert.Equal("""{"team":"blue","plain":""}""", api["tags"]!.ToString());
        Assert.Equal("""{"allowCredentials":true,"allowHeaders":["x-b"],"allowMethods":["GET","PUT"],"allowOrigins":["https://a.test"],"exposeHeaders":["x-a"],"maxAge":60}""", api["corsConfiguration"]!.ToString());
        Assert.Equal(["9:3: schemas in components is not supported by HTTP APIs and was ignored.", "33:7: requestBody in get of /pets/{id} is not supported by HTTP APIs and was ignored."], api.TextsOf("importInfo"));
        Assert.Equal(api.TextsOf("importInfo"), _api.Do($"GET /v2/apis/{id}").TextsOf("importInfo"));

        List<WireValue> routes = _api.Do($"GET /v2/apis/{id}/routes")["items"]!.Items;
        Assert.Equal(["$default", "ANY /pets/{id}", "DELETE /pets/{id}", "GET /pets/{id}", "PUT /pets/{id}"], routes.ConvertAll(route => route.TextOf("routeKey")!).Order(StringComparer.Ordinal));
        WireValue get = routes.Find(route => route.TextOf("routeKey") == "GET /pets/{id}")!;
        Assert.Equal("getPet", get.TextOf("operationName"));
        Assert.Equal("JWT", get.TextOf("authorizationType"));
        Assert.Equal(["read"], get.TextsOf("authorizationScopes"));
        Assert.Equal("AWS_IAM", routes.Find(route => route.TextOf("routeKey") == "DELETE /pets/{id}")!.TextOf("authorizationType"));
        Assert.Null(routes.Find(route => route.TextOf("routeKey") == "PUT /pets/{id}")!["target"]);

        // Two operations refer to one integration.
        Assert.Equal(3, _api.Do($"GET /v2/apis/{id}/integrations")["items"]!.Items.Count);
        Assert.Equal(routes.Find(route => route.TextOf("routeKey") == "$default")!.TextOf("target"), routes.Find(route => route.TextOf("routeKey") == "ANY /pets/{id}")!.TextOf("target"));
        WireValue jwt = _api.Do($"GET /v2/apis/{id}/authorizers/{get.TextOf("authorizerId")}");
        Assert.Equal("""{"audience":["a","b"],"issuer":"https://issuer.test"}""", jwt["jwtConfiguration"]!.ToString());
    }

    [Fact]
    public void The_records_mean_what_the_document_means()
    {
        string id = _api.Do("PUT /v2/apis", Body(Document)).TextOf("apiId")!;
        var problems = new ProblemList();
        ApiDefinition written = OpenApiImporter.Import("api.yaml", Encoding.UTF8.GetBytes(Document), new OpenApiImportOptions { ApiId = id, Kind = ApiKind.Http, BasePath = BasePathMode.Ignore }, problems)!;
        ApiDefinition read = ReadHttpDefinition.Run(_api.Book.ScopeOrNull(Scopes.Api(id))!, problems);
        Assert.Empty(problems.Select(ProblemWriter.Line));
        Assert.Equal(DefinitionText.Of(written), DefinitionText.Of(read));
        Assert.Same(read.Methods.Single(method => method.IsDefaultRoute).Integration, read.Methods.Single(method => method.Verb == "ANY" && !method.IsDefaultRoute).Integration);
    }

    [Fact]
    public void A_reimport_replaces_the_definition_and_keeps_ids_and_stages()
    {
        string id = _api.Do("PUT /v2/apis", Body(Document)).TextOf("apiId")!;
        _api.Do($"POST /v2/apis/{id}/stages", """{"stageName":"$default","autoDeploy":true}""");
        string deployment = _api.Do($"GET /v2/apis/{id}/stages/$default").TextOf("deploymentId")!;
        string route = RouteOf(id, "GET /pets/{id}").TextOf("routeId")!;
        string target = RouteOf(id, "GET /pets/{id}").TextOf("target")!;
        string made = _api.Do($"GET /v2/apis/{id}").TextOf("createdDate")!;

        RecordBook before = _api.Book;
        Assert.Equal(201, _api.Call($"PUT /v2/apis/{id}", Body(Document)).Status);
        Assert.Same(before, _api.Book);

        WireValue api = _api.Do($"PUT /v2/apis/{id}", Body("{openapi: 3.0.1, info: {title: Beasts}, paths: {'/pets/{id}': {get: {x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'http://127.0.0.1:2/'}}}}}"));
        Assert.Equal("Beasts", api.TextOf("name"));
        Assert.Equal(made, api.TextOf("createdDate"));
        Assert.Null(api["corsConfiguration"]);
        Assert.Null(api["importInfo"]);
        Assert.Single(_api.Do($"GET /v2/apis/{id}/routes")["items"]!.Items);
        Assert.Single(_api.Do($"GET /v2/apis/{id}/integrations")["items"]!.Items);
        Assert.Empty(_api.Do($"GET /v2/apis/{id}/authorizers")["items"]!.Items);
        Assert.Equal(route, RouteOf(id, "GET /pets/{id}").TextOf("routeId"));
        Assert.Equal(target, RouteOf(id, "GET /pets/{id}").TextOf("target"));

        // The stage deploys itself, as after any other change.
        Assert.NotEqual(deployment, _api.Do($"GET /v2/apis/{id}/stages/$default").TextOf("deploymentId"));
    }

    [Theory]
    [InlineData("", "GET /e")]
    [InlineData("?basepath=prepend", "GET /a/b/e")]
    [InlineData("?basepath=split", "GET /b/e")]
    public void The_base_path_goes_where_the_client_says(string query, string key)
    {
        const string document = "{openapi: 3.0.1, info: {title: t}, servers: [{url: 'https://x.test/a/b'}], paths: {/e: {get: {}}}}";
        RouteOf(_api.Do("PUT /v2/apis" + query, Body(document)).TextOf("apiId")!, key);
    }

    [Fact]
    public void An_integration_of_another_type_is_left_out_with_a_warning()
    {
        const string document = "{openapi: 3.0.1, info: {title: t}, paths: {/e: {get: {x-amazon-apigateway-integration: {type: mock}}}}}";
        WireValue api = _api.Do("PUT /v2/apis", Body(document));
        Assert.Equal(["1:88: The integration of GET /e has a type that HTTP APIs do not have, and was left out."], api.TextsOf("warnings"));
        Assert.Null(_api.Do($"GET /v2/apis/{api.TextOf("apiId")}")["warnings"]);
        Assert.Null(RouteOf(api.TextOf("apiId")!, "GET /e")["target"]);
        Assert.StartsWith("400 BadRequestException: Warnings found during import:\n\t1:88: ", _api.Fail("PUT /v2/apis?failOnWarnings=true", Body(document)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("swagger: '2.0'\ninfo: {title: t}\npaths: {}", "An HTTP API needs OpenAPI 3.0")]
    [InlineData("{openapi: 3.0.1, info: {title: t}, paths: {/e: {get: {x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'ftp://a'}}}}}", "The integration of GET /e cannot be made: Invalid HTTP endpoint specified for URI")]
    [InlineData("{openapi: 3.0.1, info: {title: t}, paths: {/e: {get: {x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'http://a', connectionType: VPC_LINK, connectionId: gone}}}}}", "Invalid VpcLink identifier specified gone")]
    [InlineData("{openapi: 3.0.1, info: {title: t}, components: {securitySchemes: {j: {type: openIdConnect, openIdConnectUrl: 'ftp://x', x-amazon-apigateway-authorizer: {type: jwt, jwtConfiguration: {audience: [a]}}}}}, paths: {/e: {get: {}}}}", "The authorizer j cannot be made: Invalid issuer")]
    public void A_document_that_breaks_a_rule_makes_nothing(string document, string fault)
    {
        Assert.Contains(fault, _api.Fail("PUT /v2/apis", Body(document)), StringComparison.Ordinal);
        Assert.Empty(_api.Book.Scopes);
    }

    [Fact]
    public void What_is_no_document_or_no_http_api_is_refused()
    {
        Assert.Equal("400 BadRequestException: Invalid OpenAPI input.", _api.Fail("PUT /v2/apis", Body("nothing")));
        Assert.Equal("404 NotFoundException: Invalid API identifier specified nothing", _api.Fail("PUT /v2/apis/nothing", Body(Document)));
        Assert.Contains("'importApiInput.body'", _api.Fail("PUT /v2/apis", "{}"), StringComparison.Ordinal);
        string id = _api.Do("POST /v2/apis", """{"name":"w","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}""").TextOf("apiId")!;
        Assert.StartsWith("400 BadRequestException: ", _api.Fail($"PUT /v2/apis/{id}", Body(Document)), StringComparison.Ordinal);
    }

    private WireValue RouteOf(string id, string key) => _api.Do($"GET /v2/apis/{id}/routes")["items"]!.Items.Find(route => route.TextOf("routeKey") == key) ?? throw new InvalidOperationException("There is no route " + key);
}
