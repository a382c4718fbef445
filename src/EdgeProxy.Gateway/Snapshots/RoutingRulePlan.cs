namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A routing rule of a custom domain (rest-api.md 1.3): all of its conditions have to hold.</summary>
internal sealed class RoutingRulePlan
{
    public required Utf8Text Id { get; init; }

    /// <summary>The lowest is tried first.</summary>
    public required int Priority { get; init; }

    /// <summary>First segments of the path, of which one has to be there; empty for any.</summary>
    public byte[][] BasePaths { get; init; } = [];

    /// <summary>Fields, of each set one has to be there; none for any.</summary>
    public HeaderPattern[][] Headers { get; init; } = [];

    /// <summary>The stage, without a base path of its own.</summary>
    public required ApiMapping Target { get; init; }

    /// <summary>Whether the first segment of the path is base path, or the API's.</summary>
    public bool StripsBasePath { get; init; }
}
