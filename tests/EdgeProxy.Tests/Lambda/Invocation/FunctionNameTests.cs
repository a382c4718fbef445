using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Tests.Lambda.Invocation;

public sealed class FunctionNameTests
{
    [Theory]
    [InlineData("hello", "hello", "", "hello")]
    [InlineData("hello:live", "hello", "live", "hello:live")]
    [InlineData("111122223333:function:hello", "hello", "", "hello")]
    [InlineData("arn:aws:lambda:eu-west-1:111122223333:function:hello", "hello", "", "arn:aws:lambda:eu-west-1:111122223333:function:hello")]
    [InlineData("arn:aws-cn:lambda:cn-north-1:111122223333:function:hello:$LATEST", "hello", "$LATEST", "arn:aws-cn:lambda:cn-north-1:111122223333:function:hello:$LATEST")]
    public void Reads_names_and_ARNs_with_and_without_qualifier(string text, string name, string qualifier, string arn)
    {
        Assert.True(FunctionName.TryParse(text, out FunctionName? function));
        Assert.Equal(name, function.Name);
        Assert.Equal(qualifier, function.Qualifier);
        Assert.Equal(arn, function.Arn);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a:")]
    [InlineData("a:b:c")]
    [InlineData("arn:aws:lambda:eu-west-1:111122223333:hello")]
    [InlineData("arn:aws:lambda:eu-west-1:1111:function:hello")]
    [InlineData("arn:aws:lambda:eu/west:111122223333:function:hello")]
    [InlineData("arn:aws:sqs:eu-west-1:111122223333:function:hello")]
    [InlineData("arn:aws:lambda:eu-west-1:111122223333:function:hello:a/../b")]
    public void Refuses_what_is_no_function(string text) => Assert.False(FunctionName.TryParse(text, out _));

    [Fact]
    public void Is_equal_by_value()
    {
        Assert.True(FunctionName.TryParse("arn:aws:lambda:eu-west-1:111122223333:function:hello:1", out FunctionName? one));
        Assert.True(FunctionName.TryParse("arn:aws:lambda:eu-west-1:111122223333:function:hello:1", out FunctionName? other));
        Assert.Equal(one, other);
    }
}
