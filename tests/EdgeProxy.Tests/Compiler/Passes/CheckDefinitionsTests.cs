using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using EdgeProxy.Tests.ControlPlane.Imports.OpenApi;

namespace EdgeProxy.Tests.Compiler.Passes;

public sealed class CheckDefinitionsTests
{
    private const string Function = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:f/invocations";
    private const string Proxy = "type: http_proxy\nhttpMethod: GET\nuri: http://a/";

    [Fact]
    public void Finds_nothing_wrong_with_a_good_document() => Documents.CheckWell(Documents.Good);

    [Theory]
    [InlineData("type: http_proxy\nuri: http://a/", ProblemCode.Missing, "httpMethod", 14, 9)]
    [InlineData("type: http_proxy\nhttpMethod: GET", ProblemCode.Missing, "uri", 14, 9)]
    [InlineData("type: http_proxy\nhttpMethod: GET\nuri: ftp://a/", ProblemCode.BadUri, "http://", 16, 14)]
    [InlineData("type: http_proxy\nhttpMethod: GET\nuri: http://a/{id}", ProblemCode.UnmappedPlaceholder, "\"integration.request.path.id\": \"method.request.path.id\"", 16, 14)]
    [InlineData(Proxy + "\ntimeoutInMillis: 49", ProblemCode.OutOfRange, "50 to 29000", 17, 26)]
    [InlineData(Proxy + "\ntimeoutInMillis: 29001", ProblemCode.OutOfRange, "50 to 29000", 17, 26)]
    [InlineData(Proxy + "\nrequestParameters: {integration.request.header.H: method.request.path.ix}", ProblemCode.UndeclaredParameter, "has no {ix}", 17, 59)]
    [InlineData(Proxy + "\nrequestParameters: {integration.request.header.H: method.request.header.x-a}", ProblemCode.UndeclaredParameter, "upper and lower case", 17, 59)]
    [InlineData(Proxy + "\nrequestParameters: {integration.request.header.H: method.request.querystring.nix}", ProblemCode.UndeclaredParameter, "in: query", 17, 59)]
    [InlineData(Proxy + "\nrequestParameters: {integration.request.header.H: text}", ProblemCode.BadMapping, "single quotes", 17, 59)]
    [InlineData(Proxy + "\nrequestParameters: {header.H: \"'x'\"}", ProblemCode.BadMapping, "integration.request.header.NAME", 17, 39)]
    [InlineData(Proxy + "\nrequestParameters: {integration.request.path.other: method.request.path.id}", ProblemCode.UnmappedPlaceholder, "uri has no {other}", 17, 61)]
    [InlineData(Proxy + "\nresponses: {default: {statusCode: 500}}", ProblemCode.UndeclaredResponse, "\"500\"", 17, 30)]
    [InlineData("type: aws_proxy\nhttpMethod: POST\nuri: http://a/", ProblemCode.BadUri, "ARN", 16, 14)]
    [InlineData("type: aws_proxy\nhttpMethod: POST\nuri: arn:aws:x", ProblemCode.BadUri, "Invalid ARN specified in the request", 16, 14)]
    [InlineData("type: aws\nhttpMethod: POST\nuri: arn:aws:apigateway:eu-west-1:lambda:invoke/x", ProblemCode.BadUri, "AWS ARN for integration must contain path or action", 16, 14)]
    [InlineData("type: aws_proxy\nhttpMethod: POST\nuri: arn:aws:apigateway:eu-west-1:sqs:path/1/q", ProblemCode.BadUri, "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.", 16, 14)]
    [InlineData("type: aws_proxy\nhttpMethod: POST\nuri: arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/a b/invocations", ProblemCode.BadUri, "which is no function", 16, 14)]
    [InlineData("type: aws_proxy\nhttpMethod: GET\nuri: " + Function, ProblemCode.BadMethod, "POST only", 15, 21)]
    [InlineData("type: aws_proxy\nhttpMethod: POST\nuri: arn:aws:lambda:eu-west-1:111122223333:function:f", ProblemCode.BadUri, "the function's own ARN", 16, 14)]
    [InlineData("type: aws_proxy\nhttpMethod: POST\nresponseTransferMode: STREAM\nuri: " + Function, ProblemCode.BadUri, "response-streaming-invocations", 17, 14)]
    [InlineData("type: aws_proxy\nhttpMethod: POST\nuri: arn:aws:apigateway:eu-west-1:lambda:path/2021-11-15/functions/f/response-streaming-invocations", ProblemCode.BadUri, "not STREAM", 16, 14)]
    [InlineData("type: aws_proxy\nhttpMethod: POST\nuri: arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f-{id}/invocations", ProblemCode.UnmappedPlaceholder, "integration.request.path.id", 16, 14)]
    [InlineData("type: http\nhttpMethod: GET\nuri: http://a/\nresponseTransferMode: STREAM", ProblemCode.NotAllowed, "http_proxy and aws_proxy", 17, 31)]
    [InlineData(Proxy + "\nresponseTransferMode: STREAM\ntimeoutInMillis: 900001", ProblemCode.OutOfRange, "50 to 900000", 18, 26)]
    public void Reports_a_bad_integration_at_its_place(string members, ProblemCode code, string part, int line, int column)
    {
        Problem problem = Documents.Check(Documents.WithIntegration(members)).Problems.First(candidate => candidate.Severity != ProblemSeverity.Unsupported);
        Assert.Contains(part, problem.Message, StringComparison.Ordinal);
        Assert.Equal((code, line, column), (problem.Code, problem.Origin!.Line, problem.Origin.Column));
    }

