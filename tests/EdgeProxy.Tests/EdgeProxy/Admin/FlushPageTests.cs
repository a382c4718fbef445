using System.Text;
using EdgeProxy.Admin;
using EdgeProxy.Control;
using EdgeProxy.Core.Text;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Tests.Gateway;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeProxy.Tests.Process.Admin;

public sealed class FlushPageTests : IDisposable
{
    private static readonly ListenerFacts Loopback = new("admin", IsAdmin: true, IsTls: false, IsLoopback: true, Port: 9080);

    private readonly TestGateway _gateway = new();
    private readonly AdminHandler _handler;
    private readonly StagePlan _stage;

    public FlushPageTests()
    {
        _stage = _gateway.Route("GET /", TestGateway.Mock()).Stage();
        _gateway.Snapshots.Swap(new GatewaySnapshot { Apis = new Utf8Table<ApiEntry>([("abcde12345", new ApiEntry("abcde12345", [_stage]))]) });
        _handler = new AdminHandler(_gateway.Registry, new NodeState(), () => 1, new AdminAccess(new AdminRules(CidrSet.Empty, [], [], TimeSpan.FromMinutes(15)), _gateway.Registry, NullLogger.Instance, TimeProvider.System), flush: new FlushPage(_gateway.Snapshots, _gateway.Registry, NullLogger.Instance));
    }

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("/flush?api=abcde12345&stage=prod")]
    [InlineData("/flush?api=abcde12345")]
    [InlineData("/flush?stage=p%72od&api=pets")]
    public void Flushes_the_stages_that_are_named(string target)
    {
        long before = _stage.Live.CacheGeneration;
        Assert.Equal((200, """{"stages":1}"""), Ask(target));
        Assert.NotEqual(before, _stage.Live.CacheGeneration);
        Assert.Equal("1", _gateway.Metric("edgeproxy_cache_flushes_total"));
    }

    [Theory]
    [InlineData("/flush?api=other", 404, "There is no such API.")]
    [InlineData("/flush?api=pets&stage=test", 404, "There is no such stage of such an API.")]
    [InlineData("/flush?stage=prod", 400, "Say which API: /flush?api=ID, and if need be &stage=NAME.")]
    [InlineData("/flush", 400, "Say which API: /flush?api=ID, and if need be &stage=NAME.")]
    [InlineData("/flush?api=pets&path=/a", 400, "This page takes api and stage, and nothing else.")]
    public void Says_what_is_wrong_and_flushes_nothing(string target, int status, string message)
    {
        long before = _stage.Live.CacheGeneration;
        (int answered, string body) = Ask(target);
        Assert.Equal((status, message), (answered, System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("message").GetString()));
        Assert.Equal(before, _stage.Live.CacheGeneration);
    }

    [Fact]
    public void Neither_a_web_page_nor_a_name_that_leads_here_nor_anybody_off_loopback_may()
    {
        long before = _stage.Live.CacheGeneration;
        Assert.Equal(403, Ask("/flush?api=pets", "Origin: http://evil.example\r\n").Status);
        Assert.Equal(403, Ask("/flush?api=pets", host: "evil.example").Status);
        Assert.Equal(403, Ask("/flush?api=pets", listener: Loopback with { IsLoopback = false }).Status);
        Assert.Equal(405, Ask("/flush?api=pets", method: "GET").Status);
        Assert.Equal(before, _stage.Live.CacheGeneration);
    }

    private (int Status, string Body) Ask(string target, string fields = "", string host = "127.0.0.1:9080", ListenerFacts? listener = null, string method = "POST")
    {
        var exchange = new MemoryExchange(_gateway.Loop, listener ?? Loopback, new IpEndpoint(IpAddress.Loopback, 1), new IpEndpoint(IpAddress.Loopback, 9080), keeps: 1024);
        Assert.Equal(ViolationCode.None, exchange.Receive(Encoding.ASCII.GetBytes($"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{fields}\r\n"), [], new HeadLimits(), default));
        _handler.HandleAsync(exchange).Forget();
        _gateway.Loop.Run();
        return (exchange.Response.Status, Encoding.UTF8.GetString(exchange.Sent));
    }
}
