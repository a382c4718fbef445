using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 6.3: what a loop says of itself.</summary>
public sealed class Rest_6_3_LoopVariables
{
    [Theory]
    [InlineData("#foreach($i in [7,8])$foreach.index,$foreach.count,$foreach.hasNext,$foreach.first,$foreach.last;#end", "0,1,true,true,false;1,2,false,false,true;")]
    [InlineData("#foreach($i in [7,8])$velocityCount,$velocityHasNext;#end$velocityCount", "1,true;2,false;")]
    [InlineData("#foreach($i in [1,2])#foreach($j in [1,2])$foreach.parent.index$foreach.topmost.index$foreach.index #end#end", "000 001 110 111 ")]
    [InlineData("#foreach($i in [1,2])#foreach($j in [3])$foreach.hasNext#end$foreach.hasNext;#end", "falsetrue;falsefalse;")]
    [InlineData("#foreach($i in [1])#end[$foreach.index]", "[]")]
    [InlineData("#foreach($i in [7,8])$foreach.getIndex(),$foreach.getCount(),$foreach.hasNext(),$foreach.getHasNext(),$foreach.isFirst(),$foreach.isLast();#end", "0,1,true,true,true,false;1,2,false,false,false,true;")]
    [InlineData("#foreach($i in [1,2])#foreach($j in [3])$foreach.getParent().getIndex()$foreach.topmost.getCount()#end[$foreach.index(1)$foreach.getIndex(1)]#end", "01[]12[]")]
    public void Loop_variables(string template, string output) => Assert.Equal(output, new TemplateStage().Render(template));

    [Fact]
    public void A_loop_that_is_cut_off_has_no_next() =>
        Assert.Equal("false", new TemplateStage(new() { Iterations = 3 }).Render("#foreach($i in [1..9])#set($h = $foreach.hasNext)#end$h"));
}
