using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Client;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Http.Client;

public sealed class UpstreamPoolTests : IDisposable
{
    private const long Second = 1_000_000_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly LoopHarness _loop = new();
    private readonly MemoryConnector _connector;
    private readonly UpstreamMetrics _metrics = new(new MetricRegistry(1));
    private readonly SemaphoreSlim _answers = new(0);
    private IpAddress[]? _addresses = [Ip("192.0.2.1")];

    public UpstreamPoolTests() => _connector = new MemoryConnector(_loop);

    [Fact]
    public void The_connection_used_last_is_taken_first()
    {
        UpstreamPool pool = New(new UpstreamOptions(), "127.0.0.1");
        UpstreamConnection[] opened = [Open(pool), Open(pool), Open(pool)];
        foreach (UpstreamConnection connection in opened) pool.PutIdle(connection);
        Assert.Same(opened[2], pool.TakeIdleOrNull());
        Assert.Same(opened[1], pool.TakeIdleOrNull());
        Assert.Same(opened[0], pool.TakeIdleOrNull());
        Assert.Null(pool.TakeIdleOrNull());
        Assert.Equal(3, pool.Reused.Value);
    }

    [Fact]
    public void No_more_stay_idle_than_may()
    {
        UpstreamPool pool = New(new UpstreamOptions { MaxIdle = 1 }, "127.0.0.1");
        UpstreamConnection[] opened = [Open(pool), Open(pool)];
        foreach (UpstreamConnection connection in opened) pool.PutIdle(connection);
        Assert.False(opened[0].Transport.IsClosed);
        Assert.True(opened[1].Transport.IsClosed);
        Assert.Equal(1, _metrics.Open(Label("127.0.0.1")).Value);
        Assert.Equal(1, _metrics.Idle(Label("127.0.0.1")).Value);
    }

    [Fact]
    public void An_idle_connection_closes_when_it_grew_old()
    {
        UpstreamPool pool = New(new UpstreamOptions { IdleTimeout = 5 * Second }, "127.0.0.1");
        UpstreamConnection connection = Open(pool);
        pool.PutIdle(connection);
        _loop.Advance(TimeSpan.FromSeconds(4));
        Assert.False(connection.Transport.IsClosed);
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.True(connection.Transport.IsClosed);
        Assert.Equal(0, _metrics.Open(Label("127.0.0.1")).Value);
        Assert.Equal(0, _metrics.Idle(Label("127.0.0.1")).Value);
    }

    [Fact]
    public void An_idle_connection_that_the_upstream_ended_is_not_taken()
    {
        UpstreamPool pool = New(new UpstreamOptions(), "127.0.0.1");
        UpstreamConnection connection = Open(pool);
        pool.PutIdle(connection);
        _connector.Opened[0].DeliverEnd();
        Assert.Null(pool.TakeIdleOrNull());
        Assert.True(connection.Transport.IsClosed);
        Assert.Equal(0, _metrics.Open(Label("127.0.0.1")).Value);
    }

    [Fact]
    public void All_addresses_are_tried_each_time_from_the_next_on()
    {
        _addresses = [Ip("192.0.2.1"), Ip("192.0.2.2"), Ip("192.0.2.3")];
        UpstreamPool pool = New(new UpstreamOptions(), "up.example");
        _connector.Outcomes.Enqueue(IoStatus.Reset);
        _connector.Outcomes.Enqueue(IoStatus.TimedOut);
        LoopTask<UpstreamPool.Acquired> opening = Begin(pool);
        Answer();
        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(opening).Outcome);
        Assert.Equal(_addresses, _connector.Asked.Select(static asked => asked.Address));
        Open(pool);
        Assert.Equal(Ip("192.0.2.2"), _connector.Asked[3].Address);
        Assert.Equal(1, _metrics.Connects(Label("up.example"), "failed").Value);
        Assert.Equal(1, _metrics.Connects(Label("up.example"), "timed_out").Value);
        Assert.Equal(2, _metrics.Connects(Label("up.example"), "ok").Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_name_without_addresses_gives_its_place_back(bool throws)
    {
        _addresses = throws ? null : [];
        UpstreamPool pool = New(new UpstreamOptions { MaxConnections = 1, Queue = 1 }, "up.example");
        LoopTask<UpstreamPool.Acquired> opening = Begin(pool);
        Answer();
        Assert.Equal(UpstreamOutcome.NameNotFound, _loop.Await(opening).Outcome);
        Assert.Equal(0, _metrics.Open(Label("up.example")).Value);

        _addresses = [Ip("192.0.2.1")];
        _loop.Advance(TimeSpan.FromSeconds(2));
        opening = Begin(pool);
        Answer();
        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(opening).Outcome);
    }

    [Fact]
    public void A_look_up_that_outlasts_the_call_gives_its_place_to_the_next()
    {
        UpstreamPool pool = New(new UpstreamOptions { MaxConnections = 1, Queue = 1 }, "up.example");
        LoopTask<UpstreamPool.Acquired> late = Begin(pool, _loop.Now + Second);
        LoopTask<UpstreamPool.Acquired> queued = Begin(pool, _loop.Now + (60 * Second));
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(UpstreamOutcome.ConnectTimedOut, _loop.Await(late).Outcome);
        Assert.False(queued.IsCompleted);
        Answer();
        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(queued).Outcome);
        Assert.Equal(1, _metrics.Open(Label("up.example")).Value);
    }

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

    private static UpstreamName Name(string host) => new(host, 9000);

    private static string Label(string host) => Name(host).ToString();

    private Http1Client? _client;

    private UpstreamPool New(UpstreamOptions options, string host)
    {
        var resolver = new NameResolver(_loop, 30 * Second, _metrics, Find, new BlockingThreads("test dns", threads: 1, capacity: 4));
        _client = new Http1Client(_loop, _connector, options, _metrics, resolver);
        return _client.PoolFor(Name(host));
    }

    private IpAddress[] Find(string host)
    {
        if (!_answers.Wait(s_patience)) throw new TimeoutException("The test never answered.");
        return _addresses ?? throw new InvalidOperationException("No resolver.");
    }

    private LoopTask<UpstreamPool.Acquired> Begin(UpstreamPool pool, long deadline = long.MaxValue)
    {
        UpstreamCall call = _client!.Rent();
        call.Deadline = deadline;
        LoopTask<UpstreamPool.Acquired> opening = pool.OpenAsync(call);
        _loop.Run();
        return opening;
    }

    private UpstreamConnection Open(UpstreamPool pool) => _loop.Await(Begin(pool)).Connection!;

    private void Answer()
    {
        _answers.Release();
        _loop.RunUntilMail(s_patience);
    }
}
