using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 6.1: the forms of a reference, and what stays text.</summary>
public sealed class Rest_6_1_References
{
    private const string Setup = "#set($a = \"A\")#set($m = {\"b\": \"B\", \"n\": {\"c\": [1, 2]}, \"X-Foo\": \"foo\"})#set($l = [10, 20, 30])#set($i = 1)";

    [Theory]
    [InlineData("$a", "A")]
    [InlineData("${a}bc", "Abc")]
    [InlineData("$!a $!{a}", "A A")]
    [InlineData("$m.b $m.get(\"b\") ${m.b}x", "B B Bx")]
    [InlineData("$l[0] $l[-1] $l[$i] ${l[1]}x", "10 30 20 20x")]
    [InlineData("$m[\"b\"] $m['b'] $m.n.c[1] $m.n.get(\"c\").get(0)", "B B 2 1")]
    [InlineData("$m.X-Foo $a-b.", "foo .")]
    [InlineData("$a.toLowerCase().concat(\"x\").length()", "2")]
    public void A_reference_gives_its_value(string template, string output) => Assert.Equal(output, new TemplateStage().Render(Setup + template));

    [Theory]
    [InlineData("[$none][$!none][${none}][$!{none}][$none.x.y][$none.x()][$a.none][$l.none][$a.none()]", "[][][][][][][][][]")]
    public void Null_and_undefined_references_render_as_nothing(string template, string output) => Assert.Equal(output, new TemplateStage().Render(Setup + template));

    [Fact]
    public void A_missing_value_equals_both_null_and_the_empty_text()
    {
        TemplateStage stage = new TemplateStage().WithBody("{}");
        Assert.Equal("truetruefalse", stage.Render("#set($r = $input.path(\"$.missing\"))#if($r == $null)true#end#if($r == \"\")true#end#if($r != \"\")true#{else}false#end"));
        Assert.Equal("neither", stage.Render("#set($r = [])#if($r == $null || $r == \"\")one#{else}neither#end"));
    }

    [Theory]
    [InlineData("$5 $. $ x$", "$5 $. $ x$")]
    [InlineData("$a. $a.. $a.5 $a.-b", "A. A.. A.5 A.-b")]
    [InlineData("$$a $!$a", "$A $!A")]
    [InlineData("[$a] ($a) {$a} $a[x]", "[A] (A) {A} A[x]")]
    public void What_is_no_reference_is_text(string template, string output) => Assert.Equal(output, new TemplateStage().Render(Setup + template));

    [Theory]
    [InlineData("\\$a", "$a")]
    [InlineData("\\\\$a", "\\A")]
    [InlineData("\\\\\\$a", "\\$a")]
    [InlineData("\\${a}b \\$m.b", "${a}b $m.b")]
    [InlineData("\\$none", "\\$none")]
    [InlineData("\\#set", "#set")]
    [InlineData("\\\\\\#if \\#end", "\\#if #end")]
    [InlineData("\\#set($x = 1)", "#set( = 1)")]
    [InlineData("\\#foo c:\\dir \\\\", "\\#foo c:\\dir \\\\")]
    [InlineData("#set($D = '$')${D}a", "$a")]
    public void A_backslash_escapes_a_reference_or_directive_and_is_text_elsewhere(string template, string output) => Assert.Equal(output, new TemplateStage().Render(Setup + template));

    [Theory]
    [InlineData("$a.class.name")]
    [InlineData("$m.class")]
    [InlineData("$a.getClass().forName(\"java.lang.Runtime\")")]
    public void Reflection_is_closed(string template) => Assert.Equal("", new TemplateStage().Render(Setup + template));

    [Theory]
    [InlineData("\\\\#set($b = 1)$b", "\\\\1")]
    [InlineData("\\\\#if(true)x\\\\#end", "\\x\\")]
    public void A_pair_of_backslashes_is_one_but_before_set(string template, string output) => Assert.Equal(output, new TemplateStage().Render(template));
}
