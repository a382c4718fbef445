using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>What lives on of a usage plan: found by its id, whatever else changes about it.</summary>
/// <param name="id">The plan's id.</param>
/// <param name="ordinal">Its number in the ledger.</param>
/// <param name="requests">Where its requests are counted.</param>
internal sealed class UsagePlanLive(string id, int ordinal, CounterFamily requests)
{
    private static readonly string[] s_outcomes = ["admitted", "throttled", "quota"];

    private readonly Dictionary<(string Api, string Stage, string Path, string Verb), KeyBuckets> _buckets = [];
    private readonly Lock _gate = new();
    private readonly Stack<int> _freeOrdinals = new();
    private Quota? _quota;
    private int _ordinals;

    public string Id { get; } = id;

    /// <summary>Its number, until the ledger gives it up.</summary>
    public int Ordinal { get; } = ordinal;

    /// <summary>Its quota as it is served now; null for none, and for a plan that is not configured.</summary>
    public Quota? Quota
    {
        get => Volatile.Read(ref _quota);
        set => Volatile.Write(ref _quota, value);
    }

    /// <summary>Whether the configuration has it.</summary>
    public bool IsConfigured { get; set; }

    /// <summary>The last configuration that had it. The ledger's lock.</summary>
    public int Configured { get; set; }

    /// <summary>Requests that it let pass.</summary>
    public Counter Admitted { get; } = requests.With(id, s_outcomes[0]);

    /// <summary>Requests of its keys that a bucket refused, whoever's bucket it was.</summary>
    public Counter Throttled { get; } = requests.With(id, s_outcomes[1]);

    /// <summary>Requests of its keys that its quota refused.</summary>
    public Counter OverQuota { get; } = requests.With(id, s_outcomes[2]);

    /// <summary>Its rows in the ledger, mostly oldest first. The ledger's lock.</summary>
    public List<int> Rows { get; } = [];

    /// <summary>A number of a row among its rows, which no other has. The ledger's lock.</summary>
    public int TakeOrdinal() => _freeOrdinals.TryPop(out int free) ? free : _ordinals++;

    /// <summary>Gives one back whose row is gone: the next key that has it finds full buckets. The ledger's lock.</summary>
    public void GiveOrdinal(int ordinal)
    {
        _freeOrdinals.Push(ordinal);
        lock (_gate)
        {
            foreach (KeyBuckets buckets in _buckets.Values) buckets.Clear(ordinal);
        }
    }

    /// <summary>Its keys' buckets for one method, made when they are new.</summary>
    public KeyBuckets BucketsOf(string api, string stage, string path, string verb)
    {
        lock (_gate)
        {
            if (!_buckets.TryGetValue((api, stage, path, verb), out KeyBuckets? buckets)) _buckets.Add((api, stage, path, verb), buckets = new KeyBuckets());
            return buckets;
        }
    }

    /// <summary>Takes its series out, when the ledger gives it up.</summary>
    public void Forget(CounterFamily requests)
    {
        foreach (string outcome in s_outcomes) requests.Remove(Id, outcome);
    }

    /// <summary>Forgets the buckets of methods that the plan limits no more; requests under way finish with theirs.</summary>
    /// <param name="isLimited">Whether a method of a stage is limited still.</param>
    public void KeepBuckets(Func<(string Api, string Stage, string Path, string Verb), bool> isLimited)
    {
        lock (_gate)
        {
            foreach ((string Api, string Stage, string Path, string Verb) method in _buckets.Keys)
            {
                if (!isLimited(method)) _buckets.Remove(method);
            }
        }
    }

    /// <summary>Methods that there are buckets for.</summary>
    internal int LimitedMethods
    {
        get
        {
            lock (_gate) return _buckets.Count;
        }
    }
}
