using System.Diagnostics;

namespace EdgeProxy.Fuzz.Engine;

/// <summary>Runs a target's corpus, then mutations of it, and keeps those inputs that showed a new kind of result.</summary>
/// <remarks>The inputs and their order depend on the seed and the corpus alone; time decides only how far it gets.</remarks>
internal sealed class Fuzzer(FuzzTarget target, IReadOnlyList<byte[]> corpus, ulong seed, Watchdog watchdog)
{
    private const int LargestPool = 8192;

    private readonly List<byte[]> _pool = [];
    private readonly HashSet<ulong> _seen = [];
    private readonly FuzzRandom _random = new(seed ^ Outcome.Of(System.Text.Encoding.ASCII.GetBytes(target.Name)));

    /// <summary>Inputs run so far.</summary>
    public long Runs { get; private set; }

    /// <summary>Kinds of result seen so far.</summary>
    public int Kinds => _seen.Count;

    /// <summary>The inputs that first showed each kind, those of the corpus among them.</summary>
    public IReadOnlyList<byte[]> Pool => _pool;

    /// <summary>Runs until the time is over or a promise is broken.</summary>
    public Finding? Run(TimeSpan time)
    {
        long started = Stopwatch.GetTimestamp();
        foreach (byte[] input in corpus)
        {
            if (Try(input) is { } finding) return finding;
        }

        if (_pool.Count == 0) _pool.Add([]);
        var mutator = new Mutator(_random, target);
        while (true)
        {
            // Looking at the clock costs more than a small parser.
            if ((Runs & 0xFF) == 0 && Stopwatch.GetElapsedTime(started) > time) return null;
            if (Try(mutator.Mutate(Pick(), Pick())) is { } finding) return finding;
        }
    }

    // Those found last are nearest to something new.
    private byte[] Pick() => _random.OneIn(3) ? _pool[_pool.Count - 1 - _random.Below(Math.Min(_pool.Count, 64))] : _pool[_random.Below(_pool.Count)];

    private Finding? Try(byte[] input)
    {
        Runs++;
        watchdog.Watch(input);
        Finding? finding = Finding.Seek(target, input, out ulong outcome);
        watchdog.Watch(null);
        if (finding is null && _seen.Add(outcome) && _pool.Count < LargestPool) _pool.Add(input);
        return finding;
    }
}
