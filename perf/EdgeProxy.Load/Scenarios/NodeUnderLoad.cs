using System.Globalization;
using EdgeProxy.Load.Compare;

namespace EdgeProxy.Load.Scenarios;

/// <summary>A backend and a node that were started for a scenario, on this machine and on ports that are free.</summary>
internal sealed class NodeUnderLoad : IDisposable
{
    private const string ReadyPath = "/plain";
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(20);
    private readonly ServerProcess _backend;
    private readonly ServerProcess _node;
    private readonly DirectoryInfo _directory;

    private NodeUnderLoad(ServerProcess backend, ServerProcess node, DirectoryInfo directory, int port)
    {
        (_backend, _node, _directory) = (backend, node, directory);
        Url = $"http://127.0.0.1:{port}";
    }

    /// <summary>Where the APIs begin.</summary>
    public string Url { get; }

    /// <summary>Starts both and waits until they serve.</summary>
    /// <param name="program">The binary.</param>
    /// <param name="configurations">The directory of <c>edgeproxy.yaml</c>.</param>
    /// <param name="scenario">Its name: what <c>NAME.yaml</c> says there is said besides, for scenarios whose settings would disturb the others.</param>
    /// <exception cref="IOException">One does not start; the message holds what it said.</exception>
    public static NodeUnderLoad Start(string program, string configurations, string scenario)
    {
        if (!File.Exists(program)) throw new IOException($"there is no {program}; deploy/run.sh version publishes it");
        DirectoryInfo directory = Directory.CreateTempSubdirectory("edgeproxy-load-");
        ServerProcess? backend = null;
        ServerProcess? node = null;
        try
        {
            (string self, string[] first) = Self();
            backend = ServerProcess.Start(self, [.. first, "backend", "--port", "0"], null, directory.FullName);
            int backendPort = int.Parse(backend.WaitForLine(StartWithin), NumberStyles.None, CultureInfo.InvariantCulture);
            string settings = Write(directory.FullName, configurations, scenario, backendPort);
            int port = ServerProcess.FreePort();
            node = ServerProcess.Start(
                program,
                ["run", "-c", settings, "--listen", $"http://127.0.0.1:{port}", "--admin", $"http://127.0.0.1:{ServerProcess.FreePort()}", "--log-level", "warn"],
                null,
                directory.FullName);
            if (!node.WaitUntilServing(port, ReadyPath, StartWithin)) throw new IOException($"{program} did not answer: {node.LastLines}");
            return new NodeUnderLoad(backend, node, directory, port);
        }
        catch
        {
            node?.Dispose();
            backend?.Dispose();
            directory.Delete(recursive: true);
            throw;
        }
    }

    public void Dispose()
    {
        _node.Dispose();
        _backend.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>Copies the configuration, with the port of the backend in it.</summary>
    private static string Write(string directory, string configurations, string scenario, int backendPort)
    {
        foreach (string file in Directory.EnumerateFiles(configurations))
        {
            string text = File.ReadAllText(file).Replace("@BACKEND@", backendPort.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(directory, Path.GetFileName(file)), text);
        }

        string settings = Path.Combine(directory, "edgeproxy.yaml");
        string more = Path.Combine(directory, scenario + ".yaml");
        if (File.Exists(more)) File.AppendAllText(settings, File.ReadAllText(more));
        return settings;
    }

    // The same program again; where the runtime is a program of its own, it is told what to run.
    private static (string Program, string[] First) Self()
    {
        string process = Environment.ProcessPath!;
        return Path.GetFileName(process) == "dotnet" ? (process, [Path.GetFullPath(Environment.GetCommandLineArgs()[0])]) : (process, []);
    }
}
