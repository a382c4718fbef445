using EdgeProxy.Commands;

namespace EdgeProxy.Tests.Process.Commands;

public sealed class DiffCommandTests : IDisposable
{
    private const string Answer =
        """{"restApiId":"abc","stageName":"a b","deploymentId":"dep1","problem":"No integration defined for method","changes":[{"change":"added","kind":"method","name":"GET /x"},{"change":"removed","kind":"model","name":"Pet"},{"change":"changed","kind":"method","name":"GET /y","differences":[{"path":"/methodIntegration/uri","before":"http://a","after":"http://b"},{"path":"/apiKeyRequired","after":true}]}]}""";

    private readonly AnsweringNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Writes_what_came_went_and_changed()
    {
        (int exit, List<string> requests) = await RunAsync(OutputForm.Text, (200, Answer));
        Assert.Equal(ExitStatus.Ok, exit);
        Assert.StartsWith("GET /restapis/abc/stages/a%20b/diff HTTP/1.1\r\n", requests[0], StringComparison.Ordinal);
        Assert.Equal(
            """
            abc, stage a b (deployment dep1): 3 changes
            It cannot be deployed: No integration defined for method
            + method GET /x
            - model Pet
            ~ method GET /y
                /methodIntegration/uri: "http://a" -> "http://b"
                /apiKeyRequired: nothing -> true

            """,
            _node.Output.ToString());
    }

    [Fact]
    public async Task Says_when_there_is_nothing_to_deploy()
    {
        await RunAsync(OutputForm.Text, (200, """{"restApiId":"abc","stageName":"prod","deploymentId":"d","changes":[]}"""));
        Assert.Equal("abc, stage prod (deployment d): nothing to deploy\n", _node.Output.ToString());
    }

    [Fact]
    public async Task Json_is_what_the_node_answered()
    {
        await RunAsync(OutputForm.Json, (200, Answer));
        Assert.Equal(Answer + "\n", _node.Output.ToString());
    }

    [Fact]
    public async Task An_answer_of_megabytes_is_read_whole()
    {
        string large = """{"changes":[],"restApiId":" """ + new string('x', 3_000_000) + "\"}";
        (int exit, _) = await RunAsync(OutputForm.Json, (200, large));
        Assert.Equal((ExitStatus.Ok, large.Length + 1), (exit, _node.Output.ToString().Length));
    }

    [Theory]
    [InlineData(404, """{"message":"Invalid stage identifier specified"}""", "The node answered 404: Invalid stage identifier specified")]
    [InlineData(200, "<html>", "is it the admin listener of a node?")]
    [InlineData(200, "{}", "is it the admin listener of a node?")]
    public async Task Anything_else_is_status_1(int status, string body, string said)
    {
        (int exit, _) = await RunAsync(OutputForm.Text, (status, body));
        Assert.Equal(ExitStatus.Failed, exit);
        Assert.Contains(said, _node.Errors.ToString(), StringComparison.Ordinal);
    }

    private Task<(int Exit, List<string> Requests)> RunAsync(OutputForm form, params (int, string)[] answers) =>
        _node.RunAsync(() => DiffCommand.Run(_node.Sources, 5_000_000_000, "abc", "a b", form, _node.Output, _node.Errors), answers);
}
