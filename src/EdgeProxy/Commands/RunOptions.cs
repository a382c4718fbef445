using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary>What <c>run</c>, <c>validate</c> and <c>routes</c> were asked for.</summary>
internal sealed record RunOptions
{
    public required SettingSources Sources { get; init; }

    /// <summary>How documents' own base paths enter their resources, as in API Gateway's import: <c>ignore</c>, <c>prepend</c> or <c>split</c>; null for the default.</summary>
    public string? BasePath { get; init; }

    /// <summary>Refuse what AWS refuses, where this product is more generous.</summary>
    public bool Strict { get; init; }

    /// <summary>Let definitions pass that need what this version cannot do; their routes answer 500.</summary>
    public bool AllowUnsupported { get; init; }

    public OutputForm Output { get; init; }
}
