using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;

namespace EdgeProxy.Tests.Gateway.Upstreams;

public sealed class CircuitTests
{
    private const long Second = 1_000_000_000;

    private readonly Circuit _circuit = new();
    private readonly CircuitPlan _plan = new() { FailurePercent = 50, LeastRequests = 10, OpenTime = 5 * Second, MostOpenTime = 60 * Second, Probes = 2 };

    [Fact]
    public void Opens_at_the_share_of_failures_and_not_before_there_are_enough_requests()
    {
        for (int i = 0; i < 9; i++) Assert.Null(Request(Second, CallJudgement.Failure));
        Assert.Equal(CircuitState.Open, Request(Second, CallJudgement.Failure));
        Assert.False(TryEnter(2 * Second));
        Assert.Equal(6 * Second, _circuit.Until);
    }

    [Fact]
    public void Stays_closed_below_the_share()
    {
        for (int i = 0; i < 50; i++)
        {
            Assert.Null(Request(Second, CallJudgement.Success));
            Assert.Null(Request(Second, CallJudgement.Success));
            Assert.Null(Request(Second, CallJudgement.Failure));
        }

        Assert.Equal(CircuitState.Closed, _circuit.State);
    }

    [Fact]
    public void What_says_nothing_is_not_counted()
    {
        for (int i = 0; i < 100; i++) Assert.Null(Request(Second, CallJudgement.None));
        Assert.Equal((0, 0), _circuit.Read(Second));
    }

    [Fact]
    public void Lets_a_few_through_when_its_time_is_over_and_closes_when_all_succeed()
    {
        Open(Second);
        Assert.False(TryEnter((6 * Second) - 1));
        Assert.True(_circuit.TryEnter(_plan, 6 * Second, out long first, out CircuitState? changed));
        Assert.Equal(CircuitState.HalfOpen, changed);
        Assert.True(_circuit.TryEnter(_plan, 6 * Second, out long second, out changed));
        Assert.Null(changed);
        Assert.False(TryEnter(6 * Second));
        Assert.Null(_circuit.TryReport(_plan, first, CallJudgement.Success, 7 * Second));
        Assert.False(TryEnter(7 * Second));
        Assert.Equal(CircuitState.Closed, _circuit.TryReport(_plan, second, CallJudgement.Success, 7 * Second));
        Assert.True(TryEnter(7 * Second));
        Assert.Equal((0, 0), _circuit.Read(7 * Second)); // the failures before are forgotten
    }

    [Fact]
    public void Opens_again_for_longer_when_a_probe_fails()
    {
        Open(Second);
        Assert.Equal(CircuitState.Open, Request(6 * Second, CallJudgement.Failure));
        Assert.Equal(16 * Second, _circuit.Until);
        Assert.Equal(CircuitState.Open, Request(16 * Second, CallJudgement.Failure));
        Assert.Equal(36 * Second, _circuit.Until);

        // Once it has closed, all begins anew.
        Assert.Null(Request(36 * Second, CallJudgement.Success));
        Assert.Equal(CircuitState.Closed, Request(36 * Second, CallJudgement.Success));
        Open(50 * Second);
        Assert.Equal(55 * Second, _circuit.Until);
    }

    [Fact]
    public void A_probe_that_says_nothing_gives_its_place_to_another()
    {
        Open(Second);
        Assert.Null(Request(6 * Second, CallJudgement.None));
        Assert.Null(Request(6 * Second, CallJudgement.Success));
        Assert.Equal(CircuitState.Closed, Request(6 * Second, CallJudgement.Success));
    }

    [Fact]
    public void Probes_that_are_never_heard_of_again_do_not_keep_it_half_open_for_ever()
    {
        Open(Second);
        Assert.True(TryEnter(6 * Second));
        Assert.True(TryEnter(6 * Second));
        Assert.False(TryEnter((11 * Second) - 1));
        Assert.True(TryEnter(11 * Second));
    }

    [Fact]
    public void Requests_from_before_say_nothing_about_after()
    {
        Assert.True(_circuit.TryEnter(_plan, Second, out long old, out _));
        Open(Second);
        Assert.Null(_circuit.TryReport(_plan, old, CallJudgement.Failure, 2 * Second));
        Assert.True(TryEnter(6 * Second));
        Assert.Null(_circuit.TryReport(_plan, old, CallJudgement.Failure, 6 * Second));
        Assert.Null(_circuit.TryReport(_plan, old, CallJudgement.Success, 6 * Second));
        Assert.Equal(CircuitState.HalfOpen, _circuit.State);
    }

    [Fact]
    public void A_look_changes_nothing()
    {
        Assert.True(_circuit.WouldEnter(_plan, Second));
        Open(Second);
        Assert.False(_circuit.WouldEnter(_plan, 2 * Second));
        Assert.True(_circuit.WouldEnter(_plan, 6 * Second));
        Assert.Equal(CircuitState.Open, _circuit.State);
    }

    [Fact]
    public async Task Lets_no_more_probes_through_than_asked_for_however_many_loops_want()
    {
        Open(Second);
        int[] entered = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 1000).Count(_ => TryEnter(6 * Second)))));
        Assert.Equal(2, entered.Sum());
    }

    private void Open(long now)
    {
        for (int i = 0; i < 9; i++) Request(now, CallJudgement.Failure);
        Assert.Equal(CircuitState.Open, Request(now, CallJudgement.Failure));
    }

    private bool TryEnter(long now) => _circuit.TryEnter(_plan, now, out _, out _);

    private CircuitState? Request(long now, CallJudgement judgement)
    {
        Assert.True(_circuit.TryEnter(_plan, now, out long turn, out _));
        return _circuit.TryReport(_plan, turn, judgement, now);
    }
}
