using System.Text.Json.Nodes;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>The errors of control-plane.md 1.4 of V1 as the SDK's client raises them: each by its own class, where the service's model has one.</summary>
public sealed class ErrorClassTests
{
    [Fact]
    public async Task What_the_service_s_model_names_is_raised_as_a_class_of_its_own()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync("management: {limits: {apis: 1}}");
        await using SdkClient sdk = SdkClient.Start(managed.Endpoint);
        string id = (await sdk.V1Async("CreateRestApi", """{"name":"a"}"""))["id"]!.GetValue<string>();
        string root = (await sdk.V1Async("GetRestApi", $$"""{"restApiId":"{{id}}"}"""))["rootResourceId"]!.GetValue<string>();
        string resource = $$"""{"restApiId":"{{id}}","parentId":"{{root}}","pathPart":"pets"}""";
        await sdk.V1Async("CreateResource", resource);

        await RaisesAsync(sdk, "GetStage", $$"""{"restApiId":"{{id}}","stageName":"s"}""", "NotFoundException", 404, "Invalid stage identifier specified");
        await RaisesAsync(sdk, "CreateResource", resource, "ConflictException", 409, "Another resource with the same parent already has this name: pets");
        await RaisesAsync(sdk, "CreateDeployment", $$"""{"restApiId":"{{id}}"}""", "BadRequestException", 400, "The REST API doesn't contain any methods");
        JsonNode limit = await RaisesAsync(sdk, "CreateRestApi", """{"name":"b"}""", "LimitExceededException", 429, "Maximum number of APIs has been reached.");
        Assert.Equal("1", limit["retryAfterSeconds"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_it_does_not_name_arrives_with_its_type_and_text()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        await using SdkClient sdk = SdkClient.Start(managed.Endpoint);
        Assert.Equal(
            "400 ValidationException: 1 validation error detected: Value 'X' at 'createRestApiInput.apiKeySource' failed to satisfy constraint: Member must satisfy enum value set: [HEADER, AUTHORIZER]",
            await sdk.FailAsync("v1", "CreateRestApi", """{"name":"a","apiKeySource":"X"}"""));
        Assert.Equal("400 SerializationException: class java.lang.Boolean can not be converted to an String", await sdk.FailAsync("v1", "CreateRestApi", """{"name":true}"""));
    }

    [Fact]
    public async Task Who_signs_wrongly_or_has_no_right_is_told_so_and_by_which_request()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync("""
            admin:
              credentials:
                - {accessKeyId: OPERATOR, secretAccessKey: secret-of-the-operator}
                - {accessKeyId: READER, secretAccessKey: secret-of-the-reader, rights: read}
            """);
        await using (SdkClient own = SdkClient.Start(managed.Endpoint, "OPERATOR", "secret-of-the-operator")) await own.V1Async("CreateRestApi", """{"name":"a"}""");
        await using (SdkClient reader = SdkClient.Start(managed.Endpoint, "READER", "secret-of-the-reader"))
        {
            Assert.Single((await reader.V1Async("GetRestApis"))["items"]!.AsArray());
            JsonNode refused = await ErrorAsync(reader, "v1", "CreateRestApi", """{"name":"b"}""");
            Assert.Equal(("AccessDeniedException", 403), (refused["name"]!.GetValue<string>(), refused["status"]!.GetValue<int>()));
            Assert.Matches("^[0-9a-f-]{36}$", refused["requestId"]!.GetValue<string>());
        }

        await using (SdkClient wrong = SdkClient.Start(managed.Endpoint, "OPERATOR", "another-secret")) Assert.StartsWith("403 InvalidSignatureException: ", await wrong.FailAsync("v1", "GetRestApis", "{}"), StringComparison.Ordinal);
        await using SdkClient stranger = SdkClient.Start(managed.Endpoint, "STRANGER", "secret");
        Assert.StartsWith("403 UnrecognizedClientException: ", await stranger.FailAsync("v2", "GetApis", "{}"), StringComparison.Ordinal);
    }

    private static async Task<JsonNode> RaisesAsync(SdkClient sdk, string command, string input, string name, int status, string message)
    {
        JsonNode error = await ErrorAsync(sdk, "v1", command, input);
        Assert.Equal((name, status, true), (error["name"]!.GetValue<string>(), error["status"]!.GetValue<int>(), error["isModelled"]!.GetValue<bool>()));
        Assert.Equal(message, error["message"]!.GetValue<string>());
        return error;
    }

    private static async Task<JsonNode> ErrorAsync(SdkClient sdk, string service, string command, string input)
    {
        JsonNode answer = await sdk.CallAsync(service, command, input);
        return answer["error"] ?? throw new InvalidOperationException($"{command} was done: {answer}");
    }
}
