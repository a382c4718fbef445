using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Client;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Http.Client;

public sealed class NameResolverTests : IDisposable
{
    private const long Second = 1_000_000_000;
    private const long Ttl = 30 * Second;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly LoopHarness _loop = new();
    private readonly UpstreamMetrics _metrics = new(new MetricRegistry(1));
    private readonly SemaphoreSlim _answers = new(0);
    private readonly NameResolver _resolver;
    private Func<string, IpAddress[]> _find = static _ => [Ip("192.0.2.1")];
    private int _asked;

    public NameResolverTests()
    {
        _resolver = new NameResolver(_loop, Ttl, _metrics, Find, new BlockingThreads("test dns", threads: 2, capacity: 2));
    }

    [Fact]
    public void A_literal_address_needs_no_look_up()
    {
        Assert.Equal([Ip("2001:db8::1")], Done("2001:db8::1"));
        Assert.Equal([Ip("198.51.100.9")], Done("198.51.100.9"));
        Assert.Equal(0, Volatile.Read(ref _asked));
    }

    [Fact]
    public void All_who_ask_for_a_name_share_one_look_up()
    {
        LoopTask<NameResult> first = Ask("up.example");
        LoopTask<NameResult> second = Ask("up.example");
        LoopTask<NameResult> third = Ask("up.example");
        Assert.False(first.IsCompleted);
        Answer();
        Assert.Equal([Ip("192.0.2.1")], _loop.Await(first).Addresses);
        Assert.Equal([Ip("192.0.2.1")], _loop.Await(second).Addresses);
        Assert.Equal([Ip("192.0.2.1")], _loop.Await(third).Addresses);
        Assert.Equal(1, Volatile.Read(ref _asked));
        Assert.Equal(1, _metrics.Lookups("ok").Value);
        Assert.Equal(2, _metrics.LookupWaits("joined").Value);
    }

    [Fact]
    public void A_waiter_gives_up_at_its_deadline_and_the_look_up_goes_on_for_the_others()
    {
        LoopTask<NameResult> hasty = Ask("up.example", _loop.Now + Second);
        LoopTask<NameResult> patient = Ask("up.example", _loop.Now + (60 * Second));
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(IoStatus.TimedOut, _loop.Await(hasty).Status);
        Assert.False(patient.IsCompleted);
        Answer();
        NameResult result = _loop.Await(patient);
        Assert.Equal(IoStatus.Ok, result.Status);
        Assert.Equal([Ip("192.0.2.1")], result.Addresses);
        Assert.Equal(1, Volatile.Read(ref _asked));
        Assert.Equal(1, _metrics.LookupWaits("timed_out").Value);
        _loop.Advance(TimeSpan.FromSeconds(120)); // no timer of a waiter is left
    }

    [Fact]
    public void Who_comes_too_late_does_not_wait()
    {
        Assert.Equal(IoStatus.TimedOut, _loop.Await(_resolver.ResolveAsync("up.example", _loop.Now)).Status);
        Answer();
    }

