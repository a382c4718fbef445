namespace EdgeProxy.Load.Compare.Rows;

/// <summary>CPU time of holding a body of 2 KB against a model of 60 keywords, as the native binary does it.</summary>
internal sealed class SchemaRow(string name) : Row(name)
{
    private const string Program = "artifacts/engines/EdgeProxy.Engines";

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        if (!File.Exists(Program))
        {
            bench.Note($"{Name}: there is no {Program}");
            return [];
        }

        using EngineProcess engine = EngineProcess.Start(Name, Path.GetFullPath(Program), ["schema"], bench.NewSetup().Directory);
        _ = engine.Run(bench.Settings.WarmUpSeconds);
        List<double> samples = [];
        for (int round = 1; round <= bench.Settings.Rounds; round++) samples.Add(engine.Run(bench.Settings.Seconds));
        double microseconds = Statistics.Median(samples);
        double nanosecondsPerByte = microseconds * 1000 / engine.Figures[1];
        long allocated = engine.Figures[2];
        return
        [
            new RowResult
            {
                Figure = "CPU per body of 2 KB held against a model of 60 keywords",
                Must = "at least 0.2 GB/s, 0 bytes",
                Goal = "0.5 GB/s",
                Cells = new Dictionary<string, string> { [Contender.EdgeProxyName] = Text(microseconds, unit: " us") },
                Judged = $"{Text(1 / nanosecondsPerByte)} GB/s, {allocated} B",
                Verdict = allocated > 0 ? Verdict.Missed : new Threshold(1 / 0.2, 1 / 0.5).Judge(nanosecondsPerByte),
            },
        ];
    }
}
