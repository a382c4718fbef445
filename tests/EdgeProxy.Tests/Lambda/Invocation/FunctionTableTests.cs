using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Lambda.Invocation;

public sealed class FunctionTableTests
{
    private const string Arn = "arn:aws:lambda:eu-west-1:111122223333:function:hello";

    private readonly FakeInvokeEndpoint _endpoint;

    public FunctionTableTests() => _endpoint = new FakeInvokeEndpoint(new LoopHarness());

    [Theory]
    [InlineData("*", Arn, true)]
    [InlineData("hello", Arn, true)]
    [InlineData("hello", Arn + ":live", true)]
    [InlineData("hello", "hello", true)]
    [InlineData("hello", "hello2", false)]
    [InlineData("hello:live", Arn + ":live", true)]
    [InlineData("hello:live", Arn + ":test", false)]
    [InlineData("hello:live", Arn, false)]
    [InlineData(Arn, Arn, true)]
    [InlineData(Arn, Arn + ":live", true)]
    [InlineData(Arn, "arn:aws:lambda:eu-west-2:111122223333:function:hello", false)]
    [InlineData(Arn, "arn:aws:lambda:eu-west-1:111122223334:function:hello", false)]
    [InlineData(Arn, "arn:aws-cn:lambda:eu-west-1:111122223333:function:hello", false)]
    [InlineData(Arn, "111122223333:function:hello", true)]
    [InlineData(Arn, "hello", true)]
    public void Takes_functions_by_all_that_their_setting_says(string pattern, string function, bool expected)
    {
        var table = new FunctionTable([_endpoint.Target(pattern)]);
        Assert.Equal(expected, table.Takes(NameOf(function)));
    }

    [Fact]
    public void Asks_local_functions_first_then_urls_then_endpoints_and_of_a_kind_the_first_one_written()
    {
        FunctionTarget all = _endpoint.Target("*");
        FunctionTarget endpoint = _endpoint.Target("hello");
        FunctionTarget url = _endpoint.UrlTarget("hello", "http://a");
        FunctionTarget second = _endpoint.UrlTarget("hello", "http://b");
        var table = new FunctionTable([all, endpoint, url, second]);
        Assert.Same(url, table.FindOrNull(NameOf("hello")));
        Assert.Same(all, table.FindOrNull(NameOf("other")));
        Assert.Equal([url, second, all, endpoint], table.Targets);
    }

    [Fact]
    public void Takes_nothing_when_it_is_empty() => Assert.False(FunctionTable.Empty.Takes(NameOf("hello")));

    [Fact]
    public void Completes_a_bare_name_with_the_region_and_account_of_the_node()
    {
        var table = new FunctionTable([]) { Region = "eu-north-1", Account = "123456789012" };
        Assert.Equal("arn:aws:lambda:eu-north-1:123456789012:function:hello:live", table.Complete(NameOf("hello:live")).Arn);
        Assert.Equal(Arn, table.Complete(NameOf(Arn)).Arn);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("he*")]
    [InlineData("arn:aws:lambda:eu-west-1:1:function:hello")]
    public void Takes_no_pattern_that_is_neither_name_nor_arn(string text) => Assert.False(FunctionPattern.TryParse(text, out _));

    private static FunctionName NameOf(string text)
    {
        Assert.True(FunctionName.TryParse(text, out FunctionName? name));
        return name;
    }
}
