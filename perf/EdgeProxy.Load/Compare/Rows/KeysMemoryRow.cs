using System.Diagnostics;
using System.Globalization;
using System.Text;
using EdgeProxy.Load.Measuring;
using EdgeProxy.Load.Runs;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>How long a node takes to start with a million API keys, and what it keeps for them.</summary>
internal sealed class KeysMemoryRow(string name) : Row(name)
{
    private const int Keys = 1_000_000;
    private const double MostSeconds = 5;
    private const double MostMegabytes = 300;
    private const int Starts = 3;
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        Contender? ours = bench.OursOrNull;
        if (ours is null) return [];
        List<double> seconds = [];
        List<double> megabytes = [];
        for (int start = 1; start <= Math.Min(Starts, bench.Settings.Rounds); start++)
        {
            ServerSetup setup = bench.NewSetup(setup => setup with { Extra = "keys-memory", Processors = null });
            Write(Path.Combine(setup.Directory, "keys.csv"));
            IReadOnlyList<string> arguments = ours.Configure(setup);
            long began = Stopwatch.GetTimestamp();
            using ServerProcess process = ServerProcess.Start(ours.Program, arguments, setup.Processors, setup.Directory);
            if (!process.WaitUntilServing(setup.Port, "/bytes/1024", StartWithin))
            {
                bench.Note($"{Name}: {ours.Name} did not answer 200: {process.LastLines}");
                return [];
            }

            seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            if (!Admits(bench, setup, KeyOf(Keys - 1), 200) || !Admits(bench, setup, KeyOf(Keys), 403)) bench.Note($"{Name}: the last key of the file is refused, or one that is not in it admitted");
            bench.Pause(Settle);
            megabytes.Add(process.ResidentBytes / 1e6);
            Bench.Say($"  {Name} start {start}: {seconds[^1]:0.00} s to the first 200, {process.CpuNanoseconds / 1e9:0.00} s of processor time, {megabytes[^1]:0} MB, at most {process.PeakResidentBytes / 1e6:0} MB");
        }

        return
        [
            Ours("start with 1,000,000 API keys to the first 200", "below 5 s", Text(Statistics.Median(seconds), unit: " s"), new Threshold(MostSeconds - 0.0001, MostSeconds - 0.0001).Judge(Statistics.Median(seconds))),
            Ours("resident memory with 1,000,000 API keys", "below 300 MB", Text(Statistics.Median(megabytes), "0", " MB"), new Threshold(MostMegabytes - 0.0001, MostMegabytes - 0.0001).Judge(Statistics.Median(megabytes))),
        ];
    }

    private static bool Admits(Bench bench, ServerSetup setup, string key, int status)
    {
        LoadResult result = bench.Load(setup.Port, "/keyed", plan => plan with
        {
            Request = RequestBytes.Write("GET", new Uri($"http://127.0.0.1:{setup.Port}/keyed"), ["x-api-key: " + key], default),
            Requests = 1,
            Connections = 1,
        });
        return result.ByStatus.SequenceEqual([(status, 1L)]);
    }

    private static string KeyOf(int number) => string.Create(CultureInfo.InvariantCulture, $"compare-key-{number:0000000000}");

    // As ImportApiKeys takes it.
    private static void Write(string path)
    {
        using StreamWriter file = new(path, append: false, Encoding.ASCII, bufferSize: 1 << 20);
        file.Write("name,key,description,enabled,usagePlanIds\n");
        for (int number = 0; number < Keys; number++) file.Write(string.Create(CultureInfo.InvariantCulture, $"customer-{number},{KeyOf(number)},,true,bench\n"));
    }
}
