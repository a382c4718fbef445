using EdgeProxy.Http.Http2;

namespace EdgeProxy.Tests.Http.Http2;

public sealed class BudgetTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Resets_are_refused_once_the_burst_is_spent_and_come_back_one_by_one()
    {
        var budget = new ResetBudget(3);
        long now = 5 * Second;
        for (int i = 0; i < 3; i++) Assert.True(budget.TryTake(now, 3, 10, 1000));
        Assert.False(budget.TryTake(now, 3, 10, 1000));
        Assert.False(budget.TryTake(now + (Second / 10) - 1, 3, 10, 1000));
        Assert.True(budget.TryTake(now + (Second / 10), 3, 10, 1000));
        Assert.False(budget.TryTake(now + (Second / 10), 3, 10, 1000));
    }

    [Fact]
    public void Resets_never_gather_beyond_the_burst()
    {
        var budget = new ResetBudget(2);
        Assert.True(budget.TryTake(Second, 2, 1_000_000, 100));
        Assert.True(budget.TryTake(1000 * Second, 2, 1_000_000, 100));
        Assert.True(budget.TryTake(1000 * Second, 2, 1_000_000, 100));
        Assert.False(budget.TryTake(1000 * Second, 2, 1_000_000, 100));
    }

    [Fact]
    public void Parts_of_a_reset_that_came_back_are_not_lost()
    {
        var budget = new ResetBudget(1);
        Assert.True(budget.TryTake(Second, 1, 2, 1000));
        int taken = 0;
        for (int i = 1; i <= 40; i++)
        {
            if (budget.TryTake(Second + (i * Second / 8), 1, 2, 1_000_000)) taken++;
        }

        Assert.Equal(10, taken); // two a second for five seconds
    }

    [Fact]
    public void Without_a_refill_the_burst_is_all_there_is()
    {
        var budget = new ResetBudget(1);
        Assert.True(budget.TryTake(Second, 1, 0, 10));
        Assert.False(budget.TryTake(100 * Second, 1, 0, 10));
    }

    [Fact]
    public void More_than_half_of_many_streams_is_too_many_at_any_pace()
    {
        var budget = new ResetBudget(100);
        for (int i = 1; i <= 100; i++) Assert.True(budget.TryTake(i * Second, 100, 100, 200));
        Assert.False(budget.TryTake(1000 * Second, 100, 100, 200));
        Assert.True(budget.TryTake(1001 * Second, 100, 100, 204));
    }

    [Fact]
    public void Control_frames_are_counted_for_ten_seconds()
    {
        var budget = new ControlBudget();
        long now = Second;
        for (int i = 0; i < 5; i++) Assert.True(budget.TryTake(now, 5));
        Assert.False(budget.TryTake(now + (10 * Second) - 1, 5));
        Assert.True(budget.TryTake(now + (10 * Second), 5));
    }

    [Fact]
    public void What_was_earned_is_spent_first_and_does_not_gather_for_ever()
    {
        var budget = new ControlBudget();
        budget.Earn(2);
        for (int i = 0; i < 3; i++) Assert.True(budget.TryTake(Second, 1));
        Assert.False(budget.TryTake(Second, 1));
        for (int i = 0; i < 10_000; i++) budget.Earn(100);
        int free = 0;
        while (budget.TryTake(Second, 0)) free++;
        Assert.Equal(4096, free);
    }
}
