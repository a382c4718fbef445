using System.Text;
using EdgeProxy.Templates;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Templates;

public sealed class TemplateExecutorTests
{
    private static readonly TemplateLimits s_small = new() { Output = 1000, Text = 10_000, Items = 1000, Steps = 20_000, Nesting = 20 };

    [Theory]
    [InlineData("#set($l = [1..30])#foreach($i in $l)#foreach($j in $l)#foreach($k in $l)#end#end#end", TemplateFault.TooManySteps)]
    [InlineData("#foreach($i in [1..900])0123456789#end", TemplateFault.OutputTooLarge)]
    [InlineData("#set($s = \"0123456789\")#foreach($i in [1..20])#set($s = \"$s$s\")#end", TemplateFault.TooMuchMemory)]
    [InlineData("#set($l = [])#foreach($i in [1..900])#set($_ = $l.add([1, 2, 3]))#end", TemplateFault.TooManyItems)]
    [InlineData("#set($x = [1..100000000])", TemplateFault.TooManyItems)]
    [InlineData("#set($s = \"a\")$s.repeat(100000000)", TemplateFault.TooMuchMemory)]
    [InlineData("#macro(f)#f()#end#f()", TemplateFault.CallsTooDeep)]
    [InlineData("#define($d)$d#end$d", TemplateFault.CallsTooDeep)]
    [InlineData("#set($e = '#evaluate($e)')#evaluate($e)", TemplateFault.CallsTooDeep)]
    [InlineData("#set($l = [])#foreach($i in [1..50])#set($l = [$l])#end$l", TemplateFault.NestedTooDeeply)]
    [InlineData("#set($a = [])#set($b = [$a])#set($_ = $a.add($b))$a", TemplateFault.NestedTooDeeply)]
    [InlineData("#evaluate('#if')", TemplateFault.None)]
    [InlineData("#evaluate('#if(true)')", TemplateFault.InvalidEvaluated)]
    public void A_template_that_loops_or_grows_without_end_is_stopped(string template, TemplateFault fault)
    {
        var stage = new TemplateStage(s_small);
        TemplateResult result = stage.Run(template);
        Assert.Equal(fault, result.Fault);
        Assert.Equal(fault == TemplateFault.None, result.Line == 0);
        Assert.True(stage.Output.Length <= s_small.Output);
        Assert.NotEmpty(result.Message);

        // Nothing of it is left for the next.
        Assert.Equal("ok", stage.Render("#set($s = \"ok\")$s"));
    }

    [Theory]
    [InlineData("$m.get($A)")]
    [InlineData("$m[$A]")]
    [InlineData("$m.containsKey($A)")]
    [InlineData("$m.put($A, 1)")]
    [InlineData("$m.remove($A)")]
    [InlineData("$m.getOrDefault($A, 1)")]
    [InlineData("{$A: 1}")]
    [InlineData("$o[$A]")]
    [InlineData("$o.get($A)")]
    [InlineData("$stageVariables[$A]")]
    [InlineData("$context.get($A)")]
    [InlineData("$input.params($A)")]
    [InlineData("$n + 1")]
    [InlineData("$n * 2")]
    [InlineData("$d * 2")]
    [InlineData("$n < $d")]
    [InlineData("$n.intValue()")]
    [InlineData("$n.compareTo(5)")]
    [InlineData("$i.parseInt($z)")]
    [InlineData("$A.format(\"%,d\", $n)")]
    [InlineData("$input.path(\"$.one[?(@ == 1)]\")")]
    [InlineData("$input.path(\"$[?(@.a size 5)]\")")]
    [InlineData("$input.path(\"$[?(@.a contains 'z')]\")")]
    [InlineData("$input.path(\"$[?(@.n > 1)]\")")]
    [InlineData("$A.matches(\"(x$i-{99}){99}\")")]
    public void What_goes_through_a_long_value_costs_steps_for_its_length(string operation)
    {
        // Both in bytes that a client sends and in what it makes the engine do: a hundred steps, each over 20 KB, are more than are allowed.
        string digits = new('9', 20_000);
        TemplateStage stage = new TemplateStage(new TemplateLimits { Steps = 20_000 })
            .WithBody($$"""{"a": "{{new string('x', 20_000)}}", "n": {{digits}}, "d": 0.{{digits}}, "z": "{{new string('0', 20_000)}}", "o": {"k": 1}, "one": ["{{digits}}"]}""");
        string names = string.Concat("andzo".Select(static name => $"#set(${(name == 'a' ? 'A' : name)} = $input.path('$.{name}'))"));
        TemplateResult result = stage.Run($"{names}#set($m = {{}})#set($i = 0)#foreach($i in [1..100])#set($j = $i)#set($r = {operation})#end");
        Assert.Equal(TemplateFault.TooManySteps, result.Fault);
        Assert.Equal(TemplateFault.None, stage.Run($"{names}#set($m = {{}})#set($i = 0)#set($j = 0)#set($r = {operation})").Fault);
    }

