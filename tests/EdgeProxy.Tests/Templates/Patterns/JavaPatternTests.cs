using System.Text;
using EdgeProxy.Templates;
using EdgeProxy.Templates.Patterns;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Templates.Patterns;

/// <summary>What is expected was taken from java.util.regex (OpenJDK 17).</summary>
public sealed class JavaPatternTests
{
    [Theory]
    [InlineData("a-b-c", "-", "_", "a_b_c")]
    [InlineData("aaa", "a*", "x", "xx")]
    [InlineData("abc", "", "-", "-a-b-c-")]
    [InlineData("foo123bar45", "\\d+", "<$0>", "foo<123>bar<45>")]
    [InlineData("foo bar", "(\\w+) (\\w+)", "$2 $1", "bar foo")]
    [InlineData("aXbXc", "[A-Z]", ".", "a.b.c")]
    [InlineData("héllo wörld", "[^a-z ]", "?", "h?llo w?rld")]
    [InlineData("a.b.c", "\\.", "/", "a/b/c")]
    [InlineData("2020-01-02", "(?<y>\\d{4})-(?<m>\\d\\d)", "${m}/${y}", "01/2020-02")]
    [InlineData("aaaa", "a{2}", "b", "bb")]
    [InlineData("aaaa", "a{1,3}?", "b", "bbbb")]
    [InlineData("abcabc", "(?:abc){2}", "x", "x")]
    [InlineData("Hello", "(?i)h", "j", "jello")]
    [InlineData("line1\nline2", "(?m)^", "> ", "> line1\n> line2")]
    [InlineData("line1\nline2", ".+", "x", "x\nx")]
    [InlineData("a\nb", "(?s)a.b", "x", "x")]
    [InlineData("foobar", "foo(?=bar)", "x", "xbar")]
    [InlineData("foobaz", "foo(?!bar)", "x", "xbaz")]
    [InlineData("price $5", "(?<=\\$)\\d", "9", "price $9")]
    [InlineData("xay", "(?<!x)a", "b", "xay")]
    [InlineData("abab", "(ab)\\1", "x", "x")]
    [InlineData("aab", "(a|aa)b", "x", "x")]
    [InlineData("((a))", "[()]", "", "a")]
    [InlineData("a]b", "[]b]", "x", "axx")]
    [InlineData("a-b_c", "[\\w-]+", "x", "x")]
    [InlineData("tab\there", "\\s", "_", "tab_here")]
    [InlineData("abcd", "[a-c&&[^b]]", "x", "xbxd")]
    [InlineData("abc", "(x)?b", "[$1]", "a[]c")]
    [InlineData("aaab", "a++b", "x", "x")]
    [InlineData("aaab", "a*+a", "x", "aaab")]
    [InlineData("a\\b", "\\\\", "/", "a/b")]
    [InlineData("it\\'s", "\\\\'", "'", "it's")]
    [InlineData("path/to", "/", "\\\\/", "path\\/to")]
    [InlineData("q\"q", "\"", "\\\\\"", "q\\\"q")]
    [InlineData("abc", "$", "!", "abc!")]
    [InlineData("abc\n", "$", "!", "abc!\n!")]
    [InlineData("abc", "\\b", "|", "|abc|")]
    [InlineData("x1y22", "\\D", "-", "-1-22")]
    [InlineData("ABC", "\\p{Lower}", "x", "ABC")]
    [InlineData("aéB", "\\p{L}", "x", "xxx")]
    [InlineData("a1!", "\\p{Punct}|\\p{Digit}", "x", "axx")]
    [InlineData("éa", "\\W", "-", "-a")]
    [InlineData("foo", "(o)(o)?", "<$1$2>", "f<oo>")]
    [InlineData("foo", "o|fo", "x", "xx")]
    [InlineData("aXa", "(?<c>a)X\\k<c>", "ok", "ok")]
    [InlineData("a+b", "\\Q+\\E", "-", "a-b")]
    [InlineData("xyz", "(y*)", "<$1>", "<>x<y><>z<>")]
    [InlineData("", "a*", "x", "x")]
    [InlineData("😀a", "😀", "s", "sa")]
    [InlineData("😀a", ".", "x", "xx")]
    [InlineData("abcabd", "ab(?:c|d)$", "x", "abcx")]
    [InlineData("aab", "(?>a+)b", "x", "x")]
    [InlineData("aaa", "(a{0,2})*", "x", "xx")]
    [InlineData("ababab", "(?:ab)*?$", "x", "xx")]
    [InlineData("a\r\nb\nc", "\\R", "|", "a|b|c")]
    [InlineData("ab+c", "\\Qb+\\E", "-", "a-c")]
    [InlineData("abbc", "\\Qab\\E+c", "-", "-")]
    [InlineData("a\u000bb", "\\v", "-", "a-b")]
    [InlineData("a\tb", "[\\H]", "-", "-\t-")]
    [InlineData("xAy", "\\x41|\\0171|\\u0078", "-", "---")]
    [InlineData("😀", "\\x{1F600}", "s", "s")]
    [InlineData("😀", "\\ud83d\\ude00", "s", "s")]
    [InlineData("AbC", "(?i:[a-b])+", "-", "-C")]
    [InlineData("aB", "(?i)a(?-i)b", "-", "aB")]
    [InlineData("abAB", "(?i)(ab)\\1", "-", "-")]
    [InlineData("aaab", "a{2,3}+b", "x", "x")]
    [InlineData("aaa", "a{2,3}+a", "x", "aaa")]
    [InlineData("aabb", "(?:a|b){3,}?", "x", "xb")]
    [InlineData("bab", "(?:(a)|b)*", "<$1>", "<a><>")]
    [InlineData("aab", "(?<=a{2})b", "x", "aax")]
    [InlineData("éx", "(?<=é)x", "-", "é-")]
    public void Replaces_as_Java_does(string text, string pattern, string replacement, string expected) =>
        Assert.Equal(expected, Stage(text, pattern, replacement).Render("$input.params('t').replaceAll($input.params('p'), $input.params('r'))"));

