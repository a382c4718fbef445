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

    /// <summary>The pattern for a text as a whole rather than for a part of it (rest-api.md 5.9), in linear time.</summary>
    /// <param name="source">A regular expression of Java, of which the subset is taken that other dialects know as well. It was checked before.</param>
    /// <returns>Null when it cannot be run.</returns>
    public TextPattern? CompileWhole(string source)
    {
        string key = "whole " + source;
        if (!_known.TryGetValue(key, out (TextPattern? Pattern, string? Fault) known)) _known[key] = known = (CompileNewWhole(source), null);
        return known.Pattern;
    }

    private static TextPattern? CompileNewWhole(string source)
    {
        if (source.Length > Longest) return null;
        if (PatternParser.Parse(source, out _) is { } node)
        {
            var whole = new PatternNode.Sequence([new PatternNode.Start(), node, new PatternNode.End()]);
            if (AutomatonBuilder.Build(source, whole) is { } table) return table;
        }

        // What the tables cannot hold, and what Java's dialect has beyond ECMA's, such as flags: the engine that patterns over statuses run on.
        try
        {
            return new RegexPattern(source, $@"\A(?:{source})\z", needsBacktracking: false);
        }
        catch (Exception unsuitable) when (unsuitable is ArgumentException or NotSupportedException)
        {
            return null;
        }
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
