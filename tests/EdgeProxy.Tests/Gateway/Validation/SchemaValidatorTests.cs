using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Gateway.Validation.Schemas;
using EdgeProxy.TestKit;
using FsCheck;
using FsCheck.Fluent;
using static EdgeProxy.Tests.Gateway.Validation.Models;

namespace EdgeProxy.Tests.Gateway.Validation;

public sealed class SchemaValidatorTests
{
    [Theory]
    [InlineData("""{"type":"object","required":["a"]}""", "", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"type":"object"}""", "", nameof(BodyVerdict.Valid))]
    [InlineData("""{"type":"string"}""", "", nameof(BodyVerdict.Mismatch))]
    [InlineData("{}", " \r\n\t{} ", nameof(BodyVerdict.Valid))]
    [InlineData("{}", "{} {}", nameof(BodyVerdict.Malformed))]
    [InlineData("{}", "<a/>", nameof(BodyVerdict.Malformed))]
    [InlineData("{}", " ", nameof(BodyVerdict.Malformed))]
    [InlineData("{}", "{\"a\":1,}", nameof(BodyVerdict.Malformed))]
    [InlineData("{}", "\uFEFF{}", nameof(BodyVerdict.Malformed))]
    public void An_empty_body_is_an_empty_object_and_what_is_no_json_is_malformed(string schema, string body, string expected) => Assert.Equal(expected, Judge(schema, body).ToString());

    [Theory]
    [InlineData("""{"maximum": 9007199254740992}""", "9007199254740993", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"maximum": 9007199254740993}""", "9007199254740993", nameof(BodyVerdict.Valid))]
    [InlineData("""{"minimum": 0.1}""", "0.09999999999999999999999999999999", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"minimum": 0, "exclusiveMinimum": true}""", "-0.0", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"minimum": 0, "exclusiveMinimum": true}""", "1e-400", nameof(BodyVerdict.Valid))]
    [InlineData("""{"maximum": 1e400}""", "1e401", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"maximum": 12}""", "12.0001", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"maximum": 12}""", "11.9999", nameof(BodyVerdict.Valid))]
    [InlineData("""{"maximum": 12}""", "0.2e2", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"minimum": -12}""", "-12.5", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"minimum": -12}""", "-11.5", nameof(BodyVerdict.Valid))]
    [InlineData("""{"minimum": 0}""", "-0.5", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"multipleOf": 0.01}""", "1289.35", nameof(BodyVerdict.Valid))]
    [InlineData("""{"multipleOf": 0.01}""", "4.02", nameof(BodyVerdict.Valid))]
    [InlineData("""{"multipleOf": 0.01}""", "4.021", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"multipleOf": 3}""", "9007199254740993", nameof(BodyVerdict.Valid))]
    [InlineData("""{"multipleOf": 3}""", "9007199254740994", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"multipleOf": 7}""", "1e1000000", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"multipleOf": 8}""", "1e1000000", nameof(BodyVerdict.Valid))]
    [InlineData("""{"multipleOf": 1e10}""", "30000000000", nameof(BodyVerdict.Valid))]
    [InlineData("""{"multipleOf": 1e10}""", "30000000001", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"enum": [1]}""", "1.0", nameof(BodyVerdict.Valid))]
    [InlineData("""{"enum": [100]}""", "1e2", nameof(BodyVerdict.Valid))]
    [InlineData("""{"enum": [9007199254740992]}""", "9007199254740993", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"type": "integer"}""", "1e2", nameof(BodyVerdict.Mismatch))]
    public void Numbers_are_exact(string schema, string body, string expected) => Assert.Equal(expected, Judge(schema, body).ToString());

    [Theory]
    [InlineData("""{"items": {"type": "object", "properties": {"id": {"type": "integer", "minimum": 1}, "name": {"type": "string", "maxLength": 9}, "quantity": {"type": "number", "maximum": 50}, "title": {"minLength": 2}}, "required": ["id"]}}""")]
    [InlineData("""{"items": {"properties": {"a": {"properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}, "b": {"enum": [1, "x", null]}}, "additionalProperties": {"type": ["string", "integer", "object"]}}}""")]
    [InlineData("""{"items": {"anyOf": [{"properties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "required": ["b"]}, {"properties": {"b": {"type": "string"}, "a": {"type": "integer"}}, "additionalProperties": false}]}}""")]
    [InlineData("""{"items": {"patternProperties": {"^(i|q)": {"type": "integer"}}, "properties": {"title": {"type": "string", "minLength": 1}}, "dependencies": {"a": ["b"]}, "maxProperties": 4}}""")]
    public void Lists_of_objects_that_are_alike_are_judged_as_each_of_them_alone(string schema)
    {
        // A blank behind each name keeps it from being taken for one before it.
        var random = new Random(21);
        var validator = new SchemaValidator();
        SchemaPlan plan = Plan(schema);
        var seen = new HashSet<BodyVerdict>();
        for (int i = 0; i < 4000; i++)
        {
            string text = RandomJson.Write(random);
            byte[] alike = Encoding.UTF8.GetBytes(text);
            byte[] alone = Encoding.UTF8.GetBytes(text.Replace("\":", "\" :", StringComparison.Ordinal));
            BodyVerdict verdict = validator.Run(plan, alike, ValidationLimits.Default);
            seen.Add(verdict);
            Assert.Equal((text, new SchemaValidator().Run(plan, alone, ValidationLimits.Default)), (text, verdict));
            Assert.Equal((text, Explain(new SchemaValidator(), plan, alone)), (text, Explain(validator, plan, alike)));
        }

        Assert.Contains(BodyVerdict.Valid, seen);
        Assert.Contains(BodyVerdict.Mismatch, seen);

        static string Explain(SchemaValidator validator, SchemaPlan plan, byte[] body)
        {
            var writer = new ByteWriter(new byte[64 * 1024]);
            validator.Explain(plan, body, ValidationLimits.Default, ref writer);
            return Encoding.UTF8.GetString(writer.Written);
        }
    }

    [Fact]
    public void Numbers_are_ordered_as_decimals_are()
    {
        Gen<decimal> numbers =
            from whole in Gen.Choose(-100_000, 100_000)
            from scale in Gen.Choose(0, 8)
            select whole / (decimal)Math.Pow(10, scale);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(
            numbers.Two().ToArbitrary(),
            pair =>
            {
                string bound = pair.Item1.ToString(CultureInfo.InvariantCulture);
                string value = pair.Item2.ToString(CultureInfo.InvariantCulture);
                return Judge($$"""{"maximum": {{bound}}}""", value) == (pair.Item2 <= pair.Item1 ? BodyVerdict.Valid : BodyVerdict.Mismatch)
                    && Judge($$"""{"minimum": {{bound}}, "exclusiveMinimum": true}""", value) == (pair.Item2 > pair.Item1 ? BodyVerdict.Valid : BodyVerdict.Mismatch)
                    && (pair.Item1 <= 0 || Judge($$"""{"multipleOf": {{bound}}}""", value) == (pair.Item2 % pair.Item1 == 0 ? BodyVerdict.Valid : BodyVerdict.Mismatch));
            }));
    }

    [Theory]
    [InlineData("""{"maxLength": 1}""", "\"\\ud83d\\udc32\"", nameof(BodyVerdict.Valid))]
    [InlineData("""{"maxLength": 1}""", "\"🐲\"", nameof(BodyVerdict.Valid))]
    [InlineData("""{"maxLength": 1}""", "\"\\ud83d\"", nameof(BodyVerdict.Valid))]
    [InlineData("""{"minLength": 2}""", "\"\\ud83d\\ud83d\"", nameof(BodyVerdict.Valid))]
    [InlineData("""{"minLength": 2}""", "\"\\u00e9\"", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"enum": ["é\n"]}""", "\"\\u00E9\\n\"", nameof(BodyVerdict.Valid))]
    [InlineData("""{"properties": {"é": {"type": "null"}}}""", "{\"\\u00e9\": 1}", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"pattern": "^a/b$"}""", "\"a\\/b\"", nameof(BodyVerdict.Valid))]
    [InlineData("""{"pattern": "^.$"}""", "\"\\ud83d\"", nameof(BodyVerdict.Valid))]
    [InlineData("""{"uniqueItems": true}""", "[\"a\", \"\\u0061\"]", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"uniqueItems": true}""", "[{\"a\":1,\"b\":[2.0]}, {\"b\":[2],\"\\u0061\":1e0}]", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"uniqueItems": true}""", "[1, true, \"1\", [1], {\"1\":1}, null, false, 0]", nameof(BodyVerdict.Valid))]
    public void Strings_are_compared_by_their_text(string schema, string body, string expected) => Assert.Equal(expected, Judge(schema, body).ToString());

    [Theory]
    [InlineData("""{"properties": {"a": {}}}""", """{"a":1,"a":1}""", nameof(BodyVerdict.RepeatedName))]
    [InlineData("""{"properties": {"a": {}}}""", """{"a":1,"\u0061":1}""", nameof(BodyVerdict.RepeatedName))]
    [InlineData("""{"required": ["a"]}""", """{"a":1,"a":2}""", nameof(BodyVerdict.RepeatedName))]
    [InlineData("""{"not": {"properties": {"a": {"type": "string"}}}}""", """{"a":1,"a":"s"}""", nameof(BodyVerdict.RepeatedName))]
    [InlineData("""{"not": {"additionalProperties": {"type": "string"}}}""", """{"c":1,"b":1,"d":2,"\u0062":"s"}""", nameof(BodyVerdict.Valid))]
    [InlineData("""{"not": {"additionalProperties": {"type": "string"}}}""", """{"b":1,"d":2,"\u0062":"s"}""", nameof(BodyVerdict.RepeatedName))]
    [InlineData("""{"not": {"maxProperties": 1}}""", """{"b":1,"b":2}""", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"additionalProperties": {"type": "integer"}}""", """{"b":"s","b":1}""", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"minProperties": 2}""", """{"b":1,"b":1}""", nameof(BodyVerdict.Mismatch))]
    [InlineData("""{"minProperties": 2}""", """{"b":1,"\u0062":1,"c":1}""", nameof(BodyVerdict.Valid))]
    public void No_value_of_a_repeated_name_passes_unseen(string schema, string body, string expected) => Assert.Equal(expected, Judge(schema, body).ToString());

    [Fact]
    public void Bytes_that_are_no_utf8_are_malformed()
    {
        SchemaPlan plan = Plan("{}");
        Assert.Equal(BodyVerdict.Malformed, Judge(plan, [(byte)'"', 0xC3, (byte)'"']));
        Assert.Equal(BodyVerdict.Malformed, Judge(plan, [(byte)'"', 0xED, 0xA0, 0x80, (byte)'"']));
        Assert.Equal(BodyVerdict.Malformed, Judge(plan, [(byte)'"', 0xFF, (byte)'"']));
        Assert.Equal(BodyVerdict.Malformed, Judge(plan, Encoding.Unicode.GetBytes("{}")));
    }

    [Fact]
    public void Deep_nesting_meets_the_limit_and_nothing_else()
    {
        const string Schema = """{"properties": {"a": {"$ref": "#"}}, "items": {"$ref": "#"}}""";
        Assert.Equal(BodyVerdict.Valid, Judge(Schema, new string('[', 128) + new string(']', 128)));
        Assert.Equal(BodyVerdict.TooDeep, Judge(Schema, new string('[', 129) + new string(']', 129)));
        Assert.Equal(BodyVerdict.TooDeep, Judge(Schema, new string('[', 5_000_000)));
        Assert.Equal(BodyVerdict.TooDeep, Judge(Schema, string.Concat(Enumerable.Repeat("{\"a\":", 100_000))));
        Assert.Equal(BodyVerdict.Valid, Judge(Schema, new string('[', 500) + new string(']', 500), new ValidationLimits(500, 10_000)));
    }

    [Fact]
    public void A_schema_that_tries_ever_more_ways_is_stopped()
    {
        // Two ways for each level: 2^100 without a limit.
        const string Schema = """{"anyOf": [{"properties": {"a": {"$ref": "#"}}, "required": ["x"]}, {"properties": {"a": {"$ref": "#"}}, "required": ["y"]}]}""";
        string body = string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(BodyVerdict.TooManySteps, Judge(Schema, body));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), clock.Elapsed.ToString());
    }

    [Fact]
    public void A_chain_of_schemas_longer_than_the_stack_allows_is_stopped()
    {
        var schema = new StringBuilder("{\"allOf\": [{\"$ref\": \"#/definitions/a0\"}], \"definitions\": {");
        for (int i = 0; i < 5000; i++) schema.Append(CultureInfo.InvariantCulture, $"\"a{i}\": {{\"allOf\": [{{\"$ref\": \"#/definitions/a{i + 1}\"}}]}},");
        schema.Append("\"a5000\": {\"type\": \"null\"}}}");
        Assert.Equal(BodyVerdict.TooDeep, Judge(schema.ToString(), "1"));
    }

    [Theory]
    [InlineData("[", "1,", "1]", """{"items": {"type": "integer"}}""", nameof(BodyVerdict.TooManySteps))]
    [InlineData("[", "[],", "1]", """{"uniqueItems": true}""", nameof(BodyVerdict.Mismatch))]
    public void A_body_of_ten_megabytes_is_bounded(string begin, string repeated, string end, string schema, string expected)
    {
        string body = begin + string.Concat(Enumerable.Repeat(repeated, 10_000_000 / repeated.Length)) + end;
        Assert.Equal(expected, Judge(schema, body).ToString());
    }

    [Fact]
    public void A_hundred_thousand_different_items_are_told_apart_in_one_pass()
    {
        string body = "[" + string.Join(',', Enumerable.Range(0, 100_000)) + "]";
        Assert.Equal(BodyVerdict.Valid, Judge("""{"uniqueItems": true}""", body));
        Assert.Equal(BodyVerdict.Mismatch, Judge("""{"uniqueItems": true}""", body.Insert(1, "99999.0,")));
    }

    [Fact]
    public void A_pattern_that_runs_away_is_stopped_and_refuses()
    {
        // The look-ahead keeps it from being a table.
        Assert.Equal(BodyVerdict.PatternTimedOut, Judge("""{"not": {"pattern": "^(?=a)(a|aa)*(?!c)b$"}}""", $"\"{new string('a', 60)}\""));
        Assert.Equal(BodyVerdict.Mismatch, Judge("""{"pattern": "^(a|a)*b$"}""", $"\"{new string('a', 100_000)}\""));
    }

    [Fact]
    public void Texts_of_a_body_share_the_steps_of_patterns()
    {
        // Each of them alone is found not to match in time.
        const string schema = """{"items": {"not": {"pattern": "^(?=a)(a|aa)*(?!c)b$"}}}""";
        string text = $"\"{new string('a', 20)}\"";
        Assert.Equal(BodyVerdict.Valid, Judge(schema, $"[{text}]"));
        Assert.Equal(BodyVerdict.PatternTimedOut, Judge(schema, $"[{string.Join(',', Enumerable.Repeat(text, 2000))}]"));
    }

    [Fact]
    public void A_long_body_of_honest_texts_has_steps_enough()
    {
        string body = $"[{string.Join(',', Enumerable.Repeat("\"abcdefgh1\"", 200_000))}]";
        Assert.Equal(BodyVerdict.Valid, Judge("""{"items": {"pattern": "^(?=.*\\d)(?=.*[a-z])\\S{8,}$"}}""", body));
    }

    [Fact]
    public void A_schema_of_more_names_than_a_word_has_bits_sees_each_of_them()
    {
        string names = string.Join(',', Enumerable.Range(0, 300).Select(static i => $"\"n{i:D3}\""));
        string all = string.Join(',', Enumerable.Range(0, 300).Select(static i => $"\"n{i:D3}\":{{}}"));
        string schema = $$$"""{"required": [{{{names}}}], "properties": {"n000": {"$ref": "#/definitions/inner"}}, "definitions": {"inner": {"required": [{{{names}}}] } } }""";
        Assert.Equal(BodyVerdict.Mismatch, Judge(schema, "{" + all + "}"));
        Assert.Equal(BodyVerdict.Valid, Judge(schema, "{" + all.Replace("\"n000\":{}", "\"n000\":{" + all + "}", StringComparison.Ordinal) + "}"));
        Assert.Equal(BodyVerdict.Mismatch, Judge(schema, "{" + all.Replace("\"n000\":{}", "\"n000\":{" + all.Replace("\"n299\"", "\"other\"", StringComparison.Ordinal) + "}", StringComparison.Ordinal) + "}"));
    }

    [Theory]
    [InlineData("""{"required": ["type", "name", "id"]}""", """{"id": 1}""", """[object has missing required properties (["name","type"])]""")]
    [InlineData("""{"type": "number"}""", "\"a\"", """[instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])]""")]
    [InlineData("""{"minimum": 25}""", "20", "[numeric value is lower than the required minimum (minimum: 25, found: 20)]")]
    [InlineData("""{"maximum": 25, "exclusiveMaximum": true}""", "25", "[numeric value is not strictly lower than the required maximum 25]")]
    [InlineData("""{"enum": ["cat","dog"]}""", "\"frog\"", """[instance value ("frog") not found in enum (possible values: ["cat","dog"])]""")]
    [InlineData("""{"minLength": 2}""", "\"x\"", "[string \"x\" is too short (length: 1, required minimum: 2)]")]
    [InlineData("""{"pattern": "^a$"}""", "\"b\"", "[ECMA 262 regex \"^a$\" does not match input string \"b\"]")]
    [InlineData("""{"properties": {"a": {"type": "null"}, "b": {"maxLength": 1}}}""", """{"a": 1, "b": "xx"}""", """[instance type (integer) does not match any allowed primitive type (allowed: ["null"]), string "xx" is too long (length: 2, maximum allowed: 1)]""")]
    [InlineData("""{"additionalProperties": false}""", """{"a": 1, "b": 2}""", """[object instance has properties which are not allowed by the schema: ["a","b"]]""")]
    [InlineData("""{"dependencies": {"a": ["b", "c"]}}""", """{"a": 1, "b": 2}""", """[property "a" of object has missing property dependencies (schema requires ["b","c"]; missing: ["c"])]""")]
    [InlineData("""{"oneOf": [{}, {}]}""", "1", "[instance failed to match exactly one schema (matched 2 out of 2)]")]
    [InlineData("{}", "x", "[Unknown error parsing request body]")]
    [InlineData("{}", "1", "")]
    public void Explains_everything_in_the_words_of_the_service(string schema, string body, string expected) => Assert.Equal(expected, Explain(schema, body));

    [Fact]
    public void An_explanation_ends_where_there_is_no_more_room() =>
        Assert.InRange(Explain("""{"items": {"type": "null"}}""", "[" + string.Join(',', Enumerable.Repeat("1", 1000)) + "]", room: 300).Length, 200, 300);

    [Fact]
    public void Says_which_schema_refused()
    {
        var validator = new SchemaValidator();
        Assert.Equal(BodyVerdict.Mismatch, validator.Run(Plan("""{"properties": {"a": {"items": {"type": "null"}}}}"""), "{\"a\":[1]}"u8, ValidationLimits.Default));
        Assert.Equal("#/properties/a/items", validator.RefusedBy!.Place);
        Assert.Equal(BodyVerdict.Valid, validator.Run(Plan("{}"), "1"u8, ValidationLimits.Default));
        Assert.Null(validator.RefusedBy);
    }

    [Fact]
    public void Takes_for_json_what_the_platform_takes_for_json()
    {
        Gen<string> pieces = Gen.Elements("{", "}", "[", "]", ",", ":", "\"a\"", "\"\\u00e9\"", "\"\\x\"", "\"", "1", "-0.5e+3", "01", "1.", "true", "nul", "null", " ", "\n", "\t", "\u0001", "é");
        SchemaPlan plan = Plan("{}");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(
            Gen.ListOf(pieces).Select(static list => string.Concat(list)).ToArbitrary(),
            text => text.Length == 0 || (Judge(plan, Encoding.UTF8.GetBytes(text)) == BodyVerdict.Valid) == IsJson(text)));
    }

    [Fact]
    public void Whatever_is_changed_in_a_body_it_never_throws()
    {
        byte[] body = Encoding.UTF8.GetBytes("""{"a":[1,2.5e3,"x\u00e9\ud83d\udc32",{"b":null}],"c":"2026-11-22T10:00:00Z","d":{"a":[true,false]}}""");
        SchemaPlan plan = Plan("""{"properties":{"a":{"items":{"anyOf":[{"type":"number","multipleOf":0.5},{"type":"string","pattern":"^x.*$","maxLength":9},{"$ref":"#"}]},"uniqueItems":true},"c":{"format":"date-time"},"d":{"$ref":"#"}},"minProperties":1}""");
        Assert.Equal(BodyVerdict.Valid, Judge(plan, body));
        var validator = new SchemaValidator();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(
            (from at in Gen.Choose(0, body.Length - 1) from value in Gen.Choose(0, 255) from other in Gen.Choose(0, body.Length - 1) from length in Gen.Choose(0, body.Length) select (at, value, other, length)).ToArbitrary(),
            change =>
            {
                byte[] changed = [.. body];
                changed[change.at] = (byte)change.value;
                changed[change.other] = body[change.at];
                var writer = new EdgeProxy.Core.Buffers.ByteWriter(new byte[64]);
                validator.Run(plan, changed.AsSpan(0, change.length), ValidationLimits.Default);
                validator.Explain(plan, changed.AsSpan(0, change.length), ValidationLimits.Default, ref writer);
            }));
    }

    [ReleaseFact]
    public void A_valid_body_costs_no_memory()
    {
        var validator = new SchemaValidator();
        SchemaPlan plan = Plan("""
            {"type":"object","required":["a","b"],"additionalProperties":{"type":"string"},"minProperties":2,"patternProperties":{"^x":{"format":"uri"}},
             "properties":{"a":{"type":"array","uniqueItems":true,"items":{"oneOf":[{"type":"integer","multipleOf":3},{"type":"string","pattern":"^[a-zé]{2,}$"},{"enum":[[1.0],{"k":null}]}]}},
             "b":{"not":{"type":"null"},"format":"email","pattern":"^(?=a).*$"}}}
            """);
        byte[] body = Encoding.UTF8.GetBytes("""{"a":[3,"aé","b\u00e9",[1],{"k":null},123456789012345678901234567890],"b":"a@b.example","xy":"urn:x","z":"\ud83d\udc32"}""");
        for (int i = 0; i < 200; i++) Assert.Equal(BodyVerdict.Valid, validator.Run(plan, body, ValidationLimits.Default));
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 1000; i++) validator.Run(plan, body, ValidationLimits.Default);
        }));
    }

    private static bool IsJson(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 128 });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [Theory]
    [InlineData("""{"type":"integer"}""", "\"a\"", "")]
    [InlineData("""{"properties":{"a":{"items":{"type":"integer"}}}}""", """{"x":[1,{"y":2}],"a":[1,[],"b"]}""", "/a/1 /a/2")]
    [InlineData("""{"properties":{"a/b~c":{"required":["d"]}}}""", """{"a/b~c":{}}""", "/a~1b~0c")]
    [InlineData("""{"properties":{"\u00e9":{"type":"integer"}}}""", """{"\u00e9":null}""", "/é")]
    [InlineData("""{"additionalProperties":false,"properties":{"a":{"type":"integer"}}}""", """{"b":1,"a":"x"}""", "/a ")]
    [InlineData("""{"items":{"items":{"items":{"minimum":5}}}}""", "[[],[[9],[9,9,1]]]", "/1/1/2")]
    [InlineData("""{"items":{"type":"integer"}}""", """[1,"x"]""", "/1")]
    public void Says_where_in_the_body_each_mistake_is(string schema, string body, string pointers)
    {
        var findings = new List<SchemaFinding>();
        var writer = new ByteWriter(new byte[4096]);
        var validator = new SchemaValidator();

        // A body before it, whose containers and names stand where it has texts and words.
        validator.Run(Models.Plan("{}"), "[{\"a\":{\"b\":{\"c\":{\"d\":[[[[[[[1,2,3]]]]]]]}}}}]"u8, ValidationLimits.Default);
        Assert.Equal(BodyVerdict.Mismatch, validator.Find(Models.Plan(schema), Encoding.UTF8.GetBytes(body), ValidationLimits.Default, findings, ref writer));
        Assert.Equal(pointers, string.Join(' ', findings.Select(static finding => finding.Pointer)));
        Assert.Equal(Models.Explain(schema, body), $"[{Encoding.UTF8.GetString(writer.Written)}]");

        // And only when it is asked: nothing of it is kept for the next body.
        validator.Run(Models.Plan(schema), Encoding.UTF8.GetBytes(body), ValidationLimits.Default);
        Assert.Equal(pointers.Split(' ').Length, findings.Count);
    }
}
