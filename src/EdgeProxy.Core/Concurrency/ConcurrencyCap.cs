namespace EdgeProxy.Core.Concurrency;

/// <summary>What an operator allows at once of something that a <see cref="ConcurrencyLimit"/> counts.</summary>
/// <param name="Max">How many may be under way at the same time, on the whole node; at least 1.</param>
/// <param name="Queue">How many may wait for their turn; 0 for none.</param>
/// <param name="WaitNanoseconds">How long each of them waits at most.</param>
public readonly record struct ConcurrencyCap(int Max, int Queue, long WaitNanoseconds);
