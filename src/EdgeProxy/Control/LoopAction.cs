using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Control;

/// <summary>Something the control thread has a loop do, by way of its mailbox.</summary>
internal sealed class LoopAction(Action action) : ILoopRecipient
{
    public void Receive(in LoopMessage message) => action();

    /// <summary>Has it done soon.</summary>
    public static void Post(EventLoop loop, Action action) => loop.Post(new LoopMessage(new LoopAction(action), 0, null, 0));

    /// <summary>Has it done by every loop and waits until all have; false when one does not get to it in time. Never on a loop.</summary>
    public static bool OnAll(IReadOnlyList<EventLoop> loops, Action<int> action, TimeSpan timeout)
    {
        // Not disposed: a loop that comes late still signals it.
        var done = new CountdownEvent(loops.Count);
        for (int i = 0; i < loops.Count; i++)
        {
            int ordinal = i;
            Post(loops[i], () =>
            {
                try
                {
                    action(ordinal);
                }
                finally
                {
                    done.Signal();
                }
            });
        }

        return done.Wait(timeout);
    }
}
