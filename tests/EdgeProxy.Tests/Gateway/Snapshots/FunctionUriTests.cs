using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Tests.Gateway.Snapshots;

public sealed class FunctionUriTests
{
    [Theory]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:f/invocations", "arn:aws:lambda:eu-west-1:111122223333:function:f", false)]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path//2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:f:PROD/invocations", "arn:aws:lambda:eu-west-1:111122223333:function:f:PROD", false)]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path/2021-11-15/functions/arn:aws:lambda:eu-west-1:111122223333:function:f/response-streaming-invocations", "arn:aws:lambda:eu-west-1:111122223333:function:f", true)]
    [InlineData("arn:aws-cn:apigateway:cn-north-1:lambda:path/2015-03-31/functions/arn%3Aaws-cn%3Alambda%3Acn-north-1%3A111122223333%3Afunction%3Af/invocations", "arn:aws-cn:lambda:cn-north-1:111122223333:function:f", false)]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-2:111122223333:function:f/invocations", "arn:aws:lambda:us-east-2:111122223333:function:f", false)]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/111122223333:function:f/invocations", "arn:aws:lambda:eu-west-1:111122223333:function:f", false)]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f:1/invocations", "f:1", false)]
    [InlineData("arn:aws:lambda:eu-west-1:111122223333:function:f:2", "arn:aws:lambda:eu-west-1:111122223333:function:f:2", false)]
    public void Finds_the_function(string uri, string arn, bool streams)
    {
        FunctionUri parsed = FunctionUri.Parse(uri);
        Assert.Null(parsed.Problem);
        Assert.Equal((arn, streams, "lambda"), (parsed.Function!.Arn, parsed.Streams, parsed.Service));
    }

    [Fact]
    public void A_function_without_region_is_one_of_the_integrations() =>
        Assert.Equal("eu-west-1", FunctionUri.Parse("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations").Function!.Region);

    [Theory]
    [InlineData("arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem", "dynamodb")]
    [InlineData("arn:aws:apigateway:eu-west-1:b.s3:path//", "b.s3")]
    public void Knows_other_services_apart(string uri, string service)
    {
        FunctionUri parsed = FunctionUri.Parse(uri);
        Assert.Equal((service, null, null), (parsed.Service, parsed.Problem, parsed.Function));
    }

    [Theory]
    [InlineData("", "Invalid ARN")]
    [InlineData("http://a/", "Invalid ARN")]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda", "Invalid ARN")]
    [InlineData("arn:aws:apigateway::lambda:path/x", "Invalid ARN")]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:run/x", "path or action")]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path", "path or action")]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:action/Invoke", "2015-03-31")]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions//invocations", "2015-03-31")]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/invocations", "2015-03-31")]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/response-streaming-invocations", "2015-03-31")]
    [InlineData("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:sqs:x/invocations", "no function")]
    [InlineData("arn:aws:lambda:eu-west-1:1:function:f", "Invalid function ARN")]
    public void Says_what_is_wrong(string uri, string part)
    {
        FunctionUri parsed = FunctionUri.Parse(uri);
        Assert.Contains(part, parsed.Problem, StringComparison.Ordinal);
        Assert.Null(parsed.Function);
    }
}
