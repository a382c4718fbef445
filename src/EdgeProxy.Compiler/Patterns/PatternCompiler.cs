using EdgeProxy.Gateway.Validation.Patterns;

namespace EdgeProxy.Compiler.Patterns;

/// <summary>Compiles the patterns of schemas, each once.</summary>
internal sealed class PatternCompiler
{
    // Nobody can read a longer one, and what its table costs grows with it.
    private const int Longest = 10_000;

    private readonly Dictionary<string, (TextPattern? Pattern, string? Fault)> _known = new(StringComparer.Ordinal);

    /// <summary>The pattern; null with the reason when the expression is wrong or cannot be run.</summary>
    public TextPattern? Compile(string source, out string? fault)
    {
        if (!_known.TryGetValue(source, out (TextPattern? Pattern, string? Fault) known)) _known[source] = known = CompileNew(source);
        fault = known.Fault;
        return known.Pattern;
    }

    private static (TextPattern?, string?) CompileNew(string source)
    {
        if (source.Length > Longest) return (null, "it is longer than 10000 characters");
        if (PatternParser.Parse(source, out string? fault) is not { } node) return (null, fault);
        if (AutomatonBuilder.Build(source, node) is { } table) return (table, null);
        string translated = RegexTranslation.Of(node, out bool needsBacktracking);
        try
        {
            return (new RegexPattern(source, translated, needsBacktracking), null);
        }
        catch (Exception unsuitable) when (unsuitable is ArgumentException or NotSupportedException)
        {
            return (null, "it is too large to be run");
        }
    }
}
