namespace EdgeProxy.Load.Vocabulary;

/// <summary>What became of an expectation.</summary>
/// <param name="ScenarioName">The scenario.</param>
/// <param name="StepName">The step; null for the whole scenario.</param>
/// <param name="CheckExpression">The expectation as it was written.</param>
/// <param name="ErrorCount">Checks that failed on the way.</param>
/// <param name="IsFailed">Whether it does not hold at the end, or ended the session.</param>
internal sealed record ThresholdResult(string ScenarioName, string? StepName, string CheckExpression, int ErrorCount, bool IsFailed);
