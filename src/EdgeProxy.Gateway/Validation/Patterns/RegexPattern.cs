using System.Text.RegularExpressions;

namespace EdgeProxy.Gateway.Validation.Patterns;

/// <summary>A pattern that no table of a sensible size can run: it looks around, refers back, or counts too far.</summary>
/// <remarks>
/// Without look-around and back-references it runs in linear time; else it may run away on a hostile text and is stopped, which refuses the body.
/// Loops that use it at the same moment may each make themselves a runner.
/// </remarks>
internal sealed class RegexPattern : TextPattern
{
    /// <summary>How long a pattern that can run away may take for one text.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(20);

    private readonly Regex _regex;

    /// <param name="source">The expression as written.</param>
    /// <param name="translated">The same in .NET's dialect.</param>
    /// <param name="needsBacktracking">Whether it looks around or refers back.</param>
    /// <exception cref="ArgumentException">.NET cannot run it.</exception>
    public RegexPattern(string source, string translated, bool needsBacktracking)
        : base(source) =>
        _regex = needsBacktracking
            ? new Regex(translated, RegexOptions.CultureInvariant, Longest)
            : new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    public override bool IsFoundIn(ReadOnlySpan<byte> text, PatternScratch scratch, ref bool timedOut)
    {
        try
        {
            return _regex.IsMatch(scratch.Decode(text));
        }
        catch (RegexMatchTimeoutException)
        {
            timedOut = true;
            return false;
        }
    }
}
