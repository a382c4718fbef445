using System.Net;
using EdgeProxy.Load.Backend;
using EdgeProxy.Load.Driving;
using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Tests.Load.Driving;

/// <summary>Whole sessions against the backend, on loopback: every copy is accounted for. Counts are asserted, never times.</summary>
public sealed class LoadSessionTests : IDisposable
{
    private static readonly TimeSpan Tenth = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _stop = new();
    private readonly BackendServer _server = new(IPAddress.Loopback, port: 0, defaultSize: 3);
    private readonly Thread _serving;

    public LoadSessionTests()
    {
        _serving = new Thread(() => _server.Run(_stop.Token));
        _serving.Start();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _serving.Join();
        _server.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public void Runs_every_copy_that_was_due_and_counts_it()
    {
        NodeStats stats = Run(client => Scenario.Create("bytes", async context => await client.SendAsync(Get("/bytes/100")))
            .WithoutWarmUp()
            .WithLoadSimulations(Simulation.RampingInject(rate: 40, interval: Tenth, during: Tenth), Simulation.Inject(rate: 30, interval: Tenth, during: Tenth * 2))
            .WithThresholds(Threshold.Create(all => all.Fail.Request.Count == 0)));

        ScenarioStats bytes = stats.ScenarioStats.Get("bytes");
        Assert.Equal(80, bytes.Ok.Request.Count);
        Assert.Equal(100, bytes.Ok.Request.Percent);
        Assert.Equal(8000, bytes.AllBytes);
        Assert.Equal(80, bytes.Ok.StatusCodes.Get("200").Count);
        Assert.Equal(80, stats.Intervals.Sum(interval => interval.Begun));
        Assert.Equal(80, stats.Intervals.Sum(interval => interval.Ok));
        Assert.False(stats.IsFailed);
    }

    [Fact]
    public void A_threshold_that_does_not_hold_fails_the_session()
    {
        NodeStats stats = Run(client => Scenario.Create("refused", async context => await client.SendAsync(Get("/status/503")))
            .WithoutWarmUp()
            .WithLoadSimulations(Simulation.Inject(rate: 10, interval: Tenth, during: Tenth))
            .WithThresholds(Threshold.Create(all => all.Fail.Request.Percent < 1), Threshold.Create(all => all.Fail.StatusCodes.Exists("503"))));

        Assert.True(stats.IsFailed);
        Assert.Null(stats.StopReason);
        Assert.Equal([true, false], stats.Thresholds.Select(threshold => threshold.IsFailed));
        Assert.Equal("all => all.Fail.Request.Percent < 1", stats.Thresholds[0].CheckExpression);
        Assert.Equal(10, stats.ScenarioStats[0].Fail.StatusCodes.Get("503").Count);
    }

    [Fact]
    public void Steps_are_counted_by_themselves_and_an_exception_is_a_failure()
    {
        NodeStats stats = Run(client => Scenario.Create("two", async context =>
            {
                Response<object> first = await Step.Run("get", context, () => client.SendAsync(Get("/bytes/10")));
                Response<object> second = await Step.Run<object>("break", context, () => throw new InvalidOperationException("broke"));
                return second.IsError ? Response.Ok(first.StatusCode) : second;
            })
            .WithoutWarmUp()
            .WithLoadSimulations(Simulation.Inject(rate: 12, interval: Tenth, during: Tenth)));

        ScenarioStats two = stats.ScenarioStats[0];
        Assert.Equal(12, two.Ok.Request.Count);
        Assert.Equal(["get", "break"], two.StepStats.Select(step => step.StepName));
        Assert.Equal(12, two.StepStats.Get("get").Ok.Request.Count);
        Assert.Equal(12, two.StepStats.Get("break").Fail.Request.Count);
        Assert.Equal("broke", two.StepStats.Get("break").Fail.StatusCodes[0].Message);
    }

    [Fact]
    public void Copies_that_are_kept_begin_again_until_the_time_is_over()
    {
        HashSet<int> copies = [];
        NodeStats stats = Run(client => Scenario.Create("closed", async context =>
            {
                copies.Add(context.ScenarioInfo.InstanceNumber);
                return await client.SendAsync(Get("/bytes/1"));
            })
            .WithoutWarmUp()
            .WithLoadSimulations(Simulation.KeepConstant(copies: 3, during: Tenth * 2)));

        Assert.Equal([0, 1, 2], copies.Order());
        Assert.True(stats.ScenarioStats[0].Ok.Request.Count >= 3);
        Assert.Equal(0, stats.ScenarioStats[0].Fail.Request.Count);
        Assert.False(stats.IsFailed);
    }

    [Fact]
    public void A_warm_up_is_run_and_not_counted()
    {
        int runs = 0;
        NodeStats stats = Run(client => Scenario.Create("warm", context =>
            {
                runs++;
                return Task.FromResult<IResponse>(Response.Ok());
            })
            .WithWarmUpDuration(Tenth)
            .WithLoadSimulations(Simulation.Inject(rate: 10, interval: Tenth, during: Tenth * 2)));

        Assert.Equal(30, runs);
        Assert.Equal(20, stats.ScenarioStats[0].Ok.Request.Count);
    }

    [Fact]
    public void Too_many_failures_end_the_session_early()
    {
        NodeStats stats = Run(client => Scenario.Create("broken", async context => await client.SendAsync(Get("/status/500")))
            .WithoutWarmUp()
            .WithMaxFailCount(5)
            .WithLoadSimulations(Simulation.KeepConstant(copies: 1, during: TimeSpan.FromMinutes(5))));

        Assert.True(stats.IsFailed);
        Assert.Equal("broken failed 5 times", stats.StopReason);
    }

    [Fact]
    public void A_threshold_may_end_the_session_early()
    {
        NodeStats stats = Run(client => Scenario.Create("slow", async context => await client.SendAsync(Get("/bytes/1")))
            .WithoutWarmUp()
            .WithLoadSimulations(Simulation.KeepConstant(copies: 1, during: TimeSpan.FromMinutes(5)))
            .WithThresholds(Threshold.Create(all => all.Ok.Request.Count < 1, abortWhenErrorCount: 1)));

        Assert.Contains("slow: all => all.Ok.Request.Count < 1", stats.StopReason, StringComparison.Ordinal);
        Assert.True(stats.Thresholds[0].IsFailed);
    }

    [Fact]
    public void The_first_and_the_last_step_run_once_each_and_may_send()
    {
        List<string> order = [];
        Run(client => Scenario.Create("steps", context =>
            {
                if (order.Count == 1) order.Add("run");
                return Task.FromResult<IResponse>(Response.Ok());
            })
            .WithoutWarmUp()
            .WithInit(async context => order.Add("init " + (await client.SendAsync(Get("/bytes/1"))).StatusCode))
            .WithClean(async context => order.Add("clean " + (await client.SendAsync(Get("/bytes/1"))).StatusCode))
            .WithLoadSimulations(Simulation.Inject(rate: 3, interval: Tenth, during: Tenth)));

        Assert.Equal(["init 200", "run", "clean 200"], order);
    }

    [Fact]
    public void What_waits_elsewhere_comes_back_to_the_driving_thread()
    {
        HashSet<int> threads = [];
        NodeStats stats = Run(client => Scenario.Create("thinks", async context =>
            {
                threads.Add(Environment.CurrentManagedThreadId);
                await Task.Run(() => { });
                threads.Add(Environment.CurrentManagedThreadId);
                return await client.SendAsync(Get("/bytes/1"));
            })
            .WithoutWarmUp()
            .WithLoadSimulations(Simulation.Inject(rate: 5, interval: Tenth, during: Tenth)));

        Assert.Single(threads);
        Assert.Equal(5, stats.ScenarioStats[0].Ok.Request.Count);
    }

    [Fact]
    public void More_copies_than_connections_wait_for_one()
    {
        NodeStats stats = Run(
            client => Scenario.Create("queue", async context => await client.SendAsync(Get("/delay/20")))
                .WithoutWarmUp()
                .WithLoadSimulations(Simulation.Inject(rate: 20, interval: Tenth, during: Tenth)),
            mostConnections: 2);

        Assert.Equal(20, stats.ScenarioStats[0].Ok.Request.Count);
    }

    [Fact]
    public void A_connection_that_is_free_again_is_used_again()
    {
        using LoadClient client = NewClient(50);
        ScenarioProps scenario = Scenario.Create("one", async context => await client.SendAsync(Get("/bytes/1")))
            .WithoutWarmUp()
            .WithLoadSimulations(Simulation.KeepConstant(copies: 1, during: Tenth));
        NodeStats stats = new LoadSession([scenario], client, new SessionSettings()).Run(CancellationToken.None);

        Assert.True(stats.ScenarioStats[0].Ok.Request.Count > 0);
        Assert.Equal(1, client.Connects);
    }

    [Fact]
    public void An_answer_that_is_cut_or_late_is_a_failure_by_its_name()
    {
        using LoadClient client = new($"http://127.0.0.1:{_server.Port}/", mostConnections: 50, timeOut: Tenth);
        ScenarioProps scenario = Scenario.Create("bad", async context =>
            {
                Response<object> cut = await Step.Run("cut", context, () => client.SendAsync(Get("/cut/100000")));
                Response<object> late = await Step.Run("late", context, () => client.SendAsync(Get("/delay/600000")));
                return cut.IsError && late.IsError ? Response.Ok() : Response.Fail();
            })
            .WithoutWarmUp()
            .WithLoadSimulations(Simulation.Inject(rate: 5, interval: Tenth, during: Tenth));
        ScenarioStats stats = new LoadSession([scenario], client, new SessionSettings()).Run(CancellationToken.None).ScenarioStats[0];

        Assert.Equal(5, stats.Ok.Request.Count);
        Assert.Equal(5, stats.StepStats.Get("cut").Fail.StatusCodes.Get("reset").Count);
        Assert.Equal(5, stats.StepStats.Get("late").Fail.StatusCodes.Get("time-out").Count);
    }

    [Fact]
    public void What_is_answered_after_the_load_counts_into_its_time()
    {
        NodeStats stats = Run(client => Scenario.Create("late", async context => await client.SendAsync(Get("/delay/300")))
            .WithoutWarmUp()
            .WithLoadSimulations(Simulation.Inject(rate: 10, interval: Tenth, during: Tenth)));

        // Ten in a tenth of a second would be 100 a second, but the last came 0.3 s later.
        Assert.InRange(stats.ScenarioStats[0].Ok.Request.RPS, 0, 30);
        Assert.True(stats.ScenarioStats[0].Duration >= TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public void Nobody_who_listens_is_a_failure_of_each_copy()
    {
        using LoadClient client = new("http://127.0.0.1:1/", mostConnections: 4, TimeSpan.FromSeconds(5));
        ScenarioProps scenario = Scenario.Create("nobody", async context => await client.SendAsync(LoadRequest.Create("GET", "http://127.0.0.1:1/", [])))
            .WithoutWarmUp()
            .WithLoadSimulations(Simulation.Inject(rate: 10, interval: Tenth, during: Tenth));
        NodeStats stats = new LoadSession([scenario], client, new SessionSettings()).Run(CancellationToken.None);

        Assert.Equal(10, stats.ScenarioStats[0].Fail.StatusCodes.Get("connect").Count);
    }

    [Fact]
    public void A_session_beyond_its_bounds_is_refused()
    {
        using LoadClient client = NewClient(1);
        ScenarioProps scenario = Scenario.Create("much", context => Task.FromResult<IResponse>(Response.Ok()))
            .WithLoadSimulations(Simulation.Inject(rate: 1000, interval: Tenth, during: TimeSpan.FromMinutes(1)));

        Assert.Throws<ArgumentException>(() => new LoadSession([scenario], client, new SessionSettings { MostInjections = 1000 }));
        Assert.Throws<ArgumentException>(() => new LoadSession([scenario], client, new SessionSettings { LongestSession = TimeSpan.FromSeconds(10) }));
    }

    private LoadRequest Get(string path) => LoadRequest.Create("GET", $"http://127.0.0.1:{_server.Port}{path}", []);

    private LoadClient NewClient(int mostConnections) => new($"http://127.0.0.1:{_server.Port}/", mostConnections, TimeSpan.FromSeconds(30));

    private NodeStats Run(Func<LoadClient, ScenarioProps> create, int mostConnections = 50)
    {
        using LoadClient client = NewClient(mostConnections);
        SessionSettings settings = new() { ReportingInterval = TimeSpan.FromMilliseconds(50), CompletionTimeout = TimeSpan.FromSeconds(30) };
        return new LoadSession([create(client)], client, settings).Run(CancellationToken.None);
    }
}
