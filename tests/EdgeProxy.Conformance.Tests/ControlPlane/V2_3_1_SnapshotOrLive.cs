using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 3.1 and 3.4, as far as they speak of V2: what a deployment freezes, and which of them make themselves.</summary>
public sealed class V2_3_1_SnapshotOrLive
{
    private readonly V2Api _api = new();

    [Fact]
    public void A_deployment_is_what_the_api_was()
    {
        _api.Do($"POST {_api.Http}/routes", $$"""{"routeKey":"GET /a","target":"integrations/{{_api.HttpIntegration}}"}""");
        _api.Do($"POST {_api.Http}/stages", """{"stageName":"prod"}""");
        string first = _api.Do($"POST {_api.Http}/deployments", """{"stageName":"prod"}""").TextOf("deploymentId")!;

        _api.Do($"PATCH {_api.Http}", """{"corsConfiguration":{"allowOrigins":["*"]}}""");
        _api.Do($"PATCH {_api.Http}/integrations/{_api.HttpIntegration}", """{"timeoutInMillis":100}""");

        RecordScope frozen = Frozen(first);
        Assert.Null(Assert.Single(frozen.All(Kinds.Api)).Open()["corsConfiguration"]);
        Assert.Equal(30_000, Assert.Single(frozen.All(Kinds.Integration)).Open().NumberOf("timeoutInMillis"));
        Assert.Equal(first, _api.Do($"GET {_api.Http}/stages/prod").TextOf("deploymentId"));

        string second = _api.Do($"POST {_api.Http}/deployments", """{"stageName":"prod"}""").TextOf("deploymentId")!;
        Assert.Equal(100, Assert.Single(Frozen(second).All(Kinds.Integration)).Open().NumberOf("timeoutInMillis"));

        // Rolled back.
        Assert.Equal(first, _api.Do($"PATCH {_api.Http}/stages/prod", $$"""{"deploymentId":"{{first}}"}""").TextOf("deploymentId"));
    }

    [Fact]
    public void Settings_of_a_stage_are_live()
    {
        _api.Do($"POST {_api.Http}/routes", """{"routeKey":"GET /a"}""");
        _api.Do($"POST {_api.Http}/stages", """{"stageName":"prod"}""");
        string deployment = _api.Do($"POST {_api.Http}/deployments", """{"stageName":"prod"}""").TextOf("deploymentId")!;

        WireValue stage = _api.Do($"PATCH {_api.Http}/stages/prod", """{"stageVariables":{"a":"b"},"routeSettings":{"GET /a":{"throttlingRateLimit":5}}}""");

        Assert.Equal(deployment, stage.TextOf("deploymentId"));
        Assert.Equal("""{"a":"b"}""", stage["stageVariables"]!.ToString());
    }

    [Fact]
    public void Every_change_of_the_api_is_deployed_to_stages_that_deploy_themselves()
    {
        _api.Do($"POST {_api.Http}/routes", """{"routeKey":"GET /a"}""");
        _api.Do($"POST {_api.Http}/stages", """{"stageName":"$default","autoDeploy":true}""");
        var seen = new HashSet<string>(StringComparer.Ordinal) { Deployment() };

        string[] changes =
        [
            $$"""POST {{_api.Http}}/routes {"routeKey":"GET /b"}""",
            $$$"""PATCH {{{_api.Http}}} {"corsConfiguration":{"allowOrigins":["*"]}}""",
            $$"""PATCH {{_api.Http}}/integrations/{{_api.HttpIntegration}} {"timeoutInMillis":200}""",
            $$$"""POST {{{_api.Http}}}/authorizers {"authorizerType":"JWT","name":"a","identitySource":["$request.header.a"],"jwtConfiguration":{"issuer":"https://i.example","audience":["x"]}}""",
            $"DELETE {_api.Http}/cors ",
        ];
        foreach (string change in changes)
        {
            int body = change.IndexOf(' ', change.IndexOf(' ', StringComparison.Ordinal) + 1);
            _api.Do(change[..body], change[(body + 1)..]);
            Assert.True(seen.Add(Deployment()), change);
            Assert.True(_api.Do($"GET {_api.Http}/deployments/{Deployment()}").IsTrueOf("autoDeployed"));
        }

        string Deployment() => _api.Do($"GET {_api.Http}/stages/$default").TextOf("deploymentId")!;
    }

