using System.Text;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Tests.Lambda.Invocation;

public sealed class InvokeCompleteTests
{
    [Theory]
    [InlineData("{}", "", "")]
    [InlineData("""{"ErrorCode":null,"ErrorDetails":null,"LogResult":"x"}""", "", "")]
    [InlineData("""{"LogResult":{"a":[1]},"ErrorCode":"Unhandled","ErrorDetails":"{\"errorMessage\":\"\u00e4\"}"}""", "Unhandled", "{\"errorMessage\":\"\u00e4\"}")]
    public void Reads_code_and_details(string json, string code, string details)
    {
        Assert.True(InvokeComplete.TryRead(Encoding.UTF8.GetBytes(json), out byte[] foundCode, out byte[] foundDetails));
        Assert.Equal((code, details), (Encoding.UTF8.GetString(foundCode), Encoding.UTF8.GetString(foundDetails)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"ErrorCode\":")]
    [InlineData("""{"ErrorCode":"\ud800"}""")]
    [InlineData("{\"ErrorCode\":\"x\"")]
    public void Takes_nothing_that_is_no_object(string json) => Assert.False(InvokeComplete.TryRead(Encoding.UTF8.GetBytes(json), out _, out _));

    [Fact]
    public void Takes_no_text_that_is_not_utf8() => Assert.False(InvokeComplete.TryRead([.. "{\"ErrorCode\":\""u8, 0xff, 0xfe, .. "\"}"u8], out _, out _));
}
