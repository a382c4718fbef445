namespace EdgeProxy.Compiler.Mappings;

/// <summary>Patterns compiled so far: an API repeats the same few on all its methods, and compiling one costs more than all else of a route.</summary>
public sealed class SelectionPatterns
{
    private readonly Dictionary<string, SelectionPattern> _known = new(StringComparer.Ordinal);

    /// <summary>The pattern, compiled once.</summary>
    public SelectionPattern Get(string pattern)
    {
        if (!_known.TryGetValue(pattern, out SelectionPattern? compiled)) _known[pattern] = compiled = new SelectionPattern(pattern);
        return compiled;
    }
}
