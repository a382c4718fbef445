using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>How an upstream's targets are chosen and held to account: the node's settings (<c>upstream.*</c>), with what a document says of its own upstream in their place.</summary>
internal sealed record UpstreamPolicy
{
    public static UpstreamPolicy Default { get; } = new();

    /// <summary>How one of several targets is chosen (<c>upstream.balance</c>).</summary>
    public TargetBalance Balance { get; init; }

    /// <summary>Statuses by which a target has failed as if it had not answered (<c>upstream.failureStatuses</c>).</summary>
    public StatusSet Failures { get; init; } = StatusSet.Gateway;

    /// <summary>When fewer targets of a hundred than this are in order, requests go to all of them (<c>upstream.panicPercent</c>). Without any in order they do in any case.</summary>
    public double PanicPercent { get; init; }

    public RetryPlan Retries { get; init; } = new();

    public EjectionPlan Ejection { get; init; } = new();

    public CircuitPlan Circuit { get; init; } = new();

    public HealthCheckPlan Health { get; init; } = new();

    /// <summary>How many requests may be under way at once (<c>upstream.concurrency</c>); 0 of them for any number.</summary>
    public ConcurrencyCap Cap { get; init; }

    /// <summary>Whether an upstream of a single target needs any of this, rather than being called straight away.</summary>
    public bool HoldsSingle => Retries.AttemptsAlone > 1 || Circuit.IsOn || Health.IsOn || Cap.Max > 0;
}
