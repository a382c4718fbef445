using System.Globalization;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>API keys, usage plans and what belongs to no API, as the AWS CLI and the SDK know them.</summary>
public sealed class KeyAndPlanTests
{
    private const string Value = "value-value-value-001";

    [Fact]
    public async Task A_key_opens_a_stage_as_soon_as_a_plan_says_so_and_no_longer_than_it_does()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        await using SdkClient sdk = SdkClient.Start(managed.Endpoint);
        string api = await DeployAsync(sdk);
        JsonNode plan = await sdk.V1Async("CreateUsagePlan", $$$"""{"name":"gold","apiStages":[{"apiId":"{{{api}}}","stage":"prod"}],"quota":{"limit":100,"period":"DAY"}}""");
        string planId = plan["id"]!.GetValue<string>();
        JsonNode imported = await sdk.V1Async("ImportApiKeys", $$"""{"body":"bytes:name,key,enabled,usageplanIds\nann,{{Value}},true,{{planId}}\n","format":"csv"}""");
        string key = imported["ids"]![0]!.GetValue<string>();
        Assert.Equal(403, (await managed.GetAsync(api, "/prod/pets")).Status);
        Assert.Equal(200, (await managed.GetAsync(api, "/prod/pets", $"X-API-Key: {Value}\r\n")).Status);

        string today = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        JsonNode usage = await sdk.V1Async("GetUsage", $$"""{"usagePlanId":"{{planId}}","startDate":"{{today}}","endDate":"{{today}}"}""");
        Assert.Equal("[[1,99]]", usage["items"]![key]!.ToJsonString());
        await sdk.V1Async("UpdateUsage", $$"""{"usagePlanId":"{{planId}}","keyId":"{{key}}","patchOperations":[{"op":"replace","path":"/remaining","value":"0"}]}""");
        Assert.Equal(429, (await managed.GetAsync(api, "/prod/pets", $"X-API-Key: {Value}\r\n")).Status);
        await sdk.V1Async("UpdateUsage", $$"""{"usagePlanId":"{{planId}}","keyId":"{{key}}","patchOperations":[{"op":"replace","path":"/remaining","value":"5"}]}""");
        Assert.Equal(200, (await managed.GetAsync(api, "/prod/pets", $"X-API-Key: {Value}\r\n")).Status);

        await sdk.V1Async("UpdateApiKey", $$"""{"apiKey":"{{key}}","patchOperations":[{"op":"replace","path":"/enabled","value":"false"}]}""");
        Assert.Equal(403, (await managed.GetAsync(api, "/prod/pets", $"X-API-Key: {Value}\r\n")).Status);
        await sdk.V1Async("UpdateApiKey", $$"""{"apiKey":"{{key}}","patchOperations":[{"op":"replace","path":"/enabled","value":"true"}]}""");
        await sdk.V1Async("DeleteUsagePlanKey", $$"""{"usagePlanId":"{{planId}}","keyId":"{{key}}"}""");
        Assert.Equal(403, (await managed.GetAsync(api, "/prod/pets", $"X-API-Key: {Value}\r\n")).Status);
        await sdk.V1Async("CreateUsagePlanKey", $$"""{"usagePlanId":"{{planId}}","keyId":"{{key}}","keyType":"API_KEY"}""");
        Assert.Equal(200, (await managed.GetAsync(api, "/prod/pets", $"X-API-Key: {Value}\r\n")).Status);

