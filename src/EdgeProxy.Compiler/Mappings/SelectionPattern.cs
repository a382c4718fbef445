using System.Text;
using EdgeProxy.Core.Patterns;

namespace EdgeProxy.Compiler.Mappings;

/// <summary>The regular expression that chooses an integration response (rest-api.md 5.9).</summary>
/// <remarks>It must match the whole value, and is stopped after so many steps, which matches nothing.</remarks>
public sealed class SelectionPattern
{
    // Far longer than this nobody can read one.
    private const int Longest = 1000;

    // About a character each; a status takes a handful.
    private const int MostSteps = 1_000_000;

    private readonly PatternProgram? _program;

    /// <param name="pattern">A regular expression of Java.</param>
    public SelectionPattern(string pattern)
    {
        string? fault = "it is longer than 1000 characters";
        if (pattern.Length <= Longest && PatternParser.Parse(pattern, PatternDialect.Java, out fault) is { } parsed) _program = PatternProgram.Of(parsed);
        Fault = fault;
    }

    /// <summary>Why it is no regular expression; null when it is one.</summary>
    public string? Fault { get; }

    /// <summary>Whether it matches a whole value. False with a <see cref="Fault"/>.</summary>
    public bool Matches(string value)
    {
        int steps = MostSteps;
        return _program is not null && new PatternRun().MatchesAll(_program, Encoding.UTF8.GetBytes(value), ref steps) == PatternAnswer.Yes;
    }
}
