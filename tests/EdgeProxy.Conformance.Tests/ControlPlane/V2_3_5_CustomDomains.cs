using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 2.4 and 3.5: custom domain names and API mappings, as V2 sees what both versions share.</summary>
public sealed class V2_3_5_CustomDomains
{
    private const string Domain = "/v2/domainnames/a.example.com";

    private readonly V2Api _api = new();

    public V2_3_5_CustomDomains()
    {
        _api.Do("POST /v2/domainnames", """{"domainName":"a.example.com","domainNameConfigurations":[{"certificateArn":"arn:aws:acm:us-east-1:123456789012:certificate/x","endpointType":"REGIONAL","securityPolicy":"TLS_1_2"}]}""");
        _api.Do($"POST {_api.Http}/stages", """{"stageName":"s"}""");
        _api.Do($"POST {_api.WebSocket}/stages", """{"stageName":"s"}""");
    }

    private string Http => _api.Http["/v2/apis/".Length..];

    [Fact]
    public void A_domain_has_one_configuration_with_what_the_node_adds()
    {
        WireValue domain = _api.Do($"GET {Domain}");

        Assert.Equal("apiMappingSelectionExpression domainName domainNameArn domainNameConfigurations routingMode tags", V2Api.Names(domain));
        Assert.Equal("$request.basepath", domain.TextOf("apiMappingSelectionExpression"));
        WireValue configuration = Assert.Single(domain["domainNameConfigurations"]!.Items);
        Assert.Equal("apiGatewayDomainName certificateArn certificateUploadDate domainNameStatus endpointType hostedZoneId ipAddressType securityPolicy", V2Api.Names(configuration));
        Assert.Matches("^d-[a-z0-9]{10}\\.execute-api\\.us-east-1\\.amazonaws\\.com$", configuration.TextOf("apiGatewayDomainName"));
        Assert.Equal("2026-11-22T07:54:13Z", configuration.TextOf("certificateUploadDate"));
    }

    [Theory]
    [InlineData("""{"domainName":"A.example.com"}""", "409 ConflictException: The domain name resource already exists.")]
    [InlineData("""{"domainName":"localhost"}""", "400 BadRequestException: Invalid domain name specified")]
    [InlineData("""{"domainName":"a.*.com"}""", "400 BadRequestException: Invalid domain name specified")]
    [InlineData("""{"domainName":"b.example.com","domainNameConfigurations":[]}""", "400 BadRequestException: Exactly one domain name configuration is required.")]
    [InlineData("""{"domainName":"b.example.com","domainNameConfigurations":[{},{}]}""", "400 BadRequestException: Exactly one domain name configuration is required.")]
    [InlineData("""{"domainName":"b.example.com","domainNameConfigurations":[{"endpointType":"PRIVATE"}]}""", "400 ValidationException: 1 validation error detected: Value 'PRIVATE' at 'createDomainNameInput.domainNameConfigurations.1.member.endpointType' failed to satisfy constraint: Member must satisfy enum value set: [REGIONAL, EDGE]")]
    [InlineData("""{"domainName":"b.example.com","mutualTlsAuthentication":{"truststoreUri":"https://b/c"}}""", "400 BadRequestException: Invalid truststore URI specified. It begins with s3:// or file:")]
    [InlineData("""{"domainName":"b.example.com","mutualTlsAuthentication":{"truststoreUri":"file:relative.pem"}}""", "400 BadRequestException: Invalid truststore URI specified. It begins with s3:// or file:")]
    [InlineData("""{"domainName":"b.example.com","mutualTlsAuthentication":{"truststoreUri":"file://host/c.pem"}}""", "400 BadRequestException: Invalid truststore URI specified. It begins with s3:// or file:")]
    [InlineData("""{"domainName":"b.example.com","mutualTlsAuthentication":{"truststoreUri":"s3://b/c"},"domainNameConfigurations":[{"endpointType":"EDGE"}]}""", "400 BadRequestException: Mutual TLS authentication is only supported for REGIONAL domain names.")]
    [InlineData("""{"domainName":"b.example.com","routingMode":"BASE_PATH_MAPPING_ONLY"}""", "400 ValidationException: 1 validation error detected: Value 'BASE_PATH_MAPPING_ONLY' at 'createDomainNameInput.routingMode' failed to satisfy constraint: Member must satisfy enum value set: [API_MAPPING_ONLY, ROUTING_RULE_ONLY, ROUTING_RULE_THEN_API_MAPPING]")]
    public void A_domain_that_cannot_be_is_refused(string body, string fault) => Assert.Equal(fault, _api.Fail("POST /v2/domainnames", body));

