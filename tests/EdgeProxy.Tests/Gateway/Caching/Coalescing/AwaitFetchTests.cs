using System.Text;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway;
using EdgeProxy.Gateway.Caching.Coalescing;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Caching.Coalescing;

/// <summary>Many clients that want the same at once, on one loop; the table itself is tested across loops.</summary>
public sealed class AwaitFetchTests : IDisposable
{
    private const string Document =
        """
        openapi: 3.0.1
        info: {title: t, version: '1'}
        paths:
          /a:
            get:
              x-edgeproxy-cache: {POLICY}
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'http://backend/'}
        """;

    private readonly TestGateway _gateway = new();
    private readonly SnapshotCompiler _compiler;

    public AwaitFetchTests() => _compiler = new SnapshotCompiler(_gateway.Live);

    public void Dispose()
    {
        Assert.Empty(_gateway.Loop.Unhandled);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
        _gateway.Dispose();
    }

    [Theory]
    [InlineData("rfc9111: true, coalesce: true")]
    [InlineData("coalesce: true")]
    public void A_storm_of_misses_makes_one_call_and_all_get_its_answer(string policy)
    {
        Serve(policy);
        (FakeExchange[] clients, LoopTask[] walks) = Start(50);
        Assert.Equal(1, _gateway.Upstream.Calls);
        Assert.Equal(49, Fetches.Waiting);
        Respond("Cache-Control: max-age=60", "one");
        Assert.All(walks, static walk => Assert.True(walk.IsCompleted));
        Assert.All(clients, static client => Assert.Equal((200, "one"), (client.Response.Status, client.SentText)));
        Assert.Equal((1, 0, 0), (_gateway.Upstream.Calls, Fetches.Waiting, Fetches.InFlight));
        Assert.Equal(("1", "49"), (Count("leads"), Count("stored")));
        Assert.Equal("49", _gateway.Metric("""edgeproxy_cache_requests_total{api_id="api0",stage="prod",resource="/a",method="GET",result="coalesced"}"""));
    }

    [Fact]
    public void Without_the_setting_nobody_waits()
    {
        Serve("rfc9111: true");
        Start(1);
        Assert.Equal(0, Fetches.InFlight);
        Respond("", "x");
    }

    [Fact]
    public void The_whole_answer_is_there_for_the_others_though_the_first_client_takes_nothing()
    {
        Serve("rfc9111: true, coalesce: true");
        var slow = new FakeExchange(_gateway.Loop) { Room = 0 };
        _gateway.Upstream.Waits = true;
        LoopTask first = _gateway.Start(slow, "GET /a HTTP/1.1\nHost: node");
        (FakeExchange[] clients, _) = Start(2);
        Respond("Cache-Control: max-age=60", new string('x', 100_000));
        Assert.False(first.IsCompleted);
        Assert.All(clients, static client => Assert.Equal(100_000, client.Sent.Length));
        slow.TakeSent();
        Run();
        Assert.True(first.IsCompleted);
    }

    [Fact]
    public void An_answer_for_one_client_only_lets_the_others_fetch_their_own_without_waiting_again()
    {
        Serve("rfc9111: true, coalesce: true");
        (FakeExchange[] clients, LoopTask[] walks) = Start(2);
        Respond("Cache-Control: private, max-age=60", "mine");
        Assert.True(walks[0].IsCompleted);
        Assert.Equal((2, 0), (_gateway.Upstream.Calls, Fetches.InFlight));
        Respond("Cache-Control: max-age=60", "yours");
        Assert.Equal(("mine", "yours"), (clients[0].SentText, clients[1].SentText));
        Assert.Equal("1", Count("uncacheable"));

        // What the second one stored is found; another key of the kind is waited for.
        Assert.Equal("yours", _gateway.Send("GET /a HTTP/1.1").SentText);
    }

    [Fact]
    public void When_the_first_client_goes_the_next_one_fetches_and_the_rest_wait_on()
    {
        Serve("rfc9111: true, coalesce: true");
        (FakeExchange[] clients, LoopTask[] walks) = Start(3);
        clients[0].Abort(AbortReason.ClientGone);
        Run();
        Assert.True(walks[0].IsCompleted);
        Assert.Equal((2, 1), (_gateway.Upstream.Calls, Fetches.Waiting));
        Respond("Cache-Control: max-age=60", "one");
        Assert.Equal((2, "one", "one"), (_gateway.Upstream.Calls, clients[1].SentText, clients[2].SentText));
    }

