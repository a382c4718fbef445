namespace EdgeProxy.Templates.Json;

/// <summary>What one text may be.</summary>
/// <param name="depth">Most containers within each other.</param>
/// <param name="nodes">A text has fewer values and names than that.</param>
internal readonly struct JsonLimits(int depth, int nodes)
{
    public readonly int Depth = depth;
    public readonly int Nodes = nodes;
}
