using System.Text.RegularExpressions;

namespace EdgeProxy.Compiler.Mappings;

/// <summary>The regular expression that chooses an integration response (rest-api.md 5.9).</summary>
public static class SelectionPattern
{
    // What the automaton of a pattern costs grows with its length, and far longer than this nobody can read one.
    private const int Longest = 1000;

    /// <summary>Compiles a pattern that must match the whole value. It runs in linear time, so that no back end chooses our slowest path.</summary>
    /// <param name="pattern">A Java regular expression; the common subset of both dialects is taken.</param>
    /// <param name="regex">The expression, on success.</param>
    /// <param name="fault">What is wrong with it, otherwise.</param>
    /// <param name="isWrong">True when it is no regular expression at all; false when it needs backtracking (look-around, back-references).</param>
    public static bool TryCompile(string pattern, out Regex? regex, out string fault, out bool isWrong)
    {
        regex = null;
        fault = "";
        isWrong = false;
        if (pattern.Length > Longest)
        {
            fault = "it is longer than 1000 characters";
            isWrong = true;
            return false;
        }

        try
        {
            // On its own first: "a)|(b" is balanced only between the parentheses that anchor it.
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
            regex = new Regex($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (NotSupportedException)
        {
            fault = "it needs look-around, a back-reference or an atomic group, which this version does not run";
            return false;
        }
        catch (ArgumentException wrong)
        {
            fault = wrong is RegexParseException parse ? $"{parse.Error} at character {parse.Offset + 1}" : wrong.Message;
            isWrong = true;
            return false;
        }
    }
}
