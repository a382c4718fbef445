using System.Text;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;
using Record = EdgeProxy.ControlPlane.Records.Record;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class VpcLinkOperationsTests
{
    private const string Target = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/nlb/50dc6c495c0c9188";

    private readonly ManagementHarness _harness = new(RecordBook.Of(
    [
        (Scopes.RestApi("api0000001"), Kinds.Method, new Record("res001/GET", Encoding.UTF8.GetBytes("""{"httpMethod":"GET","methodIntegration":{"type":"HTTP_PROXY","connectionId":"used01"}}"""))),
        (Scopes.Api("api0000002"), Kinds.Integration, new Record("int0001", Encoding.UTF8.GetBytes("""{"integrationId":"int0001","connectionId":"used02"}"""))),
    ]));

    [Fact]
    public void Is_pending_when_it_is_made_and_available_when_it_is_asked_for()
    {
        (int status, WireValue made) = _harness.Call("POST /vpclinks", Body("first", Target));
        Assert.Equal(202, status);
        Assert.Equal("PENDING", made.TextOf("status"));
        string id = made.TextOf("id")!;
        Assert.Equal(10, id.Length);
        Assert.Equal(
            $$$"""{"id":"{{{id}}}","name":"first","targetArns":["{{{Target}}}"],"status":"AVAILABLE","statusMessage":"Your vpc link is ready for use","tags":{}}""",
            _harness.Do($"GET /vpclinks/{id}").ToString());
        Assert.Equal("AVAILABLE", Assert.Single(_harness.Do("GET /vpclinks")["item"]!.Items).TextOf("status"));
        WireValue changed = _harness.Do($"PATCH /vpclinks/{id}", """{"patchOperations":[{"op":"replace","path":"/name","value":"other"},{"op":"replace","path":"/description","value":"d"}]}""");
        Assert.Equal("other", changed.TextOf("name"));
        Assert.Equal("d", changed.TextOf("description"));
        Assert.Equal(202, _harness.Call($"DELETE /vpclinks/{id}").Status);
        Assert.Equal("404 NotFoundException: Invalid Vpc Link identifier specified", _harness.Fail($"GET /vpclinks/{id}"));
        Assert.Equal("404 NotFoundException: Invalid Vpc Link identifier specified", _harness.Fail($"DELETE /vpclinks/{id}"));
        Assert.Equal("404 NotFoundException: Invalid Vpc Link identifier specified", _harness.Fail($"PATCH /vpclinks/{id}", "{}"));
    }

    [Fact]
    public void Refuses_what_is_no_link()
    {
        Assert.Equal("400 BadRequestException: Name cannot be empty", _harness.Fail("POST /vpclinks", Body("", Target)));
        Assert.Equal("400 BadRequestException: No target arn specified for vpc link.", _harness.Fail("POST /vpclinks", """{"name":"n","targetArns":[]}"""));
        Assert.Equal("400 BadRequestException: More than one target arn specified for vpc link.", _harness.Fail("POST /vpclinks", $$"""{"name":"n","targetArns":["{{Target}}","{{Target}}"]}"""));
        Assert.Equal("400 BadRequestException: Invalid ARN. ARN is not well formed nonsense", _harness.Fail("POST /vpclinks", Body("n", "nonsense")));
        Assert.StartsWith("400 BadRequestException: Invalid ARN. ARN is not well formed ", _harness.Fail("POST /vpclinks", Body("n", Target.Replace("/net/", "/app/", StringComparison.Ordinal))));
        Assert.Equal("400 ValidationException: 1 validation error detected: Value null at 'createVpcLinkInput.targetArns' failed to satisfy constraint: Member must not be null", _harness.Fail("POST /vpclinks", """{"name":"n"}"""));
        string id = _harness.Do("POST /vpclinks", Body("n", Target)).TextOf("id")!;
        Assert.Equal("400 BadRequestException: Name cannot be empty", _harness.Fail($"PATCH /vpclinks/{id}", """{"patchOperations":[{"op":"replace","path":"/name"}]}"""));
        Assert.Equal("400 BadRequestException: Target arns are not allowed to be changed/added.", _harness.Fail($"PATCH /vpclinks/{id}", """{"patchOperations":[{"op":"add","path":"/targetArns","value":"x"}]}"""));
        _harness.Api.Options = _harness.Api.Options with { Limits = _harness.Api.Options.Limits with { VpcLinks = 1 } };
        Assert.Equal("429 LimitExceededException: Maximum number of VPC links has been reached: 1", _harness.Fail("POST /vpclinks", Body("n", Target)));
    }

    [Fact]
    public void Stays_as_long_as_an_integration_goes_through_it()
    {
        _harness.Do("POST /vpclinks", $$$"""{"name":"n","targetArns":["{{{Target}}}"],"tags":{"_custom_id_":"used01"}}""");
        Assert.Equal(
            "400 BadRequestException: Cannot delete vpc link. Vpc link 'used01', is referenced in [api0000001:res001/GET] in format of [ApiId:Resource/Method] or [ApiId:Integration].",
            _harness.Fail("DELETE /vpclinks/used01"));
        _harness.Do("POST /v2/vpclinks", """{"name":"n","subnetIds":["s"],"tags":{"_custom_id_":"used02"}}""");
        Assert.Equal(
            "400 BadRequestException: Cannot delete vpc link. Vpc link 'used02', is referenced in [api0000002:int0001] in format of [ApiId:Resource/Method] or [ApiId:Integration].",
            _harness.Fail("DELETE /v2/vpclinks/used02"));
    }

    [Theory]
    [InlineData("{}", "link0001")]
    [InlineData("""{"link":"link0001"}""", "${stageVariables.link}")]
    public void Stays_as_long_as_a_stage_serves_a_deployment_that_goes_through_it(string variables, string connection)
    {
        var api = new RestApiHarness();
        api.Do("POST /vpclinks", $$$"""{"name":"n","targetArns":["{{{Target}}}"],"tags":{"_custom_id_":"link0001"}}""");
        api.Do("PUT " + api.Integration, $$"""{"type":"HTTP_PROXY","httpMethod":"GET","uri":"http://a.example.com/","connectionType":"VPC_LINK","connectionId":"{{connection}}"}""");
        string first = api.Do($"POST {api.Path}/deployments", $$"""{"stageName":"prod","variables":{{variables}}}""").TextOf("id")!;
        api.Do("PUT " + api.Integration, """{"type":"MOCK","requestTemplates":{"application/json":"{\"statusCode\":200}"}}""");
        string refused = $"400 BadRequestException: Cannot delete vpc link. Vpc link 'link0001', is referenced in [{api.Id}:{api.Pets}/GET] in format of [ApiId:Resource/Method] or [ApiId:Integration].";
        Assert.Equal(refused, api.Fail("DELETE /vpclinks/link0001"));

        // A canary's deployment is served as well.
        string second = api.Do($"POST {api.Path}/deployments", "{}").TextOf("id")!;
        api.Do($"PATCH {api.Path}/stages/prod", RestApiHarness.Replace(("/deploymentId", second), ("/canarySettings/percentTraffic", "10"), ("/canarySettings/deploymentId", first)));
        Assert.Equal(refused, api.Fail("DELETE /vpclinks/link0001"));
        api.Do($"PATCH {api.Path}/stages/prod", RestApiHarness.Patch("remove", "/canarySettings"));

        // The deployment is still there, and no stage serves it.
        Assert.Equal(202, api.Management.Call("DELETE /vpclinks/link0001").Status);
    }

    [Fact]
    public void Is_deleted_without_unpacking_deployments_that_have_other_links()
    {
        var api = new RestApiHarness();
        foreach (string id in new[] { "unused01", "linked01" }) api.Do("POST /vpclinks", $$$"""{"name":"n","targetArns":["{{{Target}}}"],"tags":{"_custom_id_":"{{{id}}}"}}""");
        api.Do("PUT " + api.Integration, """{"type":"HTTP_PROXY","httpMethod":"GET","uri":"http://a.example.com/\"connectionId\":\"unused01\"","connectionType":"VPC_LINK","connectionId":"linked01"}""");
        api.Do($"POST {api.Path}/deployments", """{"stageName":"prod"}""");
        api.Do("PUT " + api.Integration, """{"type":"MOCK","requestTemplates":{"application/json":"{\"statusCode\":200}"}}""");
        int before = api.Management.Store.Reads;
        Assert.Equal(202, api.Management.Call("DELETE /vpclinks/unused01").Status);
        Assert.Equal(before, api.Management.Store.Reads);
        Assert.Equal(400, api.Management.Call("DELETE /vpclinks/linked01").Status);
        Assert.Equal(before + 1, api.Management.Store.Reads);
    }

    [Fact]
    public void A_deployment_of_before_links_were_noted_is_looked_into()
    {
        var api = new RestApiHarness();
        api.Do("POST /vpclinks", $$$"""{"name":"n","targetArns":["{{{Target}}}"],"tags":{"_custom_id_":"link0001"}}""");
        api.Do("PUT " + api.Integration, """{"type":"HTTP_PROXY","httpMethod":"GET","uri":"http://a.example.com/","connectionType":"VPC_LINK","connectionId":"link0001"}""");
        string deployment = api.Do($"POST {api.Path}/deployments", """{"stageName":"prod"}""").TextOf("id")!;
        api.Do("PUT " + api.Integration, """{"type":"MOCK","requestTemplates":{"application/json":"{\"statusCode\":200}"}}""");
        string scope = Scopes.RestApi(api.Id);
        Assert.Null(api.Management.Api.Change(edit => edit.Put(scope, Kinds.DeploymentSnapshot, deployment, WireValue.NewObject().Set("snapshot", edit.Find(scope, Kinds.DeploymentSnapshot, deployment)!.Open().TextOf("snapshot")))));
        Assert.Equal(400, api.Management.Call("DELETE /vpclinks/link0001").Status);
    }

    private static string Body(string name, string target) => $$"""{"name":"{{name}}","targetArns":["{{target}}"]}""";
}
