using System.Text;
using EdgeProxy.Core.Json;
using EdgeProxy.Templates;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Templates.Json;

public sealed class TemplateJsonTests
{
    private static readonly string[] s_templates =
    [
        "$input.json('$')|$input.path('$')",
        "#foreach($i in $input.path('$'))$!i.id,$!i.name,$!i.quantity,$!i.get('a'),$!i.keySet()#if($i.quantity > 3)!#end;#end",
        "#set($r = $input.path('$'))#foreach($i in $r)$i.size() $input.json('$[0].b') $util.escapeJavaScript($!i.title)#end",
        "$input.json('$..id') $input.path('$[*].quantity') $input.json('$[?(@.a > 1)]')",
        "#set($p = $util.parseJson('{\"a\":[1,\"\\\"\"],\"a\":2}'))$p $input.json('$') $p.a",
        "$input.body",
    ];

    [Fact]
    public void Templates_write_the_same_of_a_body_that_was_read_before_and_meet_limits_at_the_same_place()
    {
        var random = new Random(32);
        int failed = 0;
        for (int i = 0; i < 8000; i++)
        {
            string body = RandomJson.Write(random);
            if (random.Next(4) == 0) body = WithEscapedNames(body, random);
            var limits = new TemplateLimits
            {
                Items = random.Next(4) == 0 ? random.Next(1, 60) : 1_000_000,
                Text = random.Next(4) == 0 ? random.Next(1, 200) : 1_000_000,
                Nesting = random.Next(4) == 0 ? random.Next(1, 4) : 200,
                Steps = random.Next(4) == 0 ? random.Next(1, 60) : 1_000_000,
            };
            Template template = TemplateStage.Compile(s_templates[i % s_templates.Length]);
            TemplateStage plain = new TemplateStage(limits).WithBody(body);
            TemplateStage ahead = new TemplateStage(limits).WithBody(body);
            Assert.Equal(JsonFault.None, ahead.ReadAhead(random.Next(2) == 0 ? 200 : 1000));
            TemplateResult expected = plain.Run(template);
            TemplateResult actual = ahead.Run(template);
            Assert.Equal((body, expected.Fault, expected.Line, expected.Column), (body, actual.Fault, actual.Line, actual.Column));
            if (!expected.IsOk) failed++;
            else Assert.Equal((body, Encoding.UTF8.GetString(plain.Output)), (body, Encoding.UTF8.GetString(ahead.Output)));

            // What one run has taken is not there for the next.
            TemplateResult again = ahead.Run(template);
            Assert.Equal((body, expected.Fault), (body, again.Fault));
            if (expected.IsOk) Assert.Equal((body, Encoding.UTF8.GetString(plain.Output)), (body, Encoding.UTF8.GetString(ahead.Output)));
        }

        Assert.InRange(failed, 200, 7000);
    }

    [Fact]
    public void A_reading_of_another_text_is_not_taken()
    {
        TemplateStage stage = new TemplateStage().WithBody("[1,2]");
        Assert.Equal(JsonFault.None, stage.ReadAhead(100));
        stage.WithBody("[1,2,3]");
        Assert.Equal("[1,2,3]", stage.Render("$input.json('$')"));

        // One of as many bytes, read before another.
        stage.WithBody("[4,5]");
        Assert.Equal(JsonFault.None, stage.ReadAhead(100));
        long reading = stage.BodyReading;
        stage.WithBody("[6,7]");
        Assert.Equal(JsonFault.None, stage.ReadAhead(100));
        stage.BodyReading = reading;
        stage.WithBody("[8,9]");
        Assert.Equal("[8,9]", stage.Render("$input.json('$')"));
    }

    [Fact]
    public void What_is_read_before_the_run_is_not_read_again()
    {
        TemplateStage stage = new TemplateStage().WithBody("[\"1\",\"2\"]");
        Assert.Equal(JsonFault.None, stage.ReadAhead(100));
        Encoding.ASCII.GetBytes("[\"3\";\"4\"]").CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsMemory(stage.Body));
        Assert.Equal("3 4", stage.Render("$input.path('$[0]') $input.path('$[1]')"));
    }

    [Theory]
    [InlineData("""{"a":1,"\u0061":2}""", "{a=2}")]
    [InlineData("""{"\u0061":1,"b":0,"a":2}""", "{a=2, b=0}")]
    [InlineData("""[{"a":1,"b":2},{"a":1,"\u0061":2},{"a":1,"\u0061":3}]""", """[{"a":1,"b":2},{"a":2},{"a":3}]""")]
    [InlineData("""[{"a":1,"a":2},{"a":3,"a":4},{"a":5,"a":6}]""", """[{"a":2},{"a":4},{"a":6}]""")]
    [InlineData("""[{"\"":1},{"\"":2}]""", """[{"\"":1},{"\"":2}]""")]
    [InlineData("""{"x":{"a":1,"a":{"b":1,"b":2}},"x":{"c":"\n\ud800"}}""", "{x={c=\n?}}")]
    public void Names_are_told_apart_by_what_they_are_and_not_by_how_they_are_written(string body, string expected)
    {
        Assert.Equal(expected, new TemplateStage().WithBody(body).Render("$input.path('$')"));
        TemplateStage ahead = new TemplateStage().WithBody(body);
        Assert.Equal(JsonFault.None, ahead.ReadAhead(100));
        Assert.Equal(expected, ahead.Render("$input.path('$')"));
    }

    [Theory]
    [InlineData("[{\"a\":\"1234\\\"\"}]", 5, true)]
    [InlineData("[{\"a\":\"1234\\\"\"}]", 4, false)]
    [InlineData("[{\"1234\\\"\":0}]", 5, true)]
    [InlineData("[{\"1234\\\"\":0}]", 4, false)]
    public void Texts_made_of_escapes_count(string body, int limit, bool isOk)
    {
        var limits = new TemplateLimits { Text = limit };
        Assert.Equal(isOk, new TemplateStage(limits).WithBody(body).Run("#set($x = $input.path('$'))").IsOk);
    }

    // Letters of names as escapes, here and there.
    private static string WithEscapedNames(string body, Random random)
    {
        var text = new StringBuilder();
        for (int i = 0; i < body.Length; i++)
        {
            bool begins = body[i] == '"' && i > 0 && body[i - 1] is '{' or ',' && i + 1 < body.Length && char.IsAsciiLetter(body[i + 1]);
            text.Append(body[i]);
            if (begins && random.Next(3) == 0) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)body[++i]:x4}");
        }

        return text.ToString();
    }
}
