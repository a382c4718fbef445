using EdgeProxy.Core.Patterns;

namespace EdgeProxy.Gateway.Validation.Patterns;

/// <summary>Room of one loop for patterns that go back and try again, and the steps that they have left.</summary>
internal sealed class PatternScratch
{
    /// <summary>Steps for a text of no length where no setting says: some 20 ms.</summary>
    public const int UsualSteps = 4_000_000;

    // What an honest pattern needs, many times over.
    private const int StepsAByte = 16;

    private int _steps;

    public PatternRun Run { get; } = new();

    /// <summary>What is left, for <see cref="Run"/> to take from. All texts of a body share it: many that each take long must not hold up the loop either.</summary>
    public ref int Steps => ref _steps;

    /// <summary>Begins with another body or message.</summary>
    /// <param name="steps">Steps that it has whatever its length.</param>
    /// <param name="length">Its bytes, which have some each.</param>
    public void Begin(int steps, int length) => _steps = (int)Math.Min(int.MaxValue, steps + ((long)length * StepsAByte));
}
