using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 3.1: deployments freeze, stages point at one.</summary>
public sealed class V1_3_1_Deployments
{
    private const string Api = "/restapis/" + RestApiRecords.Api;
    private readonly ManagementHarness _harness = new(RestApiRecords.Book("GET /pets/{id}", "POST /pets"));

    [Fact]
    public void A_deployment_without_a_stage_serves_nothing_yet()
    {
        WireValue deployment = _harness.Do($"POST {Api}/deployments", """{"description":"first"}""");
        Assert.Matches("^[a-z0-9]{6}$", deployment.TextOf("id"));
        Assert.Equal(["id", "description", "createdDate"], deployment.Members.Select(static member => member.Key));
        Assert.Equal(_harness.Clock.GetUtcNow().ToUnixTimeSeconds(), deployment.NumberOf("createdDate"));
        Assert.Equal("""{"item":[]}""", _harness.Do($"GET {Api}/stages").ToString());
    }

    [Fact]
    public void A_deployment_for_an_unknown_stage_makes_it_with_what_was_said()
    {
        string id = _harness.Do($"POST {Api}/deployments", """{"stageName":"prod","stageDescription":"live","variables":{"backend":"b.example:1"},"cacheClusterEnabled":true,"cacheClusterSize":"1.6","tracingEnabled":true}""").TextOf("id")!;
        long now = _harness.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(
            $$$"""{"deploymentId":"{{{id}}}","stageName":"prod","cacheClusterEnabled":true,"cacheClusterStatus":"AVAILABLE","methodSettings":{},"tracingEnabled":true,"tags":{},"createdDate":{{{now}}},"lastUpdatedDate":{{{now}}},"description":"live","cacheClusterSize":"1.6","variables":{"backend":"b.example:1"}}""",
            _harness.Do($"GET {Api}/stages/prod").ToString());
    }

    [Fact]
    public void A_deployment_for_a_known_stage_repoints_it_and_keeps_its_settings()
    {
        string first = _harness.Do($"POST {Api}/deployments", """{"stageName":"prod","variables":{"a":"1"}}""").TextOf("id")!;
        string second = _harness.Do($"POST {Api}/deployments", """{"stageName":"prod","variables":{"b":"2"}}""").TextOf("id")!;
        Assert.NotEqual(first, second);
        WireValue stage = _harness.Do($"GET {Api}/stages/prod");
        Assert.Equal(second, stage.TextOf("deploymentId"));
        Assert.Equal("""{"a":"1","b":"2"}""", stage["variables"]!.ToString());
    }

    [Fact]
    public void Rolling_back_is_pointing_a_stage_at_an_earlier_deployment()
    {
        string first = _harness.Do($"POST {Api}/deployments", """{"stageName":"prod"}""").TextOf("id")!;
        _harness.Do($"POST {Api}/deployments", """{"stageName":"prod"}""");
        WireValue stage = _harness.Do($"PATCH {Api}/stages/prod", $$"""{"patchOperations":[{"op":"replace","path":"/deploymentId","value":"{{first}}"}]}""");
        Assert.Equal(first, stage.TextOf("deploymentId"));
    }

    [Fact]
    public void Deployments_of_equal_content_share_a_snapshot_and_others_do_not()
    {
        string first = SnapshotOf(_harness.Do($"POST {Api}/deployments").TextOf("id")!);
        Assert.Equal(first, SnapshotOf(_harness.Do($"POST {Api}/deployments").TextOf("id")!));
        Assert.Null(_harness.Api.Change(static edit => RestApiRecords.AddMethod(edit, "PUT", "/pets", RestApiRecords.Mock)));
        Assert.NotEqual(first, SnapshotOf(_harness.Do($"POST {Api}/deployments").TextOf("id")!));

        string SnapshotOf(string deployment) => _harness.Book.Find(Scopes.RestApi(RestApiRecords.Api), Kinds.DeploymentSnapshot, deployment)!.Open().TextOf("snapshot")!;
    }

