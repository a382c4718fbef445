using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Http.Client;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Tests.Gateway.Upstreams;

public sealed class UpstreamGroupTests
{
    private readonly UpstreamLive _live = new("http://pets:80", new UpstreamSeries(new GatewayMetrics(new MetricRegistry(stripes: 1)).Targets, "api", "prod", "http://pets:80"));

    [Fact]
    public void Chooses_in_turn_by_weight()
    {
        UpstreamGroup group = Group(TargetBalance.Weighted, 3, 1);
        Assert.Equal(3, Picks(group, 4).Count(c => c == '0'));
        string many = Picks(group, 4000);
        Assert.Equal((3000, 1000), (many.Count(c => c == '0'), many.Count(c => c == '1')));
    }

    [Fact]
    public void Never_chooses_a_target_of_weight_0()
    {
        Assert.DoesNotContain('1', Picks(Group(TargetBalance.Weighted, 1, 0, 1), 100));
        Assert.DoesNotContain('1', Picks(Group(TargetBalance.LeastLoaded, 1, 0, 1), 100));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Goes_to_another_target_as_long_as_there_is_one_that_was_not_tried(bool byLoad)
    {
        UpstreamGroup group = Group(byLoad ? TargetBalance.LeastLoaded : TargetBalance.Weighted, 100, 1, 1);
        for (int i = 0; i < 200; i++)
        {
            Assert.NotEqual(0, group.Pick(tried: 0b001));
            Assert.Equal(2, group.Pick(tried: 0b011));
            Assert.InRange(group.Pick(tried: 0b111), 0, 2);
        }
    }

    [Fact]
    public void Chooses_the_one_with_the_fewest_requests_for_its_weight()
    {
        UpstreamGroup group = Group(TargetBalance.LeastLoaded, 1, 2, 1);
        Enter(group, 0, 3);
        Enter(group, 1, 5);
        Enter(group, 2, 3);
        Assert.Equal("111", Picks(group, 3)); // 6 for a weight of 2 is fewer than 4 for one of 1
        Enter(group, 1, 4);
        Assert.DoesNotContain('1', Picks(group, 30));
        group.Targets[2].Live.Leave();
        Assert.Equal("2222", Picks(group, 4));
    }

    [Fact]
    public void Spreads_over_an_idle_upstream()
    {
        string picks = Picks(Group(TargetBalance.LeastLoaded, 1, 1, 1), 300);
        for (char target = '0'; target <= '2'; target++) Assert.Equal(100, picks.Count(c => c == target));
    }

    [Fact]
    public void Of_many_targets_two_are_compared_and_none_is_overloaded()
    {
        var group = Group(TargetBalance.LeastLoaded, [.. Enumerable.Repeat(1, 40)]);
        for (int i = 0; i < 4000; i++) Enter(group, group.Pick(tried: 0), 1);
        Assert.All(group.Targets, static target => Assert.InRange(target.Live.InFlight, 90, 110)); // one drawn alone would be off by 30 and more
    }

    [Fact]
    public void A_rehearsal_uses_no_turn_up()
    {
        UpstreamGroup group = Group(TargetBalance.Weighted, 1, 1);
        int next = group.Pick(tried: 0, isRehearsal: true);
        Assert.Equal(next, group.Pick(tried: 0, isRehearsal: true));
        Assert.Equal(next, group.Pick(tried: 0));
    }

    [Fact]
    public async Task Shares_are_exact_over_all_loops_together()
    {
        UpstreamGroup group = Group(TargetBalance.Weighted, 5, 3, 2);
        int[][] counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            int[] own = new int[3];
            for (int i = 0; i < 10_000; i++) own[group.Pick(tried: 0)]++;
            return own;
        })));
        Assert.Equal([20_000, 12_000, 8_000], Enumerable.Range(0, 3).Select(target => counts.Sum(own => own[target])));
    }

    [Fact]
    public void A_target_keeps_what_is_known_of_it_for_as_long_as_a_plan_holds_it()
    {
        UpstreamGroup before = Group(TargetBalance.Weighted, 1, 1);
        Enter(before, 1, 7);
        UpstreamGroup after = Group(TargetBalance.LeastLoaded, 4, 5, 6);
        Assert.Same(before.Targets[1].Live, after.Targets[1].Live);
        Assert.Equal(7, after.Targets[1].Live.InFlight);
    }

    private static void Enter(UpstreamGroup group, int target, int times)
    {
        for (int i = 0; i < times; i++) group.Targets[target].Live.Enter(0);
    }

    private static string Picks(UpstreamGroup group, int times) => string.Concat(Enumerable.Range(0, times).Select(_ => (char)('0' + group.Pick(tried: 0))));

    private UpstreamGroup Group(TargetBalance balance, params int[] weights)
    {
        var targets = new BoundTarget[weights.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            var name = new UpstreamName($"10.0.0.{i}", 8080);
            targets[i] = new BoundTarget(name, weights[i], _live.Target(name));
        }

        return new UpstreamGroup(_live, targets, new UpstreamPolicy { Balance = balance });
    }
}
