using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Patterns;

/// <summary>A regular expression of Java, over UTF-8. Immutable; it runs in a <see cref="PatternRun"/>.</summary>
/// <remarks>
/// Of its own because templates must neither allocate nor be stopped by a pattern that takes exponential time: it backtracks over an explicit stack, and each step is
/// taken from the steps of the template.
/// </remarks>
internal sealed class JavaPattern
{
    internal JavaPattern(PatternStep[] steps, CharacterSet[] sets, int groups, int registers, Dictionary<string, int> names)
    {
        Steps = steps;
        Sets = sets;
        Groups = groups;
        Registers = registers;
        Names = names;
        Literal = LiteralOf(steps);
    }

    internal PatternStep[] Steps { get; }

    internal CharacterSet[] Sets { get; }

    /// <summary>How many groups capture, the whole not counted.</summary>
    public int Groups { get; }

    internal int Registers { get; }

    internal Dictionary<string, int> Names { get; }

    /// <summary>The text that it matches, when that is one; else null.</summary>
    internal byte[]? Literal { get; }

    /// <summary>Reads a pattern; null when it is none that is supported.</summary>
    public static JavaPattern? Parse(ReadOnlySpan<byte> text) => PatternParser.Parse(text);

    private static byte[]? LiteralOf(PatternStep[] steps)
    {
        if (steps.Length < 2 || steps[^1].Code != PatternCode.Match || !steps.AsSpan(0, steps.Length - 1).ToArray().All(step => step.Code == PatternCode.Character)) return null;
        var text = new TemplateOutput();
        foreach (PatternStep step in steps.AsSpan(0, steps.Length - 1)) Utf8.Write(step.A, text);
        return text.Written.ToArray();
    }
}
