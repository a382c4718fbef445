using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Deployments;

public sealed class AutoDeployTests
{
    private readonly ManagementHarness _harness = new();
    private readonly string _api;

    public AutoDeployTests()
    {
        _api = _harness.Do("POST /v2/apis", """{"name":"h","protocolType":"HTTP"}""").TextOf("apiId")!;
        _harness.Do($"POST /v2/apis/{_api}/stages", """{"stageName":"$default","autoDeploy":true}""");
    }

    [Fact]
    public void Says_why_an_api_without_routes_is_not_deployed()
    {
        Assert.Equal("Deployment attempt failed: Unable to deploy API because no routes exist in this API", Stage().TextOf("lastDeploymentStatusMessage"));
        Assert.Null(Stage()["deploymentId"]);
        Assert.Empty(Deployments());
    }

    [Fact]
    public void Deploys_after_each_change_of_the_api_and_moves_the_stage()
    {
        Route("GET /a");
        string first = Stage().TextOf("deploymentId")!;
        Route("GET /b");
        WireValue stage = Stage();
        string second = stage.TextOf("deploymentId")!;

        Assert.NotEqual(first, second);
        Assert.Equal($"Successfully deployed stage with deployment ID '{second}'", stage.TextOf("lastDeploymentStatusMessage"));
        Assert.Equal(["GET /a", "GET /b"], Frozen(second));
        Assert.Equal(["GET /a"], Frozen(first));
        Assert.All(Deployments(), static deployment => Assert.True(deployment.IsTrueOf("autoDeployed")));
    }

    [Fact]
    public void Leaves_a_stage_where_it_is_when_tags_alone_change()
    {
        Route("GET /a");
        string deployment = Stage().TextOf("deploymentId")!;

        _harness.Do($"POST /v2/tags/{Uri.EscapeDataString($"arn:aws:apigateway:us-east-1::/apis/{_api}")}", """{"tags":{"team":"a"}}""");
        Assert.Equal(deployment, Stage().TextOf("deploymentId"));

        _harness.Do($"PATCH /v2/apis/{_api}", """{"description":"d"}""");
        Assert.NotEqual(deployment, Stage().TextOf("deploymentId"));
    }

    [Fact]
    public void Deploys_what_a_quick_create_made_at_once()
    {
        string api = _harness.Do("POST /v2/apis", """{"name":"q","protocolType":"HTTP","target":"https://b.example"}""").TextOf("apiId")!;

        Assert.NotNull(_harness.Do($"GET /v2/apis/{api}/stages/$default").TextOf("deploymentId"));
    }

    [Fact]
    public void Deploys_when_a_stage_begins_to_deploy_itself_and_leaves_others_alone()
    {
        Route("GET /a");
        _harness.Do($"POST /v2/apis/{_api}/stages", """{"stageName":"dev"}""");
        Route("GET /b");
        Assert.Null(Stage("dev")["deploymentId"]);
        int count = Deployments().Count;

        _harness.Do($"PATCH /v2/apis/{_api}/stages/dev", """{"autoDeploy":true}""");

        Assert.Equal(["GET /a", "GET /b"], Frozen(Stage("dev").TextOf("deploymentId")!));
        Assert.Equal(count + 1, Deployments().Count);
        Route("GET /c");
        Assert.Equal(Stage().TextOf("deploymentId"), Stage("dev").TextOf("deploymentId"));
    }

    [Fact]
    public void Makes_no_deployment_when_settings_of_a_stage_change_or_nothing_does()
    {
        Route("GET /a");
        string deployment = Stage().TextOf("deploymentId")!;

        _harness.Do($"PATCH /v2/apis/{_api}/stages/$default", """{"stageVariables":{"a":"b"}}""");
        _harness.Do($"PATCH /v2/apis/{_api}", """{"name":"h"}""");

        Assert.Equal(deployment, Stage().TextOf("deploymentId"));
        Assert.Single(Deployments());
    }

