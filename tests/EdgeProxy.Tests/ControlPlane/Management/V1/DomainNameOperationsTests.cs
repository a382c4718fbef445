using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class DomainNameOperationsTests
{
    private const string Regional = """{"domainName":"api.Example.com","regionalCertificateArn":"arn:aws:acm:us-east-1:1:certificate/x","endpointConfiguration":{"types":["REGIONAL"]}}""";

    private readonly ManagementHarness _harness = new(RecordBook.Of(
    [
        Of(Scopes.RestApi("abc"), Kinds.RestApi, "abc", """{"id":"abc"}"""),
        Of(Scopes.RestApi("abc"), Kinds.Stage, "prod", """{"stageName":"prod"}"""),
        Of(Scopes.Api("web"), Kinds.Api, "web", """{"apiId":"web","protocolType":"WEBSOCKET"}"""),
        Of(Scopes.Api("web"), Kinds.Stage, "prod", """{"stageName":"prod"}"""),
    ]));

    [Fact]
    public void A_regional_domain_gets_its_target_and_is_seen_by_both_versions()
    {
        WireValue made = _harness.Do("POST /domainnames", Regional);
        Assert.Equal("api.example.com", made.TextOf("domainName"));
        Assert.Matches("^d-[a-z0-9]{10}\\.execute-api\\.us-east-1\\.amazonaws\\.com$", made.TextOf("regionalDomainName"));
        Assert.Equal("AVAILABLE", made.TextOf("domainNameStatus"));
        WireValue second = _harness.Do("GET /v2/domainnames/api.example.com");
        Assert.Equal(made.TextOf("regionalDomainName"), second["domainNameConfigurations"]!.Items[0].TextOf("apiGatewayDomainName"));
        Assert.Equal("REGIONAL", second["domainNameConfigurations"]!.Items[0].TextOf("endpointType"));
        Assert.Equal("API_MAPPING_ONLY", second.TextOf("routingMode"));
        Assert.Equal("arn:aws:apigateway:us-east-1::/domainnames/api.example.com", second.TextOf("domainNameArn"));
    }

    [Fact]
    public void An_edge_domain_is_what_V1_makes_when_nobody_says() =>
        Assert.Equal("Z2FDTNDATAQYW2", _harness.Do("POST /domainnames", """{"domainName":"a.example.com"}""").TextOf("distributionHostedZoneId"));

    [Theory]
    [InlineData("""{"domainName":"example"}""")]
    [InlineData("""{"domainName":"a..example.com"}""")]
    [InlineData("""{"domainName":"a.*.example.com"}""")]
    [InlineData("""{"domainName":"a.example.com","endpointConfiguration":{"types":["EDGE","REGIONAL"]}}""")]
    [InlineData("""{"domainName":"a.example.com","securityPolicy":"SecurityPolicy_TLS13_1_3_2025_09","endpointConfiguration":{"types":["REGIONAL"]}}""")]
    [InlineData("""{"domainName":"a.example.com","securityPolicy":"SecurityPolicy_TLS13_2025_EDGE","endpointAccessMode":"BASIC","endpointConfiguration":{"types":["REGIONAL"]}}""")]
    [InlineData("""{"domainName":"a.example.com","mutualTlsAuthentication":{"truststoreUri":"s3://a/b"}}""")]
    [InlineData("""{"domainName":"a.example.com","securityPolicy":"SecurityPolicy_TLS13_1_3_2025_09","endpointAccessMode":"BASIC","endpointConfiguration":{"types":["REGIONAL"]},"mutualTlsAuthentication":{"truststoreUri":"s3://a/b"}}""")]
    [InlineData("""{"domainName":"a.example.com","endpointConfiguration":{"types":["REGIONAL"]},"mutualTlsAuthentication":{"truststoreUri":"http://a/b"}}""")]
    [InlineData("""{"domainName":"a.example.com","certificateBody":"x","certificatePrivateKey":"y"}""")]
    [InlineData("""{"domainName":"a.example.com","policy":"{}"}""")]
    public void Refuses_what_a_domain_cannot_be(string body) => Assert.StartsWith("400 BadRequestException", _harness.Fail("POST /domainnames", body), StringComparison.Ordinal);

    [Theory]
    [InlineData("web", "v1", "replace", "/securityPolicy", "TLS_1_0", "Only REGIONAL domain names with the security policy TLS_1_2 can be mapped to HTTP and WebSocket APIs.")]
    [InlineData("web", "v1", "replace", "/endpointConfiguration/types/REGIONAL", "EDGE", "Only REGIONAL domain names with the security policy TLS_1_2 can be mapped to HTTP and WebSocket APIs.")]
    [InlineData("abc", "v1/a", "replace", "/securityPolicy", "TLS_1_0", "API mapping keys with several levels need a REGIONAL domain name with the security policy TLS_1_2.")]
    public void A_domain_does_not_become_what_its_mappings_cannot_be_at(string api, string key, string op, string path, string value, string message)
    {
        _harness.Do("POST /domainnames", Regional);
        string mapping = _harness.Do("POST /v2/domainnames/api.example.com/apimappings", $$"""{"apiId":"{{api}}","stage":"prod","apiMappingKey":"{{key}}"}""").TextOf("apiMappingId")!;

        string patch = RestApiHarness.Patch(op, path, value);
        Assert.Equal("400 BadRequestException: " + message, _harness.Fail("PATCH /domainnames/api.example.com", patch));
        _harness.Do($"DELETE /v2/domainnames/api.example.com/apimappings/{mapping}");
        _harness.Do("PATCH /domainnames/api.example.com", patch);
    }

    [Fact]
    public void A_trust_store_in_a_bucket_is_kept_and_both_versions_say_that_it_lets_nobody_in()
    {
        const string warnings = """["This node reads no buckets, so that no client certificate is trusted. Give the trust store as a file: URI."]""";
        _harness.Do("POST /v2/domainnames", """{"domainName":"a.example.com","mutualTlsAuthentication":{"truststoreUri":"s3://a/b","truststoreVersion":"7"}}""");
        Assert.Equal($$"""{"truststoreUri":"s3://a/b","truststoreVersion":"7","truststoreWarnings":{{warnings}}}""", _harness.Do("GET /domainnames/a.example.com")["mutualTlsAuthentication"]!.ToString());
        Assert.Equal(warnings, _harness.Do("GET /v2/domainnames/a.example.com")["mutualTlsAuthentication"]!["truststoreWarnings"]!.ToString());
        _harness.Do("PATCH /domainnames/a.example.com", RestApiHarness.Patch("replace", "/mutualTlsAuthentication/truststoreUri", "file:///ca.pem"));
        Assert.Equal("""{"truststoreUri":"file:///ca.pem","truststoreVersion":"7"}""", _harness.Do("GET /v2/domainnames/a.example.com")["mutualTlsAuthentication"]!.ToString());
    }

    [Fact]
    public void A_name_is_taken_once()
    {
        _harness.Do("POST /domainnames", Regional);
        Assert.Equal("409 ConflictException: The domain name you provided already exists.", _harness.Fail("POST /domainnames", Regional));
        Assert.Equal("409 ConflictException: The domain name resource already exists.", _harness.Fail("POST /v2/domainnames", """{"domainName":"API.example.com"}"""));
    }

    [Fact]
    public void The_private_key_of_a_certificate_is_never_shown()
    {
        string body = WireValue.NewObject().Set("domainName", "a.example.com").Set("certificateName", "c").Set("certificateBody", "-----BEGIN CERTIFICATE-----\nx").Set("certificatePrivateKey", "-----BEGIN PRIVATE KEY-----\nsecret").ToString();
        WireValue made = _harness.Do("POST /domainnames", body);
        Assert.DoesNotContain("secret", made.ToString() + _harness.Do("GET /domainnames/a.example.com") + _harness.Do("GET /domainnames") + _harness.Do("GET /v2/domainnames"), StringComparison.Ordinal);
        Assert.Contains("secret", _harness.Book.Find(Scopes.DomainName("a.example.com"), Kinds.DomainCertificate, "a.example.com")!.Open().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_changes_the_type_and_the_names_that_go_with_it()
    {
        _harness.Do("POST /domainnames", """{"domainName":"a.example.com"}""");
        WireValue changed = _harness.Do("PATCH /domainnames/a.example.com", Patch("""{"op":"replace","path":"/endpointConfiguration/types/EDGE","value":"REGIONAL"},{"op":"add","path":"/regionalCertificateArn","value":"arn:x"}"""));
        Assert.Null(changed["distributionDomainName"]);
        Assert.NotNull(changed["regionalDomainName"]);
        Assert.Equal("arn:x", changed.TextOf("regionalCertificateArn"));
    }

    [Theory]
    [InlineData("""{"op":"replace","path":"/nothing","value":"x"}""", "Invalid patch path /nothing")]
    [InlineData("""{"op":"replace","path":"/securityPolicy","value":"x"}""", "Invalid securityPolicy specified")]
    [InlineData("""{"op":"add","path":"/certificateArn","value":"x"},{"op":"remove","path":"/regionalCertificateArn"}""", "Cannot add and remove certificates")]
    public void Refuses_updates_that_make_no_sense(string operations, string message)
    {
        _harness.Do("POST /domainnames", Regional);
        Assert.StartsWith("400 BadRequestException: " + message, _harness.Fail("PATCH /domainnames/api.example.com", Patch(operations)), StringComparison.Ordinal);
    }

    [Fact]
    public void Mappings_are_the_same_in_both_versions()
    {
        _harness.Do("POST /domainnames", Regional);
        WireValue root = _harness.Do("POST /domainnames/api.example.com/basepathmappings", """{"restApiId":"abc","stage":"prod"}""");
        Assert.Equal("""{"basePath":"(none)","restApiId":"abc","stage":"prod"}""", root.ToString());
        WireValue deep = _harness.Do("POST /v2/domainnames/api.example.com/apimappings", """{"apiId":"abc","stage":"prod","apiMappingKey":"orders/v1"}""");
        Assert.Equal("orders/v1", deep.TextOf("apiMappingKey"));
        Assert.Equal(2, _harness.Do("GET /domainnames/api.example.com/basepathmappings")["item"]!.Items.Count);
        Assert.Equal(2, _harness.Do("GET /v2/domainnames/api.example.com/apimappings")["items"]!.Items.Count);
        Assert.Equal("abc", _harness.Do("GET /domainnames/api.example.com/basepathmappings/%28none%29").TextOf("restApiId"));
        Assert.Equal("abc", _harness.Do("GET /domainnames/api.example.com/basepathmappings/orders%2Fv1").TextOf("restApiId"));
        _harness.Do("PATCH /domainnames/api.example.com/basepathmappings/(none)", Patch("""{"op":"replace","path":"/basePath","value":"v1"}"""));
        Assert.Equal("404 NotFoundException: Invalid base path mapping identifier specified", _harness.Fail("GET /domainnames/api.example.com/basepathmappings/(none)"));
        _harness.Do("DELETE /domainnames/api.example.com/basepathmappings/v1");
        _harness.Do("DELETE /v2/domainnames/api.example.com/apimappings/" + deep.TextOf("apiMappingId"));
        Assert.Empty(_harness.Do("GET /domainnames/api.example.com/basepathmappings")["item"]!.Items);
    }

    [Theory]
    [InlineData("""{"restApiId":"nothing"}""", "400 BadRequestException: Invalid REST API identifier specified")]
    [InlineData("""{"restApiId":"abc","stage":"test"}""", "400 BadRequestException: Invalid stage identifier specified")]
    [InlineData("""{"restApiId":"abc","stage":"prod","basePath":"a/b"}""", "400 BadRequestException: Base path mapping must not contain characters other than letters, numbers and one of $-_.+!*'()")]
    [InlineData("""{"restApiId":"abc","stage":"prod","basePath":"taken"}""", "409 ConflictException: Base path already exists for this domain name")]
    [InlineData("""{"restApiId":"web","stage":"prod","basePath":"w"}""", "400 BadRequestException: WebSocket APIs cannot share a domain name with REST or HTTP APIs.")]
    public void Refuses_mappings_that_lead_nowhere(string body, string fault)
    {
        _harness.Do("POST /domainnames", Regional);
        _harness.Do("POST /domainnames/api.example.com/basepathmappings", """{"restApiId":"abc","stage":"prod","basePath":"taken"}""");
        Assert.Equal(fault, _harness.Fail("POST /domainnames/api.example.com/basepathmappings", body));
    }

    [Fact]
    public void What_belongs_to_a_domain_goes_with_it()
    {
        _harness.Do("POST /domainnames", Regional);
        _harness.Do("POST /domainnames/api.example.com/basepathmappings", """{"restApiId":"abc","stage":"prod"}""");
        _harness.Do("DELETE /domainnames/api.example.com");
        Assert.Null(_harness.Book.ScopeOrNull(Scopes.DomainName("api.example.com")));
        Assert.Equal("404 NotFoundException: Invalid domain name identifier specified", _harness.Fail("GET /domainnames/api.example.com/basepathmappings"));
    }

    [Fact]
    public void Private_domains_share_a_name_and_take_associations()
    {
        const string Body = """{"domainName":"p.example.com","endpointConfiguration":{"types":["PRIVATE"]},"policy":"{}"}""";
        WireValue first = _harness.Do("POST /domainnames", Body);
        WireValue second = _harness.Do("POST /domainnames", Body);
        Assert.NotEqual(first.TextOf("domainNameId"), second.TextOf("domainNameId"));
        Assert.Equal("404 NotFoundException: Invalid domain name identifier specified", _harness.Fail("GET /domainnames/p.example.com"));
        Assert.Equal(first.TextOf("domainNameArn"), _harness.Do("GET /domainnames/p.example.com?domainNameId=" + first.TextOf("domainNameId")).TextOf("domainNameArn"));
        string association = WireValue.NewObject().Set("domainNameArn", first.TextOf("domainNameArn")).Set("accessAssociationSourceType", "VPCE").Set("accessAssociationSource", "vpce-1").ToString();
        string arn = _harness.Do("POST /domainnameaccessassociations", association).TextOf("domainNameAccessAssociationArn")!;
        Assert.StartsWith("409 ", _harness.Fail("POST /domainnameaccessassociations", association), StringComparison.Ordinal);
        Assert.Single(_harness.Do("GET /domainnameaccessassociations")["item"]!.Items);
        _harness.Do("DELETE /domainnameaccessassociations/" + Uri.EscapeDataString(arn));
        Assert.Empty(_harness.Do("GET /domainnameaccessassociations")["item"]!.Items);
    }

    private static string Patch(string operations) => $"{{\"patchOperations\":[{operations}]}}";

    private static (string, string, EdgeProxy.ControlPlane.Records.Record) Of(string scope, string kind, string key, string json) => (scope, kind, new(key, System.Text.Encoding.UTF8.GetBytes(json)));
}
