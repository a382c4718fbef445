using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.ApiKeys;

namespace EdgeProxy.Tests.ControlPlane.Imports.ApiKeys;

public sealed class ApiKeyFileReaderTests
{
    private readonly ProblemList _problems = new();

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    [InlineData(7)]
    public void Reads_columns_in_any_order_and_case_however_the_bytes_come(int step)
    {
        const string Text = "description,USAGEPLANIDS,Key,Enabled,Name,color,Id\r\n"
            + "\"a \"\"quoted\"\" one,\nover two lines\",\"p1, p2\",value-1,TRUE,first,red,one\n"
            + ",p1,value-2,false,second,,\r\n"
            + "\r\n"
            + ",,value-3,,third,blue,\n"
            + ",,\"value-4\",true,fourth";
        Assert.Equal(
            ["2 value-1 [one] p1, p2 True", "4 value-2 [] p1 False", "6 value-3 []  True", "7 value-4 []  True"], Read(Text, step));
        Assert.Empty(_problems);
    }

    [Theory]
    [InlineData("name,key\na,value")]
    [InlineData("\uFEFFname,key\na,value\n")]
    [InlineData("\uFEFF\"name\",\"key\"\r\n\"a\",\"value\"\r\n")]
    [InlineData("key , name\nvalue , a\n")]
    [InlineData("\"name\",\"key\"\r\na,\"value\"\r\n")]
    public void Takes_what_spreadsheets_write(string text)
    {
        string[] rows = Read(text, int.MaxValue);
        Assert.Single(rows);
        Assert.EndsWith("value []  True", rows[0], StringComparison.Ordinal);
        Assert.Empty(_problems);
    }

    [Theory]
    [InlineData("", ProblemCode.EmptyDocument, 1)]
    [InlineData("\uFEFF", ProblemCode.EmptyDocument, 1)]
    [InlineData("name\na", ProblemCode.Missing, 1)]
    [InlineData("key\na", ProblemCode.Missing, 1)]
    [InlineData("name,key\nonly", ProblemCode.Missing, 2)]
    [InlineData("name,key,enabled\n\na,value,maybe\n", ProblemCode.NotAllowed, 3)]
    [InlineData("name,key\na,\"value", ProblemCode.Syntax, 2)]
    [InlineData("name,key\na,\"value\"x", ProblemCode.Syntax, 2)]
    public void Says_in_which_line_something_is_wrong(string text, ProblemCode code, int line)
    {
        Read(text, int.MaxValue);
        Problem problem = Assert.Single(_problems);
        Assert.Equal((code, ProblemSeverity.Error, line), (problem.Code, problem.Severity, problem.Origin!.Line));
        Assert.Equal("keys.csv", problem.Origin.Document);
        Assert.DoesNotContain("value", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,")]
    [InlineData("a,\"")]
    public void Refuses_a_row_that_does_not_end(string start)
    {
        Read("name,key\n" + start + new string('x', 10 * ApiKeyFileReader.MostRow), 1000);
        Assert.Equal(ProblemCode.Syntax, Assert.Single(_problems).Code);
    }

    [Fact]
    public void Reads_many_rows_across_its_buffer()
    {
        var text = new StringBuilder("name,key,usagePlanIds\n");
        for (int i = 0; i < 50_000; i++) text.Append($"key {i},\"value-{i:D20}\",\"gold,silver\"\n");
        string[] rows = Read(text.ToString(), 60_000);
        Assert.Equal(50_000, rows.Length);
        Assert.Equal("50001 value-00000000000000049999 [] gold,silver True", rows[^1]);
    }

    [Fact]
    public void Never_throws_and_always_ends_whatever_the_bytes_are()
    {
        var random = new Random(3);
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = new byte[random.Next(200)];
            for (int b = 0; b < bytes.Length; b++) bytes[b] = "\",\n\r k"u8[random.Next(6)];
            var reader = new ApiKeyFileReader(new Pieces([.. "name,key\n"u8, .. bytes], random.Next(1, 40)), "keys.csv", new ProblemList());
            Assert.True(reader.TryReadColumns());
            int rows = 0;
            while (reader.TryRead()) rows++;
            Assert.InRange(rows, 0, bytes.Length);
        }
    }

    private string[] Read(string text, int step)
    {
        var reader = new ApiKeyFileReader(new Pieces(Encoding.UTF8.GetBytes(text), step), "keys.csv", _problems);
        var rows = new List<string>();
        if (!reader.TryReadColumns()) return [];
        while (reader.TryRead()) rows.Add($"{reader.Line} {Encoding.UTF8.GetString(reader.Value)} [{Encoding.UTF8.GetString(reader.Id)}] {Encoding.UTF8.GetString(reader.PlanIds)} {reader.IsEnabled}");
        return [.. rows];
    }

    /// <summary>A file that comes in pieces.</summary>
    private sealed class Pieces(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, step)]);
    }
}
