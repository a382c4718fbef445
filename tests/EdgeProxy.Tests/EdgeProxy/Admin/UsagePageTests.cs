using EdgeProxy.Admin;
using EdgeProxy.Control;
using EdgeProxy.Core.Text;
using EdgeProxy.Gateway.Operations.Explanations;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Tests.Gateway;
using Microsoft.Extensions.Logging.Abstractions;
using System.Text.Json;
using System.Text;

namespace EdgeProxy.Tests.Process.Admin;

public sealed class UsagePageTests : IDisposable
{
    private static readonly ListenerFacts Loopback = new("admin", IsAdmin: true, IsTls: false, IsLoopback: true, Port: 9080);

    private readonly TestGateway _gateway = new();
    private readonly AdminHandler _handler;

    public UsagePageTests()
    {
        UsageLedger ledger = _gateway.Live.Usage;
        UsagePlanLive plan = ledger.PlanOf("gold");
        var quota = new Quota(10, QuotaPeriod.Day);
        ledger.Serve(0, [(plan, quota)]);
        for (int i = 0; i < 30; i++)
        {
            UsageCell cell = ledger.CellOf(ledger.RowOf(plan, ledger.KeyOf(Encoding.UTF8.GetBytes($"k{i}")), 0));
            for (int n = 0; n < i % 4; n++) Assert.True(cell.TryCount(quota, UsageDay.Of(new DateOnly(2026, 11, 22))));
        }

        _handler = new AdminHandler(_gateway.Registry, new NodeState(), () => 1, new AdminAccess(new AdminRules(CidrSet.Empty, [], [], TimeSpan.FromMinutes(15)), _gateway.Registry, NullLogger.Instance, TimeProvider.System), usage: new UsagePage(new ReadUsage(ledger, _gateway.Clock)));
    }

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Answers_in_the_shape_of_GetUsage()
    {
        Assert.Equal(
            (200, """{"usagePlanId":"gold","startDate":"2026-11-21","endDate":"2026-11-22","values":{"k3":[[0,10],[3,7]]}}"""),
            Ask("/usageplans/gold/usage?startDate=2026-11-21&endDate=2026-11-22&keyId=k3"));
    }

    [Fact]
    public void Goes_on_from_the_position_that_a_page_names()
    {
        const string Target = "/usageplans/gold/usage?startDate=2026-11-22&endDate=2026-11-22";
        JsonElement first = JsonDocument.Parse(Ask(Target).Body).RootElement;
        Assert.Equal(25, first.GetProperty("values").EnumerateObject().Count());
        JsonElement second = JsonDocument.Parse(Ask($"{Target}&position={first.GetProperty("position").GetString()}").Body).RootElement;
        Assert.Equal(5, second.GetProperty("values").EnumerateObject().Count());
        Assert.False(second.TryGetProperty("position", out _));
        Assert.Equal(7, JsonDocument.Parse(Ask(Target + "&limit=7").Body).RootElement.GetProperty("values").EnumerateObject().Count());
    }

    [Theory]
    [InlineData("/usageplans/silver/usage?startDate=2026-11-22&endDate=2026-11-22", 404, "Invalid Usage Plan ID specified")]
    [InlineData("/usageplans/gold/usage", 400, "startDate")]
    [InlineData("/usageplans/gold/usage?startDate=2026-11-22", 400, "endDate")]
    [InlineData("/usageplans/gold/usage?startDate=22.11.2026&endDate=2026-11-22", 400, "startDate")]
    [InlineData("/usageplans/gold/usage?startDate=2026-11-23&endDate=2026-11-22", 400, "endDate")]
    [InlineData("/usageplans/gold/usage?startDate=2020-11-23&endDate=2026-11-22", 400, "year")]
    [InlineData("/usageplans/gold/usage?startDate=2026-11-22&endDate=2026-11-22&limit=0", 400, "limit")]
    [InlineData("/usageplans/gold/usage?startDate=2026-11-22&endDate=2026-11-22&limit=501", 400, "limit")]
    [InlineData("/usageplans/gold/usage?startDate=2026-11-22&endDate=2026-11-22&key=k1", 400, "nothing else")]
    [InlineData("/usageplans//usage?startDate=2026-11-22&endDate=2026-11-22", 404, "")]
    public void Says_what_is_wrong(string target, int status, string message)
    {
        (int answered, string body) = Ask(target);
        Assert.Equal(status, answered);
        Assert.Contains(message, body, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_a_web_page_nor_a_name_that_leads_here_nor_anybody_off_loopback_may_read_it()
    {
        const string Target = "/usageplans/gold/usage?startDate=2026-11-22&endDate=2026-11-22";
        Assert.Equal(403, Ask(Target, "Origin: http://evil.example\r\n").Status);
        Assert.Equal(403, Ask(Target, host: "evil.example").Status);
        Assert.Equal(403, Ask(Target, listener: Loopback with { IsLoopback = false }).Status);
        Assert.Equal(405, Ask(Target, method: "POST").Status);
    }

    private (int Status, string Body) Ask(string target, string fields = "", string host = "127.0.0.1:9080", ListenerFacts? listener = null, string method = "GET")
    {
        var exchange = new MemoryExchange(_gateway.Loop, listener ?? Loopback, new IpEndpoint(IpAddress.Loopback, 1), new IpEndpoint(IpAddress.Loopback, 9080), keeps: 64 * 1024);
        Assert.Equal(ViolationCode.None, exchange.Receive(Encoding.ASCII.GetBytes($"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{fields}\r\n"), [], new HeadLimits(), default));
        _handler.HandleAsync(exchange).Forget();
        _gateway.Loop.Run();
        return (exchange.Response.Status, Encoding.UTF8.GetString(exchange.Sent));
    }
}
