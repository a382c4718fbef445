using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Tests.ControlPlane.Imports.OpenApi;

namespace EdgeProxy.Tests.Compiler.Passes;

public sealed class CompileTemplatesTests
{
    [Fact]
    public void An_error_is_told_at_its_place_in_the_document_and_answered_500_at_run_time()
    {
        const string Text = """
            openapi: 3.0.1
            info: {title: Pets, version: '1'}
            paths:
              /x:
                get:
                  responses: {'200': {description: ok}}
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates:
                      application/json: |

                        {"statusCode": 200}
                          #if(true
                    responses:
                      default:
                        statusCode: 200
                        responseTemplates: {application/json: 'ab #end', text/plain: "a\n#end"}
            """;
        (ApiDefinition api, CompileTemplates templates, ProblemList problems) = Run(Text);
        Problem[] found = [.. problems.Where(static problem => problem.Code == ProblemCode.BadTemplate)];
        Assert.Equal(3, found.Length);
        Assert.All(found, static problem => Assert.Equal(ProblemSeverity.Warning, problem.Severity));
        Assert.Equal((13, true), (found[0].Origin!.Line, found[0].Origin!.Column >= 15));
        Assert.Contains("line 3,", found[0].Message, StringComparison.Ordinal);
        Assert.Equal((17, 55), (found[1].Origin!.Line, found[1].Origin!.Column));

        // Folded and coded texts do not stand in the document as they are: the problem tells the text's own line.
        Assert.Equal(17, found[2].Origin!.Line);
        Assert.Contains("line 2, column 1:", found[2].Message, StringComparison.Ordinal);
        BodyTemplate broken = templates.PlanOf(api.Methods[0].Integration!.RequestTemplates[0]);
        Assert.Equal((null, null, false), (broken.Program, broken.Constant, broken.IsEmpty));
    }

    [Fact]
    public void The_same_text_is_compiled_once()
    {
        (ApiDefinition api, CompileTemplates templates, ProblemList problems) = Run(Documents.WithIntegration(
            "type: mock\nrequestTemplates: {application/json: '$input.body', text/plain: '$input.body', text/x: '{}'}\nresponses: {default: {statusCode: 200}}"));
        Assert.DoesNotContain(problems, static problem => problem.Code == ProblemCode.BadTemplate);
        IReadOnlyList<TemplateDefinition> definitions = api.Methods[0].Integration!.RequestTemplates;
        Assert.Same(templates.PlanOf(definitions[0]).Program, templates.PlanOf(definitions[1]).Program);
        Assert.Null(templates.PlanOf(definitions[2]).Program);
    }

    [Theory]
    [InlineData(300 * 1024, false)]
    [InlineData((300 * 1024) + 1, true)]
    public void A_template_longer_than_api_gateway_takes_is_an_error(int length, bool isError)
    {
        string text = "$x" + new string('a', length - 2);
        (_, _, ProblemList problems) = Run(Documents.WithIntegration($"type: mock\nrequestTemplates: {{application/json: '{text}'}}\nresponses: {{default: {{statusCode: 200}}}}"));
        Assert.Equal(isError ? [(ProblemCode.BadTemplate, ProblemSeverity.Error)] : [], problems.Where(static problem => problem.Code == ProblemCode.BadTemplate).Select(static problem => (problem.Code, problem.Severity)));
    }

    [Fact]
    public void Warns_of_a_mock_whose_constant_names_no_status()
    {
        (_, _, ProblemList problems) = Run(Documents.WithIntegration("type: mock\nrequestTemplates: {application/json: '{\"statusCode\": \"200\"}'}\nresponses: {default: {statusCode: 200}}"));
        Assert.Equal((ProblemCode.BadMockTemplate, ProblemSeverity.Warning), (Assert.Single(problems).Code, problems[0].Severity));
    }

    [Fact]
    public void Proxy_types_templates_are_looked_at_by_nobody()
    {
        (_, _, ProblemList problems) = Run(Documents.WithIntegration("type: http_proxy\nhttpMethod: GET\nuri: http://b/\nrequestTemplates: {application/json: '#if('}"));
        Assert.DoesNotContain(problems, static problem => problem.Code == ProblemCode.BadTemplate);
    }

    private static (ApiDefinition, CompileTemplates, ProblemList) Run(string text)
    {
        var problems = new ProblemList();
        ApiDefinition? api = OpenApiImporter.Import("a.yaml", System.Text.Encoding.UTF8.GetBytes(text), new OpenApiImportOptions(), problems);
        Assert.NotNull(api);
        return (api, CompileTemplates.Run(api, problems), problems);
    }
}
