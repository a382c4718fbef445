using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using static EdgeProxy.Conformance.Tests.ApiGateway.OpenApiDocument;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>openapi-and-templates.md 4.3: variables replaced at import, and those left for run time.</summary>
public sealed class OpenApi_4_3_Variables
{
    [Fact]
    public void Replaces_account_partition_and_region_in_any_text()
    {
        string text = Of(Get(integration: "credentials: arn:${AWS::Partition}:iam::${AWS::AccountId}:role/x\nconnectionId: ${AWS::Region}"));
        IntegrationDefinition integration = Accepted(text, new OpenApiImportOptions { AccountId = "42", Region = "eu-west-1", Partition = "aws-cn" }).Methods[0].Integration!;
        Assert.Equal(("arn:aws-cn:iam::42:role/x", "eu-west-1"), (integration.Credentials, integration.ConnectionId));
    }

    [Fact]
    public void Leaves_stage_variables_for_run_time() =>
        Assert.Equal("http://${stageVariables.host}/", Accepted(Of(Get()).Replace("http://backend/x", "http://${stageVariables.host}/", StringComparison.Ordinal)).Methods[0].Integration!.Uri);

    [Fact]
    public void Reports_a_variable_that_nothing_knows()
    {
        Problem problem = Errors(Of(Get(integration: "credentials: ${AWS::StackName}")))[0];
        Assert.Equal((ProblemCode.BadFormat, 11), (problem.Code, problem.Origin!.Line));
    }
}
