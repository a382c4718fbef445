using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V2;

public sealed class VpcLinkOperationsTests
{
    private readonly ManagementHarness _harness = new();

    [Fact]
    public void Keeps_subnets_and_groups_and_changes_the_name_alone()
    {
        (int status, WireValue made) = _harness.Call("POST /v2/vpclinks", """{"name":"n","subnetIds":["s1","s2"],"securityGroupIds":["g"]}""");
        Assert.Equal(201, status);
        Assert.Equal("PENDING", made.TextOf("vpcLinkStatus"));
        string id = made.TextOf("vpcLinkId")!;
        Assert.Equal(6, id.Length);
        WireValue changed = _harness.Do($"PATCH /v2/vpclinks/{id}", """{"name":"other","subnetIds":["s3"]}""");
        Assert.Equal(
            $$$"""{"vpcLinkId":"{{{id}}}","name":"other","subnetIds":["s1","s2"],"securityGroupIds":["g"],"createdDate":"2026-11-22T07:54:13Z","vpcLinkStatus":"AVAILABLE","vpcLinkStatusMessage":"VPC link is ready to route traffic","vpcLinkVersion":"V2","tags":{}}""",
            changed.ToString());
        Assert.Equal(changed.ToString(), _harness.Do($"GET /v2/vpclinks/{id}").ToString());
        Assert.Equal(changed.ToString(), Assert.Single(_harness.Do("GET /v2/vpclinks")["items"]!.Items).ToString());
        Assert.Equal(202, _harness.Call($"DELETE /v2/vpclinks/{id}").Status);
        Assert.Equal($"404 NotFoundException: Invalid VpcLink identifier specified {id}", _harness.Fail($"GET /v2/vpclinks/{id}"));
        Assert.Equal($"404 NotFoundException: Invalid VpcLink identifier specified {id}", _harness.Fail($"PATCH /v2/vpclinks/{id}", "{}"));
        Assert.Equal($"404 NotFoundException: Invalid VpcLink identifier specified {id}", _harness.Fail($"DELETE /v2/vpclinks/{id}"));
    }

    [Fact]
    public void Refuses_what_is_no_link()
    {
        Assert.Equal("400 BadRequestException: Name cannot be empty", _harness.Fail("POST /v2/vpclinks", """{"name":"","subnetIds":["s"]}"""));
        Assert.Equal("400 BadRequestException: At least one subnet must be specified", _harness.Fail("POST /v2/vpclinks", """{"name":"n","subnetIds":[]}"""));
        Assert.Equal("400 BadRequestException: At most 50 subnets and security groups can be specified", _harness.Fail("POST /v2/vpclinks", $$"""{"name":"n","subnetIds":[{{string.Join(',', Enumerable.Repeat("\"s\"", 51))}}]}"""));
        Assert.Equal("400 BadRequestException: Subnets and security groups cannot be empty", _harness.Fail("POST /v2/vpclinks", """{"name":"n","subnetIds":["s",""]}"""));
        Assert.Equal("400 BadRequestException: Invalid subnetIds specified, can be at most 255 characters.", _harness.Fail("POST /v2/vpclinks", $$"""{"name":"n","subnetIds":["{{new string('s', 256)}}"]}"""));
        Assert.Equal("400 BadRequestException: Invalid name specified, can be at most 128 characters.", _harness.Fail("POST /v2/vpclinks", $$"""{"name":"{{new string('n', 129)}}","subnetIds":["s"]}"""));
        string id = _harness.Do("POST /v2/vpclinks", """{"name":"n","subnetIds":["s"]}""").TextOf("vpcLinkId")!;
        Assert.Equal("400 BadRequestException: Invalid name specified, can be at most 128 characters.", _harness.Fail($"PATCH /v2/vpclinks/{id}", $$"""{"name":"{{new string('n', 129)}}"}"""));
        Assert.Equal("400 BadRequestException: Name cannot be empty", _harness.Fail($"PATCH /v2/vpclinks/{id}", """{"name":""}"""));
        _harness.Api.Options = _harness.Api.Options with { Limits = _harness.Api.Options.Limits with { VpcLinks = 1 } };
        Assert.Equal("429 TooManyRequestsException: Maximum number of VPC links has been reached: 1", _harness.Fail("POST /v2/vpclinks", """{"name":"n","subnetIds":["s"]}"""));
    }
}
