namespace EdgeProxy.Commands;

/// <summary>What <c>edgeproxy explain</c> was asked for. Paths are relative to the working directory.</summary>
internal sealed record ExplainOptions
{
    /// <summary>The settings, the document, and how they are read.</summary>
    public required RunOptions Run { get; init; }

    public required string Method { get; init; }

    /// <summary>A path with its query, or a URL.</summary>
    public required string Target { get; init; }

    public string? Host { get; init; }

    /// <summary>Fields as in <c>Name: value</c>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>The body as text, or the file that holds it behind an <c>@</c>; null for none.</summary>
    public string? Body { get; init; }

    public string? SourceIp { get; init; }

    /// <summary>Stage variables, as in <c>table=orders</c>; they replace those of the settings.</summary>
    public IReadOnlyList<string> StageVariables { get; init; } = [];

    /// <summary>The status that the integration is taken to answer; null when no answer was given.</summary>
    public int? AnswerStatus { get; init; }

    public IReadOnlyList<string> AnswerHeaders { get; init; } = [];

    /// <summary>The answer's body, as <see cref="Body"/>.</summary>
    public string? AnswerBody { get; init; }

    public bool AnswerIsFunctionError { get; init; }

    public bool ShowsSecrets { get; init; }

    public OutputForm Output { get; init; }

    /// <summary>Whether an answer of the integration was given at all.</summary>
    public bool HasAnswer => AnswerStatus is not null || AnswerHeaders.Count > 0 || AnswerBody is not null || AnswerIsFunctionError;
}
