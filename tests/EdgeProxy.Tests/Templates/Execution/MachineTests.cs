using System.Globalization;
using System.Text;
using EdgeProxy.Templates;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Templates.Execution;

/// <summary>What is plain (<c>PlainRun</c>) against the same instructions one by one, as they are taken when somebody observes.</summary>
public sealed class MachineTests
{
    private static readonly string[] s_loops =
    [
        "#foreach($t in $l)\"$util.escapeJavaScript($t)\"#if($foreach.hasNext), #end#end|$!t",
        "#foreach($t in $l)$t#if($foreach.hasNext),#end;#end$!foreach.count",
        "#foreach($t in $l)<$t>#end",
        "#foreach($t in $l)$!util.escapeJavaScript($t)#end",
        "#foreach($t in $l)$t#if($foreach.hasNext)a gap that is longer than what is copied at once#end#end",
        "#set($util = 'u')#foreach($t in $l)$util.escapeJavaScript($t)#end",
        "#foreach($foreach in $l)$foreach#if($foreach.hasNext),#end#end",
        "#foreach($velocityCount in $l)$velocityCount#end",
        "#foreach($velocityHasNext in $l)$velocityHasNext,#end",
        "#foreach($util in $l)$util.escapeJavaScript($util)#end",
        "#set($t = 'before')#foreach($t in $l)$t#if($foreach.hasNext),#end#end$t",
        "#foreach($u in $l)#foreach($t in $l)$t#if($foreach.hasNext),#end#end#if($foreach.hasNext);#end#end",
        "#set($e = '#foreach($t in $l)$t#if($foreach.hasNext),#end#end$n')#evaluate($e)",
    ];

    private static readonly string[] s_elements =
    [
        "\"a\"", "\"text\"", "\"text\"", "\"text/with 'marks' and \\\"\"", "\"\"", "\"é\"", "\"a text that is longer than thirty-two bytes\"", "\"\\u0041\\n\"", "12", "1.50", "0", "true", "null", "[1,\"x\"]", "{\"a\":\"b\"}",
    ];

    private static readonly string[] s_prints =
    [
        "$i.a", "$i.id", "$i.name", "$i.quantity", "$i.title", "$!i.none", "$i.class", "$util.escapeJavaScript($i.name)", "$util.escapeJavaScript($i.a)", "$util.escapeJavaScript($i.none)", "$i.name.size()", "$foreach.count", "$j.a",
        "#set($j = $i)", "#set($i.a = \"new\")", "a text that is longer than thirty-two bytes ", ", ", "\"",
    ];

    [Fact]
    public void A_loop_that_joins_texts_writes_what_it_writes_one_by_one()
    {
        var random = new Random(11);
        for (int run = 0; run < 3000; run++)
        {
            int kinds = random.Next(1, s_elements.Length + 1);
            string list = string.Join(random.Next(4) == 0 ? ", " : ",", Enumerable.Range(0, random.Next(0, 8)).Select(_ => s_elements[random.Next(kinds)]));
            AreSame("#set($l = $input.path('$'))" + s_loops[random.Next(s_loops.Length)], $"[{list}]" + new string(' ', random.Next(2) * random.Next(130)), random.Next(1, 9), random.Next(4) == 0 ? random.Next(0, 600) : 100_000);
        }
    }

