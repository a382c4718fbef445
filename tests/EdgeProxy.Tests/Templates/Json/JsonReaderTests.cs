using System.Text;
using System.Text.Json;
using EdgeProxy.Core.Json;
using EdgeProxy.Templates;
using EdgeProxy.Templates.Execution;
using EdgeProxy.Templates.Json;
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

    [Theory]
    [InlineData("""{"a":[1,2.5,"x\"y\n"],"b":{}}""", """{"a":[1,2.5,"x\"y\n"],"b":{}}""")]
    [InlineData("""{"a":[1, 2],"b":[3]}""", """{"a":[1,2],"b":[3]}""")]
    [InlineData("""{"a":[2.50],"b":[3]}""", """{"a":[2.5],"b":[3]}""")]
    [InlineData("""{"a":["\/"],"b":["\u00e9"],"c":["z"]}""", """{"a":["/"],"b":["é"],"c":["z"]}""")]
    [InlineData("""[{"a":[1],"a":[2]},{"a":[3]}]""", """[{"a":[2]},{"a":[3]}]""")]
    [InlineData("[\"\u007f\"]", "[\"\\u007F\"]")]
    public void What_is_written_as_it_stands_is_what_would_be_written_anew(string text, string expected)
    {
        Assert.Equal(expected, new TemplateStage().WithBody(text).Render("$input.json('$')"));

        // A list around it is written anew.
        Assert.Equal($"[{expected}]", new TemplateStage().WithBody(text).Render("#set($l = [1])#set($r = $l.remove(0))#set($r = $l.add($input.path('$')))#set($m = $util.parseJson('[]'))#set($r = $m.addAll($l))$m"));
    }

    [Fact]
    public void What_a_template_changed_is_not_written_as_it_stood() =>
        Assert.Equal("""{"a":{"b":2},"c":[1]} {"b":2}""", new TemplateStage().WithBody("""{"a":{"b":1},"c":[1]}""").Render("#set($r = $input.path('$'))#set($r.a.b = 2)$input.json('$') $input.json('$.a')"));

    [Theory]
    [InlineData("""[{"a":1,"b":2},{"a":3,"b":4},{"b":5,"a":6}]""", "1 2 3 4 6 5 ")]
    [InlineData("""[{"a":{"b":9},"b":2},{"a":{"a":{"b":7}},"b":4},{"b":{"b":8}}]""", "{b=9} 2 {a={b=7}} 4  {b=8} ")]
    [InlineData("""[{"a":1,"b":2},{"\u0061":3,"b":4},{"a":5,"a":6,"b":7}]""", "1 2 3 4 6 7 ")]
    public void Objects_that_are_alike_and_those_that_only_seem_so_are_told_apart(string text, string expected) =>
        Assert.Equal(expected, new TemplateStage().WithBody(text).Render("#foreach($i in $input.path('$'))$!i.a $!i.b #end"));

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
                using var document = JsonDocument.Parse(damaged);
                known = true;
            }
            catch (JsonException)
            {
                known = false;
            }

            if (known) accepted++;
            Assert.Equal((damaged, known), (damaged, Parse(damaged).IsOk));
        }

        Assert.True(accepted > 50);
    }

    [Theory]
    [InlineData("""[{"a":{"b":1},"b":2},{"a":1,"b":2,"b":3}]""", """[{"a":{"b":1},"b":2},{"a":1,"b":3}]""")]
    [InlineData("""[{"a":1,"b":2},{"a":3,"a":4}]""", """[{"a":1,"b":2},{"a":4}]""")]
    [InlineData("""[{"a":1,"b":2}, {"a":3, "b":4}]""", """[{"a":1,"b":2},{"a":3,"b":4}]""")]
    public void A_name_that_comes_twice_in_an_object_like_another_counts_once(string text, string expected) =>
        Assert.Equal(expected, new TemplateStage().WithBody(text).Render("$input.json('$')"));

    [Fact]
    public void What_is_read_quickly_in_a_list_is_what_is_read_alone()
    {
        const string members = "$!i.a|$!i.b|$!i.id|$!i.name|$!i.title;";
        Template whole = TemplateStage.Compile("$input.json('$')");
        Template anew = TemplateStage.Compile("#set($r = $input.path('$'))#set($r[0] = $r[0])$input.json('$')");
        Template list = TemplateStage.Compile($"#foreach($i in $input.path('$')){members}#end");
        Template alone = TemplateStage.Compile($"#set($i = $input.path('$')){members}");
        var stage = new TemplateStage();
        var random = new Random(7);
        for (int i = 0; i < 3000; i++)
        {
            string text = RandomJson.Write(random);
            using var document = JsonDocument.Parse(text);
            string[] items = [.. document.RootElement.EnumerateArray().Select(item => item.GetRawText())];
            string expected = $"[{string.Join(',', items.Select(item => Render(stage, whole, item)))}]";
            Assert.Equal((text, expected), (text, Render(stage, whole, text)));
            Assert.Equal((text, expected), (text, Render(stage, anew, text)));
            Assert.Equal((text, string.Concat(items.Select(item => Render(stage, alone, item)))), (text, Render(stage, list, text)));
        }
    }

    [Fact]
    public void Texts_with_escapes_are_read_in_a_list_as_the_platform_reads_them()
    {
        string[] pieces = ["a", "text", "\\\"", "\\\\", "\\\"", "\\/", "\\n", "\\u0041", "é", " ", "a longer piece of text"];
        string[] broken = ["\n", "\\x", "\"", "\\", "\\u00g0"];
        Template template = TemplateStage.Compile("#foreach($i in $util.parseJson($input.body))$i.k|#end");
        var stage = new TemplateStage();
        var random = new Random(9);
        int refused = 0;
        for (int i = 0; i < 5000; i++)
        {
            // The first is read name by name; those like it are not. What stands behind the list decides whether there is room to look 32 bytes ahead.
            string text = $"[{string.Join(',', Enumerable.Range(0, 3).Select(n => $"{{\"k\":\"{Text(n)}\",\"n\":{n}}}"))}]" + new string(' ', random.Next(100));
            bool isJson = RandomJson.IsJson(text);
            stage.WithBody(text);
            Assert.Equal((text, isJson), (text, stage.Run(template).IsOk));
            if (!isJson)
            {
                refused++;
                continue;
            }

            using var document = JsonDocument.Parse(text);
            Assert.Equal((text, string.Concat(document.RootElement.EnumerateArray().Select(item => item.GetProperty("k").GetString() + "|"))), (text, Encoding.UTF8.GetString(stage.Output)));
        }

        Assert.InRange(refused, 300, 3000);

        string Text(int item)
        {
            string made = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => pieces[random.Next(pieces.Length)]));
            return item > 0 && random.Next(10) == 0 ? made.Insert(random.Next(made.Length + 1), broken[random.Next(broken.Length)]) : made;
        }
    }

    [Fact]
    public void Plain_things_are_read_at_once_as_they_are_read_singly()
    {
        var plain = new Machine(new TemplateLimits());
        var single = new Machine(new TemplateLimits());
        var random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 6000; i++)
        {
            // Lists of lists and of objects in objects, with and without blanks, whole and damaged; the end of the text, near which nothing is read at once, is anywhere.
            string text = random.Next(3) switch
            {
                0 => RandomJson.Write(random),
                1 => $"{{\"list\":{RandomJson.Write(random)},\"other\":[{RandomJson.Write(random)},{RandomJson.Write(random)}]}}",
                _ => $"[{{\"in\":{{\"tags\":{RandomJson.Write(random)},\"n\":{Number()}}},\"n\":[{Number()},{Number()}]}},{{\"in\":{{\"tags\":{RandomJson.Write(random)},\"n\":{Number()}}},\"more\":true,\"n\":[{Number()}]}},{{\"n\":0}}]",
            };
            if (random.Next(2) == 0) text = Spread(text);
            if (random.Next(3) == 0) text = text.Remove(random.Next(text.Length), 1);
            if (random.Next(6) == 0) text = text.Insert(random.Next(text.Length), "\0\t\"\\,:]}{e.0"[random.Next(12)].ToString());
            byte[] body = Encoding.UTF8.GetBytes(text + new string(' ', random.Next(80)));
            Value first = plain.Memory.Reset([], body);
            Value second = single.Memory.Reset([], body);
            bool isRead = TemplateJson.TryRead(plain.Memory, first, out int root);
            Assert.True(isRead == TemplateJson.TryRead(single.Memory, second, out int other, singly: true), text);
            Assert.True(isRead == RandomJson.IsJson(text), text);
            if (isRead) AssertSame(text, plain.Memory, single.Memory, root, other);
            else refused++;

            // A template makes texts too.
            Value made = plain.Memory.Keep(body);
            Value same = single.Memory.Keep(body);
            Assert.True(isRead == TemplateJson.TryRead(plain.Memory, made, out root), text);
            Assert.True(isRead == TemplateJson.TryRead(single.Memory, same, out other, singly: true), text);
            if (isRead) AssertSame(text, plain.Memory, single.Memory, root, other);
        }

        Assert.InRange(refused, 500, 4000);

        string Number() => random.Next(8) switch
        {
            0 => "0",
            1 => "-1",
            2 => "0.05",
            3 => "10.50",
            4 => "12345678",
            5 => "1e5",
            6 => $"{random.Next(100)}.{random.Next(1, 100)}",
            _ => $"{random.Next(10000)}",
        };

        // Blanks between the parts; texts of these documents hold no such character.
        string Spread(string text)
        {
            string blank = random.Next(3) switch { 0 => " ", 1 => "\n    ", _ => new string(' ', 40) };
            return string.Concat(text.Select(c => c is ',' or ':' or '[' or '{' && random.Next(4) > 0 ? c + blank : c is '}' or ']' && random.Next(4) == 0 ? blank + c : c.ToString()));
        }
    }

    [Theory]
    [InlineData(60, "1", 47)]
    [InlineData(17, "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"", 15)]
    [InlineData(60, "{\"a\":1", 47)]
    public void Nothing_behind_a_text_is_read_where_more_is_open_than_closes(int opens, string inner, int closes)
    {
        string text = new string('[', opens) + inner + new string(']', closes);
        byte[] all = Encoding.ASCII.GetBytes(text + new string(']', 90));
        Memory memory = new Machine(new TemplateLimits()).Memory;
        Assert.False(TemplateJson.TryRead(memory, memory.Reset([], all.AsMemory(0, text.Length)), out _));
        for (int i = 0; i < opens; i++)
        {
            JsonNode node = memory.Tape.Nodes[i];
            Assert.InRange(node.Start + node.Length, 0, text.Length);
        }
    }

    [Theory]
    [InlineData("{\"x\":[{\"k\":1,\"\\u0061bc\":\"\\u007d:\"},{\"k\":1,}abc}:2,\"z\":\"................................................\"}]}")]
    [InlineData("{\"x\":[{\"k\":1,\"\\u0061bc\":\"\\u007d:\"},{\"k\":1,\"abc\":2,\"z\":\"................................................\"}]}")]
    public void A_name_made_of_escapes_is_not_taken_for_one_in_a_made_text(string text)
    {
        // A text that a template made ends where the next one will stand.
        bool[] isRead = Array.ConvertAll([false, true], singly =>
        {
            Memory memory = new Machine(new TemplateLimits()).Memory;
            memory.Reset([], Array.Empty<byte>());
            return TemplateJson.TryRead(memory, memory.Keep(Encoding.ASCII.GetBytes(text)), out _, singly);
        });
        Assert.Equal([RandomJson.IsJson(text), RandomJson.IsJson(text)], isRead);
    }

    [Fact]
    public void Nodes_of_random_documents_are_what_the_platform_reads()
    {
        var random = new Random(11);
        var tape = new JsonTape();
        int damaged = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(RandomJson.Write(random) + new string(' ', random.Next(3) * 30));
            if (i % 3 == 0)
            {
                for (int n = random.Next(2); n >= 0; n--) bytes[random.Next(bytes.Length)] = (byte)"{}[]\",:0-e\\ x\n."[random.Next(15)];
                bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes)); // damage within a character makes another one of it
            }

            string text = Encoding.UTF8.GetString(bytes);
            bool isJson = RandomJson.IsJson(text);
            bool singly = random.Next(2) == 0;
            int origin = random.Next(2) * 7;
            tape.Reset();
            Assert.Equal((text, isJson), (text, JsonReader.Read(tape, bytes, 2, origin, new JsonLimits(100, 100_000), singly) == JsonFault.None));
            Assert.InRange(tape.FaultAt, 0, bytes.Length);
            if (!isJson)
            {
                Assert.Equal((text, 0), (text, tape.Count));
                damaged++;
                continue;
            }

            using var document = JsonDocument.Parse(text);
            JsonView view = tape.View(bytes);
            Assert.Equal((text, tape.Count), (text, Check(text, tape, view, 0, 1, document.RootElement)));
            Assert.Equal((text, view.Nodes.ToArray().Count(node => node.Kind == JsonKind.Key)), (text, tape.Names));
            CheckEscaped(text, tape);
        }

        Assert.InRange(damaged, 2000, 6600);
    }

    [Theory]
    [InlineData("[1,2,3]", 5, 4)]
    [InlineData("""{"a":1,"b":"x"}""", 6, 5)]
    [InlineData("""{"a": 1, "b": "x"}""", 6, 5)]
    [InlineData("1", 2, 1)]
    [InlineData("[[],[]]", 4, 3)]
    public void The_limit_of_nodes_does_not_depend_on_how_they_are_read(string text, int enough, int tooFew)
    {
        foreach (string all in (string[])[text, text + new string(' ', 100)])
        {
            var tape = new JsonTape();
            Assert.Equal(JsonFault.None, JsonReader.ReadUtf8(tape, Encoding.UTF8.GetBytes(all), new JsonLimits(10, enough)));
            Assert.Equal(JsonFault.TooMany, JsonReader.ReadUtf8(tape, Encoding.UTF8.GetBytes(all), new JsonLimits(10, tooFew)));
        }
    }

    [Theory]
    [InlineData("[1,2,nul]", 5)]
    [InlineData("[1,2 3]", 5)]
    [InlineData("[1,]", 3)]
    [InlineData("{\"a\":1,}", 7)]
    [InlineData("{\"a\" 1}", 5)]
    [InlineData("{\"a\":\"b\\x\"}", 5)]
    [InlineData("{\"a\\x\":1}", 1)]
    [InlineData("[1] x", 4)]
    [InlineData("  01", 2)]
    [InlineData("", 0)]
    [InlineData(" [", 2)]
    [InlineData("[\"a\",\"b", 5)]
    public void Says_where_a_text_stops_being_json(string text, int place)
    {
        var tape = new JsonTape();
        Assert.Equal(JsonFault.Malformed, JsonReader.ReadUtf8(tape, Encoding.UTF8.GetBytes(text), new JsonLimits(10, 100)));
        Assert.Equal(place, tape.FaultAt);

        // Behind much that is read at once.
        string before = string.Concat(Enumerable.Repeat("[{\"k\":1,\"l\":\"text\"},{\"k\":2,\"l\":\"text\"}],", 9));
        Assert.Equal(JsonFault.Malformed, JsonReader.ReadUtf8(tape, Encoding.UTF8.GetBytes($"[{before}{text}"), new JsonLimits(10, 1000)));
        if (text is not ("[1] x" or " [" or "")) Assert.Equal(1 + before.Length + place, tape.FaultAt);
    }

    [Fact]
    public void Nothing_beside_a_text_is_read()
    {
        using var memory = new GuardedMemory();
        var tape = new JsonTape();
        var random = new Random(41);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(RandomJson.Write(random));
            Span<byte> text = random.Next(2) == 0 ? memory.End(Math.Min(bytes.Length, GuardedMemory.Size)) : memory.Start(Math.Min(bytes.Length, GuardedMemory.Size));
            bytes.AsSpan(0, text.Length).CopyTo(text);
            if (random.Next(2) == 0) text = text[..random.Next(text.Length + 1)]; // cut off: only what is at the other side is forbidden
            Read(text);
            if (text.Length < bytes.Length) continue;

            // And cut off where the forbidden page begins.
            int length = random.Next(text.Length + 1);
            text = memory.End(length);
            bytes.AsSpan(0, length).CopyTo(text);
            if (length > 0 && random.Next(2) == 0) text[random.Next(length)] = (byte)"{}[]\",:0-e\\ x\n."[random.Next(15)];
            Read(text);
        }

        // Things that are all open, or as long as what is read at once.
        foreach (string piece in (string[])["[", "{\"a\":", "[[],", "\"", "\"\\", "\"\\\"", "\\", "1", "[1,", "[1.", "[1.2345678", " ", "\"\\u00e9", "{\"abcdefghijklmnopqrstuvwxyzabc\":", "t", "[t", "[nul", "[fals", "[\"abcdefghijklmnopqrstuvwxyz012345\",", "[{\"a\":1},{\"a\"", "[{\"a\":1},{\"a\":"])
        {
            for (int length = 1; length < 400; length++)
            {
                Span<byte> text = memory.End(length);
                for (int at = 0; at < length; at++) text[at] = (byte)piece[at % piece.Length];
                Read(text);
                text[0] = (byte)'[';
                Read(text);
            }
        }

        void Read(ReadOnlySpan<byte> text)
        {
            bool isJson = System.Text.Unicode.Utf8.IsValid(text);
            try
            {
                using var document = JsonDocument.Parse(text.ToArray(), new JsonDocumentOptions { MaxDepth = 1000 });
            }
            catch (JsonException)
            {
                isJson = false;
            }

            Assert.Equal(isJson, JsonReader.ReadUtf8(tape, text, new JsonLimits(1000, 100_000)) == JsonFault.None);
        }
    }

    // The node behind the value.
    private static int Check(string text, JsonTape tape, JsonView view, int at, int depth, JsonElement value)
    {
        JsonNode node = view.Nodes[at];
        JsonKind expected = value.ValueKind switch
        {
            JsonValueKind.Object => JsonKind.Object,
            JsonValueKind.Array => JsonKind.Array,
            JsonValueKind.String => JsonKind.String,
            JsonValueKind.True => JsonKind.True,
            JsonValueKind.False => JsonKind.False,
            JsonValueKind.Null => JsonKind.Null,
            _ => value.GetRawText().AsSpan().ContainsAny(".eE") ? JsonKind.Decimal : JsonKind.Integer,
        };
        Assert.Equal((text, at, expected), (text, at, node.Kind));
        int next = at + 1;
        if (value.ValueKind == JsonValueKind.Object)
        {
            int members = 0;
            bool repeats = false;
            bool isEscaped = false;
            var names = new HashSet<string>();
            foreach (JsonProperty member in value.EnumerateObject())
            {
                string raw = Encoding.UTF8.GetString(view.Raw(next));
                Assert.Equal((text, JsonKind.Key), (text, view.Nodes[next].Kind));
                Assert.Equal((text, member.Name), (text, JsonSerializer.Deserialize<string>($"\"{raw}\"")));
                Assert.Equal((text, raw.Contains('\\', StringComparison.Ordinal)), (text, view.Nodes[next].IsEscaped));
                repeats |= !names.Add(member.Name);
                isEscaped |= view.Nodes[next].IsEscaped;

                // The first of a number has the same name.
                int first = view.Nodes[next].Start - tape.FirstKey;
                Assert.InRange(first, 1, next);
                Assert.Equal((text, raw), (text, Encoding.UTF8.GetString(view.Raw(first))));
                next = Check(text, tape, view, next + 1, depth + 1, member.Value);
                members++;
            }

            Assert.Equal((text, members), (text, node.Offset));
            Assert.Equal((text, at, repeats || isEscaped), (text, at, tape.Unsettled.Contains(at)));
            for (int key = at + 1; key < next; key = view.After(key + 1)) Assert.Equal((text, repeats || isEscaped ? JsonNode.Deepest : depth), (text, view.Nodes[key].Depth));
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray()) next = Check(text, tape, view, next, depth + 1, item);
            Assert.Equal((text, value.GetArrayLength()), (text, node.Offset));
        }
        else
        {
            string raw = Encoding.UTF8.GetString(value.ValueKind == JsonValueKind.String ? view.Quoted(at) : view.Raw(at));
            Assert.Equal((text, value.GetRawText()), (text, raw));
            if (expected == JsonKind.String) Assert.Equal((text, raw.Contains('\\', StringComparison.Ordinal)), (text, node.IsEscaped));
            if (expected is JsonKind.Integer or JsonKind.Decimal && (node.Next & JsonNode.HasDigits) != 0)
            {
                decimal digits = node.Start;
                for (int i = 0; i < node.Depth; i++) digits /= 10;
                Assert.Equal((text, value.GetDecimal()), (text, digits));
            }
        }

        Assert.Equal((text, at, next), (text, at, view.After(at)));
        return next;
    }

    // Strings with escapes lead to each other, from the last to the first.
    private static void CheckEscaped(string text, JsonTape tape)
    {
        int expected = tape.LastEscaped;
        for (int at = tape.Count - 1; at >= 0; at--)
        {
            if (tape[at].Kind != JsonKind.String || !tape[at].IsEscaped) continue;
            Assert.Equal((text, expected), (text, at));
            expected = tape[at].Start;
        }

        Assert.Equal((text, -1), (text, expected));
    }

    private static void AssertSame(string text, Memory plain, Memory single, int root, int other)
    {
        Assert.Equal((text, plain.Tape.Count), (text, single.Tape.Count));
        Assert.Equal(root, other);
        var names = new Dictionary<int, string>();
        for (int i = root; i < plain.Tape.Count; i++)
        {
            JsonNode left = plain.Tape[i];
            JsonNode right = single.Tape[i];
            Assert.Equal((text, i, left.Kind), (text, i, right.Kind));
            if (left.Kind is JsonKind.Array or JsonKind.Object)
            {
                Assert.Equal((text, i, left.Offset, left.Length, left.Next, left.Start, left.Depth), (text, i, right.Offset, right.Length, right.Next, right.Start, right.Depth));
            }
            else if (left.Kind is JsonKind.Integer or JsonKind.Decimal)
            {
                Assert.Equal((text, i, plain.ValueOf(i), left.Next & JsonNode.WritesItself), (text, i, single.ValueOf(i), right.Next & JsonNode.WritesItself));
            }
            else if (left.Kind == JsonKind.Alias)
            {
                Assert.Equal((text, i, left.Offset, left.Next), (text, i, right.Offset, right.Next));
            }
            else
            {
                Assert.Equal((text, i, Encoding.UTF8.GetString(plain.Bytes(left))), (text, i, Encoding.UTF8.GetString(single.Bytes(right))));
            }

            if (left.Kind is not (JsonKind.Key or JsonKind.DeadKey)) continue;
            Assert.Equal((text, i, left.Next), (text, i, right.Next));
            string name = Encoding.UTF8.GetString(plain.Bytes(left));
            Assert.Equal((text, name), (text, names.TryAdd(left.Start, name) ? name : names[left.Start]));
        }
    }

    private static string Render(TemplateStage stage, Template template, string body)
    {
        Assert.True(stage.WithBody(body).Run(template).IsOk);
        return Encoding.UTF8.GetString(stage.Output);
    }

    private static TemplateResult Parse(string text) => new TemplateStage().WithBody(text).Run("#set($x = $util.parseJson($input.body))");
}
