using EdgeProxy.Load.Driving;
using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Tests.Load.Driving;

public sealed class ScheduleTests
{
    private const long Second = 1_000_000_000;
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    [Fact]
    public void Injects_exactly_the_rate_times_the_time_at_even_distances()
    {
        List<long> due = Due(Simulation.Inject(rate: 50, interval: OneSecond, during: TimeSpan.FromSeconds(30)));

        Assert.Equal(1500, due.Count);
        Assert.Equal(Second / 100, due[0]);
        for (int index = 1; index < due.Count; index++) Assert.InRange(due[index] - due[index - 1], (Second / 50) - 1, (Second / 50) + 1);
    }

    [Theory]
    [InlineData(3, 7, 10)]
    [InlineData(1, 60, 60)]
    [InlineData(1999, 1, 3)]
    public void Counts_an_interval_that_is_no_second(int rate, int intervalSeconds, int seconds)
    {
        List<long> due = Due(Simulation.Inject(rate, TimeSpan.FromSeconds(intervalSeconds), TimeSpan.FromSeconds(seconds)));

        Assert.Equal((long)Math.Floor(((double)rate * seconds / intervalSeconds) + 0.5), due.Count);
        Assert.All(due, at => Assert.InRange(at, 0, seconds * Second));
    }

    [Fact]
    public void A_ramp_injects_half_of_what_its_end_would_have_given()
    {
        List<long> due = Due(Simulation.RampingInject(rate: 50, interval: OneSecond, during: TimeSpan.FromSeconds(30)));

        Assert.Equal(750, due.Count);
        Assert.Equal(due.Order(), due);

        // After half of the time a quarter has begun.
        Assert.InRange(due.Count(at => at < 15 * Second), 186, 189);
    }

    [Fact]
    public void A_ramp_begins_at_the_rate_before_and_may_fall()
    {
        List<long> due = Due(
            Simulation.Inject(rate: 100, interval: OneSecond, during: TimeSpan.FromSeconds(10)),
            Simulation.RampingInject(rate: 0, interval: OneSecond, during: TimeSpan.FromSeconds(10)));

        Assert.Equal(1500, due.Count);
        Assert.Equal(due.Order(), due);
        Assert.InRange(due.Count(at => at >= 10 * Second && at < 15 * Second), 374, 376);
        Assert.All(due, at => Assert.InRange(at, 0, 20 * Second));
    }

    [Fact]
    public void A_ramp_to_the_same_rate_is_constant()
    {
        List<long> due = Due(
            Simulation.Inject(rate: 10, interval: OneSecond, during: TimeSpan.FromSeconds(5)),
            Simulation.RampingInject(rate: 10, interval: OneSecond, during: TimeSpan.FromSeconds(5)));

        Assert.Equal(100, due.Count);
        for (int index = 1; index < due.Count; index++) Assert.InRange(due[index] - due[index - 1], (Second / 10) - 2, (Second / 10) + 2);
    }

    [Fact]
    public void A_pause_begins_nothing_and_is_no_load()
    {
        Schedule schedule = Compile(
            Simulation.Pause(TimeSpan.FromSeconds(10)),
            Simulation.Inject(rate: 5, interval: OneSecond, during: TimeSpan.FromSeconds(2)));

        Assert.Equal(10, schedule.Injections);
        Assert.Equal(12 * Second, schedule.Duration);
        Assert.InRange(schedule.Begin().Next, 10 * Second, 11 * Second);
        Assert.Equal(TimeSpan.Zero, schedule.LoadedUntil(TimeSpan.FromSeconds(9)));
        Assert.Equal(TimeSpan.FromSeconds(1), schedule.LoadedUntil(TimeSpan.FromSeconds(11)));
        Assert.Equal(TimeSpan.FromSeconds(2), schedule.LoadedUntil(TimeSpan.FromSeconds(99)));
    }

    [Fact]
    public void Draws_a_rate_for_each_interval_the_same_for_the_same_seed()
    {
        LoadSimulation[] simulations = [Simulation.InjectRandom(minRate: 50, maxRate: 70, interval: OneSecond, during: TimeSpan.FromSeconds(20))];
        List<long> due = Due(simulations);
        int[] perSecond = [.. Enumerable.Range(0, 20).Select(second => due.Count(at => at / Second == second))];

        Assert.All(perSecond, count => Assert.InRange(count, 50, 70));
        Assert.True(perSecond.Distinct().Count() > 3);
        Assert.Equal(due, Due(simulations));
    }

    [Fact]
    public void Keeps_and_ramps_copies()
    {
        Schedule schedule = Compile(
            Simulation.RampingConstant(copies: 50, during: TimeSpan.FromSeconds(10)),
            Simulation.KeepConstant(copies: 50, during: TimeSpan.FromSeconds(10)),
            Simulation.RampingConstant(copies: 20, during: TimeSpan.FromSeconds(10)));

        Assert.True(schedule.HasCopies);
        Assert.Equal(0, schedule.Injections);
        Assert.Equal(0, schedule.CopiesAt(0));
        Assert.Equal(25, schedule.CopiesAt(5 * Second));
        Assert.Equal(50, schedule.CopiesAt(15 * Second));
        Assert.Equal(35, schedule.CopiesAt(25 * Second));
        Assert.Equal(0, schedule.CopiesAt(30 * Second));
    }

    [Fact]
    public void Warms_up_with_the_first_load_for_another_time()
    {
        IReadOnlyList<LoadSimulation> warmUp = Schedule.WarmUp(
            [Simulation.Pause(OneSecond), Simulation.Inject(rate: 7, interval: OneSecond, during: TimeSpan.FromSeconds(100))],
            TimeSpan.FromSeconds(3));

        Assert.Equal(21, Compile([.. warmUp]).Injections);
        Assert.Empty(Schedule.WarmUp([Simulation.Inject(7, OneSecond, OneSecond)], TimeSpan.Zero));
    }

    [Fact]
    public void Refuses_what_is_out_of_range()
    {
        Assert.Throws<ArgumentException>(() => Compile(Simulation.Inject(rate: -1, interval: OneSecond, during: OneSecond)));
        Assert.Throws<ArgumentException>(() => Compile(Simulation.Inject(rate: 1, interval: TimeSpan.Zero, during: OneSecond)));
        Assert.Throws<ArgumentException>(() => Compile(Simulation.Inject(rate: 1, interval: OneSecond, during: TimeSpan.FromHours(2))));
        Assert.Throws<ArgumentException>(() => Compile(Simulation.InjectRandom(minRate: 2, maxRate: 1, interval: OneSecond, during: OneSecond)));
        Assert.Throws<ArgumentException>(() => Compile(Simulation.KeepConstant(copies: 2_000_000, during: OneSecond)));
    }

    private static Schedule Compile(params LoadSimulation[] simulations) => Schedule.Compile(simulations, new Random(1));

    private static List<long> Due(params LoadSimulation[] simulations)
    {
        List<long> due = [];
        Schedule schedule = Compile(simulations);
        Schedule.Cursor cursor = schedule.Begin();
        while (cursor.Next != long.MaxValue && due.Count < 1_000_000)
        {
            due.Add(cursor.Next);
            cursor.Advance();
        }

        Assert.Equal(schedule.Injections, due.Count);
        return due;
    }
}
