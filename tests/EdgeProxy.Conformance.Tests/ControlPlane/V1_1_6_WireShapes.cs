using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 1.6: the defaults that the server fills in, and what answers leave out.</summary>
public sealed class V1_1_6_WireShapes
{
    private readonly RestApiHarness _api = new();

    [Theory]
    [InlineData("EDGE", "ipv4")]
    [InlineData("REGIONAL", "ipv4")]
    [InlineData("PRIVATE", "dualstack")]
    public void The_address_type_goes_by_the_endpoint_type(string type, string addresses) =>
        Assert.Equal(addresses, _api.Do("POST /restapis", $$$"""{"name":"a","endpointConfiguration":{"types":["{{{type}}}"]}}""")["endpointConfiguration"]!.TextOf("ipAddressType"));

    [Fact]
    public void A_new_api_has_two_models_whose_schemas_are_texts()
    {
        WireValue empty = _api.Do($"GET {_api.Path}/models/Empty");
        Assert.Equal("This is a default empty schema model", empty.TextOf("description"));
        Assert.Equal("application/json", empty.TextOf("contentType"));
        Assert.Matches("^[a-z0-9]{6}$", empty.TextOf("id"));
        Assert.Equal("""{"$schema":"http://json-schema.org/draft-04/schema#","title":"Empty Schema","type":"object"}""", Json(empty.TextOf("schema")!));
        WireValue error = _api.Do($"GET {_api.Path}/models/Error");
        Assert.Equal("This is a default error schema model", error.TextOf("description"));
        Assert.Equal(
            """{"$schema":"http://json-schema.org/draft-04/schema#","title":"Error Schema","type":"object","properties":{"message":{"type":"string"}}}""", Json(error.TextOf("schema")!));
    }

    [Fact]
    public void An_integration_has_its_defaults()
    {
        WireValue http = _api.Do("PUT " + _api.Integration, """{"type":"HTTP","httpMethod":"GET","uri":"http://127.0.0.1/pets"}""");
        Assert.Equal("WHEN_NO_MATCH", http.TextOf("passthroughBehavior"));
        Assert.Equal(29_000, http.NumberOf("timeoutInMillis"));
        Assert.Equal(_api.Pets, http.TextOf("cacheNamespace"));
        Assert.Equal("[]", http["cacheKeyParameters"]!.ToString());
        Assert.Equal("INTERNET", http.TextOf("connectionType"));
        Assert.Null(http["integrationResponses"]);
        Assert.Null(_api.Do("PUT " + _api.Integration, """{"type":"MOCK"}""")["connectionType"]);
    }

    [Fact]
    public void An_authorizer_that_the_type_does_not_use_is_dropped()
    {
        string authorizer = _api.AddAuthorizer();
        WireValue method = _api.Do($"PUT {_api.Path}/resources/{_api.Pet}/methods/GET", $$"""{"authorizationType":"none","authorizerId":"{{authorizer}}"}""");
        Assert.Equal("NONE", method.TextOf("authorizationType"));
        Assert.Null(method["authorizerId"]);
        Assert.Equal("false", method["apiKeyRequired"]!.ToString());
    }

    [Fact]
    public void Integration_responses_appear_once_there_is_one_and_go_with_the_last()
    {
        Assert.Equal("""{"200":{"statusCode":"200","responseParameters":{"method.response.header.X-Kind":"'cat'"}}}""", _api.Do("GET " + _api.Integration)["integrationResponses"]!.ToString());
        _api.Do($"DELETE {_api.Integration}/responses/200");
        Assert.Null(_api.Do("GET " + _api.Integration)["integrationResponses"]);
    }

    [Theory]
    [InlineData("ACCESS_DENIED", "403")]
    [InlineData("API_CONFIGURATION_ERROR", "500")]
    [InlineData("AUTHORIZER_CONFIGURATION_ERROR", "500")]
    [InlineData("AUTHORIZER_FAILURE", "500")]
    [InlineData("BAD_REQUEST_BODY", "400")]
    [InlineData("BAD_REQUEST_PARAMETERS", "400")]
    [InlineData("EXPIRED_TOKEN", "403")]
    [InlineData("INTEGRATION_FAILURE", "504")]
    [InlineData("INTEGRATION_TIMEOUT", "504")]
    [InlineData("INVALID_API_KEY", "403")]
    [InlineData("INVALID_SIGNATURE", "403")]
    [InlineData("MISSING_AUTHENTICATION_TOKEN", "403")]
    [InlineData("QUOTA_EXCEEDED", "429")]
    [InlineData("REQUEST_TOO_LARGE", "413")]
    [InlineData("RESOURCE_NOT_FOUND", "404")]
    [InlineData("THROTTLED", "429")]
    [InlineData("UNAUTHORIZED", "401")]
    [InlineData("UNSUPPORTED_MEDIA_TYPE", "415")]
    [InlineData("WAF_FILTERED", "403")]
    [InlineData("DEFAULT_4XX", null)]
    [InlineData("DEFAULT_5XX", null)]
    public void A_gateway_response_has_its_default(string type, string? status)
    {
        WireValue response = _api.Do($"GET {_api.Path}/gatewayresponses/{type}");
        Assert.Equal(type, response.TextOf("responseType"));
        Assert.Equal(status, response.TextOf("statusCode"));
        Assert.Equal("{}", response["responseParameters"]!.ToString());
        Assert.Equal("""{"message":$context.error.messageString}""", response["responseTemplates"]!.TextOf("application/json"));
        Assert.True(response.IsTrueOf("defaultResponse"));
    }

