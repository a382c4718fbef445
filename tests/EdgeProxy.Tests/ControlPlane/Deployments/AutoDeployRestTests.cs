using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Deployments;

public sealed class AutoDeployRestTests
{
    private const string Api = "/restapis/" + RestApiRecords.Api;
    private readonly ManagementHarness _harness;
    private readonly List<(string Api, string Why)> _failed = [];
    private readonly string _first;

    public AutoDeployRestTests()
    {
        _harness = new ManagementHarness(RestApiRecords.Book("GET /pets"), services => services with { DeploymentFailed = (api, why) => _failed.Add((api, why)) });
        _first = _harness.Do($"POST {Api}/deployments", """{"stageName":"prod"}""").TextOf("id")!;
        _harness.Do($"POST {Api}/stages", $$"""{"stageName":"beta","deploymentId":"{{_first}}"}""");
        _harness.Api.Options = new ManagementOptions { AutoDeploy = true, Limits = new ManagementLimits { AutoDeploymentsKept = 2 } };
    }

    [Fact]
    public void A_change_is_deployed_to_all_stages_by_one_deployment()
    {
        Add("GET", "/orders");
        string now = Served("prod");
        Assert.NotEqual(_first, now);
        Assert.Equal(now, Served("beta"));
        Assert.Equal("Automatic deployment", _harness.Do($"GET {Api}/deployments/{now}").TextOf("description"));
        Assert.Equal("[]", _harness.Do($"GET {Api}/stages/prod/diff")["changes"]!.ToString());
    }

    [Fact]
    public void What_cannot_be_deployed_yet_is_kept_and_changes_nothing_that_is_served()
    {
        Assert.Null(_harness.Api.Change(static edit => RestApiRecords.AddMethod(edit, "PUT", "/pets", null)));
        Assert.Equal(_first, Served("prod"));

        // A template that no compiler takes.
        Assert.Null(_harness.Api.Change(static edit => RestApiRecords.AddMethod(edit, "PUT", "/pets", """{"type":"HTTP","httpMethod":"NOPE NOPE","uri":"not a uri"}""")));
        Assert.Equal(_first, Served("prod"));
        Add("PUT", "/pets");
        Assert.NotEqual(_first, Served("prod"));
    }

    [Fact]
    public void A_canary_gets_what_its_stage_would()
    {
        _harness.Do($"PATCH {Api}/stages/prod", """{"patchOperations":[{"op":"replace","path":"/canarySettings/percentTraffic","value":"10"}]}""");
        Add("GET", "/orders");
        WireValue stage = _harness.Do($"GET {Api}/stages/prod");
        Assert.Equal((_first, Served("beta")), (stage.TextOf("deploymentId"), stage["canarySettings"]!.TextOf("deploymentId")));
    }

    [Fact]
    public void Deployments_that_no_stage_serves_any_more_go_but_for_a_few()
    {
        for (int i = 0; i < 8; i++) Add("GET", $"/orders{i}");
        IReadOnlyList<EdgeProxy.ControlPlane.Records.Record> kept = _harness.Book.ScopeOrNull(Scopes.RestApi(RestApiRecords.Api))!.All(Kinds.Deployment);
        Assert.Equal(4, kept.Count); // that of somebody, the one that is served, two more
        Assert.Contains(kept, record => record.Key == _first);
        Assert.Contains(kept, record => record.Key == Served("prod"));
    }

    [Fact]
    public void A_stage_setting_deploys_nothing_and_neither_does_a_change_back()
    {
        int before = Deployments();
        _harness.Do($"PATCH {Api}/stages/prod", """{"patchOperations":[{"op":"replace","path":"/description","value":"x"}]}""");
        Assert.Equal(before, Deployments());
    }

    [Fact]
    public void A_change_is_kept_where_only_its_automatic_deployment_cannot_be_served_and_that_is_told()
    {
        int before = Deployments();
        _harness.Publisher.Refuses = static edit => edit.Changes.Any(static change => change.Kind == Kinds.Deployment && change.Record is not null);
        WireValue resource = _harness.Do($"POST {Api}/resources/{_harness.Do($"GET {Api}").TextOf("rootResourceId")}", """{"pathPart":"kept"}""");

        Assert.Equal("/kept", _harness.Do($"GET {Api}/resources/{resource.TextOf("id")}").TextOf("path"));
        Assert.Equal((_first, before), (Served("prod"), Deployments()));
        Assert.Equal([(RestApiRecords.Api, "It cannot be served.")], _failed);
        Assert.DoesNotContain(_harness.Publisher.Published[^1], static change => change.Kind is Kinds.Deployment or Kinds.Stage);

        // One that somebody asks for is refused as ever.
        Assert.Equal("400 BadRequestException: It cannot be served.", _harness.Fail($"POST {Api}/deployments", """{"stageName":"prod"}"""));
        _harness.Publisher.Refuses = null;
        Add("GET", "/orders");
        Assert.NotEqual(_first, Served("prod"));
    }

    [Fact]
    public void A_change_that_cannot_be_served_itself_is_refused_with_its_own_reason()
    {
        _harness.Publisher.Problem = "Not this.";
        Assert.Equal("400 BadRequestException: Not this.", _harness.Fail($"POST {Api}/resources/{_harness.Do($"GET {Api}").TextOf("rootResourceId")}", """{"pathPart":"kept"}"""));
        Assert.Empty(_failed);
    }

    [Fact]
    public void Nothing_is_deployed_where_nobody_asked_for_it()
    {
        _harness.Api.Options = new ManagementOptions();
        Add("GET", "/orders");
        Assert.Equal(_first, Served("prod"));
    }

    private int Deployments() => _harness.Book.ScopeOrNull(Scopes.RestApi(RestApiRecords.Api))!.All(Kinds.Deployment).Count;

    private void Add(string verb, string path) => Assert.Null(_harness.Api.Change(edit => RestApiRecords.AddMethod(edit, verb, path, RestApiRecords.Mock)));

    private string Served(string stage) => _harness.Do($"GET {Api}/stages/{stage}").TextOf("deploymentId")!;
}
