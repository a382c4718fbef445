using System.Runtime.InteropServices;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Http.Client;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>What outlasts the plans of one upstream: an API's stage and the authority of the integration's URI name it, whatever its targets are just now.</summary>
/// <remarks>
/// Plans are made of it on the control thread; loops share its words. A target is kept for as long as a plan that serves has it (<see cref="Keep"/>):
/// deployments that name ever new addresses leave nothing behind.
/// </remarks>
internal sealed class UpstreamLive
{
    private readonly Dictionary<UpstreamName, TargetLive> _targets = [];
    private readonly Lock _gate = new();
    private Padded _turn;
    private int _version;

    internal UpstreamLive(string name, UpstreamSeries series)
    {
        Name = name;
        Series = series;
    }

    /// <summary>Scheme, host and port of the integration's URI.</summary>
    public string Name { get; }

    public UpstreamSeries Series { get; }

    /// <summary>Moves on whenever a target begins or ceases to be in order, so that whoever has worked out a choice from that does it again.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>Keeps further attempts few.</summary>
    public RetryBudget Budget { get; } = new();

    /// <summary>Whether requests pass at all.</summary>
    public Circuit Circuit { get; } = new();

    /// <summary>Its requests under way, where there may be so many only.</summary>
    public ConcurrencyLimit Slots { get; } = new();

    /// <summary>The next number in the order of requests. Any thread.</summary>
    public uint TakeTurn() => Interlocked.Increment(ref _turn.Value);

    /// <summary>The number that <see cref="TakeTurn"/> would give.</summary>
    public uint NextTurn => Volatile.Read(ref _turn.Value) + 1;

    /// <summary>The live state of a target, made when it is new.</summary>
    public TargetLive Target(UpstreamName name)
    {
        lock (_gate)
        {
            if (!_targets.TryGetValue(name, out TargetLive? live)) _targets.Add(name, live = new TargetLive(name, Series));
            return live;
        }
    }

    /// <summary>Forgets the targets that no plan has any more; requests under way finish with theirs.</summary>
    /// <param name="kept">Those that one has, of any upstream.</param>
    /// <param name="gone">Gets the others' series.</param>
    public void Keep(HashSet<TargetLive> kept, GoneSeries gone)
    {
        lock (_gate)
        {
            foreach ((UpstreamName name, TargetLive target) in _targets)
            {
                if (kept.Contains(target)) continue;
                target.End();
                _targets.Remove(name);

                // Another one of that address, with other TLS settings or another protocol, counts in the same series.
                if (!_targets.Values.Any(other => other.Label == target.Label)) gone.AddTarget(Series.Api, Series.Stage, Series.Upstream, target.Label);
            }
        }
    }

    /// <summary>Leaves a target out, unless it is already, or as many of the group are as may be.</summary>
    /// <param name="group">The targets as the plan has them.</param>
    /// <param name="target">The one that fails.</param>
    /// <param name="reason">What was met.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    /// <returns>For how long, in nanoseconds; -1 if it is not because of the others, 0 if it was already or there are no others.</returns>
    public long TryEject(UpstreamGroup group, TargetLive target, string reason, long now)
    {
        // An only target is no case for the limit, which would be said to be hit with each of its failures.
        if (group.Candidates.Length < 2) return 0;

        // Without the lock first: a target that must stay may fail with every request.
        int most = group.Policy.Ejection.MostOf(group.Candidates.Length);
        if (target.EjectedUntil != 0) return 0;
        if (EjectedOf(group) >= most) return -1;
        lock (_gate)
        {
            if (target.EjectedUntil != 0) return 0;
            if (EjectedOf(group) >= most) return -1;
            long time = target.Eject(group.Policy.Ejection, reason, now);
            target.Healthy.Set(0);
            Interlocked.Increment(ref _version);
            return time;
        }
    }

    /// <summary>Takes back a target whose time is over; false if somebody else has.</summary>
    public bool TryTakeBack(TargetLive target, long now)
    {
        lock (_gate)
        {
            if (target.EjectedUntil == 0 || target.EjectedUntil > now) return false;
            target.TakeBack();
            target.Healthy.Set(target.IsInOrder ? 1 : 0);
            Interlocked.Increment(ref _version);
            return true;
        }
    }

    /// <summary>Takes what checks found of a target.</summary>
    public void SetDown(TargetLive target, bool isDown)
    {
        lock (_gate)
        {
            if (target.IsDown == isDown) return;
            target.SetDown(isDown);
            target.Healthy.Set(target.IsInOrder ? 1 : 0);
            Interlocked.Increment(ref _version);
        }
    }

    private static int EjectedOf(UpstreamGroup group)
    {
        int ejected = 0;
        foreach (byte index in group.Candidates) ejected += group.Targets[index].Live.EjectedUntil == 0 ? 0 : 1;
        return ejected;
    }

    // On a line of its own: every loop writes it with each request.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Padded
    {
        [FieldOffset(64)]
        public uint Value;
    }
}
