using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Overload;

public sealed class TakeSlotTests : IDisposable
{
    private const string Labels = "{api_id=\"abcde12345\",stage=\"prod\",resource=\"/pets\",method=\"GET\"";

    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void A_request_holds_a_slot_until_its_answer_is_sent()
    {
        ConcurrencyLimit limit = Serve(new ConcurrencyCap(1, 0, 0));
        _gateway.Upstream.Waits = true;
        LoopTask walk = _gateway.Start("GET /pets HTTP/1.1");
        Assert.Equal(1, limit.InUse);
        Assert.Equal("1", Metric("edgeproxy_route_concurrency"));
        _gateway.Upstream.Respond();
        _gateway.Loop.Run();
        Assert.True(walk.IsCompleted);
        Assert.Equal(200, _gateway.Exchange.Response.Status);
        Assert.Equal(0, limit.InUse);
    }

    [Fact]
    public void One_too_many_is_503_with_Retry_After_and_never_reaches_the_backend()
    {
        ConcurrencyLimit limit = Serve(new ConcurrencyCap(1, 0, 0), occupied: 1);
        FakeExchange answer = _gateway.Send("GET /pets HTTP/1.1");
        Assert.Equal((503, "1", """{"message":"Service Unavailable"}"""), (answer.Response.Status, answer.ResponseField("Retry-After"), answer.SentText));
        Assert.Equal("ServiceUnavailableException", answer.ResponseField("x-amzn-ErrorType"));
        Assert.Equal(0, _gateway.Upstream.Calls);
        Assert.Equal(1, limit.InUse);
        Assert.False(answer.CloseAfterwards);
        Assert.Equal("1", Metric("edgeproxy_route_queued_total", "outcome=\"queue_full\""));
        Assert.Equal("1", _gateway.Metric("""edgeproxy_limit_hits_total{limit="apis[].concurrency"}"""));
    }

    [Fact]
    public void The_answer_can_be_customised_as_DEFAULT_5XX_and_then_says_when_to_come_again_itself()
    {
        _gateway.Responses = new GatewayResponses([KeyValuePair.Create(GatewayResponseType.Default5xx, new GatewayResponsePlan { Status = 599, Parameters = [TestGateway.MapBack("Retry-After", "'7'")] })]);
        Serve(new ConcurrencyCap(1, 0, 0), occupied: 1);
        FakeExchange answer = _gateway.Send("GET /pets HTTP/1.1");
        Assert.Equal(599, answer.Response.Status);
        Assert.Equal("Retry-After: 7", Assert.Single(answer.ResponseFields().Split('\n'), line => line.StartsWith("Retry-After", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void A_request_in_the_queue_is_served_when_a_slot_becomes_free()
    {
        ConcurrencyLimit limit = Serve(new ConcurrencyCap(1, 1, 1_000_000_000), occupied: 1);
        LoopTask walk = _gateway.Start("GET /pets HTTP/1.1");
        Assert.False(walk.IsCompleted);
        Assert.Equal("1", Metric("edgeproxy_route_queue_length"));
        limit.Leave();
        _gateway.Loop.Run();
        Assert.Equal(200, _gateway.Exchange.Response.Status);
        Assert.Equal((0, 0), (limit.InUse, limit.Waiting));
        Assert.Equal("1", Metric("edgeproxy_route_queued_total", "outcome=\"served\""));
        Assert.Null(_gateway.Exchange.Pending);
    }

    [Fact]
    public void A_request_that_waits_too_long_is_503()
    {
        ConcurrencyLimit limit = Serve(new ConcurrencyCap(1, 1, 100_000_000), occupied: 1);
        LoopTask walk = _gateway.Start("GET /pets HTTP/1.1");
        _gateway.Loop.Advance(TimeSpan.FromMilliseconds(90));
        Assert.False(walk.IsCompleted);
        _gateway.Loop.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(503, _gateway.Exchange.Response.Status);
        Assert.Equal((1, 0), (limit.InUse, limit.Waiting));
        Assert.Equal("1", Metric("edgeproxy_route_queued_total", "outcome=\"timed_out\""));
    }

    [Fact]
    public void A_wait_ends_with_its_client()
    {
        ConcurrencyLimit limit = Serve(new ConcurrencyCap(1, 1, 1_000_000_000), occupied: 1);
        LoopTask walk = _gateway.Start("GET /pets HTTP/1.1");
        _gateway.Exchange.Abort(AbortReason.ClientGone);
        _gateway.Loop.Run();
        Assert.True(walk.IsCompleted);
        Assert.Equal((1, 0), (limit.InUse, limit.Waiting));
        Assert.Equal("1", Metric("edgeproxy_route_queued_total", "outcome=\"given_up\""));
        Assert.Equal(0, _gateway.Upstream.Calls);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("gone")]
    [InlineData("again")]
    public void A_slot_comes_back_however_the_request_ends(string how)
    {
        ConcurrencyLimit limit = Serve(new ConcurrencyCap(1, 0, 0));
        if (how == "failed") _gateway.Upstream.Outcome = EdgeProxy.Http.Client.UpstreamOutcome.ConnectFailed;
        if (how == "gone") _gateway.Upstream.Waits = true;
        LoopTask walk = _gateway.Start("GET /pets HTTP/1.1");
        if (how == "gone") _gateway.Exchange.Abort(AbortReason.ClientGone);
        _gateway.Loop.Run();
        Assert.True(walk.IsCompleted);
        Assert.Equal(0, limit.InUse);
        if (how == "again") Assert.Equal(200, _gateway.Send("GET /pets HTTP/1.1").Response.Status);
    }

    [Fact]
    public void A_plan_with_other_figures_counts_on_with_the_same_slots()
    {
        ConcurrencyLimit limit = Serve(new ConcurrencyCap(1, 0, 0), occupied: 1);
        Assert.Equal(503, _gateway.Send("GET /pets HTTP/1.1").Response.Status);
        Assert.Same(limit, Serve(new ConcurrencyCap(2, 0, 0)));
        Assert.Equal(200, _gateway.Send("GET /pets HTTP/1.1").Response.Status);
        Assert.Equal(1, limit.InUse);
    }

    private ConcurrencyLimit Serve(ConcurrencyCap cap, int occupied = 0)
    {
        if (_gateway.Snapshots.Version == 0) _gateway.Route("GET /pets", TestGateway.Proxy("http://backend/"));
        StagePlan stage = _gateway.Stage(settings: new RouteSettings { DetailedMetrics = true, Concurrency = cap });
        _gateway.Snapshots.Swap(new GatewaySnapshot { Mounts = new BasePathTable([("", stage)]), Settings = GatewaySettings.Default });
        RouteSlots slots = stage.Main.SlotsOrNull(0)!;
        for (int i = 0; i < occupied; i++) Assert.True(slots.Limit.TryEnter(cap));
        return slots.Limit;
    }

    private string? Metric(string name, string? label = null) => _gateway.Metric(name + Labels + (label is null ? "}" : $",{label}}}"));
}
