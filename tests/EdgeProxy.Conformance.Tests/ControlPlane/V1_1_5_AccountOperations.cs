using System.Text;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 1.5, 2.2: method, path and status of the operations that belong to no API, and that each of them can be called so.</summary>
public sealed class V1_1_5_AccountOperations
{
    private const string Target = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/nlb/50dc6c495c0c9188";
    private const string Rename = """{"patchOperations":[{"op":"replace","path":"/name","value":"n"}]}""";
    private const string Describe = """{"patchOperations":[{"op":"replace","path":"/description","value":"d"}]}""";
    private const string Arn = "arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Fapikeys%2Fk1";

    private readonly ManagementHarness _harness = new(StagedBook.Of("api0000001:prod"), static services => services with { NewClientCertificate = SelfSignedCertificate.CreateForClient });

    public V1_1_5_AccountOperations()
    {
        _harness.Do("POST /apikeys", """{"tags":{"_custom_id_":"k1"}}""");
        _harness.Do("POST /apikeys", """{"tags":{"_custom_id_":"k2"}}""");
        _harness.Do("POST /usageplans", """{"name":"p","tags":{"_custom_id_":"p1"}}""");
        _harness.Do("POST /usageplans/p1/keys", """{"keyId":"k1","keyType":"API_KEY"}""");
        _harness.Do("POST /clientcertificates", """{"tags":{"_custom_id_":"c1"}}""");
        _harness.Do("POST /vpclinks", $$$"""{"name":"n","targetArns":["{{{Target}}}"],"tags":{"_custom_id_":"l1"}}""");
        _harness.Do("POST /v2/vpclinks", """{"name":"n","subnetIds":["s"],"tags":{"_custom_id_":"l2"}}""");
    }

    [Theory]
    [InlineData("GetAccount", "GET /account", "", 200)]
    [InlineData("UpdateAccount", "PATCH /account", "{}", 200)]
    [InlineData("GetApiKeys", "GET /apikeys", "", 200)]
    [InlineData("CreateApiKey", "POST /apikeys", "{}", 201)]
    [InlineData("GetApiKey", "GET /apikeys/k1", "", 200)]
    [InlineData("UpdateApiKey", "PATCH /apikeys/k1", Rename, 200)]
    [InlineData("DeleteApiKey", "DELETE /apikeys/k1", "", 202)]
    [InlineData("ImportApiKeys", "POST /apikeys?mode=import&format=csv", "name,key\n", 201)]
    [InlineData("GetClientCertificates", "GET /clientcertificates", "", 200)]
    [InlineData("GenerateClientCertificate", "POST /clientcertificates", "{}", 201)]
    [InlineData("GetClientCertificate", "GET /clientcertificates/c1", "", 200)]
    [InlineData("UpdateClientCertificate", "PATCH /clientcertificates/c1", Describe, 200)]
    [InlineData("DeleteClientCertificate", "DELETE /clientcertificates/c1", "", 202)]
    [InlineData("GetTags", "GET /tags/" + Arn, "", 200)]
    [InlineData("TagResource", "PUT /tags/" + Arn, """{"tags":{"a":"b"}}""", 204)]
    [InlineData("UntagResource", "DELETE /tags/" + Arn + "?tagKeys=a", "", 204)]
    [InlineData("GetUsagePlans", "GET /usageplans", "", 200)]
    [InlineData("CreateUsagePlan", "POST /usageplans", """{"name":"n"}""", 201)]
    [InlineData("GetUsagePlan", "GET /usageplans/p1", "", 200)]
    [InlineData("UpdateUsagePlan", "PATCH /usageplans/p1", Rename, 200)]
    [InlineData("DeleteUsagePlan", "DELETE /usageplans/p1", "", 202)]
    [InlineData("GetUsagePlanKeys", "GET /usageplans/p1/keys", "", 200)]
    [InlineData("CreateUsagePlanKey", "POST /usageplans/p1/keys", """{"keyId":"k2","keyType":"API_KEY"}""", 201)]
    [InlineData("GetUsagePlanKey", "GET /usageplans/p1/keys/k1", "", 200)]
    [InlineData("DeleteUsagePlanKey", "DELETE /usageplans/p1/keys/k1", "", 202)]
    [InlineData("GetUsage", "GET /usageplans/p1/usage?startDate=2026-11-01&endDate=2026-11-02", "", 200)]
    [InlineData("GetVpcLinks", "GET /vpclinks", "", 200)]
    [InlineData("CreateVpcLink", "POST /vpclinks", $$$"""{"name":"n","targetArns":["{{{Target}}}"]}""", 202)]
    [InlineData("GetVpcLink", "GET /vpclinks/l1", "", 200)]
    [InlineData("UpdateVpcLink", "PATCH /vpclinks/l1", Rename, 200)]
    [InlineData("DeleteVpcLink", "DELETE /vpclinks/l1", "", 202)]
    [InlineData("GetVpcLinks", "GET /v2/vpclinks", "", 200)]
    [InlineData("CreateVpcLink", "POST /v2/vpclinks", """{"name":"n","subnetIds":["s"]}""", 201)]
    [InlineData("GetVpcLink", "GET /v2/vpclinks/l2", "", 200)]
    [InlineData("UpdateVpcLink", "PATCH /v2/vpclinks/l2", """{"name":"n"}""", 200)]
    [InlineData("DeleteVpcLink", "DELETE /v2/vpclinks/l2", "", 202)]
    [InlineData("GetTags", "GET /v2/tags/" + Arn, "", 200)]
    [InlineData("TagResource", "POST /v2/tags/" + Arn, """{"tags":{"a":"b"}}""", 201)]
    [InlineData("UntagResource", "DELETE /v2/tags/" + Arn + "?tagKeys=a", "", 204)]
    public void Each_operation_answers_with_its_status(string name, string target, string body, int status)
    {
        (int answered, WireValue json) = _harness.Call(target, body);
        Assert.True(answered == status, $"{name}: {answered} {json}");
        Assert.Equal(status is 204 || target.StartsWith("DELETE", StringComparison.Ordinal), _harness.Last!.Body.Length == 0);
    }

