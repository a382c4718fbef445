using EdgeProxy.Gateway.Snapshots;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>The targets of an upstream as one stage's plan has them, and by which rules they take requests.</summary>
/// <remarks>Shared by all loops. Choosing takes no lock and allocates nothing; only when the set of those that may take requests changes is a round worked out anew.</remarks>
internal sealed class UpstreamGroup
{
    // With more than these the least loaded of all would cost more than it saves: two, drawn, are nearly as good.
    private const int MostCompared = 16;

    private readonly int[] _weights;
    private readonly byte[] _candidates;
    private TargetTable _table;

    /// <param name="live">What outlasts the plan.</param>
    /// <param name="targets">At most 64.</param>
    /// <param name="policy">The rules.</param>
    /// <param name="host">What they are sent as Host, unless a request has another.</param>
    public UpstreamGroup(UpstreamLive live, BoundTarget[] targets, UpstreamPolicy policy, byte[] host)
    {
        Host = host;
        Live = live;
        Targets = targets;
        Policy = policy;
        _weights = Array.ConvertAll(targets, static target => target.Weight);
        var candidates = new List<byte>();
        for (int i = 0; i < targets.Length; i++)
        {
            if (_weights[i] > 0) candidates.Add((byte)i);
        }

        _candidates = [.. candidates];
        _table = Find(long.MinValue);
    }

    public UpstreamLive Live { get; }

    public BoundTarget[] Targets { get; }

    public UpstreamPolicy Policy { get; }

    /// <summary>What targets are sent as Host.</summary>
    public byte[] Host { get; }

    /// <summary>Indices of the targets that take requests: those with a weight.</summary>
    public ReadOnlySpan<byte> Candidates => _candidates;

    /// <summary>How often a request is sent at most.</summary>
    public int Attempts => _candidates.Length > 1 ? Policy.Retries.Attempts : Policy.Retries.AttemptsAlone;

    /// <summary>Whether requests go to targets that are out of order, because too few are left.</summary>
    public bool IsPanic => Volatile.Read(ref _table).IsPanic;

    /// <summary>Chooses for a request, or for its next attempt.</summary>
    /// <param name="now">Monotonic nanoseconds.</param>
    /// <param name="tried">The targets that it was sent to already, a bit each: they come last.</param>
    /// <param name="log">Hears of changes.</param>
    /// <param name="isRehearsal">Whether nothing is to be sent, so that no turn is used up.</param>
    /// <returns>An index into <see cref="Targets"/>.</returns>
    public int Pick(long now, ulong tried, ILogger log, bool isRehearsal = false)
    {
        TargetTable table = Volatile.Read(ref _table);
        if (table.Version != Live.Version || now >= table.ValidUntil) table = isRehearsal ? Find(now) : Renew(now, log);
        uint turn = isRehearsal ? Live.NextTurn : Live.TakeTurn();
        return Policy.Balance == TargetBalance.LeastLoaded ? LeastLoaded(table.Usable, turn, tried) : InTurn(table.Round, turn, tried);
    }

    /// <summary>Takes what an attempt at a target says, and leaves the target out if that is enough.</summary>
    public void Report(TargetLive target, CallJudgement judgement, long now, int stripe, ILogger log)
    {
        if (target.Report(Policy.Ejection, judgement, now) is not { } reason) return;
        long time = Live.TryEject(this, target, reason, now);
        if (time < 0) Live.Series.EjectionRefusals.Increment(stripe);
        if (time <= 0) return;
        Live.Series.Ejections(target, reason).Increment(stripe);
        UpstreamLog.Ejected(log, target.Label, Live.Name, Live.Series.Api, Live.Series.Stage, reason == "rate" ? "too large a share of its requests" : "several times in a row", time / 1e9);
    }

    /// <summary>Whether a request may pass, the circuit being closed or this being a probe; <see cref="ReportToCircuit"/> has to follow then.</summary>
    public bool TryPassCircuit(long now, int stripe, ILogger log, out long turn)
    {
        bool passes = Live.Circuit.TryEnter(Policy.Circuit, now, out turn, out CircuitState? changed);
        if (changed is { } state) Tell(state, now, log);
        if (!passes) Live.Series.CircuitRefusals.Increment(stripe);
        return passes;
    }

    /// <summary>Says what came of a request that had passed.</summary>
    public void ReportToCircuit(long turn, CallJudgement judgement, long now, ILogger log)
    {
        if (Live.Circuit.TryReport(Policy.Circuit, turn, judgement, now) is { } state) Tell(state, now, log);
    }

    private void Tell(CircuitState state, long now, ILogger log)
    {
        Live.Series.CircuitState.Set((int)state);
        switch (state)
        {
            case CircuitState.Open:
                UpstreamLog.CircuitOpen(log, Live.Name, Live.Series.Api, Live.Series.Stage, (Live.Circuit.Until - now) / 1e9);
                break;
            case CircuitState.HalfOpen:
                UpstreamLog.CircuitHalfOpen(log, Live.Name, Live.Series.Api, Live.Series.Stage);
                break;
            default:
                UpstreamLog.CircuitClosed(log, Live.Name, Live.Series.Api, Live.Series.Stage);
                break;
        }
    }

    private TargetTable Renew(long now, ILogger log)
    {
        foreach (BoundTarget target in Targets)
        {
            if (!Live.TryTakeBack(target.Live, now)) continue;
            UpstreamLog.Back(log, target.Live.Label, Live.Name, Live.Series.Api, Live.Series.Stage);
        }

        TargetTable before = Volatile.Read(ref _table);
        TargetTable table = Find(now);
        bool isFirst = Interlocked.CompareExchange(ref _table, table, before) == before;
        if (isFirst && table.IsPanic && !before.IsPanic) UpstreamLog.Panic(log, InOrder(), _candidates.Length, Live.Name, Live.Series.Api, Live.Series.Stage);
        return table;
    }

    private int InOrder()
    {
        int count = 0;
        foreach (byte index in _candidates) count += Targets[index].Live.IsInOrder ? 1 : 0;
        return count;
    }

    private TargetTable Find(long now)
    {
        int version = Live.Version; // before the look: a change during it makes the next request look again
        long validUntil = long.MaxValue;
        var usable = new List<byte>(_candidates.Length);
        foreach (byte index in _candidates)
        {
            long until = Targets[index].Live.EjectedUntil;
            if ((until == 0 || until <= now) && !Targets[index].Live.IsDown) usable.Add(index);
            if (until != 0) validUntil = Math.Min(validUntil, until);
        }

        bool isPanic = usable.Count == 0 || usable.Count * 100 < Policy.PanicPercent * _candidates.Length;
        byte[] chosen = isPanic ? _candidates : [.. usable];
        return new TargetTable(version, validUntil, chosen, Policy.Balance == TargetBalance.LeastLoaded ? [] : SmoothOrder.Round(chosen, _weights), isPanic);
    }

    private static int InTurn(byte[] round, uint turn, ulong tried)
    {
        int at = (int)(turn % (uint)round.Length);
        for (int i = 0; tried != 0 && i < round.Length; i++)
        {
            int next = round[(at + i) % round.Length];
            if ((tried & (1UL << next)) == 0) return next;
        }

        return round[at];
    }

    private int LeastLoaded(byte[] usable, uint turn, ulong tried)
    {
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
