using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V2;

public sealed class DeploymentOperationsTests
{
    private readonly ManagementHarness _harness = new();
    private readonly string _api;

    public DeploymentOperationsTests() => _api = _harness.Do("POST /v2/apis", """{"name":"h","protocolType":"HTTP"}""").TextOf("apiId")!;

    [Fact]
    public void Freezes_the_api_and_points_a_stage_to_it()
    {
        _harness.Do($"POST /v2/apis/{_api}/routes", """{"routeKey":"GET /a"}""");
        _harness.Do($"POST /v2/apis/{_api}/stages", """{"stageName":"dev"}""");

        (int status, WireValue deployment) = _harness.Call($"POST /v2/apis/{_api}/deployments", """{"description":"first","stageName":"dev"}""");

        Assert.Equal(201, status);
        string id = deployment.TextOf("deploymentId")!;
        Assert.Matches("^[a-z0-9]{6}$", id);
        Assert.Equal("DEPLOYED", deployment.TextOf("deploymentStatus"));
        Assert.False(deployment["autoDeployed"]!.IsTrue);
        Assert.Equal("first", deployment.TextOf("description"));
        Assert.Equal(id, _harness.Do($"GET /v2/apis/{_api}/stages/dev").TextOf("deploymentId"));
        string snapshot = _harness.Book.Find(Scopes.Api(_api), Kinds.DeploymentSnapshot, id)!.Open().TextOf("snapshot")!;
        Assert.True(ScopeArchive.TryUnpack(_harness.Store.FindSnapshot(snapshot), out RecordScope? frozen));
        Assert.Equal("GET /a", Assert.Single(frozen.All(Kinds.Route)).Open().TextOf("routeKey"));
    }

    [Fact]
    public void Changes_the_description_and_deletes_what_no_stage_serves()
    {
        _harness.Do($"POST /v2/apis/{_api}/routes", """{"routeKey":"GET /a"}""");
        _harness.Do($"POST /v2/apis/{_api}/stages", """{"stageName":"dev"}""");
        string first = _harness.Do($"POST /v2/apis/{_api}/deployments", """{"stageName":"dev"}""").TextOf("deploymentId")!;
        string second = _harness.Do($"POST /v2/apis/{_api}/deployments").TextOf("deploymentId")!;

        Assert.Equal("x", _harness.Do($"PATCH /v2/apis/{_api}/deployments/{first}", """{"description":"x"}""").TextOf("description"));
        Assert.Equal("400 BadRequestException: Active stages pointing to this deployment must be moved or deleted", _harness.Fail($"DELETE /v2/apis/{_api}/deployments/{first}"));
        _harness.Do($"PATCH /v2/apis/{_api}/stages/dev", $$"""{"deploymentId":"{{second}}"}""");
        Assert.Equal(204, _harness.Call($"DELETE /v2/apis/{_api}/deployments/{first}").Status);
        Assert.Equal(second, Assert.Single(_harness.Do($"GET /v2/apis/{_api}/deployments")["items"]!.Items).TextOf("deploymentId"));
        Assert.Null(_harness.Book.Find(Scopes.Api(_api), Kinds.DeploymentSnapshot, first));
    }

    [Fact]
    public void Refuses_to_deploy_nothing()
    {
        Assert.Equal("400 BadRequestException: Unable to deploy API because no routes exist in this API", _harness.Fail($"POST /v2/apis/{_api}/deployments"));
        string webSocket = _harness.Do("POST /v2/apis", """{"name":"w","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}""").TextOf("apiId")!;
        Assert.Equal("400 BadRequestException: At least one route is required before deploying the Api.", _harness.Fail($"POST /v2/apis/{webSocket}/deployments"));
    }

    [Fact]
    public void Refuses_a_stage_that_is_not_there_or_that_deploys_itself()
    {
        _harness.Do($"POST /v2/apis/{_api}/routes", """{"routeKey":"GET /a"}""");
        Assert.Equal("404 NotFoundException: Invalid stage identifier specified", _harness.Fail($"POST /v2/apis/{_api}/deployments", """{"stageName":"dev"}"""));
        _harness.Do($"POST /v2/apis/{_api}/stages", """{"stageName":"dev","autoDeploy":true}""");
        Assert.StartsWith("400", _harness.Fail($"POST /v2/apis/{_api}/deployments", """{"stageName":"dev"}"""), StringComparison.Ordinal);
        string deployment = _harness.Do($"POST /v2/apis/{_api}/deployments").TextOf("deploymentId")!;
        Assert.StartsWith("400", _harness.Fail($"PATCH /v2/apis/{_api}/stages/dev", $$"""{"deploymentId":"{{deployment}}"}"""), StringComparison.Ordinal);
    }
}