    // Whatever members there are and whatever is in them: an answer, and never one that says it was our mistake.
    [Fact]
    public void No_body_is_answered_by_500()
    {
        string[] values = ["null", "true", "-1", "1e400", "\"\"", "\"\\u0000\"", "\"x\"", "[]", "[null]", "[[]]", "{}", "{\"a\":null}", "{\"a\":{}}", "[{}]", "[{\"op\":\"add\"}]", "[{\"op\":\"replace\",\"path\":\"\"}]", "[{\"op\":\"remove\",\"path\":\"/apiStages/:/throttle\"}]", "[{\"op\":\"add\",\"path\":\"/apiStages/a:b/throttle///\",\"value\":\"1\"}]", "[{\"op\":\"copy\",\"path\":\"/name\",\"from\":\"/id\"}]"];
        string[] members = ["name", "description", "tags", "value", "stageKeys", "apiStages", "throttle", "quota", "keyId", "keyType", "targetArns", "subnetIds", "securityGroupIds", "patchOperations", "enabled", "customerId"];
        string[] targets =
        [
            "PATCH /account", "POST /apikeys", "PATCH /apikeys/k1", "POST /apikeys?mode=import&format=csv", "POST /clientcertificates", "PATCH /clientcertificates/c1", "PUT /tags/" + Arn, "POST /usageplans", "PATCH /usageplans/p1",
            "POST /usageplans/p1/keys", "PATCH /usageplans/p1/keys/k1/usage", "POST /vpclinks", "PATCH /vpclinks/l1", "POST /v2/vpclinks", "PATCH /v2/vpclinks/l2", "POST /v2/tags/" + Arn,
        ];
        foreach (string target in targets)
        {
            foreach (string member in members)
            {
                foreach (string value in values)
                {
                    foreach (string rest in new[] { "", ",\"name\":\"n\",\"keyId\":\"k2\",\"keyType\":\"API_KEY\",\"subnetIds\":[\"s\"],\"targetArns\":[\"" + Target + "\"]" })
                    {
                        // Of members that come twice the last counts, so the odd one goes last.
                        string body = "{\"x\":1" + rest + $",\"{member}\":{value}}}";
                        int status = _harness.Call(target, Encoding.UTF8.GetBytes(body)).Status;
                        Assert.True(status < 500, $"{target} {body}: {status}");
                    }
                }
            }
        }
    }
}
