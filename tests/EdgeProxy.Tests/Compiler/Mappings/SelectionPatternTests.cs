using EdgeProxy.Compiler.Mappings;

namespace EdgeProxy.Tests.Compiler.Mappings;

public sealed class SelectionPatternTests
{
    [Theory]
    [InlineData("4\\d{2}", "404", true)]
    [InlineData("4\\d{2}", "4040", false)]
    [InlineData("4", "404", false)]
    [InlineData("404", "404", true)]
    [InlineData("404", "405", false)]
    [InlineData("200|404", "404", true)]
    [InlineData(".*", "line\nline", false)]
    [InlineData("(\\n|.)+", "line\nline", true)]
    public void Matches_the_whole_value(string text, string value, bool matches)
    {
        var pattern = new SelectionPattern(text);
        Assert.Null(pattern.Fault);
        Assert.Equal(matches, pattern.Matches(value));
    }

    [Theory]
    [InlineData("4[")]
    [InlineData("a)|(b")]
    [InlineData("*")]
    public void Refuses_what_is_no_regular_expression(string text)
    {
        var pattern = new SelectionPattern(text);
        Assert.NotEmpty(pattern.Fault!);
        Assert.False(pattern.Matches("404"));
    }

    [Theory]
    [InlineData("(4)0\\1", "404", true)]
    [InlineData("(?=4).*", "404", true)]
    [InlineData("(?!404)4.*", "404", false)]
    [InlineData("(?!404)4.*", "403", true)]
    [InlineData("(?i)not FOUND", "Not found", true)]
    [InlineData("^4\\d\\d$", "404", true)]
    [InlineData("4++4", "444", false)]
    [InlineData("\\Q4.\\E", "4.", true)]
    [InlineData("\\Q4.\\E", "40", false)]
    public void Takes_Javas_whole_dialect(string text, string value, bool matches) => Matches_the_whole_value(text, value, matches);

    [Fact]
    public void A_pattern_that_would_run_away_matches_nothing() => Assert.False(new SelectionPattern("((a+)+)+b").Matches(new string('a', 5000)));

    [Fact]
    public void Refuses_a_pattern_longer_than_anyone_reads() => Assert.True(new SelectionPattern(new string('(', 5_000_000)).Fault is not null);

    [Fact]
    public void Is_compiled_once_for_all_methods_that_have_it()
    {
        var patterns = new SelectionPatterns();
        Assert.Same(patterns.Get("4.."), patterns.Get("4.."));
        Assert.NotSame(patterns.Get("4.."), patterns.Get("5.."));
    }
}
