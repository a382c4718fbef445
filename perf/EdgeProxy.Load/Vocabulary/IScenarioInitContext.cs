namespace EdgeProxy.Load.Vocabulary;

/// <summary>What the first and the last step of a scenario know.</summary>
internal interface IScenarioInitContext
{
    /// <summary>The scenario; there is no copy yet.</summary>
    ScenarioInfo ScenarioInfo { get; }
}
