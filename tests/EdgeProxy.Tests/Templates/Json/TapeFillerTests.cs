using System.Text;
using EdgeProxy.Core.Json;
using EdgeProxy.Templates;
using EdgeProxy.Templates.Execution;
using EdgeProxy.Templates.Json;
using EdgeProxy.TestKit;
using TapeReader = EdgeProxy.Templates.Json.JsonReader;

namespace EdgeProxy.Tests.Templates.Json;

public sealed class TapeFillerTests
{
    private static readonly string[] s_templates =
    [
        "$input.json('$')|$input.path('$')",
        "#foreach($i in $input.path('$'))$!i.id,$!i.name,$!i.quantity,$!i.get('a'),$!i.keySet()#if($i.quantity > 3)!#end;#end",
        "#set($r = $input.path('$'))#foreach($i in $r)$i.size() $input.json('$[0].b') $util.escapeJavaScript($!i.title)#end",
        "$input.json('$..id') $input.path('$[*].quantity') $input.json('$[?(@.a > 1)]')",
    ];

    private readonly JsonTokens _tokens = new();

    [Fact]
    public void A_tape_of_tokens_is_the_tape_that_the_reader_makes()
    {
        var random = new Random(31);
        int filled = 0;
        int repeated = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(RandomJson.Write(random));
            if (i % 3 == 0) bytes[random.Next(bytes.Length)] = (byte)"{}[]\",:0-e\\ x\n."[random.Next(15)];
            if (_tokens.Read(bytes, 100, 100_000) != JsonFault.None) continue;
            string text = Encoding.UTF8.GetString(bytes);
            Memory read = NewMemory();
            Value body = read.Reset([], bytes);
            Assert.True(TapeReader.TryRead(read, body, out int readRoot), text);
            Memory made = NewMemory();
            body = made.Reset([], bytes);
            if (!TapeFiller.TryFill(made, body, _tokens, out bool isFilled, out int root))
            {
                // Only a name that comes twice is left to the reader.
                Assert.Contains(read.Tape.Nodes[..read.Tape.Count], node => node.Kind == JsonKind.DeadKey);
                Assert.Equal(0, made.Texts.Length);
                repeated++;
                continue;
            }

            Assert.True(isFilled, text);
            Assert.Equal(readRoot, root);
            Compare(text, read, made);
            filled++;
        }

