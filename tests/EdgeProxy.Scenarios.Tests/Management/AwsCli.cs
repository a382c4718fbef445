using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>Debian's AWS CLI, which knows its endpoint by a flag alone.</summary>
/// <param name="endpoint">For example <c>http://127.0.0.1:9080</c>.</param>
internal sealed class AwsCli(string endpoint)
{
    private static readonly Dictionary<string, string> s_environment = new()
    {
        ["AWS_ACCESS_KEY_ID"] = "test",
        ["AWS_SECRET_ACCESS_KEY"] = "test",
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_MAX_ATTEMPTS"] = "1",
        ["AWS_PAGER"] = "",
    };

    /// <summary>Runs a command that has to succeed, and gives what it printed; an empty object for nothing.</summary>
    /// <param name="arguments">For example <c>apigateway</c>, <c>create-rest-api</c>, <c>--name</c>, <c>pets</c>.</param>
    public async Task<JsonNode> DoAsync(params string[] arguments)
    {
        CommandResult result = await RunAsync(arguments);
        if (result.Status != 0) throw new InvalidOperationException($"aws {string.Join(' ', arguments)}: {result.Status} {result.Errors}");
        return result.Output.Trim().Length == 0 ? new JsonObject() : JsonNode.Parse(result.Output)!;
    }

    /// <summary>Runs a command that has to fail, and gives what it said.</summary>
    public async Task<string> FailAsync(params string[] arguments)
    {
        CommandResult result = await RunAsync(arguments);
        return result.Status == 0 ? throw new InvalidOperationException($"aws {string.Join(' ', arguments)} was done: {result.Output}") : result.Errors.Trim();
    }

    private Task<CommandResult> RunAsync(string[] arguments) => Command.RunAsync("/usr/bin/aws", ["--endpoint-url", endpoint, "--output", "json", .. arguments], input: null, s_environment);
}
