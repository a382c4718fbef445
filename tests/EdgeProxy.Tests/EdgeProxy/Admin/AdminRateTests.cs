using EdgeProxy.Admin;
using EdgeProxy.Core.Text;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Admin;

public sealed class AdminRateTests
{
    private const long Second = 1_000_000_000;
    private readonly AdminRate _rate = new();

    [Fact]
    public void Admits_a_burst_and_then_as_many_as_the_rate_says()
    {
        var rate = new ThrottleSettings(100, 5);
        IpAddress client = IpAddress.FromV4(0xC0000201);
        Assert.Equal(5, Taken(client, rate, 10, now: Second));
        Assert.Equal(2, Taken(client, rate, 10, now: Second + (Second / 50)));
        Assert.Equal(5, Taken(client, rate, 10, now: 3 * Second));
    }

    [Fact]
    public void Counts_a_network_of_IPv6_as_one_client()
    {
        var rate = new ThrottleSettings(1, 2);
        Assert.True(_rate.TryTake(new IpAddress(0x2001_0DB8_0000_0001, 1), rate, Second));
        Assert.True(_rate.TryTake(new IpAddress(0x2001_0DB8_0000_0001, 2), rate, Second));
        Assert.False(_rate.TryTake(new IpAddress(0x2001_0DB8_0000_0001, 3), rate, Second));
        Assert.True(_rate.TryTake(new IpAddress(0x2001_0DB8_0000_0002, 1), rate, Second));
    }

    [Fact]
    public void Admits_nobody_at_a_rate_of_nothing() => Assert.False(_rate.TryTake(IpAddress.FromV4(1), new ThrottleSettings(0, 0), Second));

    [Fact]
    public void Remembers_no_more_addresses_than_the_bound_and_keeps_those_that_call()
    {
        var rate = new ThrottleSettings(0.1, 1);
        Assert.True(_rate.TryTake(IpAddress.FromV4(1), rate, Second));
        for (uint i = 2; i <= AdminRate.MostAddresses; i++) Assert.True(_rate.TryTake(IpAddress.FromV4(i), rate, Second));

        // Newcomers share one bucket, and who was there is not given a new one.
        Assert.True(_rate.TryTake(IpAddress.FromV4(1_000_001), rate, Second));
        Assert.False(_rate.TryTake(IpAddress.FromV4(1_000_002), rate, Second));
        Assert.False(_rate.TryTake(IpAddress.FromV4(1), rate, Second));

        // When the others have been quiet for long enough, there is room again.
        Assert.True(_rate.TryTake(IpAddress.FromV4(1_000_003), rate, 60 * Second));
        Assert.True(_rate.TryTake(IpAddress.FromV4(1_000_004), rate, 60 * Second));
    }

    private int Taken(IpAddress client, ThrottleSettings rate, int asked, long now) => Enumerable.Range(0, asked).Count(_ => _rate.TryTake(client, rate, now));
}
