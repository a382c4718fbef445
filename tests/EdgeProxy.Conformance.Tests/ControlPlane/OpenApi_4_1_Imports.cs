using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>openapi-and-templates.md 4.1: ImportRestApi and PutRestApi.</summary>
public sealed class OpenApi_4_1_Imports
{
    private const string Pets = """
        openapi: 3.0.1
        info: {title: Pets, description: Of all kinds, version: "2"}
        servers: [{url: 'https://x.test/{basePath}', variables: {basePath: {default: a/b/c}}}]
        x-amazon-apigateway-binary-media-types: [image/png]
        components:
          schemas:
            Pet: {type: object, properties: {name: {type: string}}}
        paths:
          /e:
            get:
              operationId: getE
              parameters: [{name: q, in: query, required: true}]
              responses:
                200: {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
              x-amazon-apigateway-integration: {type: HTTP, httpMethod: GET, uri: 'http://127.0.0.1:1/e', responses: {default: {statusCode: 200}, '4\d\d': {statusCode: 200}}}
          /f: {}
        """;

    private readonly ManagementHarness _api = new();

    [Fact]
    public void A_merge_is_refused_where_a_variable_part_would_get_a_sibling()
    {
        string id = _api.Do("POST /restapis?mode=import", DocumentOf("/pets/{petId}/toys")).TextOf("id")!;
        Assert.Equal(
            "400 BadRequestException: Errors found during import:\n\tUnable to create resource at path '/pets/{id}': A sibling ({petId}) of this resource already has a variable path part -- only one is allowed",
            _api.Fail($"PUT /restapis/{id}?mode=merge", DocumentOf("/pets/{id}")));
        Assert.StartsWith("400 BadRequestException: Errors found during import:", _api.Fail($"PUT /restapis/{id}", DocumentOf("/pets/{all+}")), StringComparison.Ordinal);
        _api.Do($"PUT /restapis/{id}?mode=merge", DocumentOf("/pets/{petId}/toys/{toyId}"));
        _api.Do($"PUT /restapis/{id}?mode=merge", DocumentOf("/cats/{id}"));

        // What is overwritten is gone before the new stands there.
        _api.Do($"PUT /restapis/{id}?mode=overwrite", DocumentOf("/pets/{id}"));

        static string DocumentOf(string path) => $"{{\"openapi\":\"3.0.1\",\"info\":{{\"title\":\"t\",\"version\":\"1\"}},\"paths\":{{\"{path}\":{{}}}}}}";
    }

    [Fact]
    public void An_import_makes_an_api_with_the_documents_models_alone()
    {
        (int status, WireValue api) = _api.Call("POST /restapis?mode=import", Pets);
        Assert.Equal(201, status);
        Assert.Equal("Pets", api.TextOf("name"));
        Assert.Equal("Of all kinds", api.TextOf("description"));
        Assert.Equal("2", api.TextOf("version"));
        Assert.Equal("HEADER", api.TextOf("apiKeySource"));
        Assert.Equal("""{"ipAddressType":"ipv4","types":["EDGE"]}""", Sorted(api["endpointConfiguration"]!));
        Assert.Null(api["tags"]);
        string id = api.TextOf("id")!;
        Assert.Matches("^[a-z0-9]{10}$", id);
        Assert.Equal(["Pet"], _api.Do($"GET /restapis/{id}/models")["item"]!.Items.ConvertAll(model => model.TextOf("name")!));
        Assert.Equal("{}", _api.Do($"GET /restapis/{id}")["tags"]!.ToString());
        Assert.Equal(["/", "/e", "/f"], Paths(id));
        WireValue method = _api.Do($"GET /restapis/{id}/resources/{ResourceOf(id, "/e")}/methods/GET");
        Assert.Equal("getE", method.TextOf("operationName"));
        Assert.Equal("""{"method.request.querystring.q":true}""", method["requestParameters"]!.ToString());
        Assert.Equal("""{"200":{"statusCode":"200","responseModels":{"application/json":"Pet"}}}""", method["methodResponses"]!.ToString());
        WireValue integration = method["methodIntegration"]!;
        Assert.Equal(29_000, integration.NumberOf("timeoutInMillis"));
        Assert.Equal("WHEN_NO_MATCH", integration.TextOf("passthroughBehavior"));
        Assert.Equal("INTERNET", integration.TextOf("connectionType"));
        Assert.Equal(ResourceOf(id, "/e"), integration.TextOf("cacheNamespace"));
        Assert.Null(integration["integrationResponses"]!["200"]!["selectionPattern"]);
    }

