using System.Text.Json;
using EdgeProxy.Commands;

namespace EdgeProxy.Tests.Process.Commands;

public sealed class ValidateCommandTests : IDisposable
{
    private const string Unsupported = """
        openapi: 3.0.1
        info: { title: Later, version: '1' }
        paths:
          /a:
            get:
              responses: { '200': { description: ok } }
              x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: 'arn:aws:apigateway:eu-west-1:firehose:action/PutRecord' }
        """;

    private readonly Workspace _work = new();
    private readonly StringWriter _output = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_good_document_says_nothing_and_is_status_0()
    {
        _work.Write("a.yaml", Workspace.Api("A", "/a"));
        Assert.Equal(ExitStatus.Ok, ValidateCommand.Run(_work.Options(null, "a.yaml"), _output));
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public void A_variable_that_the_stage_has_not_is_named()
    {
        _work.Write("a.yaml", """
            openapi: 3.0.1
            info: { title: A, version: '1' }
            paths:
              /a:
                get:
                  responses: { '200': { description: ok } }
                  x-amazon-apigateway-integration: { type: http_proxy, httpMethod: GET, uri: 'http://${stageVariables.backend}/${stageVariables.path}' }
            """);
        ValidateCommand.Run(_work.Options(null, "a.yaml"), _output);
        Assert.Contains("warning EP1305", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("The stage has no variable backend, path: give it a value (stageVariables).", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_of_all_documents_come_at_once()
    {
        _work.Write("a.yaml", "openapi: 3.0.1\ninfo: {title: A, version: '1'}\npaths:\n  /{x:\n    get: {}\n");
        _work.Write("b.yaml", "[");
        Assert.Equal(ExitStatus.InvalidConfiguration, ValidateCommand.Run(_work.Options("limits: { body: 1MB }", "a.yaml", "b.yaml", "c.yaml"), _output));
        string said = _output.ToString();
        Assert.Matches(@"a\.yaml:4:3: error EP\d{4} #/paths/~1\{x", said);
        Assert.Matches(@"b\.yaml:\d+:\d+: error", said);
        Assert.Contains("c.yaml:1:1: error EP1001", said, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_supported_is_status_3_unless_it_is_allowed()
    {
        _work.Write("a.yaml", Unsupported);
        RunOptions options = _work.Options(null, "a.yaml");
        Assert.Equal(ExitStatus.InvalidConfiguration, ValidateCommand.Run(options, _output));
        Assert.Contains("unsupported", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitStatus.Ok, ValidateCommand.Run(options with { AllowUnsupported = true }, _output));
    }

    [Fact]
    public void Programs_get_one_JSON_object()
    {
        _work.Write("a.yaml", Unsupported);
        ValidateCommand.Run(_work.Options(null, "a.yaml") with { Output = OutputForm.Json }, _output);
        JsonElement problem = JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("problems")[0];
        Assert.Equal(("a.yaml", "unsupported"), (problem.GetProperty("document").GetString(), problem.GetProperty("severity").GetString()));
    }

    [Fact]
    public void Two_APIs_in_one_place_are_a_problem()
    {
        _work.Write("a.yaml", Workspace.Api("A", "/a"));
        _work.Write("b.yaml", Workspace.Api("B", "/b"));
        Assert.Equal(ExitStatus.InvalidConfiguration, ValidateCommand.Run(_work.Options("apis: [{file: a.yaml, basePath: /x}, {file: b.yaml, basePath: /x/}]"), _output));
        Assert.Contains("/x", _output.ToString(), StringComparison.Ordinal);
    }
}
