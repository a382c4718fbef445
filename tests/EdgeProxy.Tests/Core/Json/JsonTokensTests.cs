using System.Text;
using System.Text.Json;
using EdgeProxy.Core.Json;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Core.Json;

public sealed class JsonTokensTests
{
    private readonly JsonTokens _tokens = new();

    [Fact]
    public void Tokens_of_random_documents_are_what_the_platform_reads()
    {
        var random = new Random(11);
        for (int i = 0; i < 3000; i++)
        {
            string text = RandomJson.Write(random);
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            Assert.Equal((text, JsonFault.None), (text, _tokens.Read(bytes, 100, 100_000)));
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonView view = _tokens.View(bytes);
            Assert.Equal(view.Tokens.Length, Check(text, view, 0, document.RootElement));
            _tokens.Release();
        }
    }

    [Fact]
    public void Random_documents_with_damage_are_taken_as_the_platform_takes_them()
    {
        var random = new Random(12);
        int taken = 0;
        for (int i = 0; i < 5000; i++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(RandomJson.Write(random));
            for (int n = random.Next(2); n >= 0; n--) bytes[random.Next(bytes.Length)] = (byte)"{}[]\",:0-e\\ x\n."[random.Next(15)];
            string text = Encoding.UTF8.GetString(bytes); // damage within a character becomes another one
            bool known = RandomJson.IsJson(text);
            if (known) taken++;
            Assert.Equal((text, known), (text, _tokens.Read(Encoding.UTF8.GetBytes(text), 100, 100_000) == JsonFault.None));
            _tokens.Release();
        }

        Assert.True(taken > 200);
    }

    [Fact]
    public void Names_of_one_number_are_the_same_and_objects_that_are_alike_repeat_no_name_that_is_not_repeated_before()
    {
        var random = new Random(13);
        int shared = 0;
        int alike = 0;
        for (int i = 0; i < 5000; i++)
        {
            byte[] text = Encoding.UTF8.GetBytes(RandomJson.Write(random));
            Assert.Equal(JsonFault.None, _tokens.Read(text, 100, 100_000));
            JsonView view = _tokens.View(text);
            bool isRepeated = false;
            for (int at = 0; at < view.Tokens.Length; at++)
            {
                if (view.Tokens[at].Kind != JsonTokenKind.Object) continue;
                var names = new HashSet<string>();
                bool repeats = false;
                for (int name = at + 1; name < view.Tokens[at].Next; name = view.Tokens[name + 1].Next)
                {
                    int first = view.Tokens[name].Next;
                    Assert.InRange(first, 1, name);
                    Assert.Equal(first, view.Tokens[first].Next);
                    Assert.True(view.Raw(first).SequenceEqual(view.Raw(name)));
                    if (first != name) shared++;
                    repeats |= !names.Add(JsonSerializer.Deserialize<string>($"\"{Encoding.UTF8.GetString(view.Raw(name))}\"")!);
                }

                if (view.Tokens[at].IsAlike) alike++;
                if (view.Tokens[at].IsAlike && !isRepeated) Assert.False(repeats, Encoding.UTF8.GetString(text));
                isRepeated |= repeats;
            }
        }

        Assert.True(shared > 5000, $"{shared} shared");
        Assert.True(alike > 1000, $"{alike} alike");
    }

    [Theory]
    [InlineData("[1,2,3]", 5, 4)]
    [InlineData("""{"a":1,"b":"x"}""", 6, 5)]
    [InlineData("""{"a": 1, "b": "x"}""", 6, 5)]
    public void The_limit_of_tokens_does_not_depend_on_how_they_are_read(string text, int enough, int tooFew)
    {
        Assert.Equal(JsonFault.None, _tokens.Read(Encoding.UTF8.GetBytes(text), 10, enough));
        Assert.Equal(JsonFault.TooMany, _tokens.Read(Encoding.UTF8.GetBytes(text), 10, tooFew));
    }

    // The token behind the value.
    private static int Check(string text, JsonView view, int at, JsonElement value)
    {
        JsonToken token = view.Tokens[at];
        JsonTokenKind expected = value.ValueKind switch
        {
            JsonValueKind.Object => JsonTokenKind.Object,
            JsonValueKind.Array => JsonTokenKind.Array,
            JsonValueKind.String => JsonTokenKind.String,
            JsonValueKind.True => JsonTokenKind.True,
            JsonValueKind.False => JsonTokenKind.False,
            JsonValueKind.Null => JsonTokenKind.Null,
            _ => value.GetRawText().AsSpan().ContainsAny(".eE") ? JsonTokenKind.Number : JsonTokenKind.Integer,
        };
        Assert.Equal((text, at, expected), (text, at, token.Kind));
        int next = at + 1;
        if (value.ValueKind == JsonValueKind.Object)
        {
            int members = 0;
            foreach (JsonProperty member in value.EnumerateObject())
            {
                Assert.Equal(member.Name, JsonSerializer.Deserialize<string>($"\"{Encoding.UTF8.GetString(view.Raw(next))}\""));
                next = Check(text, view, next + 1, member.Value);
                members++;
            }

            Assert.Equal((text, members), (text, token.Length));
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray()) next = Check(text, view, next, item);
            Assert.Equal((text, value.GetArrayLength()), (text, token.Length));
        }
        else
        {
            string raw = Encoding.UTF8.GetString(view.Raw(at));
            Assert.Equal(value.GetRawText(), value.ValueKind == JsonValueKind.String ? $"\"{raw}\"" : raw);
            Assert.Equal(value.ValueKind == JsonValueKind.String && raw.Contains('\\', StringComparison.Ordinal), token.IsEscaped);
        }

        Assert.Equal((text, at, next), (text, at, token.Next));
        return next;
    }
}
