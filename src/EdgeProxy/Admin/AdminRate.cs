using EdgeProxy.Core.Text;
using EdgeProxy.Settings;

namespace EdgeProxy.Admin;

/// <summary>How often each client address may call the admin listener (setting <c>admin.rate</c>). Admin loop only.</summary>
/// <remarks>
/// An entry is the instant at which its bucket is full again. Addresses of one IPv6 network (64 bits) share one, since whoever has one has them all. When the table is full
/// of buckets that are not, newcomers share one bucket, so that memory is bounded and nobody who calls already is refused for it.
/// </remarks>
internal sealed class AdminRate
{
    /// <summary>Most addresses that have buckets of their own.</summary>
    public const int MostAddresses = 10_000;

    private const long Second = 1_000_000_000;

    private readonly Dictionary<IpAddress, long> _fullAt = [];
    private long _sweptAt = long.MinValue;

    /// <summary>Takes a token; false when there is none.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="rate">How often it may.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    public bool TryTake(IpAddress client, ThrottleSettings rate, long now)
    {
        if (rate.Rate <= 0 || rate.Burst <= 0) return false;
        IpAddress place = client.IsV4 ? client : new IpAddress(client.High, 0);
        if (!_fullAt.TryGetValue(place, out long fullAt) && _fullAt.Count >= MostAddresses && !TrySweep(now))
        {
            place = IpAddress.None;
            _fullAt.TryGetValue(place, out fullAt);
        }

        long interval = (long)(Second / rate.Rate);
        long next = Math.Max(fullAt, now) + interval;
        if (next - now > interval * rate.Burst) return false;
        _fullAt[place] = next;
        return true;
    }

    // At most once a second, so that a crowd does not make each request walk the table.
    private bool TrySweep(long now)
    {
        if (_sweptAt != long.MinValue && now - _sweptAt < Second) return false;
        _sweptAt = now;
        foreach ((IpAddress place, long fullAt) in _fullAt)
        {
            if (fullAt <= now) _fullAt.Remove(place);
        }

        return _fullAt.Count < MostAddresses;
    }
}
