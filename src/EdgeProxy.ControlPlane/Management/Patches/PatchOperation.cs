namespace EdgeProxy.ControlPlane.Management.Patches;

/// <summary>One entry of a patch document (control-plane.md 1.7).</summary>
/// <param name="op">What to do.</param>
/// <param name="path">Where, as it was sent; null when nothing was.</param>
/// <param name="value">With what, always a text; null when nothing was sent.</param>
/// <param name="from">What a copy takes; null when nothing was sent.</param>
public sealed class PatchOperation(PatchOp op, string? path, string? value, string? from)
{
    public PatchOp Op { get; } = op;

    /// <summary>As it was sent; null when nothing was.</summary>
    public string? Path { get; } = path;

    /// <summary>The parts of the path, <c>~1</c> and <c>~0</c> decoded; none without a path.</summary>
    public string[] Segments { get; } = SegmentsOf(path);

    public string? Value { get; } = value;

    public string? From { get; } = from;

    /// <summary>Most entries of a list that this may add to.</summary>
    public int MostEntries { get; init; } = int.MaxValue;

    /// <summary>As the wire names it.</summary>
    public string OpText => Op switch { PatchOp.Add => "add", PatchOp.Remove => "remove", PatchOp.Replace => "replace", _ => "copy" };

    /// <summary>The value as a boolean: <c>true</c> in any case, and false for anything else.</summary>
    public bool IsTrue => string.Equals(Value, "true", StringComparison.OrdinalIgnoreCase);

    private static string[] SegmentsOf(string? path)
    {
        if (path is null || !path.StartsWith('/')) return [];
        string[] segments = path[1..].Split('/');
        for (int i = 0; i < segments.Length; i++) segments[i] = segments[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        return segments;
    }
}
