using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class DocumentationVersionOperationsTests
{
    private readonly RestApiHarness _api = new();

    [Fact]
    public void Its_description_is_all_that_changes()
    {
        _api.Do($"POST {_api.Path}/documentation/versions", """{"documentationVersion":"1.0"}""");
        string target = $"{_api.Path}/documentation/versions/1.0";
        Assert.Equal("d", _api.Do("PATCH " + target, RestApiHarness.Patch("replace", "/description", "d")).TextOf("description"));
        Assert.StartsWith("400", _api.Fail("PATCH " + target, RestApiHarness.Patch("replace", "/version", "2")), StringComparison.Ordinal);
        _api.Do("DELETE " + target);
        Assert.Equal("404 NotFoundException: Invalid Documentation version identifier specified", _api.Fail("GET " + target));
    }

    [Fact]
    public void A_stage_that_it_is_for_must_be_there_and_keeps_it()
    {
        Assert.Equal("404 NotFoundException: Invalid stage identifier specified", _api.Fail($"POST {_api.Path}/documentation/versions", """{"documentationVersion":"1","stageName":"nope"}"""));
        _api.Do($"POST {_api.Path}/deployments", """{"stageName":"prod"}""");
        _api.Do($"POST {_api.Path}/documentation/versions", """{"documentationVersion":"1","stageName":"prod"}""");
        Assert.Equal("1", _api.Do($"GET {_api.Path}/stages/prod").TextOf("documentationVersion"));
        Assert.Equal("409 ConflictException: Cannot delete documentation version '1', is referenced in stage: prod", _api.Fail($"DELETE {_api.Path}/documentation/versions/1"));
    }
}
