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

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        Assert.True(from >= start.Length, $"No '{start.Trim()}' in the file.");
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"Overall exposure level for edgeproxy\.service: ([0-9.]+)")]
    private static partial Regex Exposure();
}
