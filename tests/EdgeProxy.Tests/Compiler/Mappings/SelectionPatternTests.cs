using EdgeProxy.Compiler.Mappings;

namespace EdgeProxy.Tests.Compiler.Mappings;

public sealed class SelectionPatternTests
{
    [Theory]
    [InlineData("4\\d{2}", "404", true)]
    [InlineData("4\\d{2}", "4040", false)]
    [InlineData("4", "404", false)]
    [InlineData("200|404", "404", true)]
    [InlineData(".*", "line\nline", false)]
    [InlineData("(\\n|.)+", "line\nline", true)]
    public void Matches_the_whole_value(string pattern, string value, bool matches)
    {
        Assert.True(SelectionPattern.TryCompile(pattern, out var regex, out _, out _));
        Assert.Equal(matches, regex!.IsMatch(value));
    }

    [Theory]
    [InlineData("4[")]
    [InlineData("a)|(b")]
    [InlineData("*")]
    public void Refuses_what_is_no_regular_expression(string pattern)
    {
        Assert.False(SelectionPattern.TryCompile(pattern, out _, out string fault, out bool isWrong));
        Assert.True(isWrong);
        Assert.NotEmpty(fault);
    }

    [Fact]
    public void Does_not_run_what_needs_backtracking()
    {
        Assert.False(SelectionPattern.TryCompile("(4)\\1", out _, out _, out bool isWrong));
        Assert.False(isWrong);
    }

    [Fact]
    public void Refuses_a_pattern_longer_than_anyone_reads() => Assert.False(SelectionPattern.TryCompile(new string('(', 5_000_000), out _, out _, out _));
}
