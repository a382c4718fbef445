using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class GatewayResponseOperationsTests
{
    private readonly RestApiHarness _api = new();

    [Fact]
    public void An_update_makes_a_default_a_response_of_its_own()
    {
        WireValue updated = _api.Do($"PATCH {_api.Path}/gatewayresponses/DEFAULT_4XX", RestApiHarness.Patch("replace", "/statusCode", "418"));
        Assert.Equal("false", updated["defaultResponse"]!.ToString());
        Assert.Equal("418", _api.Do($"GET {_api.Path}/gatewayresponses/DEFAULT_4XX").TextOf("statusCode"));
        Assert.Null(_api.Do($"PATCH {_api.Path}/gatewayresponses/DEFAULT_4XX", RestApiHarness.Patch("replace", "/statusCode", ""))["statusCode"]);
    }

    [Fact]
    public void A_whole_map_is_replaced_by_JSON()
    {
        string target = $"PATCH {_api.Path}/gatewayresponses/THROTTLED";
        Assert.Equal("""{"text/plain":"x"}""", _api.Do(target, RestApiHarness.Patch("replace", "/responseTemplates", """{"text/plain":"x"}"""))["responseTemplates"]!.ToString());
        Assert.Equal("400 BadRequestException: Invalid null or empty value in responseTemplates", _api.Fail(target, RestApiHarness.Patch("replace", "/responseTemplates", "[]")));
        Assert.Equal("{}", _api.Do(target, RestApiHarness.Patch("remove", "/responseTemplates"))["responseTemplates"]!.ToString());
    }

    [Theory]
    [InlineData("""{"statusCode":"999"}""", "400 ValidationException")]
    [InlineData("""{"responseParameters":{"method.response.header.X":"'x'"}}""", "400 BadRequestException")]
    [InlineData("""{"responseParameters":{"gatewayresponse.header.X":""}}""", "400 BadRequestException")]
    [InlineData("""{"responseTemplates":{"json":"x"}}""", "400 BadRequestException")]
    public void Refuses_what_cannot_be_answered(string body, string start) => Assert.StartsWith(start, _api.Fail($"PUT {_api.Path}/gatewayresponses/THROTTLED", body), StringComparison.Ordinal);
}
