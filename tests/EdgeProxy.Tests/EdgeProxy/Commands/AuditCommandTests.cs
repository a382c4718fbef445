using EdgeProxy.Commands;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Commands;

public sealed class AuditCommandTests : IDisposable
{
    private const string Record = """{"userIdentity":{"accessKeyId":"ANN"},"eventTime":"2026-11-23T10:00:01Z","eventName":"GetApis","sourceIPAddress":"192.0.2.7"}""";

    private readonly AnsweringNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Asks_page_by_page_until_there_are_as_many_as_were_asked_for()
    {
        (int exit, List<string> requests) = await RunAsync(
            new AuditOptions { Sources = _node.Sources, Limit = 2, Event = "Get Apis", Timeout = 5_000_000_000 },
            (200, $$"""{"Records":[{{Record}}],"nextToken":"7"}"""),
            (200, $$"""{"Records":[{{Record}}],"nextToken":"6"}"""));

        Assert.Equal(ExitStatus.Ok, exit);
        Assert.StartsWith("GET /audit?event=Get%20Apis&limit=2&nextToken= HTTP/1.1", requests[0], StringComparison.Ordinal);
        Assert.StartsWith("GET /audit?event=Get%20Apis&limit=1&nextToken=7 HTTP/1.1", requests[1], StringComparison.Ordinal);
        Assert.Equal(2, _node.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("ANN", _node.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_node_refuses_is_told()
    {
        (int exit, _) = await RunAsync(new AuditOptions { Sources = _node.Sources, Timeout = 5_000_000_000 }, (403, """{"message":"Missing Authentication Token"}"""));

        Assert.Equal(ExitStatus.Failed, exit);
        Assert.StartsWith("The node answered 403: Missing Authentication Token\nIt takes calls that are signed with a key of admin.credentials: set AWS_ACCESS_KEY_ID ", _node.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_is_none_is_an_invalid_configuration()
    {
        var options = new AuditOptions { Sources = new SettingSources { WorkingDirectory = "/", Flags = [("admin.url", "nonsense", "--admin")] }, Timeout = 5_000_000_000 };

        Assert.Equal(ExitStatus.InvalidConfiguration, AuditCommand.Run(options, TimeProvider.System, _node.Output, _node.Errors));
        Assert.Equal(ExitStatus.InvalidConfiguration, AuditCommand.Verify(options, _node.Output, _node.Errors));
    }

    private Task<(int Exit, List<string> Requests)> RunAsync(AuditOptions options, params (int Status, string Body)[] answers) =>
        _node.RunAsync(() => AuditCommand.Run(options, TimeProvider.System, _node.Output, _node.Errors), answers);
}