    [Fact]
    public void A_client_that_goes_while_it_waits_is_forgotten()
    {
        Serve("rfc9111: true, coalesce: true");
        (FakeExchange[] clients, LoopTask[] walks) = Start(3);
        clients[1].Abort(AbortReason.ClientGone);
        Run();
        Assert.True(walks[1].IsCompleted);
        Assert.Equal((1, 1), (_gateway.Upstream.Calls, Fetches.Waiting));
        Respond("Cache-Control: max-age=60", "one");
        Assert.Equal((1, "one"), (_gateway.Upstream.Calls, clients[2].SentText));
        Assert.Equal("1", Count("aborted"));
    }

    [Fact]
    public void When_the_backend_fails_one_after_the_other_tries()
    {
        Serve("rfc9111: true, coalesce: true");
        _gateway.Upstream.Outcome = UpstreamOutcome.ConnectFailed;
        (FakeExchange[] clients, _) = Start(3);
        for (int call = 1; call <= 3; call++)
        {
            Assert.Equal(call, _gateway.Upstream.Calls);
            _gateway.Upstream.Respond();
            Run();
        }

        Assert.All(clients, static client => Assert.Equal(504, client.Response.Status));
        Assert.Equal(0, Fetches.InFlight);
    }

    [Fact]
    public void When_it_fails_those_who_have_an_expired_answer_are_served_that()
    {
        Serve("rfc9111: true, coalesce: true, staleIfError: 60");
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nCache-Control: max-age=60\nContent-Length: 3", "old");
        _gateway.Send("GET /a HTTP/1.1");
        _gateway.Loop.Advance(TimeSpan.FromSeconds(60));
        _gateway.Upstream.Outcome = UpstreamOutcome.ConnectFailed;
        (FakeExchange[] clients, _) = Start(3);
        _gateway.Upstream.Respond();
        Run();
        Assert.All(clients, static client => Assert.Equal((200, "old"), (client.Response.Status, client.SentText)));
        Assert.Equal((2, "2"), (_gateway.Upstream.Calls, Count("failed")));
    }

    [Fact]
    public void Who_has_waited_long_enough_fetches_its_own()
    {
        Serve("rfc9111: true, coalesce: true", new CacheLimits { CoalesceWait = 1_000_000_000 });
        (FakeExchange[] clients, _) = Start(1);
        ulong hash = HashOf(clients[0]);
        Respond("Cache-Control: max-age=60", "one");
        _gateway.Loop.Advance(TimeSpan.FromSeconds(60));

        // Led by nobody who will ever end it.
        _gateway.Upstream.Waits = false;
        var probe = new FakeExchange(_gateway.Loop);
        Assert.True(Fetches.TryLead(hash));
        LoopTask waiting = _gateway.Start(probe, "GET /a HTTP/1.1\nHost: node");
        Assert.False(waiting.IsCompleted);
        _gateway.Loop.Advance(TimeSpan.FromSeconds(1));
        Assert.True(waiting.IsCompleted);
        Assert.Equal((2, "1", "1"), (_gateway.Upstream.Calls, Count("timed_out"), _gateway.Metric("""edgeproxy_limit_hits_total{limit="cache.coalesceWait"}""")));
        Fetches.Abandon(hash);
    }

    [Fact]
    public void No_more_wait_than_the_setting_says()
    {
        Serve("rfc9111: true, coalesce: true", new CacheLimits { CoalesceWaiters = 0 });
        Start(1);
        Assert.Equal(0, Fetches.InFlight);
        Respond("", "x");
        Serve("rfc9111: true, coalesce: true", new CacheLimits { CoalesceWaiters = 1 });
        ulong hash = HashOf(Start(1).Clients[0]);
        Respond("Cache-Control: max-age=60", "one");
        _gateway.Loop.Advance(TimeSpan.FromSeconds(60));
        _gateway.Upstream.Waits = false;
        Assert.True(Fetches.TryLead(hash));
        LoopTask waiting = _gateway.Start(new FakeExchange(_gateway.Loop), "GET /a HTTP/1.1\nHost: node");
        Assert.False(waiting.IsCompleted);
        Assert.True(_gateway.Start(new FakeExchange(_gateway.Loop), "GET /a HTTP/1.1\nHost: node").IsCompleted);
        Assert.Equal(("1", "1"), (Count("crowded"), _gateway.Metric("""edgeproxy_limit_hits_total{limit="cache.coalesceWaiters"}""")));
        Fetches.Abandon(hash);
        Run();
        Assert.True(waiting.IsCompleted);
    }

