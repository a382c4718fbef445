using System.CommandLine;
using System.Globalization;
using EdgeProxy.Load.Driving;
using EdgeProxy.Load.Measuring;
using EdgeProxy.Load.Reports;
using EdgeProxy.Load.Runs;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Load.Scenarios;

/// <summary><c>edgeproxy-load scenario NAME</c>: runs a scenario against a node, and reports.</summary>
internal static class ScenarioCommand
{
    private const int MostRate = 200_000;
    private const double LongestSeconds = 3600;
    private const int FewConnections = 4; // enough to keep two processors busy; with more some would be shed

    public static Command Create()
    {
        Argument<string> name = new("scenario") { Description = string.Join("; ", ScenarioBook.All.Select(entry => $"{entry.Name}: {entry.Purpose}")) };
        name.AcceptOnlyFromAmong([.. ScenarioBook.All.Select(entry => entry.Name)]);
        Option<string?> url = new("--url") { Description = "a node that runs, on this machine; without it one is started with the right configuration, and a backend" };
        Option<int?> rate = new("--rate") { Description = "requests a second" };
        Option<double> seconds = new("--duration", "-d") { Description = "seconds of load", DefaultValueFactory = _ => 30 };
        Option<double> warmUp = new("--warm-up") { Description = "seconds beforehand that do not count", DefaultValueFactory = _ => 3 };
        Option<double?> p99 = new("--p99") { Description = "the most the 99th percentile may be, in milliseconds" };
        Option<DirectoryInfo?> report = new("--report") { Description = "directory for SCENARIO.html, .csv, .json, .txt and SCENARIO-course.csv" };
        Option<int> connections = new("--connections", "-c") { Description = "connections at most", DefaultValueFactory = _ => 1000 };
        Option<int> seed = new("--seed") { Description = "for what is drawn at random", DefaultValueFactory = _ => 1 };
        Option<string> program = new("--edgeproxy") { Description = "the binary", DefaultValueFactory = _ => "artifacts/edgeproxy" };
        Option<string> configurations = new("--configurations") { Description = "directory of edgeproxy.yaml", DefaultValueFactory = _ => "perf/scenarios" };
        Require(rate, value => value is null or (>= 1 and <= MostRate), $"must be between 1 and {MostRate}");
        Require(connections, value => value is >= 1 and <= 20_000, "must be between 1 and 20000");
        Require(seconds, value => value is >= 0.1 and <= LongestSeconds, $"must be between 0.1 and {LongestSeconds}");
        Require(warmUp, value => value is >= 0 and <= 600, "must be between 0 and 600");
        Require(url, value => value is null || LoopbackTarget.TryRead(value, out _), "must be an http URL of this machine (127.0.0.0/8, [::1] or localhost): load is sent nowhere else");

        Command command = new("scenario", "run a load scenario against a node; exit status 1 when what is expected does not hold")
        {
            name, url, rate, seconds, warmUp, p99, report, connections, seed, program, configurations,
        };
        command.SetAction(arguments =>
        {
            ScenarioEntry entry = ScenarioBook.All.First(entry => entry.Name == arguments.GetValue(name));
            LoadSettings load = new()
            {
                Rate = arguments.GetValue(rate) ?? entry.Rate,
                Duration = TimeSpan.FromSeconds(arguments.GetValue(seconds)),
                WarmUp = TimeSpan.FromSeconds(arguments.GetValue(warmUp)),
                MostP99 = arguments.GetValue(p99) ?? double.PositiveInfinity,
            };
            SessionSettings settings = new() { Seed = arguments.GetValue(seed) };
            bool isRateAsked = arguments.GetValue(rate) is not null;
            using CancellationTokenSource stop = new();
            using IDisposable signals = Signals.Cancel(stop);
            _ = TcpSocket.RaiseFileLimit();
            try
            {
                using NodeUnderLoad? started = arguments.GetValue(url) is null ? NodeUnderLoad.Start(Path.GetFullPath(arguments.GetValue(program)!), arguments.GetValue(configurations)!, entry.Name) : null;
                string target = started?.Url ?? arguments.GetValue(url)!.TrimEnd('/');
                load = Measured(entry, load, target, isRateAsked);
                NodeStats stats = Run(entry, load, target, arguments.GetValue(connections), settings, stop.Token);
                Console.Out.Write(TextReport.Write(stats));
                if (arguments.GetValue(report) is { } directory) WriteReports(directory.FullName, entry.Name, target, stats);
                return stats.IsFailed ? 1 : 0;
            }
            catch (Exception exception) when (exception is IOException or ArgumentException)
            {
                Console.Error.WriteLine(exception.Message);
                return 1;
            }
        });
        return command;
    }

