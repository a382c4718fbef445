using System.Diagnostics.CodeAnalysis;
using EdgeProxy.Templates.JsonPath;

namespace EdgeProxy.Templates;

/// <summary>A JSONPath (rest-api.md 6.7) for whoever wants one value of a body and no template (5.3, 5.10). Immutable.</summary>
public sealed class BodyPath
{
    private BodyPath(JsonPathQuery query) => Query = query;

    /// <summary>The whole document.</summary>
    public static BodyPath Root { get; } = new(JsonPathQuery.Parse("$"u8)!);

    internal JsonPathQuery Query { get; }

    /// <summary>Reads a path; false for what is none.</summary>
    /// <param name="text">UTF-8, beginning with <c>$</c>.</param>
    /// <param name="path">The path.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out BodyPath? path)
    {
        path = JsonPathQuery.Parse(text) is { } query ? new BodyPath(query) : null;
        return path is not null;
    }
}
