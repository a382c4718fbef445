using System.Globalization;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Gateway.Validation.Schemas;
using static EdgeProxy.Tests.Gateway.Validation.Models;

namespace EdgeProxy.Tests.Gateway.Validation.Schemas;

public sealed class PlainRulesTests
{
    private static readonly string[] s_values =
    [
        "null", "true", "false", "0", "-0", "1", "-1", "2", "3", "-3", "17", "999999999999999999", "1000000000000000000", "-999999999999999999", "12345678901234567890",
        "0.0", "0.5", "999999999", "99.9999999", "2147483648", "0.10", "3.25", "-0.5", "1.0", "1.5", "2.5", "-2.5", "3.0", "3.000000000000000000001", "1e0", "2E1", "-1e-1", "0.1e1", "999999999999999999.5",
        "\"\"", "\"a\"", "\"ab\"", "\"abc\"", "\"é\"", "\"éé\"", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\"😀😀\"", "\"a\\nb\"", "[]", "[1]", "{}", "{\"a\":1}",
    ];

    [Fact]
    public void What_is_told_at_a_glance_is_what_looking_closely_tells()
    {
        // Of a value that is the whole body everything is looked at; of items and members only what is not told by kind, length and bounds.
        var random = new Random(51);
        int valid = 0;
        int invalid = 0;
        for (int i = 0; i < 1500; i++)
        {
            string schema = RandomSchema(random);
            SchemaPlan whole = Plan(schema);
            SchemaPlan items = Plan($"{{\"items\": {schema}}}");
            SchemaPlan members = Plan($"{{\"properties\": {{\"m\": {schema}}}}}");
            SchemaPlan lists = Plan($"{{\"items\": {{\"properties\": {{\"m\": {schema}}}}}}}");
            foreach (string value in s_values)
            {
                BodyVerdict expected = JudgeText(whole, value);
                Assert.Equal((schema, value, expected), (schema, value, JudgeText(items, $"[{value}]")));
                Assert.Equal((schema, value, expected), (schema, value, JudgeText(items, $"[{value},{value} ]")));
                Assert.Equal((schema, value, expected), (schema, value, JudgeText(members, $"{{\"m\":{value}}}")));

                // With room behind it is read at once, and of names and numbers more is known.
                string room = new(' ', 64);
                Assert.Equal((schema, value, expected), (schema, value, JudgeText(items, $"[{value},{value}]{room}")));
                Assert.Equal((schema, value, expected), (schema, value, JudgeText(members, $"{{\"m\":{value}}}{room}")));
                Assert.Equal((schema, value, expected), (schema, value, JudgeText(lists, $"[{{\"m\":{value}}},{{\"m\":{value}}},{{\"é\":0,\"m\":{value}}}]{room}")));
                if (expected == BodyVerdict.Valid) valid++;
                else invalid++;
            }
        }

        Assert.True(valid > 5000 && invalid > 5000, $"{valid} valid, {invalid} invalid");
    }

    [Fact]
    public void Steps_are_counted_alike_whether_told_at_a_glance_or_not()
    {
        SchemaPlan plain = Plan("""{"items": {"type": "integer", "minimum": 0}}""");
        SchemaPlan close = Plan("""{"items": {"type": "integer", "minimum": 0, "multipleOf": 1}}""");
        byte[] body = System.Text.Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Range(1, 20)) + "]");
        for (int steps = 1; steps < 40; steps++)
        {
            ValidationLimits limits = ValidationLimits.Default with { Steps = steps };
            Assert.Equal((steps, Judge(close, body, limits)), (steps, Judge(plain, body, limits)));
        }
    }

    [Fact]
    public void Steps_are_counted_alike_for_objects_that_are_told_by_their_members()
    {
        // Whoever looks at dependencies looks at each object closely.
        const string members = """ "properties": {"a": {"type": "integer", "minimum": 0}, "b": {}, "c": {"properties": {"d": {"type": "string"}}, "required": ["d"]}}, "required": ["a"] """;
        SchemaPlan plain = Plan($$$"""{"items": {{{{members}}}}}""");
        SchemaPlan close = Plan($$$"""{"items": {"dependencies": {"z": ["a"]}, {{{members}}}}}""");
        Assert.NotNull(plain.Arrays!.Rest!.Plain.Members);
        Assert.Null(close.Arrays!.Rest!.Plain.Members);
        string[] bodies =
        [
            string.Join(',', Enumerable.Range(0, 9).Select(i => $$$"""{"a":{{{i}}},"b":null,"c":{"d":"x"}}""")),
            string.Join(',', Enumerable.Range(0, 9).Select(i => $$$"""{"a":{{{7 - i}}},"b":null,"c":{"d":"x"}}""")),
            """{"a":1},{"b":1,"a":2},{"a":1,"x":{}},{"a":3,"a":4}""",
            """{"a":1,"c":{"d":"1"}},{"a":1,"c":{"d":"1"}},{"a":1,"c":{"d":1}},{"a":1}""",
            """{"a":1},{"a":2},{"b":3},{"a":4}""",
        ];
        foreach (string body in bodies)
        {
            byte[] text = System.Text.Encoding.UTF8.GetBytes($"[{body}]{new string(' ', 64)}");
            var known = new SchemaValidator();
            for (int steps = 1; steps < 120; steps++)
            {
                ValidationLimits limits = ValidationLimits.Default with { Steps = steps };
                BodyVerdict expected = Judge(close, text, limits);
                Assert.Equal((body, steps, expected), (body, steps, Judge(plain, text, limits)));
                Assert.Equal((body, steps, expected), (body, steps, known.Run(plain, text, limits)));
            }
        }
    }

    private static BodyVerdict JudgeText(SchemaPlan plan, string text) => Judge(plan, System.Text.Encoding.UTF8.GetBytes(text));

    private static string RandomSchema(Random random)
    {
        List<string> members = [];
        string[] types = ["null", "boolean", "integer", "number", "string", "array", "object"];
        if (random.Next(3) > 0) members.Add($"\"type\": [{string.Join(", ", types.Where(_ => random.Next(3) > 0).DefaultIfEmpty("string").Select(type => $"\"{type}\""))}]");
        if (random.Next(2) == 0) members.Add($"\"minLength\": {random.Next(4)}");
        if (random.Next(2) == 0) members.Add($"\"maxLength\": {random.Next(4)}");
        if (random.Next(8) == 0) members.Add("\"pattern\": \"a\"");
        if (random.Next(2) == 0) members.Add($"\"minimum\": {Bound(random)}");
        if (random.Next(2) == 0) members.Add($"\"maximum\": {Bound(random)}");
        if (members.Exists(member => member.StartsWith("\"minimum\"", StringComparison.Ordinal)) && random.Next(2) == 0) members.Add("\"exclusiveMinimum\": true");
        if (members.Exists(member => member.StartsWith("\"maximum\"", StringComparison.Ordinal)) && random.Next(2) == 0) members.Add("\"exclusiveMaximum\": true");
        if (random.Next(8) == 0) members.Add("\"multipleOf\": 0.5");
        if (random.Next(8) == 0) members.Add("\"enum\": [1, 2, \"a\", null]");
        if (random.Next(8) == 0) members.Add("\"minItems\": 1");
        if (random.Next(8) == 0) members.Add("\"maxProperties\": 0");
        return $"{{{string.Join(", ", members)}}}";
    }

    private static string Bound(Random random) => random.Next(6) switch
    {
        0 => "0.5",
        1 => "999999999999999999",
        2 => "12345678901234567890",
        _ => random.Next(-3, 4).ToString(CultureInfo.InvariantCulture),
    };
}
