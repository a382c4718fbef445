using System.Text;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using IntegrationKind = EdgeProxy.Definitions.IntegrationKind;

namespace EdgeProxy.Tests.Compiler.Passes;

public sealed class CompileModelsTests
{
    private const string Validators = "x-amazon-apigateway-request-validators: {v: {validateRequestBody: true, validateRequestParameters: true}}\n";
    private const string Used = Validators + "x-amazon-apigateway-request-validator: v\n";

    [Fact]
    public void A_wrong_schema_that_is_validated_with_is_an_error_at_its_line_and_column()
    {
        (ProblemList problems, DeploymentPlan? plan) = Run("""
            Pet:
              type: object
              properties:
                name: {type: string}
                age:
                  type: intger
            """, Used);
        Problem problem = Assert.Single(problems);
        Assert.Equal((ProblemCode.BadModel, ProblemSeverity.Error), (problem.Code, problem.Severity));
        Assert.Equal(new Origin("a.yaml", "/components/schemas/Pet/properties/age/type", 17, 17), problem.Origin);
        Assert.Contains("\"intger\"", problem.Message, StringComparison.Ordinal);
        Assert.Null(plan);
    }

    [Theory]
    [InlineData("", false, ProblemSeverity.Warning)]
    [InlineData(Validators, false, ProblemSeverity.Warning)]
    [InlineData("", true, ProblemSeverity.Error)]
    public void A_wrong_schema_that_nobody_validates_with_is_a_warning_unless_strict(string root, bool strict, ProblemSeverity expected)
    {
        (ProblemList problems, DeploymentPlan? plan) = Run("Pet: {type: intger}", root, strict);
        Assert.Equal(expected, Assert.Single(problems).Severity);
        Assert.Equal(expected == ProblemSeverity.Warning, plan is not null);
    }

    [Fact]
    public void What_several_models_lead_to_is_said_once_and_as_an_error_when_one_of_them_is_in_use()
    {
        (ProblemList problems, _) = Run("Broken: {pattern: '('}\nOther: {items: {$ref: '#/components/schemas/Broken'}}\nPet: {not: {$ref: '#/components/schemas/Broken'}}", Used);
        Assert.Equal(ProblemSeverity.Error, Assert.Single(problems).Severity);
    }

    [Fact]
    public void A_schema_that_cannot_be_run_closes_the_method_that_validates_with_it()
    {
        (ProblemList problems, DeploymentPlan? plan) = Run("Pet: {multipleOf: 0.1234567890123456789012345}", Used);
        Assert.Equal((ProblemCode.UnsupportedValidation, ProblemSeverity.Unsupported), (Assert.Single(problems).Code, problems[0].Severity));
        Assert.Equal(GatewayResponseType.ApiConfigurationError, Assert.Single(plan!.Routes).ClosedBy);
    }

    [Fact]
    public void A_route_asks_for_the_required_parameters_in_the_order_of_their_keys()
    {
        (_, DeploymentPlan? plan) = Run("Pet: {}", Used);
        ValidationPlan validation = Assert.Single(plan!.Routes).Validation;
        Assert.Equal(["x-b", "id", "q"], validation.Required.Select(static parameter => parameter.Name.ToString()));
        Assert.Equal("application/json", Assert.Single(validation.Bodies).MediaType.ToString());
    }

    [Fact]
    public void Without_a_validator_a_route_asks_for_nothing()
    {
        (_, DeploymentPlan? plan) = Run("Pet: {}", Validators);
        Assert.Same(ValidationPlan.None, Assert.Single(plan!.Routes).Validation);
    }

    [Fact]
    public void A_model_without_a_place_is_reported_without_one()
    {
        var problems = new ProblemList();
        var api = new ApiDefinition
        {
            Id = "abcde12345",
            Name = "n",
            Models = [new ModelDefinition("Pet", "application/json", "{\"type\": 1}", null, null), new ModelDefinition("Bad", "application/json", "{", null, null)],
            RequestValidators = [new RequestValidatorDefinition("v", true, false, null)],
            Methods = [new MethodDefinition { Path = "/", Verb = "GET", RequestValidator = "v", RequestModels = [new ModelUseDefinition("application/json", "Pet", null)] }],
        };
        CompileModels.Run(api, new CheckOptions(), problems);
        Assert.Equal([(ProblemSeverity.Warning, null), (ProblemSeverity.Error, null)], problems.Select(static problem => (problem.Severity, problem.Origin)));
    }

    private static (ProblemList Problems, DeploymentPlan? Plan) Run(string schemas, string root, bool strict = false)
    {
        string text = """
            openapi: 3.0.1
            info: {title: T, version: '1'}
            paths:
              /x/{id}:
                post:
                  parameters: [{name: q, in: query, required: true}, {name: id, in: path, required: true}, {name: x-b, in: header, required: true}, {name: x-a, in: header}]
                  requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
                  responses: {'200': {description: ok}}
                  x-amazon-apigateway-integration: {type: http_proxy, httpMethod: POST, uri: 'http://backend/x'}
            components:
              schemas:
            """ + "\n" + string.Join('\n', schemas.ReplaceLineEndings("\n").Split('\n').Select(static line => "    " + line)) + "\n" + root;
        var problems = new ProblemList();
        ApiDefinition? api = OpenApiImporter.Import("a.yaml", Encoding.UTF8.GetBytes(text), new OpenApiImportOptions(), problems);
        Assert.Empty(problems);
        Assert.Equal(IntegrationKind.HttpProxy, api!.Methods[0].Integration!.Kind);
        return (problems, ApiCompiler.Compile(api, new CheckOptions { Strict = strict }, problems));
    }
}
