using EdgeProxy.Core.Patterns;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Patterns;

/// <summary>Patterns by their text, so that a template's patterns are read once per loop. Holds a bounded number, whoever chooses the texts.</summary>
internal sealed class PatternCache
{
    private const int Most = 256;

    private readonly Dictionary<int, (byte[] Text, PatternProgram? Pattern)> _known = [];

    /// <summary>The pattern; null when the text is none.</summary>
    public PatternProgram? Find(ReadOnlySpan<byte> text)
    {
        int hash = TextHash.Of(text);
        if (_known.TryGetValue(hash, out (byte[] Text, PatternProgram? Pattern) known) && text.SequenceEqual(known.Text)) return known.Pattern;
        if (_known.Count >= Most) _known.Clear();
        PatternProgram? pattern = JavaPattern.Parse(text);
        _known[hash] = (text.ToArray(), pattern);
        return pattern;
    }
}
