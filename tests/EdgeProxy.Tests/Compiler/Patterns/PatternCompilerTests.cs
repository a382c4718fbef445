using System.Text;
using System.Text.RegularExpressions;
using EdgeProxy.Compiler.Patterns;
using EdgeProxy.Gateway.Validation.Patterns;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeProxy.Tests.Compiler.Patterns;

public sealed class PatternCompilerTests
{
    private readonly PatternCompiler _compiler = new();
    private readonly PatternScratch _scratch = new();

    [Theory]
    [InlineData("a+", "baab", true)]
    [InlineData("^a+$", "baab", false)]
    [InlineData("^$", "", true)]
    [InlineData("^$", "a", false)]
    [InlineData("", "anything", true)]
    [InlineData("a$", "ba", true)]
    [InlineData("a$", "ab", false)]
    [InlineData("^(a|b|cd)*$", "abcdba", true)]
    [InlineData("^(a|b|cd)*$", "abcba", false)]
    [InlineData("^x{2,3}$", "xxx", true)]
    [InlineData("^x{2,3}$", "xxxx", false)]
    [InlineData("^x{2,}?$", "xxxxx", true)]
    [InlineData("^x{0}$", "", true)]
    [InlineData("^(x*)*$", "xxx", true)]
    [InlineData("x{1,", "x{1,", true)]
    [InlineData("^[^a-c]$", "é", true)]
    [InlineData("^[^a-c]$", "b", false)]
    [InlineData("^[\\w.-]+$", "a.b-c_9", true)]
    [InlineData("^[a\\]]+$", "a]", true)]
    [InlineData("^[]$", "a", false)]
    [InlineData("^[^]$", "\n", true)]
    [InlineData("^.$", "\u2028", false)]
    [InlineData("^\\u00e9\\xe9\\cA\\0$", "éé\u0001\0", true)]
    [InlineData("^\\ud83d\\udc32$", "🐲", true)]
    [InlineData("^[🐲-🐴]$", "🐳", true)]
    [InlineData("^[🐲-🐴]$", "🐱", false)]
    [InlineData("^\\/\\-\\a$", "/-a", true)]
    [InlineData("^\\p{Lu}\\P{Lu}$", "Éa", true)]
    [InlineData("^(?:a|)b$", "b", true)]
    [InlineData("^(?<year>\\d{4})$", "2026", true)]
    [InlineData("(^a|b$)", "xxb", true)]
    [InlineData("(^a|b$)", "xxa", false)]
    [InlineData("^(?=.*\\d)(?=.*[a-z]).{4,}$", "abc1", true)]
    [InlineData("^(?=.*\\d)(?=.*[a-z]).{4,}$", "abcd", false)]
    [InlineData("(?<!a)b", "ab", false)]
    [InlineData("^(a+)-\\1$", "aa-aa", true)]
    [InlineData("^(a+)-\\1$", "aa-a", false)]
    [InlineData("\\bcat\\b", "a cat.", true)]
    [InlineData("\\bcat\\b", "concat", false)]
    [InlineData("^[🐲é]+(?!x)$", "🐲é", true)]
    [InlineData("^[ab]*a[ab]{14}$", "babababababababababa", true)]
    public void Finds_what_ecma_262_says(string pattern, string text, bool expected)
    {
        TextPattern? compiled = _compiler.Compile(pattern, out string? fault);
        Assert.Null(fault);
        bool timedOut = false;
        _scratch.Begin(PatternScratch.UsualSteps, text.Length);
        Assert.Equal(expected, compiled!.IsFoundIn(Encoding.UTF8.GetBytes(text), _scratch, ref timedOut));
        Assert.False(timedOut);
    }

    [Theory]
    [InlineData("(a", "not closed")]
    [InlineData("a)", "closes nothing")]
    [InlineData("[a", "not closed")]
    [InlineData("*a", "nothing to repeat")]
    [InlineData("a**", "nothing to repeat")]
    [InlineData("a{3,2}", "out of order")]
    [InlineData("[z-a]", "out of order")]
    [InlineData("a\\", "at the end")]
    [InlineData("(?i)a", "no kind of group")]
    [InlineData("\\p{Greek}", "unknown")]
    [InlineData("\\1", "no group of that number")]
    [InlineData("a{999999}", "counts too far")]
    public void Says_what_is_wrong_with_an_expression(string pattern, string said)
    {
        Assert.Null(_compiler.Compile(pattern, out string? fault));
        Assert.Contains(said, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_nested_without_end_are_refused()
    {
        Assert.Null(_compiler.Compile(new string('(', 5000), out string? fault));
        Assert.Contains("too deeply", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("^ord-[0-9a-f]{8}$")]
    [InlineData("^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}$")]
    [InlineData("^\\d{4}-\\d{2}-\\d{2}$")]
    [InlineData("^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$")]
    [InlineData("^\\p{L}+$")]
    public void Patterns_of_everyday_become_tables(string pattern) => Assert.IsType<AutomatonPattern>(_compiler.Compile(pattern, out _));

    [Fact]
    public void Tables_agree_with_the_platforms_engine()
    {
        Gen<string> atoms = Gen.Elements("a", "b", ".", "[ab]", "[^a]", "(a|bc)", "(?:b|)", "a*", "b+?", "c?", "a{2}", "(ab){1,2}", "^", "$", "|", "\\w", "é", "[^é]");
        Gen<string> texts = Gen.ListOf(Gen.Elements("a", "b", "c", "é", "\n", "ab")).Select(static list => string.Concat(list.Take(8)));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(
            (from pattern in Gen.ListOf(atoms).Select(static list => string.Concat(list.Take(6))) from text in texts select (pattern, text)).ToArbitrary(),
            one =>
            {
                if (_compiler.Compile(one.pattern, out _) is not { } compiled) return true;
                bool timedOut = false;
                _scratch.Begin(PatternScratch.UsualSteps, one.text.Length);

                // The two dialects agree on these, but for what "$" and "." do around a line end.
                string theirs = one.pattern.Replace("$", "\\z", StringComparison.Ordinal).Replace("\\w", "[0-9A-Za-z_]", StringComparison.Ordinal);
                return compiled.IsFoundIn(Encoding.UTF8.GetBytes(one.text), _scratch, ref timedOut) == Regex.IsMatch(one.text, theirs, RegexOptions.CultureInvariant);
            }));
    }

    [Fact]
    public void Every_code_point_of_a_class_is_found_and_no_other()
    {
        TextPattern pattern = _compiler.Compile("^[\\u0050-\\u0810\\ufff0-\\u{10234}]$", out _)!;
        Assert.IsType<AutomatonPattern>(pattern);
        Span<byte> bytes = stackalloc byte[4];
        bool timedOut = false;
        for (int codePoint = 0; codePoint <= 0x10FFFF; codePoint++)
        {
            if (codePoint is >= 0xD800 and <= 0xDFFF) continue;
            int length = new Rune(codePoint).EncodeToUtf8(bytes);
            bool expected = codePoint is (>= 0x50 and <= 0x810) or (>= 0xFFF0 and <= 0x10234);
            if (expected != pattern.IsFoundIn(bytes[..length], _scratch, ref timedOut)) Assert.Fail($"U+{codePoint:X4}");
        }
    }
}
