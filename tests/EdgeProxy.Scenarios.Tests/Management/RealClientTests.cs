using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>The management APIs as their users know them: by the AWS CLI and by the SDK's clients.</summary>
public sealed class RealClientTests
{
    [Fact]
    public async Task The_SDK_makes_an_API_out_of_parts_deploys_it_and_calls_it()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        await using SdkClient sdk = SdkClient.Start(managed.Endpoint);
        JsonNode api = await sdk.V1Async("CreateRestApi", """{"name":"pets","endpointConfiguration":{"types":["REGIONAL"]}}""");
        string id = api["id"]!.GetValue<string>();
        Assert.Matches("^[a-z0-9]{10}$", id);
        string root = (await sdk.V1Async("GetResources", With(id)))["items"]![0]!["id"]!.GetValue<string>();
        string resource = (await sdk.V1Async("CreateResource", With(id, $"\"parentId\":\"{root}\",\"pathPart\":\"{{petId}}\"")))["id"]!.GetValue<string>();
        string method = $"\"resourceId\":\"{resource}\",\"httpMethod\":\"GET\"";
        await sdk.V1Async("PutMethod", With(id, method + ",\"authorizationType\":\"NONE\",\"requestParameters\":{\"method.request.path.petId\":true}"));
        await sdk.V1Async("PutMethodResponse", With(id, method + ",\"statusCode\":\"200\""));
        await sdk.V1Async("PutIntegration", With(id, method + ""","type":"MOCK","requestTemplates":{"application/json":"{\"statusCode\":200}"}"""));
        await sdk.V1Async("PutIntegrationResponse", With(id, method + ""","statusCode":"200","responseTemplates":{"application/json":"{\"id\":\"$input.params('petId')\"}"}"""));
        JsonNode deployment = await sdk.V1Async("CreateDeployment", With(id, "\"stageName\":\"prod\""));
        Assert.Matches("^[a-z0-9]{6}$", deployment["id"]!.GetValue<string>());
        Answer answer = await managed.GetAsync(id, "/prod/7");
        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"id":"7"}""", answer.Text);

        await sdk.V1Async("DeleteRestApi", With(id));
        Assert.Equal(403, (await managed.GetAsync(id, "/prod/7")).Status);
        Assert.StartsWith("404 NotFoundException: Invalid API identifier specified", await sdk.FailAsync("v1", "GetRestApi", With(id)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_CLI_imports_an_API_updates_pages_exports_and_deletes_it()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        using var files = new Temporary();
        var aws = new AwsCli(managed.Endpoint);
        string document = files.Write("pets.json", new Api().Mock("/pets", "GET", 200).ToString());
        JsonNode api = await aws.DoAsync("apigateway", "import-rest-api", "--body", "fileb://" + document);
        string id = api["id"]!.GetValue<string>();
        await aws.DoAsync("apigateway", "create-deployment", "--rest-api-id", id, "--stage-name", "test");
        Assert.Equal(200, (await managed.GetAsync(id, "/test/pets")).Status);

        JsonNode renamed = await aws.DoAsync("apigateway", "update-rest-api", "--rest-api-id", id, "--patch-operations", "op=replace,path=/name,value=renamed");
        Assert.Equal("renamed", renamed["name"]!.GetValue<string>());
        for (int i = 0; i < 3; i++) await aws.DoAsync("apigateway", "create-rest-api", "--name", "other" + i);
        JsonNode page = await aws.DoAsync("apigateway", "get-rest-apis", "--max-items", "2");
        Assert.Equal(2, page["items"]!.AsArray().Count);
        Assert.NotNull(page["NextToken"]);
        Assert.Equal(4, (await aws.DoAsync("apigateway", "get-rest-apis", "--page-size", "2"))["items"]!.AsArray().Count);

        string exported = files.PathOf("export.json");
        await aws.DoAsync("apigateway", "get-export", "--rest-api-id", id, "--stage-name", "test", "--export-type", "oas30", "--parameters", "extensions=apigateway", exported);
        Assert.Equal("3.0.1", JsonNode.Parse(await File.ReadAllTextAsync(exported))!["openapi"]!.GetValue<string>());

        await aws.DoAsync("apigateway", "delete-rest-api", "--rest-api-id", id);
        Assert.Contains("(NotFoundException)", await aws.FailAsync("apigateway", "get-rest-api", "--rest-api-id", id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_SDK_makes_an_HTTP_API_in_one_call_and_reads_it_back()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        await using SdkClient sdk = SdkClient.Start(managed.Endpoint);
        JsonNode api = await sdk.V2Async("CreateApi", """{"Name":"web","ProtocolType":"HTTP","Target":"https://example.com"}""");
        string id = api["ApiId"]!.GetValue<string>();
        Assert.Equal($"https://{id}.execute-api.us-east-1.amazonaws.com", api["ApiEndpoint"]!.GetValue<string>());
        Assert.Equal("$default", (await sdk.V2Async("GetRoutes", $"{{\"ApiId\":\"{id}\"}}"))["Items"]![0]!["RouteKey"]!.GetValue<string>());
        Assert.True((await sdk.V2Async("GetStage", $"{{\"ApiId\":\"{id}\",\"StageName\":\"$default\"}}"))["AutoDeploy"]!.GetValue<bool>());
        await sdk.V2Async("DeleteApi", $"{{\"ApiId\":\"{id}\"}}");
        Assert.StartsWith("404 NotFoundException", await sdk.FailAsync("v2", "GetApi", $"{{\"ApiId\":\"{id}\"}}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_kill()
    {
        using var files = new Temporary();
        string data = files.PathOf("data");
        string id;
        await using (ManagedNode managed = await ManagedNode.StartAsync(data: data))
        {
            await using SdkClient sdk = SdkClient.Start(managed.Endpoint);
            id = (await sdk.V1Async("ImportRestApi", $"{{\"body\":{JsonValue.Create("bytes:" + new Api().Mock("/pets", "GET", 200))!.ToJsonString()}}}"))["id"]!.GetValue<string>();
            await sdk.V1Async("CreateDeployment", With(id, "\"stageName\":\"prod\""));
            managed.Node.Signal(9);
            await managed.Node.UntilExitAsync();
        }

        await using ManagedNode again = await ManagedNode.StartAsync(data: data);
        Assert.Equal(200, (await again.GetAsync(id, "/prod/pets")).Status);
    }

    private static string With(string id, string more = "") => $"{{\"restApiId\":\"{id}\"{(more.Length == 0 ? "" : "," + more)}}}";
}