    [Fact]
    public void A_fresh_answer_is_given_again_without_a_look_up_or_memory()
    {
        Resolve("up.example");
        int completed = 0;
        int asked = 0;
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 1000; i++, asked++)
            {
                if (_resolver.ResolveAsync("up.example", long.MaxValue).IsCompleted) completed++;
            }
        }));
        Assert.Equal(asked, completed);
        Assert.Equal(1, Volatile.Read(ref _asked));
    }

    [Fact]
    public void An_expired_answer_is_given_while_one_fresh_look_up_runs()
    {
        Resolve("up.example");
        _find = static _ => [Ip("192.0.2.2")];
        _loop.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal([Ip("192.0.2.1")], Done("up.example"));
        Assert.Equal([Ip("192.0.2.1")], Done("up.example"));
        Answer();
        Assert.Equal([Ip("192.0.2.2")], Done("up.example"));
        Assert.Equal(2, Volatile.Read(ref _asked));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void Whatever_goes_wrong_in_a_look_up_means_no_addresses_for_a_second(Exception failure)
    {
        _find = _ => throw failure;
        LoopTask<NameResult> waiting = Ask("up.example");
        Answer();
        NameResult result = _loop.Await(waiting);
        Assert.Equal(IoStatus.Ok, result.Status);
        Assert.Empty(result.Addresses);
        Assert.Empty(Done("up.example"));
        Assert.Equal(1, Volatile.Read(ref _asked));
        Assert.Equal(1, _metrics.Lookups("failed").Value);

        _find = static _ => [Ip("192.0.2.3")];
        _loop.Advance(TimeSpan.FromSeconds(2));
        waiting = Ask("up.example");
        Answer();
        Assert.Equal([Ip("192.0.2.3")], _loop.Await(waiting).Addresses);
    }

    [Fact]
    public void A_failed_refresh_keeps_the_old_addresses_and_is_tried_again()
    {
        Resolve("up.example");
        _find = static _ => throw new IOException("the name server hung up");
        _loop.Advance(TimeSpan.FromSeconds(31));
        Done("up.example");
        Answer();
        Assert.Equal([Ip("192.0.2.1")], Done("up.example"));
        Assert.Equal(2, Volatile.Read(ref _asked));

        _find = static _ => [Ip("192.0.2.4")];
        _loop.Advance(TimeSpan.FromSeconds(2));
        Done("up.example");
        Answer();
        Assert.Equal([Ip("192.0.2.4")], Done("up.example"));
    }

    [Fact]
    public void More_names_than_may_wait_are_refused_and_can_be_asked_for_later()
    {
        // Two are being looked up and two wait behind them.
        LoopTask<NameResult>[] waiting = new LoopTask<NameResult>[4];
        for (int i = 0; i < 2; i++) waiting[i] = Ask($"n{i}.example");
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _asked) == 2, s_patience));
        for (int i = 2; i < 4; i++) waiting[i] = Ask($"n{i}.example");
        Assert.Empty(Done("n4.example"));
        Assert.Equal(1, _metrics.Lookups("refused").Value);

        for (int i = 0; i < 4; i++) Answer();
        foreach (LoopTask<NameResult> one in waiting) Assert.Equal([Ip("192.0.2.1")], _loop.Await(one).Addresses);
        _loop.Advance(TimeSpan.FromSeconds(2));
        Resolve("n4.example");
    }

    public static TheoryData<Exception> Failures() =>
        [new System.Net.Sockets.SocketException(11001), new ArgumentException("no name"), new IOException("no descriptors"), new InvalidOperationException("a bug")];

    public void Dispose()
    {
        _loop.ThrowUnhandled();
        _loop.Dispose();
        _answers.Dispose();
    }

    private static IpAddress Ip(string text)
    {
        Assert.True(IpAddress.TryParse(text.AsSpan(), out IpAddress address));
        return address;
    }

    private IpAddress[] Find(string host)
    {
        Interlocked.Increment(ref _asked);
        if (!_answers.Wait(s_patience)) throw new TimeoutException("The test never answered.");
        return _find(host);
    }

    private LoopTask<NameResult> Ask(string host, long deadline = long.MaxValue)
    {
        LoopTask<NameResult> task = _resolver.ResolveAsync(host, deadline);
        _loop.Run();
        return task;
    }

    /// <summary>Lets one look-up end, and the loop hear of it.</summary>
    private void Answer()
    {
        _answers.Release();
        _loop.RunUntilMail(s_patience);
    }

    private void Resolve(string host)
    {
        LoopTask<NameResult> waiting = Ask(host);
        Answer();
        Assert.NotEmpty(_loop.Await(waiting).Addresses);
    }

    private IpAddress[] Done(string host)
    {
        NameResult result = _loop.Await(_resolver.ResolveAsync(host, long.MaxValue));
        Assert.Equal(IoStatus.Ok, result.Status);
        return result.Addresses;
    }
}
