using System.Text.Json.Nodes;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>The definition of a REST API made, read, changed and removed by the SDK's own client: what it cannot parse it would drop or refuse.</summary>
public sealed class DefinitionClientTests
{
    private const string Guard = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:guard/invocations";

    [Fact]
    public async Task The_SDK_makes_and_changes_all_parts_of_a_definition()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        await using SdkClient sdk = SdkClient.Start(managed.Endpoint);
        JsonNode api = await sdk.V1Async("CreateRestApi", """{"name":"pets","tags":{"_custom_id_":"pets-api","team":"a"},"policy":"{\"Version\":\"2012-10-17\",\"Statement\":[]}"}""");
        Assert.Equal("pets-api", Text(api, "id"));
        Assert.Equal("a", Text(api["tags"]!, "team"));
        Assert.Equal("""{\"Version\":\"2012-10-17\",\"Statement\":[]}""", Text(api, "policy"));
        string root = Text(api, "rootResourceId");
        string resource = Text(await sdk.V1Async("CreateResource", With($"\"parentId\":\"{root}\",\"pathPart\":\"pets\"")), "id");
        string method = $"\"resourceId\":\"{resource}\",\"httpMethod\":\"POST\"";

        string authorizer = Text(await sdk.V1Async("CreateAuthorizer", With($"\"name\":\"guard\",\"type\":\"TOKEN\",\"authorizerUri\":\"{Guard}\"")), "id");
        string validator = Text(await sdk.V1Async("CreateRequestValidator", With("\"name\":\"body\",\"validateRequestBody\":true")), "id");
        await sdk.V1Async("CreateModel", With("""
            "name":"Pet","contentType":"application/json","schema":"{\"type\":\"object\"}"
            """));
        JsonNode put = await sdk.V1Async("PutMethod", With(method
            + $",\"authorizationType\":\"CUSTOM\",\"authorizerId\":\"{authorizer}\",\"requestValidatorId\":\"{validator}\",\"requestModels\":{{\"application/json\":\"Pet\"}},\"requestParameters\":{{\"method.request.header.X\":true}}"));
        Assert.True(put["requestParameters"]!["method.request.header.X"]!.GetValue<bool>());
        await sdk.V1Async("PutMethodResponse", With(method + ",\"statusCode\":\"201\",\"responseParameters\":{\"method.response.header.Location\":true}"));
        JsonNode integration = await sdk.V1Async("PutIntegration", With(method
            + ",\"type\":\"HTTP\",\"integrationHttpMethod\":\"PUT\",\"uri\":\"http://127.0.0.1:1/pets\",\"requestParameters\":{\"integration.request.header.X\":\"method.request.header.X\"}"));
        Assert.Equal("PUT", Text(integration, "httpMethod"));
        Assert.Equal("INTERNET", Text(integration, "connectionType"));
        await sdk.V1Async("PutIntegrationResponse", With(method + ",\"statusCode\":\"201\",\"selectionPattern\":\"2..\",\"responseParameters\":{\"method.response.header.Location\":\"'/pets/1'\"}"));

        JsonNode read = await sdk.V1Async("GetMethod", With(method));
        Assert.Equal("'/pets/1'", Text(read["methodIntegration"]!["integrationResponses"]!["201"]!["responseParameters"]!, "method.response.header.Location"));
        Assert.Equal("POST", Text((await sdk.V1Async("GetResources", With("\"embed\":[\"methods\"]")))["items"]!.AsArray().First(item => item!["path"]!.GetValue<string>() == "/pets")!["resourceMethods"]!["POST"]!, "httpMethod"));

