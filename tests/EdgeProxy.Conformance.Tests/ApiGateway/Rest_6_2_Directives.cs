using EdgeProxy.TestKit;
using EdgeProxy.Templates;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 6.2: directives.</summary>
public sealed class Rest_6_2_Directives
{
    [Theory]
    [InlineData("#set($a = 1)$a", "1")]
    [InlineData("#set( $a = 1 )$a#set($a = 'x')$a", "1x")]
    [InlineData("#set($m = {})#set($m.a = 1)#set($m[\"b\"] = 2)$m", "{a=1, b=2}")]
    [InlineData("#set($l = [1,2])#set($l[0] = 9)$l", "[9, 2]")]
    [InlineData("#set($a = 3)#set($a = $none)[$a]", "[]")]
    [InlineData("# set($a = 1)[$a]", "# set( = 1)[]")]
    public void Set_assigns(string template, string output) => Assert.Equal(output, new TemplateStage().Render(template));

    [Theory]
    [InlineData("#if(true)a#elseif(true)b#{else}c#end", "a")]
    [InlineData("#if(false)a#elseif(true)b#{else}c#end", "b")]
    [InlineData("#if(false)a#elseif(false)b#{else}c#end", "c")]
    [InlineData("#{if}(true)x#{else}y#{end}z", "xz")]
    [InlineData("#if (true) a #else b #end", " a ")]
    [InlineData("#if(false)a#end", "")]
    public void If_takes_the_first_arm_that_holds(string template, string output) => Assert.Equal(output, new TemplateStage().Render(template));

    [Theory]
    [InlineData("#foreach($i in [1,2,3])$i;#end", "1;2;3;")]
    [InlineData("#foreach($v in {\"a\": 1, \"b\": 2})$v;#end", "1;2;")]
    [InlineData("#foreach($i in [1..3])$i#end#foreach($i in [3..1])$i#end", "123321")]
    [InlineData("#foreach($p in $s.split(\",\"))$p;#end", "a;b;")]
    [InlineData("#set($l = [1,2])#foreach($i in $l.iterator())$i;#end", "1;2;")]
    [InlineData("#set($i = 5)#foreach($i in [1,2])$i#end$i", "125")]
    [InlineData("#foreach($i in $none)x#end#foreach($i in \"abc\")x#end#foreach($i in 5)x#end", "")]
    public void Foreach_goes_through_lists_maps_ranges_arrays_and_iterators(string template, string output) =>
        Assert.Equal(output, new TemplateStage().Render("#set($s = \"a,b\")" + template));

    [Fact]
    public void Foreach_ends_at_1000_iterations() => Assert.Equal("1000", new TemplateStage().Render("#foreach($i in [1..5000])#set($last = $i)#end$last"));

    [Theory]
    [InlineData("#foreach($i in [1..3])$i#if($i == 2)#break#end#end", "12")]
    [InlineData("#foreach($i in [1,2])#foreach($j in [1,2])$i$j #break#end#end", "11 21 ")]
    [InlineData("a#stop b", "a")]
    [InlineData("#foreach($i in [1,2])$i#stop#end x", "1")]
    public void Break_leaves_the_innermost_loop_and_stop_the_template(string template, string output) => Assert.Equal(output, new TemplateStage().Render(template));

    [Theory]
    [InlineData("#define($L)[$e]#end#foreach($e in [\"a\",\"b\"])$L#end", "[a][b]")]
    [InlineData("#define($d)#foreach($i in [1,2])$i#end#end$d\"$d\"", "12\"12\"")]
    [InlineData("#define($d)x#end#set($s = \"$d$d\")$s.length()", "2")]
    public void Define_is_rendered_where_it_is_used(string template, string output) => Assert.Equal(output, new TemplateStage().Render(template));

    [Theory]
    [InlineData("#macro(f $a)<$a>#end#f(3)#f(\"x\")", "<3><x>")]
    [InlineData("#f(1 2)#macro(f $a $b)${a};$b;#end#f(3, 4)", "1;2;3;4;")]
    [InlineData("#macro(f $a)$a#end#set($a = 9)#f(1)$a", "19")]
    [InlineData("#macro(f)F#end#f()#f", "FF")]
    [InlineData("#macro(f $a)<$a$bodyContent>#end#@f(\"x\")body#end", "<xbody>")]
    [InlineData("#macro(down $n)$n#if($n > 0)#set($m = $n - 1)#down($m)#end#end#down(3)", "3210")]
    public void A_macro_is_called_by_its_name(string template, string output) => Assert.Equal(output, new TemplateStage().Render(template));

