using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 1.7: the paths that updates of a REST API's definition take, and the dialects in which they refuse others.</summary>
public sealed class V1_1_7_PatchDocuments
{
    private readonly RestApiHarness _api = new();

    [Theory]
    [InlineData("{api}", "replace", "/name", "new", "name", "\"new\"")]
    [InlineData("{api}", "replace", "/apiKeySource", "AUTHORIZER", "apiKeySource", "\"AUTHORIZER\"")]
    [InlineData("{api}", "replace", "/disableExecuteApiEndpoint", "True", "disableExecuteApiEndpoint", "true")]
    [InlineData("{api}", "replace", "/disableExecuteApiEndpoint", "yes", "disableExecuteApiEndpoint", "false")]
    [InlineData("{api}", "replace", "/minimumCompressionSize", "10", "minimumCompressionSize", "10")]
    [InlineData("{api}", "replace", "/minimumCompressionSize", "", "minimumCompressionSize", null)]
    [InlineData("{api}", "replace", "/minimumCompressionSize", null, "minimumCompressionSize", null)]
    [InlineData("{api}", "replace", "/securityPolicy", "TLS_1_2", "securityPolicy", "\"TLS_1_2\"")]
    [InlineData("{api}", "replace", "/endpointAccessMode", "STRICT", "endpointAccessMode", "\"STRICT\"")]
    [InlineData("{api}", "add", "/description", "d", "description", "\"d\"")]
    [InlineData("{api}", "remove", "/description", null, "description", null)]
    [InlineData("{api}", "replace", "/version", "1.0", "version", "\"1.0\"")]
    [InlineData("{api}", "add", "/binaryMediaTypes/image~1png", null, "binaryMediaTypes", "[\"image/png\"]")]
    [InlineData("{api}", "replace", "/endpointConfiguration/types/EDGE", "REGIONAL", "endpointConfiguration", "{\"types\":[\"REGIONAL\"],\"ipAddressType\":\"ipv4\"}")]
    [InlineData("{api}", "replace", "/endpointConfiguration/types/0", "PRIVATE", "endpointConfiguration", "{\"types\":[\"PRIVATE\"],\"ipAddressType\":\"dualstack\"}")]
    [InlineData("{api}", "replace", "/endpointConfiguration/ipAddressType", "dualstack", "endpointConfiguration", "{\"types\":[\"EDGE\"],\"ipAddressType\":\"dualstack\"}")]
    [InlineData("{method}", "replace", "/authorizationType", "AWS_IAM", "authorizationType", "\"AWS_IAM\"")]
    [InlineData("{method}", "replace", "/apiKeyRequired", "true", "apiKeyRequired", "true")]
    [InlineData("{method}", "replace", "/operationName", "list", "operationName", "\"list\"")]
    [InlineData("{method}", "replace", "/authorizerId", "dropped", "authorizerId", null)]
    [InlineData("{method}", "add", "/authorizationScopes", "a,b", "authorizationScopes", "[\"a\",\"b\"]")]
    [InlineData("{method}", "add", "/requestParameters/method.request.header.X", "true", "requestParameters", "{\"method.request.querystring.kind\":false,\"method.request.header.X\":true}")]
    [InlineData("{method}", "add", "/requestParameters/method.request.header.X", null, "requestParameters", "{\"method.request.querystring.kind\":false,\"method.request.header.X\":false}")]
    [InlineData("{method}", "replace", "/requestParameters/method.request.querystring.kind", "true", "requestParameters", "{\"method.request.querystring.kind\":true}")]
    [InlineData("{method}", "remove", "/requestParameters/method.request.querystring.kind", null, "requestParameters", null)]
    [InlineData("{method}", "add", "/requestModels/application~1json", "Error", "requestModels", "{\"application/json\":\"Error\"}")]
    [InlineData("{method}/responses/200", "add", "/responseModels/text~1plain", "Error", "responseModels", "{\"application/json\":\"Empty\",\"text/plain\":\"Error\"}")]
    [InlineData("{method}/responses/200", "add", "/responseParameters/method.response.header.X", null, "responseParameters", "{\"method.response.header.X-Kind\":false,\"method.response.header.X\":false}")]
    [InlineData("{method}/responses/200", "replace", "/responseParameters/method.response.header.X-Kind", "true", "responseParameters", "{\"method.response.header.X-Kind\":true}")]
    [InlineData("{method}/responses/200", "remove", "/responseModels/application~1json", null, "responseModels", null)]
    [InlineData("{method}/integration", "replace", "/timeoutInMillis", "1000", "timeoutInMillis", "1000")]
    [InlineData("{method}/integration", "replace", "/passthroughBehavior", "NEVER", "passthroughBehavior", "\"NEVER\"")]
    [InlineData("{method}/integration", "replace", "/contentHandling", "CONVERT_TO_TEXT", "contentHandling", "\"CONVERT_TO_TEXT\"")]
    [InlineData("{method}/integration", "replace", "/cacheNamespace", "n", "cacheNamespace", "\"n\"")]
    [InlineData("{method}/integration", "replace", "/credentials", "arn:aws:iam::000000000000:role/r", "credentials", "\"arn:aws:iam::000000000000:role/r\"")]
    [InlineData("{method}/integration", "replace", "/responseTransferMode", "BUFFERED", "responseTransferMode", "\"BUFFERED\"")]
    [InlineData("{method}/integration", "replace", "/tlsConfig/insecureSkipVerification", "true", "tlsConfig", "{\"insecureSkipVerification\":true}")]
    [InlineData("{method}/integration", "add", "/cacheKeyParameters/method.request.querystring.kind", null, "cacheKeyParameters", "[\"method.request.querystring.kind\"]")]
    [InlineData("{method}/integration", "add", "/requestParameters/integration.request.querystring.k", "method.request.querystring.kind", "requestParameters", "{\"integration.request.querystring.k\":\"method.request.querystring.kind\"}")]
    [InlineData("{method}/integration", "replace", "/requestTemplates/application~1json", "{}", "requestTemplates", "{\"application/json\":\"{}\"}")]
    [InlineData("{method}/integration", "remove", "/requestTemplates/application~1json", null, "requestTemplates", null)]
    [InlineData("{method}/integration/responses/200", "replace", "/selectionPattern", "4..", "selectionPattern", "\"4..\"")]
    [InlineData("{method}/integration/responses/200", "replace", "/contentHandling", "CONVERT_TO_BINARY", "contentHandling", "\"CONVERT_TO_BINARY\"")]
    [InlineData("{method}/integration/responses/200", "add", "/responseTemplates/application~1json", "x", "responseTemplates", "{\"application/json\":\"x\"}")]
    [InlineData("{method}/integration/responses/200", "remove", "/responseParameters/method.response.header.X-Kind", null, "responseParameters", null)]
    [InlineData("{api}/models/Empty", "replace", "/description", "d", "description", "\"d\"")]
    [InlineData("{api}/models/Empty", "replace", "/schema", "{\"type\":\"array\"}", "schema", "\"{\\\"type\\\":\\\"array\\\"}\"")]
    [InlineData("{api}/resources/{pets}", "replace", "/pathPart", "cats", "path", "\"/cats\"")]
    [InlineData("{api}/gatewayresponses/THROTTLED", "replace", "/statusCode", "503", "statusCode", "\"503\"")]
    [InlineData("{api}/gatewayresponses/THROTTLED", "add", "/responseParameters/gatewayresponse.header.X", "'y'", "responseParameters", "{\"gatewayresponse.header.X\":\"'y'\"}")]
    [InlineData("{api}/gatewayresponses/THROTTLED", "replace", "/responseTemplates/application~1json", "{}", "responseTemplates", "{\"application/json\":\"{}\"}")]
    [InlineData("{api}/gatewayresponses/THROTTLED", "remove", "/responseTemplates/application~1json", null, "responseTemplates", "{}")]
    public void A_supported_path_changes_its_member(string target, string op, string path, string? value, string member, string? expected)
    {
        target = Filled(target);
        WireValue patched = _api.Do("PATCH " + target, RestApiHarness.Patch(op, path, value));
        Assert.Equal(expected, patched[member]?.ToString());

        // And so it reads back.
        Assert.Equal(expected, _api.Do("GET " + target)[member]?.ToString());
    }

