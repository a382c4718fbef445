using System.Diagnostics;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>The size of the binary, and whether it needs anything else.</summary>
internal sealed class BinaryRow(string name) : Row(name)
{
    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        Contender? ours = bench.OursOrNull;
        double size = ours is null ? double.NaN : new FileInfo(ours.Program).Length / 1e6;
        bool isStatic = ours is not null && IsStatic(ours.Program);
        Verdict? verdict = new Threshold(17.9999, 11.9999).Judge(size);
        return
        [
            new RowResult
            {
                Figure = "binary",
                Must = "below 18 MB, static",
                Goal = "below 12 MB",
                Cells = bench.Contenders.ToDictionary(contender => contender.Name, contender => Text(new FileInfo(contender.Program).Length / 1e6, "0.0", " MB")),
                Judged = ours is null ? "" : Text(size, "0.0", " MB") + (isStatic ? ", static" : ", not static"),
                Verdict = ours is not null && !isStatic ? Verdict.Missed : verdict,
            },
        ];
    }

    private static bool IsStatic(string program)
    {
        using Process ldd = Process.Start(new ProcessStartInfo("ldd", [program]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string said = ldd.StandardOutput.ReadToEnd() + ldd.StandardError.ReadToEnd();
        ldd.WaitForExit();
        return said.Contains("statically linked", StringComparison.Ordinal) || said.Contains("not a dynamic executable", StringComparison.Ordinal);
    }
}
