using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 3.3: how a canary comes, changes, is promoted and goes.</summary>
public sealed class V1_3_3_Canary
{
    private readonly StagedApi _api = new();

    [Fact]
    public void A_deployment_makes_a_canary_of_itself_on_a_stage_that_keeps_its_own()
    {
        string canary = _api.Deploy("""{"stageName":"prod","canarySettings":{"percentTraffic":12.5,"stageVariableOverrides":{"lambda":"new"},"useStageCache":true}}""");
        WireValue stage = _api.Shown;
        Assert.Equal(_api.Deployment, stage.TextOf("deploymentId"));
        Assert.Equal($$$"""{"percentTraffic":12.5,"deploymentId":"{{{canary}}}","useStageCache":true,"stageVariableOverrides":{"lambda":"new"}}""", stage["canarySettings"]!.ToString());
    }

    [Fact]
    public void A_plain_deployment_updates_the_canary_while_there_is_one()
    {
        _api.Deploy("""{"stageName":"prod","canarySettings":{"percentTraffic":5}}""");
        string next = _api.Deploy("""{"stageName":"prod"}""");
        Assert.Equal((_api.Deployment, next, 5.0), (_api.Shown.TextOf("deploymentId"), _api.Shown["canarySettings"]!.TextOf("deploymentId"), _api.Shown["canarySettings"]!.DoubleOf("percentTraffic")));
        _api.Patch("remove /canarySettings");
        string last = _api.Deploy("""{"stageName":"prod"}""");
        Assert.Equal((last, null), (_api.Shown.TextOf("deploymentId"), _api.Shown["canarySettings"]));
    }

    [Fact]
    public void A_share_of_the_traffic_alone_makes_a_canary_of_what_the_stage_serves()
    {
        WireValue canary = _api.Patch("replace /canarySettings/percentTraffic 50")["canarySettings"]!;
        Assert.Equal($$"""{"percentTraffic":50.0,"deploymentId":"{{_api.Deployment}}","useStageCache":false}""", canary.ToString());
    }

    [Fact]
    public void A_deployment_alone_makes_a_canary_without_traffic()
    {
        string other = _api.Deploy();
        WireValue canary = _api.Patch($"replace /canarySettings/deploymentId {other}")["canarySettings"]!;
        Assert.Equal($$"""{"percentTraffic":0.0,"deploymentId":"{{other}}","useStageCache":false}""", canary.ToString());
    }

    [Fact]
    public void A_stage_is_made_with_a_canary()
    {
        string other = _api.Deploy();
        WireValue stage = _api.Harness.Do($"POST {StagedApi.Api}/stages", $$$"""{"stageName":"beta","deploymentId":"{{{_api.Deployment}}}","canarySettings":{"percentTraffic":33.0,"deploymentId":"{{{other}}}","stageVariableOverrides":{"a":"b"} } }""");
        Assert.Equal($$$"""{"percentTraffic":33.0,"deploymentId":"{{{other}}}","useStageCache":false,"stageVariableOverrides":{"a":"b"}}""", stage["canarySettings"]!.ToString());
        Assert.Equal(
            "400 BadRequestException: Deployment id does not exist",
            _api.Harness.Fail($"POST {StagedApi.Api}/stages", $$$"""{"stageName":"gamma","deploymentId":"{{{_api.Deployment}}}","canarySettings":{"deploymentId":"nope"} }"""));
    }

    [Fact]
    public void One_document_promotes_a_canary_which_stays_until_it_is_removed()
    {
        _api.Patch("replace /variables/lambda old", "replace /variables/kept yes");
        string canary = _api.Deploy("""{"stageName":"prod","canarySettings":{"percentTraffic":10,"stageVariableOverrides":{"lambda":"new"}}}""");
        WireValue stage = _api.Patch(
            "replace /canarySettings/percentTraffic 0.0", "copy /variables /canarySettings/stageVariableOverrides", "copy /deploymentId /canarySettings/deploymentId");
        Assert.Equal(canary, stage.TextOf("deploymentId"));
        Assert.Equal("""{"lambda":"new","kept":"yes"}""", stage["variables"]!.ToString());
        Assert.Equal($$$"""{"percentTraffic":0.0,"deploymentId":"{{{canary}}}","useStageCache":false,"stageVariableOverrides":{"lambda":"new"}}""", stage["canarySettings"]!.ToString());
        Assert.Null(_api.Patch("remove /canarySettings")["canarySettings"]);
    }