    [Theory]
    [InlineData("#set($x = 2)#evaluate(\"a#if($x == 2)$x#end\")b", "a2b")]
    [InlineData("#evaluate('#set($y = 7)')$y", "7")]
    [InlineData("#foreach($i in [1..300])#evaluate('#set($n = $i)')#end$n", "300")]
    [InlineData("#foreach($i in [1..300])#evaluate(\"#set($n = $i)\")#end$n", "300")]
    public void Evaluate_runs_a_text_as_a_template(string template, string output) => Assert.Equal(output, new TemplateStage().Render(template));

    [Theory]
    [InlineData("#[[ $s #if ]]#x", " $s #if x")]
    [InlineData("a#* $x #if *#b#** doc *#c", "abc")]
    [InlineData("a ## note\nb", "a b")]
    [InlineData("## one\n## two\nb", "b")]
    public void Literal_blocks_and_comments(string template, string output) => Assert.Equal(output, new TemplateStage().Render(template));

    [Theory]
    [InlineData("#fff #1 # #foo(1) #unknown", "#fff #1 # #foo(1) #unknown")]
    [InlineData("#set($x = 5)#foo($x) #foo (a, \"$x\") #{foo}([$x] {'k':$x}) $x", "#foo($x) #foo (a, \"$x\") #{foo}([$x] {'k':$x}) 5")]
    [InlineData("#set($x = 5)#foo(see: $x) #1($x) #foo($x", "#foo(see: 5) #1(5) #foo(5")]
    [InlineData("#if(true)x#endb#end", "x#endb")]
    public void An_unknown_word_is_text(string template, string output) => Assert.Equal(output, new TemplateStage().Render(template));

    [Theory]
    [InlineData("#foreach($i in [1,2])#foreach($j in [1,2])$j#break($foreach.parent)#end x#end!", "1!")]
    [InlineData("#foreach($i in [1,2])#foreach($j in [1,2])#foreach($k in [1,2])$k#break($foreach.parent)#end.#end,#end!$!i$!j$!k", "1,1,!")]
    [InlineData("#foreach($i in [1,2])#foreach($j in [1,2])#foreach($k in [1,2])$k#break($foreach.topmost)#end.#end,#end!$!i$!j$!k", "1!")]
    [InlineData("#foreach($i in [1,2])$i#break($foreach)x#end!", "1!")]
    [InlineData("#foreach($i in [1,2])$i#break($foreach.parent)x#end!", "1!")]
    public void A_break_leaves_the_loops_up_to_the_one_that_it_names(string template, string output) => Assert.Equal(output, new TemplateStage().Render(template));

    [Theory]
    [InlineData("#macro(m)R#end#evaluate('#m()')", "R")]
    [InlineData("#evaluate('#macro(m)Q#end#m()')#m()", "QQ")]
    [InlineData("#macro(m)[$!bodyContent]#end#evaluate('#@m()b#end')", "[b]")]
    [InlineData("#evaluate('#macro(m $a)x$a#end')#@m(1)b#end", "x1")]
    public void What_is_evaluated_shares_the_macros(string template, string output) => Assert.Equal(output, new TemplateStage().Render(template));

    [Theory]
    [InlineData("a\n #end", 2, 2)]
    [InlineData("#else", 1, 1)]
    [InlineData("ü#if(true)", 1, 2)]
    [InlineData("#foreach($x of $y)#end", 1, 13)]
    [InlineData("#set($x = )", 1, 11)]
    [InlineData("#set($x = null)", 1, 11)]
    [InlineData("#include(\"x\")", 1, 1)]
    [InlineData("#parse(\"x\")", 1, 1)]
    [InlineData("$a.b(1", 1, 7)]
    [InlineData("${a", 1, 1)]
    [InlineData("#set($x = \"a", 1, 11)]
    [InlineData("#set($x = \"a\"\"b${y\")", 1, 16)]
    [InlineData("#* never", 1, 1)]
    public void What_cannot_be_read_is_refused_with_its_place(string template, int line, int column)
    {
        Assert.False(Template.TryCompile(System.Text.Encoding.UTF8.GetBytes(template), out _, out TemplateProblem? problem));
        Assert.Equal((line, column), (problem!.Line, problem.Column));
    }
}
