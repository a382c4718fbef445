using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 3.8: exports, SDKs and templates of models.</summary>
public sealed class V1_3_8_Exports
{
    private readonly StagedApi _api = new();

    private string Exports => StagedApi.Stage + "/exports/";

    [Fact]
    public void Exports_the_deployment_that_the_stage_serves_and_not_what_changed_since()
    {
        string root = _api.Harness.Do($"GET {StagedApi.Api}/resources").ToString();
        Assert.Contains("\"/pets\"", root, StringComparison.Ordinal);
        WireValue before = _api.Harness.Do($"GET {Exports}oas30");
        _api.Harness.Do($"POST {StagedApi.Api}/resources/root000000", """{"pathPart":"later"}""");
        Assert.Equal(before.ToString(), _api.Harness.Do($"GET {Exports}oas30").ToString());
        Assert.Equal(["/", "/pets", "/pets/{id}"], before["paths"]!.Members.Select(path => path.Key));
    }

    [Fact]
    public void Has_the_recorded_shape_and_fields()
    {
        WireValue document = _api.Harness.Do($"GET {Exports}oas30");
        Assert.Equal("""{"title":"pets","version":"1970-01-01T00:00:01Z"}""", document["info"]!.ToString());
        Assert.Equal("""[{"url":"https://abcdefgh01.execute-api.us-east-1.amazonaws.com/{basePath}","variables":{"basePath":{"default":"prod"}}}]""", document["servers"]!.ToString());
        Assert.Equal("""{"responses":{"200":{"description":"200 response","content":{}}}}""", document["paths"]!["/pets"]!["post"]!.ToString());
        Assert.Equal("application/octet-stream", _api.Harness.Last!.ContentType);
        Assert.Equal("attachment; filename=\"oas30_1970-01-01T00:00:01Z.json\"", _api.Harness.Last.Disposition);
    }

    [Fact]
    public void Exports_swagger_and_yaml()
    {
        WireValue swagger = _api.Harness.Do($"GET {Exports}swagger?extensions=integrations,authorizers");
        Assert.Equal("2.0", swagger.TextOf("swagger"));
        Assert.Equal("/prod", swagger.TextOf("basePath"));
        Assert.Equal("mock", swagger["paths"]!["/"]!["get"]!["x-amazon-apigateway-integration"]!.TextOf("type"));
        _api.Harness.Call($"GET {Exports}swagger?extensions=integrations,authorizers", "", "application/yaml");
        Assert.Equal("attachment; filename=\"swagger_1970-01-01T00:00:01Z.yaml\"", _api.Harness.Last!.Disposition);
        var problems = new ProblemList();
        Assert.Equal(swagger.ToString(), DocumentJson.Write(DocumentReader.Read("a.yaml", _api.Harness.Last.Body.Span, problems)!));
    }

    [Fact]
    public void Has_integrations_only_when_asked_for() =>
        Assert.DoesNotContain("x-amazon-apigateway-integration", _api.Harness.Do($"GET {Exports}oas30?extensions=postman").ToString(), StringComparison.Ordinal);

    [Fact]
    public void Refuses_what_is_not_there()
    {
        Assert.Equal("404 NotFoundException: Invalid API identifier specified 000000000000:nope", _api.Harness.Fail("GET /restapis/nope/stages/prod/exports/oas30"));
        Assert.Equal("404 NotFoundException: Invalid stage identifier specified", _api.Harness.Fail($"GET {StagedApi.Api}/stages/nope/exports/oas30"));
        Assert.StartsWith("400 BadRequestException: Invalid export type specified", _api.Harness.Fail($"GET {Exports}raml"), StringComparison.Ordinal);
        Assert.StartsWith("400 BadRequestException: EdgeProxy makes SDKs of the type javascript only", _api.Harness.Fail($"GET {StagedApi.Stage}/sdks/ruby?service.name=x"), StringComparison.Ordinal);
        Assert.Equal("400 BadRequestException: Invalid SDK type specified: cobol. Types are android, java, javascript, objectivec, ruby, swift, of which EdgeProxy makes javascript", _api.Harness.Fail($"GET {StagedApi.Stage}/sdks/cobol"));
        Assert.Equal("404 NotFoundException: Invalid SDK type identifier specified", _api.Harness.Fail("GET /sdktypes/cobol"));
    }

    [Fact]
    public void Refuses_methods_whose_bodies_are_described_in_other_words_than_json()
    {
        var edit = new EdgeProxy.ControlPlane.Records.BookEdit(RestApiRecords.Book("GET /"));
        edit.Put("restapis/" + RestApiRecords.Api, "model", "Pet", WireValue.Parse("""{"id":"m00001","name":"Pet","contentType":"application/xml","schema":"{}"}"""u8));
        RestApiRecords.AddMethod(edit, "POST", "/pets", RestApiRecords.Mock, """{"requestModels":{"application/xml":"Pet"}}""");
        var harness = new ManagementHarness(edit.Result());
        harness.Do($"POST {StagedApi.Api}/deployments", """{"stageName":"prod"}""");
        Assert.Equal("400 BadRequestException: Only found non-JSON body models for POST /pets", harness.Fail($"GET {Exports}oas30"));
    }

    [Fact]
    public void Lists_the_types_of_sdks_with_what_they_can_be_told()
    {
        WireValue types = _api.Harness.Do("GET /sdktypes");
        Assert.Equal(["android", "java", "javascript", "objectivec", "ruby", "swift"], types["item"]!.Items.Select(type => type.TextOf("id")));
        Assert.Equal("""{"name":"classPrefix","friendlyName":"Prefix","required":true}""", _api.Harness.Do("GET /sdktypes/swift")["configurationProperties"]!.Items[0].ToString());
        Assert.Equal(2, _api.Harness.Do("GET /sdktypes?limit=2")["item"]!.Items.Count);
    }

    [Fact]
    public void Gives_a_javascript_client_as_an_archive()
    {
        Assert.Equal(200, _api.Harness.Call($"GET {StagedApi.Stage}/sdks/javascript").Status);
        Assert.Equal("PK\u0003\u0004", Encoding.ASCII.GetString(_api.Harness.Last!.Body.Span[..4]));
        Assert.Matches("^attachment; filename=\"javascript_.*Z\\.zip\"$", _api.Harness.Last.Disposition);
        Assert.Equal("application/octet-stream", _api.Harness.Last.ContentType);
    }

    [Fact]
    public void Gives_a_template_that_writes_a_model()
    {
        var edit = new EdgeProxy.ControlPlane.Records.BookEdit(RestApiRecords.Book("GET /"));
        edit.Put("restapis/" + RestApiRecords.Api, "model", "Pet", WireValue.Parse("""{"id":"m00001","name":"Pet","contentType":"application/json","schema":"{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}}}"}"""u8));
        var harness = new ManagementHarness(edit.Result());
        Assert.Equal("#set($inputRoot = $input.path('$'))\n{\n  \"name\" : \"foo\"\n}", harness.Do($"GET {StagedApi.Api}/models/Pet/default_template").TextOf("value"));
        Assert.Equal("404 NotFoundException: Invalid model name specified: Cat", harness.Fail($"GET {StagedApi.Api}/models/Cat/default_template"));
    }
}
