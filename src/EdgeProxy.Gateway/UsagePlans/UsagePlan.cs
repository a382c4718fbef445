using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;

namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>A usage plan as it is run: what each of its keys may do (rest-api.md 9.2).</summary>
internal sealed class UsagePlan
{
    private readonly Rate _throttle;

    /// <param name="live">What lives on of it.</param>
    /// <param name="throttle">How often each key may call, over all stages and methods of the plan; null for no limit. Of <see cref="Rate.InSixteenths"/>.</param>
    /// <param name="quota">How many requests each key has in a period; null for any number.</param>
    public UsagePlan(UsagePlanLive live, Rate? throttle, Quota? quota)
    {
        Live = live;
        Id = live.Id;
        HasThrottle = throttle is not null;
        _throttle = throttle ?? default;
        Quota = quota;
    }

    public UsagePlanLive Live { get; }

    public Utf8Text Id { get; }

    public Quota? Quota { get; }

    /// <summary>Whether <see cref="Throttle"/> means anything.</summary>
    public bool HasThrottle { get; }

    public ref readonly Rate Throttle => ref _throttle;
}
