using System.Text.Json;
using EdgeProxy.Scenarios.Tests.Harness;
using EdgeProxy.TestKit;

namespace EdgeProxy.Scenarios.Tests.Lifecycle;

/// <summary>The verbs of the binary, their output for people and programs, and their exit status.</summary>
public sealed class CommandTests
{
    private static readonly string PetStore = Repository.PathOf("deploy/examples/petstore.openapi.yaml");

    [Fact]
    public async Task Version_names_itself()
    {
        CommandResult result = await Command.EdgeProxyAsync("version");
        Assert.Equal(0, result.Status);
        Assert.Matches(@"^edgeproxy \d+\.\d+\.\d+", result.Output);

        JsonElement json = Json(await Command.EdgeProxyAsync("version", "--output", "json"));
        Assert.Matches(@"^\d+\.\d+\.\d+", json.GetProperty("version").GetString());
    }

    [Fact]
    public async Task Validate_accepts_the_examples()
    {
        CommandResult result = await Command.EdgeProxyAsync(
            "validate", PetStore, Repository.PathOf("deploy/examples/many-routes.openapi.yaml"));
        Assert.True(result.Status == 0, result.ToString());
    }

    [Fact]
    public async Task Validate_says_every_problem_at_once_with_its_place_and_exits_with_3()
    {
        using var files = new Temporary();
        string path = files.Write("bad.yaml", """
            openapi: 3.0.3
            info: {title: Bad, version: "1"}
            paths:
              /a/{x:
                get:
                  responses: {}
                  x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: "http://127.0.0.1/"}
              /b:
                get:
                  responses: {}
                  x-amazon-apigateway-integration: {type: no-such-type}
            """);
        CommandResult result = await Command.EdgeProxyAsync("validate", path);
        Assert.Equal(3, result.Status);
        string said = result.Output + result.Errors;
        Assert.Matches(@"bad\.yaml:\d+:\d+", said);
        Assert.Contains("~1a~1{x", said, StringComparison.Ordinal);
        Assert.Contains("/paths/~1b/get/x-amazon-apigateway-integration", said, StringComparison.Ordinal);

        CommandResult forPrograms = await Command.EdgeProxyAsync("validate", path, "--output", "json");
        Assert.Equal(3, forPrograms.Status);
        JsonElement problems = JsonDocument.Parse(forPrograms.Output).RootElement.GetProperty("problems");
        Assert.True(problems.GetArrayLength() >= 2);
        foreach (JsonElement problem in problems.EnumerateArray())
        {
            Assert.True(problem.GetProperty("line").GetInt32() > 0);
            Assert.True(problem.GetProperty("column").GetInt32() > 0);
            Assert.NotEmpty(problem.GetProperty("pointer").GetString()!);
            Assert.NotEmpty(problem.GetProperty("severity").GetString()!);
            Assert.NotEmpty(problem.GetProperty("message").GetString()!);
        }
    }

    [Fact]
    public async Task Validate_exits_with_3_for_what_is_not_supported_unless_told_otherwise()
    {
        using var files = new Temporary();
        string path = files.Write("later.yaml", """
            openapi: 3.0.3
            info: {title: Later, version: "1"}
            paths:
              /a:
                get:
                  responses: {"200": {description: ok}}
                  x-amazon-apigateway-integration:
                    type: aws_proxy
                    httpMethod: POST
                    uri: arn:aws:apigateway:eu-west-1:firehose:action/PutRecord
            """);
        Assert.Equal(3, (await Command.EdgeProxyAsync("validate", path)).Status);
        Assert.Equal(0, (await Command.EdgeProxyAsync("validate", path, "--allow-unsupported")).Status);
    }

    [Fact]
    public async Task Routes_lists_what_was_compiled()
    {
        CommandResult result = await Command.EdgeProxyAsync("routes", PetStore);
        Assert.Equal(0, result.Status);
        Assert.Matches(@"(?m)^.*GET.*/pets/\{petId\}", result.Output);
        Assert.Matches(@"(?m)^.*ANY.*/owners/\{proxy\+\}", result.Output);

        JsonElement json = Json(await Command.EdgeProxyAsync("routes", PetStore, "--output", "json"));
        Assert.Contains("/pets/{petId}", json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_asks_the_running_node()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(1));
        CommandResult well = await Command.EdgeProxyAsync("health", "--admin", $"http://127.0.0.1:{node.AdminPort}");
        Assert.True(well.Status == 0, well.ToString());

        CommandResult none = await Command.EdgeProxyAsync("health", "--admin", $"http://127.0.0.1:{Ports.Unused()}");
        Assert.Equal(1, none.Status);
        Assert.NotEmpty(none.Errors + none.Output);
    }

    [Theory]
    [InlineData("no-such-verb")]
    [InlineData("run --no-such-option")]
    [InlineData("validate")]
    public async Task Wrong_usage_exits_with_2(string arguments)
    {
        CommandResult result = await Command.EdgeProxyAsync(arguments.Split(' '));
        Assert.Equal(2, result.Status);
        Assert.NotEmpty(result.Errors);
    }

    [Fact]
    public async Task Run_refuses_a_broken_document_with_3_and_names_the_place()
    {
        using var files = new Temporary();
        string path = files.Write("broken.yaml", "openapi: 3.0.3\npaths: [\n");
        CommandResult result = await Command.EdgeProxyAsync("run", path, "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0");
        Assert.Equal(3, result.Status);
        Assert.Contains("broken.yaml:", result.Errors + result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_setting_is_3_and_the_right_one_is_suggested()
    {
        using var files = new Temporary();
        files.Write("api.json", Api.ProxyTo(1).ToString());
        string path = files.Write("edgeproxy.yaml", "apis:\n  - file: api.json\nlimits:\n  headerByte: 1KB\n");
        CommandResult result = await Command.EdgeProxyAsync("run", "-c", path, "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0");
        Assert.Equal(3, result.Status);
        Assert.Contains("headerBytes", result.Errors + result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_that_needs_what_is_not_supported_is_served_closed()
    {
        string api = """
            {"openapi":"3.0.1","info":{"title":"x","version":"1"},"paths":{
              "/open":{"get":{"responses":{"200":{"description":"ok"}},"x-amazon-apigateway-integration":
                {"type":"mock","requestTemplates":{"application/json":"{\"statusCode\": 200}"},"responses":{"default":{"statusCode":"200"}}}}},
              "/guarded":{"get":{"responses":{"200":{"description":"ok"}},"security":[{"lock":[]}],"x-amazon-apigateway-integration":
                {"type":"mock","requestTemplates":{"application/json":"{\"statusCode\": 200}"},"responses":{"default":{"statusCode":"200"}}}}}},
             "components":{"securitySchemes":{"lock":{"type":"apiKey","name":"Authorization","in":"header",
               "x-amazon-apigateway-authtype":"custom","x-amazon-apigateway-authorizer":{"type":"token",
               "authorizerUri":"arn:aws:apigateway:eu-west-1:firehose:action/PutRecord"}}}}}
            """;
        await using Node node = await Node.StartAsync(api);
        Assert.Equal(200, (await node.GetAsync("/open")).Status);
        Assert.Equal(500, (await node.GetAsync("/guarded")).Status);
    }

    private static JsonElement Json(CommandResult result)
    {
        Assert.True(result.Status == 0, result.ToString());
        return JsonDocument.Parse(result.Output).RootElement;
    }
}
