namespace EdgeProxy.Gateway.Overload;

/// <summary>When a loop sheds requests (<c>overload.*</c>).</summary>
/// <param name="DelayNanoseconds">How long a request may wait for the loop while that is saturated.</param>
/// <param name="IntervalNanoseconds">How long a loop has to have been saturated, and how often that is judged.</param>
internal sealed record OverloadOptions(long DelayNanoseconds, long IntervalNanoseconds);
