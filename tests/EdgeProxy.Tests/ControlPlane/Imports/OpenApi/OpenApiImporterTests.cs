using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Imports.OpenApi;

public sealed class OpenApiImporterTests
{
    [Fact]
    public void Gives_each_record_the_place_it_came_from()
    {
        ApiDefinition api = Documents.CheckWell(Documents.Good);
        MethodDefinition method = api.Methods[0];
        Assert.Equal(new Origin("api.yaml", "/paths/~1pets~1{petId}/get", 10, 7), method.Origin);
        Assert.Equal(new Origin("api.yaml", "/paths/~1pets~1{petId}", 6, 3), api.Resources[^1].Origin);
        Assert.Equal(17, method.Integration!.RequestParameters[0].Origin!.Line);
        Assert.Equal("/paths/~1pets~1{petId}/get/responses/200", method.Responses[0].Origin!.Pointer);
    }

    [Theory]
    [InlineData("Fn::Sub", "uri: {Fn::Sub: 'http://x'}")]
    [InlineData("!Sub", "uri: !Sub http://x")]
    public void Explains_that_an_api_document_resolves_no_functions(string function, string uri)
    {
        ProblemList problems = Documents.Check(Documents.WithIntegration($"type: http_proxy\nhttpMethod: GET\n{uri}")).Problems;
        Assert.Contains(problems, problem => problem.Code == ProblemCode.IntrinsicFunction && problem.Message.StartsWith(function, StringComparison.Ordinal) && problem.Origin!.Line == 16);
    }

    [Fact]
    public void Every_rest_api_has_its_root()
    {
        (ApiDefinition? api, _) = Documents.Check("openapi: 3.0.1\ninfo: {title: t}\npaths: {x-none: {}}");
        Assert.Equal("/", Assert.Single(api!.Resources).Path);
        ThroughRecords.Check(api);
    }

    [Fact]
    public void Keeps_going_after_a_broken_operation()
    {
        string text = Documents.Good + "\n  /other:\n    get: text\n  /third:\n    get:\n      responses: {'200': {}}\n      x-amazon-apigateway-integration: {type: mock}\n";
        (ApiDefinition? api, ProblemList problems) = Documents.Check(text);
        Assert.Equal(["/pets/{petId}", "/third"], api!.Methods.Select(method => method.Path));
        Assert.Single(problems, problem => problem.Severity == ProblemSeverity.Error);
    }

    [Fact]
    public void Reads_what_many_operations_share_once_and_reports_it_once()
    {
        const int operations = 2000;
        var text = new System.Text.StringBuilder("{\"openapi\": \"3.0.1\", \"info\": {\"title\": \"t\"}, \"paths\": {");
        for (int i = 0; i < operations; i++)
        {
            text.Append(i == 0 ? "" : ",").Append($"\"/p{i}\": {{\"get\": {{\"responses\": {{\"200\": {{\"$ref\": \"#/components/responses/R\"}}}}, \"x-amazon-apigateway-integration\": {{\"$ref\": \"#/components/x-amazon-apigateway-integrations/I\"}}}}}}");
        }

        text.Append("}, \"components\": {\"responses\": {\"R\": {\"headers\": {");
        for (int i = 0; i < 2000; i++) text.Append(i == 0 ? "" : ",").Append($"\"H{i}\": {{}}");
        text.Append("}}}, \"x-amazon-apigateway-integrations\": {\"I\": {\"type\": \"http_proxy\", \"httpMethod\": \"GET\", \"uri\": \"http://a\", \"contentHandling\": \"no\"}}}}");
        (ApiDefinition? api, ProblemList problems) = Documents.Check(text.ToString(), file: "a.json");
        Assert.Single(problems);
        Assert.Equal(operations, api!.Methods.Count);
        Assert.Same(api.Methods[0].Integration, api.Methods[1].Integration);
        Assert.Same(api.Methods[0].Responses[0].Headers, api.Methods[1].Responses[0].Headers);
    }

    [Fact]
    public void Obeys_the_type_the_node_gives_over_the_documents()
    {
        Assert.Equal(ApiKind.Http, Documents.Check(Documents.Good, new OpenApiImportOptions { Kind = ApiKind.Http }).Api!.Kind);
        Assert.Equal(ApiKind.Rest, Documents.Check("x-edgeproxy-api-type: HTTP\n" + Documents.Good, new OpenApiImportOptions { Kind = ApiKind.Rest }).Api!.Kind);
    }

    [Theory]
    [InlineData("pathz: {}", ProblemSeverity.Error)]
    [InlineData("somethingElse: {}", ProblemSeverity.Warning)]
    public void Takes_an_unknown_member_for_a_slip_when_it_resembles_a_known_one(string member, ProblemSeverity severity)
    {
        Problem problem = Documents.CheckBadly(Documents.Good + "\n" + member);
        Assert.Equal((ProblemCode.UnknownKey, severity), (problem.Code, problem.Severity));
    }

    [Fact]
    public void Warns_of_a_slash_at_the_end_and_leaves_it_away()
    {
        (ApiDefinition? api, ProblemList problems) = Documents.Check(Documents.Good.Replace("/pets/{petId}:", "/pets/{petId}/:", StringComparison.Ordinal));
        Assert.Equal("/pets/{petId}", api!.Methods[0].Path);
        Assert.Equal(ProblemSeverity.Warning, Assert.Single(problems).Severity);
    }

    [Fact]
    public void Finds_what_else_is_wrong_with_an_integration_of_a_wrong_type() =>
        Assert.Equal(
            [ProblemCode.NotAllowed, ProblemCode.Missing, ProblemCode.UnmappedPlaceholder],
            Documents.Check(Documents.WithIntegration("type: http_prox\nuri: http://a/{id}")).Problems.Select(problem => problem.Code));
}
