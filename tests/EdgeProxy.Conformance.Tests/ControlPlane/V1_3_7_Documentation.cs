using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 3.7: documentation parts and versions.</summary>
public sealed class V1_3_7_Documentation
{
    private readonly RestApiHarness _api = new();

    [Theory]
    [InlineData("API", "")]
    [InlineData("RESOURCE", "path")]
    [InlineData("METHOD", "path,method")]
    [InlineData("PATH_PARAMETER", "path,method,name*")]
    [InlineData("QUERY_PARAMETER", "path,method,name*")]
    [InlineData("REQUEST_HEADER", "path,method,name*")]
    [InlineData("REQUEST_BODY", "path,method")]
    [InlineData("RESPONSE", "path,method,statusCode")]
    [InlineData("RESPONSE_HEADER", "path,method,statusCode,name*")]
    [InlineData("RESPONSE_BODY", "path,method,statusCode")]
    [InlineData("MODEL", "name*")]
    [InlineData("AUTHORIZER", "name*")]
    public void A_type_takes_its_fields_and_no_other(string type, string fields)
    {
        string[] known = fields.Split(',', StringSplitOptions.RemoveEmptyEntries);
        WireValue needed = WireValue.NewObject().Set("type", type);
        if (Array.IndexOf(known, "name*") >= 0)
        {
            Assert.StartsWith("400 BadRequestException", _api.Fail(Parts("POST"), Body(needed)), StringComparison.Ordinal);
            needed.Set("name", "n");
        }

        // Defaults: / and * and *.
        WireValue location = _api.Do(Parts("POST"), Body(needed))["location"]!;
        Assert.Equal(Array.IndexOf(known, "path") >= 0 ? "/" : null, location.TextOf("path"));
        Assert.Equal(Array.IndexOf(known, "method") >= 0 ? "*" : null, location.TextOf("method"));
        Assert.Equal(Array.IndexOf(known, "statusCode") >= 0 ? "*" : null, location.TextOf("statusCode"));

        foreach (string field in new[] { "path", "method", "statusCode", "name" })
        {
            bool isKnown = Array.Exists(known, one => one.TrimEnd('*') == field);
            int status = _api.Management.Call(Parts("POST"), Body(needed.Clone().Set(field, field == "path" ? "/other" : "other"))).Status;
            Assert.Equal(isKnown ? 201 : 400, status);
        }
    }

    [Fact]
    public void A_location_is_documented_once()
    {
        _api.Do(Parts("POST"), """{"location":{"type":"METHOD","path":"/pets","method":"GET"},"properties":"{\"a\":1}"}""");
        Assert.Equal(
            "409 ConflictException: Documentation part already exists for the specified location: type 'METHOD', path '/pets', method 'GET'",
            _api.Fail(Parts("POST"), """{"location":{"method":"GET","path":"/pets","type":"METHOD"},"properties":"{\"b\":1}"}"""));
    }

    [Theory]
    [InlineData("type=METHOD", 2)]
    [InlineData("path=/pets", 2)]
    [InlineData("name=petId", 1)]
    [InlineData("type=METHOD&path=/pets", 1)]
    [InlineData("locationStatus=DOCUMENTED", 3)]
    [InlineData("locationStatus=UNDOCUMENTED", 1)]
    public void Lists_are_filtered(string query, int count)
    {
        _api.Do(Parts("POST"), """{"location":{"type":"METHOD","path":"/pets","method":"GET"},"properties":"{\"a\":1}"}""");
        _api.Do(Parts("POST"), """{"location":{"type":"METHOD","path":"/","method":"GET"},"properties":"{\"a\":1}"}""");
        _api.Do(Parts("POST"), """{"location":{"type":"RESOURCE","path":"/pets"},"properties":"{}"}""");
        _api.Do(Parts("POST"), """{"location":{"type":"PATH_PARAMETER","path":"/pets/{petId}","name":"petId"},"properties":"{\"a\":1}"}""");
        Assert.Equal(count, _api.Do(Parts("GET") + "?" + query)["item"]!.Items.Count);
    }

    [Fact]
    public void A_version_keeps_the_parts_as_they_were()
    {
        string part = _api.Do(Parts("POST"), """{"location":{"type":"API"},"properties":"{\"a\":1}"}""").TextOf("id")!;
        WireValue version = _api.Do($"POST {_api.Path}/documentation/versions", """{"documentationVersion":"1","description":"first"}""");
        Assert.Equal("1", version.TextOf("version"));
        Assert.Equal("first", version.TextOf("description"));
        Assert.NotNull(version.NumberOf("createdDate"));
        _api.Do($"DELETE {_api.Path}/documentation/parts/{part}");
        string frozen = System.Text.Encoding.UTF8.GetString(_api.Management.Book.Find("restapis/" + _api.Id, "documentationsnapshot", "1")!.Json.Span);
        Assert.Equal($$"""{"item":[{"id":"{{part}}","location":{"type":"API"},"properties":"{\"a\":1}"}]}""", frozen);
        Assert.StartsWith("409 ConflictException", _api.Fail($"POST {_api.Path}/documentation/versions", """{"documentationVersion":"1"}"""), StringComparison.Ordinal);
    }

    private string Parts(string method) => $"{method} {_api.Path}/documentation/parts";

    private static string Body(WireValue location) => WireValue.NewObject().Set("location", location.Clone()).Set("properties", "{\"description\":\"x\"}").ToString();
}
