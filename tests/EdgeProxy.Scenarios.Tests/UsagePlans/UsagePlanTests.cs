using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.UsagePlans;

/// <summary>API keys and usage plans of a node, from its settings to what is read of them.</summary>
public sealed class UsagePlanTests
{
    private const string Ann = "ann-0123456789-abcdefghij-000001";
    private const string Bob = "bob-0123456789-abcdefghij-000002";

    private const string Document = """
        {"openapi": "3.0.1", "info": {"title": "Pets", "version": "1"},
         "components": {"securitySchemes": {"api_key": {"type": "apiKey", "in": "header", "name": "x-api-key"}}},
         "paths": {
           "/pets": {"get": {"security": [{"api_key": []}], "responses": {"200": {"description": "ok"}},
             "x-amazon-apigateway-integration": {"type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"}, "responses": {"default": {"statusCode": "200"}}}}},
           "/slow": {"get": {"security": [{"api_key": []}], "responses": {"200": {"description": "ok"}},
             "x-amazon-apigateway-integration": {"type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"}, "responses": {"default": {"statusCode": "200"}}}}}}}
        """;

    private const string Settings = """
        apiKeys:
          file: keys.csv
          keys:
            - {id: ann, value: "${ANN_KEY}"}
        usagePlans:
          - id: gold
            quota: {limit: 5, period: DAY}
            apis: [{api: pets, methods: {/slow/GET: {rate: 0.001, burst: 2}}}]
            keys: [ann]
        """;

    [Fact]
    public async Task A_key_opens_its_methods_until_its_bucket_or_its_quota_is_empty_and_what_it_used_is_read_at_once()
    {
        await using Node node = await StartAsync();
        Assert.Equal((403, "{\"message\":\"Forbidden\"}"), await AskAsync(node, "/pets", null));
        Assert.Equal((403, "{\"message\":\"Forbidden\"}"), await AskAsync(node, "/pets", Ann + "x"));
        Assert.Equal(200, (await AskAsync(node, "/slow", Ann)).Status);
        Assert.Equal(200, (await AskAsync(node, "/slow", Ann)).Status);
        Assert.Equal((429, "{\"message\":\"Too Many Requests\"}"), await AskAsync(node, "/slow", Ann));
        Assert.Equal(("2", "3"), await UsageAsync(node, "ann"));

        for (int i = 0; i < 3; i++) Assert.Equal(200, (await AskAsync(node, "/pets", Ann)).Status);
        Assert.Equal((429, "{\"message\":\"Limit Exceeded\"}"), await AskAsync(node, "/pets", Ann));
        Assert.Equal(200, (await AskAsync(node, "/pets", Bob)).Status);
        Assert.Equal(("5", "0"), await UsageAsync(node, "ann"));
        Assert.Equal(("1", "4"), await UsageAsync(node, "bob"));
        Assert.Equal(1, await node.MetricAsync("edgeproxy_usage_plan_requests_total", "usage_plan=\"gold\",outcome=\"quota\""));
        Assert.Equal(1, await node.MetricAsync("edgeproxy_throttled_total", "api_id=\"pets\",stage=\"prod\",scope=\"key_rate\""));

        // Neither log tells a value.
        await Wait.UntilAsync(() => Task.FromResult(node.Output.Count >= 9), "the access log is written");
        string logs = string.Join('\n', node.Output) + node.LogText;
        Assert.Contains("\"apiKeyId\":\"ann\",\"usagePlanId\":\"gold\"", logs, StringComparison.Ordinal);
        Assert.DoesNotContain(Ann[..20], logs, StringComparison.Ordinal);
        Assert.DoesNotContain(Bob[..20], logs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_tells_what_the_keys_of_a_plan_used()
    {
        await using Node node = await StartAsync();
        Assert.Equal(200, (await AskAsync(node, "/pets", Ann)).Status);
        string admin = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{node.AdminPort}");
        CommandResult told = await Command.EdgeProxyAsync("usage", "gold", "--admin", admin);
        Assert.Equal(0, told.Status);
        Assert.Matches(@"\d{4}-\d\d-\d\d  ann +1 +4", told.Output);
        CommandResult one = await Command.EdgeProxyAsync("usage", "gold", "--key", "bob", "--admin", admin, "--output", "json");
        Assert.Contains("\"bob\":[[0,5]]", one.Output, StringComparison.Ordinal);
        CommandResult none = await Command.EdgeProxyAsync("usage", "silver", "--admin", admin);
        Assert.Equal(1, none.Status);
        Assert.Contains("Invalid Usage Plan ID specified", none.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_file_of_keys_is_taken_over_and_counts_go_on()
    {
        await using Node node = await StartAsync();
        for (int i = 0; i < 4; i++) Assert.Equal(200, (await AskAsync(node, "/pets", Bob)).Status);
        node.Files.Write("keys.csv", $"name,key,id,enabled,usagePlanIds\nBob,{Bob},bob,false,gold\n");
        await Wait.UntilAsync(async () => (await AskAsync(node, "/pets", Bob)).Status == 403, "the key is disabled");
        node.Files.Write("keys.csv", $"name,key,id,enabled,usagePlanIds\nBob,{Bob},bob,true,gold\n");
        await Wait.UntilAsync(async () => (await AskAsync(node, "/pets", Bob)).Status != 403, "the key is enabled");
        Assert.Equal(429, (await AskAsync(node, "/pets", Bob)).Status);
        Assert.Equal(("5", "0"), await UsageAsync(node, "bob"));
    }

    [Fact]
    public async Task Quotas_are_exact_over_all_loops()
    {
        await using Node node = await StartAsync(Settings.Replace("limit: 5", "limit: 500", StringComparison.Ordinal));
        int[] admitted = new int[8];
        await Task.WhenAll(Enumerable.Range(0, admitted.Length).Select(client => Task.Run(async () =>
        {
            for (int i = 0; i < 100; i++)
            {
                if ((await AskAsync(node, "/pets", Bob)).Status == 200) admitted[client]++;
            }
        })));
        Assert.Equal(500, admitted.Sum());
        Assert.Equal(("500", "0"), await UsageAsync(node, "bob"));
    }

    private static async Task<Node> StartAsync(string settings = Settings)
    {
        var files = new Temporary();
        files.Write("keys.csv", $"name,key,id,enabled,usagePlanIds\nBob,{Bob},bob,true,gold\n");
        var options = new NodeOptions { Api = Document, Settings = settings, ApiSettings = "id: pets", Environment = new Dictionary<string, string> { ["ANN_KEY"] = Ann } };
        Node node = Node.Launch(options, files);
        try
        {
            await node.UntilListeningAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    private static async Task<(int Status, string Body)> AskAsync(Node node, string path, string? key)
    {
        var request = new StringBuilder($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        if (key is not null) request.Append(CultureInfo.InvariantCulture, $"X-API-Key: {key}\r\n");
        Answer answer = await node.AskAsync(request.Append("\r\n").ToString());
        return (answer.Status, answer.Text);
    }

    // Used and remaining of today; a day that ends in between would be another test's failure, once a year.
    private static async Task<(string Used, string Remaining)> UsageAsync(Node node, string key)
    {
        string today = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Answer answer = await node.AdminAsync($"/usageplans/gold/usage?startDate={today}&endDate={today}&keyId={key}");
        JsonElement pair = JsonDocument.Parse(answer.Text).RootElement.GetProperty("values").GetProperty(key)[0];
        return (pair[0].ToString(), pair[1].ToString());
    }
}
