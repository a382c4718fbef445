using System.Text;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Bodies;

/// <summary>Content codings between programs that everybody has and the published binary, whose libraries are linked in.</summary>
public sealed class CompressionTests
{
    private const string Settings = "compression:\n  decode: [gzip, deflate, br, zstd]\n  codings: [gzip, deflate, br, zstd]\n";

    private static readonly string Text = string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"{{\"pet\": {i}}}\n"));

    [Fact]
    public async Task Curl_reads_each_coding_that_the_gateway_makes()
    {
        using RawUpstream upstream = RawUpstream.Answering(_ => RawUpstream.Response(200, Text));
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port).Compressing(1000), Settings);
        CommandResult help = await Command.RunAsync("curl", "-V");
        string[] codings = ["gzip", "deflate", .. help.Output.Contains("brotli", StringComparison.Ordinal) ? ["br"] : Array.Empty<string>(), .. help.Output.Contains("zstd", StringComparison.Ordinal) ? ["zstd"] : Array.Empty<string>()];
        foreach (string coding in codings)
        {
            CommandResult result = await Command.RunAsync("curl", "-sS", "--noproxy", "*", "--compressed", "-H", $"Accept-Encoding: {coding}", "-D", "/dev/stderr", $"http://127.0.0.1:{node.DataPort}/pets");
            Assert.Equal(0, result.Status);
            Assert.Contains($"Content-Encoding: {coding}", result.Errors, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("Vary: Accept-Encoding", result.Errors, StringComparison.OrdinalIgnoreCase);
            Assert.True(Text == result.Output, coding);
        }

        Assert.Equal(Text, (await Command.RunAsync("curl", "-sS", "--noproxy", "*", $"http://127.0.0.1:{node.DataPort}/pets")).Output);
    }

    [Fact]
    public async Task What_the_gzip_command_makes_is_decoded_and_what_is_cut_off_is_415()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port), Settings);
        byte[] body = (await Command.RunAsync("gzip", ["-c"], Encoding.UTF8.GetBytes(Text))).OutputBytes;
        CommandResult sent = await Command.RunAsync("curl", ["-sS", "--noproxy", "*", "-H", "Content-Encoding: gzip", "--data-binary", "@-", $"http://127.0.0.1:{node.DataPort}/pets"], body);
        Assert.Equal(0, sent.Status);
        Answer seen = Assert.Single(upstream.Requests);
        Assert.Equal(Text, seen.Text);
        Assert.Null(seen["Content-Encoding"]);

        CommandResult cut = await Command.RunAsync("curl", ["-sS", "--noproxy", "*", "-H", "Content-Encoding: gzip", "--data-binary", "@-", $"http://127.0.0.1:{node.DataPort}/pets"], body[..^9]);
        Assert.Equal("{\"message\":\"Unsupported Media Type\"}", cut.Output);
        Assert.Single(upstream.Requests);
    }
}
