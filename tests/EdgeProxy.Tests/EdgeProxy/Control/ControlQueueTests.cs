using EdgeProxy.Control;

namespace EdgeProxy.Tests.Process.Control;

public sealed class ControlQueueTests
{
    private readonly ControlQueue _queue = new();

    [Fact]
    public void Events_come_in_order_and_those_that_wait_already_are_not_doubled()
    {
        _queue.Post(ControlEvent.FileChanged);
        _queue.Post(ControlEvent.Reload);
        _queue.Post(ControlEvent.FileChanged);
        Assert.Equal([ControlEvent.FileChanged, ControlEvent.Reload, ControlEvent.None], Take(3));
    }

    [Fact]
    public void A_second_stop_is_not_swallowed()
    {
        _queue.Post(ControlEvent.Stop);
        _queue.Post(ControlEvent.Stop);
        Assert.Equal([ControlEvent.Stop, ControlEvent.Stop, ControlEvent.None], Take(3));
    }

    [Fact]
    public async Task A_waiting_thread_is_woken()
    {
        Task<ControlEvent> taken = Task.Run(() => _queue.Take(TimeSpan.FromSeconds(20)));
        _queue.Post(ControlEvent.ReopenLogs);
        Assert.Equal(ControlEvent.ReopenLogs, await taken);
    }

    private ControlEvent[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => _queue.Take(TimeSpan.Zero))];
}
