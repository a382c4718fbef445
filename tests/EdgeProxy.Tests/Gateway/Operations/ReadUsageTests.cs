using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Tests.Gateway.Operations;

public sealed class ReadUsageTests
{
    private static readonly DateOnly s_day = new(2026, 11, 22);

    private readonly UsageLedger _ledger = new();
    private readonly FixedTime _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Hands_on_what_changed_so_that_another_node_goes_on_from_it()
    {
        var quota = new Quota(5, QuotaPeriod.Day);
        UsageCell cell = Cell(_ledger, quota);
        for (int i = 0; i < 3; i++) Assert.True(cell.TryCount(quota, UsageDay.Of(s_day)));
        var read = new ReadUsage(_ledger, _time);
        List<UsageRecord> records = [];
        Assert.Equal(1, read.TakeChanged(records));
        Assert.Equal(0, read.TakeChanged(records));
        read.TellAgain(records[0]);
        Assert.Equal(1, read.TakeChanged(records));

        var next = new UsageLedger();
        new SetUsage(next, _time).Load(records);
        cell = Cell(next, quota);
        Assert.True(cell.TryCount(quota, UsageDay.Of(s_day)));
        Assert.True(cell.TryCount(quota, UsageDay.Of(s_day)));
        Assert.False(cell.TryCount(quota, UsageDay.Of(s_day)));
        Assert.Equal(new DayUsage(5, 0), new ReadUsage(next, _time).Read("gold", s_day, s_day)!.Keys.Single().Days.Single());
    }

    [Fact]
    public void Takes_any_text_for_a_position()
    {
        Cell(_ledger, null);
        var read = new ReadUsage(_ledger, _time);
        foreach (string position in (string[])["", "x", "-1", "99999999999999999999", "2147483647"]) Assert.NotNull(read.Read("gold", s_day, s_day, position: position));
        Assert.Throws<ArgumentOutOfRangeException>(() => read.Read("gold", s_day, s_day.AddDays(-1)));
    }

    [Fact]
    public void Grants_more_for_the_period_that_runs()
    {
        var quota = new Quota(1, QuotaPeriod.Day);
        UsageCell cell = Cell(_ledger, quota);
        Assert.True(cell.TryCount(quota, UsageDay.Of(s_day)));
        Assert.False(cell.TryCount(quota, UsageDay.Of(s_day)));
        Assert.True(new SetUsage(_ledger, _time).TrySetRemaining("gold", "k", 1));
        Assert.True(cell.TryCount(quota, UsageDay.Of(s_day)));
        Assert.False(cell.TryCount(quota, UsageDay.Of(s_day)));
    }

    private static UsageCell Cell(UsageLedger ledger, Quota? quota)
    {
        UsagePlanLive plan = ledger.PlanOf("gold");
        ledger.Serve(0, [(plan, quota)]);
        return ledger.CellOf(ledger.RowOf(plan, ledger.KeyOf("k"u8), 0));
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
