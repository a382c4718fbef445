using System.Text.Json.Nodes;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>CPU time of rendering one mapping template: our engine, npm velocityjs on Node.js, Apache Velocity on the JVM.</summary>
/// <remarks>
/// Each begins a run with the bytes of the body and ends it with the bytes of the output, has parsed the template once, and looks <c>$input.path</c> up by itself. What they
/// write must be the same JSON: spaces differ where velocityjs departs from Velocity, and so does the order of members that Java's maps have.
/// </remarks>
internal sealed class TemplateRow(string name) : Row(name)
{
    private const string Directory = "perf/compare/template";
    private const string Program = "artifacts/engines/EdgeProxy.Engines";
    private const string VelocityJs = "velocityjs";
    private const string Velocity = "Velocity";
    private static readonly string[] Jars = ["velocity", "commons-collections3", "commons-lang", "json-smart", "accessors-smart", "asm"];

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        string own = bench.NewSetup().Directory;
        string source = Path.GetFullPath(Directory);
        List<EngineProcess> engines = [];
        try
        {
            Add(Contender.EdgeProxyName, Path.GetFullPath(Program), ["template", source, Output(Contender.EdgeProxyName)]);
            if (engines.Count == 0) return [];
            Add(VelocityJs, "node", [Path.Combine(source, "render.mjs"), source, Output(VelocityJs)]);
            string classes = string.Join(':', Jars.Select(jar => $"/usr/share/java/{jar}.jar"));
            Add(Velocity, "java", ["-cp", classes, Path.Combine(source, "Render.java"), source, Output(Velocity)]);
            foreach (EngineProcess other in engines.Skip(1).Where(other => !IsSame(Output(other.Name), Output(Contender.EdgeProxyName))).ToArray())
            {
                bench.Note($"{Name}: {other.Name} is left out, it writes something else");
                other.Dispose();
                engines.Remove(other);
            }

            return [Summarize(Measure(bench, engines), engines[0].Figures[2])];
        }
        finally
        {
            foreach (EngineProcess engine in engines) engine.Dispose();
        }

        string Output(string engine) => Path.Combine(own, engine + ".json");

        void Add(string engine, string program, string[] arguments)
        {
            try
            {
                engines.Add(EngineProcess.Start(engine, program, arguments, own));
            }
            catch (Exception failure) when (failure is IOException or System.ComponentModel.Win32Exception)
            {
                bench.Note($"{Name}: {engine} does not take part: {failure.Message}");
            }
        }
    }

    // JSON does not know the escaped apostrophe that JavaScript does.
    private static bool IsSame(string left, string right) => JsonNode.DeepEquals(Read(left), Read(right));

    private static JsonNode? Read(string file) => JsonNode.Parse(File.ReadAllText(file).Replace("\\'", "'", StringComparison.Ordinal));

    private Dictionary<string, List<double>> Measure(Bench bench, List<EngineProcess> engines)
    {
        foreach (EngineProcess engine in engines) _ = engine.Run(engine.Name == Contender.EdgeProxyName ? bench.Settings.WarmUpSeconds : bench.Settings.LearningSeconds);
        Dictionary<string, List<double>> samples = engines.ToDictionary(engine => engine.Name, _ => new List<double>());
        for (int round = 1; round <= bench.Settings.Rounds; round++)
        {
            foreach (EngineProcess engine in engines)
            {
                double microseconds = engine.Run(bench.Settings.Seconds);
                samples[engine.Name].Add(microseconds);
                Bench.Say($"  {Name} round {round} {engine.Name}: {microseconds:0.00} us");
            }
        }

        return samples;
    }

    private static RowResult Summarize(Dictionary<string, List<double>> samples, long allocated)
    {
        double ours = Statistics.Median(samples[Contender.EdgeProxyName]);
        double besideJs = Times(VelocityJs, out string js);
        double besideJava = Times(Velocity, out string java);
        Verdict? verdict = new Threshold(1 / 50.0, 1 / 100.0).Judge(1 / besideJs);
        if (verdict == Verdict.Goal && !(besideJava >= 3)) verdict = Verdict.Must;
        if (verdict is not null && allocated > 0) verdict = Verdict.Missed;
        return new RowResult
        {
            Figure = "CPU per rendered template of 2 KB over a body of 2 KB",
            Must = "50 times velocityjs, 0 bytes",
            Goal = "100 times, 3 times Velocity on the JVM",
            Cells = new Dictionary<string, string> { [Contender.EdgeProxyName] = Text(ours, unit: " us") },
            Judged = $"{js}{java}{allocated} B",
            Verdict = verdict,
        };

        double Times(string engine, out string text)
        {
            text = "";
            if (!samples.TryGetValue(engine, out List<double>? theirs)) return double.NaN;
            IReadOnlyList<double> ratios = Statistics.PairedRatios(theirs, samples[Contender.EdgeProxyName]);
            double times = Statistics.Median(ratios);
            text = $"{Text(times, "0")} times {engine} ({Text(ratios.Min(), "0")}-{Text(ratios.Max(), "0")}; {Text(Statistics.Median(theirs), "0")} us), ";
            return times;
        }
    }
}
