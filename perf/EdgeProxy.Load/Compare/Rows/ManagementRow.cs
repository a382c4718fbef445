using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using EdgeProxy.Load.Measuring;
using EdgeProxy.Load.Runs;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>A node that is built by calls: a thousand APIs imported and deployed, read, and started with again.</summary>
internal sealed class ManagementRow(string name) : Row(name)
{
    private const int Apis = 1000;
    private const int Routes = 100;
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        Contender? ours = bench.OursOrNull;
        if (ours is null) return [];
        ServerSetup setup = bench.NewSetup();
        string settings = Path.Combine(setup.Directory, "edgeproxy.yaml");
        File.WriteAllText(settings, "logs:\n  level: warn\n  access:\n    path: \"off\"\n");
        string[] arguments =
        [
            "run", "-c", settings, "--data", Path.Combine(setup.Directory, "data"),
            "--listen", $"http://127.0.0.1:{setup.Port}", "--admin", $"http://127.0.0.1:{setup.AdminPort}",
        ];

        List<string> ids = [];
        double importSeconds;
        double worst;
        double megabytes;
        double reads;
        double pages;
        using (ServerProcess process = ServerProcess.Start(ours.Program, arguments, null, setup.Directory))
        {
            if (!process.WaitUntilServing(setup.AdminPort, "/readyz", StartWithin))
            {
                bench.Note($"{Name}: {ours.Name} did not start: {process.LastLines}");
                return [];
            }

            long began = Stopwatch.GetTimestamp();
            long used = process.CpuNanoseconds;
            worst = Import(setup.AdminPort, ids);
            importSeconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            megabytes = process.PeakResidentBytes / 1e6;
            Bench.Say($"  {Name}: {ids.Count} APIs in {importSeconds:0.0} s, {(process.CpuNanoseconds - used) / 1e9:0.0} s of processor time, at most {megabytes:0} MB; reads meanwhile p99 {worst:0.0} ms");
            reads = Reads(bench, process, setup.AdminPort, $"/restapis/{ids[0]}");
            pages = Reads(bench, process, setup.AdminPort, $"/restapis/{ids[0]}/resources?limit=25");
        }

        List<double> starts = [];
        for (int start = 1; start <= 3; start++)
        {
            long began = Stopwatch.GetTimestamp();
            using ServerProcess process = ServerProcess.Start(ours.Program, arguments, null, setup.Directory);
            if (!process.WaitUntilServing(setup.AdminPort, "/readyz", StartWithin)) bench.Note($"{Name}: {ours.Name} did not start again: {process.LastLines}");
            starts.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            Bench.Say($"  {Name} start {start}: {starts[^1]:0.00} s, {process.CpuNanoseconds / 1e9:0.00} s of processor time, {process.ResidentBytes / 1e6:0} MB");
            if (!Serves(setup.Port, ids[^1])) bench.Note($"{Name}: the last API is not served after a start");
        }

        return
        [
            Ours($"import and deploy {Apis} APIs of {Routes} routes", "", Text(importSeconds, "0.0", " s"), null),
            Ours("peak of resident memory meanwhile", "below 1 GB", Text(megabytes, "0", " MB"), new Threshold(999.9, 999.9).Judge(megabytes)),
            Ours("a management read meanwhile, p99", "responsive: below 100 ms", Text(worst, "0.0", " ms"), new Threshold(99.9, 99.9).Judge(worst)),
            Ours($"start with {Apis} APIs", "below 2 s", Text(Statistics.Median(starts), unit: " s"), new Threshold(1.9999, 1.9999).Judge(Statistics.Median(starts))),
            Ours("management reads of one API per CPU second", "5,000", Text(reads, "0"), Judge(reads)) with { Goal = "20,000" },
            Ours("management reads of 25 resources per CPU second", "5,000", Text(pages, "0"), Judge(pages)) with { Goal = "20,000" },
        ];
    }

    // More is better here.
    private static Verdict? Judge(double perSecond) => new Threshold(1 / 5000.0, 1 / 20_000.0).Judge(1 / perSecond);

    private double Reads(Bench bench, ServerProcess process, int port, string path)
    {
        LoadResult Once(double seconds) => bench.Load(port, path, plan => plan with
        {
            Address = AddressBytes.Encode(IPAddress.Loopback, port),
            Request = RequestBytes.Write("GET", new Uri($"http://127.0.0.1:{port}{path}"), [], default),
            Duration = (long)(seconds * 1e9),
        });
        _ = Once(bench.Settings.WarmUpSeconds);
        long before = process.CpuNanoseconds;
        LoadResult result = Once(bench.Settings.Seconds);
        double perSecond = result.Completed / ((process.CpuNanoseconds - before) / 1e9);
        Bench.Say($"  {Name} {path}: {perSecond:0} a CPU second, {result.Rate:0} a second, {result.Errors.Total + result.Refused} failed");
        return perSecond;
    }

    /// <summary>Imports and deploys one API after another, while somebody reads a hundred times a second; the p99 of those reads in milliseconds.</summary>
    private static double Import(int port, List<string> ids)
    {
        using HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using CancellationTokenSource done = new();
        List<double> times = [];
        Thread reader = new(() =>
        {
            using HttpClient own = new() { BaseAddress = client.BaseAddress };
            while (!done.Token.WaitHandle.WaitOne(Between))
            {
                long began = Stopwatch.GetTimestamp();
                own.GetByteArrayAsync(new Uri("/restapis?limit=10", UriKind.Relative)).GetAwaiter().GetResult();
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        });
        reader.Start();
        for (int number = 0; number < Apis; number++)
        {
            using JsonDocument api = JsonDocument.Parse(Post(client, "/restapis?mode=import", DocumentOf(number)));
            string id = api.RootElement.GetProperty("id").GetString()!;
            Post(client, $"/restapis/{id}/deployments", "{\"stageName\":\"prod\"}");
            ids.Add(id);
        }

        done.Cancel();
        reader.Join();
        times.Sort();
        return times[Math.Max(0, (times.Count * 99 / 100) - 1)];
    }

    private static string Post(HttpClient client, string target, string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = client.PostAsync(new Uri(target, UriKind.Relative), content).GetAwaiter().GetResult();
        string text = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        return answer.IsSuccessStatusCode ? text : throw new IOException($"POST {target}: {(int)answer.StatusCode} {text}");
    }

    private static bool Serves(int port, string id)
    {
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri($"http://127.0.0.1:{port}/prod/item-{Routes - 1}")) { Headers = { Host = $"{id}.execute-api.localhost" } };
        using HttpResponseMessage answer = client.Send(request);
        return answer.IsSuccessStatusCode;
    }

    private static string DocumentOf(int number)
    {
        StringBuilder text = new(64 * 1024);
        text.Append(CultureInfo.InvariantCulture, $"{{\"openapi\":\"3.0.1\",\"info\":{{\"title\":\"bench {number}\",\"version\":\"1\"}},\"paths\":{{");
        for (int route = 0; route < Routes; route++)
        {
            if (route > 0) text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"\"/item-{route}\":{{\"get\":{{\"responses\":{{\"200\":{{\"description\":\"ok\"}}}},\"x-amazon-apigateway-integration\":{{\"type\":\"mock\",")
                .Append("\"requestTemplates\":{\"application/json\":\"{\\\"statusCode\\\": 200}\"},\"responses\":{\"default\":{\"statusCode\":\"200\"}}}}}");
        }

        return text.Append("}}").ToString();
    }
}
