using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>Calls the management APIs by plain HTTP, without the seconds that a client of AWS takes to start.</summary>
internal sealed class AdminClient(string endpoint) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(endpoint) };

    /// <summary>Calls an operation that has to be done; an empty object for no answer.</summary>
    public async Task<JsonNode> DoAsync(string method, string target, string body = "")
    {
        (int status, string text) = await CallAsync(method, target, body);
        if (status is < 200 or > 299) throw new InvalidOperationException($"{method} {target}: {status} {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    public async Task<(int Status, string Body)> CallAsync(string method, string target, string body = "")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        if (body.Length > 0) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Applies patch operations to a stage, each as <c>replace /path value</c>; a copy as <c>copy /path /from</c>.</summary>
    public Task<JsonNode> PatchStageAsync(string api, string stage, params string[] operations)
    {
        var list = new JsonArray();
        foreach (string operation in operations)
        {
            string[] parts = operation.Split(' ', 3);
            var entry = new JsonObject { ["op"] = parts[0], ["path"] = parts[1] };
            if (parts.Length == 3) entry[parts[0] == "copy" ? "from" : "value"] = parts[2];
            list.Add(entry);
        }

        return DoAsync("PATCH", $"/restapis/{api}/stages/{stage}", new JsonObject { ["patchOperations"] = list }.ToJsonString());
    }

    public void Dispose() => _http.Dispose();
}
