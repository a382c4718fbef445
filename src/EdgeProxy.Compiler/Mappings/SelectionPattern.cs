using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeProxy.Compiler.Mappings;

/// <summary>The regular expression that chooses an integration response (rest-api.md 5.9).</summary>
/// <remarks>It must match the whole value, and runs in linear time, so that no back end chooses our slowest path.</remarks>
public sealed class SelectionPattern
{
    // What the automaton of a pattern costs grows with its length, and far longer than this nobody can read one.
    private const int Longest = 1000;

    private readonly Regex? _regex;
    private readonly string? _literal;

    /// <param name="pattern">A Java regular expression; the common subset of both dialects is taken.</param>
    public SelectionPattern(string pattern)
    {
        // Most patterns are a status as such; a node that has no other never loads the machinery of regular expressions.
        if (pattern.All(char.IsAsciiLetterOrDigit))
        {
            _literal = pattern;
            return;
        }

        if (pattern.Length > Longest)
        {
            Fault = "it is longer than 1000 characters";
            IsWrong = true;
            return;
        }

        try
        {
            // On its own first: "a)|(b" is balanced only between the parentheses that anchor it.
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
            _regex = new Regex($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            Fault = "it needs look-around, a back-reference or an atomic group, which this version does not run";
        }
        catch (ArgumentException wrong)
        {
            Fault = wrong is RegexParseException parse ? string.Create(CultureInfo.InvariantCulture, $"{parse.Error} at character {parse.Offset + 1}") : wrong.Message;
            IsWrong = true;
        }
    }

    /// <summary>Why it cannot be run; null when it can.</summary>
    public string? Fault { get; }

    /// <summary>True when it is no regular expression at all; false when it merely needs backtracking.</summary>
    public bool IsWrong { get; }

    /// <summary>Whether it matches a whole value. False with a <see cref="Fault"/>.</summary>
    public bool Matches(string value) => _literal is not null ? value == _literal : _regex is not null && _regex.IsMatch(value);
}
