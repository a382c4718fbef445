using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>What lives on of a usage plan: found by its id, whatever else changes about it.</summary>
/// <param name="id">The plan's id.</param>
/// <param name="ordinal">Its number in the ledger.</param>
/// <param name="requests">Where its requests are counted.</param>
internal sealed class UsagePlanLive(string id, int ordinal, CounterFamily requests)
{
    private readonly Dictionary<(string Api, string Stage, string Path, string Verb), KeyBuckets> _buckets = [];
    private readonly Lock _gate = new();
    private Quota? _quota;

    public string Id { get; } = id;

    /// <summary>Its number, for the life of the process.</summary>
    public int Ordinal { get; } = ordinal;

    /// <summary>Its quota as it is served now; null for none, and for a plan that is not configured.</summary>
    public Quota? Quota
    {
        get => Volatile.Read(ref _quota);
        set => Volatile.Write(ref _quota, value);
    }

    /// <summary>Whether the configuration has it.</summary>
    public bool IsConfigured { get; set; }

    /// <summary>Requests that it let pass.</summary>
    public Counter Admitted { get; } = requests.With(id, "admitted");

    /// <summary>Requests of its keys that a bucket refused, whoever's bucket it was.</summary>
    public Counter Throttled { get; } = requests.With(id, "throttled");

    /// <summary>Requests of its keys that its quota refused.</summary>
    public Counter OverQuota { get; } = requests.With(id, "quota");

    /// <summary>Its rows in the ledger, oldest first. The ledger's lock.</summary>
    public List<int> Rows { get; } = [];

    /// <summary>Its keys' buckets for one method, made when they are new.</summary>
    public KeyBuckets BucketsOf(string api, string stage, string path, string verb)
    {
        lock (_gate)
        {
            if (!_buckets.TryGetValue((api, stage, path, verb), out KeyBuckets? buckets)) _buckets.Add((api, stage, path, verb), buckets = new KeyBuckets());
            return buckets;
        }
    }
}
