using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>HTTP and WebSocket APIs as the SDK's clients and the AWS CLI make, change, page, refuse and delete them.</summary>
public sealed class V2ClientTests
{
    private const string Function = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations";

    [Fact]
    public async Task The_SDK_makes_an_HTTP_API_out_of_parts_and_deploys_it()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        await using SdkClient sdk = SdkClient.Start(managed.Endpoint);
        string id = Text(await sdk.V2Async("CreateApi", """{"Name":"pets","ProtocolType":"HTTP","CorsConfiguration":{"AllowOrigins":["https://a.example"],"MaxAge":10},"Tags":{"team":"a"}}"""), "ApiId");
        string authorizer = Text(await sdk.V2Async("CreateAuthorizer", With(id, """ "AuthorizerType":"JWT","Name":"jwt","IdentitySource":["$request.header.Authorization"],"JwtConfiguration":{"Issuer":"https://issuer.example","Audience":["pets"]}""")), "AuthorizerId");
        JsonNode integration = await sdk.V2Async("CreateIntegration", With(id, """ "IntegrationType":"HTTP_PROXY","IntegrationMethod":"ANY","IntegrationUri":"https://b.example/{proxy}","PayloadFormatVersion":"1.0","RequestParameters":{"append:header.a":"$request.header.b"},"ResponseParameters":{"500":{"overwrite:statuscode":"403"}}"""));
        Assert.Equal("403", integration["ResponseParameters"]!["500"]!["overwrite:statuscode"]!.GetValue<string>());
        string target = $"\"integrations/{Text(integration, "IntegrationId")}\"";
        JsonNode route = await sdk.V2Async("CreateRoute", With(id, $"\"RouteKey\":\"ANY /{{proxy+}}\",\"Target\":{target},\"AuthorizationType\":\"JWT\",\"AuthorizerId\":\"{authorizer}\",\"AuthorizationScopes\":[\"read\"]"));
        Assert.Equal("read", route["AuthorizationScopes"]![0]!.GetValue<string>());

        await sdk.V2Async("CreateStage", With(id, """ "StageName":"prod","StageVariables":{"a":"b"},"DefaultRouteSettings":{"ThrottlingRateLimit":2.5},"RouteSettings":{"ANY /{proxy+}":{"ThrottlingBurstLimit":3}}"""));
        string deployment = Text(await sdk.V2Async("CreateDeployment", With(id, "\"StageName\":\"prod\",\"Description\":\"first\"")), "DeploymentId");
        JsonNode stage = await sdk.V2Async("GetStage", With(id, "\"StageName\":\"prod\""));
        Assert.Equal(deployment, Text(stage, "DeploymentId"));
        Assert.Equal(2.5, stage["DefaultRouteSettings"]!["ThrottlingRateLimit"]!.GetValue<double>());
        Assert.EndsWith("Z", Text(stage, "CreatedDate"), StringComparison.Ordinal);