    [Fact]
    public void Members_printed_in_a_row_are_what_they_are_one_by_one()
    {
        var random = new Random(12);
        for (int run = 0; run < 3000; run++)
        {
            string prints = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => s_prints[random.Next(s_prints.Length)]));
            AreSame($"#foreach($i in $input.path('$')){prints}#if($foreach.hasNext),#end#end", RandomJson.Write(random) + new string(' ', random.Next(2) * random.Next(130)), 1000, random.Next(4) == 0 ? random.Next(0, 800) : 100_000);
        }
    }

    [Fact]
    public void A_loop_that_joins_texts_takes_as_many_steps_as_one_that_writes_numbers()
    {
        // Numbers are not what is joined, and written the same.
        Template[] templates = [.. s_loops.Where(loop => !loop.Contains("escape", StringComparison.Ordinal)).Select(loop => TemplateStage.Compile("text #set($l = $input.path('$'))" + loop))];
        foreach (Template template in templates)
        {
            for (int count = 0; count < 5; count++)
            {
                string[] numbers = [.. Enumerable.Range(1, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];
                string[] texts = Array.ConvertAll(numbers, number => $"\"{number}\"");
                string[] mixed = [.. texts.Take(2), .. numbers.Skip(2)];
                for (int steps = 1; steps < 90; steps++)
                {
                    (TemplateResult, string) expected = Run(template, numbers, steps);
                    Assert.Equal(expected, Run(template, texts, steps));
                    Assert.Equal(expected, Run(template, mixed, steps));
                }
            }
        }

        static (TemplateResult Result, string Output) Run(Template template, string[] elements, int steps)
        {
            var stage = new TemplateStage(new TemplateLimits { Steps = steps, Iterations = 4 }) { Body = Encoding.UTF8.GetBytes($"[{string.Join(',', elements)}]" + new string(' ', 100)) };
            TemplateResult result = stage.Run(template);
            return (result, Encoding.UTF8.GetString(stage.Output));
        }
    }

    [Fact]
    public void Templates_of_all_kinds_do_what_they_do_one_by_one_with_as_many_steps()
    {
        var random = new Random(13);
        int whole = 0;
        for (int run = 0; run < 4000; run++)
        {
            string text = $"#set($r = $input.path('$'))#set($n = 0)#set($i = $r[0])#foreach($i in $r){Statements(random, 0)}#if($foreach.hasNext),#{{end}}#{{end}} $n $!j.a";
            string body = RandomJson.Write(random) + new string(' ', random.Next(2) * random.Next(130));
            Template template = TemplateStage.Compile(text);
            var limits = new TemplateLimits { Steps = random.Next(2) == 0 ? 1_000_000 : random.Next(1, 300), Iterations = random.Next(4) == 0 ? 2 : 1000, EmptyTextIsFalse = random.Next(2) == 0 };
            TemplateStage plain = new TemplateStage(limits).WithBody(body);
            TemplateStage single = new TemplateStage(limits, singly: true).WithBody(body);
            for (int time = 0; time < 2; time++)
            {
                TemplateResult result = plain.Run(template);
                TemplateResult expected = single.Run(template);
                Assert.True(expected == result, $"{text} over {body} in {limits.Steps}: {result} instead of {expected}");
                Assert.True(single.Output.SequenceEqual(plain.Output), $"{text} over {body}: {Encoding.UTF8.GetString(plain.Output)} instead of {Encoding.UTF8.GetString(single.Output)}");
                if (result.IsOk) whole++;
            }
        }

        Assert.InRange(whole, 3000, 7900);
    }

    [Fact]
    public void Members_of_all_lengths_are_written_as_they_are_one_by_one_with_as_many_steps()
    {
        var random = new Random(14);
        int whole = 0;
        for (int run = 0; run < 1500; run++)
        {
            // Two templates in turns, whose names stand elsewhere each time, over bodies that are alike or not.
            Template[] templates = [.. Enumerable.Range(0, 2).Select(_ => TemplateStage.Compile(Mapping(random)))];
            var limits = new TemplateLimits { Steps = random.Next(2) == 0 ? 1_000_000 : random.Next(1, 200), Iterations = random.Next(4) == 0 ? 2 : 1000, Output = random.Next(4) == 0 ? random.Next(1, 3000) : 100_000 };
            var plain = new TemplateStage(limits);
            var single = new TemplateStage(limits, singly: true);
            string[] names = [.. s_members.Where(_ => random.Next(5) > 0)];
            for (int time = 0; time < 6; time++)
            {
                if (random.Next(4) == 0) random.Shuffle(names);
                string items = string.Join(',', Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(12) == 0 ? "\"no object\"" : Object(random, names)));
                string body = $"{{\"own\":{Object(random, names)},\"items\":[{items}]}}" + new string(' ', random.Next(2) * random.Next(130));
                Template template = templates[time & 1];
                TemplateResult result = plain.WithBody(body).Run(template);
                TemplateResult expected = single.WithBody(body).Run(template);
                Assert.True(expected == result, $"over {body} in {limits.Steps}: {result} instead of {expected}");
                if (result.Fault != TemplateFault.OutputTooLarge) Assert.True(single.Output.SequenceEqual(plain.Output), $"over {body}: {Encoding.UTF8.GetString(plain.Output)} instead of {Encoding.UTF8.GetString(single.Output)}");
                if (result.IsOk) whole++;
            }
        }

        Assert.InRange(whole, 4000, 8900);
    }

    private static readonly string[] s_members = ["a", "b", "name", "a_name_of_thirty_two_characters_", "a_name_of_more_than_thirty_two_characters", "count", "class"];

    private static string Mapping(Random random)
    {
        string loop = $"#foreach($i in $r.items){Members(random, "i")}#if($foreach.hasNext){Text(random)}#{{end}}{Text(random)}#{{end}}";
        return $"{(random.Next(3) == 0 ? "#set($util = $util)" : "")}#set($r = $input.path('$')){Members(random, "r.own")}#set($o = $r.own){Members(random, "o")}{loop}{(random.Next(4) == 0 ? "#foreach($util in $r.items)$util.escapeJavaScript($util.name)$util.name#end" : "")}";
    }

    private static string Members(Random random, string owner) => string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ =>
    {
        string member = $"${owner}.{(random.Next(8) == 0 ? "none" : s_members[random.Next(s_members.Length)])}";
        return Text(random) + (random.Next(3) == 0 ? $"$util.escapeJavaScript({member})" : member);
    }));

    private static string Text(Random random) => new('-', random.Next(4) switch { 0 => 0, 1 => random.Next(30, 36), 2 => random.Next(60, 70), _ => random.Next(100) });

    private static string Object(Random random, string[] names) => $"{{{string.Join(',', names.Where(_ => random.Next(20) > 0).Select(name => $"\"{name}\":{Scalar(random)}"))}}}";

    private static string Scalar(Random random)
    {
        if (random.Next(8) == 0) return new[] { "1", "2.50", "1e3", "true", "null", "[1,2]", "{\"a\":\"b\"}", "12345678901234567890" }[random.Next(8)];
        int length = random.Next(4) switch { 0 => random.Next(8), 1 => random.Next(30, 36), 2 => random.Next(60, 70), _ => random.Next(150) };
        int rare = random.Next(4) == 0 ? 12 : 0;
        return $"\"{string.Concat(Enumerable.Range(0, length).Select(_ => random.Next(20) < 16 ? "x" : s_characters[random.Next(6 + rare)]))}\"";
    }

    // The first six need a backslash at most.
    private static readonly string[] s_characters = ["/", "'", "\\\"", "\\\\", "0", "A", "é", "\u007f", "\\n", "\\u0041", "\\/", "\\t", "€", "\\u0000", "\ud83d\ude00", "_", "o", "|"];

    private static string Statements(Random random, int depth) => string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Statement(random, depth)));

    private static string Statement(Random random, int depth) => random.Next(depth < 3 ? 14 : 9) switch
    {
        0 => $"#set($n = $n + {Term(random)})",
        1 => $"#set($m = {Term(random)} {"+-*/%"[random.Next(5)]} {Term(random)})$!m ",
        2 => $"#set($j = {Term(random)})",
        3 => $"${Term(random)[1..]} ",
        4 => $"$!util.escapeJavaScript({Term(random)})",
        5 => "$foreach.count-$foreach.index $!foreach.first ",
        6 => s_prints[random.Next(s_prints.Length)],
        7 => "#set($i.a = $n)",
        8 => $"#set($s = \"{Term(random)}|$!m\")$s",
        9 => $"#if({Condition(random)}){Statements(random, depth + 1)}#{{end}}",
        10 => $"#if({Condition(random)}){Statements(random, depth + 1)}#elseif({Condition(random)})text#{{else}}{Statements(random, depth + 1)}#{{end}}",
        11 => $"#foreach($k in {Term(random)}){Statements(random, depth + 1)}#{{end}}",
        12 => $"#foreach($k in {Term(random)})$util.escapeJavaScript($k)#if($foreach.hasNext), #{{end}}#{{end}}",
        _ => $"#foreach($j in $r){(random.Next(3) == 0 ? "#{break}" : "")}{Statements(random, depth + 1)}#{{end}}",
    };

    private static string Term(Random random) =>
        random.Next(6) == 0 ? "$n" : random.Next(5) == 0 ? "$j" : $"${"ijk"[random.Next(3)]}.{new[] { "a", "b", "id", "name", "quantity", "title", "none" }[random.Next(7)]}";

    private static string Condition(Random random) => random.Next(5) switch
    {
        0 => Term(random),
        1 => "$foreach.hasNext",
        2 => $"!{Term(random)}",
        3 => $"{Term(random)} && {Term(random)}",
        _ => $"{Term(random)} {new[] { "==", "!=", "<", "<=", ">", ">=" }[random.Next(6)]} {(random.Next(2) == 0 ? Term(random) : "1")}",
    };

    private static void AreSame(string text, string body, int iterations, int output)
    {
        Template template = TemplateStage.Compile(text);
        TemplateStage plain = new TemplateStage(new TemplateLimits { Iterations = iterations, Output = output }).WithBody(body);

        // Observing writes to the output too, so that only the other meets its limit.
        TemplateStage observed = new TemplateStage(new TemplateLimits { Iterations = iterations }).WithBody(body);

        // The first run finds where names are; the second knows.
        for (int time = 0; time < 2; time++)
        {
            TemplateResult result = plain.Run(template);
            TemplateResult expected = observed.Run(template, new Steps());
            Assert.True(expected.IsOk, text);
            if (observed.Output.Length > output) Assert.Equal(TemplateFault.OutputTooLarge, result.Fault);
            if (!result.IsOk) Assert.Equal((TemplateFault.OutputTooLarge, true), (result.Fault, output < 1000));
            else Assert.True(expected == result, $"{text} over {body}: {result} instead of {expected}");
            if (result.IsOk) Assert.True(observed.Output.SequenceEqual(plain.Output), $"{text} over {body}: {Encoding.UTF8.GetString(plain.Output)} instead of {Encoding.UTF8.GetString(observed.Output)}");
        }
    }

    private sealed class Steps : ITemplateObserver
    {
        public void OnStep(TemplateStep step, int line, int column, ReadOnlySpan<byte> source, ReadOnlySpan<byte> value)
        {
        }
    }
}
