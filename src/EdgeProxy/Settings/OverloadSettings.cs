namespace EdgeProxy.Settings;

/// <summary>When loops shed requests: <c>overload.*</c>. Times in nanoseconds.</summary>
/// <param name="Delay">How long a request may wait for a saturated loop; null to shed nothing.</param>
/// <param name="Interval">How long a loop has to be saturated.</param>
internal sealed record OverloadSettings(long? Delay, long Interval);
