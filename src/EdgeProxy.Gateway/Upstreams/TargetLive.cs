using System.Runtime.InteropServices;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>What is known of one target of an upstream. Live: all loops share it, in words of its own that requests take no lock for.</summary>
/// <remarks>
/// <code>
///   in order --failures in a row, or too large a share of them--> ejected --its time is over--> in order
/// </code>
/// Beside that, checks may find it down and up again. Only <see cref="UpstreamLive"/> ejects and takes back, under its lock; requests report, and read whether it may be chosen.
/// </remarks>
internal sealed class TargetLive : ISeriesOwner
{
    private readonly UpstreamSeries _series;
    private readonly Counter _picks;
    private readonly WindowCounts _counts = new();
    private Padded _words;
    private long _ejectedUntil;
    private long _backAt;
    private int _times;
    private bool _isDown;
    private bool _isGone;
    private string? _ejectedFor;

    internal TargetLive(UpstreamName name, UpstreamSeries series)
    {
        Name = name;
        Label = name.ToString();
        _series = series;
        _picks = series.Picks(this, Label);
        Healthy = series.Healthy(this, Label);
        Healthy.Set(1);
    }

    /// <summary>Where it is; equal ones are the same target.</summary>
    public UpstreamName Name { get; }

    /// <summary>As logs and metrics call it.</summary>
    public string Label { get; }

    /// <summary>Whether no plan that serves has it any more.</summary>
    public bool IsGone => Volatile.Read(ref _isGone) || _series.IsGone;

    /// <summary>1 while it may be chosen, else 0.</summary>
    public Gauge Healthy { get; }

    /// <summary>Requests under way, to the end of their answers.</summary>
    public int InFlight => Volatile.Read(ref _words.InFlight);

    /// <summary>Requests that it was chosen for, since the process began.</summary>
    public long Picks => _picks.Value;

    /// <summary>Failures since the last success.</summary>
    public int ConsecutiveFailures => Volatile.Read(ref _words.Consecutive);

    /// <summary>When it is to be taken back; 0 when it is not ejected.</summary>
    public long EjectedUntil => Volatile.Read(ref _ejectedUntil);

    /// <summary>Why it is ejected; null when it is not.</summary>
    public string? EjectedFor => Volatile.Read(ref _ejectedFor);

    /// <summary>Requests and failed ones in the last ten seconds, where a share of failures matters.</summary>
    public (long Requests, long Failures) Read(long now) => _counts.Sum(now);

    /// <summary>Whether checks have found that it does not work.</summary>
    public bool IsDown => Volatile.Read(ref _isDown);

    /// <summary>Whether it may be chosen.</summary>
    public bool IsInOrder => EjectedUntil == 0 && !IsDown;

    /// <summary>A request goes there.</summary>
    /// <param name="stripe">The loop's ordinal.</param>
    public void Enter(int stripe)
    {
        Interlocked.Increment(ref _words.InFlight);
        _picks.Increment(stripe);
    }

    /// <summary>It has ended, one way or another.</summary>
    public void Leave() => Interlocked.Decrement(ref _words.InFlight);

    /// <summary>Takes what an attempt says.</summary>
    /// <returns>Why the target should be left out now; null for no reason to.</returns>
    public string? Report(EjectionPlan plan, CallJudgement judgement, long now)
    {
        if (judgement == CallJudgement.None) return null;
        bool isFailure = judgement == CallJudgement.Failure;
        if (plan.FailurePercent > 0) _counts.Add(now, isFailure);
        if (!isFailure)
        {
            // Read first: a target that works is not written to by every request.
            if (Volatile.Read(ref _words.Consecutive) != 0) Volatile.Write(ref _words.Consecutive, 0);
            return null;
        }

        int consecutive = Interlocked.Increment(ref _words.Consecutive);
        if (plan.ConsecutiveFailures > 0 && consecutive >= plan.ConsecutiveFailures) return "consecutive";
        if (plan.FailurePercent <= 0) return null;
        (long requests, long failures) = _counts.Sum(now);
        return requests >= plan.LeastRequests && failures * 100 >= requests * plan.FailurePercent ? "rate" : null;
    }

    /// <summary>Leaves it out for a time that grows; under the upstream's lock.</summary>
    /// <returns>For how long, in nanoseconds.</returns>
    internal long Eject(EjectionPlan plan, string reason, long now)
    {
        (_times, long time) = EjectionTime.Next(plan, _times, now - _backAt);
        Volatile.Write(ref _ejectedFor, reason);
        Volatile.Write(ref _ejectedUntil, now + time);
        return time;
    }

    /// <summary>Takes it back, its past forgotten; under the upstream's lock.</summary>
    internal void TakeBack()
    {
        _backAt = EjectedUntil;
        Volatile.Write(ref _words.Consecutive, 0);
        _counts.Clear();
        Volatile.Write(ref _ejectedFor, null);
        Volatile.Write(ref _ejectedUntil, 0);
    }

    /// <summary>No plan that serves has it any more.</summary>
    internal void End() => Volatile.Write(ref _isGone, true);

    /// <summary>Takes what checks found; under the upstream's lock.</summary>
    internal void SetDown(bool isDown) => Volatile.Write(ref _isDown, isDown);

    // On a line of their own: every loop writes them.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Padded
    {
        [FieldOffset(64)]
        public int InFlight;

        [FieldOffset(68)]
        public int Consecutive;
    }
}
