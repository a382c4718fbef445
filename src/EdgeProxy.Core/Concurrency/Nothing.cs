namespace EdgeProxy.Core.Concurrency;

/// <summary>The result of a task that has none.</summary>
public readonly struct Nothing;
