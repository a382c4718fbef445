using EdgeProxy.Gateway;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Telemetry.Tracing;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway;

public sealed class LoopServicesTests
{
    [Fact]
    public void Carries_a_reading_of_the_wall_clock_on_for_a_second_and_then_reads_again()
    {
        using var loop = new LoopHarness();
        var clock = new SteppedClock();
        var services = new LoopServices(new GatewayMetrics(new MetricRegistry(stripes: 1)), new FakeUpstream(loop), null, FastRandom.FromSeed(1), clock);
        Assert.Equal(1_000_000, services.UnixMilliseconds(now: 5_000_000_000));
        Assert.Equal(1_000_250, services.UnixMilliseconds(now: 5_250_000_000));
        Assert.Equal(1, clock.Readings);

        clock.Milliseconds = 9_000_000; // set by hand, or by NTP
        Assert.Equal(1_001_000, services.UnixMilliseconds(now: 6_000_000_000));
        Assert.Equal(9_000_000, services.UnixMilliseconds(now: 6_000_000_001));
    }

    private sealed class SteppedClock : TimeProvider
    {
        public long Milliseconds { get; set; } = 1_000_000;

        public int Readings { get; private set; }

        public override DateTimeOffset GetUtcNow()
        {
            Readings++;
            return DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);
        }
    }
}