    [Theory]
    [InlineData("/validateRequestBody", "True", "true")]
    [InlineData("/validateRequestParameters", "nope", "false")]
    [InlineData("/name", "w", "\"w\"")]
    public void A_validator_takes_its_three_paths(string path, string value, string expected)
    {
        string id = _api.Do($"POST {_api.Path}/requestvalidators", """{"name":"v"}""").TextOf("id")!;
        Assert.Equal(expected, _api.Do($"PATCH {_api.Path}/requestvalidators/{id}", RestApiHarness.Patch("replace", path, value))[path[1..]]!.ToString());
    }

    [Theory]
    [InlineData("replace", "/name", "w", "name", "\"w\"")]
    [InlineData("replace", "/authorizerResultTtlInSeconds", "0", "authorizerResultTtlInSeconds", "0")]
    [InlineData("replace", "/identityValidationExpression", "a.*", "identityValidationExpression", "\"a.*\"")]
    [InlineData("replace", "/identitySource", "method.request.header.X", "identitySource", "\"method.request.header.X\"")]
    [InlineData("remove", "/identitySource", null, "identitySource", "\"method.request.header.Authorization\"")]
    [InlineData("replace", "/authType", "custom2", "authType", "\"custom2\"")]
    [InlineData("add", "/providerARNs", "arn:x", "providerARNs", "[\"arn:x\"]")]
    public void An_authorizer_takes_its_paths(string op, string path, string? value, string member, string expected) =>
        Assert.Equal(expected, _api.Do($"PATCH {_api.Path}/authorizers/{_api.AddAuthorizer()}", RestApiHarness.Patch(op, path, value))[member]!.ToString());

