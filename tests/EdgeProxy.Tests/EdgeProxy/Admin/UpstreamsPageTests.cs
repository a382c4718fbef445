using System.Buffers;
using System.Text.Json;
using EdgeProxy.Admin;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Tests.Gateway;

namespace EdgeProxy.Tests.Process.Admin;

public sealed class UpstreamsPageTests : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Tells_of_every_target_what_it_is_sent()
    {
        HttpProxyPlan plan = new()
        {
            Uri = UriTemplate.Parse("http://orders/"), Method = "", KnownMethod = HttpMethod.Other,
            Upstream = new UpstreamPlan { Targets = [new TargetPlan(UriTemplate.Parse("10.0.0.1:8080"), 3), new TargetPlan(UriTemplate.Parse("10.0.0.2"), 0)] },
        };
        _gateway.Route("GET /", plan).Serve();
        _gateway.Send("GET / HTTP/1.1");
        _gateway.Send("GET / HTTP/1.1");
        JsonElement upstream = Assert.Single(Read().GetProperty("upstreams").EnumerateArray());
        Assert.Equal(("abcde12345", "prod", "http://orders:80", "weighted"), (upstream.GetProperty("apiId").GetString(), upstream.GetProperty("stage").GetString(), upstream.GetProperty("upstream").GetString(), upstream.GetProperty("balance").GetString()));
        JsonElement[] targets = [.. upstream.GetProperty("targets").EnumerateArray()];
        Assert.Equal(("http://10.0.0.1:8080", 3, 0, 2), Row(targets[0]));
        Assert.Equal(("http://10.0.0.2:80", 0, 0, 0), Row(targets[1]));
    }

    [Fact]
    public void Without_targets_there_is_nothing_to_tell()
    {
        _gateway.Route("GET /", TestGateway.Proxy("http://orders/")).Serve();
        Assert.Empty(Read().GetProperty("upstreams").EnumerateArray());
    }

    private static (string? Address, int Weight, int InFlight, int Picks) Row(JsonElement target) =>
        (target.GetProperty("address").GetString(), target.GetProperty("weight").GetInt32(), target.GetProperty("inFlight").GetInt32(), target.GetProperty("picks").GetInt32());

    private JsonElement Read()
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            new UpstreamsPage(_gateway.Snapshots).Write(json, now: 0);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(text.WrittenMemory).RootElement;
    }
}
