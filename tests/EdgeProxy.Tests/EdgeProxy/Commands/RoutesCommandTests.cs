using System.Text.Json;
using EdgeProxy.Commands;

namespace EdgeProxy.Tests.Process.Commands;

public sealed class RoutesCommandTests : IDisposable
{
    private readonly Workspace _work = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Shows_what_is_served_where()
    {
        _work.Write("a.yaml", Workspace.Api("A", "/", "/pets/{id}"));
        Assert.Equal(ExitStatus.Ok, RoutesCommand.Run(_work.Options("apis: [{file: a.yaml, basePath: /v1, domains: [api.example.com]}]"), _output, _errors));
        Assert.Equal(["api.example.com  GET  /v1            -> mock", "api.example.com  GET  /v1/pets/{id}  -> mock"], Lines());
    }

    [Theory]
    [InlineData("/", "pets.openapi.yaml")]
    [InlineData("/pets", "pets.openapi.yaml", "other.yaml")]
    public void The_base_path_is_the_root_for_one_document_and_its_stem_for_several(string basePath, params string[] files)
    {
        foreach (string file in files) _work.Write(file, Workspace.Api(file, "/x"));
        RoutesCommand.Run(_work.Options(null, files), _output, _errors);
        Assert.Contains($"  {basePath.TrimEnd('/')}/x ", Lines()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_base_path_of_the_document_comes_before_those_and_that_of_the_settings_before_it()
    {
        _work.Write("a.yaml", Workspace.Api("A", "/x") + "servers: [{ url: 'https://example.com/v2' }]\n");
        RoutesCommand.Run(_work.Options(null, "a.yaml"), _output, _errors);
        Assert.Contains("  /v2/x ", Lines()[0], StringComparison.Ordinal);
        _output.GetStringBuilder().Clear();
        RoutesCommand.Run(_work.Options("apis: [{ file: a.yaml, basePath: / }]", "a.yaml"), _output, _errors);
        Assert.Contains("  /x ", Lines()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_get_JSON()
    {
        _work.Write("a.yaml", Workspace.Api("A", "/x"));
        RoutesCommand.Run(_work.Options(null, "a.yaml") with { Output = OutputForm.Json }, _output, _errors);
        JsonElement route = JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("routes")[0];
        Assert.Equal(("*", "GET", "/x", "mock", "prod"), (Text("host"), Text("method"), Text("path"), Text("target"), Text("stage")));

        string? Text(string name) => route.GetProperty(name).GetString();
    }

    [Fact]
    public void A_broken_document_is_status_3_with_its_problems_on_standard_error()
    {
        _work.Write("a.yaml", "openapi: 3.0.1\n");
        Assert.Equal(ExitStatus.InvalidConfiguration, RoutesCommand.Run(_work.Options(null, "a.yaml"), _output, _errors));
        Assert.Contains("a.yaml:1:1", _errors.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    private string[] Lines() => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