    private static NodeStats Run(ScenarioEntry entry, LoadSettings load, string target, int connections, SessionSettings settings, CancellationToken stop)
    {
        using LoadClient client = new(target, connections, settings.CompletionTimeout);
        ProgressLines progress = new(Console.Error, isTerminal: !Console.IsErrorRedirected);
        LoadSession session = new(entry.Create(new Node(client, target), load), client, settings with { Progress = progress.Show });
        return session.Run(stop);
    }

    /// <summary>Where a scenario goes by what the node can do, measures that, and the tail at a third of it.</summary>
    private static LoadSettings Measured(ScenarioEntry entry, LoadSettings load, string target, bool isRateAsked)
    {
        if (entry.CapacityPath is null || !LoopbackTarget.TryRead(target, out byte[] address)) return load;
        LoadPlan plan = new()
        {
            Address = address,
            Request = RequestBytes.Write("GET", new Uri(target + entry.CapacityPath), [], default),
            Connections = FewConnections,
            Duration = 2_000_000_000,
        };
        _ = LoadRun.Run(plan); // warms up
        LoadResult full = LoadRun.Run(plan);
        double capacity = full.ByStatus.Where(status => status.Status == 200).Sum(status => status.Count) * 1e9 / Math.Max(1, full.Elapsed);
        LoadResult calm = LoadRun.Run(plan with { Rate = Math.Max(1, capacity / 3), Connections = 64, Duration = 3_000_000_000 });
        load = load with { Capacity = capacity, UnloadedP99 = calm.Latency.Percentile(99) / 1e6 };
        if (!isRateAsked) load = load with { Rate = Math.Clamp((int)(entry.Times * capacity), 1, MostRate) };
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the node does {capacity:0} a second; p99 at a third of that {load.UnloadedP99:0.00} ms; sending {load.Rate} a second"));
        return load;
    }

    private static void WriteReports(string directory, string name, string target, NodeStats stats)
    {
        Directory.CreateDirectory(directory);
        foreach (ReportFormat format in Enum.GetValues<ReportFormat>())
        {
            string text = format switch
            {
                ReportFormat.Html => HtmlReport.Write(stats, name, target),
                ReportFormat.Csv => CsvReport.Sums(stats),
                ReportFormat.Json => JsonReport.Write(stats),
                _ => TextReport.Write(stats),
            };
            string extension = format switch
            {
                ReportFormat.Html => "html",
                ReportFormat.Csv => "csv",
                ReportFormat.Json => "json",
                _ => "txt",
            };
            File.WriteAllText(Path.Combine(directory, $"{name}.{extension}"), text);
        }

        File.WriteAllText(Path.Combine(directory, $"{name}-course.csv"), CsvReport.Course(stats));
        Console.Error.WriteLine($"reports: {Path.Combine(directory, name)}.html, .csv, .json, .txt and {name}-course.csv");
    }

    private static void Require<T>(Option<T> option, Func<T?, bool> holds, string otherwise) => option.Validators.Add(result =>
    {
        if (!holds(result.GetValueOrDefault<T>())) result.AddError($"{option.Name} {otherwise}");
    });
}
