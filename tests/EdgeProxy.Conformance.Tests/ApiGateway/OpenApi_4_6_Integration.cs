using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using static EdgeProxy.Conformance.Tests.ApiGateway.OpenApiDocument;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>openapi-and-templates.md 4.6: the integration object, member by member.</summary>
public sealed class OpenApi_4_6_Integration
{
    [Theory]
    [InlineData("http", IntegrationKind.Http)]
    [InlineData("HTTP_PROXY", IntegrationKind.HttpProxy)]
    [InlineData("Mock", IntegrationKind.Mock)]
    [InlineData("aws", IntegrationKind.Aws)]
    [InlineData("AWS_PROXY", IntegrationKind.AwsProxy)]
    public void Takes_the_type_in_any_case(string type, IntegrationKind kind) =>
        Assert.Equal(kind, Checked(Of(Get()).Replace("type: http_proxy", $"type: {type}", StringComparison.Ordinal)).Api!.Methods[0].Integration!.Kind);

    [Fact]
    public void Records_every_member()
    {
        IntegrationDefinition integration = Accepted(Of(Get(
            "parameters: [{name: id, in: query}]\nresponses: {'200': {description: ok, headers: {X: {schema: {type: string}}}}, '400': {description: no}}",
            """
            credentials: arn:role
            connectionType: vpc_link
            connectionId: ${stageVariables.link}
            integrationTarget: arn:listener
            passthroughBehavior: WHEN_NO_TEMPLATES
            contentHandling: convert_to_text
            timeoutInMillis: 5000
            cacheNamespace: ns
            cacheKeyParameters: [method.request.querystring.id]
            requestParameters: {integration.request.header.A: "'b'", integration.request.querystring.c: method.request.querystring.id}
            requestTemplates: {application/json: '$input.body', text/plain: x}
            tlsConfig: {insecureSkipVerification: true}
            responseTransferMode: STREAM
            payloadFormatVersion: 1.0
            responses:
              default: {statusCode: "200", responseParameters: {method.response.header.X: integration.response.header.Y}, responseTemplates: {application/json: ''}}
              4\d{2}: {statusCode: 400, contentHandling: CONVERT_TO_BINARY}
            """).Replace("  responses: {'200': {description: ok}}\n", "", StringComparison.Ordinal))).Methods[0].Integration!;
        Assert.Equal(("arn:role", ConnectionKind.VpcLink, "${stageVariables.link}", "arn:listener"), (integration.Credentials, integration.Connection, integration.ConnectionId, integration.Target));
        Assert.Equal((PassthroughBehavior.WhenNoTemplates, ContentHandling.ConvertToText, 5000, "ns"), (integration.PassthroughBehavior, integration.ContentHandling, integration.TimeoutInMillis, integration.CacheNamespace));
        Assert.Equal(["method.request.querystring.id"], integration.CacheKeyParameters);
        Assert.Equal([("integration.request.header.A", "'b'"), ("integration.request.querystring.c", "method.request.querystring.id")], integration.RequestParameters.Select(mapping => (mapping.Target, mapping.Source)));
        Assert.Equal([("application/json", "$input.body"), ("text/plain", "x")], integration.RequestTemplates.Select(template => (template.MediaType, template.Text)));
        Assert.Equal((true, ResponseTransferMode.Stream, "1.0"), (integration.Tls!.InsecureSkipVerification, integration.ResponseTransferMode, integration.PayloadFormatVersion));
        Assert.Equal([(null, 200), ("4\\d{2}", 400)], integration.Responses.Select(response => (response.SelectionPattern, response.StatusCode)));
        Assert.Equal(ContentHandling.ConvertToBinary, integration.Responses[1].ContentHandling);
        Assert.Equal("", integration.Responses[0].ResponseTemplates[0].Text);
    }

    [Fact]
    public void Keeps_the_stored_defaults_apart_from_what_is_written()
    {
        IntegrationDefinition integration = Accepted(Of(Get())).Methods[0].Integration!;
        Assert.Equal((PassthroughBehavior.WhenNoMatch, ConnectionKind.Internet, ResponseTransferMode.Buffered), (integration.PassthroughBehavior, integration.Connection, integration.ResponseTransferMode));
        Assert.Null(integration.TimeoutInMillis);
    }

