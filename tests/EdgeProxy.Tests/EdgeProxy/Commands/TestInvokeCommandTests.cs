using EdgeProxy.Commands;

namespace EdgeProxy.Tests.Process.Commands;

public sealed class TestInvokeCommandTests : IDisposable
{
    private const string Answer = """{"status":201,"body":"made","headers":{"A":"2"},"multiValueHeaders":{"A":["1","2"]},"log":"Execution log for request x\n","latency":12}""";

    private readonly AnsweringNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Finds_the_resource_page_by_page_and_writes_how_it_went()
    {
        (int exit, List<string> requests) = await RunAsync(
            OptionsOf(), (200, """{"position":"p 1","item":[{"id":"r1","path":"/"}]}"""), (200, """{"item":[{"id":"r2","path":"/pets/{id}"}]}"""), (200, Answer));
        Assert.Equal(ExitStatus.Ok, exit);
        Assert.StartsWith("GET /restapis/abc/resources?limit=500 HTTP/1.1\r\n", requests[0], StringComparison.Ordinal);
        Assert.StartsWith("GET /restapis/abc/resources?limit=500&position=p%201 HTTP/1.1\r\n", requests[1], StringComparison.Ordinal);
        Assert.StartsWith("POST /restapis/abc/resources/r2/methods/PUT HTTP/1.1\r\n", requests[2], StringComparison.Ordinal);
        Assert.EndsWith("""{"pathWithQueryString":"/pets/1","multiValueHeaders":{"X-A":["1","2"]},"stageVariables":{"host":"h:1"},"body":"{}"}""", requests[2], StringComparison.Ordinal);
        Assert.Equal("Execution log for request x\n\n201, 12 ms\nA: 1\nA: 2\n\nmade\n", _node.Output.ToString());
    }

    [Fact]
    public async Task A_resource_that_is_not_there_is_status_1()
    {
        (int exit, _) = await RunAsync(OptionsOf(), (200, """{"item":[]}"""));
        Assert.Equal(ExitStatus.Failed, exit);
        Assert.Contains("has no resource /pets/{id}", _node.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_node_refuses_is_told()
    {
        (int exit, _) = await RunAsync(OptionsOf(), (200, """{"item":[{"id":"r2","path":"/pets/{id}"}]}"""), (404, """{"message":"Invalid Method identifier specified"}"""));
        Assert.Equal(ExitStatus.Failed, exit);
        Assert.Contains("The node answered 404: Invalid Method identifier specified", _node.Errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-colon", "a=b", "{}")]
    [InlineData("A: b", "novalue", "{}")]
    [InlineData("A: b", "a=b", "@/nowhere/to/be/found")]
    public void What_cannot_be_sent_is_wrong_usage(string header, string variable, string body)
    {
        var options = new TestInvokeOptions { Sources = _node.Sources, Api = "abc", Method = "GET", Resource = "/", Headers = [header], StageVariables = [variable], Body = body };
        Assert.Equal(ExitStatus.WrongUsage, TestInvokeCommand.Run(options, _node.Output, _node.Errors));
        Assert.NotEqual("", _node.Errors.ToString());
        Assert.True(body[0] != '@' || _node.Errors.ToString() == "/nowhere/to/be/found cannot be read: there is no such folder.\n", _node.Errors.ToString());
    }

    private TestInvokeOptions OptionsOf() => new()
    {
        Sources = _node.Sources,
        Api = "abc",
        Method = "put",
        Resource = "/pets/{id}",
        Path = "/pets/1",
        Headers = ["X-A: 1", "X-A:2"],
        StageVariables = ["host=h:1"],
        Body = "{}",
        Timeout = 5_000_000_000,
    };

    private Task<(int Exit, List<string> Requests)> RunAsync(TestInvokeOptions options, params (int, string)[] answers) =>
        _node.RunAsync(() => TestInvokeCommand.Run(options, _node.Output, _node.Errors), answers);
}
