using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class MethodResponseOperationsTests
{
    private readonly RestApiHarness _api = new();

    [Fact]
    public void A_response_is_put_once() => Assert.Equal("409 ConflictException: Response already exists for this resource", _api.Fail($"PUT {_api.Method}/responses/200", "{}"));

    [Fact]
    public void An_update_answers_201()
    {
        Assert.Equal(201, _api.Management.Call($"PATCH {_api.Method}/responses/200", RestApiHarness.Patch("add", "/responseParameters/method.response.header.Y", "true")).Status);
        Assert.Equal("""{"method.response.header.X-Kind":false,"method.response.header.Y":true}""", _api.Do($"GET {_api.Method}/responses/200")["responseParameters"]!.ToString());
    }

    [Fact]
    public void The_last_response_takes_the_map_along()
    {
        _api.Do($"DELETE {_api.Method}/responses/200");
        Assert.Null(_api.Do("GET " + _api.Method)["methodResponses"]);
    }

    [Theory]
    [InlineData("""{"responseParameters":{"method.response.body.x":true}}""")]
    [InlineData("""{"responseParameters":{"integration.request.header.x":true}}""")]
    [InlineData("""{"responseModels":{"application/json":"Nope"}}""")]
    [InlineData("""{"responseModels":{"json":"Empty"}}""")]
    public void Refuses_what_is_no_header_and_no_model(string body) => Assert.StartsWith("400 BadRequestException", _api.Fail($"PUT {_api.Method}/responses/404", body), StringComparison.Ordinal);

    [Theory]
    [InlineData("099")]
    [InlineData("20")]
    [InlineData("2000")]
    [InlineData("2xx")]
    [InlineData("default")]
    public void Refuses_what_is_no_status(string status) => Assert.StartsWith("400 ValidationException", _api.Fail($"GET {_api.Method}/responses/{status}"), StringComparison.Ordinal);
}
