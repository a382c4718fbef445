using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>An API that a client builds call by call while its node is killed, and what has to be there of it.</summary>
/// <remarks><code>
///   0 nothing -- 1 the API -- 2 a resource -- 3 its method -- 4 its integration -- 5 deployment and stage -- gone
/// </code>
/// Of a call that was not answered both sides of its arrow are right, and nothing between.
/// </remarks>
internal sealed class KilledApi(string name)
{
    /// <summary>Steps of one that is finished.</summary>
    public const int Whole = 5;

    private string _id = "";
    private string _root = "";
    private string _resource = "";

    public string Name { get; } = name;

    /// <summary>How many steps were taken for sure.</summary>
    public int Steps { get; private set; }

    /// <summary>Whether it was deleted.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Takes the next step; returns when it was acknowledged.</summary>
    public async Task StepAsync(HttpClient client)
    {
        switch (Steps)
        {
            case 0:
                using (JsonDocument api = await SendAsync(client, HttpMethod.Post, "/restapis", $$"""{"name":"{{Name}}"}"""))
                {
                    _id = api.RootElement.GetProperty("id").GetString()!;
                    _root = api.RootElement.GetProperty("rootResourceId").GetString()!;
                }

                break;
            case 1:
                using (JsonDocument resource = await SendAsync(client, HttpMethod.Post, $"/restapis/{_id}/resources/{_root}", """{"pathPart":"pets"}"""))
                {
                    _resource = resource.RootElement.GetProperty("id").GetString()!;
                }

                break;
            case 2:
                (await SendAsync(client, HttpMethod.Put, $"/restapis/{_id}/resources/{_resource}/methods/GET", """{"authorizationType":"NONE"}""")).Dispose();
                break;
            case 3:
                (await SendAsync(client, HttpMethod.Put, $"/restapis/{_id}/resources/{_resource}/methods/GET/integration", """{"type":"MOCK","requestTemplates":{"application/json":"{\"statusCode\": 200}"}}""")).Dispose();
                break;
            case 4:
                (await SendAsync(client, HttpMethod.Post, $"/restapis/{_id}/deployments", """{"stageName":"prod"}""")).Dispose();
                break;
            default:
                (await SendAsync(client, HttpMethod.Delete, $"/restapis/{_id}", "")).Dispose();
                IsGone = true;
                return;
        }

        Steps++;
    }

    /// <summary>Finds out whether the step that was not answered was taken.</summary>
    public async Task FindOutAsync(HttpClient client)
    {
        if (Steps == 0)
        {
            using JsonDocument? found = await ByNameAsync(client);
            if (found is null) return;
            _id = found.RootElement.GetProperty("id").GetString()!;
            _root = found.RootElement.GetProperty("rootResourceId").GetString()!;
            Steps = 1;
        }
        else if (Steps == Whole && await StatusAsync(client, $"/restapis/{_id}") == HttpStatusCode.NotFound)
        {
            IsGone = true;
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, $"/restapis/{_id}/stages"));
            return;
        }

        int found2 = await CountAsync(client);
        Assert.InRange(found2, Steps, Math.Min(Whole, Steps + 1));
        Steps = found2;
    }

    /// <summary>All that was acknowledged is there, and nothing else.</summary>
    public async Task CheckAsync(HttpClient client) => Assert.Equal(Steps, await CountAsync(client));

    /// <summary>The names of all APIs that there are.</summary>
    public static async Task<List<string>> NamesAsync(HttpClient client)
    {
        var names = new List<string>();
        await foreach (JsonElement api in AllAsync(client)) names.Add(api.GetProperty("name").GetString()!);
        return names;
    }

    public static async Task<JsonDocument> JsonAsync(HttpClient client, string target) => JsonDocument.Parse(await client.GetStringAsync(target));

    private async Task<int> CountAsync(HttpClient client)
    {
        using (JsonDocument api = await JsonAsync(client, $"/restapis/{_id}")) Assert.Equal(Name, api.RootElement.GetProperty("name").GetString());
        using (JsonDocument models = await JsonAsync(client, $"/restapis/{_id}/models")) Assert.Equal(2, models.RootElement.GetProperty("item").GetArrayLength());
        using JsonDocument resources = await JsonAsync(client, $"/restapis/{_id}/resources?embed=methods");
        JsonElement[] items = [.. resources.RootElement.GetProperty("item").EnumerateArray()];
        Assert.Single(items, item => item.GetProperty("path").GetString() == "/");
        JsonElement[] pets = [.. items.Where(item => item.GetProperty("path").GetString() == "/pets")];
        int count = 1;
        if (pets.Length > 0)
        {
            _resource = Assert.Single(pets).GetProperty("id").GetString()!;
            count++;
            if (pets[0].TryGetProperty("resourceMethods", out JsonElement methods) && methods.TryGetProperty("GET", out JsonElement method))
            {
                count++;
                if (method.TryGetProperty("methodIntegration", out _)) count++;
            }
        }

        using JsonDocument deployments = await JsonAsync(client, $"/restapis/{_id}/deployments");
        using JsonDocument stages = await JsonAsync(client, $"/restapis/{_id}/stages");
        JsonElement[] made = [.. deployments.RootElement.GetProperty("item").EnumerateArray()];
        JsonElement[] named = [.. stages.RootElement.GetProperty("item").EnumerateArray()];
        Assert.Equal(made.Select(deployment => deployment.GetProperty("id").GetString()), named.Select(stage => stage.GetProperty("deploymentId").GetString()));
        return count + Math.Min(1, made.Length);
    }

    private async Task<JsonDocument?> ByNameAsync(HttpClient client)
    {
        await foreach (JsonElement api in AllAsync(client))
        {
            if (api.GetProperty("name").GetString() == Name) return JsonDocument.Parse(api.GetRawText());
        }

        return null;
    }

    private static async IAsyncEnumerable<JsonElement> AllAsync(HttpClient client)
    {
        string? position = "";
        while (position is not null)
        {
            using JsonDocument page = await JsonAsync(client, $"/restapis?limit=500&position={position}");
            foreach (JsonElement api in page.RootElement.GetProperty("item").EnumerateArray()) yield return api;
            position = page.RootElement.TryGetProperty("position", out JsonElement next) ? next.GetString() : null;
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string target)
    {
        using HttpResponseMessage answer = await client.GetAsync(target);
        return answer.StatusCode;
    }

    private static async Task<JsonDocument> SendAsync(HttpClient client, HttpMethod method, string target, string body)
    {
        using var request = new HttpRequestMessage(method, target);
        if (body.Length > 0) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {target}: {(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text.Length == 0 ? "{}" : text);
    }
}
