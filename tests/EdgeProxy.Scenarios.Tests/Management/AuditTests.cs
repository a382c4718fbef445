using System.Net.Http;
using System.Text;
using System.Text.Json;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>Who called what, by the command and in a file of lines.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task Calls_are_told_and_verified_by_command_and_stand_in_a_file_that_proves_itself()
    {
        using var files = new Temporary();
        string lines = files.PathOf("audit.log");
        await using ManagedNode managed = await ManagedNode.StartAsync($"audit:\n  path: {lines}\n");
        using var client = new HttpClient { BaseAddress = new Uri(managed.Endpoint) };
        for (int i = 0; i < 3; i++)
        {
            using var content = new StringContent($$"""{"name":"api {{i}}"}""", Encoding.UTF8, "application/json");
            using HttpResponseMessage made = await client.PostAsync(new Uri("/restapis", UriKind.Relative), content);
            made.EnsureSuccessStatusCode();
        }

        using (HttpResponseMessage unknown = await client.GetAsync(new Uri("/restapis/none", UriKind.Relative))) Assert.False(unknown.IsSuccessStatusCode);
        await Wait.UntilAsync(async () => (await AuditAsync(managed)).Contains("NotFoundException", StringComparison.Ordinal), "the refused call is noted down");
        Assert.Equal(3, (await AuditAsync(managed, "--event", "CreateRestApi", "--since", "1h")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        string json = await AuditAsync(managed, "--event", "CreateRestApi", "--limit", "1", "--output", "json");
        Assert.Equal("api 2", JsonDocument.Parse(json).RootElement.GetProperty("requestParameters").GetProperty("createRestApiInput").GetProperty("name").GetString());
        Assert.Contains("changes  1 to 3, as written", await AuditAsync(managed, "verify"), StringComparison.Ordinal);

        await Wait.UntilAsync(() => File.ReadAllLines(lines).Length >= 4, "the lines are written");
        CommandResult whole = await Command.RunAsync(EdgeProxyBinary.Path, "audit", "verify", lines);
        Assert.True(whole.Status == 0, whole.Errors);
        Assert.Contains("changes  1 to 3, as written", whole.Output, StringComparison.Ordinal);
        string changed = files.Write("changed.log", (await File.ReadAllTextAsync(lines)).Replace("api 1", "api 7", StringComparison.Ordinal));
        CommandResult broken = await Command.RunAsync(EdgeProxyBinary.Path, "audit", "verify", changed);
        Assert.Equal(1, broken.Status);
        Assert.Contains("was changed", broken.Errors, StringComparison.Ordinal);

        // After a rotation.
        File.Move(lines, lines + ".1");
        managed.Node.Signal(Native.SIGUSR1);
        await Wait.UntilAsync(
            async () =>
            {
                using HttpResponseMessage read = await client.GetAsync(new Uri("/restapis", UriKind.Relative));
                return File.Exists(lines) && new FileInfo(lines).Length > 0;
            },
            "lines go to the new file");
        CommandResult both = await Command.RunAsync(EdgeProxyBinary.Path, "audit", "verify", lines + ".1", lines);
        Assert.True(both.Status == 0, both.Errors);
    }

    private static async Task<string> AuditAsync(ManagedNode managed, params string[] words)
    {
        CommandResult result = await Command.RunAsync(EdgeProxyBinary.Path, ["audit", .. words, "--admin", managed.Endpoint]);
        Assert.True(result.Status == 0, result.Errors);
        return result.Output;
    }
}
