using EdgeProxy.Compiler.Mappings;

namespace EdgeProxy.Tests.Compiler.Mappings;

public sealed class MockTemplateTests
{
    [Theory]
    [InlineData("{\"statusCode\": 200}", 200)]
    [InlineData("{statusCode: 200}", 200)]
    [InlineData("{'statusCode': 200, '': ''}", 200)]
    [InlineData("{\"statusCode\": 200 ,, }", 200)]
    [InlineData("{statusCode: 200, \"value\": 'goog'}", 200)]
    [InlineData("{\"statusCode\": 200 , null: null }", 200)]
    [InlineData(" \n{ \"a\": {\"statusCode\": 1, b: [1, {c: ']'}, \"}\"]}, statusCode:404}\n ", 404)]
    [InlineData("{statusCode: 0}", 0)]
    [InlineData("{statusCode: -1000}", -1000)]
    [InlineData("{statusCode: 200, statusCode: 201}", 201)]
    public void Reads_the_status_of_a_lenient_object(string text, int status)
    {
        Assert.True(MockTemplate.TryReadStatus(text, out int read));
        Assert.Equal(status, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("200")]
    [InlineData("statusCode: 200")]
    [InlineData("{\"statusCode': 200 }")]
    [InlineData("{\"statusCode\": \"200\"}")]
    [InlineData("{\"statusCode\": 200")]
    [InlineData("{\"statusCode\": 200.5}")]
    [InlineData("{\"statusCode\": 99999999999}")]
    [InlineData("{\"status\": 200}")]
    [InlineData("{\"a\": {\"statusCode\": 200}}")]
    [InlineData("{\"statusCode\": 200} x")]
    [InlineData("{\"statusCode\" 200}")]
    [InlineData("{\"statusCode\": }")]
    [InlineData("[{\"statusCode\": 200}]")]
    public void Refuses_what_yields_no_status(string text) => Assert.False(MockTemplate.TryReadStatus(text, out _));

    [Fact]
    public void Refuses_endless_nesting_without_overflow() => Assert.False(MockTemplate.TryReadStatus("{a:" + string.Concat(Enumerable.Repeat("{a:", 100_000)), out _));

    [Theory]
    [InlineData("{\"statusCode\": 200}", true)]
    [InlineData("{\"statusCode\": $x}", false)]
    [InlineData("#if(true){}#end", false)]
    public void Knows_a_constant(string text, bool constant) => Assert.Equal(constant, MockTemplate.IsConstant(text));
}
