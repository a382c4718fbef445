using EdgeProxy.Core.Patterns;
using EdgeProxy.Gateway.Validation.Patterns;

namespace EdgeProxy.Compiler.Patterns;

/// <summary>Compiles patterns that run on requests, each once: into a table where that stays small, else into instructions.</summary>
internal sealed class PatternCompiler
{
    // Nobody can read a longer one, and what its table costs grows with it.
    private const int Longest = 10_000;

    private readonly Dictionary<string, (TextPattern? Pattern, string? Fault)> _known = new(StringComparer.Ordinal);

    /// <summary>The pattern of a schema; null with the reason when the expression is wrong.</summary>
    /// <param name="source">A regular expression of ECMA 262.</param>
    /// <param name="fault">What is wrong with it.</param>
    public TextPattern? Compile(string source, out string? fault) => Compile(source, isWhole: false, out fault);

    /// <summary>The pattern for a text as a whole rather than for a part of it (rest-api.md 5.9).</summary>
    /// <param name="source">A regular expression of Java. It was checked before.</param>
    /// <returns>Null when it is none.</returns>
    public TextPattern? CompileWhole(string source) => Compile(source, isWhole: true, out _);

    private TextPattern? Compile(string source, bool isWhole, out string? fault)
    {
        string key = isWhole ? "whole " + source : "part " + source;
        if (!_known.TryGetValue(key, out (TextPattern? Pattern, string? Fault) known)) _known[key] = known = (CompileNew(source, isWhole, out fault), fault);
        fault = known.Fault;
        return known.Pattern;
    }

    private static TextPattern? CompileNew(string source, bool isWhole, out string? fault)
    {
        fault = source.Length > Longest ? "it is longer than 10000 characters" : null;
        if (fault is not null || PatternParser.Parse(source, isWhole ? PatternDialect.Java : PatternDialect.Ecma, out fault) is not { } parsed) return null;
        if (isWhole) parsed = parsed.Whole();
        return AutomatonBuilder.Build(source, parsed.Root) ?? (TextPattern)new ProgramPattern(source, PatternProgram.Of(parsed));
    }
}
