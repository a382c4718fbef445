using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>A node without files: all it serves comes by its management APIs, and it keeps that in a data directory.</summary>
internal sealed class ManagedNode : IAsyncDisposable
{
    private ManagedNode(Node node) => Node = node;

    public Node Node { get; }

    /// <summary>Where the management APIs are.</summary>
    public string Endpoint => $"http://127.0.0.1:{Node.AdminPort}";

    /// <summary>Starts one in a data directory of its own.</summary>
    /// <param name="settings">Lines of <c>edgeproxy.yaml</c>; none for no such file.</param>
    /// <param name="data">The data directory; null for a new one, empty for none.</param>
    /// <param name="arguments">Further words of the command line.</param>
    public static async Task<ManagedNode> StartAsync(string settings = "", string? data = null, params string[] arguments)
    {
        var files = new Temporary();
        List<string> words = [EdgeProxyBinary.Path, "run", "--admin", "http://127.0.0.1:0", "--loops", "2", .. arguments];
        if (!settings.Contains("listeners:", StringComparison.Ordinal)) words.AddRange(["--listen", "http://127.0.0.1:0"]);
        if (settings.Length > 0) words.AddRange(["-c", files.Write("edgeproxy.yaml", settings)]);
        if (data is not "") words.AddRange(["--data", data ?? files.PathOf("data")]);
        Node node = Node.LaunchWith(words, files);
        try
        {
            await node.UntilListeningAsync();
            return new ManagedNode(node);
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>GET of a stage by the API's host name.</summary>
    public Task<Answer> GetAsync(string apiId, string path, string headers = "") =>
        Node.AskAsync($"GET {path} HTTP/1.1\r\nHost: {apiId}.execute-api.localhost\r\nConnection: close\r\n{headers}\r\n");

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
