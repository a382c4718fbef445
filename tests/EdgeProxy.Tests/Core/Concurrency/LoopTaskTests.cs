using EdgeProxy.Core.Concurrency;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Core.Concurrency;

public sealed class LoopTaskTests
{
    [Fact]
    public void A_method_that_never_waits_ends_at_once()
    {
        using var loop = new LoopHarness();
        LoopTask<int> task = AddAsync(new LoopSignal<int>(), wait: false);
        Assert.True(task.IsCompleted);
        Assert.Equal(1, loop.Await(task));
    }

    [Fact]
    public void A_completion_runs_its_continuation_from_the_ready_queue_and_never_inside_the_completer()
    {
        using var loop = new LoopHarness();
        var signal = new LoopSignal<int>();
        bool resumed = false;
        WaitThenAsync(signal, () => resumed = true).Forget();
        signal.Set(1);
        Assert.False(resumed);
        loop.Run();
        Assert.True(resumed);
    }

    [Fact]
    public void Nested_waits_return_their_results_in_order()
    {
        using var loop = new LoopHarness();
        var signal = new LoopSignal<int>();
        LoopTask<int> task = NestAsync(signal, 6);
        loop.Run();
        Assert.False(task.IsCompleted);
        signal.Set(10);
        Assert.Equal(16, loop.Await(task));
    }

    [Fact]
    public void An_exception_reaches_the_method_that_awaits()
    {
        using var loop = new LoopHarness();
        var signal = new LoopSignal<int>();
        LoopTask<string> task = CatchAsync(signal);
        signal.Set(1);
        Assert.Equal("broken", loop.Await(task));
    }

    [Fact]
    public void An_exception_that_nobody_awaits_reaches_the_loop()
    {
        using var loop = new LoopHarness();
        var signal = new LoopSignal<int>();
        ThrowAsync(signal).Forget();
        signal.Set(1);
        loop.Run();
        Assert.IsType<InvalidDataException>(Assert.Single(loop.Unhandled));
    }

    [Fact]
    public void What_returns_runs_before_what_else_is_ready()
    {
        using var loop = new LoopHarness();
        var first = new LoopSignal<int>();
        var second = new LoopSignal<int>();
        var order = new List<string>();
        RecordAsync(first, "first", order).Forget();
        RecordAsync(second, "second", order).Forget();
        first.Set(1);
        second.Set(1);
        loop.Run();
        Assert.Equal(["first inner", "first outer", "second inner", "second outer"], order);
    }

    [ReleaseFact]
    public void Waiting_allocates_nothing_in_steady_state_at_any_depth_and_number()
    {
        using var loop = new LoopHarness();
        var signals = new LoopSignal<int>[64];
        for (int i = 0; i < signals.Length; i++) signals[i] = new LoopSignal<int>();
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int round = 0; round < 20; round++) Round(loop, signals);
        }));
    }

    [Fact]
    public void Work_done_elsewhere_comes_back_to_the_loop()
    {
        using var loop = new LoopHarness();
        int loopThread = Environment.CurrentManagedThreadId;
        LoopTask<(int Worker, int Back)> task = OffloadAsync(loop);
        loop.RunUntilMail(TimeSpan.FromSeconds(30));
        (int worker, int back) = loop.Await(task);
        Assert.NotEqual(loopThread, worker);
        Assert.Equal(loopThread, back);
    }

    [Fact]
    public void Yielding_lets_everything_ready_run_first()
    {
        using var loop = new LoopHarness();
        var order = new List<int>();
        YieldAsync(loop, order).Forget();
        order.Add(1);
        loop.Run();
        Assert.Equal([0, 1, 2], order);
    }

    private static void Round(LoopHarness loop, LoopSignal<int>[] signals)
    {
        foreach (LoopSignal<int> signal in signals) NestAsync(signal, 5).Forget();
        foreach (LoopSignal<int> signal in signals) signal.Set(1);
        loop.Run();
    }

    private static async LoopTask<int> AddAsync(LoopSignal<int> signal, bool wait) => wait ? await signal.WaitAsync() : 1;

    private static async LoopTask WaitThenAsync(LoopSignal<int> signal, Action then)
    {
        await signal.WaitAsync();
        then();
    }

    private static async LoopTask<int> NestAsync(LoopSignal<int> signal, int depth) =>
        depth == 0 ? await signal.WaitAsync() : 1 + await NestAsync(signal, depth - 1);

    private static async LoopTask ThrowAsync(LoopSignal<int> signal)
    {
        await signal.WaitAsync();
        throw new InvalidDataException("broken");
    }

    private static async LoopTask<string> CatchAsync(LoopSignal<int> signal)
    {
        try
        {
            await ThrowAsync(signal);
            return "whole";
        }
        catch (InvalidDataException exception)
        {
            return exception.Message;
        }
    }

    private static async LoopTask RecordAsync(LoopSignal<int> signal, string name, List<string> order)
    {
        await InnerAsync(signal, name, order);
        order.Add(name + " outer");
    }

    private static async LoopTask InnerAsync(LoopSignal<int> signal, string name, List<string> order)
    {
        await signal.WaitAsync();
        order.Add(name + " inner");
    }

    private static async LoopTask<(int Worker, int Back)> OffloadAsync(LoopHarness loop)
    {
        int worker = await loop.OffloadAsync(static _ => Environment.CurrentManagedThreadId, 0);
        return (worker, Environment.CurrentManagedThreadId);
    }

    private static async LoopTask YieldAsync(LoopHarness loop, List<int> order)
    {
        order.Add(0);
        await loop.YieldAsync();
        order.Add(2);
    }
}