    [Fact]
    public void A_put_gateway_response_is_replaced_whole_and_goes_back_to_its_default_when_deleted()
    {
        string target = $"{_api.Path}/gatewayresponses/THROTTLED";
        WireValue put = _api.Do("PUT " + target, """{"statusCode":"503","responseTemplates":{"text/plain":"slow"},"defaultResponse":true}""");
        Assert.Equal("""{"responseType":"THROTTLED","statusCode":"503","responseParameters":{},"responseTemplates":{"text/plain":"slow"},"defaultResponse":false}""", put.ToString());
        WireValue again = _api.Do("PUT " + target, """{"responseParameters":{"gatewayresponse.header.X":"'y'"}}""");
        Assert.Equal("429", again.TextOf("statusCode"));
        Assert.Equal("""{"application/json":"{\"message\":$context.error.messageString}"}""", again["responseTemplates"]!.ToString());
        _api.Do("DELETE " + target);
        Assert.True(_api.Do("GET " + target).IsTrueOf("defaultResponse"));
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("a b", 400)]
    [InlineData("a-b._:,Z9", 201)]
    [InlineData("{id}", 201)]
    [InlineData("{id+}", 201)]
    [InlineData("x{id}", 400)]
    public void A_path_part_is_a_word_or_a_variable(string part, int status) =>
        Assert.Equal(status, _api.Management.Call($"POST {_api.Path}/resources/{_api.Root}", WireValue.NewObject().Set("pathPart", part).ToString()).Status);

    [Fact]
    public void A_policy_is_shown_with_its_quotes_and_slashes_escaped()
    {
        WireValue api = _api.Do("POST /restapis", """{"name":"a","policy":"{\"Statement\":[],\"Id\":\"a/b\"}"}""");
        Assert.Equal("""{\"Statement\":[],\"Id\":\"a\/b\"}""", api.TextOf("policy"));

        // What was shown may be sent back.
        WireValue again = _api.Do($"PATCH /restapis/{api.TextOf("id")}", RestApiHarness.Patch("replace", "/policy", api.TextOf("policy")));
        Assert.Equal(api.TextOf("policy"), again.TextOf("policy"));
    }

