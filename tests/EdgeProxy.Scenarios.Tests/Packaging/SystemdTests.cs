using System.Globalization;
using System.Text.RegularExpressions;
using EdgeProxy.Scenarios.Tests.Harness;
using EdgeProxy.TestKit;

namespace EdgeProxy.Scenarios.Tests.Packaging;

/// <summary>The units of <c>deploy/systemd</c>, as systemd itself reads them.</summary>
public sealed partial class SystemdTests
{
    private const double MostExposure = 2.0;

    private static readonly string Service = Repository.PathOf("deploy/systemd/edgeproxy.service");

    [Fact]
    public async Task Systemd_finds_no_fault_in_the_units()
    {
        using var files = new Temporary();
        // verify insists that the program exists, which on this machine stands elsewhere.
        string service = files.Write(
            "edgeproxy.service", File.ReadAllText(Service).Replace("/usr/local/bin/edgeproxy", EdgeProxyBinary.Path, StringComparison.Ordinal));
        string socket = files.Write("edgeproxy.socket", File.ReadAllText(Repository.PathOf("deploy/systemd/edgeproxy.socket")));
        CommandResult result = await Command.RunAsync("systemd-analyze", "verify", "--man=no", service, socket);
        Assert.True(result.Status == 0 && result.Errors.Length == 0, result.ToString());
    }

    [Fact]
    public async Task The_service_is_exposed_as_little_as_it_was()
    {
        CommandResult result = await Command.RunAsync("systemd-analyze", "security", "--offline=yes", "--no-pager", Service);
        Match overall = Exposure().Match(result.Output);
        Assert.True(overall.Success, result.ToString());
        Assert.InRange(double.Parse(overall.Groups[1].Value, CultureInfo.InvariantCulture), 0, MostExposure);
    }

    [Fact]
    public async Task The_binary_serves_where_no_page_can_be_made_executable()
    {
        // What MemoryDenyWriteExecute= asks of the kernel: prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN), kept over exec.
        await using Node node = await Node.StartAsync(new NodeOptions
        {
            Api = Api.ProxyTo(1).ToString(),
            Launcher = ["perl", "-e", "syscall(157, 65, 1, 0, 0, 0) == 0 or die \"MDWE: $!\"; exec @ARGV or die $!"],
        });
        Assert.Equal(200, (await node.GetAsync("/mock")).Status);
        node.Signal(Native.SIGHUP);
        Assert.Equal(200, (await node.GetAsync("/mock")).Status);
    }

    [Fact]
    public async Task The_service_may_make_every_system_call_that_it_makes()
    {
        using var files = new Temporary();
        string trace = files.PathOf("trace");
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(new NodeOptions
        {
            Api = new Api().Proxy("/{proxy+}", "ANY", $"http://localhost:{upstream.Port}/{{proxy}}").ToString(),
            Settings = $"data: {files.PathOf("data")}\ndrain:\n  grace: 10ms\nlogs:\n  access:\n    path: {files.PathOf("access.log")}\n",
            Launcher = ["strace", "-f", "-qq", "-e", "signal=none", "-o", trace],
        });
        int traced = node.TracedProcessId();
        Assert.Equal(200, (await node.GetAsync("/a")).Status);
        Assert.Equal(200, (await node.AdminAsync("/metrics")).Status);
        Native.Signal(traced, Native.SIGHUP);
        Native.Signal(traced, Native.SIGUSR1);
        Assert.Equal(200, (await node.GetAsync("/b")).Status);
        Native.Signal(traced, Native.SIGTERM);
        Assert.Equal(0, await node.UntilExitAsync());

        HashSet<string> allowed = await AllowedCallsAsync();
        IEnumerable<string> made = File.ReadLines(trace).Select(line => TracedCall().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);

        // SQLite gives its files to the owner of the directory when it runs as root, which the service never does.
        string[] refused = [.. made.Distinct().Where(call => !allowed.Contains(call) && call != "fchown")];
        Assert.Empty(refused);
    }

    [Fact]
    public async Task The_container_file_and_the_image_script_say_the_same()
    {
        string file = await File.ReadAllTextAsync(Repository.PathOf("deploy/container/Containerfile"));
        string script = await File.ReadAllTextAsync(Repository.PathOf("deploy/container/image.sh"));
        Assert.Contains("USER 65532:65532", file, StringComparison.Ordinal);
        Assert.Contains("\"User\": \"65532:65532\"", script, StringComparison.Ordinal);
        string command = Between(file, "\nCMD ", "\n");
        Assert.Contains($"\"Cmd\": {command}", script, StringComparison.Ordinal);
        string health = Between(file, "HEALTHCHECK --interval=10s --timeout=2s --start-period=5s --retries=3 CMD ", "\n");
        Assert.Equal("[\"/edgeproxy\", \"health\"]", health);
    }

    /// <summary>What <c>SystemCallFilter=</c> comes to: the first line allows, <c>~</c> takes away, later ones give back.</summary>
    private static async Task<HashSet<string>> AllowedCallsAsync()
    {
        // systemd lets the program be executed whatever the filter says.
        HashSet<string> allowed = ["execve"];
        foreach (string line in File.ReadLines(Service).Where(line => line.StartsWith("SystemCallFilter=", StringComparison.Ordinal)))
        {
            string words = line["SystemCallFilter=".Length..];
            foreach (string word in words.TrimStart('~').Split(' '))
            {
                HashSet<string> calls = await ExpandAsync(word);
                if (words[0] == '~') allowed.ExceptWith(calls);
                else allowed.UnionWith(calls);
            }
        }

        return allowed;
    }

    private static async Task<HashSet<string>> ExpandAsync(string word)
    {
        if (word[0] != '@') return [word];
        CommandResult group = await Command.RunAsync("systemd-analyze", "syscall-filter", "--no-pager", word);
        Assert.True(group.Status == 0, group.ToString());
        var calls = new HashSet<string>();
        foreach (string member in group.Output.Split('\n').Skip(1).Select(member => member.Trim()))
        {
            if (member.Length > 0 && member[0] != '#') calls.UnionWith(await ExpandAsync(member));
        }

        return calls;
    }

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        Assert.True(from >= start.Length, $"No '{start.Trim()}' in the file.");
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"^\d+ +([a-z0-9_]+)\(")]
    private static partial Regex TracedCall();

    [GeneratedRegex(@"Overall exposure level for edgeproxy\.service: ([0-9.]+)")]
    private static partial Regex Exposure();
}