    [Theory]
    [InlineData("{statusCode: 500}", ProblemCode.UndeclaredResponse)]
    [InlineData("{statusCode: 200, responseParameters: {method.response.header.Other: \"'x'\"}}", ProblemCode.UndeclaredParameter)]
    [InlineData("{statusCode: 200, responseParameters: {header.ETag: \"'x'\"}}", ProblemCode.BadMapping)]
    [InlineData("{statusCode: 200, responseParameters: {method.response.header.ETag: x}}", ProblemCode.BadMapping)]
    public void Reports_a_bad_integration_response(string response, ProblemCode code) =>
        Assert.Equal(code, Documents.CheckBadly(Documents.WithIntegration($"type: http\nhttpMethod: GET\nuri: http://a/\nresponses: {{default: {response}}}")).Code);

    [Fact]
    public void Reports_a_bad_pattern_at_the_pattern()
    {
        Problem problem = Documents.CheckBadly(Documents.WithIntegration("type: http\nhttpMethod: GET\nuri: http://a/\nresponses:\n  default: {statusCode: 200}\n  \"4[\": {statusCode: 404}"));
        Assert.Equal((ProblemCode.BadPattern, 19, 11), (problem.Code, problem.Origin!.Line, problem.Origin.Column));
    }

    [Fact]
    public void Refuses_more_responses_than_can_be_told_apart()
    {
        string responses = string.Join(", ", Enumerable.Range(0, 255).Select(i => $"\"4{i}\": {{statusCode: 404}}"));
        Assert.Contains(Documents.Check(Documents.WithIntegration($"type: http\nhttpMethod: GET\nuri: http://a/\nresponses: {{default: {{statusCode: 200}}, {responses}}}")).Problems,
            problem => problem.Code == ProblemCode.OutOfRange && problem.Severity == ProblemSeverity.Error);
    }

    [Fact]
    public void Refuses_more_placeholders_than_a_route_can_hold_once()
    {
        string path = string.Concat(Enumerable.Range(0, 34).Select(i => $"/{{p{i}}}"));
        Assert.Single(CheckPaths((path, "GET")));
    }

    [Fact]
    public void Warns_when_no_response_is_the_default()
    {
        Problem problem = Documents.CheckBadly(Documents.WithIntegration("type: http\nhttpMethod: GET\nuri: http://a/\nresponses: {\"200\": {statusCode: 200}}"));
        Assert.Equal((ProblemCode.Missing, ProblemSeverity.Warning), (problem.Code, problem.Severity));
    }

    [Fact]
    public void Warns_of_two_responses_with_one_status() =>
        Assert.Equal(ProblemCode.DuplicateResponse, Documents.CheckBadly(Documents.WithIntegration(
            "type: http\nhttpMethod: GET\nuri: http://a/\nresponses: {default: {statusCode: 200}, \"4..\": {statusCode: 404}, \"5..\": {statusCode: 404}}")).Code);

    [Theory]
    [InlineData("/a b", ProblemCode.BadPath)]
    [InlineData("/a//b", ProblemCode.BadPath)]
    [InlineData("/a*", ProblemCode.BadPath)]
    [InlineData("/x{id}", ProblemCode.BadPath)]
    [InlineData("/{id", ProblemCode.BadPath)]
    [InlineData("/{}", ProblemCode.BadPath)]
    [InlineData("/{p+}/b", ProblemCode.BadPath)]
    [InlineData("/{p+}/b/c/d", ProblemCode.BadPath)]
    [InlineData("/{a}/x/{a}", ProblemCode.BadPath)]
    [InlineData("/ü", ProblemCode.BadPath)]
    public void Reports_a_bad_path_once(string path, ProblemCode code)
    {
        ProblemList problems = CheckPaths((path, "GET"));
        Assert.Equal(code, Assert.Single(problems).Code);
        Assert.True(problems.HasErrors);
    }

    [Theory]
    [InlineData("/pets/{petId}/toys/{toy+}")]
    [InlineData("/v1.0/a_b-c/x,y:z/50%25~+")]
    public void Takes_good_paths(string path) => Assert.Empty(CheckPaths((path, "GET")));

    [Fact]
    public void Reports_routes_that_no_request_tells_apart()
    {
        Assert.Contains(CheckPaths(("/a/{x}", "GET"), ("/a/{y}", "GET")), problem => problem.Code == ProblemCode.DuplicateRoute);
        Assert.DoesNotContain(CheckPaths(("/a/{x}", "GET"), ("/a/{x+}", "GET")), problem => problem.Code == ProblemCode.DuplicateRoute);
        Assert.DoesNotContain(CheckPaths(("/a/{x}", "GET"), ("/a/{x}", "ANY")), problem => problem.Code == ProblemCode.DuplicateRoute);
    }