    [Theory]
    [InlineData("{api}/models/Empty", "replace", "/name", "Invalid patch path  '/name' specified for op 'replace'. Must be one of: [/description, /schema]")]
    [InlineData("{api}/models/Empty", "add", "/x", "Invalid patch path  '/x' specified for op 'add'. Please choose supported operations")]
    [InlineData("{api}/resources/{pets}", "copy", "/x", "Invalid patch path  '/x' specified for op 'copy'. Please choose supported operations")]
    [InlineData("{api}/models/Empty", "add", "/schema", "Invalid patch path  '/schema' specified for op 'add'. Please choose supported operations")]
    [InlineData("{api}/resources/{pets}", "replace", "/x", "Invalid patch path  '/x' specified for op 'replace'. Must be one of: [/parentId, /pathPart]")]
    [InlineData("{api}/resources/{pets}", "remove", "/pathPart", "Invalid patch path  '/pathPart' specified for op 'remove'. Please choose supported operations")]
    [InlineData("{api}", "replace", "/x", "Invalid patch path /x")]
    [InlineData("{api}", "replace", null, "Invalid patch path null")]
    [InlineData("{api}", "add", "/name", "Invalid patch operation specified. Must be one of: [replace]")]
    [InlineData("{api}", "replace", "/binaryMediaTypes", "Invalid patch path /binaryMediaTypes")]
    [InlineData("{api}", "add", "/endpointConfiguration/ipAddressType", "Invalid patch operation specified. Must be 'add'|'remove'|'replace'")]
    [InlineData("{method}", "replace", "/x", "Invalid patch path /x")]
    [InlineData("{method}", "add", "/apiKeyRequired", "Invalid patch operation specified. Must be one of: [replace]")]
    [InlineData("{method}/responses/200", "replace", "/x", "Invalid patch path /x")]
    [InlineData("{method}/integration", "replace", "/type", "Invalid patch path /type")]
    [InlineData("{method}/integration", "replace", "/uri", "Invalid patch path /uri")]
    [InlineData("{api}/gatewayresponses/THROTTLED", "replace", "/x", "Invalid patch path /x")]
    [InlineData("{api}/gatewayresponses/THROTTLED", "add", "/statusCode", "Invalid patch operation specified. Must be one of: [replace]")]
    [InlineData("{api}/gatewayresponses/THROTTLED", "add", "/responseTemplates/text~1plain", "Invalid null or empty value in responseTemplates")]
    [InlineData("{api}/gatewayresponses/THROTTLED", "add", "/responseParameters/gatewayresponse.header.X", "Invalid null or empty value in responseParameters")]
    public void Another_path_or_op_is_refused_in_the_dialect_of_the_resource(string target, string op, string? path, string message) =>
        Assert.Equal("400 BadRequestException: " + message, _api.Fail("PATCH " + Filled(target), RestApiHarness.Patch(op, path)));

