using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 9: the structural limits on the definition of a REST API, each of which is a setting.</summary>
public sealed class V1_9_Limits
{
    private readonly RestApiHarness _api = new();

    [Fact]
    public void Counts_are_limited_by_429()
    {
        _api.Do($"POST {_api.Path}/requestvalidators", """{"name":"v"}""");
        _api.Do($"POST {_api.Path}/documentation/parts", """{"location":{"type":"API"},"properties":"{\"a\":1}"}""");
        _api.Do($"POST {_api.Path}/documentation/versions", """{"documentationVersion":"1"}""");
        _api.AddAuthorizer();
        SetLimits(new ManagementLimits { Apis = 1, ResourcesPerApi = 3, DefinitionsPerApi = 1, AuthorizersPerApi = 1, DocumentationParts = 1, DocumentationVersions = 1, Tags = 1 });
        Assert.StartsWith("429 LimitExceededException", _api.Fail("POST /restapis", """{"name":"a"}"""), StringComparison.Ordinal);
        Assert.StartsWith("429 LimitExceededException", _api.Fail($"POST {_api.Path}/resources/{_api.Root}", """{"pathPart":"a"}"""), StringComparison.Ordinal);
        Assert.StartsWith("429 LimitExceededException", _api.Fail($"POST {_api.Path}/models", """{"name":"A","schema":"{\"type\":\"object\"}","contentType":"application/json"}"""), StringComparison.Ordinal);
        Assert.StartsWith("429 LimitExceededException", _api.Fail($"POST {_api.Path}/requestvalidators", """{"name":"a"}"""), StringComparison.Ordinal);
        Assert.StartsWith("429 LimitExceededException", _api.Fail($"POST {_api.Path}/authorizers", """{"name":"a","type":"TOKEN"}"""), StringComparison.Ordinal);
        Assert.StartsWith("429 LimitExceededException", _api.Fail($"POST {_api.Path}/documentation/parts", """{"location":{"type":"RESOURCE"},"properties":"{\"a\":1}"}"""), StringComparison.Ordinal);
        Assert.StartsWith("429 LimitExceededException", _api.Fail($"POST {_api.Path}/documentation/versions", """{"documentationVersion":"2"}"""), StringComparison.Ordinal);
        Assert.Equal(1, _api.Management.Last!.RetryAfter);
    }

    [Fact]
    public void Sizes_are_limited_by_400()
    {
        SetLimits(new ManagementLimits { ModelSchemaBytes = 20, DocumentationPartBytes = 10, PolicyCharacters = 20, PathCharacters = 10, IntegrationTimeoutMilliseconds = 40_000 });
        string longText = new('a', 100);
        Assert.Equal(
            "400 BadRequestException: Model schema must be at most 20 bytes",
            _api.Fail($"POST {_api.Path}/models", $$"""{"name":"A","schema":"{\"title\":\"{{longText}}\"}","contentType":"application/json"}"""));
        Assert.Equal(
            "400 BadRequestException: Documentation part properties must be at most 10 bytes",
            _api.Fail($"POST {_api.Path}/documentation/parts", $$"""{"location":{"type":"API"},"properties":"{\"a\":\"{{longText}}\"}"}"""));
        Assert.Equal(
            "400 BadRequestException: Resource policy must be at most 20 characters.",
            _api.Fail("POST /restapis", $$"""{"name":"a","policy":"{\"Statement\":[],\"Id\":\"{{longText}}\"}"}"""));
        Assert.Equal("400 BadRequestException: The path of a resource must be at most 10 characters.", _api.Fail($"POST {_api.Path}/resources/{_api.Pets}", """{"pathPart":"abcdef"}"""));
        Assert.Equal("400 BadRequestException: Timeout should be between 50 ms and 40000 ms", _api.Fail("PUT " + _api.Integration, """{"type":"MOCK","timeoutInMillis":40001}"""));
        Assert.Equal("400 BadRequestException: Timeout should be between 50 ms and 40000 ms", _api.Fail("PUT " + _api.Integration, """{"type":"MOCK","timeoutInMillis":49}"""));
    }

    [Fact]
    public void A_move_that_makes_a_path_too_long_moves_nothing()
    {
        SetLimits(new ManagementLimits { PathCharacters = 20 });
        Assert.StartsWith("400 BadRequestException", _api.Fail($"PATCH {_api.Path}/resources/{_api.Pets}", RestApiHarness.Patch("replace", "/pathPart", "fourteen-chars")), StringComparison.Ordinal);
        WireValue pet = _api.Do($"GET {_api.Path}/resources/{_api.Pet}");
        Assert.Equal("/pets/{petId}", pet.TextOf("path"));
    }

    private void SetLimits(ManagementLimits limits) => _api.Management.Api.Options = new ManagementOptions { Limits = limits };
}