    [Fact]
    public void An_answer_larger_than_is_ever_held_is_not_held_for_the_others()
    {
        Serve("rfc9111: true, coalesce: true", heldBody: 10);
        (FakeExchange[] clients, _) = Start(2);
        Respond("Cache-Control: max-age=60", new string('x', 100));
        Assert.All(clients, static client => Assert.Equal((200, 100), (client.Response.Status, client.Sent.Length)));
    }

    [Theory]
    [InlineData("rfc9111: true, coalesce: true", "Authorization: Basic bWU6bWU=", "200 OK\nCache-Control: max-age=60")]
    [InlineData("coalesce: true", "Range: bytes=0-0", "206 Partial Content")]
    [InlineData("coalesce: true", "If-None-Match: *", "304 Not Modified")]
    public void Who_asks_for_what_is_nobody_elses_does_not_keep_others_from_waiting_for_one(string policy, string field, string answer)
    {
        Serve(policy);
        _gateway.Upstream.Answer($"HTTP/1.1 {answer}\nContent-Length: 0", "");
        _gateway.Send($"GET /a HTTP/1.1\nHost: node\n{field}");
        _gateway.Upstream.AllowsSeveral = true;
        Start(3);
        Assert.Equal((2, 2), (_gateway.Upstream.Calls, Fetches.Waiting));
        Respond("Cache-Control: max-age=60", "one");
        Assert.Equal(2, _gateway.Upstream.Calls);
    }

    [Fact]
    public void Who_cannot_read_what_was_stored_meanwhile_is_not_served_it_for_a_failure_either()
    {
        Serve("rfc9111: true, coalesce: true, staleIfError: 60");
        _gateway.Upstream.Waits = true;
        FakeExchange reads = new(_gateway.Loop), doesNot = new(_gateway.Loop);
        _gateway.Start(reads, "GET /a HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
        _gateway.Start(doesNot, "GET /a HTTP/1.1\nHost: node");
        Respond("Cache-Control: max-age=60\nContent-Encoding: gzip", "packed");
        Assert.Equal(("packed", 2), (reads.SentText, _gateway.Upstream.Calls));
        _gateway.Upstream.Outcome = UpstreamOutcome.ConnectFailed;
        _gateway.Upstream.Respond();
        Run();
        Assert.Equal(504, doesNot.Response.Status);
    }

    private FetchTable Fetches => _gateway.Snapshots.Current.Cache!.Fetches;

    private void Serve(string policy, CacheLimits? limits = null, long heldBody = 1024 * 1024)
    {
        var problems = new ProblemList();
        ApiDefinition? api = OpenApiImporter.Import("api.yaml", Encoding.UTF8.GetBytes(Document.Replace("POLICY", policy, StringComparison.Ordinal)), new OpenApiImportOptions { ApiId = "api0" }, problems);
        var settings = new GatewaySettings { Cache = limits ?? new CacheLimits(), HeldBodyLimit = heldBody };
        GatewaySnapshot? snapshot = _compiler.Compile(
            [new MountedApi(api!, new StageDefinition { Name = "prod", CacheClusterEnabled = true }, "", [])], settings, RouteSettings.Detailed, new CheckOptions(), problems);
        Assert.Empty(problems.Select(ProblemWriter.Line));
        _gateway.Snapshots.Swap(snapshot!);
    }

    /// <summary>Clients that ask at once, while the backend takes its time.</summary>
    private (FakeExchange[] Clients, LoopTask[] Walks) Start(int count)
    {
        _gateway.Upstream.Waits = true;
        var clients = new FakeExchange[count];
        var walks = new LoopTask[count];
        for (int i = 0; i < count; i++)
        {
            clients[i] = new FakeExchange(_gateway.Loop);
            walks[i] = _gateway.Start(clients[i], "GET /a HTTP/1.1\nHost: node");
        }

        return (clients, walks);
    }

    private void Respond(string fields, string body)
    {
        _gateway.Upstream.Answer($"HTTP/1.1 200 OK\n{(fields.Length == 0 ? "" : fields + "\n")}Content-Length: {body.Length}", body);
        _gateway.Upstream.Respond();
        Run();
    }

    /// <summary>Runs what is ready, and what the mail of that makes ready.</summary>
    private void Run()
    {
        _gateway.Loop.Run();
        _gateway.Loop.Run();
    }

    private static ulong HashOf(FakeExchange client) => ((RequestContext)client.HandlerState!).CacheUse.Fresh.FetchHash;

    private string? Count(string result) => _gateway.Metric($$"""edgeproxy_cache_fetches_total{result="{{result}}"}""");
}
