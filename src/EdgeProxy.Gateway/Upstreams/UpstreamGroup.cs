using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>The targets of an upstream as one stage's plan has them, and by which rules they take requests.</summary>
/// <remarks>Shared by all loops. Choosing takes no lock and allocates nothing; only when the set of those that may take requests changes is a round worked out anew.</remarks>
internal sealed class UpstreamGroup
{
    // With more than these the least loaded of all would cost more than it saves: two, drawn, are nearly as good.
    private const int MostCompared = 16;

    private readonly int[] _weights;
    private readonly byte[] _usable;
    private readonly byte[] _round;

    /// <param name="live">What outlasts the plan.</param>
    /// <param name="targets">At most 64.</param>
    /// <param name="policy">The rules.</param>
    public UpstreamGroup(UpstreamLive live, BoundTarget[] targets, UpstreamPolicy policy)
    {
        Live = live;
        Targets = targets;
        Policy = policy;
        _weights = Array.ConvertAll(targets, static target => target.Weight);
        var usable = new List<byte>();
        for (int i = 0; i < targets.Length; i++)
        {
            if (_weights[i] > 0) usable.Add((byte)i);
        }

        _usable = [.. usable];
        _round = SmoothOrder.Round(_usable, _weights);
    }

    public UpstreamLive Live { get; }

    public BoundTarget[] Targets { get; }

    public UpstreamPolicy Policy { get; }

    /// <summary>Chooses for a request, or for its next attempt.</summary>
    /// <param name="tried">The targets that it was sent to already, a bit each: they come last.</param>
    /// <param name="isRehearsal">Whether nothing is to be sent, so that no turn is used up.</param>
    /// <returns>An index into <see cref="Targets"/>.</returns>
    public int Pick(ulong tried, bool isRehearsal = false)
    {
        uint turn = isRehearsal ? Live.NextTurn : Live.TakeTurn();
        return Policy.Balance == TargetBalance.LeastLoaded && _usable.Length > 1 ? LeastLoaded(turn, tried) : InTurn(turn, tried);
    }

    private int InTurn(uint turn, ulong tried)
    {
        byte[] round = _round;
        int at = (int)(turn % (uint)round.Length);
        for (int i = 0; tried != 0 && i < round.Length; i++)
        {
            int next = round[(at + i) % round.Length];
            if ((tried & (1UL << next)) == 0) return next;
        }

        return round[at];
    }

    private int LeastLoaded(uint turn, ulong tried)
    {
        byte[] usable = _usable;
        if (usable.Length > MostCompared && tried == 0)
        {
            ulong drawn = Scatter(turn);
            int one = usable[(int)((uint)drawn % (uint)usable.Length)];
            int other = usable[(int)((uint)(drawn >> 32) % (uint)usable.Length)];
            return IsLighter(other, one) ? other : one;
        }

        // Among equals the turn decides, or the first would take all that comes to an idle upstream.
        int best = -1;
        for (int i = 0; i < usable.Length; i++)
        {
            int next = usable[(int)((turn + (uint)i) % (uint)usable.Length)];
            if ((tried & (1UL << next)) != 0) continue;
            if (best < 0 || IsLighter(next, best)) best = next;
        }

        return best >= 0 ? best : usable[(int)(turn % (uint)usable.Length)];
    }

    // As each would be with this request.
    private bool IsLighter(int one, int other) =>
        (Targets[one].Live.InFlight + 1L) * _weights[other] < (Targets[other].Live.InFlight + 1L) * _weights[one];

    // SplitMix64: consecutive turns are to fall anywhere.
    private static ulong Scatter(uint turn)
    {
        ulong value = (turn + 1UL) * 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
