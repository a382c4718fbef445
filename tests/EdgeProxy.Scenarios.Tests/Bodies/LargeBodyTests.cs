using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Bodies;

/// <summary>Bodies far larger than any memory the node may take for them.</summary>
public sealed class LargeBodyTests
{
    private const long Length = 10L << 30;
    private const long Slack = 32L << 20;
    private const string Settings = "limits:\n  body: unlimited\n  responseBody: unlimited\n";

    // Its length divides no buffer's, so that a block lost, doubled or swapped shows.
    private static readonly byte[] Pattern = MakePattern((1 << 20) - 3);

    [Fact]
    public async Task Ten_gibibytes_stream_to_the_upstream_in_flat_memory()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            Answer head = (await wire.ReadHeadOrNullAsync())!;
            Assert.Equal($"{Length}", head["Content-Length"]);
            string verdict = await ReceiveAsync(wire, Length);
            await wire.SendAsync(RawUpstream.Response(200, verdict));
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port, timeoutInMillis: 29000), Settings);
        using Wire client = await node.ConnectAsync();
        long before = node.ResidentBytes();
        await client.SendAsync($"POST /up HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Length}\r\n\r\n");
        await SendPatternAsync(client, Length);
        Assert.Equal("whole", (await client.ReadResponseAsync()).Text);
        Assert.InRange(node.PeakResidentBytes(), 1, before + Slack);
    }

    [Fact]
    public async Task Ten_gibibytes_stream_to_the_client_in_flat_memory()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            await wire.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n");
            await SendPatternAsync(wire, Length);
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port), Settings);
        using Wire client = await node.ConnectAsync();
        long before = node.ResidentBytes();
        await client.SendAsync("GET /down HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Answer head = (await client.ReadHeadOrNullAsync())!;
        Assert.Equal(200, head.Status);
        Assert.Equal($"{Length}", head["Content-Length"]);
        Assert.Equal("whole", await ReceiveAsync(client, Length));
        Assert.InRange(node.PeakResidentBytes(), 1, before + Slack);
    }

    [Theory]
    [InlineData(10_485_760, 200)]
    [InlineData(10_485_761, 413)]
    public async Task A_declared_length_over_the_limit_is_413_before_the_upstream_is_called(int length, int status)
    {
        using RawUpstream upstream = RawUpstream.Answering(_ => RawUpstream.Response(200, ""));
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        using Wire client = await node.ConnectAsync();
        await client.SendAsync($"POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n");
        if (status == 200) await client.SendAsync(new byte[length]);
        Assert.Equal(status, (await client.ReadResponseAsync()).Status);
        Assert.Equal(status == 200 ? 1 : 0, upstream.Accepted);
    }

    [Fact]
    public async Task Chunks_over_the_limit_are_413_and_the_upstream_never_sees_their_end()
    {
        bool whole = false;
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            whole = true;
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port), "limits:\n  body: 100KB\n");
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        string chunk = $"{50_000:x}\r\n{new string('x', 50_000)}\r\n";
        for (int i = 0; i < 3; i++) await client.SendAsync(chunk);
        Assert.Equal(413, (await client.ReadResponseAsync()).Status);
        await Wait.UntilAsync(() => upstream.Open == 0, "the upstream connection closes");
        Assert.False(whole);
    }

    private static byte[] MakePattern(int length)
    {
        byte[] pattern = new byte[length];
        new Random(7).NextBytes(pattern);
        return pattern;
    }

    private static async Task SendPatternAsync(Wire wire, long length)
    {
        for (long sent = 0; sent < length; sent += Pattern.Length)
        {
            await wire.SendAsync(Pattern.AsMemory(0, (int)Math.Min(Pattern.Length, length - sent)));
        }
    }

    private static async Task<string> ReceiveAsync(Wire wire, long length)
    {
        byte[] buffer = new byte[1 << 20];
        long received = 0;
        while (received < length)
        {
            int read = await wire.ReadSomeAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - received)));
            if (read == 0) return $"ended after {received} bytes";
            if (!Follows(buffer.AsSpan(0, read), received)) return $"differs within {read} bytes after {received}";
            received += read;
        }

        return "whole";
    }

    private static bool Follows(ReadOnlySpan<byte> bytes, long position)
    {
        while (bytes.Length > 0)
        {
            ReadOnlySpan<byte> expected = Pattern.AsSpan((int)(position % Pattern.Length));
            int count = Math.Min(bytes.Length, expected.Length);
            if (!bytes[..count].SequenceEqual(expected[..count])) return false;
            bytes = bytes[count..];
            position += count;
        }

        return true;
    }
}
