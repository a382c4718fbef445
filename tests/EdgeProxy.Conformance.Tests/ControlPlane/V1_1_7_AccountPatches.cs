using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 1.7: which paths the patches of what belongs to no API take with which operations, and no others.</summary>
public sealed class V1_1_7_AccountPatches
{
    private const string Target = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/nlb/50dc6c495c0c9188";

    private readonly ManagementHarness _harness = new(StagedBook.Of("api0000001:prod"), static services => services with { NewClientCertificate = SelfSignedCertificate.CreateForClient });

    public V1_1_7_AccountPatches()
    {
        _harness.Do("POST /apikeys", """{"stageKeys":[{"restApiId":"api0000001","stageName":"prod"}],"tags":{"_custom_id_":"k1"}}""");
        _harness.Do("POST /usageplans", """{"name":"p","quota":{"limit":1,"period":"MONTH"},"throttle":{"rateLimit":1,"burstLimit":1},"apiStages":[{"apiId":"api0000001","stage":"prod","throttle":{"/a/GET":{"rateLimit":1,"burstLimit":1}}}],"tags":{"_custom_id_":"p1"}}""");
        _harness.Do("POST /clientcertificates", """{"tags":{"_custom_id_":"c1"}}""");
        _harness.Do("POST /vpclinks", $$$"""{"name":"n","targetArns":["{{{Target}}}"],"tags":{"_custom_id_":"l1"}}""");
    }

    // Of an operation: the path, the letters that it takes (A add, R replace, D remove), and a value that may be there.
    [Theory]
    [InlineData("/account", "/cloudwatchRoleArn", "R", "arn:aws:iam::123456789012:role/r")]
    [InlineData("/account", "/features", "AD", "Other")]
    [InlineData("/apikeys/k1", "/customerId", "R", "c")]
    [InlineData("/apikeys/k1", "/description", "R", "d")]
    [InlineData("/apikeys/k1", "/enabled", "R", "true")]
    [InlineData("/apikeys/k1", "/name", "R", "n")]
    [InlineData("/apikeys/k1", "/labels", "AD", "l")]
    [InlineData("/apikeys/k1", "/stages", "AD", "api0000001/prod")]
    [InlineData("/clientcertificates/c1", "/description", "R", "d")]
    [InlineData("/usageplans/p1", "/name", "R", "n")]
    [InlineData("/usageplans/p1", "/description", "R", "d")]
    [InlineData("/usageplans/p1", "/productCode", "ARD", "c")]
    [InlineData("/usageplans/p1", "/apiStages", "D", "api0000001:prod")]
    [InlineData("/usageplans/p1", "/apiStages/api0000001:prod/throttle", "ARD", """{"/a/GET":{"rateLimit":2,"burstLimit":2}}""")]
    [InlineData("/usageplans/p1", "/apiStages/api0000001:prod/throttle/~1a/GET", "D", "")]
    [InlineData("/usageplans/p1", "/apiStages/api0000001:prod/throttle/~1a/GET/rateLimit", "AR", "1")]
    [InlineData("/usageplans/p1", "/apiStages/api0000001:prod/throttle/~1a/GET/burstLimit", "AR", "1")]
    [InlineData("/usageplans/p1", "/quota", "D", "")]
    [InlineData("/usageplans/p1", "/quota/limit", "AR", "1")]
    [InlineData("/usageplans/p1", "/quota/offset", "AR", "1")]
    [InlineData("/usageplans/p1", "/quota/period", "AR", "WEEK")]
    [InlineData("/usageplans/p1", "/throttle", "D", "")]
    [InlineData("/usageplans/p1", "/throttle/burstLimit", "AR", "1")]
    [InlineData("/usageplans/p1", "/throttle/rateLimit", "AR", "1")]
    [InlineData("/vpclinks/l1", "/name", "R", "n")]
    [InlineData("/vpclinks/l1", "/description", "R", "d")]
    public void Each_path_takes_its_operations_and_no_other(string target, string path, string letters, string value)
    {
        foreach ((string op, char letter) in new[] { ("add", 'A'), ("replace", 'R'), ("remove", 'D'), ("copy", 'C') })
        {
            // Adding a stage that is there is another matter.
            if (path == "/apiStages" && op == "add") continue;
            V1_1_7_AccountPatches fresh = new();
            WireValue operation = WireValue.NewObject().Set("op", op).Set("path", path).Set("value", value).Set("from", "/name");
            string body = WireValue.NewObject().Set("patchOperations", WireValue.NewList()).ToString().Replace("[]", $"[{operation}]", StringComparison.Ordinal);
            (int status, WireValue json) = fresh._harness.Call("PATCH " + target, body);
            Assert.True(status == (letters.Contains(letter, StringComparison.Ordinal) ? 200 : 400), $"{op} {path}: {status} {json}");
        }
    }

    [Theory]
    [InlineData("true", "true")]
    [InlineData("True", "true")]
    [InlineData("TRUE", "true")]
    [InlineData("false", "false")]
    [InlineData("yes", "false")]
    public void Anything_else_than_true_in_any_case_is_false(string value, string enabled) =>
        Assert.Equal(enabled, _harness.Do("PATCH /apikeys/k1", $$"""{"patchOperations":[{"op":"replace","path":"/enabled","value":"{{value}}"}]}""")["enabled"]!.Text);

    [Theory]
    [InlineData("move")]
    [InlineData("test")]
    public void Move_and_test_pass_the_enumeration_and_are_refused(string op)
    {
        foreach (string target in new[] { "/account", "/apikeys/k1", "/clientcertificates/c1", "/usageplans/p1", "/vpclinks/l1" })
        {
            Assert.StartsWith("400 BadRequestException: ", _harness.Fail("PATCH " + target, $$"""{"patchOperations":[{"op":"{{op}}","path":"/description","value":"v"}]}"""), StringComparison.Ordinal);
        }
    }
}
