using System.Text;
using EdgeProxy.Gateway.Integrations.Lambda;
using EdgeProxy.Http.Messages;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Tests.Gateway.Integrations.Lambda;

public sealed class FunctionResultTests
{
    private const string Whole = """{"statusCode":201,"headers":{"X-A":"1","content-type":"a\/b"},"multiValueHeaders":{"X-B":["\u00e9",true,3]},"body":"a\n\"b\"","isBase64Encoded":false}""";

    private readonly JsonTape _tape = new();
    private readonly byte[] _scratch = new byte[64 * 1024];

    [Fact]
    public void Finds_the_members()
    {
        byte[] text = Encoding.UTF8.GetBytes(Whole);
        Assert.True(FunctionResult.TryRead(text, isStreamed: false, _tape, out FunctionResult result));
        JsonView view = _tape.View(text);
        Assert.Equal(201, result.Status);
        Assert.Equal("a\\n\\\"b\\\"", Encoding.UTF8.GetString(view.Raw(result.Body)));
        var headers = new HeaderTable();
        Assert.Equal(FieldVerdict.Added, FunctionHeaders.Add(view, result, headers, FunctionFieldLimits.Default, _scratch));
        Assert.Equal(["X-B: \u00e9", "X-B: true", "X-B: 3", "X-A: 1", "content-type: a/b"], Lines(headers));
    }

    [Fact]
    public void A_result_that_is_cut_off_anywhere_is_refused()
    {
        byte[] text = Encoding.UTF8.GetBytes(Whole);
        for (int length = 0; length < text.Length; length++) Assert.False(FunctionResult.TryRead(text.AsSpan(0, length), isStreamed: false, _tape, out _), $"{length}");
    }

    [Fact]
    public void No_change_of_a_byte_makes_it_throw_or_lets_a_line_end_through()
    {
        byte[] text = Encoding.UTF8.GetBytes(Whole);
        for (int at = 0; at < text.Length; at++)
        {
            byte before = text[at];
            for (int value = 0; value < 256; value++)
            {
                text[at] = (byte)value;
                if (!FunctionResult.TryRead(text, isStreamed: false, _tape, out FunctionResult result)) continue;
                Assert.InRange(result.Status, 200, 599);
                var headers = new HeaderTable();
                if (FunctionHeaders.Add(_tape.View(text), result, headers, FunctionFieldLimits.Default, _scratch) != FieldVerdict.Added) continue;
                for (int i = 0; i < headers.Count; i++)
                {
                    Assert.True(headers.Name(i).IndexOfAny("\r\n: \0"u8) < 0 && !headers.Name(i).IsEmpty);
                    Assert.True(headers.Value(i).IndexOfAny("\r\n\0"u8) < 0);
                }
            }

            text[at] = before;
        }
    }

    [Theory]
    [InlineData("""{"statusCode":200,"statusCode":404}""", 404)]
    [InlineData("""{"statusCode":404,"statusCode":null}""", 404)]
    [InlineData("""{"statusCode":"0404"}""", 404)]
    public void A_member_counts_as_it_was_written_last(string text, int status)
    {
        Assert.True(FunctionResult.TryRead(Encoding.UTF8.GetBytes(text), isStreamed: false, _tape, out FunctionResult result));
        Assert.Equal(status, result.Status);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(5000)]
    public void Nesting_is_limited(int depth) =>
        Assert.False(FunctionResult.TryRead(Encoding.ASCII.GetBytes("{\"headers\":" + new string('[', depth) + new string(']', depth) + "}"), isStreamed: false, _tape, out _));

    [Theory]
    [InlineData(1000, 1000, "Added")]
    [InlineData(1001, 1000, "TooMany")]
    [InlineData(3, 2, "TooMany")]
    public void Fields_are_limited_in_number(int fields, int most, string verdict)
    {
        string text = "{\"headers\":{" + string.Join(',', Enumerable.Range(0, fields).Select(i => $"\"h{i}\":1")) + "}}";
        Assert.Equal(verdict, Add(text, FunctionFieldLimits.Default with { Count = most }).ToString());
    }

    [Fact]
    public void Fields_are_limited_in_bytes()
    {
        string value = new('x', 1000);
        Assert.Equal(FieldVerdict.Added, Add("{\"headers\":{" + string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"h{i}\":\"{value}\"")) + "}}", FunctionFieldLimits.Default));
        Assert.Equal(FieldVerdict.TooLarge, Add("{\"headers\":{" + string.Join(',', Enumerable.Range(0, 70).Select(i => $"\"h{i}\":\"{value}\"")) + "}}", FunctionFieldLimits.Default));
        Assert.Equal(FieldVerdict.Malformed, Add($"{{\"headers\":{{\"{new string('n', 257)}\":\"1\"}}}}", FunctionFieldLimits.Default));
    }

    private FieldVerdict Add(string text, FunctionFieldLimits limits)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.True(FunctionResult.TryRead(bytes, isStreamed: false, _tape, out FunctionResult result));
        return FunctionHeaders.Add(_tape.View(bytes), result, new HeaderTable(), limits, _scratch);
    }

    private static string[] Lines(HeaderTable headers) =>
        [.. Enumerable.Range(0, headers.Count).Select(i => $"{Encoding.UTF8.GetString(headers.Name(i))}: {Encoding.UTF8.GetString(headers.Value(i))}")];
}
