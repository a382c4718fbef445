namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 3.4: names and values of stage variables, and how many.</summary>
public sealed class V1_3_4_StageVariables
{
    private readonly StagedApi _api = new();

    [Fact]
    public void Variables_are_added_replaced_and_removed()
    {
        Assert.Equal("""{"a":"1","b_2":"2"}""", _api.Patch("add /variables/a 1", "replace /variables/b_2 2")["variables"]!.ToString());
        Assert.Equal("""{"b_2":"3"}""", _api.Patch("remove /variables/a", "remove /variables/never", "replace /variables/b_2 3")["variables"]!.ToString());
        Assert.Null(_api.Patch("remove /variables")["variables"]);
    }

    [Fact]
    public void Every_allowed_character_may_stand_in_a_value()
    {
        const string Value = "Az09-._~:/?#&=,";
        Assert.Equal(Value, _api.Patch($"replace /variables/a {Value}")["variables"]!.TextOf("a"));
    }

    [Theory]
    [InlineData("a b", "x")]
    [InlineData("a-b", "x")]
    [InlineData("ä", "x")]
    [InlineData("", "x")]
    [InlineData("a", "x y")]
    [InlineData("a", "{x}")]
    [InlineData("a", "x\"")]
    [InlineData("a", "ä")]
    public void Other_characters_are_refused_wherever_variables_are_given(string name, string value)
    {
        string body = $$$"""{"stageName":"prod","variables":{"{{{name}}}":"{{{value.Replace("\"", "\\\"", StringComparison.Ordinal)}}}"}}""";
        Assert.StartsWith("400 BadRequestException: Invalid stage variable ", _api.Harness.Fail($"POST {StagedApi.Api}/deployments", body), StringComparison.Ordinal);
        if (!name.Contains(' ', StringComparison.Ordinal)) Assert.StartsWith("400 BadRequestException: Invalid stage variable ", _api.Refuse($"replace /variables/{name} {value}"), StringComparison.Ordinal);
        if (!name.Contains(' ', StringComparison.Ordinal)) Assert.StartsWith("400 BadRequestException: Invalid stage variable ", _api.Refuse($"replace /canarySettings/stageVariableOverrides/{name} {value}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_end_at_64_characters_and_values_at_512()
    {
        _api.Patch($"replace /variables/{new string('n', 64)} {new string('v', 512)}");
        Assert.StartsWith("400", _api.Refuse($"replace /variables/{new string('n', 65)} v"), StringComparison.Ordinal);
        Assert.StartsWith("400", _api.Refuse($"replace /variables/n {new string('v', 513)}"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_has_a_hundred_variables_at_most()
    {
        for (int i = 0; i < 100; i++) _api.Patch($"replace /variables/v{i} x");
        Assert.StartsWith("429 LimitExceededException", _api.Refuse("replace /variables/v100 x"), StringComparison.Ordinal);
        Assert.Equal("y", _api.Patch("replace /variables/v99 y")["variables"]!.TextOf("v99"));
    }
}