    [Theory]
    [InlineData("", "/ /e /f")]
    [InlineData("&basepath=ignore", "/ /e /f")]
    [InlineData("&basepath=prepend", "/ /a /a/b /a/b/c /a/b/c/e /a/b/c/f")]
    [InlineData("&basepath=split", "/ /b /b/c /b/c/e /b/c/f")]
    public void The_base_path_goes_where_the_client_says(string query, string paths) =>
        Assert.Equal(paths.Split(' '), Paths(_api.Do("POST /restapis?mode=import" + query, Pets).TextOf("id")!));

    [Fact]
    public void An_endpoint_is_of_the_type_the_client_says()
    {
        WireValue api = _api.Do("POST /restapis?mode=import&endpointConfigurationTypes=PRIVATE&vpcEndpointIds=vpce-1,vpce-2", Pets);
        Assert.Equal("""{"ipAddressType":"dualstack","types":["PRIVATE"],"vpcEndpointIds":["vpce-1","vpce-2"]}""", Sorted(api["endpointConfiguration"]!));
        Assert.Equal("400 BadRequestException: Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE", _api.Fail("POST /restapis?mode=import&endpointConfigurationTypes=NEAR", Pets));
        Assert.Equal("400 BadRequestException: Cannot create an api with multiple Endpoint Types.", _api.Fail("POST /restapis?mode=import&endpointConfigurationTypes=EDGE,REGIONAL", Pets));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("no document")]
    [InlineData("[1]")]
    [InlineData("{\"info\": {\"title\": \"t\"}, \"paths\": {}}")]
    [InlineData("a: [b")]
    [InlineData("{a: 1, b")]
    public void What_is_no_openapi_document_is_refused_in_the_recorded_words(string body)
    {
        Assert.Equal("400 BadRequestException: Invalid OpenAPI input.", _api.Fail("POST /restapis?mode=import", body));
        string id = _api.Do("POST /restapis", """{"name":"n"}""").TextOf("id")!;
        Assert.Equal("400 BadRequestException: Invalid OpenAPI input.", _api.Fail($"PUT /restapis/{id}", body));
    }

    [Fact]
    public void Errors_are_listed_with_their_places_and_nothing_is_made()
    {
        string fault = _api.Fail("POST /restapis?mode=import", Pets.Replace("'http://127.0.0.1:1/e'", "'ftp://127.0.0.1'", StringComparison.Ordinal).Replace("in: query", "in: sky", StringComparison.Ordinal));
        Assert.StartsWith("400 BadRequestException: Errors found during import:\n\t", fault, StringComparison.Ordinal);
        Assert.Contains("\n\t12:34: in is \"sky\"", fault, StringComparison.Ordinal);
        Assert.Matches("\n\t15:\\d+: ", fault);
        Assert.Empty(_api.Book.Scopes);
    }

