using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Upstreams;

/// <summary>What a client sees of each way in which a backend can fail.</summary>
public sealed class UpstreamFailureTests
{
    private const string NetworkError = "{\"message\":\"Network error communicating with endpoint\"}";
    private const string TimedOut = "{\"message\":\"Endpoint request timed out\"}";

    [Fact]
    public async Task A_refused_connection_is_504()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(Ports.Unused()));
        ExpectFailure(await node.GetAsync("/a"), NetworkError);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_504()
    {
        await using Node node = await Node.StartAsync(new Api().Proxy("/a", "GET", "http://no-such-host.invalid/a"));
        ExpectFailure(await node.GetAsync("/a"), NetworkError);
    }

    [Fact]
    public async Task A_reset_before_the_answer_is_504()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            wire.Reset();
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        ExpectFailure(await PostAsync(node), NetworkError);
    }

    [Fact]
    public async Task An_end_before_the_answer_is_504_and_a_POST_is_not_sent_again()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire => await wire.ReadRequestOrNullAsync());
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        ExpectFailure(await PostAsync(node), NetworkError);
        Assert.Equal(1, upstream.Accepted);
    }

    [Theory]
    [InlineData("this is no HTTP\r\n\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [InlineData("HTTP/1.1 200 OK\r\nBad Name: x\r\nContent-Length: 0\r\n\r\n")]
    public async Task An_answer_that_is_no_HTTP_is_a_failure_and_none_of_it_is_passed_on(string garbage)
    {
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            await wire.SendAsync(garbage);
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        Answer answer = await node.GetAsync("/a");
        Assert.InRange(answer.Status, 500, 504);
        Assert.Equal("InternalServerErrorException", answer["x-amzn-ErrorType"]);
        Assert.Null(answer["Bad Name"]);
    }

    [Fact]
    public async Task An_upstream_that_says_nothing_is_504_after_the_time_of_the_integration()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire => await wire.ReadToEndAsync());
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port, timeoutInMillis: 300));
        ExpectFailure(await node.GetAsync("/a"), TimedOut);
        await Wait.UntilAsync(() => upstream.Open == 0, "the upstream connection closes");
    }

    [Fact]
    public async Task A_head_that_never_ends_is_504_after_the_time_of_the_integration()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            await wire.SendAsync("HTTP/1.1 200 OK\r\nX-Slow: ");
            await wire.ReadToEndAsync();
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port, timeoutInMillis: 300));
        ExpectFailure(await node.GetAsync("/a"), TimedOut);
    }

    [Fact]
    public async Task A_body_that_breaks_off_never_looks_whole_with_a_length()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            await wire.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{new string('x', 500_000)}");
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Answer head = (await client.ReadHeadOrNullAsync())!;
        Assert.Equal(200, head.Status);
        Assert.Equal("1000000", head["Content-Length"]);
        Assert.InRange((await client.ReadToEndAsync()).Length, 0, 999_999);
    }

    [Fact]
    public async Task A_long_chunked_body_that_breaks_off_never_gets_its_last_chunk()
    {
        string chunk = $"{100_000:x}\r\n{new string('x', 100_000)}\r\n";
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            await wire.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 5; i++) await wire.SendAsync(chunk);
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Answer head = (await client.ReadHeadOrNullAsync())!;
        Assert.Equal(200, head.Status);
        Assert.Equal("chunked", head["Transfer-Encoding"]);
        string rest = System.Text.Encoding.ASCII.GetString(await client.ReadToEndAsync());
        Assert.False(rest.EndsWith("0\r\n\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_short_chunked_body_that_breaks_off_is_an_error_and_not_half_an_answer()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            await wire.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        Assert.InRange((await node.GetAsync("/a")).Status, 500, 504);
    }

    [Fact]
    public async Task A_body_without_framing_ends_with_the_connection_and_is_framed_for_the_client()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            await wire.SendAsync("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello");
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        using Wire client = await node.ConnectAsync();
        for (int i = 0; i < 2; i++)
        {
            await client.SendAsync("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Answer answer = await client.ReadResponseAsync();
            Assert.Equal(200, answer.Status);
            Assert.Equal("hello", answer.Text);
        }
    }

    [Fact]
    public async Task A_pooled_connection_that_died_meanwhile_costs_no_GET_its_answer()
    {
        // Each connection serves one request, says that it stays open, and closes.
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            await wire.SendAsync(RawUpstream.Response(200, "hello"));
        });
        await using Node node = await Node.StartAsync(new NodeOptions { Api = Api.ProxyTo(upstream.Port).ToString(), Loops = 1 });
        using Wire client = await node.ConnectAsync();
        for (int i = 0; i < 50; i++)
        {
            await client.SendAsync("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        }
    }

    [Fact]
    public async Task A_second_request_on_a_connection_that_dies_under_it_is_sent_again_when_it_may_be()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            await wire.SendAsync(RawUpstream.Response(200, "hello"));

            // The second request is read, so that it was surely sent, and left without an answer.
            await wire.ReadRequestOrNullAsync();
        });
        await using Node node = await Node.StartAsync(new NodeOptions { Api = Api.ProxyTo(upstream.Port).ToString(), Loops = 1 });
        using Wire client = await node.ConnectAsync();
        for (int i = 0; i < 10; i++)
        {
            await client.SendAsync("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        }
    }

    [Fact]
    public async Task An_early_answer_to_a_large_upload_reaches_the_client()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadHeadOrNullAsync();
            await wire.SendAsync("HTTP/1.1 403 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
            wire.EndSending();
            await wire.ReadToEndAsync();
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n\r\n");
        await client.SendAsync(new byte[1000]);
        Answer answer = await client.ReadResponseAsync();
        Assert.Equal(403, answer.Status);
        Assert.Equal("no", answer.Text);
    }

    [Fact]
    public async Task An_interim_answer_of_the_upstream_is_not_taken_for_the_final_one()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            await wire.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
            await wire.SendAsync(RawUpstream.Response(200, "hello"));
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        Answer answer = await node.GetAsync("/a");
        Assert.Equal(200, answer.Status);
        Assert.Equal("hello", answer.Text);
    }

    [Fact]
    public async Task Headers_of_the_connection_stop_at_the_gateway_in_both_directions()
    {
        using RawUpstream upstream = RawUpstream.Answering(_ =>
            "HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nServer: fake\r\nX-End: 2\r\nContent-Length: 0\r\n\r\n");
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        Answer answer = await node.AskAsync(
            "GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close, X-Mine\r\nX-Mine: 1\r\nTE: trailers\r\nX-Kept: 2\r\n\r\n");
        Answer seen = Assert.Single(upstream.Requests);
        Assert.Null(seen["X-Mine"]);
        Assert.Null(seen["TE"]);
        Assert.Equal("2", seen["X-Kept"]);
        Assert.Null(answer["X-Hop"]);
        Assert.Null(answer["Server"]);
        Assert.Equal("fake", answer["x-amzn-Remapped-Server"]);
        Assert.Equal("2", answer["X-End"]);
    }

    private static Task<Answer> PostAsync(Node node) =>
        node.AskAsync("POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");

    private static void ExpectFailure(Answer answer, string body)
    {
        Assert.Equal(504, answer.Status);
        Assert.Equal(body, answer.Text);
        Assert.Equal("application/json", answer["Content-Type"]);
        Assert.Equal("InternalServerErrorException", answer["x-amzn-ErrorType"]);
    }
}