    private static string Json(string text) => WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(text)).ToString();

    [Fact]
    public void A_status_comes_and_goes_with_an_enhanced_policy()
    {
        WireValue api = _api.Do("POST /restapis", """{"name":"a","endpointConfiguration":{"types":["REGIONAL"]},"securityPolicy":"SecurityPolicy_TLS13_1_3_2025_09","endpointAccessMode":"BASIC"}""");
        Assert.Equal("AVAILABLE", api.TextOf("apiStatus"));
        string path = "/restapis/" + api.TextOf("id");
        Assert.Null(_api.Do("PATCH " + path, RestApiHarness.Replace(("/securityPolicy", "TLS_1_2")))["apiStatus"]);
        Assert.Equal("AVAILABLE", _api.Do("PATCH " + path, RestApiHarness.Replace(("/securityPolicy", "SecurityPolicy_TLS13_1_2_2021_06"), ("/endpointAccessMode", "STRICT"))).TextOf("apiStatus"));
        Assert.Equal("AVAILABLE", _api.Do("GET " + path).TextOf("apiStatus"));
    }

    [Theory]
    [InlineData("REGIONAL", "SecurityPolicy_TLS13_1_3_2025_09", null, "endpointAccessMode is required with an enhanced security policy.")]
    [InlineData("EDGE", "SecurityPolicy_TLS13_1_3_2025_09", "BASIC", "The security policy SecurityPolicy_TLS13_1_3_2025_09 is not supported for endpoint type EDGE.")]
    [InlineData("REGIONAL", "SecurityPolicy_TLS13_2025_EDGE", "BASIC", "The security policy SecurityPolicy_TLS13_2025_EDGE is not supported for endpoint type REGIONAL.")]
    [InlineData("PRIVATE", "SecurityPolicy_TLS12_2018_EDGE", "STRICT", "The security policy SecurityPolicy_TLS12_2018_EDGE is not supported for endpoint type PRIVATE.")]
    public void An_enhanced_policy_needs_its_access_mode_and_its_endpoint(string type, string policy, string? mode, string message)
    {
        WireValue body = WireValue.NewObject().Set("name", "a").Set("securityPolicy", policy).Set("endpointAccessMode", mode);
        body.ObjectAt("endpointConfiguration").Set("types", WireValue.Of([type]));
        Assert.Equal("400 BadRequestException: " + message, _api.Fail("POST /restapis", body.ToString()));

        // And so it is when a legacy policy is replaced.
        string path = "/restapis/" + _api.Do("POST /restapis", body.Set("securityPolicy", "TLS_1_2").ToString()).TextOf("id");
        Assert.Equal("400 BadRequestException: " + message, _api.Fail("PATCH " + path, RestApiHarness.Replace(("/securityPolicy", policy))));
    }

    [Fact]
    public void Nothing_empty_stays_of_lists_that_were_emptied()
    {
        string path = "/restapis/" + _api.Do("POST /restapis", """{"name":"a","endpointConfiguration":{"types":["PRIVATE"],"vpcEndpointIds":["vpce-1"]}}""").TextOf("id");
        WireValue api = _api.Do("PATCH " + path, RestApiHarness.Patch("remove", "/endpointConfiguration/vpcEndpointIds", "vpce-1"));
        Assert.Equal("""{"types":["PRIVATE"],"ipAddressType":"dualstack"}""", api["endpointConfiguration"]!.ToString());
        string key = "/apikeys/" + _api.Do("POST /apikeys", """{"name":"a"}""").TextOf("id");
        Assert.Equal("""["l"]""", _api.Do("PATCH " + key, RestApiHarness.Patch("add", "/labels", "l"))["labels"]!.ToString());
        Assert.Null(_api.Do("PATCH " + key, RestApiHarness.Patch("remove", "/labels", "l"))["labels"]);
    }

    [Fact]
    public void Other_accounts_own_no_domains_here()
    {
        _api.Do("POST /domainnames", """{"domainName":"a.example.com"}""");
        Assert.Single(_api.Do("GET /domainnames?resourceOwner=SELF")["item"]!.Items);
        Assert.Equal("""{"item":[]}""", _api.Do("GET /domainnames?resourceOwner=OTHER_ACCOUNTS").ToString());
        Assert.Equal("""{"item":[]}""", _api.Do("GET /domainnameaccessassociations?resourceOwner=OTHER_ACCOUNTS").ToString());
    }

    [Theory]
    [InlineData("'text'")]
    [InlineData("method.request.header.X")]
    [InlineData("method.request.multivaluequerystring.q")]
    [InlineData("method.input.params.p")]
    [InlineData("context.identity.sourceIp")]
    [InlineData("stageVariables.v")]
    public void A_gateway_response_takes_a_header_from_the_request(string source)
    {
        WireValue body = WireValue.NewObject();
        body.ObjectAt("responseParameters").Set("gatewayresponse.header.X", source);
        Assert.Equal(source, _api.Do($"PUT {_api.Path}/gatewayresponses/THROTTLED", body.ToString())["responseParameters"]!.TextOf("gatewayresponse.header.X"));
    }

    [Theory]
    [InlineData("method.request.body")]
    [InlineData("integration.response.header.X")]
    [InlineData("bogus")]
    [InlineData("")]
    public void But_from_nowhere_else(string source)
    {
        WireValue body = WireValue.NewObject();
        body.ObjectAt("responseParameters").Set("gatewayresponse.header.X", source);
        Assert.Equal(
            $"400 BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: {source}]",
            _api.Fail($"PUT {_api.Path}/gatewayresponses/THROTTLED", body.ToString()));
    }

    [Fact]
    public void What_nobody_customised_is_shown_as_its_family_is()
    {
        string path = _api.Path + "/gatewayresponses";
        _api.Do($"PUT {path}/DEFAULT_5XX", """{"statusCode":"599","responseParameters":{"gatewayresponse.header.X":"'y'"},"responseTemplates":{"application/json":"{}"}}""");
        _api.Do($"PUT {path}/AUTHORIZER_FAILURE", """{"responseParameters":{"gatewayresponse.header.Z":"'z'"}}""");
        Assert.Equal(
            """{"responseType":"INTEGRATION_TIMEOUT","statusCode":"599","responseParameters":{"gatewayresponse.header.X":"'y'"},"responseTemplates":{"application/json":"{}"},"defaultResponse":true}""",
            _api.Do($"GET {path}/INTEGRATION_TIMEOUT").ToString());
        Assert.Equal(5, _api.Do("GET " + path)["item"]!.Items.Count(static item => item.TextOf("statusCode") == "599"));
        Assert.Equal("500", _api.Do($"GET {path}/AUTHORIZER_FAILURE").TextOf("statusCode"));
        Assert.Equal("429", _api.Do($"GET {path}/THROTTLED").TextOf("statusCode"));

        _api.Do($"PUT {path}/DEFAULT_4XX", """{"statusCode":"499"}""");
        Assert.Equal("499", _api.Do($"GET {path}/THROTTLED").TextOf("statusCode"));
        Assert.Equal("413", _api.Do($"GET {path}/REQUEST_TOO_LARGE").TextOf("statusCode"));
        _api.Do($"DELETE {path}/DEFAULT_4XX");
        Assert.Equal("429", _api.Do($"GET {path}/THROTTLED").TextOf("statusCode"));
    }
}
