using EdgeProxy.Gateway.Validation.Patterns;

namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>The keywords that look at strings (draft 4, 5.2 and 7).</summary>
internal sealed class StringRules
{
    /// <summary>Least code points.</summary>
    public int MinLength { get; init; }

    /// <summary>Most code points.</summary>
    public int MaxLength { get; init; } = int.MaxValue;

    public TextPattern? Pattern { get; init; }

    public StringFormat Format { get; init; }
}