    [Fact]
    public void Variables_of_a_canary_are_replaced_and_removed_one_by_one()
    {
        WireValue canary = _api.Patch("replace /canarySettings/stageVariableOverrides/a 1", "replace /canarySettings/stageVariableOverrides/b 2", "replace /canarySettings/useStageCache true")["canarySettings"]!;
        Assert.Equal($$$"""{"percentTraffic":0.0,"deploymentId":"{{{_api.Deployment}}}","useStageCache":true,"stageVariableOverrides":{"a":"1","b":"2"}}""", canary.ToString());
        canary = _api.Patch("remove /canarySettings/stageVariableOverrides/a", "remove /canarySettings/stageVariableOverrides/b")["canarySettings"]!;
        Assert.Null(canary["stageVariableOverrides"]);
    }

    [Theory]
    [InlineData("""{"canarySettings":{"percentTraffic":1}}""", "Invalid deployment content specified.Non null and non empty stageName must be provided for canary deployment. Provided value is null")]
    [InlineData("""{"stageName":"","canarySettings":{"percentTraffic":1}}""", "Invalid deployment content specified.Non null and non empty stageName must be provided for canary deployment. Provided value is ")]
    [InlineData("""{"stageName":"nope","canarySettings":{"percentTraffic":1}}""", "Invalid deployment content specified.Stage nope must already be created before making a canary release deployment")]
    [InlineData("""{"stageName":"prod","canarySettings":{"percentTraffic":100.5}}""", "Invalid percentTraffic specified. Must be between 0.0 and 100.0")]
    public void Wrong_canary_deployments_are_refused_as_recorded(string body, string text) => Assert.Equal("400 BadRequestException: " + text, _api.Harness.Fail($"POST {StagedApi.Api}/deployments", body));

    [Theory]
    [InlineData("copy /deploymentId /canarySettings/deploymentId", "Promotion not available. Canary does not exist.")]
    [InlineData("copy /variables /canarySettings/stageVariableOverrides", "Promotion not available. Canary does not exist.")]
    [InlineData("copy /description /canarySettings/deploymentId", "Invalid copy operation with path: /description and from /canarySettings/deploymentId. Valid copy:path are [/deploymentId, /variables] and valid copy:from are [/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]")]
    [InlineData("copy /variables /canarySettings/deploymentId", "Invalid copy operation with path: /variables and from /canarySettings/deploymentId. Valid copy:path are [/deploymentId, /variables] and valid copy:from are [/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]")]
    [InlineData("add /canarySettings/deploymentId x", "Invalid add operation with path: /canarySettings/deploymentId")]
    [InlineData("replace /canarySettings/deploymentId x", "Deployment id does not exist")]
    [InlineData("replace /canarySettings/percentTraffic -1", "Invalid percentTraffic specified. Must be between 0.0 and 100.0")]
    [InlineData("replace /canarySettings/percentTraffic many", "Invalid percentTraffic specified. Must be between 0.0 and 100.0")]
    [InlineData("remove /canarySettings/colour", "Cannot remove method setting canarySettings/colour because there is no method setting for this method ")]
    [InlineData("remove /canarySettings/percentTraffic", "Invalid remove operation with path: /canarySettings/percentTraffic")]
    public void Wrong_patches_are_refused_as_recorded(string operation, string text)
    {
        Assert.Equal("400 BadRequestException: " + text, _api.Refuse(operation));
        Assert.Null(_api.Shown["canarySettings"]);
    }
}
