using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class IntegrationResponseOperationsTests
{
    private readonly RestApiHarness _api = new();

    [Fact]
    public void Needs_an_answer_of_the_method_to_become() =>
        Assert.Equal("404 NotFoundException: Invalid Response status code specified", _api.Fail($"PUT {_api.Integration}/responses/404", "{}"));

    [Fact]
    public void Needs_an_integration()
    {
        _api.Do("DELETE " + _api.Integration);
        Assert.Equal("404 NotFoundException: Invalid Integration identifier specified", _api.Fail($"PUT {_api.Integration}/responses/200", "{}"));
    }

    [Theory]
    [InlineData("""{"responseParameters":{"method.response.header.Other":"'x'"}}""", "Invalid mapping expression parameter specified: method.response.header.Other")]
    [InlineData("""{"responseParameters":{"method.response.header.X-Kind":"x"}}""", "Invalid mapping expression specified: x")]
    [InlineData("""{"responseParameters":{"integration.request.header.X":"'x'"}}""", "Invalid mapping expression specified: integration.request.header.X")]
    public void Refuses_mappings_that_the_method_does_not_declare(string body, string error) =>
        Assert.Equal($"400 BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [{error}]", _api.Fail($"PUT {_api.Integration}/responses/200", body));

    [Theory]
    [InlineData("'x'")]
    [InlineData("integration.response.header.X")]
    [InlineData("integration.response.multivalueheader.X")]
    [InlineData("integration.response.body")]
    [InlineData("integration.response.body.a.b[0]")]
    [InlineData("context.requestId")]
    [InlineData("stageVariables.v")]
    public void Takes_the_sources_there_are(string source) =>
        _api.Do($"PUT {_api.Integration}/responses/200", $$$"""{"responseParameters":{"method.response.header.X-Kind":"{{{source}}}"}}""");

    [Fact]
    public void Refuses_a_pattern_that_is_no_regular_expression()
    {
        Assert.StartsWith("400 BadRequestException: Invalid selection pattern specified", _api.Fail($"PUT {_api.Integration}/responses/200", """{"selectionPattern":"("}"""), StringComparison.Ordinal);
        Assert.StartsWith("400 BadRequestException", _api.Fail($"PATCH {_api.Integration}/responses/200", RestApiHarness.Patch("replace", "/selectionPattern", "(")), StringComparison.Ordinal);
        Assert.Equal("", _api.Do($"PUT {_api.Integration}/responses/200", """{"selectionPattern":""}""").TextOf("selectionPattern"));
    }
}
