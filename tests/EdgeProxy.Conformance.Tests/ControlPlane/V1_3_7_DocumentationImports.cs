using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 3.7: documentation parts out of documents.</summary>
public sealed class V1_3_7_DocumentationImports
{
    private const string Described = """
        openapi: 3.0.1
        info: {title: t, description: An API, version: "1", contact: {name: me}}
        components:
          schemas: {Pet: {type: object, description: A pet}}
        x-amazon-apigateway-documentation:
          version: 1.0.3
          documentationParts:
            - {location: {type: METHOD, path: '/pets/{id}', method: GET}, properties: {summary: The part wins}}
            - {location: {type: QUERY_PARAMETER, name: q}, properties: {description: Everywhere}}
        paths:
          /pets/{id}:
            summary: One pet
            parameters: [{name: id, in: path, required: true, description: Which}]
            get:
              tags: [pets]
              summary: Gets
              description: Gets a pet
              requestBody: {description: Nothing really, content: {}}
              responses:
                200: {description: Here it is, headers: {ETag: {description: The version, schema: {type: string}}}}
                404: {description: 404 response}
              x-amazon-apigateway-integration: {type: mock}
        """;

    private readonly ManagementHarness _api = new();

    [Fact]
    public void Descriptions_become_parts_and_listed_parts_win()
    {
        string id = _api.Do("POST /restapis?mode=import", Described).TextOf("id")!;
        Assert.Equal(
            [
                """{"type":"API"} {"info":{"description":"An API","contact":{"name":"me"}}}""",
                """{"type":"METHOD","path":"/pets/{id}","method":"GET"} {"summary":"The part wins"}""",
                """{"type":"MODEL","name":"Pet"} {"description":"A pet"}""",
                """{"type":"PATH_PARAMETER","path":"/pets/{id}","method":"*","name":"id"} {"description":"Which"}""",
                """{"type":"QUERY_PARAMETER","path":"/","method":"*","name":"q"} {"description":"Everywhere"}""",
                """{"type":"REQUEST_BODY","path":"/pets/{id}","method":"GET"} {"description":"Nothing really"}""",
                """{"type":"RESOURCE","path":"/pets/{id}"} {"summary":"One pet"}""",
                """{"type":"RESPONSE","path":"/pets/{id}","method":"GET","statusCode":"200"} {"description":"Here it is"}""",
                """{"type":"RESPONSE_HEADER","path":"/pets/{id}","method":"GET","statusCode":"200","name":"ETag"} {"description":"The version"}""",
            ],
            Parts(id));
        Assert.Equal("1.0.3", _api.Do($"GET /restapis/{id}/documentation/versions/1.0.3").TextOf("version"));
    }

    [Fact]
    public void Documentation_is_left_out_when_the_client_says_so()
    {
        string id = _api.Do("POST /restapis?mode=import&ignore=documentation", Described).TextOf("id")!;
        Assert.Empty(Parts(id));
        Assert.Equal("404 NotFoundException: Invalid Documentation version identifier specified", _api.Fail($"GET /restapis/{id}/documentation/versions/1.0.3"));
    }

    [Fact]
    public void Parts_alone_are_imported_in_both_modes()
    {
        string id = _api.Do("POST /restapis", """{"name":"n"}""").TextOf("id")!;
        string kept = _api.Do($"POST /restapis/{id}/documentation/parts", """{"location":{"type":"API"},"properties":"{\"old\":1}"}""").TextOf("id")!;
        _api.Do($"POST /restapis/{id}/documentation/parts", """{"location":{"type":"MODEL","name":"Gone"},"properties":"{\"old\":1}"}""");
        (int status, WireValue merged) = _api.Call($"PUT /restapis/{id}/documentation/parts?mode=merge", Described);
        Assert.Equal(200, status);
        Assert.Equal(9, merged.TextsOf("ids").Count);
        Assert.Contains(kept, merged.TextsOf("ids"));
        Assert.Null(merged["warnings"]);
        Assert.Equal(10, Parts(id).Count);
        Assert.Equal(["/"], _api.Do($"GET /restapis/{id}/resources")["item"]!.Items.ConvertAll(resource => resource.TextOf("path")!));

        RecordBook before = _api.Book;
        _api.Do($"PUT /restapis/{id}/documentation/parts", Described);
        Assert.Same(before, _api.Book);
        Assert.Equal(9, _api.Do($"PUT /restapis/{id}/documentation/parts?mode=overwrite", Described).TextsOf("ids").Count);
        Assert.Equal(9, Parts(id).Count);

        // The version was made when there were ten parts, and stays so.
        Assert.Contains("1.0.3", _api.Do($"PUT /restapis/{id}/documentation/parts?mode=overwrite", Described).TextsOf("warnings")[0], StringComparison.Ordinal);
        Assert.StartsWith("400 BadRequestException: Warnings found during import:", _api.Fail($"PUT /restapis/{id}/documentation/parts?mode=overwrite&failonwarnings=true", Described), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void What_is_no_document_is_refused_in_the_recorded_words(string body)
    {
        string id = _api.Do("POST /restapis", """{"name":"n"}""").TextOf("id")!;
        Assert.Equal("400 BadRequestException: Unable to build importer with provided input.", _api.Fail($"PUT /restapis/{id}/documentation/parts", body));
    }

    [Fact]
    public void A_location_with_a_field_of_another_type_is_refused()
    {
        string id = _api.Do("POST /restapis", """{"name":"n"}""").TextOf("id")!;
        string document = """{"openapi":"3.0.1","x-amazon-apigateway-documentation":{"documentationParts":[{"location":{"type":"API","name":"x"},"properties":{}}]}}""";
        Assert.StartsWith("400 BadRequestException: ", _api.Fail($"PUT /restapis/{id}/documentation/parts", document), StringComparison.Ordinal);
        Assert.Empty(Parts(id));
    }

    private List<string> Parts(string id)
    {
        List<string> parts = _api.Do($"GET /restapis/{id}/documentation/parts?limit=500")["item"]!.Items.ConvertAll(part => $"{part["location"]} {part.TextOf("properties")}");
        parts.Sort(StringComparer.Ordinal);
        return parts;
    }
}
