using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 1.4: the recorded messages of the calls on the definition of a REST API, literally.</summary>
public sealed class V1_1_4_Errors
{
    private const string Json = "application/json";
    private readonly RestApiHarness _api = new();

    [Theory]
    [InlineData("GET /restapis/nope", "404 NotFoundException: Invalid API identifier specified 000000000000:nope")]
    [InlineData("DELETE /restapis/nope", "404 NotFoundException: Invalid API identifier specified 000000000000:nope")]
    [InlineData("GET /restapis/nope/models", "404 NotFoundException: Invalid API identifier specified 000000000000:nope")]
    [InlineData("GET /restapis/nope/authorizers", "404 NotFoundException: Invalid API identifier specified 000000000000:nope")]
    [InlineData("GET /restapis/nope/requestvalidators", "404 NotFoundException: Invalid API identifier specified 000000000000:nope")]
    [InlineData("GET /restapis/nope/gatewayresponses", "404 NotFoundException: Invalid API identifier specified 000000000000:nope")]
    [InlineData("GET /restapis/nope/gatewayresponses/THROTTLED", "404 NotFoundException: Invalid API identifier specified 000000000000:nope")]
    [InlineData("GET /restapis/nope/documentation/parts", "404 NotFoundException: Invalid API identifier specified 000000000000:nope")]
    [InlineData("DELETE /restapis/nope/documentation/parts/x", "404 NotFoundException: Invalid API identifier specified 000000000000:nope")]
    [InlineData("GET /restapis/nope/resources", "404 NotFoundException: Invalid Resource identifier specified")]
    [InlineData("GET /restapis/nope/resources/x", "404 NotFoundException: Invalid Resource identifier specified")]
    [InlineData("GET /restapis/nope/resources/x/methods/GET", "404 NotFoundException: Invalid Resource identifier specified")]
    [InlineData("GET {api}/resources/x/methods/GET", "404 NotFoundException: Invalid Resource identifier specified")]
    [InlineData("GET {api}/resources/{root}/methods/GET", "404 NotFoundException: Invalid Method identifier specified")]
    [InlineData("GET {api}/resources/{root}/methods/GET/integration", "404 NotFoundException: Invalid Method identifier specified")]
    [InlineData("GET {method}/responses/404", "404 NotFoundException: Invalid Response status code specified")]
    [InlineData("GET {method}/integration/responses/404", "404 NotFoundException: Invalid Response status code specified")]
    [InlineData("DELETE {method}/responses/404", "404 NotFoundException: Invalid Response status code specified")]
    [InlineData("GET {api}/models/Nope", "404 NotFoundException: Invalid model name specified: Nope")]
    [InlineData("DELETE {api}/models/Nope", "404 NotFoundException: Invalid model name specified: Nope")]
    [InlineData("GET {api}/requestvalidators/nope", "404 NotFoundException: Invalid Request Validator identifier specified")]
    [InlineData("DELETE {api}/requestvalidators/nope", "404 NotFoundException: Invalid Request Validator identifier specified")]
    [InlineData("GET {api}/documentation/parts/nope", "404 NotFoundException: Invalid Documentation part identifier specified")]
    [InlineData("DELETE {api}/documentation/parts/nope", "404 NotFoundException: Invalid Documentation part identifier specified")]
    [InlineData("DELETE {api}/gatewayresponses/THROTTLED", "404 NotFoundException: Gateway response type not defined on api")]
    public void What_is_not_there_is_said_in_the_service_s_words(string target, string expected) => Assert.Equal(expected, _api.Fail(Filled(target)));

    [Fact]
    public void An_upper_cased_id_is_not_found()
    {
        _api.Do("POST /restapis", """{"name":"a","tags":{"_custom_id_":"abc"}}""");
        Assert.Equal("404 NotFoundException: Invalid API identifier specified 000000000000:ABC", _api.Fail("GET /restapis/ABC"));
    }

    [Theory]
    [InlineData("POST /restapis/nope/authorizers", """{"name":"a","type":"TOKEN"}""")]
    [InlineData("POST /restapis/nope/requestvalidators", """{"name":"a"}""")]
    [InlineData("POST /restapis/nope/documentation/parts", """{"location":{"type":"API"},"properties":"{\"a\":1}"}""")]
    public void Creates_take_an_unknown_api_for_a_bad_argument(string target, string body) => Assert.Equal("400 BadRequestException: Invalid REST API identifier specified", _api.Fail(target, body));

    [Fact]
    public void A_sibling_of_the_same_name_is_a_conflict() =>
        Assert.Equal("409 ConflictException: Another resource with the same parent already has this name: pets", _api.Fail($"POST {_api.Path}/resources/{_api.Root}", """{"pathPart":"pets"}"""));

    [Fact]
    public void A_second_variable_sibling_is_refused() =>
        Assert.Equal(
            "400 BadRequestException: A sibling ({petId}) of this resource already has a variable path part -- only one is allowed",
            _api.Fail($"POST {_api.Path}/resources/{_api.Pets}", """{"pathPart":"{other}"}"""));

