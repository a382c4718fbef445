using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>What becomes of calls while there is no room on the disk.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task Without_room_a_change_is_refused_reads_go_on_and_changes_work_again_when_there_is_room()
    {
        var files = new Temporary();
        await using Node node = Node.LaunchWith(
            [
                "bash", "-c", "trap '' XFSZ; ulimit -S -f 400; exec \"$0\" \"$@\"", EdgeProxyBinary.Path,
                "run", "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0", "--data", files.PathOf("data"),
            ],
            files);
        await node.UntilListeningAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{node.AdminPort}") };
        int made = 0;
        while (true)
        {
            (HttpStatusCode status, string text) = await CreateAsync(client);
            if (status == HttpStatusCode.ServiceUnavailable)
            {
                Assert.Contains("edgeproxy.db", text, StringComparison.Ordinal);
                break;
            }

            Assert.Equal(HttpStatusCode.Created, status);
            Assert.InRange(++made, 1, 1000);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await CreateAsync(client)).Status);
        await using (SdkClient sdk = SdkClient.Start($"http://127.0.0.1:{node.AdminPort}"))
        {
            JsonNode error = (await sdk.CallAsync("v1", "CreateRestApi", $$"""{"name":"large","description":"{{new string('x', 10_000)}}"}"""))["error"]!;
            Assert.Equal(("ServiceUnavailableException", 503, true, "1"), (error["name"]!.GetValue<string>(), error["status"]!.GetValue<int>(), error["isModelled"]!.GetValue<bool>(), error["retryAfterSeconds"]!.GetValue<string>()));
        }

        Assert.Equal(made, (await KilledApi.NamesAsync(client)).Count);
        CommandResult raised = await Command.RunAsync("prlimit", "--pid", node.ProcessId.ToString(CultureInfo.InvariantCulture), "--fsize=unlimited:unlimited");
        Assert.Equal(0, raised.Status);
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(client)).Status);
        Assert.Equal(made + 1, (await KilledApi.NamesAsync(client)).Count);
    }

    private static async Task<(HttpStatusCode Status, string Text)> CreateAsync(HttpClient client)
    {
        using var content = new StringContent($$"""{"name":"large","description":"{{new string('x', 10_000)}}"}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.PostAsync(new Uri("/restapis", UriKind.Relative), content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
