using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>The calls of the management API that tests make hundreds of: by plain HTTP, because a real client takes longer than what it calls.</summary>
/// <param name="endpoint">For example <c>http://127.0.0.1:9080</c>.</param>
internal sealed class ManagementCalls(string endpoint) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = new Uri(endpoint + "/") };

    /// <summary>ImportRestApi; gives the id.</summary>
    public async Task<string> ImportAsync(Api document) => (await SendAsync(HttpMethod.Post, "restapis?mode=import", document.ToString()))["id"]!.GetValue<string>();

    /// <summary>PutRestApi: the API is what the document says.</summary>
    public Task PutAsync(string api, Api document) => SendAsync(HttpMethod.Put, $"restapis/{api}?mode=overwrite", document.ToString());

    /// <summary>CreateDeployment; gives the id.</summary>
    /// <param name="api">The API.</param>
    /// <param name="stage">Its stage, made when it is not there.</param>
    /// <param name="more">More members, with a comma first.</param>
    public async Task<string> DeployAsync(string api, string stage, string more = "") =>
        (await SendAsync(HttpMethod.Post, $"restapis/{api}/deployments", $"{{\"stageName\":\"{stage}\"{more}}}"))["id"]!.GetValue<string>();

    public Task PatchAsync(string path, params (string Op, string Path, string? Value)[] operations)
    {
        var list = new JsonArray();
        foreach ((string op, string target, string? value) in operations)
        {
            var operation = new JsonObject { ["op"] = op, ["path"] = target };
            if (value is not null) operation["value"] = value;
            list.Add(operation);
        }

        return SendAsync(HttpMethod.Patch, path, new JsonObject { ["patchOperations"] = list }.ToJsonString());
    }

    public Task DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, "");

    public void Dispose() => _client.Dispose();

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body.Length > 0) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }
}