    [Fact]
    public void A_broken_api_stays_at_the_previous_deployment_and_says_why()
    {
        string route = _api.Do($"POST {_api.Http}/routes", """{"routeKey":"GET /a"}""").TextOf("routeId")!;
        _api.Do($"POST {_api.Http}/stages", """{"stageName":"$default","autoDeploy":true}""");
        string deployment = _api.Do($"GET {_api.Http}/stages/$default").TextOf("deploymentId")!;

        _api.Do($"DELETE {_api.Http}/routes/{route}");

        WireValue stage = _api.Do($"GET {_api.Http}/stages/$default");
        Assert.Equal(deployment, stage.TextOf("deploymentId"));
        Assert.Equal("Deployment attempt failed: Unable to deploy API because no routes exist in this API", stage.TextOf("lastDeploymentStatusMessage"));
        Assert.Equal("GET /a", Assert.Single(Frozen(deployment).All(Kinds.Route)).Open().TextOf("routeKey"));
    }

    [Fact]
    public void A_stage_that_deploys_itself_takes_no_deployment_by_hand()
    {
        _api.Do($"POST {_api.Http}/routes", """{"routeKey":"GET /a"}""");
        _api.Do($"POST {_api.Http}/stages", """{"stageName":"a","autoDeploy":true}""");
        string id = _api.Do($"GET {_api.Http}/stages/a").TextOf("deploymentId")!;

        Assert.StartsWith("400 BadRequestException", _api.Fail($"POST {_api.Http}/deployments", """{"stageName":"a"}"""), StringComparison.Ordinal);
        Assert.StartsWith("400 BadRequestException", _api.Fail($"PATCH {_api.Http}/stages/a", $$"""{"deploymentId":"{{id}}"}"""), StringComparison.Ordinal);
        Assert.StartsWith("400 BadRequestException", _api.Fail($"PATCH {_api.Http}/stages/a", """{"deploymentId":""}"""), StringComparison.Ordinal);
        Assert.Equal(200, _api.Status($"PATCH {_api.Http}/stages/a", $$"""{"autoDeploy":false,"deploymentId":"{{id}}"}"""));
    }

    [Fact]
    public void Stage_variables_have_plain_names_and_values_and_are_at_most_a_hundred()
    {
        _api.Do($"POST {_api.Http}/stages", """{"stageName":"a"}""");
        Assert.Equal(200, Variable(new string('n', 64), "Az09-._~:/?#&=,"));
        Assert.Equal(400, Variable(new string('n', 65), "x"));
        Assert.Equal(200, Variable("a", new string('v', 512)));
        Assert.Equal(400, Variable("a", new string('v', 513)));
        Assert.Equal(400, Variable("a-b", "x"));
        Assert.Equal(400, Variable("a", "x y"));
        Assert.Equal(400, Variable("a", "${x}"));
        for (int i = 2; i < 100; i++) Assert.Equal(200, Variable($"v{i}", "x"));
        Assert.Equal(400, Variable("more", "x"));

        int Variable(string name, string value) => _api.Status($"PATCH {_api.Http}/stages/a", $$$"""{"stageVariables":{"{{{name}}}":"{{{value}}}"}}""");
    }

    private RecordScope Frozen(string deployment)
    {
        string scope = _api.Http.Replace("/v2/", "", StringComparison.Ordinal);
        string snapshot = _api.Harness.Book.Find(scope, Kinds.DeploymentSnapshot, deployment)!.Open().TextOf("snapshot")!;
        Assert.True(ScopeArchive.TryUnpack(_api.Harness.Store.FindSnapshot(snapshot), out RecordScope? frozen));
        return frozen;
    }
}
