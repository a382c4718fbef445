using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Integrations.Http;

public sealed class CallTargetTests : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Sends_requests_to_the_targets_in_turn_and_tells_them_the_host_of_the_uri()
    {
        Serve("http://orders:8080/base", ("10.0.0.1", 2), ("10.0.0.2:9000", 1));
        for (int i = 0; i < 6; i++) Assert.Equal(200, _gateway.Send("GET / HTTP/1.1").Response.Status);
        Assert.Equal(4, _gateway.Upstream.Sent.Count(name => name == new UpstreamName("10.0.0.1", 8080))); // the port is the URI's where a target names none
        Assert.Equal(2, _gateway.Upstream.Sent.Count(name => name == new UpstreamName("10.0.0.2", 9000)));
        Assert.Equal("orders:8080", _gateway.Upstream.Field("Host"));
        Assert.Equal("/base", _gateway.Upstream.Target);
        Assert.Equal("4", _gateway.Metric("""edgeproxy_upstream_picks_total{api_id="abcde12345",stage="prod",upstream="http://orders:8080",target="http://10.0.0.1:8080"}"""));
    }

    [Fact]
    public void Https_is_verified_for_the_host_of_the_uri_whichever_target_takes_the_request()
    {
        Serve("https://orders/", ("10.0.0.1", 1), ("10.0.0.2", 1));
        _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(("orders", 443), (_gateway.Upstream.Called!.Tls!.ServerName, _gateway.Upstream.Called.Port));
    }

    [Fact]
    public void A_target_is_loaded_until_the_answer_has_ended()
    {
        UpstreamPlan upstream = PlanOf(("a", 1), ("b", 1)) with { Adjust = static node => node with { Balance = TargetBalance.LeastLoaded } };
        _gateway.Route("GET /", Plan("http://orders/", upstream)).Serve();
        _gateway.Upstream.Waits = true;
        _gateway.Start("GET / HTTP/1.1");
        var group = Assert.Single(_gateway.Snapshots.Current.Upstreams);
        Assert.Equal(1, group.Targets.Sum(static target => target.Live.InFlight));
        _gateway.Upstream.Respond();
        _gateway.Loop.Run();
        Assert.Equal(0, group.Targets.Sum(static target => target.Live.InFlight));
        Assert.True(_gateway.Upstream.IsReturned);
    }

    [Fact]
    public void Stage_variables_may_stand_in_targets()
    {
        _gateway.Route("GET /", Plan("http://orders/", PlanOf(("${stageVariables.a}:81", 1)))).Serve(variables: ("a", "10.1.1.1"));
        _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(new UpstreamName("10.1.1.1", 81), _gateway.Upstream.Called);
    }

    [Fact]
    public void A_target_that_is_no_address_is_never_called()
    {
        _gateway.Route("GET /", Plan("http://orders/", PlanOf(("good", 1), ("${stageVariables.a}", 1)))).Serve(variables: ("a", "10.1.1.1/x"));
        Assert.Equal(500, _gateway.Send("GET / HTTP/1.1").Response.Status);
        Assert.Equal(0, _gateway.Upstream.Calls);
    }

    [Fact]
    public void Routes_of_one_upstream_share_their_turns()
    {
        _gateway.Route("GET /a", Plan("http://orders/a", PlanOf(("a", 1), ("b", 1)))).Route("GET /b", Plan("http://orders/b", PlanOf(("a", 1), ("b", 1)))).Serve();
        for (int i = 0; i < 4; i++)
        {
            _gateway.Send("GET /a HTTP/1.1");
            _gateway.Send("GET /b HTTP/1.1");
        }

        string hosts = string.Concat(_gateway.Upstream.Sent.Select(static name => name.Host));
        Assert.Equal(8, hosts.Length);
        Assert.Contains(hosts, (string[])["abababab", "babababa"]);
    }

    [Fact]
    public void A_request_goes_to_another_target_when_one_cannot_be_connected_to()
    {
        Serve("http://orders/", ("a", 1), ("b", 1));
        _gateway.Upstream.AllowsSeveral = true;
        _gateway.Upstream.Script = static name => name.Host == "a" ? (UpstreamOutcome.ConnectFailed, null) : (UpstreamOutcome.Ok, "HTTP/1.1 201 Created\nContent-Length: 0");
        for (int i = 0; i < 20; i++)
        {
            FakeExchange answer = _gateway.Send("POST / HTTP/1.1\nHost: node\nContent-Length: 4\nX-Own: 1", "bo", "dy");
            Assert.Equal((201, "body", "1", "POST"), (answer.Response.Status, _gateway.Upstream.Body, _gateway.Upstream.Field("X-Own"), _gateway.Upstream.Method));
        }

        Assert.True(_gateway.Upstream.IsReturned);
        Assert.Equal(5, _gateway.Upstream.Sent.Count(static name => name.Host == "a")); // then it is left out
        Assert.Equal("5", _gateway.Metric("""edgeproxy_upstream_attempts_total{api_id="abcde12345",stage="prod",upstream="http://orders:80",cause="connect"}"""));
        Assert.Equal("1", _gateway.Metric("""edgeproxy_upstream_ejections_total{api_id="abcde12345",stage="prod",upstream="http://orders:80",target="http://a:80",reason="consecutive"}"""));
        Assert.Equal("0", _gateway.Metric("""edgeproxy_upstream_target_healthy{api_id="abcde12345",stage="prod",upstream="http://orders:80",target="http://a:80"}"""));
        Assert.All(Assert.Single(_gateway.Snapshots.Current.Upstreams).Targets, static target => Assert.Equal(0, target.Live.InFlight));
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("DELETE", true)]
    [InlineData("POST", false)]
    public void After_a_reset_only_what_may_be_done_twice_is_sent_again(string method, bool isSentAgain)
    {
        Serve("http://orders/", ("a", 1), ("b", 1));
        _gateway.Upstream.AllowsSeveral = true;
        bool first = true;
        _gateway.Upstream.Script = _ => Once(ref first, UpstreamOutcome.Reset);
        Assert.Equal(isSentAgain ? 200 : 504, _gateway.Send($"{method} / HTTP/1.1").Response.Status);
        Assert.Equal(isSentAgain ? 2 : 1, _gateway.Upstream.Sent.Distinct().Count());
    }

    [Fact]
    public void A_body_that_is_partly_gone_is_not_sent_again_and_one_in_memory_is()
    {
        HttpProxyPlan plan = Plan("http://orders/", PlanOf(("a", 1), ("b", 1)));
        _gateway.Route("PUT /streams", plan).Route("PUT /held", plan, BodyNeed.Whole).Serve();
        _gateway.Upstream.AllowsSeveral = true;
        bool first = true;
        _gateway.Upstream.Script = _ => Once(ref first, UpstreamOutcome.Reset);
        Assert.Equal(504, _gateway.Send("PUT /streams HTTP/1.1\nHost: node\nContent-Length: 4", "bo", "dy").Response.Status);
        first = true;
        Assert.Equal(200, _gateway.Send("PUT /held HTTP/1.1\nHost: node\nContent-Length: 4", "bo", "dy").Response.Status);
        Assert.Equal("body", _gateway.Upstream.Body);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_status_is_tried_again_where_it_is_asked_for_and_the_last_answer_passes()
    {
        Serve("http://orders/", PlanOf(("a", 1), ("b", 1), ("c", 1)), static node => node with { Retries = node.Retries with { Attempts = 3, Statuses = new StatusSet(503) } });
        _gateway.Upstream.AllowsSeveral = true;
        int calls = 0;
        _gateway.Upstream.Script = _ => (UpstreamOutcome.Ok, ++calls < 3 ? "HTTP/1.1 503 No\nContent-Length: 0" : "HTTP/1.1 200 OK\nContent-Length: 0");
        Assert.Equal((200, 3), (_gateway.Send("GET / HTTP/1.1").Response.Status, calls));
        Assert.Equal(3, _gateway.Upstream.Sent.Distinct().Count());
        _gateway.Upstream.Script = static name => (UpstreamOutcome.Ok, $"HTTP/1.1 503 No\nContent-Length: 0\nX-From: {name.Host}");
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal((503, _gateway.Upstream.Sent[^1].Host), (answer.Response.Status, answer.ResponseField("X-From")));
        Assert.Equal(6, _gateway.Upstream.Sent.Count);
    }

    [Fact]
    public void An_attempt_that_takes_too_long_is_followed_by_another_within_the_time_of_all()
    {
        HttpProxyPlan plan = new()
        {
            Uri = UriTemplate.Parse("http://orders/"), Method = "", KnownMethod = HttpMethod.Other, TimeoutNanoseconds = 1_000_000_000,
            Upstream = PlanOf(("a", 1), ("b", 1)) with { Adjust = static node => node with { Retries = node.Retries with { Attempts = 5, TryTimeout = 400_000_000 } } },
        };
        _gateway.Route("GET /", plan).Serve();
        _gateway.Upstream.AllowsSeveral = true;
        long began = _gateway.Loop.Now;
        var deadlines = new List<long>();
        _gateway.Upstream.Script = _ =>
        {
            deadlines.Add(_gateway.Upstream.Deadline - began);
            _gateway.Loop.Advance(TimeSpan.FromMilliseconds(400));
            return (UpstreamOutcome.TimedOut, null);
        };
        _gateway.Start("GET / HTTP/1.1");
        for (int i = 0; i < 5; i++)
        {
            _gateway.Loop.Advance(TimeSpan.FromMilliseconds(50));
            _gateway.Loop.Run();
        }

        Assert.Equal(504, _gateway.Exchange.Response.Status);
        Assert.Equal(400_000_000, deadlines[0]);
        Assert.Equal(1_000_000_000, deadlines[^1]);
        Assert.InRange(deadlines.Count, 2, 3);
    }

    [Fact]
    public void Further_attempts_stay_within_their_budget()
    {
        Serve("http://orders/", PlanOf(("a", 1), ("b", 1)), static node => node with { Retries = node.Retries with { BudgetPercent = 10, BudgetPerSecond = 0 }, Ejection = node.Ejection with { ConsecutiveFailures = 0 } });
        _gateway.Upstream.AllowsSeveral = true;
        _gateway.Upstream.Script = static _ => (UpstreamOutcome.ConnectFailed, null);
        for (int i = 0; i < 100; i++) Assert.Equal(504, _gateway.Send("GET / HTTP/1.1").Response.Status);
        Assert.Equal(110, _gateway.Upstream.Sent.Count);
        Assert.Equal("90", _gateway.Metric("""edgeproxy_upstream_retry_budget_exhausted_total{api_id="abcde12345",stage="prod",upstream="http://orders:80"}"""));
    }

    [Fact]
    public void A_single_target_is_tried_again_only_where_that_is_asked_for_and_after_a_pause()
    {
        _gateway.Route("GET /once", Plan("http://orders/", new UpstreamPlan()))
            .Route("GET /twice", Plan("http://orders/", new UpstreamPlan { Adjust = static node => node with { Retries = node.Retries with { AttemptsAlone = 2, Backoff = 1_000_000_000 } } })).Serve();
        _gateway.Upstream.AllowsSeveral = true;
        bool first = true;
        _gateway.Upstream.Script = _ => Once(ref first, UpstreamOutcome.ConnectFailed);
        Assert.Equal(504, _gateway.Send("GET /once HTTP/1.1").Response.Status);
        first = true;
        LoopTask walk = _gateway.Start("GET /twice HTTP/1.1");
        Assert.False(walk.IsCompleted);
        _gateway.Loop.Advance(TimeSpan.FromSeconds(1.1));
        _gateway.Loop.Run();
        Assert.Equal(200, _gateway.Exchange.Response.Status);
        Assert.True(walk.IsCompleted);
    }

    [Fact]
    public void A_client_that_leaves_during_the_pause_ends_it()
    {
        _gateway.Route("GET /", Plan("http://orders/", new UpstreamPlan { Adjust = static node => node with { Retries = node.Retries with { AttemptsAlone = 2, Backoff = 60_000_000_000 } } })).Serve();
        _gateway.Upstream.AllowsSeveral = true;
        _gateway.Upstream.Script = static _ => (UpstreamOutcome.ConnectFailed, null);
        LoopTask walk = _gateway.Start("GET / HTTP/1.1");
        _gateway.Exchange.Pending!.Abort();
        _gateway.Loop.Run();
        Assert.True(walk.IsCompleted);
        Assert.True(_gateway.Upstream.IsReturned);
        Assert.Single(_gateway.Upstream.Sent);
    }

    [Fact]
    public void An_upstream_that_fails_as_a_whole_is_left_alone_until_probes_succeed()
    {
        Serve("http://orders/", new UpstreamPlan(), static node => node with { Circuit = node.Circuit with { FailurePercent = 50, LeastRequests = 4, Probes = 1 } });
        _gateway.Upstream.Script = static _ => (UpstreamOutcome.Ok, "HTTP/1.1 503 No\nContent-Length: 0");
        for (int i = 0; i < 4; i++) Assert.Equal(503, _gateway.Send("GET / HTTP/1.1").Response.Status);
        Assert.Equal(4, _gateway.Upstream.Sent.Count);
        FakeExchange refused = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal((503, "{\"message\":\"Service Unavailable\"}", 4), (refused.Response.Status, refused.SentText, _gateway.Upstream.Sent.Count));
        Assert.Equal("1", _gateway.Metric("""edgeproxy_upstream_circuit_state{api_id="abcde12345",stage="prod",upstream="http://orders:80"}"""));
        Assert.Equal("1", _gateway.Metric("""edgeproxy_upstream_circuit_refusals_total{api_id="abcde12345",stage="prod",upstream="http://orders:80"}"""));

        _gateway.Upstream.Script = null;
        _gateway.Loop.Advance(TimeSpan.FromSeconds(5.1));
        _gateway.Loop.Run();
        for (int i = 0; i < 3; i++) Assert.Equal(200, _gateway.Send("GET / HTTP/1.1").Response.Status);
        Assert.Equal("0", _gateway.Metric("""edgeproxy_upstream_circuit_state{api_id="abcde12345",stage="prod",upstream="http://orders:80"}"""));
    }

    [Fact]
    public void No_more_requests_are_under_way_than_the_upstream_may_have()
    {
        Serve("http://orders/", new UpstreamPlan(), static node => node with { Cap = new ConcurrencyCap(Max: 1, Queue: 1, WaitNanoseconds: 1_000_000_000) });
        ConcurrencyLimit slots = Assert.Single(_gateway.Snapshots.Current.Upstreams).Live.Slots;
        Assert.True(slots.TryEnter(new ConcurrencyCap(1, 1, 1_000_000_000))); // another request's
        LoopTask walk = _gateway.Start("GET / HTTP/1.1");
        Assert.Equal((false, 1), (walk.IsCompleted, slots.Waiting));
        slots.Leave();
        _gateway.Loop.Run();
        Assert.Equal((true, 200, 0), (walk.IsCompleted, _gateway.Exchange.Response.Status, slots.InUse));

        Assert.True(slots.TryEnter(new ConcurrencyCap(1, 1, 1_000_000_000)));
        _gateway.Start("GET / HTTP/1.1");
        _gateway.Loop.Advance(TimeSpan.FromSeconds(1.1));
        _gateway.Loop.Run();
        Assert.Equal((503, "1"), (_gateway.Exchange.Response.Status, _gateway.Exchange.ResponseField("Retry-After")));
        Assert.Single(_gateway.Upstream.Sent);
        Assert.Equal("1", _gateway.Metric("""edgeproxy_limit_hits_total{limit="upstream.concurrency"}"""));
        Assert.Equal("1", _gateway.Metric("""edgeproxy_upstream_slot_waits_total{api_id="abcde12345",stage="prod",upstream="http://orders:80",outcome="timed_out"}"""));
        Assert.Equal("1", _gateway.Metric("""edgeproxy_upstream_slot_waits_total{api_id="abcde12345",stage="prod",upstream="http://orders:80",outcome="served"}"""));
        Assert.Equal(1, slots.InUse);
    }

    [Fact]
    public void Nobody_waits_for_a_slot_beyond_the_time_of_the_integration()
    {
        HttpProxyPlan plan = new()
        {
            Uri = UriTemplate.Parse("http://orders/"), Method = "", KnownMethod = HttpMethod.Other, TimeoutNanoseconds = 1_000_000_000,
            Upstream = new UpstreamPlan { Adjust = static node => node with { Cap = new ConcurrencyCap(Max: 1, Queue: 1, WaitNanoseconds: 60_000_000_000) } },
        };
        _gateway.Route("GET /", plan).Serve();
        ConcurrencyLimit slots = Assert.Single(_gateway.Snapshots.Current.Upstreams).Live.Slots;
        Assert.True(slots.TryEnter(new ConcurrencyCap(1, 1, 60_000_000_000)));
        LoopTask walk = _gateway.Start("GET / HTTP/1.1");
        _gateway.Loop.Advance(TimeSpan.FromSeconds(1.1));
        _gateway.Loop.Run();
        Assert.Equal((true, 503, 0), (walk.IsCompleted, _gateway.Exchange.Response.Status, slots.Waiting));
        Assert.Empty(_gateway.Upstream.Sent);
    }

    [Fact]
    public void No_attempt_is_made_for_which_the_pause_before_it_left_no_time()
    {
        HttpProxyPlan plan = new()
        {
            Uri = UriTemplate.Parse("http://orders/"), Method = "", KnownMethod = HttpMethod.Other, TimeoutNanoseconds = 1_000_000_000,
            Upstream = new UpstreamPlan { Adjust = static node => node with { Retries = node.Retries with { AttemptsAlone = 2, Backoff = 60_000_000_000 } } },
        };
        _gateway.Route("GET /", plan).Serve();
        _gateway.Upstream.AllowsSeveral = true;
        _gateway.Upstream.Script = static _ => (UpstreamOutcome.ConnectFailed, null);
        LoopTask walk = _gateway.Start("GET / HTTP/1.1");
        _gateway.Loop.Advance(TimeSpan.FromSeconds(1.1));
        _gateway.Loop.Run();
        Assert.Equal((true, 504), (walk.IsCompleted, _gateway.Exchange.Response.Status));
        Assert.Single(_gateway.Upstream.Sent);
        Assert.True(_gateway.Upstream.IsReturned);
    }

    [Fact]
    public void An_only_target_that_fails_hits_no_limit_of_ejections()
    {
        Serve("http://orders/", new UpstreamPlan(), static node => node with { Circuit = node.Circuit with { FailurePercent = 100, LeastRequests = 1000 } });
        _gateway.Upstream.Script = static _ => (UpstreamOutcome.ConnectFailed, null);
        for (int i = 0; i < 10; i++) Assert.Equal(504, _gateway.Send("GET / HTTP/1.1").Response.Status);
        Assert.Equal("0", _gateway.Metric("""edgeproxy_limit_hits_total{limit="upstream.ejection.mostPercent"}"""));
    }

    [Fact]
    public void A_client_that_leaves_the_queue_takes_no_slot()
    {
        Serve("http://orders/", new UpstreamPlan(), static node => node with { Cap = new ConcurrencyCap(Max: 1, Queue: 1, WaitNanoseconds: 1_000_000_000) });
        ConcurrencyLimit slots = Assert.Single(_gateway.Snapshots.Current.Upstreams).Live.Slots;
        Assert.True(slots.TryEnter(new ConcurrencyCap(1, 1, 1_000_000_000)));
        LoopTask walk = _gateway.Start("GET / HTTP/1.1");
        _gateway.Exchange.Pending!.Abort();
        _gateway.Loop.Run();
        Assert.True(walk.IsCompleted);
        Assert.Equal((1, 0), (slots.InUse, slots.Waiting));
        Assert.Empty(_gateway.Upstream.Sent);
        Assert.True(_gateway.Upstream.IsReturned);
    }

    private static (UpstreamOutcome, string?) Once(ref bool first, UpstreamOutcome outcome)
    {
        UpstreamOutcome now = first ? outcome : UpstreamOutcome.Ok;
        first = false;
        return (now, null);
    }

    private static UpstreamPlan PlanOf(params (string Address, int Weight)[] targets) =>
        new() { Targets = Array.ConvertAll(targets, static target => new TargetPlan(UriTemplate.Parse(target.Address), target.Weight)) };

    private static HttpProxyPlan Plan(string uri, UpstreamPlan upstream) =>
        new() { Uri = UriTemplate.Parse(uri), Method = "", KnownMethod = HttpMethod.Other, Upstream = upstream };

    private void Serve(string uri, params (string Address, int Weight)[] targets) => Serve(uri, PlanOf(targets), static node => node);

    private void Serve(string uri, UpstreamPlan upstream, Func<UpstreamPolicy, UpstreamPolicy> adjust) => _gateway.Route("ANY /", Plan(uri, upstream with { Adjust = adjust })).Serve();
}
