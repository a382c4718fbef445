using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class AccountOperationsTests
{
    private const string Role = "arn:aws:iam::123456789012:role/service/logs";

    private readonly ManagementHarness _harness = new();

    [Fact]
    public void Tells_what_the_service_tells_of_a_new_account() =>
        Assert.Equal("""{"throttleSettings":{"burstLimit":5000,"rateLimit":10000.0},"features":["UsagePlans"],"apiKeyVersion":"4"}""", _harness.Do("GET /account").ToString());

    [Fact]
    public void Keeps_the_role_and_features()
    {
        WireValue account = Patch($$"""{"op":"replace","path":"/cloudwatchRoleArn","value":"{{Role}}"},{"op":"add","path":"/features","value":"Other"}""");
        Assert.Equal(Role, account.TextOf("cloudwatchRoleArn"));
        Assert.Equal(["UsagePlans", "Other"], account.TextsOf("features"));
        Assert.Equal(account.ToString(), _harness.Do("GET /account").ToString());
        account = Patch("""{"op":"replace","path":"/cloudwatchRoleArn","value":""},{"op":"remove","path":"/features","value":"Other"}""");
        Assert.Null(account["cloudwatchRoleArn"]);
        Assert.Equal(["UsagePlans"], account.TextsOf("features"));
    }

    [Theory]
    [InlineData("""{"op":"replace","path":"/cloudwatchRoleArn","value":"role"}""", "Role ARN is not well formed")]
    [InlineData("""{"op":"replace","path":"/cloudwatchRoleArn","value":"arn:aws:s3:::role/x"}""", "Role ARN is not well formed")]
    [InlineData("""{"op":"remove","path":"/features","value":"UsagePlans"}""", "Usage Plans cannot be disabled once enabled")]
    [InlineData("""{"op":"remove","path":"/features"}""", "Usage Plans cannot be disabled once enabled")]
    [InlineData("""{"op":"add","path":"/features","value":"<x>"}""", "Invalid feature specified")]
    [InlineData("""{"op":"replace","path":"/throttleSettings/rateLimit","value":"1"}""", "Invalid patch path /throttleSettings/rateLimit")]
    [InlineData("""{"op":"add","path":"/cloudwatchRoleArn","value":"x"}""", "Invalid patch operation specified. Must be one of: [replace]")]
    [InlineData("""{"op":"move","path":"/cloudwatchRoleArn"}""", "Invalid patch operation specified. Must be one of: [add, remove, replace, copy]")]
    public void Refuses_what_it_cannot_keep(string operation, string message) =>
        Assert.Equal($"400 BadRequestException: {message}", _harness.Fail("PATCH /account", $$"""{"patchOperations":[{{operation}}]}"""));

    private WireValue Patch(string operations) => _harness.Do("PATCH /account", $$"""{"patchOperations":[{{operations}}]}""");
}
