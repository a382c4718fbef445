using System.Globalization;
using System.Text;
using EdgeProxy.Core.Json;
using EdgeProxy.Templates.Json;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Templates.Json;

/// <summary>What is read at once, of lists of objects that are nearly alike, beside what is read singly and what the platform's reader says, with nothing before and behind the text.</summary>
public sealed class JsonReaderPlainTests : IDisposable
{
    private static readonly string[] s_names = ["a", "b", "id", "sku", "name", "price", "title", "quantity", "a name of twenty-nine letters.", "a name of more than thirty letters", "\\u0061", "in", "tags", "at", "éa"];

    private static readonly string[] s_values =
    [
        "0", "1", "42", "3.95", "10.95", "0.5", "0.05", "10.50", "1234567", "12345678", "123456.78", "1234567.89", "12.345678", "-7", "1e3", "01", "1.", "1.5.2", "12a", "true", "false", "null", "nul", "tru", "truely", "\"\"",
        "\"x\"", "\"SKU-1000\"", "\"Ledger paper, ruled, 80 sheets\"", "\"exactly thirty-two bytes of text\"", "\"a text that is longer than thirty-two bytes, and longer still\"", "\"item 1 of \\\"twelve\\\"\"", "\"\\u00e9 / \\\\\"",
        "\"é\"", "\"line\\nbreak\"", "\"bad \n\"", "{}", "[]", "[1,2,3]", "[\"a0\",\"new\"]", "{\"id\":1,\"name\":\"n\"}", "[{\"a\":1},{\"a\":2}]", "[{}]", "[[1],[2,[3]]]",
    ];

    private readonly GuardedMemory _memory = new();
    private readonly JsonTape _plain = new();
    private readonly JsonTape _single = new();

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void Objects_that_are_nearly_alike_are_read_as_they_are_singly()
    {
        var random = new Random(13);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string text = NearTwins(random);
            if (!Check(text)) refused++;
        }

