using System.Globalization;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>Many requests at once on a slow HTTP/2 backend: whether all are answered, and the memory it takes.</summary>
internal sealed class WaitingRow(string name) : Row(name)
{
    private const int ClientConnections = 1000;
    private const int Streams = 100;
    private const int Requests = ClientConnections * Streams;
    private const int DelayMilliseconds = 20_000;
    private const string Target = "/slow";

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        Contender? ours = bench.OursOrNull;
        if (ours is null || !ForeignProgram.IsThere("h2load")) return [];

        using ServerProcess slow = bench.StartSlowBackend(DelayMilliseconds, out int slowPort);
        using RunningServer? server = bench.StartOrNull(ours, setup => setup with { ClearHttp2 = true, SlowBackend = slowPort });
        double megabytes = double.NaN;
        string judged = "";
        if (server is not null)
        {
            string said = ForeignProgram.Run(
                "h2load",
                ["-c", Number(ClientConnections), "-m", Number(Streams), "-n", Number(Requests), $"http://127.0.0.1:{server.Setup.ClearHttp2Port}{Target}"],
                Bench.LoadProcessors);
            ForeignResult result = Http2Load.Read(said);
            bench.Pause(TimeSpan.FromSeconds(1.5)); // the backend's next line
            megabytes = result.Completed == Requests && result.Failed == 0 ? server.Process.PeakResidentBytes / 1e6 : double.PositiveInfinity;
            Bench.Say($"  {Name} {ours.Name}: {result.Completed} answered, {result.Failed} failed, peak {server.Process.PeakResidentBytes / 1e6:0} MB; the backend {slow.LastLine}");
            judged = $"{result.Completed} answered, {server.Process.PeakResidentBytes / 1e6:0} MB at most; backend: {slow.LastLine}";
        }

        return
        [
            new RowResult
            {
                Figure = $"resident memory at most while {Requests} requests of {ClientConnections} h2c connections wait {DelayMilliseconds / 1000} s for an h2c backend",
                Must = "all answered, below 1.5 GB",
                Goal = "250,000 of them",
                Cells = new Dictionary<string, string> { [Contender.EdgeProxyName] = double.IsFinite(megabytes) ? Text(megabytes, "0", " MB") : "" },
                Judged = judged,
                Verdict = new Threshold(1499, 0).Judge(megabytes),
            },
        ];
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
