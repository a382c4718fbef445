using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using EdgeProxy.Tests.ControlPlane.Imports.OpenApi;

namespace EdgeProxy.Tests.Compiler.Passes;

public sealed class CheckSupportTests
{
    private const string Proxy = "type: http_proxy\nhttpMethod: GET\nuri: http://a/";
    private const string Http = "type: http\nhttpMethod: GET\nuri: http://a/\nresponses:\n  default: ";
    private const string Lambda = "type: aws_proxy\nhttpMethod: POST\nuri: arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:f/invocations";
    private const string Mock = "type: mock\nrequestTemplates: {application/json: '{\"statusCode\": 200}'}\nresponses:\n  default: ";

    [Theory]
    [InlineData(Proxy)]
    [InlineData("type: http_proxy\nhttpMethod: GET\nuri: https://a/\ntlsConfig: {insecureSkipVerification: true}")]
    [InlineData(Http + "{statusCode: 200}")]
    [InlineData(Http + "{statusCode: 200, responseParameters: {method.response.header.ETag: integration.response.header.ETag}}")]
    [InlineData(Http + "{statusCode: 200, responseTemplates: {application/json: '{}'}}")]
    [InlineData("requestTemplates: {application/json: '{}'}\npassthroughBehavior: never\n" + Http + "{statusCode: 200}")]
    [InlineData(Proxy + "\nrequestParameters: {integration.request.header.H: context.requestId}")]
    [InlineData(Proxy + "\nx-edgeproxy-upstream: {protocol: h2, trailers: true}")]
    [InlineData(Proxy + "\nrequestParameters: {integration.request.header.H: method.request.body.a}")]
    [InlineData(Proxy + "\nrequestParameters: {integration.request.header.H: context.authorizer.principalId}")]
    [InlineData("requestTemplates: {application/json: '$input.body'}\n" + Http + "{statusCode: 200}")]
    [InlineData(Http + "{statusCode: 200, responseTemplates: {application/json: $input.body}}")]
    [InlineData(Http + "{statusCode: 200, responseParameters: {method.response.header.ETag: 'integration.response.body.a[0]'}}")]
    [InlineData("type: mock\nrequestTemplates: {application/json: '#if(true){}#end'}\nresponses: {default: {statusCode: 200}}")]
    [InlineData(Mock + "{statusCode: 200}")]
    [InlineData(Lambda)]
    [InlineData("type: aws\nhttpMethod: POST\nuri: arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations\nresponses: {default: {statusCode: 200}, \".*gone.*\": {statusCode: 404}}")]
    [InlineData(Lambda + "\ncredentials: arn:aws:iam::111122223333:role/call")]
    [InlineData("type: aws_proxy\nhttpMethod: POST\nuri: arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${stageVariables.arn}/invocations")]
    [InlineData("type: aws_proxy\nhttpMethod: POST\nuri: ${stageVariables.uri}")]
    [InlineData(Mock + "{statusCode: 200, responseParameters: {method.response.header.ETag: \"'x'\"}, responseTemplates: {application/json: ''}}")]
    [InlineData(Mock + "{statusCode: 200, responseTemplates: {application/json: null}}")]
    public void Opens_what_is_executed(string members)
    {
        (Serving serving, ProblemList problems) = Run(Documents.WithIntegration(members));
        Assert.Empty(problems.Select(ProblemWriter.Line));
        Assert.Equal(Serving.Open, serving);
    }

