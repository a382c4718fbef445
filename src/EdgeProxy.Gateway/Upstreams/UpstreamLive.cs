using System.Runtime.InteropServices;
using EdgeProxy.Http.Client;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>What outlasts the plans of one upstream: an API's stage and the authority of the integration's URI name it, whatever its targets are just now.</summary>
/// <remarks>
/// Plans are made of it on the control thread; loops share its words. A target is kept for as long as a plan that serves, or a request, holds it:
/// deployments that name ever new addresses leave nothing behind.
/// </remarks>
internal sealed class UpstreamLive
{
    private readonly Dictionary<UpstreamName, WeakReference<TargetLive>> _targets = [];
    private readonly Lock _gate = new();
    private Padded _turn;

    internal UpstreamLive(string name, UpstreamSeries series)
    {
        Name = name;
        Series = series;
    }

    /// <summary>Scheme, host and port of the integration's URI.</summary>
    public string Name { get; }

    public UpstreamSeries Series { get; }

    /// <summary>The next number in the order of requests. Any thread.</summary>
    public uint TakeTurn() => Interlocked.Increment(ref _turn.Value);

    /// <summary>The number that <see cref="TakeTurn"/> would give.</summary>
    public uint NextTurn => Volatile.Read(ref _turn.Value) + 1;

    /// <summary>The live state of a target, made when it is new.</summary>
    public TargetLive Target(UpstreamName name)
    {
        lock (_gate)
        {
            if (_targets.TryGetValue(name, out WeakReference<TargetLive>? known) && known.TryGetTarget(out TargetLive? live)) return live;
            foreach ((UpstreamName other, WeakReference<TargetLive> held) in _targets)
            {
                if (!held.TryGetTarget(out _)) _targets.Remove(other);
            }

            live = new TargetLive(name, Series);
            _targets[name] = new WeakReference<TargetLive>(live);
            return live;
        }
    }

    // On a line of its own: every loop writes it with each request.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Padded
    {
        [FieldOffset(64)]
        public uint Value;
    }
}
