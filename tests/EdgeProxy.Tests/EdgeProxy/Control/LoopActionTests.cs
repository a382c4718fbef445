using EdgeProxy.Control;
using EdgeProxy.Transport.Loops;

namespace EdgeProxy.Tests.Process.Control;

public sealed class LoopActionTests : IDisposable
{
    private readonly EpollLoop[] _loops = [new(0, _ => { }), new(1, _ => { })];
    private readonly List<Thread> _threads = [];

    public void Dispose()
    {
        foreach (EpollLoop loop in _loops) loop.Stop();
        foreach (Thread thread in _threads) thread.Join();
        foreach (EpollLoop loop in _loops) loop.Dispose();
    }

    [Fact]
    public void Every_loop_does_it_on_its_own_thread_before_the_call_returns()
    {
        Start(2);
        string[] names = new string[2];
        Assert.True(LoopAction.OnAll(_loops, ordinal => names[ordinal] = Thread.CurrentThread.Name!, TimeSpan.FromSeconds(20)));
        Assert.Equal(["0", "1"], names);
    }

    [Fact]
    public void An_action_that_throws_holds_nobody_up()
    {
        Start(2);
        Assert.True(LoopAction.OnAll(_loops, _ => throw new InvalidOperationException(), TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void A_loop_that_does_not_turn_is_not_waited_for_beyond_the_time()
    {
        Start(1);
        Assert.False(LoopAction.OnAll(_loops, _ => { }, TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public void A_pulse_tells_how_long_a_loop_has_owed_its_answer()
    {
        var pulse = new LoopPulse(_loops[0]);
        Assert.Equal(0, pulse.Ask());
        Assert.True(pulse.Ask() > 0);
        Start(1);
        Assert.True(LoopAction.OnAll([_loops[0]], _ => { }, TimeSpan.FromSeconds(20))); // behind the pulse in the mailbox
        Assert.Equal(0, pulse.Ask());
    }

    private void Start(int count)
    {
        for (int i = 0; i < count; i++)
        {
            var thread = new Thread(_loops[i].Run) { IsBackground = true, Name = $"{i}" };
            _threads.Add(thread);
            thread.Start();
        }
    }
}