    [Theory]
    [InlineData("a,b,c", ",", 0, "a|b|c")]
    [InlineData("a,b,,", ",", 0, "a|b")]
    [InlineData("a,b,,", ",", -1, "a|b||")]
    [InlineData("a,b,c", ",", 2, "a|b,c")]
    [InlineData(",a", ",", 0, "|a")]
    [InlineData("", ",", 0, "")]
    [InlineData("abc", "", 0, "a|b|c")]
    [InlineData("abc", "", 2, "a|bc")]
    [InlineData("a1b2c", "\\d", 0, "a|b|c")]
    [InlineData("aXXb", "X", 0, "a||b")]
    [InlineData("boo:and:foo", "o", 0, "b||:and:f")]
    [InlineData("boo:and:foo", "o", 5, "b||:and:f||")]
    [InlineData("boo:and:foo", "o", -2, "b||:and:f||")]
    [InlineData(",", ",", 0, "")]
    [InlineData("a b  c", "\\s+", 0, "a|b|c")]
    [InlineData("héllo", "l", 0, "hé||o")]
    [InlineData("abc", "(?=b)", 0, "a|bc")]
    [InlineData("abc", "x*", 0, "a|b|c")]
    public void Splits_as_Java_does(string text, string pattern, int limit, string expected) =>
        Assert.Equal(expected, Stage(text, pattern, "").Render($"#set($parts = $input.params('t').split($input.params('p'), {limit}))$input.params('t').join(\"|\", $parts)"));

    [Theory]
    [InlineData("abc", "a.c", true)]
    [InlineData("abcd", "a.c", false)]
    [InlineData("ab", "a|ab", true)]
    [InlineData("2024-01-31", "\\d{4}-\\d{2}-\\d{2}", true)]
    [InlineData("", "", true)]
    public void Matches_a_whole_text(string text, string pattern, bool matches) =>
        Assert.Equal(matches ? "true" : "false", Stage(text, pattern, "").Render("$input.params('t').matches($input.params('p'))"));

    [Theory]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("a)b")]
    [InlineData("[a")]
    [InlineData("*a")]
    [InlineData("a**")]
    [InlineData("a{2,1}")]
    [InlineData("\\")]
    [InlineData("\\p{Nope}")]
    [InlineData("(?<n")]
    [InlineData("[z-a]")]
    [InlineData("(a{200000})")]
    [InlineData("(?<a>x)(?<a>y)")]
    [InlineData("\\k<b>")]
    [InlineData("\\y")]
    [InlineData("(?x)a")]
    public void Refuses_what_is_no_pattern(string pattern) => Assert.Null(JavaPattern.Parse(Encoding.UTF8.GetBytes(pattern)));

    [Fact]
    public void A_pattern_that_would_take_forever_is_stopped()
    {
        var stage = Stage(new string('a', 60) + "!", "(a+)+$", "x");
        Assert.Equal(TemplateFault.TooManySteps, stage.Run("$input.params('t').replaceAll($input.params('p'), $input.params('r'))").Fault);
    }

    [Fact]
    public void Random_patterns_on_random_texts_never_throw()
    {
        var random = new Random(1);
        string[] pieces = ["a", "b", "ü", ".", "*", "+", "?", "{1,2}", "(", ")", "(?:", "(?=", "(?<!", "(?>", "[", "]", "^", "$", "|", "\\d", "\\b", "\\1", "-", "[^a]", "(a)", "\\"];
        int valid = 0;
        for (int i = 0; i < 3000; i++)
        {
            string pattern = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => pieces[random.Next(pieces.Length)]));
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => "abü1\n "[random.Next(6)]));
            var one = Stage(text, pattern, "<$0>");
            TemplateResult result = one.Run("$input.params('t').replaceAll($input.params('p'), $input.params('r'))$input.params('t').split($input.params('p'))");
            if (result.IsOk) valid++;
        }

        Assert.True(valid > 300, $"only {valid} patterns were any");
    }

    private static TemplateStage Stage(string text, string pattern, string replacement) => new TemplateStage()
        .With(ParameterPlace.Header, "t", text).With(ParameterPlace.Header, "p", pattern).With(ParameterPlace.Header, "r", replacement);
}
