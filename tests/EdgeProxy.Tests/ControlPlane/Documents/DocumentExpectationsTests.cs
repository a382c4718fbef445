using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using static EdgeProxy.Tests.ControlPlane.Documents.DocumentReaderTests;

namespace EdgeProxy.Tests.ControlPlane.Documents;

public sealed class DocumentExpectationsTests
{
    private readonly ProblemList _problems = new();

    [Fact]
    public void Says_to_quote_a_number_where_text_is_due()
    {
        Assert.Null(Value("k: 5").ExpectString("port", _problems));
        Assert.Contains("Put it in quotes: \"5\"", Assert.Single(_problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_to_remove_the_quotes_of_a_number()
    {
        Assert.Null(Value("k: '5'").ExpectInteger("port", 0, 10, _problems));
        Assert.Contains("Remove the quotes", Assert.Single(_problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("k: 11")]
    [InlineData("k: -1")]
    [InlineData("k: 99999999999999999999999")]
    public void Refuses_a_number_outside_its_range(string text)
    {
        Assert.Null(Value(text).ExpectInteger("port", 0, 10, _problems));
        Assert.Equal(ProblemCode.OutOfRange, Assert.Single(_problems).Code);
    }

    [Fact]
    public void Gives_a_word_back_as_it_is_known()
    {
        Assert.Equal("HTTP", Value("k: http").ExpectOneOf("type", ["HTTP", "MOCK"], StringComparison.OrdinalIgnoreCase, _problems));
        Assert.Null(Value("k: mok").ExpectOneOf("type", ["HTTP", "MOCK"], StringComparison.OrdinalIgnoreCase, _problems));
        Assert.Contains("Did you mean \"MOCK\"?", Assert.Single(_problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_each_unknown_key_at_the_key()
    {
        ReadWell("a.yaml", "uri: x\nurl: y\nzzz: 1\n").ExpectKeys("integration", ["uri", "type"], _problems);
        Assert.Equal([2, 3], _problems.Select(problem => problem.Origin!.Line));
    }

    [Fact]
    public void Keeps_the_good_items_of_a_list_with_bad_ones()
    {
        Assert.Equal(["a", "b"], Value("k: [a, 1, b, [c]]").ExpectStrings("names", _problems));
        Assert.Equal(2, _problems.Count);
    }

    private static DocumentNode Value(string text) => ReadWell("a.yaml", text + "\n").Find("k")!;
}
