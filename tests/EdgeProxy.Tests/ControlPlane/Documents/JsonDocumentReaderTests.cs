using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using static EdgeProxy.Tests.ControlPlane.Documents.DocumentReaderTests;

namespace EdgeProxy.Tests.ControlPlane.Documents;

public sealed class JsonDocumentReaderTests
{
    [Fact]
    public void Refuses_a_duplicate_key_at_the_second_one()
    {
        Problem problem = ReadBadly("a.json", "{\"a\": {\"b\": 1,\n \"b\": 2}}");
        Assert.Equal((ProblemCode.DuplicateKey, 2, 2, "/a/b"), (problem.Code, problem.Origin!.Line, problem.Origin.Column, problem.Origin.Pointer));
    }

    [Fact]
    public void Reports_a_syntax_error_at_its_place_without_the_parsers_own_count()
    {
        Problem problem = ReadBadly("a.json", "{\n  \"é\": tru\n}");
        Assert.Equal((ProblemCode.Syntax, 2), (problem.Code, problem.Origin!.Line));
        Assert.InRange(problem.Origin.Column, 8, 12);
        Assert.DoesNotContain("LineNumber", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\": 1")]
    [InlineData("{\"a\": 1} x")]
    [InlineData("{\"a\": 1,}")]
    [InlineData("[1 2]")]
    public void Refuses_what_is_not_json(string text)
    {
        Problem problem = ReadBadly("a.json", text);
        Assert.Equal(ProblemCode.Syntax, problem.Code);
        Assert.StartsWith("Not valid JSON: something else is expected here.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_half_a_surrogate_pair() => Assert.Equal(ProblemCode.Syntax, ReadBadly("a.json", "{\"a\": \"\\ud800\"}").Code);

    [Fact]
    public void Unescapes_text() => Assert.Equal("a\n\u20AC", ReadWell("a.json", "{\"k\": \"a\\n\\u20ac\"}").Find("k")!.Text);

    [Fact]
    public void Finds_keys_in_large_objects()
    {
        DocumentNode root = ReadWell("a.json", "{" + string.Join(",", Enumerable.Range(0, 50).Select(i => $"\"k{i}\": {i}")) + "}");
        Assert.Equal("49", root.Find("k49")!.Text);
        Assert.Null(root.Find("k50"));
    }
}