        Assert.True(filled > 8000, $"{filled} filled");
        Assert.True(repeated > 100, $"{repeated} repeated");
    }

    [Fact]
    public void Templates_write_the_same_of_tokens_as_of_a_text_and_meet_limits_at_the_same_place()
    {
        var random = new Random(32);
        int failed = 0;
        for (int i = 0; i < 4000; i++)
        {
            string body = RandomJson.Write(random);
            var limits = new TemplateLimits
            {
                Items = random.Next(4) == 0 ? random.Next(1, 60) : 1_000_000,
                Text = random.Next(4) == 0 ? random.Next(1, 200) : 1_000_000,
                Nesting = random.Next(4) == 0 ? random.Next(1, 4) : 200,
                Steps = random.Next(4) == 0 ? random.Next(1, 60) : 1_000_000,
            };
            Template template = TemplateStage.Compile(s_templates[i % s_templates.Length]);
            TemplateStage plain = new TemplateStage(limits).WithBody(body);
            TemplateStage shared = new TemplateStage(limits).WithBody(body);
            Assert.Equal(JsonFault.None, _tokens.Read(shared.Body.Span, 1000, 1_000_000));
            shared.BodyTokens = _tokens;
            TemplateResult expected = plain.Run(template);
            TemplateResult actual = shared.Run(template);
            Assert.Equal((body, expected.Fault, expected.Line, expected.Column), (body, actual.Fault, actual.Line, actual.Column));
            if (!expected.IsOk) failed++;
            else Assert.Equal((body, Encoding.UTF8.GetString(plain.Output)), (body, Encoding.UTF8.GetString(shared.Output)));
        }

        Assert.InRange(failed, 100, 3500);
    }

    [Theory]
    [InlineData("0")]
    [InlineData(" 17 ")]
    [InlineData("\"a\\u00e9\"")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData(" { } ")]
    [InlineData("[[],[[1 ],{\"a\":{ }}]]")]
    [InlineData("""{"a":{"b":1,"c":[1,2]},"d":{"b":2,"c":[ 3]}}""")]
    [InlineData("""[{"a":{"a":1}},{"a":1,"b":2},{"a":3,"b":4}]""")]
    public void Small_texts_too(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(JsonFault.None, _tokens.Read(bytes, 100, 100));
        Memory read = NewMemory();
        Assert.True(TapeReader.TryRead(read, read.Reset([], bytes), out _));
        Memory made = NewMemory();
        Assert.True(TapeFiller.TryFill(made, made.Reset([], bytes), _tokens, out bool isFilled, out _));
        Assert.True(isFilled);
        Compare(text, read, made);
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""[{"a":{"a":1}},{"a":1,"a":2}]""")]
    [InlineData("""[{"x":1,"n":{"x":1,"x":2}}]""")]
    [InlineData("""[{"a":1,"b":2},{"a":1,"\u0061":2}]""")]
    [InlineData("""[{"a":1,"\u0061":2},{"a":1,"\u0061":2}]""")]
    public void A_name_that_comes_twice_is_left_to_the_reader(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(JsonFault.None, _tokens.Read(bytes, 100, 100));
        Memory made = NewMemory();
        Assert.False(TapeFiller.TryFill(made, made.Reset([], bytes), _tokens, out _, out _));
    }

    [Fact]
    public void Tokens_of_another_text_are_not_taken()
    {
        Assert.Equal(JsonFault.None, _tokens.Read("[1,2]"u8, 100, 100));
        TemplateStage stage = new TemplateStage().WithBody("[1,2,3]");
        stage.BodyTokens = _tokens;
        Assert.Equal("[1,2,3]", stage.Render("$input.json('$')"));
    }

    private static Memory NewMemory() => new Machine(new TemplateLimits()).Memory;

    private static void Compare(string text, Memory read, Memory made)
    {
        Assert.Equal((text, read.Tape.Count), (text, made.Tape.Count));
        Assert.Equal(Encoding.UTF8.GetString(read.Texts.Written), Encoding.UTF8.GetString(made.Texts.Written));
        for (int i = 0; i < read.Tape.Count; i++)
        {
            JsonNode expected = read.Tape[i];
            JsonNode actual = made.Tape[i];
            Assert.Equal((text, i, expected.Kind, expected.Segment, expected.Offset, expected.Length), (text, i, actual.Kind, actual.Segment, actual.Offset, actual.Length));
            switch (expected.Kind)
            {
                case JsonKind.Key:
                    Assert.Equal((expected.Depth, expected.Next), (actual.Depth, actual.Next));
                    break;
                case JsonKind.Array or JsonKind.Object:
                    Assert.Equal((text, i, expected.Depth, expected.Next, expected.Start), (text, i, actual.Depth, actual.Next, actual.Start));
                    break;
                case JsonKind.Integer or JsonKind.Decimal:
                    Assert.Equal(expected.Next & JsonNode.WritesItself, actual.Next & JsonNode.WritesItself);
                    Assert.Equal(read.ValueOf(i), made.ValueOf(i));
                    break;
            }
        }

        // Keys of one number have one name.
        for (int i = 0; i < made.Tape.Count; i++)
        {
            if (made.Tape[i].Kind != JsonKind.Key) continue;
            JsonNode first = made.Tape[made.Tape[i].Start - made.Tape.FirstKey];
            Assert.Equal(JsonKind.Key, first.Kind);
            Assert.True(made.Bytes(first).SequenceEqual(made.Bytes(made.Tape[i])), text);
        }
    }
}
