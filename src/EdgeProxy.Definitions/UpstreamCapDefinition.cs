namespace EdgeProxy.Definitions;

/// <summary>How many requests of an upstream may be under way at once, on the whole node.</summary>
/// <param name="Max">So many; 0 for any number.</param>
/// <param name="Queue">How many more may wait for their turn.</param>
/// <param name="WaitInMillis">How long each of them, in milliseconds.</param>
public sealed record UpstreamCapDefinition(int Max, int Queue, int WaitInMillis);
