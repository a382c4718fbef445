using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 6.4: arithmetic, comparison, logic, literals.</summary>
public sealed class Rest_6_4_Expressions
{
    [Theory]
    [InlineData("7 / 2", "3")]
    [InlineData("-7 / 2", "-3")]
    [InlineData("-7 % 4", "-3")]
    [InlineData("7 / 2.0", "3.5")]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("10 - 4 - 3", "3")]
    [InlineData("5-3", "2")]
    [InlineData("1 / 0", "")]
    [InlineData("1 % 0", "")]
    [InlineData("1 + $none", "")]
    [InlineData("2147483647 + 1", "2147483648")]
    [InlineData("9223372036854775807 + 1", "9223372036854775808")]
    [InlineData("1.5 + 1", "2.5")]
    [InlineData("1e3", "1000.0")]
    [InlineData("1.0 / 3", "0.3333333333333333")]
    [InlineData("10000000.0 + 0", "1.0E7")]
    [InlineData("0.0001 + 0", "1.0E-4")]
    [InlineData("\"a\" + 1 + 2", "a12")]
    [InlineData("1 + 2 + \"a\"", "3a")]
    [InlineData("\"a\" + $none", "a")]
    public void Arithmetic(string expression, string output) => Assert.Equal(output, new TemplateStage().Render($"#set($x = {expression})$x"));

    [Theory]
    [InlineData("1 == 1.0", true)]
    [InlineData("\"1\" == 1", true)]
    [InlineData("true == \"true\"", true)]
    [InlineData("1 != 2", true)]
    [InlineData("1 ne 2", true)]
    [InlineData("1 eq 1", true)]
    [InlineData("1 < 2", true)]
    [InlineData("2 <= 2", true)]
    [InlineData("3 gt 2 && 3 ge 3 && 2 lt 3 && 2 le 2", true)]
    [InlineData("1.5 > 1", true)]
    [InlineData("\"a\" < \"b\"", false)]
    [InlineData("[1, 2] == [1, 2]", true)]
    [InlineData("{\"a\": 1} == {\"a\": 2}", false)]
    [InlineData("true && false", false)]
    [InlineData("true || false", true)]
    [InlineData("!true", false)]
    [InlineData("not false", true)]
    [InlineData("true and not false or false", true)]
    [InlineData("false and $none.fail() || true", true)]
    public void Comparison_and_logic(string expression, bool holds) => Assert.Equal(holds ? "true" : "false", new TemplateStage().Render($"#set($x = {expression})$x"));

    [Theory]
    [InlineData("$none", false)]
    [InlineData("false", false)]
    [InlineData("\"\"", true)]
    [InlineData("0", true)]
    [InlineData("[]", true)]
    [InlineData("\"x\"", true)]
    public void What_holds_in_a_condition(string expression, bool holds) => Assert.Equal(holds ? "yes" : "no", new TemplateStage().Render($"#if({expression})yes#{{else}}no#end"));

    [Fact]
    public void The_empty_text_can_be_made_false() => Assert.Equal("no", new TemplateStage(new() { EmptyTextIsFalse = true }).Render("#if(\"\")yes#{else}no#end"));

    [Theory]
    [InlineData("[1..5]", "[1, 2, 3, 4, 5]")]
    [InlineData("[5..1]", "[5, 4, 3, 2, 1]")]
    [InlineData("[$a..$b]", "[2, 3]")]
    [InlineData("[-1..1]", "[-1, 0, 1]")]
    [InlineData("[\"a\", 1, $a]", "[a, 1, 2]")]
    [InlineData("{\"k\": \"v\", \"n\": 1}", "{k=v, n=1}")]
    [InlineData("[]", "[]")]
    [InlineData("{}", "{}")]
    [InlineData("[[1, 2], {\"a\": [3]}]", "[[1, 2], {a=[3]}]")]
    public void Ranges_lists_and_maps(string expression, string output) => Assert.Equal(output, new TemplateStage().Render($"#set($a = 2)#set($b = 3)#set($x = {expression})$x"));

    [Theory]
    [InlineData("\"say \"\"hi\"\"\"", "say \"hi\"")]
    [InlineData("'it''s'", "it's")]
    [InlineData("\"$a ${a}b #if(true)y#end\"", "2 2b y")]
    [InlineData("'$a #if'", "$a #if")]
    [InlineData("\"\\n\\'\"", "\\n\\'")]
    [InlineData("\"single '$m.k' \"\"dbl\"\"\"", "single 'v' \"dbl\"")]
    [InlineData("\"$m.get(\"\"k\"\")\"", "v")]
    [InlineData("\"cost: $5\"", "cost: $5")]
    [InlineData("\"a\nb\"", "a\nb")]
    public void Quoted_text(string expression, string output) => Assert.Equal(output, new TemplateStage().Render($"#set($a = 2)#set($m = {{\"k\": \"v\"}})#set($x = {expression})$x"));

    [Theory]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("9223372036854775808", "9223372036854775808")]
    [InlineData("-123456789012345678901234567890", "-123456789012345678901234567890")]
    [InlineData("99999999999999999999 > 1", "true")]
    [InlineData("[99999999999999999999]", "[99999999999999999999]")]
    [InlineData("1.", "1.0")]
    [InlineData("1.e3", "1000.0")]
    [InlineData("[1..3]", "[1, 2, 3]")]
    public void Number_literals(string expression, string output) =>
        Assert.Equal(output + output, new TemplateStage().Render($"#set($x = {expression})$x#evaluate('#set($y = {expression})$y')"));

    [Theory]
    [InlineData("$l.get(1 + 1)", "30")]
    [InlineData("$l.contains([1..2])", "false")]
    [InlineData("$s.concat(\"a$s\")", "sas")]
    public void Arguments_are_expressions(string template, string output) =>
        Assert.Equal(output, new TemplateStage().Render("#set($l = [10, 20, 30])#set($s = \"s\")" + template));
}
