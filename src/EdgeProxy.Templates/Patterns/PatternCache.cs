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

    /// <summary>The pattern; null when the text is none. One that is long, or makes a long program, costs steps, known or not: what a run may do must not hang on what ran before.</summary>
    public PatternProgram? Find(Machine machine, ReadOnlySpan<byte> text)
    {
        if (text.Length > JavaPattern.Longest || !machine.TrySteps(text.Length >> 6)) return null;
        int hash = TextHash.Of(text);
        PatternProgram? pattern;
        if (_known.TryGetValue(hash, out (byte[] Text, PatternProgram? Pattern) known) && text.SequenceEqual(known.Text))
        {
            pattern = known.Pattern;
        }
        else
        {
            pattern = JavaPattern.Parse(text);
            int size = pattern?.Size ?? 0;
            if (_known.Count >= Most || _steps + size > MostSteps)
            {
                _known.Clear();
                _steps = 0;
            }

            _steps += size;
            _known[hash] = (text.ToArray(), pattern);
        }

        return pattern is not null && machine.TrySteps(pattern.Size >> 6) ? pattern : null;
    }
}
