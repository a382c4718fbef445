using System.Text;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Clients;

/// <summary>The client that everybody has, with its defaults.</summary>
public sealed class CurlTests : IAsyncLifetime
{
    private readonly RawUpstream _upstream = RawUpstream.Echo();
    private Node _node = null!;

    public async Task InitializeAsync() => _node = await Node.StartAsync(Api.ProxyTo(_upstream.Port));

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _upstream.Dispose();
    }

    [Fact]
    public async Task Gets_a_proxied_resource_with_its_query()
    {
        CommandResult result = await CurlAsync("/pets/7?kind=dog&kind=cat");
        Assert.Equal(0, result.Status);
        Answer seen = Assert.Single(_upstream.Requests);
        Assert.Equal("GET /pets/7?kind=dog&kind=cat HTTP/1.1", seen.StartLine);
        Assert.Equal($"127.0.0.1:{_upstream.Port}", seen["Host"]);
        Assert.Equal("127.0.0.1", seen["X-Forwarded-For"]);
        Assert.Contains("GET /pets/7", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sees_the_ids_of_the_gateway_and_no_server_name()
    {
        CommandResult result = await CurlAsync("/pets", "-i");
        Assert.Equal(0, result.Status);
        Assert.StartsWith("HTTP/1.1 200 ", result.Output, StringComparison.Ordinal);
        Assert.Matches("(?im)^x-amzn-RequestId: [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\r$", result.Output);
        Assert.Matches("(?im)^x-amz-apigw-id: [A-Za-z0-9_-]{14,15}=\r$", result.Output);
        Assert.DoesNotMatch("(?im)^server:", result.Output);
    }

    [Fact]
    public async Task Posts_a_body()
    {
        CommandResult result = await CurlAsync("/pets", "-d", "name=Rex", "-H", "Content-Type: text/x-pet");
        Assert.Equal(0, result.Status);
        Answer seen = Assert.Single(_upstream.Requests);
        Assert.Equal("POST /pets HTTP/1.1", seen.StartLine);
        Assert.Equal("name=Rex", seen.Text);
        Assert.Equal("text/x-pet", seen["Content-Type"]);
    }

    [Fact]
    public async Task Asks_with_HEAD_and_gets_no_body()
    {
        CommandResult result = await CurlAsync("/pets", "-I");
        Assert.Equal(0, result.Status);
        Assert.StartsWith("HTTP/1.1 200 ", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", result.Output, StringComparison.Ordinal);
        Assert.Equal("HEAD /pets HTTP/1.1", Assert.Single(_upstream.Requests).StartLine);
    }

    [Fact]
    public async Task Uploads_in_chunks()
    {
        byte[] body = Pattern(300_000);
        CommandResult result = await CurlAsync(body, "/pets", "-T", "-");
        Assert.Equal(0, result.Status);
        Assert.Equal(body, Assert.Single(_upstream.Requests).Body);
    }

    [Fact]
    public async Task Waits_for_100_Continue_before_a_large_body()
    {
        byte[] body = Pattern(2_000_000);
        CommandResult result = await CurlAsync(
            body, "/pets", "-v", "--data-binary", "@-", "-H", "Expect: 100-continue", "--expect100-timeout", "25");
        Assert.Equal(0, result.Status);
        Assert.Contains("< HTTP/1.1 100 Continue", result.Errors, StringComparison.Ordinal);
        Answer seen = Assert.Single(_upstream.Requests);
        Assert.Equal(body, seen.Body);
        Assert.Null(seen["Expect"]);
    }

    [Fact]
    public async Task Speaks_HTTP_1_0_and_is_answered_until_the_connection_closes()
    {
        CommandResult result = await CurlAsync("/pets", "-i", "--http1.0");
        Assert.Equal(0, result.Status);
        Assert.Contains("GET /pets", result.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?im)^transfer-encoding:", result.Output);
    }

    [Fact]
    public async Task Reuses_its_connection_for_several_URLs()
    {
        CommandResult result = await CurlAsync("/c", "-v", Url("/a"), Url("/b"));
        Assert.Equal(0, result.Status);
        Assert.Equal(2, result.Errors.Split("Re-using existing connection").Length - 1);
        Assert.Equal(["GET /a HTTP/1.1", "GET /b HTTP/1.1", "GET /c HTTP/1.1"], _upstream.Requests.Select(request => request.StartLine));
    }

    [Fact]
    public async Task Is_told_that_no_route_matches_as_API_Gateway_says_it()
    {
        CommandResult result = await CurlAsync("/", "-i");
        Assert.StartsWith("HTTP/1.1 403 ", result.Output, StringComparison.Ordinal);
        Assert.Matches("(?im)^x-amzn-ErrorType: MissingAuthenticationTokenException\r$", result.Output);
        Assert.EndsWith("\r\n\r\n{\"message\":\"Missing Authentication Token\"}", result.Output, StringComparison.Ordinal);
    }

    private static byte[] Pattern(int length)
    {
        byte[] bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private string Url(string path) => $"http://127.0.0.1:{_node.DataPort}{path}";

    private Task<CommandResult> CurlAsync(string path, params string[] options) => CurlAsync(null, path, options);

    private Task<CommandResult> CurlAsync(byte[]? input, string path, params string[] options) =>
        Command.RunAsync("curl", ["-s", "-S", "--noproxy", "*", "-m", "25", .. options, Url(path)], input);
}
