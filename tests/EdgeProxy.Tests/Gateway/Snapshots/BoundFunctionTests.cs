using EdgeProxy.Gateway.Snapshots;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Tests.Gateway.Snapshots;

public sealed class BoundFunctionTests
{
    [Theory]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${stageVariables.arn}/invocations")]
    [InlineData("${stageVariables.uri}")]
    [InlineData("${stageVariables.arn}")]
    public void Variables_may_hold_any_part(string uri)
    {
        var variables = new StageVariables(
        [
            new("arn", "arn:aws:lambda:eu-west-1:111122223333:function:f"),
            new("uri", FunctionUriOf("f")),
        ]);
        Assert.Null(BoundFunction.Bind(UriTemplate.Parse(uri), variables, []).Problem);
    }

    [Theory]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{name}/invocations", null)]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:f-{name}/invocations", null)]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:f:{name}/invocations", null)]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:{name}:111122223333:function:f/invocations", "elsewhere")]
    [InlineData("arn:aws:apigateway:{name}:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:f/invocations", "elsewhere")]
    [InlineData("arn:aws:apigateway:{name}:lambda:path/2015-03-31/functions/f/invocations", "elsewhere")]
    [InlineData("arn:aws:apigateway:eu-west-1:{name}:path/2015-03-31/functions/f/invocations", "not Lambda")]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{other}/invocations", "no path parameter")]
    [InlineData("arn:aws:apigateway:eu-west-1:sqs:path/q", "not Lambda")]
    public void A_placeholder_may_stand_in_name_and_qualifier_only(string uri, string? problem)
    {
        BoundFunction bound = BoundFunction.Bind(UriTemplate.Parse(uri), StageVariables.None, [Map("integration.request.path.name", "method.request.path.name", "name")]);
        if (problem is null) Assert.Null(bound.Problem);
        else Assert.Contains(problem, bound.Problem, StringComparison.Ordinal);
    }
}
