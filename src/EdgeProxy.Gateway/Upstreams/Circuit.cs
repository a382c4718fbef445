using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>The circuit of one upstream. Live: the figures come with each call, loops share its words.</summary>
/// <remarks>
/// One word says where it is: the state (2 bits), how many probes were let through and how many of them succeeded (12 bits each), and in which turn of its life
/// that is (the rest). A request keeps the turn it began in, and what it says at its end counts in that turn only.
/// </remarks>
internal sealed class Circuit
{
    private const int StateBits = 2;
    private const int ProbeBits = 12;
    private const long ProbeMask = (1L << ProbeBits) - 1;
    private const int SuccessShift = StateBits + ProbeBits;
    private const int TurnShift = StateBits + (2 * ProbeBits);

    private readonly WindowCounts _counts = new();
    private long _word;
    private long _until;
    private int _opens;

    public CircuitState State => StateOf(Volatile.Read(ref _word));

    /// <summary>When the time is over for which it is open; of no meaning when it is closed.</summary>
    public long Until => Volatile.Read(ref _until);

    /// <summary>Requests and failed ones in the window.</summary>
    public (long Requests, long Failures) Read(long now) => _counts.Sum(now);

    /// <summary>Whether a request may pass; <see cref="TryReport"/> has to follow then.</summary>
    /// <param name="plan">The figures.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    /// <param name="turn">For the report.</param>
    /// <param name="changed">The state, if it is another one now; else null.</param>
    public bool TryEnter(CircuitPlan plan, long now, out long turn, out CircuitState? changed)
    {
        changed = null;
        while (true)
        {
            long word = Volatile.Read(ref _word);
            turn = word >> TurnShift;
            CircuitState state = StateOf(word);
            if (state == CircuitState.Closed) return true;
            if (state == CircuitState.HalfOpen && ProbesOf(word) < plan.Probes)
            {
                if (Interlocked.CompareExchange(ref _word, word + (1L << StateBits), word) == word) return true;
                continue;
            }

            if (now < Volatile.Read(ref _until)) return false;

            // The time is written first: whoever sees the new state finds it, and does not think it over already.
            Volatile.Write(ref _until, now + CircuitLife.OpenTime(plan, Math.Max(1, Volatile.Read(ref _opens))));
            long next = WordOf(turn + 1, CircuitLife.Next(state, CircuitEvent.TimeOver), probes: 1);
            if (Interlocked.CompareExchange(ref _word, next, word) != word) continue;
            turn++;
            if (state == CircuitState.Open) changed = CircuitState.HalfOpen;
            return true;
        }
    }

    /// <summary>Whether a request would pass; nothing changes.</summary>
    public bool WouldEnter(CircuitPlan plan, long now)
    {
        long word = Volatile.Read(ref _word);
        return StateOf(word) switch
        {
            CircuitState.Closed => true,
            CircuitState.HalfOpen when ProbesOf(word) < plan.Probes => true,
            _ => now >= Volatile.Read(ref _until),
        };
    }

    /// <summary>Takes what came of a request that had passed.</summary>
    /// <param name="plan">The figures.</param>
    /// <param name="turn">As <see cref="TryEnter"/> gave it.</param>
    /// <param name="judgement">What it says of the upstream.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    /// <returns>The state, if it is another one now; else null.</returns>
    public CircuitState? TryReport(CircuitPlan plan, long turn, CallJudgement judgement, long now)
    {
        bool isFailure = judgement == CallJudgement.Failure;
        bool isCounted = false;
        while (true)
        {
            long word = Volatile.Read(ref _word);
            if (word >> TurnShift != turn) return null;
            if (StateOf(word) == CircuitState.Closed)
            {
                if (judgement == CallJudgement.None) return null;
                if (!isCounted) _counts.Add(now, isFailure);
                isCounted = true;
                if (!isFailure) return null;
                (long requests, long failures) = _counts.Sum(now);
                if (requests < plan.LeastRequests || failures * 100 < requests * plan.FailurePercent) return null;
                if (TryOpen(plan, word, CircuitEvent.TooManyFailures, now)) return CircuitState.Open;
                continue;
            }

            if (isFailure)
            {
                if (TryOpen(plan, word, CircuitEvent.ProbeFailed, now)) return CircuitState.Open;
                continue;
            }

            // A probe that says nothing gives its place to another.
            long next = judgement == CallJudgement.None ? word - (1L << StateBits) : word + (1L << SuccessShift);
            bool isProven = SuccessesOf(next) >= plan.Probes;
            if (isProven) next = WordOf(turn + 1, CircuitLife.Next(CircuitState.HalfOpen, CircuitEvent.AllProbesSucceeded), probes: 0);
            if (isProven) _counts.Clear();
            if (Interlocked.CompareExchange(ref _word, next, word) != word) continue;
            if (!isProven) return null;
            Volatile.Write(ref _opens, 0);
            return CircuitState.Closed;
        }
    }

    // The time is written first: whoever sees the state finds it.
    private bool TryOpen(CircuitPlan plan, long word, CircuitEvent why, long now)
    {
        int times = Volatile.Read(ref _opens) + 1;
        Volatile.Write(ref _until, now + CircuitLife.OpenTime(plan, times));
        long next = WordOf((word >> TurnShift) + 1, CircuitLife.Next(StateOf(word), why), probes: 0);
        if (Interlocked.CompareExchange(ref _word, next, word) != word) return false;
        Volatile.Write(ref _opens, times);
        return true;
    }

    private static long WordOf(long turn, CircuitState state, long probes) => (turn << TurnShift) | (probes << StateBits) | (long)state;

    private static CircuitState StateOf(long word) => (CircuitState)(word & ((1L << StateBits) - 1));

    private static long ProbesOf(long word) => (word >> StateBits) & ProbeMask;

    private static long SuccessesOf(long word) => (word >> SuccessShift) & ProbeMask;
}
