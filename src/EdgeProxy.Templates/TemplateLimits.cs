namespace EdgeProxy.Templates;

/// <summary>What one run of a template may cost, and the two choices that the service leaves open (rest-api.md 6).</summary>
public sealed record TemplateLimits
{
    /// <summary>The longest template in bytes (rest-api.md 12).</summary>
    public const int LongestTemplate = 300 * 1024;

    /// <summary>How deeply blocks, or expressions, of a template may be nested.</summary>
    public const int DeepestSyntax = 100;

    /// <summary>How many operators an expression may have, those in its brackets among them.</summary>
    public const int MostOperators = 1000;

    /// <summary>Bytes of output.</summary>
    public int Output { get; init; } = 10 * 1024 * 1024;

    /// <summary>Bytes of text made on the way: strings put together, decoded and replaced.</summary>
    public int Text { get; init; } = 32 * 1024 * 1024;

    /// <summary>Elements of lists, members of maps and nodes of parsed JSON.</summary>
    public int Items { get; init; } = 1_000_000;

    /// <summary>Instructions, plus one for each 64 bytes that a function goes through.</summary>
    public int Steps { get; init; } = 1_000_000;

    /// <summary>Iterations of one <c>#foreach</c>; the loop ends there.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>Calls of macros and uses of <c>#define</c> within each other, as Velocity's own limit.</summary>
    public int Calls { get; init; } = 20;

    /// <summary>How deeply JSON, and lists in lists, may be nested.</summary>
    public int Nesting { get; init; } = 200;

    /// <summary>Whether an empty text counts as false in a condition; with Velocity 1.7 any object is true.</summary>
    public bool EmptyTextIsFalse { get; init; }
}
