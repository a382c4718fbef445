using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V2;

public sealed class IntegrationResponseOperationsTests
{
    private readonly ManagementHarness _harness = new();
    private readonly string _api;
    private readonly string _integration;
    private readonly string _place;

    public IntegrationResponseOperationsTests()
    {
        _api = _harness.Do("POST /v2/apis", """{"name":"w","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}""").TextOf("apiId")!;
        _integration = _harness.Do($"POST /v2/apis/{_api}/integrations", """{"integrationType":"MOCK"}""").TextOf("integrationId")!;
        _place = $"/v2/apis/{_api}/integrations/{_integration}/integrationresponses";
    }

    [Fact]
    public void Creates_changes_lists_and_deletes_one()
    {
        (int status, WireValue response) = _harness.Call($"POST {_place}",
            """{"integrationResponseKey":"/2\\d\\d/","contentHandlingStrategy":"CONVERT_TO_TEXT","templateSelectionExpression":"${integration.response.statuscode}","responseTemplates":{"200":"x"},"responseParameters":{"route.response.header.a":"'b'","route.response.header.c":"integration.response.body.d"}}""");

        Assert.Equal(201, status);
        string id = response.TextOf("integrationResponseId")!;
        Assert.Equal("""{"route.response.header.c":"integration.response.body.d"}""", _harness.Do($"PATCH {_place}/{id}", """{"responseParameters":{"route.response.header.a":""}}""")["responseParameters"]!.ToString());
        _harness.Do($"POST {_place}", """{"integrationResponseKey":"$default"}""");
        Assert.Equal("""409 ConflictException: IntegrationResponse with key /2\d\d/ already exists for this Integration""", _harness.Fail($"POST {_place}", """{"integrationResponseKey":"/2\\d\\d/"}"""));
        Assert.Equal(2, _harness.Do($"GET {_place}")["items"]!.Items.Count);
        Assert.Equal(204, _harness.Call($"DELETE {_place}/{id}").Status);
        Assert.Equal($"404 NotFoundException: Invalid IntegrationResponse identifier specified {id}", _harness.Fail($"GET {_place}/{id}"));
    }

    [Theory]
    [InlineData("""{"integrationResponseKey":"200"}""", "Invalid integration response key specified. It must be $default or a regular expression between slashes")]
    [InlineData("""{"integrationResponseKey":"/(/"}""", "Invalid integration response key specified. It must be $default or a regular expression between slashes")]
    [InlineData("""{"integrationResponseKey":"//"}""", "Invalid integration response key specified. It must be $default or a regular expression between slashes")]
    [InlineData("""{"integrationResponseKey":"$default","templateSelectionExpression":"$integration.response.body"}""", "Invalid template selection expression specified: $integration.response.body")]
    [InlineData("""{"integrationResponseKey":"$default","responseParameters":{"header.a":"'b'"}}""", "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: header.a]")]
    public void Refuses_what_is_no_integration_response(string body, string error) => Assert.Equal("400 BadRequestException: " + error, _harness.Fail($"POST {_place}", body));

    [Fact]
    public void Goes_with_its_integration()
    {
        _harness.Do($"POST {_place}", """{"integrationResponseKey":"$default"}""");

        _harness.Do($"DELETE /v2/apis/{_api}/integrations/{_integration}");

        Assert.Empty(_harness.Book.ScopeOrNull(Scopes.Api(_api))!.All(Kinds.IntegrationResponse));
    }
}
