using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using static EdgeProxy.Tests.ControlPlane.Documents.DocumentReaderTests;

namespace EdgeProxy.Tests.ControlPlane.Documents;

public sealed class YamlDocumentReaderTests
{
    [Theory]
    [InlineData("true", ScalarKind.Boolean)]
    [InlineData("'true'", ScalarKind.Text)]
    [InlineData("200", ScalarKind.Integer)]
    [InlineData("\"200\"", ScalarKind.Text)]
    [InlineData("-1.5e3", ScalarKind.Number)]
    [InlineData("1.2.3", ScalarKind.Text)]
    [InlineData("~", ScalarKind.Null)]
    [InlineData("", ScalarKind.Null)]
    [InlineData("yes", ScalarKind.Text)]
    [InlineData("!!str 1", ScalarKind.Text)]
    [InlineData("!Ref Thing", ScalarKind.Text)]
    public void Tells_plain_values_from_quoted_ones(string text, ScalarKind kind) =>
        Assert.Equal(kind, ReadWell("a.yaml", $"k: {text}\n").Find("k")!.ScalarKind);

    [Fact]
    public void Keeps_local_tags()
    {
        DocumentNode root = ReadWell("a.yaml", "a: !Ref Thing\nb: !GetAtt [x, y]\nc: !Sub {z: 1}\n");
        Assert.Equal(["!Ref", "!GetAtt", "!Sub"], root.Children.Select(child => child.Tag));
    }

    [Fact]
    public void Follows_an_alias_and_points_at_the_place_of_its_anchor()
    {
        DocumentNode root = ReadWell("a.yaml", "a: &x {k: v}\nb: *x\n");
        Assert.Same(root.Find("a"), root.Find("b"));
        Assert.Equal("/a", root.Find("b")!.Pointer);
    }

    [Fact]
    public void Merges_with_own_keys_first_and_earlier_sources_before_later_ones()
    {
        DocumentNode root = ReadWell("a.yaml", "one: &one {a: 1, b: 1}\ntwo: &two {b: 2, c: 2}\nall:\n  <<: [*one, *two]\n  a: 0\n");
        DocumentNode all = root.Find("all")!;
        Assert.Equal(("0", "1", "2"), (all.Find("a")!.Text, all.Find("b")!.Text, all.Find("c")!.Text));
    }

    [Fact]
    public void Refuses_to_merge_what_is_no_mapping() => Assert.Equal(ProblemCode.BadAlias, ReadBadly("a.yaml", "a:\n  <<: text\n").Code);

    [Fact]
    public void Refuses_a_duplicate_key_at_the_second_one_and_names_the_first()
    {
        Problem problem = ReadBadly("a.yaml", "paths:\n  a: 1\n  b: 2\n  a: 3\n");
        Assert.Equal((ProblemCode.DuplicateKey, 4, 3, "/paths/a"), (problem.Code, problem.Origin!.Line, problem.Origin.Column, problem.Origin.Pointer));
        Assert.Contains("line 2", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_key_that_is_a_list() => Assert.Equal(ProblemCode.BadKey, ReadBadly("a.yaml", "? [a, b]\n: c\n").Code);

    [Fact]
    public void Refuses_a_second_document()
    {
        Problem problem = ReadBadly("a.yaml", "a: 1\n---\nb: 2\n");
        Assert.Equal((ProblemCode.SeveralDocuments, 2), (problem.Code, problem.Origin!.Line));
    }

    [Fact]
    public void Refuses_an_unknown_alias_with_a_suggestion()
    {
        Problem problem = ReadBadly("a.yaml", "a: &base 1\nb: *bsae\n");
        Assert.Equal((ProblemCode.BadAlias, 2, 4), (problem.Code, problem.Origin!.Line, problem.Origin.Column));
        Assert.Contains("Did you mean \"base\"?", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_an_alias_inside_its_own_anchor() => Assert.Equal(ProblemCode.BadAlias, ReadBadly("a.yaml", "a: &x\n  b: *x\n").Code);

    [Fact]
    public void Refuses_a_billion_laughs()
    {
        var text = new System.Text.StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++)
        {
            text.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n");
        }

        Assert.Equal(ProblemCode.TooLarge, ReadBadly("a.yaml", text.ToString()).Code);
    }

    [Fact]
    public void Refuses_depth_made_by_aliases()
    {
        var text = new System.Text.StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 200; i++) text.Append($"a{i}: &a{i} [*a{i - 1}]\n");
        Assert.Equal(ProblemCode.TooDeep, ReadBadly("a.yaml", text.ToString()).Code);
    }

    [Fact]
    public void Reports_a_syntax_error_at_its_line()
    {
        Problem problem = ReadBadly("a.yaml", "a: 1\nb: [1, 2\nc: 3\n");
        Assert.Equal(ProblemCode.Syntax, problem.Code);
        Assert.InRange(problem.Origin!.Line, 2, 3);
    }

    [Fact]
    public void Reports_a_syntax_error_in_words_and_without_the_parsers_own_count()
    {
        Problem problem = ReadBadly("a.yaml", "a: 'open\nb: 1\n");
        Assert.Equal(ProblemCode.Syntax, problem.Code);
        Assert.DoesNotContain("Idx", problem.Message, StringComparison.Ordinal);
    }
}
