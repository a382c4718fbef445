using System.Diagnostics;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;
using EdgeProxy.TestKit;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>The SDK for JavaScript, driven from here: calls go to its own clients, whatever they make of them goes to the node.</summary>
internal sealed class SdkClient : IAsyncDisposable
{
    private readonly Process _process;

    private SdkClient(Process process) => _process = process;

    /// <summary>Starts the clients for an endpoint.</summary>
    /// <param name="endpoint">For example <c>http://127.0.0.1:9080</c>.</param>
    /// <param name="accessKeyId">What they sign with.</param>
    /// <param name="secret">Its secret.</param>
    public static SdkClient Start(string endpoint, string accessKeyId = "test", string secret = "test")
    {
        var start = new ProcessStartInfo("node", [Repository.PathOf("tests/EdgeProxy.Scenarios.Tests/Management/node/sdk.js"), endpoint, "us-east-1"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["AWS_ACCESS_KEY_ID"] = accessKeyId;
        start.Environment["AWS_SECRET_ACCESS_KEY"] = secret;
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        return new SdkClient(Process.Start(start)!);
    }

    /// <summary>Calls an operation of V1 that has to succeed.</summary>
    public Task<JsonNode> V1Async(string command, string input = "{}") => DoAsync("v1", command, input);

    /// <summary>Calls an operation of V2 that has to succeed.</summary>
    public Task<JsonNode> V2Async(string command, string input = "{}") => DoAsync("v2", command, input);

    /// <summary>Calls an operation and gives what came of it: <c>value</c> and <c>status</c>, or <c>error</c>.</summary>
    public async Task<JsonNode> CallAsync(string service, string command, string input)
    {
        await _process.StandardInput.WriteLineAsync(new JsonObject { ["service"] = service, ["command"] = command, ["input"] = JsonNode.Parse(input) }.ToJsonString());
        string? line = await Wait.ForAsync(_process.StandardOutput.ReadLineAsync(), $"the answer to {command}");
        return JsonNode.Parse(line ?? throw new InvalidOperationException("the SDK's process has ended"))!;
    }

    /// <summary>Calls an operation that has to fail, and gives <c>404 NotFoundException: Invalid ...</c>.</summary>
    public async Task<string> FailAsync(string service, string command, string input)
    {
        JsonNode answer = await CallAsync(service, command, input);
        JsonNode error = answer["error"] ?? throw new InvalidOperationException($"{command} was done: {answer}");
        return $"{error["status"]} {error["name"]}: {error["message"]}";
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(2000)) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<JsonNode> DoAsync(string service, string command, string input)
    {
        JsonNode answer = await CallAsync(service, command, input);
        return answer["value"] ?? throw new InvalidOperationException($"{command} {input}: {answer}");
    }
}