    [Fact]
    public void Nothing_stands_below_a_greedy_part()
    {
        string proxy = _api.AddResource(_api.Root, "{proxy+}");
        Assert.Equal("400 BadRequestException: Cannot create a child of a resource with a greedy path variable: {proxy+}", _api.Fail($"POST {_api.Path}/resources/{proxy}", """{"pathPart":"a"}"""));
    }

    [Theory]
    [InlineData("/parentId", "{pet}", "{pets}", "400 BadRequestException: Resources cannot be cyclical.")]
    [InlineData("/parentId", "{pets}", "{pets}", "400 BadRequestException: Resources cannot be cyclical.")]
    [InlineData("/pathPart", "x", "{root}", "400 BadRequestException: Root resource cannot update its pathPart.")]
    [InlineData("/parentId", "{pets}", "{root}", "400 BadRequestException: Root resource cannot update its parentId.")]
    [InlineData("/parentId", "nope", "{pets}", "404 NotFoundException: Invalid Resource identifier specified")]
    public void Moves_that_make_no_tree_are_refused(string path, string value, string resource, string expected) =>
        Assert.Equal(expected, _api.Fail($"PATCH {_api.Path}/resources/{Filled(resource)}", RestApiHarness.Patch("replace", path, Filled(value))));

    [Theory]
    [InlineData("get")]
    [InlineData("TRACE")]
    public void Refuses_a_verb_that_is_none(string verb) =>
        Assert.Equal(
            "400 BadRequestException: Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY",
            _api.Fail($"PUT {_api.Path}/resources/{_api.Pet}/methods/{verb}", """{"authorizationType":"NONE"}"""));

    [Theory]
    [InlineData("""{"authorizationType":"CUSTOM"}""")]
    [InlineData("""{"authorizationType":"CUSTOM","authorizerId":"nope"}""")]
    [InlineData("""{"authorizationType":"COGNITO_USER_POOLS","authorizerId":"nope"}""")]
    public void An_authorization_type_that_needs_an_authorizer_needs_one_that_is_there(string body) =>
        Assert.Equal(
            "400 BadRequestException: Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
            _api.Fail($"PUT {_api.Path}/resources/{_api.Pet}/methods/GET", body));

    [Theory]
    [InlineData("""{"authorizationType":"NONE","requestParameters":{"method.request.querystring.a":true,"method.request.header.a":true}}""", "Parameter names must be unique across querystring, header and path")]
    [InlineData("""{"authorizationType":"NONE","requestModels":{"application/json":"Nope"}}""", "Invalid model identifier specified: Nope")]
    public void A_method_must_fit_what_the_api_has(string body, string message) => Assert.Equal("400 BadRequestException: " + message, _api.Fail($"PUT {_api.Path}/resources/{_api.Pet}/methods/GET", body));

    [Theory]
    [InlineData("""{"integration.request.header.X":"bogus"}""", "Invalid mapping expression specified: bogus")]
    [InlineData("""{"bogus":"'x'"}""", "Invalid mapping expression specified: bogus")]
    [InlineData("""{"integration.request.header.X":"method.request.querystring.undeclared"}""", "Invalid mapping expression parameter specified: method.request.querystring.undeclared")]
    public void A_mapping_that_is_none_is_refused(string parameters, string error) =>
        Assert.Equal(
            $"400 BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [{error}]",
            _api.Fail("PUT " + _api.Integration, $$"""{"type":"MOCK","requestParameters":{{parameters}}}"""));

    [Fact]
    public void A_template_s_content_type_must_be_one() =>
        Assert.Equal(
            "400 BadRequestException: Validation Result: warnings : [], errors : [Invalid content type specified: json]", _api.Fail("PUT " + _api.Integration, """{"type":"MOCK","requestTemplates":{"json":""}}"""));

    [Theory]
    [InlineData("""{"type":"HTTP","httpMethod":"GET","uri":"ftp://a"}""", "Invalid HTTP endpoint specified for URI")]
    [InlineData("""{"type":"HTTP_PROXY","httpMethod":"GET"}""", "Invalid HTTP endpoint specified for URI")]
    [InlineData("""{"type":"HTTP","uri":"http://a"}""", "Enumeration value for HttpMethod must be non-empty")]
    [InlineData("""{"type":"AWS","uri":"arn:aws:apigateway:us-east-1:sqs:path/a"}""", "Enumeration value for HttpMethod must be non-empty")]
    [InlineData("""{"type":"AWS","httpMethod":"POST","uri":"http://a"}""", "Invalid ARN specified in the request")]
    [InlineData("""{"type":"AWS","httpMethod":"POST"}""", "Invalid ARN specified in the request")]
    [InlineData("""{"type":"AWS","httpMethod":"POST","uri":"arn:aws:apigateway:us-east-1:sqs:elsewhere/a"}""", "AWS ARN for integration must contain path or action")]
    [InlineData(
        """{"type":"AWS_PROXY","httpMethod":"POST","uri":"arn:aws:apigateway:us-east-1:sqs:path/a"}""",
        "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.")]
    public void An_integration_must_lead_somewhere(string body, string message) => Assert.Equal("400 BadRequestException: " + message, _api.Fail("PUT " + _api.Integration, body));

