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
        Assert.True(pattern.IsWrong);
        Assert.NotEmpty(pattern.Fault!);
        Assert.False(pattern.Matches("404"));
    }

    [Theory]
    [InlineData("(4)\\1")]
    [InlineData("(?=4).*")]
    public void Does_not_run_what_needs_backtracking(string text)
    {
        var pattern = new SelectionPattern(text);
        Assert.NotNull(pattern.Fault);
        Assert.False(pattern.IsWrong);
    }

    [Fact]
    public void Refuses_a_pattern_longer_than_anyone_reads() => Assert.True(new SelectionPattern(new string('(', 5_000_000)).IsWrong);

    [Fact]
    public void Is_compiled_once_for_all_methods_that_have_it()
    {
        var patterns = new SelectionPatterns();
        Assert.Same(patterns.Get("4.."), patterns.Get("4.."));
        Assert.NotSame(patterns.Get("4.."), patterns.Get("5.."));
    }
}