        Assert.InRange(refused, 2000, 15_000);
    }

    [Theory]
    [InlineData("""{"id":"o-1","items":[{"sku":"SKU-1","title":"Paper, ruled","n":1,"price":3.95,"ok":true},{"sku":"SKU-2","title":"Paper, blank","n":12,"price":10.5,"ok":true},{"sku":"SKU-3","title":"x","n":3,"price":0.5,"ok":false}],"of":{"id":8812773,"name":"A"}}""")]
    [InlineData("""[{"a":1,"b":{"c":[1,2],"d":"e"}},{"a":2,"b":{"c":[3],"d":"f"}},{"a":3,"b":{"c":[],"d":""}}]""")]
    [InlineData("""{ "list" : [ { "a" : 1, "b" : "x" }, { "a" : 2, "b" : "y" }, { "a" : 3, "b" : "z" } ] }""")]
    [InlineData("""[{},{},{"a":1},{},{"a":1}]""")]
    [InlineData("""{"x":{},"y":{"a":1},"z":[{},{"a":2}]}""")]
    public void Damage_anywhere_is_found(string text)
    {
        Assert.True(Check(text));
        foreach (char damage in "{}[]\",:0-.e\\ x\n\0\u007f")
        {
            for (int at = 0; at < text.Length; at++)
            {
                Check(string.Concat(text.AsSpan(0, at), damage.ToString(), text.AsSpan(at + 1)));
                Check(text.Insert(at, damage.ToString()));
            }
        }

        for (int at = 0; at < text.Length; at++)
        {
            Check(text[..at]);
            Check(text.Remove(at, 1));
            for (int length = 2; length < 12 && at + length <= text.Length; length++) Check(text.Remove(at, length));
        }
    }

    [Theory]
    [InlineData("""{"items":[{"sku":"SKU-1","title":"a","n":1},{"sku":"SKU-2","title":"b","n":2},{"sku":"SKU-3","title":"c","n":3}],"z":"@"}""")]
    [InlineData("""[{"a":1},{"a":2},{"a":3},{"a":4},{"a":5},{"a":6},{"b":"@"}]""")]
    [InlineData("""[{"k":"@"},{"k":"@"},{"k":"@","k":1}]""")]
    [InlineData("""[[1,2],[3,"@"],[{"x":[{"y":1}]},{"x":[{"y":2},{"y":"@"}]}]]""")]
    [InlineData("""[{"a":"x@","b":1.25},{"a":"x\"@","b":1.5}]""")]
    [InlineData("""[{"a":1,"@":2},{"a":3,"@":4},{"@":5,"a":6}]""")]
    public void The_end_of_a_text_may_be_anywhere(string text)
    {
        for (int length = 0; length < 140; length++)
        {
            string longer = text.Replace("@", new string('x', length), StringComparison.Ordinal);
            Assert.True(Check(longer));
            for (int end = 1; end < 6; end++) Check(longer[..^end]);
            Check(longer + new string(' ', length));
            Check(longer.Replace(",", "," + new string(' ', length), StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("""{"x":{},{"a":1}}""")]
    [InlineData("""{"x":{"a":1},{"a":2}}""")]
    [InlineData("""[{"x":{"a":1}},{"x":{"a":2},{"a":3}}]""")]
    [InlineData("""[{"x":{}},{"x":{},{"a":3}}]""")]
    [InlineData("""[{"x":1,"y":2},{"x":1 "y":2}]""")]
    [InlineData("""[{"x":1, "y":2},{"x":1 "y":2}]""")]
    [InlineData("""[{"x":1},{"x":2},{"x":3}}""")]
    public void What_only_looks_like_the_object_before_is_refused(string text)
    {
        Assert.False(Check(text + new string(' ', 200)));
        Assert.False(Check(text));
    }

    [Theory]
    [InlineData("""[{"a":1,"b":2},{"a":3,"a":4}]""")]
    [InlineData("""[{"a":1,"b":2},{"a":3,"b":4,"a":5},{"a":6,"b":7}]""")]
    [InlineData("""[{"a":1,"b":2,"c":3},{"a":3,"c":4,"b":5,"c":6},{"a":6,"b":7,"a":8}]""")]
    [InlineData("""[{"a":1,"a":2},{"a":3,"a":4},{"a":5}]""")]
    [InlineData("""[{"x":{"a":1,"b":2}},{"x":{"a":1,"b":2,"b":3}},{"x":{"b":1,"b":2}}]""")]
    public void A_name_that_comes_twice_in_an_object_that_has_a_twin_is_found(string text)
    {
        Assert.True(Check(text + new string(' ', 100)));
        Assert.True(Check(text));
    }

    [Theory]
    [InlineData("""[{"a":1,"b":2},{"a":3,"b":4},{"a":5,"b":[6,{"c":7}]}]""", 20)]
    [InlineData("""{"a":[1,2,3],"b":{"c":{}}}""", 10)]
    public void A_text_of_too_many_nodes_is_refused_where_it_has_them(string text, int nodes)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text + new string(' ', 200));
        for (int limit = 0; limit < nodes + 4; limit++)
        {
            var limits = new JsonLimits(10, limit);
            JsonFault fault = JsonReader.Read(_plain, bytes, 2, 0, limits);
            Assert.Equal(fault, JsonReader.Read(_single, bytes, 2, 0, limits, singly: true));
            Assert.Equal(limit > nodes ? JsonFault.None : JsonFault.TooMany, fault);
            Assert.Equal((limit, _single.FaultAt), (limit, _plain.FaultAt));
            _plain.Reset();
            _single.Reset();
        }
    }

    // A list of objects with the same members, but for what happens to some of them.
    private static string NearTwins(Random random)
    {
        bool isStrict = random.Next(3) > 0;
        string[] names = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => s_names[random.Next(s_names.Length)]).Distinct()];
        string[] values = [.. names.Select(_ => Value())];
        string before = random.Next(4) == 0 ? ", " : ",";
        string colon = random.Next(4) == 0 ? ": " : ":";
        var text = new StringBuilder();
        bool isInside = random.Next(2) == 0;
        if (isInside) text.Append("{\"id\":\"o-1\",\"items\":");
        text.Append('[');
        int count = random.Next(1, 7);
        for (int i = 0; i < count; i++)
        {
            if (i > 0) text.Append(random.Next(20) == 0 ? " , " : ",");
            List<string> members = [.. names.Select((name, n) => $"\"{name}\"{colon}{(random.Next(3) == 0 ? Value() : values[n])}")];
            switch (random.Next(12))
            {
                case 0:
                    members.RemoveAt(random.Next(members.Count));
                    break;
                case 1:
                    members.Insert(random.Next(members.Count + 1), $"\"{s_names[random.Next(s_names.Length)]}\":{Value()}");
                    break;
                case 2:
                    members.Reverse();
                    break;
                case 3:
                    members.Insert(random.Next(members.Count + 1), members[random.Next(members.Count)]);
                    break;
                case 4:
                    int other = random.Next(members.Count);
                    (members[0], members[other]) = (members[other], members[0]);
                    break;
            }

            string made = "{" + string.Join(random.Next(15) == 0 ? " ,\t" : before, members) + "}";
            if (!isStrict && random.Next(8) == 0)
            {
                // One byte of a gap, or of what is in it.
                int at = random.Next(made.Length);
                made = made.Remove(at, random.Next(2)).Insert(at, "\"\\,:}]{[0x \0"[random.Next(12)].ToString());
            }

            text.Append(made);
        }

        text.Append(']');
        if (isInside) text.Append(random.Next(2) == 0 ? ",\"note\":\"and so on\"}" : "}");
        if (!isStrict && random.Next(10) == 0) text.Length -= random.Next(Math.Min(40, text.Length));
        if (random.Next(3) == 0) text.Append(' ', random.Next(120));
        return text.ToString();

        string Value()
        {
            string value = s_values[random.Next(s_values.Length)];
            return isStrict && !RandomJson.IsJson(value) ? "7" : value;
        }
    }

    // Read at once and singly, between pages that nobody may touch; whether it is JSON.
    private bool Check(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        bool isJson = RandomJson.IsJson(text);
        var limits = new JsonLimits(100, 100_000);
        JsonFault singly = JsonReader.Read(_single, bytes, 2, 0, limits, singly: true);
        Assert.True(isJson == (singly == JsonFault.None), text);
        for (int way = 0; way < 2; way++)
        {
            // Nodes do not count from the text's beginning, nor from the tape's.
            int root = _plain.Count;
            int origin = way * 1000;
            Span<byte> guarded = bytes;
            if (bytes.Length <= GuardedMemory.Size)
            {
                guarded = way == 0 ? _memory.End(bytes.Length) : _memory.Start(bytes.Length);
                bytes.CopyTo(guarded);
            }

            JsonFault fault = JsonReader.Read(_plain, guarded, 2, origin, limits);
            Assert.True(singly == fault, text);
            Assert.True(_single.FaultAt == _plain.FaultAt, text);
            if (fault == JsonFault.None) AssertSame(text, bytes, root, origin);
        }

        _plain.Reset();
        _single.Reset();
        return isJson;
    }

    private void AssertSame(string text, byte[] bytes, int root, int origin)
    {
        Assert.True(_plain.Count - root == _single.Count && _plain.Names == _single.Names, text);
        Assert.True(Array.TrueForAll(_plain.Unsettled.ToArray(), node => _single.Unsettled.Contains(node - root)) && _plain.Unsettled.Length == _single.Unsettled.Length, text);
        Assert.True(_plain.LastEscaped == (_single.LastEscaped < 0 ? -1 : _single.LastEscaped + root), text);
        var names = new Dictionary<int, string>();
        for (int i = 0; i < _single.Count; i++)
        {
            JsonNode left = _plain[root + i];
            JsonNode right = _single[i];
            bool isSame = (left.Kind, left.Length) == (right.Kind, right.Length) && left.Segment == right.Segment;
            switch (right.Kind)
            {
                case JsonKind.Array or JsonKind.Object:
                    isSame &= (left.Depth, left.Offset, left.Next, left.Start) == (right.Depth, right.Offset, right.Next + root, right.Start + origin);
                    break;
                case JsonKind.Key:
                    // One name may have several numbers, but no number may have several names.
                    string name = Encoding.UTF8.GetString(bytes, right.Offset, right.Length);
                    isSame &= (left.Depth, left.Offset, left.Next) == (right.Depth, right.Offset + origin, right.Next) && (names.TryAdd(left.Start, name) || names[left.Start] == name);
                    break;
                case JsonKind.String:
                    isSame &= left.Offset == right.Offset + origin && (!right.IsEscaped || left.Start == (right.Start < 0 ? -1 : right.Start + root));
                    break;
                case JsonKind.Integer or JsonKind.Decimal:
                    // What is read singly is not asked for its digits.
                    isSame &= left.Offset == right.Offset + origin && (left.Next & JsonNode.WritesItself) == (right.Next & JsonNode.WritesItself);
                    if ((left.Next & JsonNode.HasDigits) != 0)
                    {
                        string digits = Encoding.UTF8.GetString(bytes, right.Offset, right.Length);
                        int point = digits.IndexOf('.', StringComparison.Ordinal);
                        isSame &= left.Start == int.Parse(digits.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) && left.Depth == (point < 0 ? 0 : digits.Length - point - 1);
                    }

                    break;
                default:
                    isSame &= left.Offset == right.Offset + origin;
                    break;
            }

            Assert.True(isSame, $"{text} differs in node {i}: {right.Kind}");
        }
    }
}