    [Fact]
    public void A_vpc_link_must_be_there() =>
        Assert.Equal(
            "404 NotFoundException: Invalid Vpc Link identifier specified",
            _api.Fail("PUT " + _api.Integration, """{"type":"HTTP","httpMethod":"GET","uri":"http://a","connectionType":"VPC_LINK","connectionId":"nope"}"""));

    [Theory]
    [InlineData("Empty", """{"type":"object"}""", "409 ConflictException: Model name already exists for this REST API")]
    [InlineData("", """{"type":"object"}""", "400 BadRequestException: Model name must be non-empty")]
    [InlineData("New", "", "400 BadRequestException: Model schema must have at least 1 property or array items defined")]
    [InlineData("New", "{}", "400 BadRequestException: Model schema must have at least 1 property or array items defined")]
    public void A_model_needs_a_new_name_and_a_schema(string name, string schema, string expected) =>
        Assert.Equal(expected, _api.Fail($"POST {_api.Path}/models", WireValue.NewObject().Set("name", name).Set("schema", schema).Set("contentType", Json).ToString()));

    [Fact]
    public void A_model_that_is_used_stays()
    {
        _api.Do($"POST {_api.Path}/models", """{"name":"Pet","schema":"{\"type\":\"object\"}","contentType":"application/json"}""");
        _api.Do($"PUT {_api.Path}/resources/{_api.Pets}/methods/POST", """{"authorizationType":"NONE","requestModels":{"application/json":"Pet"}}""");
        Assert.Equal("409 ConflictException: Cannot delete model 'Pet', is referenced in method request: /pets/POST", _api.Fail($"DELETE {_api.Path}/models/Pet"));
    }

    [Theory]
    [InlineData("""{"name":"a","description":""}""", "Description cannot be an empty string")]
    [InlineData("""{"name":"a","minimumCompressionSize":-1}""", "Invalid minimum compression size, must be between 0 and 10485760")]
    [InlineData("""{"name":"a","minimumCompressionSize":10485761}""", "Invalid minimum compression size, must be between 0 and 10485760")]
    [InlineData("""{"name":"a","endpointConfiguration":{"types":["EDGE","REGIONAL"]}}""", "Cannot create an api with multiple Endpoint Types.")]
    [InlineData("""{"name":"a","endpointConfiguration":{"types":[]}}""", "REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.")]
    [InlineData("""{"name":"a","endpointConfiguration":{"types":["LUNAR"]}}""", "Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE")]
    [InlineData("""{"name":"a","endpointConfiguration":{"ipAddressType":"ipv6"}}""", "ipAddressType must be either ipv4 or dualstack.")]
    [InlineData("""{"name":"a","endpointConfiguration":{"types":["PRIVATE"],"ipAddressType":"ipv4"}}""", "Only dualstack ipAddressType is supported for Private APIs.")]
    public void An_api_s_values_are_checked(string body, string message) => Assert.Equal("400 BadRequestException: " + message, _api.Fail("POST /restapis", body));

    [Theory]
    [InlineData("PUT {method}/integration", """{"type":"FTP"}""", "1 validation error detected: Value 'FTP' at 'putIntegrationInput.type' failed to satisfy constraint: Member must satisfy enum value set: [")]
    [InlineData("PUT {method}/responses/600", "{}", @"1 validation error detected: Value '600' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\d\d")]
    [InlineData("GET {api}/gatewayresponses/NOPE", "", "1 validation error detected: Value 'NOPE' at 'responseType' failed to satisfy constraint: Member must satisfy enum value set: [")]
    [InlineData(
        "PATCH {method}/responses/200", """{"patchOperations":[{"op":"burn","path":"/x"}]}""",
        "1 validation error detected: Value 'burn' at 'updateMethodResponseInput.patchOperations.1.member.op' failed to satisfy constraint: Member must satisfy enum value set: [")]
    [InlineData(
        "POST {api}/documentation/parts", """{"location":{"type":"X"},"properties":"{}"}""",
        "1 validation error detected: Value 'X' at 'createDocumentationPartInput.location.type' failed to satisfy constraint: Member must satisfy enum value set: [")]
    public void What_a_shape_forbids_is_a_validation_error(string target, string body, string start) =>
        Assert.StartsWith("400 ValidationException: " + start, _api.Fail(Filled(target), body), StringComparison.Ordinal);

    [Fact]
    public void A_wrong_json_type_is_a_serialization_error() =>
        Assert.Equal("400 SerializationException: class java.lang.Boolean can not be converted to an String", _api.Fail("POST /restapis", """{"name":true}"""));

    private string Filled(string text) => text
        .Replace("{api}", _api.Path, StringComparison.Ordinal).Replace("{root}", _api.Root, StringComparison.Ordinal).Replace("{pets}", _api.Pets, StringComparison.Ordinal)
        .Replace("{pet}", _api.Pet, StringComparison.Ordinal).Replace("{method}", _api.Method, StringComparison.Ordinal);
}
