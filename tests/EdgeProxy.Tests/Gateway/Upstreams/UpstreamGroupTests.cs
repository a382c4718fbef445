using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Http.Client;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeProxy.Tests.Gateway.Upstreams;

public sealed class UpstreamGroupTests
{
    private const long Second = 1_000_000_000;
    private const long Now = 100 * Second;

    private readonly UpstreamLive _live = new("http://pets:80", new UpstreamSeries(new GatewayMetrics(new MetricRegistry(stripes: 1)), "api", "prod", "http://pets:80"));

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
            Assert.NotEqual(0, group.Pick(Now, tried: 0b001, NullLogger.Instance));
            Assert.Equal(2, group.Pick(Now, tried: 0b011, NullLogger.Instance));
            Assert.InRange(group.Pick(Now, tried: 0b111, NullLogger.Instance), 0, 2);
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
        for (int i = 0; i < 4000; i++) Enter(group, group.Pick(Now, tried: 0, NullLogger.Instance), 1);
        Assert.All(group.Targets, static target => Assert.InRange(target.Live.InFlight, 90, 110)); // one drawn alone would be off by 30 and more
    }

    [Fact]
    public void A_rehearsal_uses_no_turn_up()
    {
        UpstreamGroup group = Group(TargetBalance.Weighted, 1, 1);
        int next = group.Pick(Now, tried: 0, NullLogger.Instance, isRehearsal: true);
        Assert.Equal(next, group.Pick(Now, tried: 0, NullLogger.Instance, isRehearsal: true));
        Assert.Equal(next, group.Pick(Now, tried: 0, NullLogger.Instance));
    }

    [Fact]
    public async Task Shares_are_exact_over_all_loops_together()
    {
        UpstreamGroup group = Group(TargetBalance.Weighted, 5, 3, 2);
        int[][] counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            int[] own = new int[3];
            for (int i = 0; i < 10_000; i++) own[group.Pick(Now, tried: 0, NullLogger.Instance)]++;
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

    [Fact]
    public void Leaves_out_a_target_that_fails_in_a_row_until_its_time_is_over()
    {
        UpstreamGroup group = Group(TargetBalance.Weighted, 1, 1, 1);
        Fail(group, 1, times: 4);
        Assert.Contains('1', Picks(group, 9));
        Succeed(group, 1);
        Fail(group, 1, times: 4);
        Assert.Contains('1', Picks(group, 9)); // never five in a row
        Fail(group, 1, times: 1);
        Assert.DoesNotContain('1', Picks(group, 30));
        Assert.Equal(15, Picks(group, 30).Count(c => c == '0')); // the others in equal shares
        Assert.Equal(("consecutive", Now + (30 * Second)), (group.Targets[1].Live.EjectedFor, group.Targets[1].Live.EjectedUntil));
        Assert.DoesNotContain('1', Picks(group, 30, Now + (30 * Second) - 1));
        Assert.Equal(10, Picks(group, 30, Now + (30 * Second)).Count(c => c == '1'));
        Assert.Equal(0, group.Targets[1].Live.ConsecutiveFailures);
    }

    [Fact]
    public void Leaves_out_a_target_of_which_too_large_a_share_fails()
    {
        var group = Group(new UpstreamPolicy { Ejection = new EjectionPlan { ConsecutiveFailures = 0, FailurePercent = 40, LeastRequests = 10 } }, 1, 1);
        for (int i = 0; i < 4; i++)
        {
            Succeed(group, 0);
            Fail(group, 0, times: 1);
        }

        Assert.Contains('0', Picks(group, 9)); // half of them, but only eight
        Succeed(group, 0);
        Fail(group, 0, times: 1);
        Assert.Equal("1111", Picks(group, 4));
        Assert.Equal("rate", group.Targets[0].Live.EjectedFor);
    }

    [Fact]
    public void Leaves_out_no_more_than_may_be_and_never_the_last()
    {
        UpstreamGroup group = Group(TargetBalance.Weighted, 1, 1, 1, 1);
        for (int target = 0; target < 4; target++) Fail(group, target, times: 10);
        Assert.Equal("2233", string.Concat(Picks(group, 4).Order()));
        Assert.False(group.IsPanic);

        UpstreamGroup single = Group(new UpstreamPolicy { Retries = new RetryPlan { AttemptsAlone = 2 } }, 1);
        Fail(single, 0, times: 100);
        Assert.Equal("000", Picks(single, 3));
    }

    [Fact]
    public void A_target_is_left_out_longer_each_time_and_counts_once_over_plans()
    {
        UpstreamGroup group = Group(TargetBalance.Weighted, 1, 1);
        Fail(group, 0, times: 5);
        UpstreamGroup next = Group(TargetBalance.LeastLoaded, 1, 1);
        Assert.Equal("1111", Picks(next, 4)); // a deployment does not bring it back
        long back = Now + (30 * Second);
        Picks(next, 1, back);
        Fail(next, 0, times: 5, at: back);
        Assert.Equal(back + (60 * Second), next.Targets[0].Live.EjectedUntil);
        Assert.Equal("1111", Picks(group, 4, back)); // what one plan finds out holds for the other
    }

    [Fact]
    public void When_too_few_are_left_all_are_used()
    {
        var group = Group(new UpstreamPolicy { PanicPercent = 60, Ejection = new EjectionPlan { MostPercent = 100 } }, 1, 1, 1, 1);
        Fail(group, 0, times: 5);
        Assert.DoesNotContain('0', Picks(group, 20));
        Assert.False(group.IsPanic);
        Fail(group, 1, times: 5);
        string picks = Picks(group, 20); // two of four are fewer than 60 of a hundred
        Assert.Equal((5, 5), (picks.Count(c => c == '0'), picks.Count(c => c == '1')));
        Assert.True(group.IsPanic);
        Picks(group, 1, Now + (31 * Second));
        Assert.False(group.IsPanic);
    }

    [Fact]
    public void What_says_nothing_neither_leaves_out_nor_acquits()
    {
        UpstreamGroup group = Group(TargetBalance.Weighted, 1, 1);
        Fail(group, 0, times: 4);
        group.Report(group.Targets[0].Live, CallJudgement.None, Now, stripe: 0, NullLogger.Instance);
        Assert.Equal(4, group.Targets[0].Live.ConsecutiveFailures);
    }

    [Fact]
    public void Costs_no_memory()
    {
        UpstreamGroup weighted = Group(new UpstreamPolicy { Ejection = new EjectionPlan { FailurePercent = 90 }, Circuit = new CircuitPlan { FailurePercent = 90 } }, 3, 2, 1);
        UpstreamGroup leastLoaded = Group(TargetBalance.LeastLoaded, 1, 1, 1);
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                UpstreamGroup group = i % 2 == 0 ? weighted : leastLoaded;
                group.TryPassCircuit(Now, stripe: 0, NullLogger.Instance, out long turn);
                group.Live.Budget.CountRequest(Now);
                TargetLive target = group.Targets[group.Pick(Now, tried: 0, NullLogger.Instance)].Live;
                target.Enter(stripe: 0);
                group.Report(target, i % 7 == 0 ? CallJudgement.Failure : CallJudgement.Success, Now, stripe: 0, NullLogger.Instance);
                if (i % 7 == 0) group.Live.Budget.TryTake(group.Policy.Retries, Now);
                group.ReportToCircuit(turn, CallJudgement.Success, Now, NullLogger.Instance);
                target.Leave();
            }
        }));
    }

    [Fact]
    public void Targets_without_a_weight_count_for_nothing()
    {
        // Half of the two that take requests may be left out, and not half of all four.
        UpstreamGroup group = Group(TargetBalance.Weighted, 1, 0, 1, 0);
        Fail(group, 0, times: 5);
        Fail(group, 2, times: 5);
        Assert.Equal((true, false), (group.Targets[0].Live.EjectedUntil != 0, group.Targets[2].Live.EjectedUntil != 0));
        Assert.Equal("2222", Picks(group, 4));
        Assert.Equal(1, group.Live.Series.EjectionRefusals.Value);

        // Another group of the upstream has left out what takes no requests here.
        UpstreamGroup other = Group(TargetBalance.Weighted, 0, 0, 1, 1);
        Fail(other, 3, times: 5);
        Assert.NotEqual(0, other.Targets[3].Live.EjectedUntil);
        Assert.Equal("2222", Picks(other, 4));

        // The only one that takes requests is no case for the limit, and there is no other to try next.
        UpstreamGroup alone = Group(new UpstreamPolicy { Ejection = new EjectionPlan() }, 0, 1);
        Fail(alone, 1, times: 50);
        Assert.Equal((0, 1), (alone.Targets[1].Live.EjectedUntil, alone.Attempts));
        Assert.Equal(1, group.Live.Series.EjectionRefusals.Value);
    }

    private static void Fail(UpstreamGroup group, int target, int times, long at = Now)
    {
        for (int i = 0; i < times; i++) group.Report(group.Targets[target].Live, CallJudgement.Failure, at, stripe: 0, NullLogger.Instance);
    }

    private static void Succeed(UpstreamGroup group, int target) => group.Report(group.Targets[target].Live, CallJudgement.Success, Now, stripe: 0, NullLogger.Instance);

    private static void Enter(UpstreamGroup group, int target, int times)
    {
        for (int i = 0; i < times; i++) group.Targets[target].Live.Enter(0);
    }

    private static string Picks(UpstreamGroup group, int times, long at = Now) => string.Concat(Enumerable.Range(0, times).Select(_ => (char)('0' + group.Pick(at, tried: 0, NullLogger.Instance))));

    private UpstreamGroup Group(TargetBalance balance, params int[] weights) => Group(new UpstreamPolicy { Balance = balance }, weights);

    private UpstreamGroup Group(UpstreamPolicy policy, params int[] weights)
    {
        var targets = new BoundTarget[weights.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            var name = new UpstreamName($"10.0.0.{i}", 8080);
            targets[i] = new BoundTarget(name, weights[i], _live.Target(name));
        }

        return new UpstreamGroup(_live, targets, policy, []);
    }
}
