namespace EdgeProxy.Settings;

/// <summary>Where the settings of a node come from; each source wins over those before it: defaults, file, environment, flags.</summary>
internal sealed record SettingSources
{
    /// <summary>The settings file as the operator named it; null for none.</summary>
    public string? File { get; init; }

    /// <summary>Variables: those that begin with <c>EDGEPROXY_</c> are settings, and the file may name any as <c>${NAME}</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Values of flags by setting, with the flag's name for messages.</summary>
    public IReadOnlyList<(string Path, string Text, string Flag)> Flags { get; init; } = [];

    /// <summary>Values of <c>--listen</c>; when there are any they replace the configured listeners.</summary>
    public IReadOnlyList<string> Listen { get; init; } = [];

    /// <summary>Whether to make a certificate at start (<c>--tls-self-signed</c>).</summary>
    public bool TlsSelfSigned { get; init; }

    /// <summary>API files of the command line, served beside those of the settings file.</summary>
    public IReadOnlyList<string> ApiFiles { get; init; } = [];

    /// <summary>Where relative paths of the environment and the command line start.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The variables this process was started with.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }
}
