namespace EdgeProxy.Telemetry.Metrics;

/// <summary>What series belong to. Once it is gone, and its series with it, a series that is asked for late on its behalf is one that nobody scrapes.</summary>
/// <remarks>
/// Whoever takes series out says that their owner is gone first. A family asks under the lock that taking out holds as well, so a series is made before that and taken out by it, or
/// made after it and not kept: none comes back to stay.
/// </remarks>
public interface ISeriesOwner
{
    /// <summary>Whether it is gone for good. Any thread.</summary>
    bool IsGone { get; }
}
