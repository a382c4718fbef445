using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Templates;
using EdgeProxy.TestKit;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>Mapping templates and the bodies they are run for: a template, a zero byte, a body. Limits are small, so that they are met.</summary>
internal sealed class TemplatesTarget : FuzzTarget
{
    private static readonly TemplateLimits s_limits = new() { Output = 20_000, Text = 50_000, Items = 5000, Steps = 20_000, Iterations = 50, Calls = 5, Nesting = 20 };

    private readonly TemplateStage _stage = NewStage();
    private readonly TemplateStage _observed = NewStage();
    private readonly Steps _steps = new();

    public override string Name => "Templates";

    public override int LongestInput => 2048;

    public override long MostAllocated => 8 << 20;

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "#set($a = ", "#foreach($i in ", "#if(", "#elseif(", "#else", "#end", "#macro(m $x)", "#m(1)", "#@m(1)", "$bodyContent", "#define($d)", "#evaluate(", "#break", "#stop", "#[[", "]]#", "##", "#**#",
        "$input.path('$", "$input.json('$')", "$input.params('p')", "$input.body", "$util.escapeJavaScript(", "$util.parseJson(", "$util.base64Decode(", "$util.urlDecode(",
        "$context.requestOverride.header.x", "$stageVariables.v", "$foreach.hasNext", "$foreach.count", "$velocityCount", "$a.b", "$a", "$!{a}", "[1..9]", "{\"k\":1}", "\"$a\"", "'x'", " + ", " * ", " == ", " && ", "!",
        ".size()", ".put('k', $a)", ".add($a)", ".remove(0)", ".replaceAll('(a+)+b', 'c')", ".substring(1, 2)", ".get(0)", ".keySet()", "[0]", "@.a > 1", "..", "[?(", "\0", "{\"a\":", "[{\"a\":1},{\"a\":2}]", "1e400", "\\ud83d", "-0", "10.50",
    ];

    public override ulong Run(byte[] input)
    {
        int split = Array.IndexOf(input, (byte)0);
        ReadOnlyMemory<byte> body = split < 0 ? default : input.AsMemory(split + 1);
        if (!Template.TryCompile(input.AsSpan(0, split < 0 ? input.Length : split), out Template? template, out TemplateProblem? problem))
        {
            Promise.That(problem.Line >= 1 && problem.Column >= 1, "A problem has a place");
            return Outcome.None.With(problem.Message.Length);
        }

        _stage.Body = body;
        _stage.Overrides.Clear();
        TemplateResult result = _stage.Run(template);
        Promise.That(_stage.Output.Length <= s_limits.Output, "The output keeps to its limit");
        Promise.That(result.IsOk || result.Line >= 1, "A fault has a place");
        ulong outcome = Outcome.None.With((int)result.Fault).WithCount(_stage.Output.Length).WithCount(_stage.Overrides.Count);

        // Told of each step, a run takes the long way round, which leads to the same place. Limits are met elsewhere on it.
        _observed.Body = body;
        _observed.Overrides.Clear();
        _steps.Count = 0;
        TemplateResult observed = _observed.Run(template, _steps);
        if (IsLimit(result.Fault) || IsLimit(observed.Fault)) return outcome;
        Promise.Same(result, observed, "Being observed changes no result");
        Promise.Same(_stage.Output, _observed.Output, "Being observed changes no output");
        return outcome.WithCount(_steps.Count);
    }

    private static bool IsLimit(TemplateFault fault) => fault
        is TemplateFault.TooManySteps or TemplateFault.TooMuchMemory or TemplateFault.TooManyItems or TemplateFault.OutputTooLarge or TemplateFault.PatternTooCostly;

    private static TemplateStage NewStage() => new TemplateStage(s_limits)
        .With(ParameterPlace.Path, "p", "1").With(ParameterPlace.QueryString, "q", "a/b'c\"").With(ParameterPlace.Header, "h", "é")
        .WithStageVariable("v", "x").WithContext("requestId", "id").WithContext("identity.sourceIp", "::1").WithContextMember("authorizer", "a", "1");

    private sealed class Steps : ITemplateObserver
    {
        public int Count { get; set; }

        public void OnStep(TemplateStep step, int line, int column, ReadOnlySpan<byte> source, ReadOnlySpan<byte> value)
        {
            Promise.That(line >= 1 && column >= 1, "A step has a place");
            Count++;
        }
    }
}
