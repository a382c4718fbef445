using EdgeProxy.Commands;

namespace EdgeProxy.Tests.Process.Commands;

public sealed class ImportCommandTests : IDisposable
{
    private readonly AnsweringNode _node = new();

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData("x-edgeproxy-api-type: HTTP", null)]
    [InlineData("x-amazon-apigateway-importexport-version: '1.0'", null)]
    [InlineData("x-other: 1", "http")]
    public async Task A_document_of_an_HTTP_API_goes_to_V2_and_its_stage_is_made_and_deployed(string mark, string? type)
    {
        (int exit, List<string> requests) = await RunAsync(
            "openapi: 3.0.1\n" + mark, type, "prod", (201, """{"apiId":"abc","warnings":["careful"]}"""), (404, "{}"), (201, """{"stageName":"prod"}"""), (201, """{"deploymentId":"d"}"""));
        Assert.Equal((ExitStatus.Ok, "abc\n", "Warning: careful\n"), (exit, _node.Output.ToString(), _node.Errors.ToString()));
        Assert.Equal(["PUT /v2/apis", "GET /v2/apis/abc/stages/prod", "POST /v2/apis/abc/stages", "POST /v2/apis/abc/deployments"], requests.ConvertAll(static request => request[..request.IndexOf(" HTTP", StringComparison.Ordinal)]));
        Assert.EndsWith($$"""{"body":"openapi: 3.0.1\n{{mark}}"}""", requests[0], StringComparison.Ordinal);
        Assert.EndsWith("""{"stageName":"prod"}""", requests[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_that_deploys_itself_is_left_to_it()
    {
        (int exit, List<string> requests) = await RunAsync("x-edgeproxy-api-type: HTTP", null, "$default", (201, """{"apiId":"abc"}"""), (200, """{"stageName":"$default","autoDeploy":true}"""));
        Assert.Equal((ExitStatus.Ok, 2), (exit, requests.Count));
    }

    [Theory]
    [InlineData("openapi: 3.0.1", null)]
    [InlineData("x-edgeproxy-api-type: HTTP", "rest")]
    [InlineData("x-edgeproxy-api-type: REST", null)]
    [InlineData("{ no document", null)]
    public async Task Any_other_goes_to_V1(string document, string? type)
    {
        (int exit, List<string> requests) = await RunAsync(document, type, null, (201, """{"id":"abc"}"""));
        Assert.Equal((ExitStatus.Ok, "abc\n"), (exit, _node.Output.ToString()));
        Assert.StartsWith("POST /restapis?mode=import HTTP", requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_told_and_nothing_follows_it()
    {
        (int exit, List<string> requests) = await RunAsync("x-edgeproxy-api-type: HTTP", null, "prod", (400, """{"message":"Invalid OpenAPI input."}"""));
        Assert.Equal((ExitStatus.Failed, 1, "The node answered 400: Invalid OpenAPI input.\n", ""), (exit, requests.Count, _node.Errors.ToString(), _node.Output.ToString()));
    }

    private Task<(int Exit, List<string> Requests)> RunAsync(string document, string? type, string? stage, params (int, string)[] answers)
    {
        _node.Work.Write("api.yaml", document);
        var options = new ImportOptions { Sources = _node.Sources, File = Path.Combine(_node.Work.Folder, "api.yaml"), Type = type, Stage = stage, Timeout = 5_000_000_000 };
        return _node.RunAsync(() => ImportCommand.Run(options, _node.Output, _node.Errors), answers);
    }
}
