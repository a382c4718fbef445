using System.Text;
using EdgeProxy.Templates;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Templates.Json;

public sealed class JsonReaderTests
{
    [Theory]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("[1 2]")]
    [InlineData("{\"a\"}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{a:1}")]
    [InlineData("{'a':1}")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("-")]
    [InlineData("1e")]
    [InlineData("+1")]
    [InlineData("nul")]
    [InlineData("true false")]
    [InlineData("\"a")]
    [InlineData("\"a\\x\"")]
    [InlineData("\"a\\u00g0\"")]
    [InlineData("\"a\nb\"")]
    [InlineData("[]]")]
    [InlineData("\"\\")]
    [InlineData("[\"a\\u12")]
    public void Refuses_what_is_no_json(string text) => Assert.Equal(TemplateFault.InvalidJson, Parse(text).Fault);

    [Theory]
    [InlineData(" [ ] ", "[]")]
    [InlineData("[{}]", "[{}]")]
    [InlineData("[[],[[]],{\"a\":{}}]", "[[],[[]],{\"a\":{}}]")]
    [InlineData("[-0,1E5,0.5e-3,true,false,null]", "[0,100000.0,5.0E-4,true,false,null]")]
    [InlineData("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"]", "[\"\\\"\\\\/\\b\\f\\n\\r\\té😀\"]")]
    [InlineData("[\"\\ud83d\"]", "[\"?\"]")]
    [InlineData("{\"\":1}", "{\"\":1}")]
    public void Reads_and_writes_json(string text, string expected) => Assert.Equal(expected, new TemplateStage().WithBody(text).Render("$input.json('$')"));

    [Fact]
    public void Members_by_the_thousand_are_found_and_repeated_ones_merged()
    {
        string text = "{" + string.Join(',', Enumerable.Range(0, 3000).Select(i => $"\"k{i % 2000}\":{i}")) + "}";
        Assert.Equal("2000 2000 1999", new TemplateStage().WithBody(text).Render("#set($r = $input.path('$'))$r.size() $r.k0 $r.k1999"));
    }

    [Fact]
    public void Nesting_is_limited()
    {
        Assert.True(Parse(new string('[', 200) + new string(']', 200)).IsOk);
        Assert.False(Parse(new string('[', 201) + new string(']', 201)).IsOk);
    }

    [Fact]
    public void Damaged_json_never_throws_and_whole_json_agrees_with_the_platform()
    {
        var random = new Random(5);
        const string text = """{"a":[1,2.5,-3e2,{"b":"x\u00e9\n\"y"}],"c":null,"d":true,"a2":{"a":[],"b":{}}}""";
        int accepted = 0;
        for (int i = 0; i < 5000; i++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            for (int n = random.Next(3); n >= 0; n--) bytes[random.Next(bytes.Length)] = (byte)"{}[]\",:0-e\\ x"[random.Next(13)];
            string damaged = Encoding.UTF8.GetString(bytes);
            bool known;
            try
            {
                using var document = System.Text.Json.JsonDocument.Parse(damaged);
                known = true;
            }
            catch (System.Text.Json.JsonException)
            {
                known = false;
            }

            if (known) accepted++;
            Assert.Equal((damaged, known), (damaged, Parse(damaged).IsOk));
        }

        Assert.True(accepted > 50);
    }

    private static TemplateResult Parse(string text) => new TemplateStage().WithBody(text).Run("#set($x = $util.parseJson($input.body))");
}
