using System.Net;
using System.Net.Sockets;
using EdgeProxy.Load.Backend;
using EdgeProxy.Load.Measuring;
using EdgeProxy.Load.Runs;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Tests.Load.Runs;

/// <summary>The load loop against the backend, on loopback: every request is accounted for.</summary>
public sealed class LoadLoopTests : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly BackendServer _server = new(IPAddress.Loopback, port: 0, defaultSize: 3);
    private readonly Thread _serving;

    public LoadLoopTests()
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

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(3, 5)]
    public void Sends_as_many_requests_as_it_was_told(int connections, int pipeline)
    {
        LoadResult result = Run("/bytes/100", plan => plan with { Connections = connections, Pipeline = pipeline, Requests = 501 });

        Assert.Equal(501, result.Completed);
        Assert.Equal([(200, 501L)], result.ByStatus);
        Assert.Equal(50_100, result.ContentBytes);
        Assert.Equal(501, result.Latency.Count);
        Assert.Equal(default, result.Errors);
        Assert.Equal(0, result.Reconnects);
    }

    [Theory]
    [InlineData("/chunked/100000", 100_000)]
    [InlineData("/bytes/3000000", 3_000_000)]
    public void Takes_bodies_larger_than_any_buffer(string path, long size)
    {
        LoadResult result = Run(path, plan => plan with { Connections = 2, Requests = 10 });

        Assert.Equal(10, result.Completed);
        Assert.Equal(10 * size, result.ContentBytes);
    }

    [Fact]
    public void Sends_bodies_larger_than_any_buffer()
    {
        byte[] body = new byte[3_000_000];
        LoadResult result = Run("/upload", plan => plan with { Requests = 8 }, "POST", body);

        Assert.Equal(8, result.Completed);
        Assert.Equal(8 * "{\"received\":3000000}".Length, result.ContentBytes);
    }

    [Fact]
    public void Opens_a_connection_anew_when_the_server_closes_it()
    {
        LoadResult result = Run("/bytes/1", plan => plan with { Connections = 2, Requests = 20 }, fields: ["Connection: close"]);

        Assert.Equal(20, result.Completed);
        Assert.Equal(default, result.Errors);
        Assert.InRange(result.Reconnects, 18, 20);
    }

    [Fact]
    public void Counts_an_answer_that_is_cut_as_reset()
    {
        LoadResult result = Run("/cut/1000", plan => plan with { Connections = 2, Requests = 6 });

        Assert.Equal(0, result.Completed);
        Assert.Equal(new LoadErrors { Reset = 6 }, result.Errors);
    }

    [Fact]
    public void Counts_an_answer_that_is_late_as_timed_out()
    {
        LoadResult result = Run("/delay/60000", plan => plan with { Connections = 2, Requests = 2, TimeOut = 50_000_000 });

        Assert.Equal(0, result.Completed);
        Assert.Equal(new LoadErrors { TimeOut = 2 }, result.Errors);
    }

    [Fact]
    public void Gives_up_where_nobody_listens()
    {
        using Socket bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound and not listening: refused, and nobody else can take it
        LoadResult result = Run("/", plan => plan with
        {
            Address = AddressBytes.Encode(IPAddress.Loopback, ((IPEndPoint)bound.LocalEndPoint!).Port),
            Connections = 4,
        });

        Assert.Equal(0, result.Completed);
        Assert.True(result.Errors.Connect >= 20);
    }

    [Fact]
    public void An_open_loop_keeps_its_count_and_its_rate()
    {
        LoadResult result = Run("/bytes/1", plan => plan with { Connections = 4, Rate = 2000, Requests = 400 });

        Assert.Equal(400, result.Completed);
        Assert.Equal(0, result.Unsent);
        Assert.True(result.Elapsed >= 399 * 500_000L, "request 399 is not due before");
    }

    [Fact]
    public void An_open_loop_charges_a_stalled_server_for_the_requests_it_held_up()
    {
        // One connection, 20 ms an answer, one request due each millisecond: the last of 50 is due at 49 ms and answered at 1000 or later.
        LoadResult result = Run("/delay/20", plan => plan with { Connections = 1, Rate = 1000, Requests = 50 });

        Assert.Equal(50, result.Completed);
        Assert.True(result.Latency.Longest >= 900_000_000);
        Assert.True(result.Latency.Longest > result.Service.Percentile(50) * 2);
    }

    [Fact]
    public void An_open_loop_says_what_it_could_not_send()
    {
        LoadResult result = Run("/delay/60000", plan => plan with { Connections = 1, Rate = 1000, Duration = 100_000_000, TimeOut = 50_000_000 });

        Assert.True(result.Unsent > 0);
        Assert.Equal(0, result.Completed);
        Assert.Equal(0, result.Errors.Total - result.Errors.TimeOut);
    }

    [Fact]
    public void Sends_and_receives_without_allocating()
    {
        byte[] request = RequestBytes.Write("GET", new Uri($"http://127.0.0.1:{_server.Port}/bytes/100"), [], default);
        Allocated(1000); // what the process makes once is mostly made now
        Assert.InRange(Enumerable.Range(0, 3).Min(_ => Allocated(20_000)), 0, 19_999); // a collection meanwhile counts more than was allocated

        long Allocated(long requests)
        {
            using LoadLoop loop = new(new LoadPlan
            {
                Address = AddressBytes.Encode(IPAddress.Loopback, _server.Port), Request = request, Connections = 4, Requests = requests,
            });
            long before = GC.GetAllocatedBytesForCurrentThread();
            loop.Run();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private LoadResult Run(string path, Func<LoadPlan, LoadPlan> change, string method = "GET", byte[]? body = null, string[]? fields = null)
    {
        LoadPlan plan = new()
        {
            Address = AddressBytes.Encode(IPAddress.Loopback, _server.Port),
            Request = RequestBytes.Write(method, new Uri($"http://127.0.0.1:{_server.Port}{path}"), fields ?? [], body),
        };
        return LoadRun.Run(change(plan));
    }
}
