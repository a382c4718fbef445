using EdgeProxy.Compiler.Passes;

namespace EdgeProxy.Tests.Compiler.Passes;

public sealed class PathSyntaxTests
{
    [Theory]
    [InlineData("{id}", "id", false)]
    [InlineData("{proxy+}", "proxy", true)]
    [InlineData("{a.b-c_$}", "a.b-c_$", false)]
    public void Takes_a_placeholder_apart(string part, string name, bool greedy)
    {
        Assert.True(PathSyntax.TryPlaceholder(part, out string read, out bool isGreedy));
        Assert.Equal((name, greedy), (read, isGreedy));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{+}")]
    [InlineData("x{id}")]
    [InlineData("{id}x")]
    [InlineData("{a b}")]
    [InlineData("{a{b}")]
    [InlineData("id")]
    public void Refuses_what_is_not_wholly_a_placeholder(string part) => Assert.False(PathSyntax.TryPlaceholder(part, out _, out _));

    [Fact]
    public void Splits_a_path_into_its_parts()
    {
        Assert.Empty(PathSyntax.Parts("/"));
        Assert.Equal(["a", "{b}"], PathSyntax.Parts("/a/{b}"));
    }
}
