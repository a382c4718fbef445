namespace EdgeProxy.Commands;

/// <summary>What <c>edgeproxy vtl</c> was asked for. Paths are relative to the working directory.</summary>
internal sealed record VtlOptions
{
    public required VtlAction Action { get; init; }

    /// <summary>The file with the template.</summary>
    public required string Template { get; init; }

    public required string WorkingDirectory { get; init; }

    /// <summary>The file with the body; null for an empty one.</summary>
    public string? Body { get; init; }

    /// <summary>A file with <c>$context</c> as a JSON object; null for an empty one.</summary>
    public string? Context { get; init; }

    /// <summary>A file with what <c>$input.params()</c> gives, as JSON: <c>path</c>, <c>querystring</c>, <c>header</c>.</summary>
    public string? Params { get; init; }

    /// <summary>Single parameters, as in <c>header.X-Id=7</c>.</summary>
    public IReadOnlyList<string> Param { get; init; } = [];

    /// <summary>Stage variables, as in <c>table=orders</c>.</summary>
    public IReadOnlyList<string> StageVariables { get; init; } = [];

    public OutputForm Output { get; init; }
}