        Assert.Equal($"400 BadRequestException: Cannot delete Usage Plan {planId} because there are API Stages associated with it, including {api}:prod", await sdk.FailAsync("v1", "DeleteUsagePlan", $$"""{"usagePlanId":"{{planId}}"}"""));
        await sdk.V1Async("DeleteRestApi", $$"""{"restApiId":"{{api}}"}""");
        await sdk.V1Async("DeleteUsagePlan", $$"""{"usagePlanId":"{{planId}}"}""");
        Assert.Equal("409 ConflictException: API Key already exists", await sdk.FailAsync("v1", "CreateApiKey", $$"""{"value":"{{Value}}"}"""));
    }

    [Fact]
    public async Task The_CLI_makes_pages_tags_and_deletes_what_belongs_to_no_API()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        using var files = new Temporary();
        var aws = new AwsCli(managed.Endpoint);
        Assert.Equal(10_000.0, (await aws.DoAsync("apigateway", "get-account"))["throttleSettings"]!["rateLimit"]!.GetValue<double>());

        string csv = files.Write("keys.csv", "name,key\n" + string.Concat(Enumerable.Range(0, 60).Select(static i => $"key {i},value-value-value-{i:D3}\n")));
        Assert.Equal(60, (await aws.DoAsync("apigateway", "import-api-keys", "--body", "fileb://" + csv, "--format", "csv"))["ids"]!.AsArray().Count);
        Assert.Equal(60, (await aws.DoAsync("apigateway", "get-api-keys"))["items"]!.AsArray().Count);
        JsonArray named = (await aws.DoAsync("apigateway", "get-api-keys", "--name-query", "key 5", "--include-values"))["items"]!.AsArray();
        Assert.Equal(11, named.Count);
        Assert.All(named, static key => Assert.StartsWith("value-value-value-", key!["value"]!.GetValue<string>(), StringComparison.Ordinal));

        JsonNode certificate = await aws.DoAsync("apigateway", "generate-client-certificate", "--description", "for the back end");
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", certificate["pemEncodedCertificate"]!.GetValue<string>(), StringComparison.Ordinal);
        await aws.DoAsync("apigateway", "delete-client-certificate", "--client-certificate-id", certificate["clientCertificateId"]!.GetValue<string>());

        JsonNode link = await aws.DoAsync("apigateway", "create-vpc-link", "--name", "n", "--target-arns", "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/nlb/50dc6c495c0c9188");
        string id = link["id"]!.GetValue<string>();
        Assert.Equal("AVAILABLE", (await aws.DoAsync("apigateway", "get-vpc-link", "--vpc-link-id", id))["status"]!.GetValue<string>());
        string arn = $"arn:aws:apigateway:us-east-1::/vpclinks/{id}";
        await aws.DoAsync("apigateway", "tag-resource", "--resource-arn", arn, "--tags", "team=a,stage=b");
        await aws.DoAsync("apigatewayv2", "tag-resource", "--resource-arn", arn, "--tags", "stage=c");
        await aws.DoAsync("apigateway", "untag-resource", "--resource-arn", arn, "--tag-keys", "team");
        Assert.Equal("""{"stage":"c"}""", (await aws.DoAsync("apigateway", "get-tags", "--resource-arn", arn))["tags"]!.ToJsonString());
        Assert.Contains("(NotFoundException)", await aws.FailAsync("apigateway", "get-tags", "--resource-arn", arn + "x"), StringComparison.Ordinal);

        string second = (await aws.DoAsync("apigatewayv2", "create-vpc-link", "--name", "n", "--subnet-ids", "subnet-1"))["VpcLinkId"]!.GetValue<string>();
        Assert.Equal("V2", (await aws.DoAsync("apigatewayv2", "get-vpc-link", "--vpc-link-id", second))["VpcLinkVersion"]!.GetValue<string>());
        await aws.DoAsync("apigatewayv2", "delete-vpc-link", "--vpc-link-id", second);
    }

    private static async Task<string> DeployAsync(SdkClient sdk)
    {
        string id = (await sdk.V1Async("CreateRestApi", """{"name":"pets"}"""))["id"]!.GetValue<string>();
        string root = (await sdk.V1Async("GetResources", $$"""{"restApiId":"{{id}}"}"""))["items"]![0]!["id"]!.GetValue<string>();
        string resource = (await sdk.V1Async("CreateResource", $$"""{"restApiId":"{{id}}","parentId":"{{root}}","pathPart":"pets"}"""))["id"]!.GetValue<string>();
        string method = $"\"restApiId\":\"{id}\",\"resourceId\":\"{resource}\",\"httpMethod\":\"GET\"";
        await sdk.V1Async("PutMethod", $$"""{{{method}},"authorizationType":"NONE","apiKeyRequired":true}""");
        await sdk.V1Async("PutMethodResponse", $$"""{{{method}},"statusCode":"200"}""");
        await sdk.V1Async("PutIntegration", $$$$"""{{{{{method}}}},"type":"MOCK","requestTemplates":{"application/json":"{\"statusCode\":200}"}}""");
        await sdk.V1Async("PutIntegrationResponse", $$"""{{{method}},"statusCode":"200"}""");
        await sdk.V1Async("CreateDeployment", $$"""{"restApiId":"{{id}}","stageName":"prod"}""");
        return id;
    }
}
