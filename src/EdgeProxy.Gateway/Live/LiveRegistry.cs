using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Gateway.Live;

/// <summary>What outlasts plans: found by (api id, stage, resource path, method) and never by generated ids, so that an import again keeps it.</summary>
/// <remarks>Asked when plans are built, on control threads; requests hold what they need through their plan.</remarks>
/// <param name="metrics">Where live state counts.</param>
internal sealed class LiveRegistry(GatewayMetrics metrics)
{
    private readonly Dictionary<(string Api, string Stage), StageLive> _stages = [];
    private readonly Lock _gate = new();
    private RateLimit? _accountThrottle;

    public GatewayMetrics Metrics => metrics;

    /// <summary>What API keys used of usage plans.</summary>
    public UsageLedger Usage { get; } = new();

    /// <summary>Stages known so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _stages.Count;
        }
    }

    /// <summary>The node's own bucket: the same one for as long as its rate is the same; null without a rate.</summary>
    public RateLimit? AccountThrottle(Rate? rate)
    {
        lock (_gate) return RateLimit.Follow(ref _accountThrottle, rate);
    }

    /// <summary>The live state of a stage, made when it is new.</summary>
    public StageLive Stage(ApiFacts api, string stage)
    {
        lock (_gate)
        {
            (string, string) key = (api.Id.ToString(), stage);
            if (!_stages.TryGetValue(key, out StageLive? live))
            {
                live = new StageLive(metrics, api, stage);
                _stages.Add(key, live);
            }

            return live;
        }
    }
}
