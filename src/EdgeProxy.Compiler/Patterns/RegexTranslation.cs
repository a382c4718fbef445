using System.Globalization;
using System.Text;

namespace EdgeProxy.Compiler.Patterns;

/// <summary>Writes a pattern in .NET's dialect of regular expressions, over UTF-16, with every class spelled out so that it means the same.</summary>
internal static class RegexTranslation
{
    /// <summary>The expression.</summary>
    /// <param name="node">The pattern.</param>
    /// <param name="needsBacktracking">Whether it looks around or refers back.</param>
    public static string Of(PatternNode node, out bool needsBacktracking)
    {
        var text = new StringBuilder();
        needsBacktracking = false;
        Write(node, text, ref needsBacktracking);
        return text.ToString();
    }

    private static void Write(PatternNode node, StringBuilder text, ref bool needsBacktracking)
    {
        switch (node)
        {
            case PatternNode.Start:
                text.Append(@"\A");
                break;
            case PatternNode.End:
                text.Append(@"\z");
                break;
            case PatternNode.WordBoundary boundary:
                // Words are ASCII.
                needsBacktracking = true;
                text.Append(boundary.IsNegated
                    ? "(?:(?<=[0-9A-Z_a-z])(?=[0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?![0-9A-Z_a-z]))"
                    : "(?:(?<=[0-9A-Z_a-z])(?![0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?=[0-9A-Z_a-z]))");
                break;
            case PatternNode.Look look:
                needsBacktracking = true;
                text.Append(look.IsBehind ? "(?<" : "(?").Append(look.IsNegated ? '!' : '=');
                Write(look.Part, text, ref needsBacktracking);
                text.Append(')');
                break;
            case PatternNode.BackReference reference:
                needsBacktracking = true;
                text.Append(CultureInfo.InvariantCulture, $@"(?:\k<g{reference.Number}>)");
                break;
            case PatternNode.Group group:
                text.Append(CultureInfo.InvariantCulture, $"(?<g{group.Number}>");
                Write(group.Part, text, ref needsBacktracking);
                text.Append(')');
                break;
            case PatternNode.Sequence sequence:
                foreach (PatternNode part in sequence.Parts) WriteGrouped(part, text, part is PatternNode.Choice, ref needsBacktracking);
                break;
            case PatternNode.Choice choice:
                for (int i = 0; i < choice.Options.Count; i++)
                {
                    if (i > 0) text.Append('|');
                    Write(choice.Options[i], text, ref needsBacktracking);
                }

                break;
            case PatternNode.Repeat repeat:
                WriteGrouped(repeat.Part, text, isGrouped: true, ref needsBacktracking);
                text.Append(CultureInfo.InvariantCulture, $"{{{repeat.Least},{(repeat.Most < 0 ? "" : repeat.Most.ToString(CultureInfo.InvariantCulture))}}}");
                break;
            case PatternNode.Character character:
                WriteSet(character.Set, text);
                break;
        }
    }

    private static void WriteGrouped(PatternNode node, StringBuilder text, bool isGrouped, ref bool needsBacktracking)
    {
        if (isGrouped) text.Append("(?:");
        Write(node, text, ref needsBacktracking);
        if (isGrouped) text.Append(')');
    }

    private static void WriteSet(CodePointSet set, StringBuilder text)
    {
        var options = new List<string>();
        var single = new StringBuilder();
        foreach ((int from, int to) in set.Ranges)
        {
            if (from <= 0xFFFF) single.Append(Unit(from)).Append('-').Append(Unit(Math.Min(to, 0xFFFF)));
            if (to > 0xFFFF) AddPairs(Math.Max(from, 0x10000), to, options);
        }

        if (single.Length > 0) options.Insert(0, $"[{single}]");
        text.Append(options.Count == 0 ? @"[^\s\S]" : options.Count == 1 ? options[0] : $"(?:{string.Join('|', options)})");
    }

    private static void AddPairs(int from, int to, List<string> options)
    {
        while (from <= to)
        {
            // As many high surrogates as have all their low ones, else one.
            int high = 0xD7C0 + (from >> 10);
            int block = from | 0x3FF;
            bool isWhole = (from & 0x3FF) == 0 && block <= to;
            int lastHigh = isWhole ? 0xD7C0 + (((to + 1) >> 10) - 1) : high;
            int end = isWhole ? ((to + 1) & ~0x3FF) - 1 : Math.Min(block, to);
            string lows = isWhole ? @"[\uDC00-\uDFFF]" : $"[{Unit(0xDC00 | (from & 0x3FF))}-{Unit(0xDC00 | (end & 0x3FF))}]";
            options.Add($"[{Unit(high)}-{Unit(lastHigh)}]{lows}");
            from = end + 1;
        }
    }

    private static string Unit(int unit) => string.Create(CultureInfo.InvariantCulture, $@"\u{unit:X4}");
}