    [Theory]
    [InlineData("$t.contains($n)")]
    [InlineData("$t.indexOf($n)")]
    [InlineData("$t.lastIndexOf($n)")]
    [InlineData("$t.replace($n, '')")]
    [InlineData("$t.split($n)")]
    [InlineData("$input.path('$[?(@.t contains @.n)]')")]
    public void Looking_for_a_long_text_costs_steps_for_what_is_compared(string operation)
    {
        // Each of 100,000 places is compared with up to 50,000 bytes.
        string run = new('a', 50_000);
        TemplateStage stage = new TemplateStage(new TemplateLimits { Steps = 60_000 })
            .WithBody($$"""{"t": "{{run}}{{run}}{{new string('b', 100_000)}}", "n": "{{run}}c{{run}}b", "x": {"t": "{{run}}{{run}}{{new string('b', 100_000)}}", "n": "{{run}}c{{run}}b"}, "s": "ab"}""");
        const string names = "#set($t = $input.path('$.t'))#set($n = $input.path('$.n'))";
        Assert.Equal(TemplateFault.TooManySteps, stage.Run(names + "#set($r = " + operation + ")").Fault);
        Assert.Equal(TemplateFault.None, stage.Run(names.Replace("$.n", "$.s", StringComparison.Ordinal) + "#set($r = $t.contains($n))").Fault);
    }

    [Theory]
    [InlineData(1, TemplateFault.None)]
    [InlineData(20, TemplateFault.TooManySteps)]
    public void Calls_of_macros_from_evaluated_texts_cost_steps_for_those_there_are(int calls, TemplateFault fault)
    {
        string macros = string.Concat(Enumerable.Range(0, 10_000).Select(static i => $"#macro(m{i:00000})#end"));
        TemplateStage stage = new(new TemplateLimits { Steps = 25_000 });
        Assert.Equal(fault, stage.Run($"{macros}#set($text = '#foreach($i in [1..{calls}])#m09999()#end')#evaluate($text)").Fault);
    }

