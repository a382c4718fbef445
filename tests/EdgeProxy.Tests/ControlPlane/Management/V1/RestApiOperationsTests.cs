using EdgeProxy.ControlPlane.Management.V1;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class RestApiOperationsTests
{
    private readonly ManagementHarness _harness = new();

    [Fact]
    public void A_new_api_has_its_defaults_a_root_resource_and_two_models()
    {
        WireValue api = _harness.Do("POST /restapis", """{"name":"pets"}""");
        Assert.Matches("^[a-z0-9]{10}$", api.TextOf("id"));
        Assert.Matches("^[a-z0-9]{10}$", api.TextOf("rootResourceId"));
        Assert.Equal("HEADER", api.TextOf("apiKeySource"));
        Assert.Equal("""{"types":["EDGE"],"ipAddressType":"ipv4"}""", api["endpointConfiguration"]!.ToString());
        Assert.Equal(WireKind.Boolean, api["disableExecuteApiEndpoint"]!.Kind);
        Assert.Null(api["minimumCompressionSize"]);
        Assert.Null(api["tags"]);
        Assert.Equal(_harness.Clock.GetUtcNow().ToUnixTimeSeconds(), api.NumberOf("createdDate"));

        string id = api.TextOf("id")!;
        Assert.Equal("{}", _harness.Do($"GET /restapis/{id}")["tags"]!.ToString());
        WireValue resources = _harness.Do($"GET /restapis/{id}/resources");
        Assert.Equal($$"""[{"id":"{{api.TextOf("rootResourceId")}}","path":"/"}]""", resources["item"]!.ToString());
        Assert.Equal(2, _harness.Book.ScopeOrNull(Scopes.RestApi(id))!.All(Kinds.Model).Count);
    }

    [Fact]
    public void A_tag_chooses_the_id_and_not_twice()
    {
        Assert.Equal("my-api", _harness.Do("POST /restapis", """{"name":"pets","tags":{"_custom_id_":"my-api"}}""").TextOf("id"));
        Assert.StartsWith("409 ConflictException", _harness.Fail("POST /restapis", """{"name":"pets","tags":{"_custom_id_":"my-api"}}"""), StringComparison.Ordinal);
        Assert.StartsWith("400 BadRequestException", _harness.Fail("POST /restapis", """{"name":"pets","tags":{"_custom_id_":"a/b"}}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_is_kept_in_the_form_in_which_it_is_shown()
    {
        WireValue api = _harness.Do("POST /restapis", """{"name":"pets","policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Resource\":\"execute-api:/*\"}]}"}""");
        Assert.Equal("""{\"Version\":\"2012-10-17\",\"Statement\":[{\"Resource\":\"execute-api:\/*\"}]}""", api.TextOf("policy"));
        Assert.Equal("""{"Version":"2012-10-17","Statement":[{"Resource":"execute-api:/*"}]}""", PolicyText.Plain(api.TextOf("policy")!));
    }

    [Fact]
    public void A_deleted_api_leaves_no_record()
    {
        string id = _harness.Do("POST /restapis", """{"name":"pets"}""").TextOf("id")!;
        _harness.Do($"DELETE /restapis/{id}");
        Assert.Empty(_harness.Book.Scopes);
        Assert.Equal($"404 NotFoundException: Invalid API identifier specified 000000000000:{id}", _harness.Fail($"DELETE /restapis/{id}"));
    }

    [Fact]
    public void A_clone_has_the_same_paths_and_methods_under_ids_of_its_own()
    {
        WireValue api = _harness.Do("POST /restapis", """{"name":"pets","description":"All pets","binaryMediaTypes":["image/png"]}""");
        string id = api.TextOf("id")!;
        string pets = _harness.Do($"POST /restapis/{id}/resources/{api.TextOf("rootResourceId")}", """{"pathPart":"pets"}""").TextOf("id")!;
        _harness.Do($"PUT /restapis/{id}/resources/{pets}/methods/GET", """{"authorizationType":"NONE"}""");
        _harness.Do($"PUT /restapis/{id}/resources/{pets}/methods/GET/integration", """{"type":"MOCK"}""");

        WireValue clone = _harness.Do("POST /restapis", $$"""{"name":"more","cloneFrom":"{{id}}"}""");
        Assert.Equal("All pets", clone.TextOf("description"));
        Assert.Equal("""["image/png"]""", clone["binaryMediaTypes"]!.ToString());
        WireValue? resource = _harness.Do($"GET /restapis/{clone.TextOf("id")}/resources?embed=methods")["item"]!.Items.Find(static item => item.TextOf("path") == "/pets");
        Assert.NotNull(resource);
        Assert.NotEqual(pets, resource.TextOf("id"));
        Assert.Equal(clone.TextOf("rootResourceId"), resource.TextOf("parentId"));
        Assert.Equal(resource.TextOf("id"), resource["resourceMethods"]!["GET"]!["methodIntegration"]!.TextOf("cacheNamespace"));
    }
}
