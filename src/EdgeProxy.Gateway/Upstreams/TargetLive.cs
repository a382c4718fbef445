using System.Runtime.InteropServices;
using EdgeProxy.Http.Client;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>What is known of one target of an upstream. Live: all loops share it, in words of its own that no lock guards.</summary>
internal sealed class TargetLive
{
    private readonly Counter _picks;
    private Padded _inFlight;

    internal TargetLive(UpstreamName name, UpstreamSeries series)
    {
        Name = name;
        Label = name.ToString();
        _picks = series.Picks(Label);
    }

    /// <summary>Where it is; equal ones are the same target.</summary>
    public UpstreamName Name { get; }

    /// <summary>As logs and metrics call it.</summary>
    public string Label { get; }

    /// <summary>Requests under way, to the end of their answers.</summary>
    public int InFlight => Volatile.Read(ref _inFlight.Value);

    /// <summary>Requests that it was chosen for, since the process began.</summary>
    public long Picks => _picks.Value;

    /// <summary>A request goes there.</summary>
    /// <param name="stripe">The loop's ordinal.</param>
    public void Enter(int stripe)
    {
        Interlocked.Increment(ref _inFlight.Value);
        _picks.Increment(stripe);
    }

    /// <summary>It has ended, one way or another.</summary>
    public void Leave() => Interlocked.Decrement(ref _inFlight.Value);

    // On a line of its own: every loop writes it with each request.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Padded
    {
        [FieldOffset(64)]
        public int Value;
    }
}