    [Theory]
    [InlineData("type: aws_proxy\nhttpMethod: POST\nuri: arn:aws:apigateway:eu-west-1:firehose:action/PutRecord", ProblemCode.UnsupportedIntegration)]
    [InlineData("type: aws\nhttpMethod: POST\nuri: arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem\nresponses: {default: {statusCode: 200}}", ProblemCode.UnsupportedIntegration)]
    [InlineData(Lambda + "\ncredentials: arn:aws:iam::*:user/*", ProblemCode.UnsupportedAccessControl)]
    [InlineData(Proxy + "\nrequestParameters: {integration.request.header.H: 'method.request.body.a[?('}", ProblemCode.UnsupportedMapping)]
    [InlineData(Proxy + "\nrequestParameters: {integration.request.header.H: context.nothing}", ProblemCode.UnsupportedMapping)]
    [InlineData(Http + "{statusCode: 200, responseParameters: {method.response.header.ETag: context.nothing}}", ProblemCode.UnsupportedMapping)]
    [InlineData(Http + "{statusCode: 200, responseParameters: {method.response.header.ETag: 'integration.response.body.a[?('}}", ProblemCode.UnsupportedMapping)]
    public void Closes_what_is_not_executed_and_reports_it_once(string members, ProblemCode code)
    {
        (Serving serving, ProblemList problems) = Run(Documents.WithIntegration(members));
        Problem problem = Assert.Single(problems);
        Assert.Equal((code, ProblemSeverity.Unsupported), (problem.Code, problem.Severity));
        Assert.Equal(Serving.ClosedForConfiguration, serving);
    }

    [Fact]
    public void Warns_of_a_mock_that_api_gateway_takes_and_answers_500()
    {
        (Serving serving, ProblemList problems) = Run(Documents.WithIntegration("type: mock\nresponses: {default: {statusCode: 200}}"));
        Assert.Equal((ProblemCode.BadMockTemplate, ProblemSeverity.Warning), (Assert.Single(problems).Code, problems[0].Severity));
        Assert.Equal(Serving.Open, serving);
    }

    [Theory]
    [InlineData("x-amazon-apigateway-policy: {Version: '2012-10-17', Statement: []}", "")]
    [InlineData("components: {securitySchemes: {iam: {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authtype: awsSigv4}}}", "security: [{iam: []}]")]
    [InlineData("components: {securitySchemes: {fn: {type: apiKey, in: header, name: A, x-amazon-apigateway-authorizer: {type: token, authorizerUri: 'arn:x'}}}}", "security: [{fn: []}]")]
    [InlineData("components: {securitySchemes: {fn: {type: apiKey, in: header, name: A, x-amazon-apigateway-authorizer: {type: token, authorizerUri: 'arn:x'}}}}\nsecurity: [{fn: []}]", "")]
    [InlineData("", "x-amazon-apigateway-auth: {type: aws_iam}")]
    public void Closes_what_asks_for_access_control_as_such(string root, string operation)
    {
        (Serving serving, ProblemList problems) = Run(Documents.WithIntegration(Proxy).Replace("    get:\n", $"    get:\n      {operation}\n", StringComparison.Ordinal) + "\n" + root);
        Assert.Equal(ProblemCode.UnsupportedAccessControl, Assert.Single(problems).Code);
        Assert.Equal(Serving.ClosedForAccessControl, serving);
    }

    [Fact]
    public void Opens_what_asks_for_an_api_key()
    {
        (Serving serving, ProblemList problems) = Run(Documents.WithIntegration(Proxy).Replace("    get:\n", "    get:\n      security: [{key: []}]\n", StringComparison.Ordinal) + "\ncomponents: {securitySchemes: {key: {type: apiKey, in: header, name: x-api-key}}}");
        Assert.Empty(problems);
        Assert.Equal(Serving.Open, serving);
    }

    [Fact]
    public void Closes_every_route_of_an_http_api()
    {
        (Serving serving, ProblemList problems) = Run(Documents.WithIntegration(Proxy) + "\nx-edgeproxy-api-type: http\n");
        Assert.Equal(Serving.ClosedForConfiguration, serving);
        Assert.Equal(ProblemCode.UnsupportedApiKind, Assert.Single(problems).Code);
    }

    private static (Serving, ProblemList) Run(string text)
    {
        var problems = new ProblemList();
        ApiDefinition? api = OpenApiImporter.Import("a.yaml", System.Text.Encoding.UTF8.GetBytes(text), new OpenApiImportOptions(), problems);
        CheckDefinitions.Run(api!, new CheckOptions(), problems);
        return (Assert.Single(CheckSupport.Run(api!, problems)), problems);
    }
}
