using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Tests.ControlPlane.Wire;

public sealed class YamlWriterTests
{
    private static readonly string[] Pieces =
    [
        "a", "word", "two words", " ", "  ", "\t", "\n", "\n\n", "\r\n", "\r", "\0", "\u0001", "\u001b", "\u007f", "\u0085", "\u00a0", "\u2028", "\u2029", "\ufeff", "\ufffd", "\u00e9", "\u4e2d", "\ud83d\ude00",
        "\"", "'", "\\", "\\n", "#", " # no comment", ":", ": ", "- ", "-", "? ", "|", ">", "|-", "&anchor", "*alias", "!tag", "%", "@", "`", "{", "}", "[", "]", ",", "<<", "---", "...", "~", "null", "true", "no",
        "Off", "1", "007", "0x1F", "0o17", "1e5", "1_000", "12:30", ".5", "-1.0", ".inf", "NaN", "2026-11-22", "=", "$input.path('$')", "#set($a = \"b\")", "{\"message\": $x}", "/pets/{petId}", "application/json",
    ];

    [Fact]
    public void Reads_as_the_same_value_whatever_the_texts_are()
    {
        var random = new Random(20261123);
        for (int i = 0; i < 4000; i++) Survives(Value(random, 0));
    }

    [Fact]
    public void Keeps_each_piece_of_text_as_a_value_as_an_item_and_as_a_key()
    {
        foreach (string piece in Pieces)
        {
            foreach (string text in new[] { piece, piece + piece, "a" + piece, piece + "a", piece + "\n", "\n" + piece, "a\n" + piece, "a\n" + piece + "\nb", " " + piece + "\n b\n", piece + "\n\n" })
            {
                Survives(WireValue.NewObject().Set("value", text).Set(text + "x", "key").Set("list", WireValue.Of([text, text])));
            }
        }
    }

    [Theory]
    [InlineData(990)]
    [InlineData(1024)]
    [InlineData(5000)]
    public void Keeps_keys_that_are_too_long_for_a_line(int length)
    {
        string key = new('k', length);
        Survives(WireValue.NewObject().Set(key, "v").Set("next", WireValue.NewObject().Set(key + " ", WireValue.NewObject().Set("a", 1))));
        Survives(WireValue.NewObject().Set("list", List(WireValue.NewObject().Set(key, WireValue.Of(["x"])).Set("b", true))));
        Survives(WireValue.NewObject().Set(new string('\u2028', length), "v"));
    }

    [Fact]
    public void Writes_templates_line_by_line()
    {
        Assert.Equal("template: |-\n  #set($a = 1)\n  {\"a\": $a}\nnext: |2\n    indented\n  less\nlast: |+\n  a\n\n", Text(
            WireValue.NewObject().Set("template", "#set($a = 1)\n{\"a\": $a}").Set("next", "  indented\nless\n").Set("last", "a\n\n")));
    }

    [Fact]
    public void Is_laid_out_as_people_write_it() =>
        Assert.Equal(
            "openapi: \"3.0.1\"\npaths:\n  \"/\":\n    get:\n      parameters:\n        - name: \"q\"\n          required: false\n          schema:\n            type: \"string\"\n      responses: {}\n  /pets/{petId}: {}\nlists:\n  -\n    - 1\n    - 2\n  - []\n",
            Text(WireValue.Parse("""{"openapi":"3.0.1","paths":{"/":{"get":{"parameters":[{"name":"q","required":false,"schema":{"type":"string"}}],"responses":{}}},"/pets/{petId}":{}},"lists":[[1,2],[]]}"""u8)));

    [Fact]
    public void Keeps_numbers_as_they_are_written() =>
        Survives(WireValue.Parse("[0, -1, 1.50, 1E5, 1e-7, 12345678901234567890, 0.1, -0, true, false, null, {}, [], [[]], [{}]]"u8));

    private static WireValue List(WireValue item)
    {
        WireValue list = WireValue.NewList();
        list.Items.Add(item);
        return list;
    }

    private static string Text(WireValue value) => Encoding.UTF8.GetString(value.ToYaml());

    private static void Survives(WireValue value)
    {
        byte[] yaml = value.ToYaml();
        var problems = new ProblemList();
        DocumentNode? read = DocumentReader.Read("a.yaml", yaml, problems);
        Assert.True(problems.Count == 0 && read is not null, $"{string.Join(' ', problems.Select(problem => problem.Message))}\n{Encoding.UTF8.GetString(yaml)}");
        string back = DocumentJson.Write(read);
        string expected = value.ToString();
        Assert.True(back == expected, $"Not {expected}\nbut {back}\nby\n{Encoding.UTF8.GetString(yaml)}");
    }

    private static WireValue Value(Random random, int depth)
    {
        switch (random.Next(depth > 5 ? 3 : 7))
        {
            case 0 or 1:
                return WireValue.Of(Words(random));
            case 2:
                return random.Next(3) switch { 0 => WireValue.Of(random.Next(2) == 0), 1 => WireValue.Of(random.NextInt64()), _ => WireValue.Parse("null"u8) };
            case 3 or 4:
                WireValue list = WireValue.NewList();
                for (int i = random.Next(4); i > 0; i--) list.Items.Add(Value(random, depth + 1));
                return list;
            default:
                WireValue map = WireValue.NewObject();
                for (int i = random.Next(5); i > 0; i--) map[Words(random)] = Value(random, depth + 1);
                return map;
        }
    }

    private static string Words(Random random)
    {
        var text = new StringBuilder();
        for (int i = random.Next(5); i > 0; i--) text.Append(Pieces[random.Next(Pieces.Length)]);
        return text.ToString();
    }
}
