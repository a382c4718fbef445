using System.Runtime.InteropServices;
using EdgeProxy.Control;

namespace EdgeProxy.Tests.Process.Control;

public sealed partial class SignalsTests
{
    [Theory]
    [InlineData(1, (int)ControlEvent.Reload)]
    [InlineData(10, (int)ControlEvent.ReopenLogs)]
    [InlineData(15, (int)ControlEvent.Stop)]
    public void A_signal_becomes_its_event_and_the_process_lives_on(int signal, int happened)
    {
        var queue = new ControlQueue();
        using var signals = new Signals(queue);
        Assert.Equal(0, Kill(Environment.ProcessId, signal));
        Assert.Equal((ControlEvent)happened, queue.Take(TimeSpan.FromSeconds(20)));
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
