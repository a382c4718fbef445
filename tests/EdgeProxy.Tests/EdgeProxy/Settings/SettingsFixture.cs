using EdgeProxy.Compiler.Problems;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Settings;

/// <summary>Reads settings from a text, an environment and flags, as a node would.</summary>
internal sealed class SettingsFixture : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-settings-").FullName;

    public ProblemList Problems { get; } = new();

    public string Directory_ => _directory;

    public IReadOnlyList<string> Lines => [.. Problems.Select(ProblemWriter.Line)];

    public NodeSettings? TryRead(string? yaml, Dictionary<string, string>? environment = null, string[]? listen = null, string[]? files = null, params (string, string, string)[] flags)
    {
        if (yaml is not null) File.WriteAllText(Path.Combine(_directory, "edgeproxy.yaml"), yaml);
        return SettingsReader.Read(new SettingSources
        {
            File = yaml is null ? null : "edgeproxy.yaml",
            Environment = environment ?? [],
            Listen = listen ?? [],
            ApiFiles = files ?? [],
            Flags = flags,
            WorkingDirectory = _directory,
        }, Problems);
    }

    public NodeSettings Read(string? yaml, Dictionary<string, string>? environment = null, string[]? listen = null, string[]? files = null, params (string, string, string)[] flags)
    {
        NodeSettings? settings = TryRead(yaml, environment, listen, files, flags);
        Assert.True(settings is not null, string.Join('\n', Lines));
        return settings;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
