using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Clients;

/// <summary>Who the client is, when something stands in front of the node: PROXY protocol and <c>X-Forwarded-For</c>.</summary>
public sealed class ForwardedTests
{
    private const string Request = "GET /a HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.1\r\nConnection: close\r\n\r\n";

    [Fact]
    public async Task What_an_untrusted_client_claims_does_not_reach_the_upstream()
    {
        Assert.Equal("127.0.0.1", await ForwardedForAsync("", "", Request));
    }

    [Fact]
    public async Task A_trusted_proxy_is_appended_to_what_it_says()
    {
        Assert.Equal("192.0.2.1, 127.0.0.1", await ForwardedForAsync("trustedProxies: [127.0.0.0/8]\n", "", Request));
    }

    [Fact]
    public async Task The_access_log_names_the_connecting_address_of_an_untrusted_client()
    {
        Assert.Equal("127.0.0.1", await LoggedAddressAsync("", Request));
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_the_client_is_the_last_address_that_is_not_one()
    {
        Assert.Equal("192.0.2.1", await LoggedAddressAsync("trustedProxies: [127.0.0.0/8]\n", Request));
    }

    [Fact]
    public async Task PROXY_protocol_1_names_the_client()
    {
        Assert.Equal(
            "198.51.100.7",
            await ForwardedForAsync(
                "", "proxyProtocol: true", "PROXY TCP4 198.51.100.7 203.0.113.1 40000 80\r\nGET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    }

    [Fact]
    public async Task PROXY_protocol_2_names_the_client()
    {
        // Signature, version 2 PROXY, TCP over IPv4, 12 bytes: two addresses, two ports.
        string header = "\r\n\r\n\0\r\nQUIT\n" + "\u0021\u0011\u0000\u000c" + "\u00c6\u0033\u0064\u0007" + "\u00cb\u0000\u0071\u0001" + "\u009c\u0040" + "\u0000\u0050";
        Assert.Equal("198.51.100.7", await ForwardedForAsync("", "proxyProtocol: true", header + "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    }

    [Fact]
    public async Task A_listener_that_asks_for_PROXY_protocol_serves_nobody_without_it()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await StartAsync(upstream, "", "proxyProtocol: true");
        using Wire client = await node.ConnectAsync();
        await client.SendAsync(Request);
        await client.ReadToEndAsync();
        Assert.Empty(upstream.Requests);
    }

    private static async Task<string?> ForwardedForAsync(string settings, string listener, string request)
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await StartAsync(upstream, settings, listener);
        using Wire client = await node.ConnectAsync();
        await client.SendAsync(request);
        Answer answer = await client.ReadResponseAsync();
        Assert.Equal(200, answer.Status);
        return Assert.Single(upstream.Requests)["X-Forwarded-For"];
    }

    private static async Task<string?> LoggedAddressAsync(string settings, string request)
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await StartAsync(upstream, settings, "");
        Assert.Equal(200, (await node.AskAsync(request)).Status);
        await Wait.UntilAsync(() => node.Output.Count == 1, "the access log line is written");
        return System.Text.Json.JsonDocument.Parse(node.Output.Single()).RootElement.GetProperty("sourceIp").GetString();
    }

    private static Task<Node> StartAsync(RawUpstream upstream, string settings, string listener) => Node.StartAsync(new NodeOptions
    {
        Api = Api.ProxyTo(upstream.Port).ToString(),
        Settings = settings + (listener.Length == 0 ? "" : $"listeners:\n  - url: http://127.0.0.1:0\n    {listener}\n"),
        Listen = listener.Length == 0 ? "http://127.0.0.1:0" : null,
    });
}
