using EdgeProxy.Compiler.Mappings;

namespace EdgeProxy.Tests.Compiler.Mappings;

public sealed class ConstantTemplateTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("{\"statusCode\": 200}", true)]
    [InlineData("{\"statusCode\": $x}", false)]
    [InlineData("#if(true){}#end", false)]
    [InlineData("## a comment", false)]
    public void Knows_a_template_that_renders_to_itself(string text, bool constant) => Assert.Equal(constant, ConstantTemplate.Is(text));
}
