using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class ModelOperationsTests
{
    private readonly RestApiHarness _api = new();

    [Theory]
    [InlineData("a-b", "Model name must be alphanumeric")]
    [InlineData("a b", "Model name must be alphanumeric")]
    public void Refuses_a_name_that_is_no_word(string name, string message) => Assert.Equal("400 BadRequestException: " + message, Create(name, """{"type":"object"}"""));

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    public void Refuses_a_schema_that_is_no_object(string schema) =>
        Assert.Equal("400 BadRequestException: Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]", Create("A", schema));

    [Fact]
    public void Takes_any_text_for_another_media_type() =>
        Assert.Equal("<schema/>", _api.Do($"POST {_api.Path}/models", """{"name":"X","schema":"<schema/>","contentType":"application/xml"}""").TextOf("schema"));

    [Fact]
    public void References_lead_to_models_of_the_API()
    {
        Assert.Equal("201", Create("Pet", """{"type":"object"}"""));
        Assert.Equal("201", Create("Pets", """{"type":"array","items":""" + Ref("Pet") + """}"""));
        Assert.Equal(
            $"400 BadRequestException: Invalid model specified: Validation Result: warnings : [], errors : [Invalid model reference specified: {RefTo("Nope")}]",
            Create("Other", Ref("Nope")));
        Assert.EndsWith("Model reference must be in canonical form]", Create("Other", """{"$ref":"pet.json"}"""), StringComparison.Ordinal);
        Assert.Equal("409 ConflictException: Cannot delete model 'Pet', is referenced in model: Pets", _api.Fail($"DELETE {_api.Path}/models/Pet"));
    }

    [Fact]
    public void A_model_of_a_response_stays() =>
        Assert.Equal("409 ConflictException: Cannot delete model 'Empty', is referenced in method response: /pets/GET", _api.Fail($"DELETE {_api.Path}/models/Empty"));

    [Fact]
    public void Flattened_references_are_replaced_by_what_they_lead_to()
    {
        Create("Name", """{"type":"string"}""");
        Create("Pet", """{"type":"object","properties":{"name":""" + Ref("Name") + """}}""");
        Create("Pets", """{"type":"array","items":""" + Ref("Pet") + """}""");
        Assert.Equal("""{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"}}}}""", Flat("Pets"));
        Assert.Contains(RefTo("Pet"), _api.Do($"GET {_api.Path}/models/Pets").TextOf("schema"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_holds_itself_is_flattened_to_definitions()
    {
        Create("Node", """{"type":"object"}""");
        _api.Do($"PATCH {_api.Path}/models/Node", RestApiHarness.Patch("replace", "/schema", """{"type":"object","properties":{"next":""" + Ref("Node") + """}}"""));
        Assert.Equal(
            """{"type":"object","properties":{"next":{"$ref":"#/definitions/Node"}},"definitions":{"Node":{"type":"object","properties":{"next":{"$ref":"#/definitions/Node"}}}}}""", Flat("Node"));
    }

    [Fact]
    public void Flattening_does_not_blow_up()
    {
        // Each holds the one before it twice: replaced in place that would be 2^40 schemas.
        Create("M0", """{"type":"object"}""");
        for (int i = 1; i <= 40; i++) Create($"M{i}", """{"type":"object","properties":{"a":""" + Ref($"M{i - 1}") + ""","b":""" + Ref($"M{i - 1}") + """}}""");
        string flat = Flat("M40");
        Assert.True(flat.Length < 10_000);
        Assert.DoesNotContain("apigateway.amazonaws.com", flat, StringComparison.Ordinal);
    }

    [Fact]
    public void References_into_a_model_lead_there_after_flattening()
    {
        Create("Inner", """{"definitions":{"x":{"type":"string"}},"properties":{"a":{"$ref":"#/definitions/x"}}}""");
        Create("Outer", """{"properties":{"i":""" + Ref("Inner") + """}}""");
        WireValue flat = WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(Flat("Outer")));
        Assert.Equal("#/definitions/Inner/definitions/x", flat["definitions"]!["Inner"]!["properties"]!["a"]!.TextOf("$ref"));
        Assert.Equal("string", flat["definitions"]!["Inner"]!["definitions"]!["x"]!.TextOf("type"));
    }

    private string Ref(string name) => $"{{\"$ref\":\"{RefTo(name)}\"}}";

    private string RefTo(string name) => $"https://apigateway.amazonaws.com/restapis/{_api.Id}/models/{name}";

    private string Flat(string name) => _api.Do($"GET {_api.Path}/models/{name}?flatten=true").TextOf("schema")!;

    private string Create(string name, string schema)
    {
        (int status, WireValue json) = _api.Management.Call($"POST {_api.Path}/models", WireValue.NewObject().Set("name", name).Set("schema", schema).Set("contentType", "application/json").ToString());
        return _api.Management.Last!.Error is { } error ? $"{status} {error}: {json.TextOf("message")}" : $"{status}";
    }
}