    [Fact]
    public void Knows_where_each_member_is_written()
    {
        IntegrationDefinition integration = Accepted(Of(Get(integration: "timeoutInMillis: 60"))).Methods[0].Integration!;
        Assert.Equal((8, 9), (integration.Origin!.Line, integration.Origin.Column));
        Assert.Equal((11, 26), (integration.OriginOf("timeoutInMillis")!.Line, integration.OriginOf("timeoutInMillis")!.Column));
        Assert.Equal("/paths/~1x/get/x-amazon-apigateway-integration/uri", integration.OriginOf("uri")!.Pointer);
    }

    [Fact]
    public void Reads_response_parameters_by_status_of_an_http_api() =>
        Assert.Equal((403, "overwrite:statuscode", "200"), Accepted("x-edgeproxy-api-type: HTTP\n" + Of(Get(integration: "responseParameters: {'403': {'overwrite:statuscode': '200'}}")))
            .Methods[0].Integration!.ResponseParameters.Select(status => (status.StatusCode, status.Mappings[0].Target, status.Mappings[0].Source)).Single());

    [Theory]
    [InlineData("type: http_proxi", "http_proxy", ProblemCode.NotAllowed)]
    [InlineData("type: [http]", "type", ProblemCode.WrongType)]
    [InlineData("", "type", ProblemCode.Missing)]
    public void Refuses_a_wrong_type_of_integration(string type, string part, ProblemCode code)
    {
        Problem problem = OneProblem(Of(Get()).Replace("type: http_proxy", type, StringComparison.Ordinal));
        Assert.Equal(code, problem.Code);
        Assert.Contains(part, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timeoutInMillis: '5000'", ProblemCode.WrongType)]
    [InlineData("timeoutInMillis: 5.5", ProblemCode.WrongType)]
    [InlineData("timeoutInMillis: 49", ProblemCode.OutOfRange)]
    [InlineData("timeoutInMillis: 99999999999", ProblemCode.OutOfRange)]
    [InlineData("passthroughBehavior: allways", ProblemCode.NotAllowed)]
    [InlineData("contentHandling: CONVERT", ProblemCode.NotAllowed)]
    [InlineData("connectionType: VPC", ProblemCode.NotAllowed)]
    [InlineData("responseTransferMode: STREAMED", ProblemCode.NotAllowed)]
    [InlineData("payloadFormatVersion: '3.0'", ProblemCode.NotAllowed)]
    [InlineData("cacheKeyParameters: x", ProblemCode.WrongType)]
    [InlineData("credentials: [x]", ProblemCode.WrongType)]
    [InlineData("requestParameters: []", ProblemCode.WrongType)]
    [InlineData("requestTemplates: {application/json: {a: 1}}", ProblemCode.WrongType)]
    [InlineData("tlsConfig: {insecureSkipVerification: 'yes'}", ProblemCode.WrongType)]
    [InlineData("tlsConfig: {skipVerification: true}", ProblemCode.UnknownKey)]
    [InlineData("timeoutInMilis: 5000", ProblemCode.UnknownKey)]
    [InlineData("responses: {default: {statusCode: 20}}", ProblemCode.OutOfRange)]
    [InlineData("responses: {default: {statusCode: 101}}", ProblemCode.OutOfRange)]
    [InlineData("responses: {default: {statusCode: '199'}}", ProblemCode.OutOfRange)]
    [InlineData("responses: {default: {statusCode: 600}}", ProblemCode.OutOfRange)]
    [InlineData("responses: {default: {}}", ProblemCode.Missing)]
    [InlineData("responses: {default: {statusCode: 200, responseParameters: {method.response.header.X: 5}}}", ProblemCode.WrongType)]
    [InlineData("responses: [default]", ProblemCode.WrongType)]
    [InlineData("responseParameters: {'200': {}}", ProblemCode.Ignored)]
    public void Refuses_wrong_members_at_their_line(string member, ProblemCode code)
    {
        Problem problem = Assert.Single(Errors(Of(Get(integration: member))));
        Assert.Equal((code, 11), (problem.Code, problem.Origin!.Line));
    }

    [Fact]
    public void Reports_all_problems_of_an_integration_at_once() =>
        Assert.Equal(4, Errors(Of(Get(integration: "timeoutInMillis: 1\npassthroughBehavior: x\ncontentHandling: y\nrequestParameters: {a: b}"))).Count(problem => problem.Origin!.Pointer.Contains("integration", StringComparison.Ordinal)) - 1);
}
