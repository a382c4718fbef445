using System.Text;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Telemetry;

/// <summary>A request allocates nothing: counted by the binary itself, with the access log on and nobody scraping meanwhile.</summary>
public sealed class AllocationTests
{
    private const int Connections = 4;
    private const int Batch = 50;
    private const string Settings = "logs:\n  access:\n    path: /dev/null\n";

    [Fact]
    public async Task A_million_answers_of_the_gateway_itself_allocate_less_than_a_byte_each()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(1), Settings);
        Assert.InRange(await BytesPerRequestAsync(node, "/mock", 1_000_000), double.NegativeInfinity, 1);
    }

    [Fact]
    public async Task Proxied_requests_allocate_less_than_a_byte_each()
    {
        byte[] answer = Encoding.ASCII.GetBytes(RawUpstream.Response(200, new string('x', 1024)));
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            while (await wire.ReadHeadOrNullAsync() is not null) await wire.SendAsync(answer);
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port), Settings);
        Assert.InRange(await BytesPerRequestAsync(node, "/proxied/resource", 200_000), double.NegativeInfinity, 1);
    }

    private static Task<double> BytesPerRequestAsync(Node node, string path, int count) => node.BytesPerRequestAsync(most => AskAsync(node, path, most), count);

    private static Task AskAsync(Node node, string path, int count) =>
        Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => AskOnOneConnectionAsync(node, path, count / Connections)));

    /// <summary>Asks in pipelined batches. Answers differ in nothing but ids and date, so that counting their bytes is counting them.</summary>
    private static async Task AskOnOneConnectionAsync(Node node, string path, int count)
    {
        using Wire client = await node.ConnectAsync();
        string request = $"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n";
        byte[] batch = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(request, Batch)));
        await client.SendAsync(request);
        Answer one = await client.ReadResponseAsync();
        Assert.Equal(200, one.Status);
        int length = one.StartLine.Length + 2 + one.Headers.Sum(header => header.Name.Length + 2 + header.Value.Length + 2) + 2 + one.Body.Length;

        byte[] buffer = new byte[256 * 1024];
        for (int asked = 1; asked < count; asked += Batch)
        {
            await client.SendAsync(batch);
            for (int left = length * Batch; left > 0;)
            {
                int read = await client.ReadSomeAsync(buffer.AsMemory(0, Math.Min(buffer.Length, left)));
                Assert.NotEqual(0, read);
                left -= read;
            }
        }
    }
}
