using System.Runtime.CompilerServices;

namespace EdgeProxy.Load.Vocabulary;

/// <summary>What is expected of a scenario, or of one of its steps.</summary>
/// <remarks>
/// Checked once an interval against all that was counted so far, and at the end. What holds at the end decides; what did not hold on the way is shown, and
/// ends the session where it was told to.
/// </remarks>
internal sealed class Threshold
{
    private Threshold()
    {
    }

    /// <summary>The step; null for the whole scenario.</summary>
    public string? StepName { get; private init; }

    /// <summary>The expectation as it was written.</summary>
    public required string CheckExpression { get; init; }

    /// <summary>So many checks that fail end the session; null for none.</summary>
    public int? AbortWhenErrorCount { get; private init; }

    /// <summary>Not checked before.</summary>
    public TimeSpan StartCheckAfter { get; private init; }

    private Func<ScenarioStats, bool>? CheckScenario { get; init; }

    private Func<StepStats, bool>? CheckStep { get; init; }

    /// <summary>An expectation of a scenario.</summary>
    public static Threshold Create(
        Func<ScenarioStats, bool> checkScenario,
        int? abortWhenErrorCount = null,
        TimeSpan? startCheckAfter = null,
        [CallerArgumentExpression(nameof(checkScenario))] string expression = "") =>
        new() { CheckScenario = checkScenario, AbortWhenErrorCount = abortWhenErrorCount, StartCheckAfter = startCheckAfter ?? TimeSpan.Zero, CheckExpression = expression };

    /// <summary>An expectation of a step.</summary>
    public static Threshold Create(
        string stepName,
        Func<StepStats, bool> checkStep,
        int? abortWhenErrorCount = null,
        TimeSpan? startCheckAfter = null,
        [CallerArgumentExpression(nameof(checkStep))] string expression = "") =>
        new() { StepName = stepName, CheckStep = checkStep, AbortWhenErrorCount = abortWhenErrorCount, StartCheckAfter = startCheckAfter ?? TimeSpan.Zero, CheckExpression = expression };

    /// <summary>Whether the expectation holds. One of a step that was never reached does not.</summary>
    public bool Holds(ScenarioStats stats) =>
        CheckScenario is not null ? CheckScenario(stats) : stats.StepStats.Find(StepName!) is { } step && CheckStep!(step);
}
