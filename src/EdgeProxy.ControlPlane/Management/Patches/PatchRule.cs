namespace EdgeProxy.ControlPlane.Management.Patches;

/// <summary>A path that an update may name, and what it may do there: a row of the table in control-plane.md 1.7.</summary>
/// <param name="path">For example <c>/name</c> or <c>/requestParameters/{key}</c>; a part in braces stands for any text.</param>
/// <param name="ops">Letters of what is allowed: A add, R replace, D remove, C copy.</param>
/// <param name="type">What the value stands for.</param>
public sealed class PatchRule(string path, string ops, PatchType type = PatchType.Text)
{
    public string Path { get; } = path;

    public PatchType Type { get; } = type;

    /// <summary>The member that is meant, where it is not spelt as the path; parts are separated by slashes.</summary>
    public string[] Members { get; init; } = path[1..].Split('/');

    /// <summary>Whether clients spell the path in several ways.</summary>
    public bool IgnoresCase { get; init; }

    internal string[] Parts { get; } = path[1..].Split('/');

    internal bool Allows(PatchOp op) => ops.Contains(op switch { PatchOp.Add => 'A', PatchOp.Replace => 'R', PatchOp.Remove => 'D', _ => 'C' }, StringComparison.Ordinal);

    internal bool Matches(PatchOperation operation)
    {
        if (operation.Segments.Length != Parts.Length) return false;
        for (int i = 0; i < Parts.Length; i++)
        {
            if (Parts[i].StartsWith('{')) continue;
            if (!string.Equals(Parts[i], operation.Segments[i], IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)) return false;
        }

        return true;
    }
}