    [Fact]
    public void The_summary_of_a_deployment_tells_its_methods_as_they_were()
    {
        string id = _harness.Do($"POST {Api}/deployments").TextOf("id")!;
        _harness.Api.Change(static edit => RestApiRecords.AddMethod(edit, "DELETE", "/pets", RestApiRecords.Mock));
        const string Summary = """{"/pets":{"POST":{"authorizationType":"NONE","apiKeyRequired":false}},"/pets/{id}":{"GET":{"authorizationType":"NONE","apiKeyRequired":false}}}""";
        WireValue shown = _harness.Do($"GET {Api}/deployments/{id}?embed=apisummary")["apiSummary"]!;
        Assert.Equal(Sorted(Summary), Sorted(shown.ToString()));
        Assert.Equal(shown.ToString(), _harness.Do($"GET {Api}/deployments?embed=apisummary")["item"]!.Items[0]["apiSummary"]!.ToString());
        Assert.Null(_harness.Do($"GET {Api}/deployments/{id}")["apiSummary"]);

        static string Sorted(string json) => string.Join(',', json.Trim('{', '}').Split("}},").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Deployments_are_listed_a_page_at_a_time()
    {
        for (int i = 0; i < 3; i++) _harness.Do($"POST {Api}/deployments");
        WireValue page = _harness.Do($"GET {Api}/deployments?limit=2");
        Assert.Equal(2, page["item"]!.Items.Count);
        WireValue rest = _harness.Do($"GET {Api}/deployments?limit=2&position={page.TextOf("position")}");
        Assert.Single(rest["item"]!.Items);
        Assert.Null(rest["position"]);
    }

    [Fact]
    public void Only_the_description_of_a_deployment_changes()
    {
        string id = _harness.Do($"POST {Api}/deployments").TextOf("id")!;
        Assert.Equal("why", _harness.Do($"PATCH {Api}/deployments/{id}", """{"patchOperations":[{"op":"replace","path":"/description","value":"why"}]}""").TextOf("description"));
        Assert.Equal(
            "400 BadRequestException: Invalid patch path  '/id' specified for op 'replace'. Must be one of: [/description]",
            _harness.Fail($"PATCH {Api}/deployments/{id}", """{"patchOperations":[{"op":"replace","path":"/id","value":"x"}]}"""));
    }

    [Fact]
    public void A_deployment_that_a_stage_or_its_canary_points_at_stays()
    {
        const string InUse = "400 BadRequestException: Active stages pointing to this deployment must be moved or deleted";
        string first = _harness.Do($"POST {Api}/deployments", """{"stageName":"prod"}""").TextOf("id")!;
        string canary = _harness.Do($"POST {Api}/deployments", """{"stageName":"prod","canarySettings":{"percentTraffic":10.0}}""").TextOf("id")!;
        Assert.Equal(InUse, _harness.Fail($"DELETE {Api}/deployments/{first}"));
        Assert.Equal(InUse, _harness.Fail($"DELETE {Api}/deployments/{canary}"));
        _harness.Do($"DELETE {Api}/stages/prod");
        Assert.Equal(202, _harness.Call($"DELETE {Api}/deployments/{first}").Status);
        Assert.Equal("404 NotFoundException: Invalid deployment identifier specified", _harness.Fail($"GET {Api}/deployments/{first}"));
        Assert.Null(_harness.Book.Find(Scopes.RestApi(RestApiRecords.Api), Kinds.DeploymentSnapshot, first));
    }

    [Fact]
    public void What_cannot_be_deployed_is_refused_in_the_services_words()
    {
        var empty = new ManagementHarness(RestApiRecords.Book());
        Assert.Equal("400 BadRequestException: The REST API doesn't contain any methods", empty.Fail($"POST {Api}/deployments"));
        var half = new ManagementHarness(RestApiRecords.Book("GET /a", "!GET /b"));
        Assert.Equal("400 BadRequestException: No integration defined for method", half.Fail($"POST {Api}/deployments"));
        Assert.Equal("404 NotFoundException: Invalid API identifier specified 000000000000:nope", _harness.Fail("POST /restapis/nope/deployments"));
        Assert.StartsWith("400 ValidationException: 1 validation error detected: Value '3' at 'createDeploymentInput.cacheClusterSize'", _harness.Fail($"POST {Api}/deployments", """{"cacheClusterSize":"3"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_cannot_be_served_leaves_no_deployment()
    {
        _harness.Publisher.Problem = "A template does not compile.";
        Assert.Equal("400 BadRequestException: A template does not compile.", _harness.Fail($"POST {Api}/deployments", """{"stageName":"prod"}"""));
        Assert.Equal("""{"item":[]}""", _harness.Do($"GET {Api}/deployments").ToString());
    }
}
