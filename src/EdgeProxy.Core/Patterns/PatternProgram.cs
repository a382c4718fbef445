using System.Text;

namespace EdgeProxy.Core.Patterns;

/// <summary>A regular expression as instructions over UTF-8. Immutable; it runs in a <see cref="PatternRun"/>.</summary>
/// <remarks>
/// What any number of rounds of backtracking could take is bounded by the caller's steps, so that neither a pattern nor a text can hold a loop for long. Repetitions count
/// instead of being written out: its size is that of the expression.
/// </remarks>
public sealed class PatternProgram
{
    internal PatternProgram(ParsedPattern pattern, PatternStep[] steps, CodePointSet[] sets, PatternLoop[] loops, int registers)
    {
        Groups = pattern.Groups;
        Names = pattern.Names;
        Steps = steps;
        Sets = sets;
        Loops = loops;
        Registers = registers;
        Literal = LiteralOf(steps);
        IsAnchored = steps[0].Code == PatternCode.Anchor && steps[0].A == (int)PatternAnchor.TextStart;
    }

    /// <summary>How many groups are kept, the whole not counted.</summary>
    public int Groups { get; }

    /// <summary>The numbers of groups with a name.</summary>
    public Dictionary<string, int> Names { get; }

    internal PatternStep[] Steps { get; }

    /// <summary>How many steps it has, by which its memory grows.</summary>
    public int Size => Steps.Length;

    internal CodePointSet[] Sets { get; }

    internal PatternLoop[] Loops { get; }

    internal int Registers { get; }

    /// <summary>The text that it matches, when that is one; else null.</summary>
    internal byte[]? Literal { get; }

    /// <summary>Whether it matches at the start of a text or nowhere.</summary>
    internal bool IsAnchored { get; }

    /// <summary>The instructions for an expression.</summary>
    public static PatternProgram Of(ParsedPattern pattern) => ProgramBuilder.Build(pattern);

    private static byte[]? LiteralOf(PatternStep[] steps)
    {
        if (steps.Length < 2) return null;
        var text = new StringBuilder();
        foreach (PatternStep step in steps.AsSpan(0, steps.Length - 1))
        {
            if (step.Code != PatternCode.Character || !Rune.IsValid(step.A)) return null;
            text.Append(char.ConvertFromUtf32(step.A));
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