    [Fact]
    public void A_document_without_a_title_is_refused() => Assert.Contains("info.title is missing", _api.Fail("POST /restapis?mode=import", Pets.Replace("title: Pets, ", "", StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public void Warnings_are_answered_in_the_recorded_words_and_not_kept()
    {
        string document = Pets.Replace("httpMethod: GET, uri", "httpMethod: GET, requestParameters: {integration.request.header.nothing: true}, uri", StringComparison.Ordinal);
        WireValue api = _api.Do("POST /restapis?mode=import", document);
        Assert.Contains("Invalid format for 'requestParameters'. Expected type string for property 'integration.request.header.nothing' of resource '/e' and method 'GET' but got 'true'", api.TextsOf("warnings"));
        string id = api.TextOf("id")!;
        Assert.Null(_api.Do($"GET /restapis/{id}")["warnings"]);
        Assert.Null(_api.Do($"GET /restapis/{id}/resources/{ResourceOf(id, "/e")}/methods/GET")["methodIntegration"]!["requestParameters"]);

        RecordBook before = _api.Book;
        Assert.StartsWith("400 BadRequestException: Warnings found during import:\n\t", _api.Fail("POST /restapis?mode=import&failonwarnings=true", document), StringComparison.Ordinal);
        Assert.StartsWith("400 BadRequestException: Warnings found during import:\n\t", _api.Fail($"PUT /restapis/{id}?failonwarnings=true&mode=overwrite", document.Replace("/f", "/g", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Same(before, _api.Book);
    }

    [Fact]
    public void Merge_is_the_default_and_keeps_what_the_document_does_not_name()
    {
        string id = _api.Do("POST /restapis?mode=import", Pets).TextOf("id")!;
        string resource = ResourceOf(id, "/e");
        _api.Do($"PUT /restapis/{id}/resources/{resource}/methods/POST", """{"authorizationType":"NONE"}""");
        (int status, WireValue api) = _api.Call($"PUT /restapis/{id}", """
            swagger: "2.0"
            info: {title: Beasts}
            x-amazon-apigateway-binary-media-types: [image/heif, image/png]
            paths:
              /e:
                get:
                  responses: {204: {description: none}}
                  x-amazon-apigateway-integration: {type: mock}
              /g: {}
            """);
        Assert.Equal(200, status);
        Assert.Equal("Beasts", api.TextOf("name"));
        Assert.Equal("Of all kinds", api.TextOf("description"));
        Assert.Equal(["image/png", "image/heif"], api.TextsOf("binaryMediaTypes"));
        Assert.Equal("{}", api["tags"]!.ToString());
        Assert.Equal(["/", "/e", "/f", "/g"], Paths(id));
        Assert.Equal(resource, ResourceOf(id, "/e"));

        // The method is the document's, nothing of the old one is left; its sister stays.
        WireValue method = _api.Do($"GET /restapis/{id}/resources/{resource}/methods/GET");
        Assert.Equal("""{"204":{"statusCode":"204"}}""", method["methodResponses"]!.ToString());
        Assert.Null(method["requestParameters"]);
        Assert.Equal("MOCK", method["methodIntegration"]!.TextOf("type"));
        _api.Do($"GET /restapis/{id}/resources/{resource}/methods/POST");
        Assert.Single(_api.Do($"GET /restapis/{id}/models")["item"]!.Items);
    }

    [Fact]
    public void Overwrite_is_the_whole_truth_but_keeps_ids_stages_and_the_endpoint()
    {
        string id = _api.Do("POST /restapis?mode=import&endpointConfigurationTypes=REGIONAL", Pets + "\nx-amazon-apigateway-policy: {Statement: []}\nx-amazon-apigateway-gateway-responses: {THROTTLED: {statusCode: 503}}\n").TextOf("id")!;
        string e = ResourceOf(id, "/e");
        string root = ResourceOf(id, "/");
        string deployment = _api.Do($"POST /restapis/{id}/deployments", """{"stageName":"prod"}""").TextOf("id")!;
        WireValue api = _api.Do($"PUT /restapis/{id}?mode=overwrite", """
            {"openapi": "3.0.1", "info": {"title": "Pets"}, "paths": {"/e": {"head": {"responses": {"200": {"description": "ok"}}, "x-amazon-apigateway-integration": {"type": "mock"}}}}}
            """);
        Assert.Equal(["/", "/e"], Paths(id));
        Assert.Equal(e, ResourceOf(id, "/e"));
        Assert.Equal(root, api.TextOf("rootResourceId"));
        Assert.Null(api["description"]);
        Assert.Null(api["version"]);
        Assert.Null(api["binaryMediaTypes"]);
        Assert.Null(api["policy"]);
        Assert.Equal(["REGIONAL"], api["endpointConfiguration"]!.TextsOf("types"));
        Assert.Empty(_api.Do($"GET /restapis/{id}/models")["item"]!.Items);
        Assert.Equal("404 NotFoundException: Invalid Method identifier specified", _api.Fail($"GET /restapis/{id}/resources/{e}/methods/GET"));
        Assert.Equal("429", _api.Do($"GET /restapis/{id}/gatewayresponses/THROTTLED").TextOf("statusCode"));
        Assert.Equal(deployment, _api.Do($"GET /restapis/{id}/stages/prod").TextOf("deploymentId"));
    }

    [Fact]
    public void The_same_document_again_changes_nothing()
    {
        string id = _api.Do("POST /restapis?mode=import", Pets).TextOf("id")!;
        RecordBook before = _api.Book;
        _api.Do($"PUT /restapis/{id}?mode=overwrite", Pets);
        _api.Do($"PUT /restapis/{id}?mode=merge", Pets);
        Assert.Same(before, _api.Book);
    }

    [Fact]
    public void A_mode_or_an_api_that_is_not_there_is_refused()
    {
        Assert.Equal("404 NotFoundException: Invalid API identifier specified 000000000000:nothing000", _api.Fail("PUT /restapis/nothing000", Pets));
        string id = _api.Do("POST /restapis?mode=import", Pets).TextOf("id")!;
        Assert.StartsWith("400 ValidationException: 1 validation error detected: Value 'mix' at 'mode' failed to satisfy constraint: Member must satisfy enum value set: [", _api.Fail($"PUT /restapis/{id}?mode=mix", Pets), StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_of_aws_are_replaced_and_those_of_stages_left()
    {
        string document = Pets.Replace("type: HTTP, httpMethod: GET, uri: 'http://127.0.0.1:1/e'", "type: aws_proxy, httpMethod: POST, uri: 'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${stageVariables.f}/invocations'", StringComparison.Ordinal);
        string id = _api.Do("POST /restapis?mode=import", document).TextOf("id")!;
        WireValue method = _api.Do($"GET /restapis/{id}/resources/{ResourceOf(id, "/e")}/methods/GET");
        Assert.Equal("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:${stageVariables.f}/invocations", method["methodIntegration"]!.TextOf("uri"));
    }

    [Fact]
    public void The_short_form_of_a_policys_resource_names_the_api()
    {
        string id = _api.Do("POST /restapis?mode=import", Pets + "\nx-amazon-apigateway-policy: {Statement: [{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: ['execute-api:/*', 'arn:x']}]}\n").TextOf("id")!;
        Assert.Contains($$"""[\"arn:aws:execute-api:us-east-1:000000000000:{{id}}\/*\",\"arn:x\"]""", _api.Do($"GET /restapis/{id}").TextOf("policy"), StringComparison.Ordinal);
    }

    [Fact]
    public void References_between_models_become_addresses()
    {
        string id = _api.Do("POST /restapis?mode=import", Pets.Replace("name: {type: string}", "parent: {$ref: '#/components/schemas/Pet'}", StringComparison.Ordinal)).TextOf("id")!;
        Assert.Equal("{\"type\":\"object\",\"properties\":{\"parent\":{\"$ref\":\"https://apigateway.amazonaws.com/restapis/" + id + "/models/Pet\"}}}", _api.Do($"GET /restapis/{id}/models/Pet").TextOf("schema"));
    }

    [Fact]
    public void An_operation_without_an_integration_is_a_method_without_one()
    {
        string id = _api.Do("POST /restapis?mode=import&failonwarnings=true", "{openapi: 3.0.1, info: {title: t}, paths: {/x: {get: {responses: {}}}}}").TextOf("id")!;
        Assert.Null(_api.Do($"GET /restapis/{id}/resources/{ResourceOf(id, "/x")}/methods/GET")["methodIntegration"]);
    }

    [Fact]
    public void A_tag_chooses_the_id()
    {
        const string tags = "\ntags: [{name: _custom_id_, x-amazon-apigateway-tag-value: my-api}, {name: other}]\n";
        Assert.Equal("my-api", _api.Do("POST /restapis?mode=import", Pets + tags).TextOf("id"));
        Assert.Equal("""{"_custom_id_":"my-api"}""", _api.Do("GET /restapis/my-api")["tags"]!.ToString());
        Assert.StartsWith("409 ConflictException: ", _api.Fail("POST /restapis?mode=import", Pets + tags), StringComparison.Ordinal);
    }

    private List<string> Paths(string id)
    {
        List<string> paths = _api.Do($"GET /restapis/{id}/resources?limit=500")["item"]!.Items.ConvertAll(resource => resource.TextOf("path")!);
        paths.Sort(StringComparer.Ordinal);
        return paths;
    }

    private string ResourceOf(string id, string path) => _api.Do($"GET /restapis/{id}/resources?limit=500")["item"]!.Items.Find(resource => resource.TextOf("path") == path)!.TextOf("id")!;

    private static string Sorted(WireValue value)
    {
        WireValue sorted = WireValue.NewObject();
        foreach ((string name, WireValue member) in value.Members.OrderBy(member => member.Key, StringComparer.Ordinal)) sorted[name] = member;
        return sorted.ToString();
    }
}
