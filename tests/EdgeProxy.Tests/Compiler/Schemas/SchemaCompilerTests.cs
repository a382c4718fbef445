using EdgeProxy.Compiler.Schemas;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Tests.Gateway.Validation;

namespace EdgeProxy.Tests.Compiler.Schemas;

public sealed class SchemaCompilerTests
{
    [Theory]
    [InlineData("""{"type": "strng"}""", "/type", "There is no type \"strng\"")]
    [InlineData("""{"type": ["string", 1]}""", "/type", "list of such names")]
    [InlineData("""{"properties": {"a": {"minLength": -1}}}""", "/properties/a/minLength", "whole number from 0")]
    [InlineData("""{"properties": {"a": {"required": true}}}""", "/properties/a/required", "beside properties")]
    [InlineData("""{"pattern": "(a"}""", "/pattern", "a group is not closed")]
    [InlineData("""{"patternProperties": {"[b-a]": {}}}""", "/patternProperties/[b-a]", "out of order")]
    [InlineData("""{"items": 5}""", "/items", "A schema is a number")]
    [InlineData("""{"allOf": []}""", "/allOf", "an empty list")]
    [InlineData("""{"enum": []}""", "/enum", "an empty list")]
    [InlineData("""{"multipleOf": 0}""", "/multipleOf", "greater than 0")]
    [InlineData("""{"maximum": "5"}""", "/maximum", "must be a number")]
    [InlineData("""{"uniqueItems": 1}""", "/uniqueItems", "true or false")]
    [InlineData("""{"$ref": "#/definitions/Nowhere"}""", "/$ref", "leads to nothing")]
    [InlineData("""{"items": {"$ref": "https://example.com/other.json"}}""", "/items/$ref", "other files and URLs are not read")]
    [InlineData("""{"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}, "items": {"$ref": "#/definitions/a"}}""", "/items", "leads back to itself")]
    [InlineData("""{"allOf": [{"anyOf": [{"$ref": "#"}]}]}""", "", "would never end")]
    public void A_wrong_schema_is_said_with_its_place(string schema, string pointer, string said)
    {
        var problems = new List<SchemaProblem>();
        Models.Compile(schema, problems);
        SchemaProblem problem = Assert.Single(problems);
        Assert.Equal(pointer, problem.At.Pointer);
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#/definitions/Status")]
    [InlineData("#/components/schemas/Status")]
    [InlineData("Status")]
    [InlineData("https://apigateway.amazonaws.com/restapis/abcde12345/models/Status")]
    [InlineData("https://apigateway.amazonaws.com/restapis/zzzzz99999/models/Status")]
    [InlineData("https://apigateway.amazonaws.com/restapis/abcde12345/models/Status#/properties/inner")]
    public void Another_model_is_reached_by_every_form_of_its_name(string reference)
    {
        bool isInner = reference.EndsWith("inner", StringComparison.Ordinal);
        const string Status = """{"type": "object", "properties": {"inner": {"type": "integer"}, "next": {"$ref": "#"}}}""";
        var plan = Models.Plan($$$"""{"items": {"$ref": "{{{reference}}}"}}""", ("Status", Status));
        Assert.Equal(isInner ? BodyVerdict.Mismatch : BodyVerdict.Valid, Models.Judge(plan, "[{\"inner\": 1}]"u8.ToArray()));
        Assert.Equal(isInner ? BodyVerdict.Valid : BodyVerdict.Mismatch, Models.Judge(plan, "[1]"u8.ToArray()));
        if (!isInner) Assert.Equal(BodyVerdict.Mismatch, Models.Judge(plan, "[{\"next\": {\"next\": {\"inner\": \"x\"}}}]"u8.ToArray()));
    }

    [Fact]
    public void A_schemas_own_definition_wins_over_a_model_of_its_name()
    {
        var plan = Models.Plan("""{"$ref": "#/definitions/A", "definitions": {"A": {"type": "null"}}}""", ("A", """{"type": "string"}"""));
        Assert.Equal(BodyVerdict.Valid, Models.Judge(plan, "null"u8.ToArray()));
    }

    // rest-api.md 7, the verified case.
    [Theory]
    [InlineData("""{"status":null}""", nameof(BodyVerdict.Valid))]
    [InlineData("""{}""", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"status":{"Status":"x"}}""", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"status":{"Status":"x","Order":1}}""", nameof(BodyVerdict.Valid))]
    public void The_verified_case_of_models_that_refer_to_each_other_holds(string body, string expected)
    {
        var plan = Models.Plan(
            """{"type":"object","properties":{"status":{"oneOf":[{"type":"null"},{"$ref":"https://apigateway.amazonaws.com/restapis/abcde12345/models/StatusModel"}]}},"required":["status"]}""",
            ("StatusModel", """{"type":"object","properties":{"Status":{"type":"string"},"Order":{"type":"integer"}},"required":["Order","Status"]}"""));
        Assert.Equal(expected, Models.Judge(plan, System.Text.Encoding.UTF8.GetBytes(body)).ToString());
    }

    [Theory]
    [InlineData("""{"exclusiveMinimum": 5}""", "5", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"exclusiveMinimum": 5}""", "5.1", nameof(BodyVerdict.Valid))]
    [InlineData("""{"minimum": 7, "exclusiveMinimum": 5}""", "6", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"minimum": 7, "exclusiveMinimum": 7}""", "7", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"maximum": 3, "exclusiveMaximum": 5}""", "4", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"properties": {"a": false}}""", """{"a":1}""", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"items": false}""", "[1]", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"items": false}""", "[]", nameof(BodyVerdict.Valid))]
    public void What_open_api_3_1_writes_is_understood(string schema, string body, string expected) => Assert.Equal(expected, Models.Judge(schema, body).ToString());

    [Fact]
    public void A_chain_of_ten_thousand_references_compiles()
    {
        var text = new System.Text.StringBuilder("{\"properties\": {\"x\": {\"$ref\": \"#/definitions/a0\"}}, \"definitions\": {");
        for (int i = 0; i < 10_000; i++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\"a{i}\": {{\"items\": {{\"$ref\": \"#/definitions/a{i + 1}\"}}}},");
        text.Append("\"a10000\": {\"type\": \"null\"}}}");
        Assert.Equal(BodyVerdict.Valid, Models.Judge(text.ToString(), "{\"x\": [[[]]]}"));
    }
}
