using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary>What <c>edgeproxy test-invoke</c> is asked.</summary>
internal sealed class TestInvokeOptions
{
    /// <summary>The longest that an integration may take, and some time for the rest, in nanoseconds.</summary>
    public const long LongestCall = 35_000_000_000;

    /// <summary>Tell where the node's admin listener is.</summary>
    public required SettingSources Sources { get; init; }

    /// <summary>The API's id.</summary>
    public required string Api { get; init; }

    public required string Method { get; init; }

    /// <summary>The resource's path.</summary>
    public required string Resource { get; init; }

    /// <summary>Path and query of the request; null for the resource's own.</summary>
    public string? Path { get; init; }

    /// <summary>As <c>Name: value</c>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>The body, or the file that holds it behind an @; null for none.</summary>
    public string? Body { get; init; }

    /// <summary>Where relative paths start.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>As <c>name=value</c>.</summary>
    public IReadOnlyList<string> StageVariables { get; init; } = [];

    /// <summary>For each step, in nanoseconds.</summary>
    public long Timeout { get; init; }

    /// <summary>Who reads the answer.</summary>
    public OutputForm Output { get; init; }
}
