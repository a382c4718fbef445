using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Lambda;

/// <summary>lambda.md 5 and 6: restore hooks, extensions and telemetry are not offered.</summary>
public sealed class Lambda_5_6_NotOffered
{
    [Theory]
    [InlineData("GET /2018-06-01/runtime/restore/next", 404)]
    [InlineData("POST /2018-06-01/runtime/restore/error", 404)]
    [InlineData("POST /2020-01-01/extension/register", 404)]
    [InlineData("GET /2020-01-01/extension/event/next", 404)]
    [InlineData("PUT /2022-07-01/telemetry", 404)]
    [InlineData("PUT /2020-08-15/logs", 404)]
    [InlineData("GET /2018-06-01/runtime/invocation//response", 404)]
    [InlineData("POST /2018-06-01/runtime/invocation/next", 405)]
    public void What_is_not_offered_is_not_found(string request, int status)
    {
        using var stage = new RuntimeStage();
        string answer = stage.Ready().Ask($"{request} HTTP/1.1\r\nHost: 127.0.0.1:9001\r\nContent-Length: 0\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }
}
