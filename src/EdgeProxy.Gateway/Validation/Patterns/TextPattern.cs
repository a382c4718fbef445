namespace EdgeProxy.Gateway.Validation.Patterns;

/// <summary>A regular expression of ECMA 262 that looks for itself anywhere in a text (draft 4, 3.3 and 5.2.3).</summary>
internal abstract class TextPattern(string source)
{
    /// <summary>The expression as written.</summary>
    public string Source => source;

    /// <summary>Looks for the pattern.</summary>
    /// <param name="text">UTF-8; lone surrogates as the three bytes they would have.</param>
    /// <param name="scratch">The loop's scratch for patterns, with the steps that are left for the body or message (<see cref="PatternScratch.Begin"/>).</param>
    /// <param name="timedOut">Set when the text made the pattern take too long; the answer then says nothing.</param>
    public abstract bool IsFoundIn(ReadOnlySpan<byte> text, PatternScratch scratch, ref bool timedOut);
}