    [Fact]
    public void Validators_and_documentation_parts_list_their_paths()
    {
        string validator = _api.Do($"POST {_api.Path}/requestvalidators", """{"name":"v"}""").TextOf("id")!;
        Assert.Equal(
            "400 BadRequestException: Invalid patch path  '/x' specified for op 'replace'. Must be one of: [/name, /validateRequestParameters, /validateRequestBody]",
            _api.Fail($"PATCH {_api.Path}/requestvalidators/{validator}", RestApiHarness.Patch("replace", "/x")));
        string part = _api.Do($"POST {_api.Path}/documentation/parts", """{"location":{"type":"API"},"properties":"{\"a\":1}"}""").TextOf("id")!;
        Assert.Equal(
            "400 BadRequestException: Invalid patch path  '/x' specified for op 'replace'. Must be one of: [/properties]",
            _api.Fail($"PATCH {_api.Path}/documentation/parts/{part}", RestApiHarness.Patch("replace", "/x")));
        Assert.Equal(
            "400 BadRequestException: Invalid patch path  '/properties' specified for op 'add'. Please choose supported operations",
            _api.Fail($"PATCH {_api.Path}/documentation/parts/{part}", RestApiHarness.Patch("add", "/properties", "{}")));
    }

    [Theory]
    [InlineData("replace", "/responseParameters/gatewayresponse.header.X", "404 NotFoundException: Invalid parameter name specified")]
    [InlineData("remove", "/responseParameters/gatewayresponse.header.X", "404 NotFoundException: Invalid parameter name specified")]
    [InlineData("remove", "/responseTemplates/text~1plain", "404 NotFoundException: Content-Type specified was not found")]
    public void A_gateway_response_s_key_must_be_there(string op, string path, string expected) =>
        Assert.Equal(expected, _api.Fail($"PATCH {_api.Path}/gatewayresponses/THROTTLED", RestApiHarness.Patch(op, path, "x")));

    [Theory]
    [InlineData("move")]
    [InlineData("test")]
    public void Move_and_test_are_refused(string op) => Assert.StartsWith("400 BadRequestException", _api.Fail("PATCH " + _api.Path, RestApiHarness.Patch(op, "/name", "x")), StringComparison.Ordinal);

    [Fact]
    public void All_operations_are_done_or_none()
    {
        Assert.StartsWith("400", _api.Fail("PATCH " + _api.Path, RestApiHarness.Replace(("/name", "new"), ("/x", "y"))), StringComparison.Ordinal);
        Assert.Equal("pets", _api.Do("GET " + _api.Path).TextOf("name"));
    }

    [Fact]
    public void An_authorizer_is_attached_in_one_document()
    {
        string authorizer = _api.AddAuthorizer();
        WireValue method = _api.Do("PATCH " + _api.Method, RestApiHarness.Replace(("/authorizationType", "CUSTOM"), ("/authorizerId", authorizer)));
        Assert.Equal(authorizer, method.TextOf("authorizerId"));
        Assert.Null(_api.Do("PATCH " + _api.Method, RestApiHarness.Replace(("/authorizationType", "NONE")))["authorizerId"]);
    }

    [Fact]
    public void An_update_of_an_api_shows_empty_tags() => Assert.Equal("{}", _api.Do("PATCH " + _api.Path, RestApiHarness.Replace(("/name", "x")))["tags"]!.ToString());

    [Fact]
    public void A_binary_type_is_replaced_by_its_old_name()
    {
        _api.Do("PATCH " + _api.Path, RestApiHarness.Patch("add", "/binaryMediaTypes/image~1png"));
        Assert.Equal("""["image/gif"]""", _api.Do("PATCH " + _api.Path, RestApiHarness.Patch("replace", "/binaryMediaTypes/image~1png", "image/gif"))["binaryMediaTypes"]!.ToString());
        Assert.Null(_api.Do("PATCH " + _api.Path, RestApiHarness.Patch("remove", "/binaryMediaTypes/image~1gif"))["binaryMediaTypes"]);
    }

    private string Filled(string text) => text
        .Replace("{api}", _api.Path, StringComparison.Ordinal).Replace("{pets}", _api.Pets, StringComparison.Ordinal).Replace("{method}", _api.Method, StringComparison.Ordinal);
}
