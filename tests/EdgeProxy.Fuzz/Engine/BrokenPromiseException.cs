namespace EdgeProxy.Fuzz.Engine;

/// <summary>A parser did what it promises never to do.</summary>
internal sealed class BrokenPromiseException(string promise) : Exception(promise);
