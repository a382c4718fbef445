using EdgeProxy.Commands;

namespace EdgeProxy.Tests.Process.Commands;

public sealed class ExportCommandTests : IDisposable
{
    private readonly AnsweringNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task An_API_that_no_file_can_hold_is_told_and_the_exit_status_says_so()
    {
        (int exit, _) = await RunAsync((200, """{"settings":"# none","documents":[],"notes":["one thing"],"missing":["the WebSocket API abc (Chat), for which documents have no form. It is in the store alone."]}"""));
        Assert.Equal(ExitStatus.Failed, exit);
        Assert.Equal("Not written: one thing\nCannot be exported: the WebSocket API abc (Chat), for which documents have no form. It is in the store alone.\n", _node.Errors.ToString());
        Assert.Equal("# none", File.ReadAllText(Path.Combine(_node.Work.Folder, "out", "edgeproxy.yaml")));
    }

    [Fact]
    public async Task An_export_that_is_whole_is_status_0()
    {
        (int exit, _) = await RunAsync((200, """{"settings":"# none","documents":[],"notes":[],"missing":[]}"""));
        Assert.Equal((ExitStatus.Ok, ""), (exit, _node.Errors.ToString()));
    }

    [Fact]
    public async Task Secrets_are_asked_for_with_a_key_that_has_full_rights()
    {
        (int exit, List<string> requests) = await RunAsync(true, (403, """{"message":"Missing Authentication Token"}"""));
        Assert.Equal(ExitStatus.Failed, exit);
        Assert.Contains("Credential=OPERATOR/", requests[0], StringComparison.Ordinal);
        Assert.Contains("AWS_ACCESS_KEY_ID", _node.Errors.ToString(), StringComparison.Ordinal);
        (_, requests) = await RunAsync(false, (403, "{}"));
        Assert.Contains("Credential=READER/", requests[0], StringComparison.Ordinal);
    }

    private Task<(int Exit, List<string> Requests)> RunAsync(params (int, string)[] answers) => RunAsync(false, answers);

    private Task<(int Exit, List<string> Requests)> RunAsync(bool withSecrets, params (int, string)[] answers)
    {
        _node.Work.Write("keys.yaml", "admin:\n  credentials:\n  - { accessKeyId: OPERATOR, secretAccessKey: secret-of-the-operator, rights: full }\n  - { accessKeyId: READER, secretAccessKey: secret-of-the-reader, rights: read }\n");
        var options = new ExportOptions
        {
            Sources = _node.Sources with { File = Path.Combine(_node.Work.Folder, "keys.yaml") },
            Folder = Path.Combine(_node.Work.Folder, "out"),
            WithSecrets = withSecrets,
            Timeout = 5_000_000_000,
        };
        return _node.RunAsync(() => ExportCommand.Run(options, _node.Output, _node.Errors), answers);
    }
}
