namespace EdgeProxy.Gateway.Snapshots;

/// <summary>When a target that fails is left out for a time (<c>upstream.ejection.*</c>); of effect where there are others.</summary>
internal sealed record EjectionPlan
{
    /// <summary>So many failures in a row; 0 for never.</summary>
    public int ConsecutiveFailures { get; init; } = 5;

    /// <summary>So many failures of a hundred requests in ten seconds; 0 for never.</summary>
    public double FailurePercent { get; init; }

    /// <summary>Fewer requests in ten seconds say nothing about a share.</summary>
    public int LeastRequests { get; init; } = 20;

    /// <summary>How long the first time, in nanoseconds; twice that the second, three times the third.</summary>
    public long Time { get; init; } = 30_000_000_000;

    /// <summary>How long at most, in nanoseconds.</summary>
    public long MostTime { get; init; } = 300_000_000_000;

    /// <summary>How many of a hundred targets may be left out at once. One of several always may, the last one never.</summary>
    public double MostPercent { get; init; } = 50;

    /// <summary>Whether anything is.</summary>
    public bool IsOn => ConsecutiveFailures > 0 || FailurePercent > 0;

    /// <summary>How many of so many targets may be left out.</summary>
    public int MostOf(int targets) => targets < 2 || MostPercent <= 0 ? 0 : Math.Clamp((int)(targets * MostPercent / 100), 1, targets - 1);
}
