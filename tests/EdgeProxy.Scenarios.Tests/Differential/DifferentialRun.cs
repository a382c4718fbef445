using System.Text;
using EdgeProxy.Scenarios.Tests.Harness;
using EdgeProxy.TestKit;

namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>Sends all odd requests through EdgeProxy and, where they are installed, through nginx and HAProxy, once for all tests.</summary>
public abstract class DifferentialRun : IAsyncLifetime
{
    /// <summary>Time-outs as short as the peers', so that what never ends is given up at once.</summary>
    private const string Settings = "timeouts:\n  headers: 1s\n  idle: 1s\n  body: 1s\n";

    internal abstract IReadOnlyList<OddRequest> All { get; }

    /// <summary>Which version of HTTP they are in.</summary>
    internal abstract bool IsHttp2 { get; }

    internal IReadOnlyDictionary<string, Outcome> EdgeProxy { get; private set; } = null!;

    /// <summary>Empty where it is not installed, as is the next.</summary>
    internal IReadOnlyDictionary<string, Outcome> Nginx { get; private set; } = new Dictionary<string, Outcome>();

    internal IReadOnlyDictionary<string, Outcome> Haproxy { get; private set; } = new Dictionary<string, Outcome>();

    public async Task InitializeAsync()
    {
        Task<IReadOnlyDictionary<string, Outcome>> own = AskEdgeProxyAsync();
        Task<IReadOnlyDictionary<string, Outcome>> nginx = AskPeerAsync("nginx", PeerProxy.NginxAsync);
        Task<IReadOnlyDictionary<string, Outcome>> haproxy = AskPeerAsync("haproxy", PeerProxy.HaproxyAsync);
        EdgeProxy = await own;
        Nginx = await nginx;
        Haproxy = await haproxy;
        WriteTable();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private async Task<IReadOnlyDictionary<string, Outcome>> AskEdgeProxyAsync()
    {
        using var origin = new RecordingOrigin();
        await using Node node = await Node.StartAsync(Api.ProxyTo(origin.Port), Settings);
        return await AskAllAsync(node.DataPort, origin);
    }

    private async Task<IReadOnlyDictionary<string, Outcome>> AskPeerAsync(string program, Func<int, bool, Task<PeerProxy>> start)
    {
        if (PeerProxy.FindOrNull(program) is null) return new Dictionary<string, Outcome>();
        using var origin = new RecordingOrigin();
        await using PeerProxy proxy = await start(origin.Port, IsHttp2);
        return await AskAllAsync(proxy.Port, origin);
    }

    private async Task<IReadOnlyDictionary<string, Outcome>> AskAllAsync(int port, RecordingOrigin origin)
    {
        var all = new Dictionary<string, Outcome>();
        foreach (OddRequest odd in All)
        {
            all[odd.Name] = await (IsHttp2 ? Outcome.AskHttp2Async(port, origin, odd) : Outcome.AskHttp1Async(port, origin, odd));
        }

        return all;
    }

    private void WriteTable()
    {
        string version = IsHttp2 ? "HTTP/2" : "HTTP/1.1";
        var table = new StringBuilder($"| odd request in {version} | EdgeProxy | nginx | HAProxy |\n| --- | --- | --- | --- |\n");
        foreach (OddRequest odd in All)
        {
            table.Append("| ").Append(odd.Name).Append(" | ").Append(EdgeProxy[odd.Name].Cell());
            foreach (IReadOnlyDictionary<string, Outcome> peer in new[] { Nginx, Haproxy })
            {
                table.Append(" | ").Append(peer.TryGetValue(odd.Name, out Outcome? outcome) ? outcome.Cell() : "not installed");
            }

            table.Append(" |\n");
        }

        string folder = Repository.PathOf("artifacts/tests");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, $"differential-{(IsHttp2 ? "http2" : "http1")}.md"), table.ToString());
    }
}
