using EdgeProxy.Core.Patterns;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Patterns;

/// <summary>Patterns by their text, so that a template's patterns are read once per loop. Holds a bounded number, whoever chooses the texts.</summary>
internal sealed class PatternCache
{
    private const int Most = 256;

    // Steps of all programs together: a few characters may ask for a hundred thousand repetitions.
    private const int MostSteps = 1_000_000;

    private readonly Dictionary<int, (byte[] Text, PatternProgram? Pattern)> _known = [];

    private int _steps;

    /// <summary>The pattern; null when the text is none. One that is not known costs the run as many steps as it has bytes and its program steps.</summary>
    public PatternProgram? Find(Machine machine, ReadOnlySpan<byte> text)
    {
        if (text.Length > JavaPattern.Longest) return null;
        int hash = TextHash.Of(text);
        if (_known.TryGetValue(hash, out (byte[] Text, PatternProgram? Pattern) known) && text.SequenceEqual(known.Text)) return known.Pattern;
        if (!machine.TrySteps(text.Length)) return null;
        PatternProgram? pattern = JavaPattern.Parse(text);
        int steps = pattern?.Size ?? 0;
        if (!machine.TrySteps(steps)) return null;
        if (_known.Count >= Most || _steps + steps > MostSteps)
        {
            _known.Clear();
            _steps = 0;
        }

        _steps += steps;
        _known[hash] = (text.ToArray(), pattern);
        return pattern;
    }
}