    [Fact]
    public void Refuses_sibling_placeholders_only_when_strict()
    {
        ApiDefinition api = Api(("/a/{x}", "GET"), ("/a/{y}/b", "GET"));
        var lenient = new ProblemList();
        CheckDefinitions.Run(api, new CheckOptions(), lenient);
        Assert.Equal((ProblemCode.SiblingPlaceholders, false), (Assert.Single(lenient).Code, lenient.HasErrors));
        var strict = new ProblemList();
        CheckDefinitions.Run(api, new CheckOptions { Strict = true }, strict);
        Assert.True(strict.HasErrors);
    }

    [Fact]
    public void Refuses_a_path_of_endless_parts()
    {
        string path = string.Concat(Enumerable.Repeat("/a", 1_000_000));
        Problem problem = Documents.Check("{\"openapi\": \"3.0.1\", \"info\": {\"title\": \"t\"}, \"paths\": {\"" + path + "\": {}}}").Problems[0];
        Assert.Equal(ProblemCode.BadPath, problem.Code);
    }

    [Fact]
    public void Takes_a_longer_timeout_when_the_node_allows_it_or_the_response_streams()
    {
        var problems = new ProblemList();
        IntegrationDefinition slow = Mock with { Kind = IntegrationKind.HttpProxy, HttpMethod = "GET", Uri = "http://a/", TimeoutInMillis = 60_000 };
        CheckDefinitions.Run(With(slow), new CheckOptions { LongestTimeoutInMillis = 120_000 }, problems);
        CheckDefinitions.Run(With(slow with { ResponseTransferMode = ResponseTransferMode.Stream }), new CheckOptions(), problems);
        Assert.Empty(problems);
    }

    [Fact]
    public void Reports_a_method_of_the_management_api_without_integration()
    {
        var problems = new ProblemList();
        CheckDefinitions.Run(new ApiDefinition { Id = "a", Name = "a", Methods = [new MethodDefinition { Path = "/", Verb = "GET" }] }, new CheckOptions(), problems);
        Assert.Equal(ProblemCode.MissingIntegration, Assert.Single(problems).Code);
    }

    [Theory]
    [InlineData(200, 0)]
    [InlineData(599, 0)]
    [InlineData(199, 2)]
    [InlineData(101, 2)]
    [InlineData(100, 2)]
    [InlineData(600, 2)]
    [InlineData(0, 2)]
    public void Refuses_a_status_that_ends_no_exchange_of_a_method_and_of_its_integration(int status, int expected)
    {
        var problems = new ProblemList();
        MethodDefinition method = new()
        {
            Path = "/",
            Verb = "GET",
            Integration = Mock with { Responses = [new IntegrationResponseDefinition { StatusCode = status }] },
            Responses = [new MethodResponseDefinition(status, [], [], null)],
        };
        CheckDefinitions.Run(new ApiDefinition { Id = "a", Name = "a", Methods = [method] }, new CheckOptions(), problems);
        Assert.Equal(expected, problems.Count(problem => problem.Code == ProblemCode.OutOfRange && problem.Severity == ProblemSeverity.Error));
        Assert.Equal(expected, problems.Count());
    }

    private static readonly IntegrationDefinition Mock = new()
    {
        Kind = IntegrationKind.Mock,
        Responses = [new IntegrationResponseDefinition { StatusCode = 200 }],
    };

    private static ProblemList CheckPaths(params (string Path, string Verb)[] methods)
    {
        var problems = new ProblemList();
        CheckDefinitions.Run(Api(methods), new CheckOptions(), problems);
        return problems;
    }

    private static ApiDefinition With(IntegrationDefinition integration) => new()
    {
        Id = "a",
        Name = "a",
        Methods = [new MethodDefinition { Path = "/", Verb = "GET", Integration = integration, Responses = [new MethodResponseDefinition(200, [], [], null)] }],
    };

    private static ApiDefinition Api(params (string Path, string Verb)[] methods)
    {
        string text = "{\"openapi\": \"3.0.1\", \"info\": {\"title\": \"t\"}, \"paths\": {"
            + string.Join(",", methods.GroupBy(method => method.Path).Select(group =>
                $"\"{group.Key}\": {{" + string.Join(",", group.Select(method =>
                    $"\"{(method.Verb == "ANY" ? "x-amazon-apigateway-any-method" : method.Verb.ToLowerInvariant())}\": {{\"responses\": {{\"200\": {{}}}}, \"x-amazon-apigateway-integration\": {{\"type\": \"mock\", \"responses\": {{\"default\": {{\"statusCode\": 200}}}}}}}}")) + "}"))
            + "}}";
        var problems = new ProblemList();
        ApiDefinition? api = OpenApiImporter.Import("a.json", System.Text.Encoding.UTF8.GetBytes(text), new OpenApiImportOptions(), problems);
        Assert.Empty(problems.Select(ProblemWriter.Line));
        return api!;
    }
}