    [Theory]
    [InlineData(10, TemplateFault.None)]
    [InlineData(300, TemplateFault.TooManySteps)]
    public void Variables_of_evaluated_texts_cost_steps_for_those_there_are(int variables, TemplateFault fault)
    {
        string many = string.Concat(Enumerable.Range(0, 5_000).Select(static i => $"$a{i}"));
        string used = string.Concat(Enumerable.Range(0, variables).Select(static i => $"$b{i}"));
        TemplateStage stage = new(new TemplateLimits { Steps = 25_000 });
        Assert.Equal(fault, stage.Run($"#if(false){many}#end#set($text = '{used}')#evaluate($text)").Fault);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void A_loop_that_ends_at_the_limit_is_told_when_elements_are_left(int most, bool isCut)
    {
        TemplateResult result = new TemplateStage(new TemplateLimits { Iterations = most }).Run("#foreach($i in [1..4])$i#end");
        Assert.Equal((true, isCut), (result.IsOk, result.HasCutLoop));
    }

    [Fact]
    public void A_fault_tells_its_line_and_column()
    {
        TemplateResult result = new TemplateStage().Run("first\n  ü $util.parseJson('x')");
        Assert.Equal(new TemplateResult(TemplateFault.InvalidJson, 2, 5), result);
    }

    [Fact]
    public void A_lower_limit_counts_for_an_output_that_has_grown()
    {
        // As after a reload: the executor is another, the loop's output the same.
        var output = new TemplateOutput();
        ReadOnlyMemory<byte> document = Encoding.UTF8.GetBytes('"' + new string('a', 5000) + '"');
        Assert.Equal(TemplateFault.None, new TemplateExecutor(new TemplateLimits()).Find(BodyPath.Root, document, output));
        Assert.Equal(TemplateFault.OutputTooLarge, new TemplateExecutor(s_small).Find(BodyPath.Root, document, output));
        Assert.InRange(output.Length, 0, s_small.Output);
    }

    [Theory]
    [InlineData(1, 1000, true)]
    [InlineData(1, 1001, false)]
    [InlineData(40, 25, true)]
    [InlineData(40, 26, false)]
    [InlineData(90, 900, false)]
    public void Operators_in_brackets_count_with_those_around_them(int nested, int operators, bool compiles)
    {
        // A tree of 81,000 levels would end the process, whoever wrote the text: templates may evaluate what a client has sent.
        string chain = string.Concat(Enumerable.Repeat("+1", operators)) + ")";
        string template = "#set($x = " + new string('(', nested) + "1" + string.Concat(Enumerable.Repeat(chain, nested)) + ")";
        Assert.Equal(compiles, Template.TryCompile(Encoding.UTF8.GetBytes(template), out _, out TemplateProblem? problem));
        if (!compiles) Assert.Equal("An expression has more than 1000 operators.", problem!.Message);
    }

    [Fact]
    public void A_template_larger_than_allowed_is_refused()
    {
        Assert.False(Template.TryCompile(new byte[TemplateLimits.LongestTemplate + 1], out _, out TemplateProblem? problem));
        Assert.Contains("307200", problem!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#if(true)", "#end")]
    [InlineData("#set($x = (", "))")]
    [InlineData("#set($x = [", "])")]
    [InlineData("#set($x = !", "true)")]
    [InlineData("$a.b($c", ")")]
    public void Syntax_nested_too_deeply_is_refused(string open, string close)
    {
        string inner = open.StartsWith("#set", StringComparison.Ordinal) ? open[10..] : open;
        string text = open + string.Concat(Enumerable.Repeat(inner, 2000)) + "1" + string.Concat(Enumerable.Repeat(close, 2000));
        Assert.False(Template.TryCompile(Encoding.UTF8.GetBytes(text), out _, out _));
    }

    [ReleaseFact]
    public void A_grown_run_allocates_nothing_more_and_gives_the_same()
    {
        TemplateStage stage = new TemplateStage()
            .WithBody("""{"name":"B\u00f6b","items":[{"id":1,"p":9.5,"t":"a/b"},{"id":2,"p":20,"t":"c\"d"}],"big":12345678901234567890}""")
            .With(ParameterPlace.Path, "id", "42").With(ParameterPlace.QueryString, "q", "x y").With(ParameterPlace.Header, "X-Tok", "t'1")
            .WithStageVariable("tbl", "T1").WithContext("requestId", "r-1").WithContext("identity.sourceIp", "::1");
        Template template = TemplateStage.Compile("""
            #set($root = $input.path('$'))
            #macro(item $i)[$i.id]#end
            #define($line)<$root.name>#end
            {"all": $input.json('$'), "filtered": $input.json('$.items[?(@.p > 10 && @.t =~ /c.*/)]'), "deep": $input.json('$..id'),
            #foreach($item in $root.items)
              #set($m = {"id": $item.id, "sum": $item.p + 1.5, "list": [1, "x$item.id"]})
              "$util.escapeJavaScript($item.t)": "$m", #item($item) #if($foreach.hasNext)$foreach.index,#end
              #set($_ = $m.put("k", "v"))#set($_ = $root.put("n$foreach.count", $m))
              $item.t.replaceAll("[a-z]", "<$0>") $item.t.split("/").size() $item.t.toUpperCase().substring(1).indexOf("B")
            #end
            $line $input.params('id') $input.params() $stageVariables.tbl $context.requestId $context.identity
            #set($context.requestOverride.header.X = "$root.name")#set($context.responseOverride.status = 201)
            $util.base64Encode($input.body) $util.urlEncode($root.name) $util.parseJson('{"a":[1,2,3]}').a $root
            $input.path('$.items[0].p') $root.name.format("%05d|%.2f|%s", 42, 1.5, "z") $root.keySet() #foreach($e in $root.entrySet())$e.key#end
            """);
        for (int i = 0; i < 50; i++) Assert.True(stage.Run(template).IsOk, stage.Run(template).Message);
        byte[] first = stage.Output.ToArray();
        long allocated = AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 200; i++) stage.Run(template);
        });
        Assert.Equal(Encoding.UTF8.GetString(first), Encoding.UTF8.GetString(stage.Output));
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Random_templates_neither_throw_nor_run_without_end()
    {
        string[] pieces =
        [
            "$a", "$b.c", "${d}", "$!e", "$input.path('$.x')", "$input.json(\"$\")", "$util.parseJson('[1]')", "#set($a = ", "#set($b = {})", "#if(", "#elseif($a)", "#else", "#end", "#foreach($i in ",
            "[1..3]", "$input.path('$.l')", ")", "(", "\"", "'", "[", "]", "{", "}", ",", ":", " ", "\n", "##", "#*", "*#", "#[[", "]]#", "\\", "$", "#", "#macro(f $x)", "#f(1)", "#define($d)", "#stop", "#break",
            "1", "2.5", "+", "-", "/", "%", "==", "&&", "||", "!", "true", "..", ".size()", ".add($a)", ".put(\"k\", $b)", ".get(0)", ".length()", "$context", "$context.requestOverride", "$stageVariables", "#evaluate(", "$foreach.index",
        ];
        var random = new Random(3);
        var stage = new TemplateStage(new TemplateLimits { Steps = 5000, Items = 5000, Text = 100_000, Output = 100_000 }).WithBody("""{"x":{"y":1},"l":[1,[2]]}""").WithContext("a.b", "v");
        int ran = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (!Template.TryCompile(Encoding.UTF8.GetBytes(text), out Template? template, out TemplateProblem? problem))
            {
                Assert.True(problem!.Line >= 1 && problem.Column >= 1, text);
                continue;
            }

            ran++;
            stage.Run(template);
            stage.Overrides.Clear();
        }

        Assert.True(ran > 2000, $"only {ran} could be compiled");
    }

