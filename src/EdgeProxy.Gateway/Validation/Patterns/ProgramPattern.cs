using EdgeProxy.Core.Patterns;

namespace EdgeProxy.Gateway.Validation.Patterns;

/// <summary>A pattern that no table of a sensible size can run: it looks around, refers back, or counts too far.</summary>
/// <remarks>It goes back and tries again, so that a hostile text can make it run away: then it is stopped after so many steps, whatever the machine's speed.</remarks>
/// <param name="source">The expression as written.</param>
/// <param name="program">Its instructions.</param>
internal sealed class ProgramPattern(string source, PatternProgram program) : TextPattern(source)
{
    public override bool IsFoundIn(ReadOnlySpan<byte> text, PatternScratch scratch, ref bool timedOut)
    {
        PatternAnswer answer = scratch.Run.Find(program, text, 0, ref scratch.Steps);
        timedOut = answer > PatternAnswer.Yes;
        return answer == PatternAnswer.Yes;
    }
}
