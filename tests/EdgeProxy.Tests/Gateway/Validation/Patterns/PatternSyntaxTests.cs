using System.Text;
using EdgeProxy.Core.Patterns;
using EdgeProxy.Gateway.Validation.Patterns;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeProxy.Tests.Gateway.Validation.Patterns;

public sealed class PatternSyntaxTests
{
    [Theory]
    [InlineData("^a+(b|c)?[^d-f]{1,3}$", true)]
    [InlineData("(?=a)(?<name>b)(?<!c)", true)]
    [InlineData("a{", true)]
    [InlineData("", true)]
    [InlineData("(a", false)]
    [InlineData("a)", false)]
    [InlineData("[a", false)]
    [InlineData("[b-a]", false)]
    [InlineData("+", false)]
    [InlineData("a**", false)]
    [InlineData("(?<=a)*", false)]
    [InlineData("a{2,1}", false)]
    [InlineData("a\\", false)]
    [InlineData("(?i)", false)]
    public void Tells_expressions_from_other_texts(string text, bool expected) => Assert.Equal(expected, PatternSyntax.IsValid(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Agrees_with_the_compilers_parser()
    {
        Gen<string> pieces = Gen.Elements("a", "b", "(", ")", "(?:", "(?=", "(?<!", "[", "]", "^", "$", "|", "*", "+", "?", "{1}", "{2,1}", "{", "-", "\\d", "\\.");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(
            Gen.ListOf(pieces).Select(static list => string.Concat(list)).ToArbitrary(),
            text => PatternSyntax.IsValid(Encoding.UTF8.GetBytes(text)) == (PatternParser.Parse(text, PatternDialect.Ecma, out _) is not null)));
    }
}
