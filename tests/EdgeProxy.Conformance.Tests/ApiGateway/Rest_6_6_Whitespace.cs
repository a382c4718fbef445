using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 6.6: which blanks and line breaks reach the output.</summary>
public sealed class Rest_6_6_Whitespace
{
    [Theory]
    [InlineData("#macro(m)a#end#m()\ny", "ay")]
    [InlineData("#macro(m)a#end#m ( ) \ny", "ay")]
    [InlineData("#macro(m)a#end#m\ny", "a\ny")]
    [InlineData("#macro(m)a#end#{m} \ny", "a \ny")]
    public void A_call_takes_the_rest_of_its_line_by_its_bracket(string template, string output) => Assert.Equal(output, new TemplateStage().Render(template));

    [Theory]
    [InlineData("a\n  #set($x = 1)  \nb", "a\nb")]
    [InlineData("a #set($x = 1) b", "a  b")]
    [InlineData("a\n  #if(true)  \nb\n  #end  \nc", "a\n  b\n  c")]
    [InlineData("#if(true)\r\nx\r\n#end\r\ny", "x\r\ny")]
    [InlineData("#if(false)\na\n#else\nb\n#end\nc", "b\nc")]
    [InlineData("#if(false)\na\n#elseif(true) \nb\n#end\nc", "b\nc")]
    [InlineData("#foreach($i in [1,2])\n$i\n#end\nz", "1\n2\nz")]
    [InlineData("#foreach($i in [1..3])$i#if($i == 2)#break\nq#end#end\nz", "12z")]
    [InlineData("#define($d)\nD\n#end\n[$d]", "[D\n]")]
    [InlineData("#macro(f $a)\n<$a>\n#end\n#f(3)\nq", "<3>\nq")]
    [InlineData("x ## note\ny", "x y")]
    [InlineData("x#* a *#\ny", "x\ny")]
    [InlineData("#if(true) x#end", " x")]
    public void A_line_of_a_directive_alone_leaves_no_line(string template, string output) => Assert.Equal(output, new TemplateStage().Render(template));

    [Fact]
    public void Blanks_around_the_template_do_not_count() => Assert.Equal("a b", new TemplateStage().Render(" \r\n\t a b \n\n"));

    [Fact]
    public void A_reference_alone_leaves_its_line()
    {
        Assert.Equal("\n{}", new TemplateStage().Render("$context.requestOverride.querystring.put(\"q\", \"v\")\n{}"));
    }
}
