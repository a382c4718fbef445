using System.Text;
using System.Text.RegularExpressions;
using EdgeProxy.Core.Patterns;
using EdgeProxy.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeProxy.Tests.Core.Patterns;

public sealed class PatternRunTests
{
    private readonly PatternRun _run = new();

    [Fact]
    public void Finds_what_the_platforms_engine_finds_and_where()
    {
        Gen<string> atoms = Gen.Elements(
            "a", "b", ".", "[ab]", "[^a]", "(a|bc)", "(?:b|)", "a*", "b+?", "c??", "a{2}", "(ab){1,2}", "(?:a|b){2,3}?", "(?=a)", "(?!b)", "(?<=a)", "(?<!b)", "(?>a+)", "(a)\\1", "\\b",
            "^", "\\z", "|", "(?:a|ab)+", "[a-cé]{0,3}", "é");
        Gen<string> texts = Gen.ListOf(Gen.Elements("a", "b", "c", "é", " ", "ab")).Select(static list => string.Concat(list.Take(9)));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(
            (from pattern in Gen.ListOf(atoms).Select(static list => string.Concat(list.Take(7))) from text in texts select (pattern, text)).ToArbitrary(),
            one =>
            {
                Match theirs = Regex.Match(one.text, one.pattern.Replace("\\b", "(?:(?<=[a-z])(?![a-z])|(?<![a-z])(?=[a-z]))", StringComparison.Ordinal), RegexOptions.CultureInvariant);
                byte[] text = Encoding.UTF8.GetBytes(one.text);
                int steps = 1_000_000;
                PatternAnswer answer = _run.Find(Program(one.pattern), text, 0, ref steps);
                if (answer != PatternAnswer.Yes || !theirs.Success) return (answer == PatternAnswer.Yes) == theirs.Success;
                return Encoding.UTF8.GetString(text[.._run.Start(0)]).Length == theirs.Index && Encoding.UTF8.GetString(text[_run.Start(0).._run.End(0)]) == theirs.Value;
            }));
    }

    [Theory]
    [InlineData("^(?:(a)|b)\\1$", "b", PatternDialect.Ecma, PatternAnswer.Yes)]
    [InlineData("^(?:(a)|b)\\1$", "b", PatternDialect.Java, PatternAnswer.No)]
    [InlineData("^a$", "a\n", PatternDialect.Ecma, PatternAnswer.No)]
    [InlineData("^a$", "a\n", PatternDialect.Java, PatternAnswer.Yes)]
    [InlineData("^\\s$", "\u00a0", PatternDialect.Ecma, PatternAnswer.Yes)]
    [InlineData("^\\s$", "\u00a0", PatternDialect.Java, PatternAnswer.No)]
    [InlineData("^.$", "\u0085", PatternDialect.Ecma, PatternAnswer.Yes)]
    [InlineData("^.$", "\u0085", PatternDialect.Java, PatternAnswer.No)]
    [InlineData("[^]", "\n", PatternDialect.Ecma, PatternAnswer.Yes)]
    public void The_dialects_differ(string pattern, string text, PatternDialect dialect, PatternAnswer expected)
    {
        int steps = 1000;
        Assert.Equal(expected, _run.Find(Program(pattern, dialect), Encoding.UTF8.GetBytes(text), 0, ref steps));
    }

    [Theory]
    [InlineData("^(?:(?:a+)+)+!", 40)]
    [InlineData("(a*)*b\\1", 40)]
    [InlineData("(?=(a+)+!)", 40)]
    [InlineData("(?<=(?:a+)+)b", 400)]
    [InlineData("(?:a?){60}a{60}", 59)]
    [InlineData("(?:(?:){100000}){100000}x", 40)]
    public void No_pattern_takes_more_steps_than_it_is_given(string pattern, int length)
    {
        int steps = 100_000;
        byte[] text = Encoding.UTF8.GetBytes(new string('a', length));
        PatternAnswer answer = _run.Find(Program(pattern), text, 0, ref steps);
        Assert.NotEqual(PatternAnswer.Yes, answer);
        if (answer == PatternAnswer.TooManySteps) Assert.InRange(steps, -length - 1, -1);
    }

    [Fact]
    public void No_pattern_remembers_more_choices_than_there_is_room_for()
    {
        int steps = int.MaxValue;
        Assert.Equal(PatternAnswer.TooManyChoices, _run.Find(Program("^(?:a|b)*$"), Encoding.UTF8.GetBytes(new string('a', 1_000_000)), 0, ref steps));
    }

    [Fact]
    public void Referring_back_to_a_long_text_costs_steps_too()
    {
        int steps = 8_000_000;
        Assert.Equal(PatternAnswer.TooManySteps, _run.Find(Program("^(a*)\\1b"), Encoding.UTF8.GetBytes(new string('a', 200_000)), 0, ref steps));
    }

    [Theory]
    [InlineData("^(?=.*\\d)(?=.*[a-z])\\S{8,}$")]
    [InlineData("^[^!]{1,100000}$")]
    [InlineData("^a{0,100000}1$")]
    public void A_long_text_costs_about_a_step_a_character(string pattern)
    {
        int steps = 400_000;
        Assert.Equal(PatternAnswer.Yes, _run.Find(Program(pattern), Encoding.UTF8.GetBytes(new string('a', 99_999) + "1"), 0, ref steps));
    }

    [Fact]
    public void Text_that_is_no_utf8_is_gone_through_like_any_other()
    {
        byte[] alphabet = [0x61, 0x80, 0xC3, 0xA9, 0xED, 0xA0, 0xFF, 0xF0, 0x9F];
        var random = new Random(3);
        PatternProgram[] programs = [.. new[] { "(?:.|\\n)*$", ".+?[a\\u00ff]", "(?<=.)[^a]+", "([\\s\\S])\\1", "(?:\\xc3|\\x80){2,}x" }.Select(pattern => Program(pattern))];
        for (int i = 0; i < 3000; i++)
        {
            var text = new byte[random.Next(12)];
            for (int at = 0; at < text.Length; at++) text[at] = alphabet[random.Next(alphabet.Length)];
            foreach (PatternProgram program in programs)
            {
                int steps = 100_000;
                if (_run.Find(program, text, 0, ref steps) == PatternAnswer.Yes) Assert.InRange(_run.End(0), _run.Start(0), text.Length);
            }
        }
    }

    [Fact]
    public void Runs_without_allocating_once_its_memory_has_grown()
    {
        PatternProgram program = Program("^(?=.*\\d)(?:[a-z]|\\d)+$");
        byte[] text = Encoding.UTF8.GetBytes("abcdefgh1");
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                int steps = 10_000;
                _run.Find(program, text, 0, ref steps);
            }
        }));
    }

    private static PatternProgram Program(string pattern, PatternDialect dialect = PatternDialect.Java)
    {
        ParsedPattern? parsed = PatternParser.Parse(pattern, dialect, out string? fault);
        Assert.Null(fault);
        return PatternProgram.Of(parsed!);
    }
}