    [Fact]
    public void A_mapping_is_a_base_path_mapping_of_v1()
    {
        _api.Do($"POST {Domain}/apimappings", $$"""{"apiId":"{{Http}}","stage":"s","apiMappingKey":"orders/v1"}""");
        _api.Do($"POST {Domain}/apimappings", $$"""{"apiId":"{{Http}}","stage":"s"}""");

        Assert.Equal("a.example.com", _api.Do("GET /domainnames/a.example.com").TextOf("domainName"));
        Assert.Equal(
            ["(none)", "orders/v1"],
            _api.Do("GET /domainnames/a.example.com/basepathmappings")["item"]!.Items.Select(static item => item.TextOf("basePath")!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_private_domain_of_v1_is_not_among_those_of_v2()
    {
        _api.Do("POST /domainnames", """{"domainName":"p.example.com","endpointConfiguration":{"types":["PRIVATE"]}}""");

        Assert.Equal("a.example.com", Assert.Single(_api.Do("GET /v2/domainnames")["items"]!.Items).TextOf("domainName"));
        Assert.Equal(2, _api.Do("GET /domainnames")["item"]!.Items.Count);
    }

    [Fact]
    public void No_path_is_one_mapping_however_it_is_written()
    {
        Assert.Equal("", _api.Do($"POST {Domain}/apimappings", $$"""{"apiId":"{{Http}}","stage":"s","apiMappingKey":"(none)"}""").TextOf("apiMappingKey"));
        Assert.Equal("409 ConflictException: ApiMapping key already exists for this domain name", _api.Fail($"POST {Domain}/apimappings", $$"""{"apiId":"{{Http}}","stage":"s"}"""));
    }

    [Theory]
    [InlineData("""{"apiId":"{http}","stage":"nope"}""", "400 BadRequestException: Invalid stage identifier specified")]
    [InlineData("""{"apiId":"{http}","stage":""}""", "400 BadRequestException: Invalid stage identifier specified")]
    [InlineData("""{"apiId":"nope","stage":"s"}""", "404 NotFoundException: Invalid API identifier specified nope")]
    [InlineData("""{"apiId":"{http}","stage":"s","apiMappingKey":"/a"}""", "400 BadRequestException: API mapping key must not contain characters other than letters, numbers and one of $-_.+!*'()/")]
    [InlineData("""{"apiId":"{http}","stage":"s","apiMappingKey":"a//b"}""", "400 BadRequestException: API mapping key must not contain characters other than letters, numbers and one of $-_.+!*'()/")]
    [InlineData("""{"apiId":"{http}","stage":"s","apiMappingKey":"a b"}""", "400 BadRequestException: API mapping key must not contain characters other than letters, numbers and one of $-_.+!*'()/")]
    [InlineData("""{"apiId":"{http}","stage":"s","apiMappingKey":"taken"}""", "409 ConflictException: ApiMapping key already exists for this domain name")]
    [InlineData("""{"apiId":"{websocket}","stage":"s"}""", "400 BadRequestException: WebSocket APIs cannot share a domain name with REST or HTTP APIs.")]
    public void A_mapping_that_cannot_be_is_refused_when_made_and_when_changed(string body, string fault)
    {
        _api.Do($"POST {Domain}/apimappings", $$"""{"apiId":"{{Http}}","stage":"s","apiMappingKey":"taken"}""");
        string id = _api.Do($"POST {Domain}/apimappings", $$"""{"apiId":"{{Http}}","stage":"s","apiMappingKey":"mine"}""").TextOf("apiMappingId")!;
        body = body.Replace("{http}", Http, StringComparison.Ordinal).Replace("{websocket}", _api.WebSocket["/v2/apis/".Length..], StringComparison.Ordinal);

        Assert.Equal(fault, _api.Fail($"POST {Domain}/apimappings", body));
        Assert.Equal(fault, _api.Fail($"PATCH {Domain}/apimappings/{id}", body));
        Assert.Equal("mine", _api.Do($"GET {Domain}/apimappings/{id}").TextOf("apiMappingKey"));
    }

    [Fact]
    public void A_key_has_300_characters_at_most_and_several_levels_on_modern_regional_domains_alone()
    {
        Assert.Equal(201, _api.Status($"POST {Domain}/apimappings", $$"""{"apiId":"{{Http}}","stage":"s","apiMappingKey":"{{new string('a', 300)}}"}"""));
        Assert.Equal(400, _api.Status($"POST {Domain}/apimappings", $$"""{"apiId":"{{Http}}","stage":"s","apiMappingKey":"{{new string('b', 301)}}"}"""));
        _api.Do("POST /v2/domainnames", """{"domainName":"old.example.com","domainNameConfigurations":[{"endpointType":"REGIONAL","securityPolicy":"TLS_1_0"}]}""");
        Assert.Equal(400, _api.Status("POST /v2/domainnames/old.example.com/apimappings", $$"""{"apiId":"{{Http}}","stage":"s","apiMappingKey":"a/b"}"""));
        Assert.Equal(400, _api.Status("POST /v2/domainnames/old.example.com/apimappings", $$"""{"apiId":"{{Http}}","stage":"s","apiMappingKey":"a"}"""));
    }

    [Fact]
    public void A_domain_has_so_many_mappings_and_no_more()
    {
        _api.Harness.Api.Options = new() { Limits = new() { ApiMappingsPerDomain = 1 } };
        string id = _api.Do($"POST {Domain}/apimappings", $$"""{"apiId":"{{Http}}","stage":"s"}""").TextOf("apiMappingId")!;

        (int status, WireValue answer) = _api.Harness.Call($"POST {Domain}/apimappings", $$"""{"apiId":"{{Http}}","stage":"s","apiMappingKey":"a"}""");
        Assert.Equal((429, "ApiMappingsPerDomainName"), (status, answer.TextOf("limitType")));
        Assert.StartsWith("429 LimitExceededException: ", _api.Fail("POST /domainnames/a.example.com/basepathmappings", $$"""{"restApiId":"{{Http}}","stage":"s","basePath":"a"}"""), StringComparison.Ordinal);
        Assert.Equal(200, _api.Status($"PATCH {Domain}/apimappings/{id}", $$"""{"apiId":"{{Http}}","apiMappingKey":"b"}"""));
    }

    [Fact]
    public void A_certificate_given_to_V1_as_text_keeps_its_name()
    {
        _api.Do("POST /domainnames", """{"domainName":"text.example.com","certificateName":"mine","endpointConfiguration":{"types":["REGIONAL"]}}""");

        Assert.Equal("mine", _api.Do("GET /v2/domainnames/text.example.com")["domainNameConfigurations"]!.Items[0].TextOf("certificateName"));
    }

    [Fact]
    public void What_a_mapping_leads_to_cannot_be_deleted()
    {
        string id = _api.Do($"POST {Domain}/apimappings", $$"""{"apiId":"{{Http}}","stage":"s"}""").TextOf("apiMappingId")!;

        Assert.StartsWith("400 BadRequestException: Please remove all", _api.Fail($"DELETE {_api.Http}"), StringComparison.Ordinal);
        Assert.StartsWith("400 BadRequestException: Please remove all", _api.Fail($"DELETE {_api.Http}/stages/s"), StringComparison.Ordinal);

        Assert.Equal(204, _api.Status($"DELETE {Domain}/apimappings/{id}"));
        Assert.Equal(204, _api.Status($"DELETE {_api.Http}/stages/s"));
        Assert.Equal(204, _api.Status($"DELETE {_api.Http}"));
    }
}
