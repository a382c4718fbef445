using System.Text;
using System.Text.Json;
using EdgeProxy.ControlPlane.Exports.Models;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Exports.Models;

public sealed class ModelTemplateTests
{
    [Fact]
    public void Writes_a_sample_for_each_member_and_a_loop_for_each_list()
    {
        string template = Of("""
            {"type":"object","properties":{"id":{"type":"integer"},"name":{"type":"string"},"price":{"type":"number"},"sold":{"type":"boolean"},"kind":{"enum":["cat","dog"]},
             "tags":{"type":"array","items":{"type":"object","properties":{"text":{"type":"string"},"marks":{"type":"array","items":{"type":"integer"}}}}}}}
            """);
        Assert.Equal("""
            #set($inputRoot = $input.path('$'))
            {
              "id" : 42,
              "name" : "foo",
              "price" : 42.0,
              "sold" : true,
              "kind" : "cat",
              "tags" : [
            #foreach($elem in $inputRoot.tags)
                {
                  "text" : "foo",
                  "marks" : [
            #foreach($elem2 in $elem.marks)
                    42#if($foreach.hasNext),#end
            #end
                  ]
                }#if($foreach.hasNext),#end
            #end
              ]
            }
            """, template);
    }

    [Theory]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", """["x","y"]""", """["foo","foo"]""")]
    [InlineData("""{"type":"object","properties":{"a b":{"type":"array","items":{"type":"integer"}},"$price#":{"type":"string"}}}""", """{"a b":[1,2,3]}""", """{"a b":[42,42,42],"$price#":"foo"}""")]
    [InlineData("""{"allOf":[{"properties":{"a":{"type":"null"}}},{"$ref":"#/definitions/Other"}]}""", "{}", """{"a":null,"o":{}}""")]
    [InlineData("""{"$ref":"https://apigateway.amazonaws.com/restapis/abc/models/Other"}""", "{}", """{"o":{}}""")]
    [InlineData("{}", "{}", "{}")]
    [InlineData("""{"type":["null","string"],"enum":["$set #if"]}""", "{}", "\"$set #if\"")]
    [InlineData("true", "{}", "{}")]
    public void Renders_to_json(string schema, string input, string expected)
    {
        string rendered = new TemplateStage().WithBody(input).Render(Of(schema));
        Assert.Equal(JsonSerializer.Serialize(JsonDocument.Parse(expected).RootElement), JsonSerializer.Serialize(JsonDocument.Parse(rendered).RootElement));
    }

    [Fact]
    public void Ends_where_models_hold_each_other()
    {
        // Each of ten holds each of ten: unbounded it would be 10^24 values.
        string members = string.Join(',', Enumerable.Range(0, 10).Select(i => $"\"m{i}\":" + "{\"$ref\":\"#/definitions/M" + i + "\"}"));
        WireValue schema = WireValue.Parse(Encoding.UTF8.GetBytes("{\"type\":\"object\",\"properties\":{" + members + "}}"));
        Assert.InRange(ModelTemplate.Write(schema, _ => schema).Length, 100, 1_000_000);
    }

    private static string Of(string schema) => ModelTemplate.Write(
        WireValue.Parse(Encoding.UTF8.GetBytes(schema)),
        static name => name == "Other" ? WireValue.Parse("""{"type":"object","properties":{"o":{"$ref":"#/definitions/Other"}}}"""u8) : null);
}
