using System.Diagnostics;
using EdgeProxy.TestKit;

namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>The published binary: the scenarios know the product by nothing else.</summary>
internal static class EdgeProxyBinary
{
    private const string Variable = "EDGEPROXY_BINARY";

    /// <summary>From <c>EDGEPROXY_BINARY</c>, else <c>artifacts/edgeproxy</c> of this checkout.</summary>
    public static string Path { get; } = Find();

    /// <summary>Keeps our own variable from a process: the binary reads those named like it as settings, and would warn of it.</summary>
    public static void Forget(ProcessStartInfo start) => start.Environment.Remove(Variable);

    private static string Find()
    {
        string path = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
            ? System.IO.Path.GetFullPath(named, Repository.Root)
            : Repository.PathOf("artifacts/edgeproxy");
        return File.Exists(path)
            ? path
            : throw new InvalidOperationException(
                $"There is no binary at {path}. Publish it with 'deploy/run.sh version', or name another one in {Variable}.");
    }
}
