using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Packaging;

/// <summary>The one file that is copied.</summary>
public sealed class BinaryTests
{
    // With room for what is being built; decisions 0043, 0056 and 0062 tell what to look at when it is reached.
    private const long MostBytes = 17_300_000;

    [Fact]
    public async Task Needs_no_library_of_the_machine()
    {
        CommandResult result = await Command.RunAsync("ldd", EdgeProxyBinary.Path);
        Assert.Contains("statically linked", result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_small() => Assert.InRange(new FileInfo(EdgeProxyBinary.Path).Length, 1, MostBytes);

    /// <remarks>
    /// A static program that loads a shared library gets a second C library with it and dies, so nothing on the way of a
    /// node's life may do that: start, documents in both forms, name resolution, reload, drain.
    /// </remarks>
    [Fact]
    public async Task Loads_no_library_in_its_life()
    {
        using var files = new Temporary();
        string trace = files.PathOf("trace");
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(new NodeOptions
        {
            Api = new Api().Proxy("/{proxy+}", "ANY", $"http://localhost:{upstream.Port}/{{proxy}}").ToString(),
            Settings = "drain:\n  grace: 10ms\n",
            Launcher = ["strace", "-f", "-qq", "-e", "trace=open,openat", "-e", "signal=none", "-o", trace],
        });
        int traced = node.TracedProcessId();
        Assert.Equal(200, (await node.GetAsync("/a")).Status);
        Native.Signal(traced, Native.SIGHUP);
        await node.UntilEventAsync("reload");
        Native.Signal(traced, Native.SIGTERM);
        Assert.Equal(0, await node.UntilExitAsync());
        Assert.DoesNotContain(File.ReadLines(trace), line => line.Contains(".so", StringComparison.Ordinal));
    }
}
