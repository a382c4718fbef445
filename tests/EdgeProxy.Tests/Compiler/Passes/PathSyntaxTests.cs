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

    [Theory]
    [InlineData("/")]
    [InlineData("/a/b")]
    [InlineData("/a/{id}", "id")]
    [InlineData("/{a}/x/{b+}", "a", "b")]
    [InlineData("/{a}x/{}/{b}", "b")]
    public void Names_the_placeholders_from_left_to_right(string path, params string[] names) => Assert.Equal(names, PathSyntax.Names(path));

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a/{id}/b", "/a/{}/b")]
    [InlineData("/{a}/{rest+}", "/{}/{+}")]
    [InlineData("/{a}x/{id}", "/{a}x/{}")]
    [InlineData("/{id}/", "/{}/")]
    public void Tells_paths_apart_by_all_but_the_names_of_placeholders(string path, string shape) => Assert.Equal(shape, PathSyntax.Shape(path));

    [Fact]
    public void Shapes_a_long_path()
    {
        string many = string.Concat(Enumerable.Range(0, 200).Select(static i => $"/part{i}/{{p{i}}}"));
        Assert.Equal(string.Concat(Enumerable.Range(0, 200).Select(static i => $"/part{i}/{{}}")), PathSyntax.Shape(many));
    }
}
