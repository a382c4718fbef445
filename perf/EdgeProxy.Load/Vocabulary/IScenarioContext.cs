namespace EdgeProxy.Load.Vocabulary;

/// <summary>What one copy of a scenario knows while it runs.</summary>
internal interface IScenarioContext
{
    /// <summary>Which scenario, and which copy of it.</summary>
    ScenarioInfo ScenarioInfo { get; }

    /// <summary>Which run of this copy; from 1.</summary>
    int InvocationNumber { get; }

    /// <summary>Random numbers; the same ones for the same seed of the session.</summary>
    Random Random { get; }

    /// <summary>Ends the session early.</summary>
    void StopCurrentTest(string reason);
}

/// <summary>A scenario and a copy of it.</summary>
/// <param name="ScenarioName">The scenario.</param>
/// <param name="InstanceNumber">The copy, from 0. Injected copies take the number of one that has ended.</param>
internal sealed record ScenarioInfo(string ScenarioName, int InstanceNumber);