    [Fact]
    public void Stays_at_the_previous_deployment_when_the_api_is_broken_and_goes_on_when_it_is_mended()
    {
        _harness.Api.Change(static edit => edit.Put(Scopes.Account, Kinds.VpcLinkV2, "abc123", WireValue.NewObject()));
        string integration = _harness.Do($"POST /v2/apis/{_api}/integrations",
            """{"integrationType":"HTTP_PROXY","integrationMethod":"ANY","connectionType":"VPC_LINK","connectionId":"abc123","integrationUri":"arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/n/1/2"}""").TextOf("integrationId")!;
        _harness.Do($"POST /v2/apis/{_api}/routes", $$"""{"routeKey":"GET /a","target":"integrations/{{integration}}"}""");
        string deployment = Stage().TextOf("deploymentId")!;

        _harness.Api.Change(static edit => edit.Remove(Scopes.Account, Kinds.VpcLinkV2, "abc123"));
        Route("GET /b");

        Assert.Equal(deployment, Stage().TextOf("deploymentId"));
        Assert.Equal("Deployment attempt failed: Unable to deploy API because route GET /a refers to VPC link abc123, which does not exist", Stage().TextOf("lastDeploymentStatusMessage"));

        _harness.Do($"PATCH /v2/apis/{_api}/integrations/{integration}", """{"connectionType":"INTERNET","connectionId":"","integrationUri":"https://b.example"}""");
        Assert.NotEqual(deployment, Stage().TextOf("deploymentId"));
        Assert.StartsWith("Successfully deployed", Stage().TextOf("lastDeploymentStatusMessage"), StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_only_some_of_the_deployments_that_no_stage_serves()
    {
        _harness.Api.Options = new() { Limits = new() { AutoDeploymentsKept = 3 } };
        Route("GET /manual");
        string manual = _harness.Do($"POST /v2/apis/{_api}/deployments").TextOf("deploymentId")!;

        for (int i = 0; i < 20; i++) Route($"GET /r{i}");

        List<WireValue> left = Deployments();
        Assert.Equal(1 + 3 + 1, left.Count);
        Assert.Contains(left, deployment => deployment.TextOf("deploymentId") == manual);
        Assert.Contains(left, deployment => deployment.TextOf("deploymentId") == Stage().TextOf("deploymentId"));
        Assert.Equal(5, _harness.Book.ScopeOrNull(Scopes.Api(_api))!.All(Kinds.DeploymentSnapshot).Count);
        Assert.Equal(21, Frozen(Stage().TextOf("deploymentId")!).Length);
    }

    [Fact]
    public void Leaves_nothing_of_a_call_that_fails()
    {
        Route("GET /a");
        string before = _harness.Book.Find(Scopes.Api(_api), Kinds.Stage, "$default")!.Open().ToString();

        _harness.Fail($"POST /v2/apis/{_api}/routes", """{"routeKey":"GET /a"}""");

        Assert.Equal(before, Stage().ToString());
    }

    private void Route(string key) => _harness.Do($"POST /v2/apis/{_api}/routes", $$"""{"routeKey":"{{key}}"}""");

    private WireValue Stage(string name = "$default") => _harness.Do($"GET /v2/apis/{_api}/stages/{name}");

    private List<WireValue> Deployments() => _harness.Do($"GET /v2/apis/{_api}/deployments")["items"]!.Items;

    private string[] Frozen(string deployment)
    {
        string snapshot = _harness.Book.Find(Scopes.Api(_api), Kinds.DeploymentSnapshot, deployment)!.Open().TextOf("snapshot")!;
        Assert.True(ScopeArchive.TryUnpack(_harness.Store.FindSnapshot(snapshot), out RecordScope? frozen));
        string[] keys = [.. frozen.All(Kinds.Route).Select(static route => route.Open().TextOf("routeKey")!)];
        Array.Sort(keys, StringComparer.Ordinal);
        return keys;
    }
}
