namespace EdgeProxy.Settings;

/// <summary>How the node stops. Times in nanoseconds.</summary>
/// <param name="Grace">Readiness says no, connections are still accepted.</param>
/// <param name="Timeout">After the grace: how long requests in flight may take.</param>
internal sealed record DrainSettings(long Grace, long Timeout);
