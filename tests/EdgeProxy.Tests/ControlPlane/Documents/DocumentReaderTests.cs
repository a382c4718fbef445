using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;

namespace EdgeProxy.Tests.ControlPlane.Documents;

public sealed class DocumentReaderTests
{
    [Fact]
    public void Reads_json_by_content_whatever_the_name()
    {
        DocumentNode root = ReadWell("api.txt", "{\"a\": [1, true, \"x\", null]}");
        DocumentNode list = root.Find("a")!;
        Assert.Equal([ScalarKind.Integer, ScalarKind.Boolean, ScalarKind.Text, ScalarKind.Null], list.Items.Select(item => item.ScalarKind));
        Assert.Equal("/a/2", list.Items[2].Pointer);
        Assert.Equal((1, 17), (list.Items[2].Line, list.Items[2].Column));
    }

    [Fact]
    public void Reads_yaml_with_line_column_pointer_and_file()
    {
        DocumentNode root = ReadWell("api.yaml", "paths:\n  /pets:\n    get:\n      timeout: 50\n");
        DocumentNode timeout = root.Find("paths")!.Find("/pets")!.Find("get")!.Find("timeout")!;
        Assert.Equal("api.yaml", timeout.Origin.Document);
        Assert.Equal("/paths/~1pets/get/timeout", timeout.Pointer);
        Assert.Equal((4, 16), (timeout.Line, timeout.Column));
        Assert.True(timeout.TryGetInteger(out long value));
        Assert.Equal(50, value);
    }

    [Fact]
    public void Points_a_key_at_its_own_place()
    {
        DocumentNode root = ReadWell("a.yaml", "info:\n  title: x\n");
        DocumentNode key = root.Find("info")!.FindKey("title")!;
        Assert.Equal((2, 3, "/info/title"), (key.Line, key.Column, key.Pointer));
    }

    [Fact]
    public void Counts_columns_of_json_in_characters()
    {
        DocumentNode root = ReadWell("a.json", "{\n  \"é€\": \"x\"}");
        Assert.Equal((2, 9), (root.Find("é€")!.Line, root.Find("é€")!.Column));
    }

    [Fact]
    public void Takes_json_with_tabs_in_a_yaml_file_and_a_yaml_flow_mapping_too()
    {
        Assert.Equal("b", ReadWell("a.yaml", "{\n\t\"a\":\t\"b\"\n}").Find("a")!.Text);
        Assert.Equal("b", ReadWell("a.yaml", "{a: b}").Find("a")!.Text);
    }

    [Fact]
    public void Skips_a_byte_order_mark()
    {
        Assert.Equal(1, ReadWell("a.yaml", "\uFEFFa: b").Find("a")!.Line);
        Assert.Equal(1, ReadWell("a.json", "\uFEFF{\"a\": \"b\"}").Find("a")!.Line);
    }

    [Fact]
    public void Refuses_an_empty_document_and_one_of_comments()
    {
        Assert.Equal(ProblemCode.EmptyDocument, ReadBadly("a.yaml", " \n").Code);
        Assert.Equal(ProblemCode.EmptyDocument, ReadBadly("a.yaml", "# nothing\n").Code);
    }

    [Fact]
    public void Refuses_bytes_that_are_not_utf8_at_their_place()
    {
        var problems = new ProblemList();
        Assert.Null(DocumentReader.Read("a.yaml", [(byte)'a', (byte)':', (byte)'\n', (byte)' ', 0xFF], problems));
        Problem problem = Assert.Single(problems);
        Assert.Equal((ProblemCode.NotUtf8, 2, 2), (problem.Code, problem.Origin!.Line, problem.Origin.Column));
    }

    [Fact]
    public void Refuses_more_bytes_than_the_limit()
    {
        Assert.Equal(ProblemCode.TooLarge, ReadBadly("a.yaml", new string('a', DocumentLimits.Bytes + 1)).Code);
    }

    [Theory]
    [InlineData("a.json")]
    [InlineData("a.yaml")]
    public void Refuses_nesting_beyond_the_limit_and_takes_nesting_at_it(string file)
    {
        Assert.Equal(ProblemCode.TooDeep, ReadBadly(file, new string('[', DocumentLimits.Depth + 1) + new string(']', DocumentLimits.Depth + 1)).Code);
        Assert.Equal(ProblemCode.TooDeep, ReadBadly(file, new string('[', 1_000_000)).Code);
        Assert.True(ReadWell(file, new string('[', DocumentLimits.Depth) + new string(']', DocumentLimits.Depth)).IsSequence);
    }

    internal static DocumentNode ReadWell(string file, string text)
    {
        var problems = new ProblemList();
        DocumentNode? root = DocumentReader.Read(file, Encoding.UTF8.GetBytes(text), problems);
        Assert.Empty(problems.Select(ProblemWriter.Line));
        return Assert.IsType<DocumentNode>(root);
    }

    internal static Problem ReadBadly(string file, string text)
    {
        var problems = new ProblemList();
        DocumentReader.Read(file, Encoding.UTF8.GetBytes(text), problems);
        return Assert.Single(problems);
    }
}
