using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V2;

public sealed class ModelOperationsTests
{
    private readonly ManagementHarness _harness = new();
    private readonly string _api;

    public ModelOperationsTests() => _api = NewApi("");

    [Fact]
    public void Creates_changes_and_deletes_a_model()
    {
        (int status, WireValue model) = _harness.Call($"POST /v2/apis/{_api}/models", """{"name":"Pet","schema":"{\"type\":\"object\"}","description":"d"}""");

        Assert.Equal(201, status);
        Assert.Equal("application/json", model.TextOf("contentType"));
        string id = model.TextOf("modelId")!;
        Assert.Equal("Dog", _harness.Do($"PATCH /v2/apis/{_api}/models/{id}", """{"name":"Dog"}""").TextOf("name"));
        Assert.Equal(204, _harness.Call($"DELETE /v2/apis/{_api}/models/{id}").Status);
        Assert.Equal($"404 NotFoundException: Invalid Model identifier specified {id}", _harness.Fail($"GET /v2/apis/{_api}/models/{id}"));
    }

    [Theory]
    [InlineData("""{"name":"","schema":"{}"}""", "400 BadRequestException: Model name must be non-empty")]
    [InlineData("""{"name":"a-b","schema":"{}"}""", "400 BadRequestException: Model name must be alphanumeric")]
    [InlineData("""{"name":"Pet","schema":""}""", "400 BadRequestException: Model schema must be non-empty")]
    [InlineData("""{"name":"Pet","schema":"{"}""", "400 BadRequestException: Invalid model schema specified: The schema is not a JSON object.")]
    [InlineData("""{"name":"Pet","schema":"[]"}""", "400 BadRequestException: Invalid model schema specified: The schema is not a JSON object.")]
    public void Refuses_what_is_no_model(string body, string error) => Assert.Equal(error, _harness.Fail($"POST /v2/apis/{_api}/models", body));

    [Fact]
    public void Checks_schemas_unless_the_api_says_not_to()
    {
        const string Wrong = """{"name":"Pet","schema":"{\"type\":7}"}""";

        Assert.StartsWith("400 BadRequestException: Invalid model schema specified: ", _harness.Fail($"POST /v2/apis/{_api}/models", Wrong), StringComparison.Ordinal);
        Assert.Equal(201, _harness.Call($"POST /v2/apis/{NewApi(""","disableSchemaValidation":true""")}/models", Wrong).Status);
    }

    [Fact]
    public void Refers_to_other_models_of_the_api()
    {
        _harness.Do($"POST /v2/apis/{_api}/models", """{"name":"Tag","schema":"{\"type\":\"string\"}"}""");

        Assert.Equal(201, _harness.Call($"POST /v2/apis/{_api}/models", """{"name":"Pet","schema":"{\"properties\":{\"tag\":{\"$ref\":\"#/definitions/Tag\"}}}"}""").Status);
        Assert.StartsWith("400", _harness.Fail($"POST /v2/apis/{_api}/models", """{"name":"Cat","schema":"{\"properties\":{\"tag\":{\"$ref\":\"#/definitions/None\"}}}"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Has_a_name_of_its_own_and_stays_while_routes_need_it()
    {
        string id = _harness.Do($"POST /v2/apis/{_api}/models", """{"name":"Pet","schema":"{}"}""").TextOf("modelId")!;
        string route = _harness.Do($"POST /v2/apis/{_api}/routes", """{"routeKey":"send","modelSelectionExpression":"$request.body.kind","requestModels":{"pet":"Pet"}}""").TextOf("routeId")!;
        _harness.Do($"POST /v2/apis/{_api}/routes/{route}/routeresponses", """{"routeResponseKey":"$default","responseModels":{"$default":"Pet"}}""");

        Assert.Equal("409 ConflictException: Model name already exists for this API", _harness.Fail($"POST /v2/apis/{_api}/models", """{"name":"Pet","schema":"{}"}"""));
        Assert.Equal("409 ConflictException: Cannot delete model 'Pet', is referenced in route: send", _harness.Fail($"DELETE /v2/apis/{_api}/models/{id}"));
        _harness.Do($"PATCH /v2/apis/{_api}/routes/{route}", """{"requestModels":{}}""");
        Assert.StartsWith("409 ConflictException: Cannot delete model 'Pet', is referenced in route response: ", _harness.Fail($"DELETE /v2/apis/{_api}/models/{id}"), StringComparison.Ordinal);
        _harness.Do($"DELETE /v2/apis/{_api}/routes/{route}");
        Assert.Equal(204, _harness.Call($"DELETE /v2/apis/{_api}/models/{id}").Status);
    }

    [Fact]
    public void Is_no_longer_than_the_setting_allows()
    {
        _harness.Api.Options = new() { Limits = new() { ModelSchemaBytes = 20 } };

        Assert.Equal(201, _harness.Call($"POST /v2/apis/{_api}/models", """{"name":"A","schema":"{\"title\":\"12345678\"}"}""").Status);
        Assert.Equal("400 BadRequestException: Invalid model schema specified, can be at most 20 bytes.", _harness.Fail($"POST /v2/apis/{_api}/models", """{"name":"B","schema":"{\"title\":\"123456789\"}"}"""));
    }

    [Fact]
    public void Is_nothing_for_http_apis()
    {
        string http = _harness.Do("POST /v2/apis", """{"name":"h","protocolType":"HTTP"}""").TextOf("apiId")!;

        Assert.StartsWith("400", _harness.Fail($"POST /v2/apis/{http}/models", """{"name":"Pet","schema":"{}"}"""), StringComparison.Ordinal);
    }

    private string NewApi(string more) =>
        _harness.Do("POST /v2/apis", $$"""{"name":"w","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"{{more}}}""").TextOf("apiId")!;
}