        await sdk.V2Async("DeleteRouteSettings", With(id, "\"StageName\":\"prod\",\"RouteKey\":\"ANY /{proxy+}\""));
        Assert.Empty((await sdk.V2Async("GetStage", With(id, "\"StageName\":\"prod\"")))["RouteSettings"]!.AsObject());
        await sdk.V2Async("DeleteCorsConfiguration", With(id));
        Assert.Null((await sdk.V2Async("GetApi", With(id)))["CorsConfiguration"]);
        Assert.Equal("d", Text(await sdk.V2Async("UpdateRoute", With(id, $"\"RouteId\":\"{Text(route, "RouteId")}\",\"OperationName\":\"d\"")), "OperationName"));
        Assert.StartsWith("409 ConflictException: Cannot delete authorizer 'jwt'", await sdk.FailAsync("v2", "DeleteAuthorizer", With(id, $"\"AuthorizerId\":\"{authorizer}\"")), StringComparison.Ordinal);
        await sdk.V2Async("DeleteStage", With(id, "\"StageName\":\"prod\""));
        await sdk.V2Async("DeleteDeployment", With(id, $"\"DeploymentId\":\"{deployment}\""));
        await sdk.V2Async("DeleteApi", With(id));
        Assert.StartsWith("404 NotFoundException: Invalid API identifier specified", await sdk.FailAsync("v2", "GetRoutes", With(id)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_SDK_makes_a_WebSocket_API_that_deploys_itself()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        await using SdkClient sdk = SdkClient.Start(managed.Endpoint);
        string id = Text(await sdk.V2Async("CreateApi", """{"Name":"chat","ProtocolType":"WEBSOCKET","RouteSelectionExpression":"$request.body.action"}"""), "ApiId");
        await sdk.V2Async("CreateStage", With(id, "\"StageName\":\"live\",\"AutoDeploy\":true"));
        Assert.Equal("Deployment attempt failed: At least one route is required before deploying the Api.", Text(await sdk.V2Async("GetStage", With(id, "\"StageName\":\"live\"")), "LastDeploymentStatusMessage"));

        string model = Text(await sdk.V2Async("CreateModel", With(id, """ "Name":"Message","Schema":"{\"type\":\"object\"}" """)), "ModelId");
        string integration = Text(await sdk.V2Async("CreateIntegration", With(id, $"\"IntegrationType\":\"AWS\",\"IntegrationUri\":\"{Function}\",\"RequestTemplates\":{{\"$default\":\"$input.body\"}}")), "IntegrationId");
        string response = Text(await sdk.V2Async("CreateIntegrationResponse", With(id, $"\"IntegrationId\":\"{integration}\",\"IntegrationResponseKey\":\"$default\"")), "IntegrationResponseId");
        string route = Text(await sdk.V2Async("CreateRoute", With(id, $"\"RouteKey\":\"send\",\"Target\":\"integrations/{integration}\",\"ModelSelectionExpression\":\"$request.body.kind\",\"RequestModels\":{{\"$default\":\"Message\"}},\"RouteResponseSelectionExpression\":\"$default\"")), "RouteId");
        string answer = Text(await sdk.V2Async("CreateRouteResponse", With(id, $"\"RouteId\":\"{route}\",\"RouteResponseKey\":\"$default\"")), "RouteResponseId");

        JsonNode stage = await sdk.V2Async("GetStage", With(id, "\"StageName\":\"live\""));
        Assert.True((await sdk.V2Async("GetDeployment", With(id, $"\"DeploymentId\":\"{Text(stage, "DeploymentId")}\"")))["AutoDeployed"]!.GetValue<bool>());
        Assert.StartsWith("409 ConflictException: Cannot delete model 'Message'", await sdk.FailAsync("v2", "DeleteModel", With(id, $"\"ModelId\":\"{model}\"")), StringComparison.Ordinal);
        await sdk.V2Async("DeleteRouteResponse", With(id, $"\"RouteId\":\"{route}\",\"RouteResponseId\":\"{answer}\""));
        await sdk.V2Async("DeleteRoute", With(id, $"\"RouteId\":\"{route}\""));
        await sdk.V2Async("DeleteIntegrationResponse", With(id, $"\"IntegrationId\":\"{integration}\",\"IntegrationResponseId\":\"{response}\""));
        await sdk.V2Async("DeleteIntegration", With(id, $"\"IntegrationId\":\"{integration}\""));
        await sdk.V2Async("DeleteModel", With(id, $"\"ModelId\":\"{model}\""));
        Assert.StartsWith("400 BadRequestException: Deployment cannot be created", await sdk.FailAsync("v2", "CreateDeployment", With(id, "\"StageName\":\"live\"")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CreateApi", """{"Name":"x","ProtocolType":"REST"}""", "400 BadRequestException: Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]")]
    [InlineData("GetApi", """{"ApiId":"nothing"}""", "404 NotFoundException: Invalid API identifier specified nothing")]
    [InlineData("ListPortals", "{}", "404 NotFoundException: No operation has this method and path.")]
    public async Task The_SDK_reads_errors(string command, string input, string error)
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        await using SdkClient sdk = SdkClient.Start(managed.Endpoint);

        Assert.Equal(error, await sdk.FailAsync("v2", command, input));
    }

    [Fact]
    public async Task The_CLI_makes_pages_changes_and_deletes_an_HTTP_API()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        var aws = new AwsCli(managed.Endpoint);
        string id = Text(await aws.DoAsync("apigatewayv2", "create-api", "--name", "h", "--protocol-type", "HTTP", "--target", "https://example.com"), "ApiId");
        for (int i = 0; i < 3; i++) await aws.DoAsync("apigatewayv2", "create-route", "--api-id", id, "--route-key", $"GET /r{i}/{{id}}");
        JsonNode page = await aws.DoAsync("apigatewayv2", "get-routes", "--api-id", id, "--max-items", "2");
        Assert.Equal(2, page["Items"]!.AsArray().Count);
        Assert.Equal(4, (await aws.DoAsync("apigatewayv2", "get-routes", "--api-id", id, "--page-size", "1"))["Items"]!.AsArray().Count);

        await aws.DoAsync("apigatewayv2", "update-stage", "--api-id", id, "--stage-name", "$default", "--route-settings", """{"GET /r0/{id}":{"ThrottlingBurstLimit":3}}""", "--stage-variables", "a=b");
        await aws.DoAsync("apigatewayv2", "delete-route-settings", "--api-id", id, "--stage-name", "$default", "--route-key", "GET /r0/{id}");
        JsonNode stage = await aws.DoAsync("apigatewayv2", "get-stage", "--api-id", id, "--stage-name", "$default");
        Assert.Equal("b", stage["StageVariables"]!["a"]!.GetValue<string>());
        Assert.Empty(stage["RouteSettings"]!.AsObject());
        Assert.StartsWith("Successfully deployed stage with deployment ID", Text(stage, "LastDeploymentStatusMessage"), StringComparison.Ordinal);

        Assert.Contains("(ConflictException)", await aws.FailAsync("apigatewayv2", "create-route", "--api-id", id, "--route-key", "GET /r0/{id}"), StringComparison.Ordinal);
        await aws.DoAsync("apigatewayv2", "delete-api", "--api-id", id);
        Assert.Contains("(NotFoundException)", await aws.FailAsync("apigatewayv2", "get-api", "--api-id", id), StringComparison.Ordinal);
    }

    private static string With(string id, string more = "") => $"{{\"ApiId\":\"{id}\"{(more.Length == 0 ? "" : "," + more)}}}";

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();
}
