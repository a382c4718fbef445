using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Control;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Control;

public sealed class ApiDocumentsTests : IDisposable
{
    private static readonly ImportChoices Choices = new(BasePathMode.Mount, Strict: false);

    private readonly Workspace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData(29_000, null)]
    [InlineData(5_000, 5_000)]
    [InlineData(60_000, 60_000)]
    public void An_integration_without_a_time_out_gets_the_one_of_the_settings(int setting, int? milliseconds)
    {
        _work.Write("a.yaml", Workspace.Api("A", "/a"));
        LoadedApi api = Assert.Single(new ApiDocuments().Load([Api("a.yaml")], Choices with { LongestTimeoutInMillis = setting }, new ProblemList()));
        Assert.Equal(milliseconds, Assert.Single(api.Definition.Methods).Integration!.TimeoutInMillis);
    }

    [Theory]
    [InlineData("", "responseTransferMode: STREAM", 1_200_000, null)]
    [InlineData("", "responseTransferMode: STREAM", 10_000, null)]
    [InlineData("type: http", "", 60_000, 30_000)]
    [InlineData("type: http", "", 10_000, 10_000)]
    public void What_the_settings_say_of_time_outs_is_no_more_than_the_kind_of_API_or_answer_allows(string kind, string member, int setting, int? milliseconds)
    {
        _work.Write("a.yaml", $$"""
            openapi: 3.0.1
            info: { title: A, version: '1' }
            paths:
              /a:
                get:
                  responses: { '200': { description: ok } }
                  x-amazon-apigateway-integration:
                    type: http_proxy
                    httpMethod: GET
                    uri: http://127.0.0.1:1/
                    {{(kind.Length > 0 ? "payloadFormatVersion: '1.0'" : member)}}
            """);
        var problems = new ProblemList();
        ApiSettings settings = kind.Length > 0 ? Api("a.yaml") with { Type = "http" } : Api("a.yaml");
        LoadedApi api = Assert.Single(new ApiDocuments().Load([settings], Choices with { LongestTimeoutInMillis = setting }, problems));
        Assert.Equal(milliseconds, Assert.Single(api.Definition.Methods).Integration!.TimeoutInMillis);
        CheckDefinitions.Run(api.Definition, new CheckOptions { LongestTimeoutInMillis = setting }, problems);
        Assert.DoesNotContain(problems, static problem => problem.Code == ProblemCode.OutOfRange);
    }

    [Fact]
    public void The_settings_name_what_the_document_does_not_have_to()
    {
        _work.Write("a.yaml", Workspace.Api("A", "/a"));
        ApiSettings settings = Api("a.yaml") with
        {
            Id = "MyApi", Name = "Mine", Stage = "test", Domains = ["API.Example.com"], BasePath = "/v1/", StageVariables = new Dictionary<string, string> { ["a"] = "b" },
        };
        MountedApi mounted = Assert.Single(ApiDocuments.Mounted(new ApiDocuments().Load([settings], Choices, new ProblemList())));
        Assert.Equal(("myapi", "Mine", "test", "v1"), (mounted.Api.Id, mounted.Api.Name, mounted.Stage.Name, mounted.BasePath));
        Assert.Equal(["api.example.com"], mounted.Domains);
        Assert.Equal("b", mounted.Stage.Variables["a"]);
    }

    [Fact]
    public void A_document_that_cannot_be_read_is_left_out_and_the_others_are_not()
    {
        _work.Write("a.yaml", Workspace.Api("A", "/a"));
        var problems = new ProblemList();
        Assert.Single(new ApiDocuments().Load([Api("none.yaml"), Api("a.yaml")], Choices, problems));
        Assert.Equal(ProblemCode.UnreadableFile, Assert.Single(problems).Code);
    }

    [Fact]
    public void A_document_that_did_not_change_is_not_read_again()
    {
        _work.Write("a.yaml", Workspace.Api("A", "/a"));
        _work.Write("b.yaml", Workspace.Api("B", "/b"));
        var documents = new ApiDocuments();
        ApiSettings[] settings = [Api("a.yaml"), Api("b.yaml")];
        IReadOnlyList<LoadedApi> first = documents.Load(settings, Choices, new ProblemList());
        documents.Keep(first);
        _work.Write("b.yaml", Workspace.Api("B", "/c"));
        IReadOnlyList<LoadedApi> second = documents.Load(settings, Choices, new ProblemList());
        Assert.Same(first[0].Content, second[0].Content);
        Assert.NotSame(first[1].Content, second[1].Content);
        Assert.Equal("/c", Assert.Single(second[1].Definition.Methods).Path);
    }

    private ApiSettings Api(string file) => new() { File = Path.Combine(_work.Folder, file), DisplayFile = file, Stage = "prod" };
}
