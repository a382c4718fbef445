namespace EdgeProxy.Load.Vocabulary;

/// <summary>A scenario; each <c>With</c> gives one that differs in this.</summary>
internal sealed record ScenarioProps
{
    public required string ScenarioName { get; init; }

    /// <summary>What a copy does.</summary>
    public required Func<IScenarioContext, Task<IResponse>> Run { get; init; }

    /// <summary>What is done once before any copy runs.</summary>
    public Func<IScenarioInitContext, Task>? Init { get; init; }

    /// <summary>What is done once after all copies have ended.</summary>
    public Func<IScenarioInitContext, Task>? Clean { get; init; }

    /// <summary>How long the first simulation runs beforehand without being counted.</summary>
    public TimeSpan WarmUpDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many copies, one after the other.</summary>
    public IReadOnlyList<LoadSimulation> LoadSimulations { get; init; } = [Simulation.KeepConstant(copies: 1, during: TimeSpan.FromMinutes(1))];

    /// <summary>What is expected.</summary>
    public IReadOnlyList<Threshold> Thresholds { get; init; } = [];

    /// <summary>Failures at which the session ends.</summary>
    public int MaxFailCount { get; init; } = 5_000;

    public ScenarioProps WithInit(Func<IScenarioInitContext, Task> initFunc) => this with { Init = initFunc };

    public ScenarioProps WithClean(Func<IScenarioInitContext, Task> cleanFunc) => this with { Clean = cleanFunc };

    public ScenarioProps WithWarmUpDuration(TimeSpan duration) => this with { WarmUpDuration = duration };

    public ScenarioProps WithoutWarmUp() => this with { WarmUpDuration = TimeSpan.Zero };

    public ScenarioProps WithLoadSimulations(params LoadSimulation[] loadSimulations) => this with { LoadSimulations = loadSimulations };

    public ScenarioProps WithThresholds(params Threshold[] thresholds) => this with { Thresholds = thresholds };

    public ScenarioProps WithMaxFailCount(int maxFailCount) => this with { MaxFailCount = maxFailCount };
}