    [Fact]
    public void An_observer_sees_each_step_and_changes_nothing()
    {
        var observer = new Steps();
        TemplateStage stage = new TemplateStage().WithBody("""{"a":[1,2]}""");
        const string template = "#set($x = 5)\n#if($x > 4)$x#end\n#foreach($i in $input.path('$.a'))<$i>#break#end#macro(m)!#end#m()#stop";
        string plain = stage.Render(template);
        Assert.True(stage.Run(template, observer).IsOk);
        Assert.Equal(plain, Encoding.UTF8.GetString(stage.Output));
        Assert.Equal(
            [
                "1:1 Set #set($x = 5) = 5", "2:5 Condition $x > 4 = true", "2:12 Reference $x = 5", "3:1 Iteration #foreach($i in $input.path('$.a')) = 1", "3:36 Reference $i = 1",
                "3:39 Break #break = ", "3:39 LoopEnd #break = 0", "3:63 Macro #m() = m", "3:67 Stop #stop = ",
            ],
            observer.Seen);
    }

    private sealed class Steps : ITemplateObserver
    {
        public List<string> Seen { get; } = [];

        public void OnStep(TemplateStep step, int line, int column, ReadOnlySpan<byte> source, ReadOnlySpan<byte> value) =>
            Seen.Add($"{line}:{column} {step} {Encoding.UTF8.GetString(source)} = {Encoding.UTF8.GetString(value)}");
    }
}