        Assert.Equal("4..", Text(await sdk.V1Async("UpdateIntegrationResponse", With(method + ",\"statusCode\":\"201\"," + Replace("/selectionPattern", "4.."))), "selectionPattern"));
        Assert.Equal("http://127.0.0.1:2/", Text(await sdk.V1Async("UpdateIntegration", With(method + "," + Replace("/uri", "http://127.0.0.1:2/"))), "uri"));
        await sdk.V1Async("UpdateMethodResponse", With(method + ",\"statusCode\":\"201\"," + Replace("/responseParameters/method.response.header.Location", "false")));
        Assert.Equal("NONE", Text(await sdk.V1Async("UpdateMethod", With(method + "," + Replace("/authorizationType", "NONE"))), "authorizationType"));
        Assert.Equal("cats", Text(await sdk.V1Async("UpdateResource", With($"\"resourceId\":\"{resource}\"," + Replace("/pathPart", "cats"))), "pathPart"));
        Assert.Equal("watch", Text(await sdk.V1Async("UpdateAuthorizer", With($"\"authorizerId\":\"{authorizer}\"," + Replace("/name", "watch"))), "name"));
        Assert.False((await sdk.V1Async("UpdateRequestValidator", With($"\"requestValidatorId\":\"{validator}\"," + Replace("/validateRequestBody", "false"))))["validateRequestBody"]!.GetValue<bool>());
        Assert.Equal("d", Text(await sdk.V1Async("UpdateModel", With("\"modelName\":\"Pet\"," + Replace("/description", "d"))), "description"));
        Assert.Equal("503", Text(await sdk.V1Async("UpdateGatewayResponse", With("\"responseType\":\"THROTTLED\"," + Replace("/statusCode", "503"))), "statusCode"));
        Assert.Equal(21, (await sdk.V1Async("GetGatewayResponses", With("")))["items"]!.AsArray().Count);

        string part = Text(await sdk.V1Async("CreateDocumentationPart", With("""
            "location":{"type":"RESOURCE","path":"/cats"},"properties":"{\"description\":\"Cats\"}"
            """)), "id");
        await sdk.V1Async("UpdateDocumentationPart", With($"\"documentationPartId\":\"{part}\"," + Replace("/properties", "{}")));
        Assert.Equal("1", Text(await sdk.V1Async("CreateDocumentationVersion", With("\"documentationVersion\":\"1\"")), "version"));
        Assert.Single((await sdk.V1Async("GetDocumentationVersions", With("")))["items"]!.AsArray());

        foreach ((string command, string input) in new[]
        {
            ("DeleteDocumentationVersion", "\"documentationVersion\":\"1\""), ("DeleteDocumentationPart", $"\"documentationPartId\":\"{part}\""), ("DeleteGatewayResponse", "\"responseType\":\"THROTTLED\""),
            ("DeleteIntegrationResponse", method + ",\"statusCode\":\"201\""), ("DeleteIntegration", method), ("DeleteMethodResponse", method + ",\"statusCode\":\"201\""), ("DeleteMethod", method),
            ("DeleteModel", "\"modelName\":\"Pet\""), ("DeleteRequestValidator", $"\"requestValidatorId\":\"{validator}\""), ("DeleteAuthorizer", $"\"authorizerId\":\"{authorizer}\""),
            ("DeleteResource", $"\"resourceId\":\"{resource}\""), ("DeleteRestApi", ""),
        })
        {
            await sdk.V1Async(command, With(input));
        }
    }

    [Theory]
    [InlineData("GetRestApi", "", "404 NotFoundException: Invalid API identifier specified 000000000000:pets-api")]
    [InlineData("CreateRestApi", "\"name\":\"a\",\"minimumCompressionSize\":-1", "400 BadRequestException: Invalid minimum compression size, must be between 0 and 10485760")]
    [InlineData("CreateRequestValidator", "\"name\":\"a\"", "400 BadRequestException: Invalid REST API identifier specified")]
    public async Task Errors_arrive_with_their_type_and_text(string command, string input, string expected)
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        await using SdkClient sdk = SdkClient.Start(managed.Endpoint);
        Assert.Equal(expected, await sdk.FailAsync("v1", command, With(input)));
    }

    private static string With(string more) => $"{{\"restApiId\":\"pets-api\"{(more.Length == 0 ? "" : "," + more.Trim())}}}";

    private static string Replace(string path, string value) => $"\"patchOperations\":[{{\"op\":\"replace\",\"path\":\"{path}\",\"value\":\"{value}\"}}]";

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
