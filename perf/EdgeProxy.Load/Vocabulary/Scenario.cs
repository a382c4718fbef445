namespace EdgeProxy.Load.Vocabulary;

/// <summary>Makes scenarios: what a user does, how many of them, and what is expected.</summary>
/// <remarks>
/// The words of this folder are NBomber's, whose packages do not restore for a native build: a scenario written with them moves to it with the one file
/// that binds them (<c>Scenarios/Adapter.cs</c>). What differs is told where it does; the main difference is that times count from when a copy was due.
/// </remarks>
internal static class Scenario
{
    /// <summary>A scenario whose copies do <paramref name="run"/>, on the thread that drives the load.</summary>
    public static ScenarioProps Create(string name, Func<IScenarioContext, Task<IResponse>> run) => new() { ScenarioName = name, Run = run };
}
