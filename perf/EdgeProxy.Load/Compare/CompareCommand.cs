using System.CommandLine;
using EdgeProxy.Load.Compare.Rows;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Load.Compare;

/// <summary><c>edgeproxy-load compare</c>: EdgeProxy, nginx, HAProxy, h2o and Varnish on the same work in turns.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        Argument<string[]> rows = new("rows") { Description = "rows to measure: " + string.Join(", ", Row.All.Select(row => row.Name)), Arity = ArgumentArity.ZeroOrMore };
        Option<bool> quick = new("--quick") { Description = "short rounds: shows that it works, its figures are rough" };
        Option<int?> rounds = new("--rounds") { Description = "rounds of each row" };
        Option<double?> seconds = new("--seconds") { Description = "seconds of a turn" };
        Option<string> configurations = new("--configurations") { Description = "directory of the configuration templates", DefaultValueFactory = _ => "perf/compare" };
        Option<string> edgeProxy = new("--edgeproxy") { Description = "the binary", DefaultValueFactory = _ => "artifacts/edgeproxy" };
        Option<string> nginx = new("--nginx") { Description = "nginx", DefaultValueFactory = _ => "/usr/sbin/nginx" };
        Option<string> haProxy = new("--haproxy") { Description = "HAProxy", DefaultValueFactory = _ => "/usr/sbin/haproxy" };
        Option<string> h2o = new("--h2o") { Description = "h2o", DefaultValueFactory = _ => "/usr/bin/h2o" };
        Option<string> varnish = new("--varnish") { Description = "Varnish", DefaultValueFactory = _ => "/usr/sbin/varnishd" };
        Option<string[]> without = new("--without") { Description = "leave out a contender by name" };
        rows.AcceptOnlyFromAmong([.. Row.All.Select(row => row.Name)]);

        Command command = new("compare", "measure EdgeProxy, nginx, HAProxy, h2o and Varnish on the same work in turns; prints a Markdown table")
        {
            rows, quick, rounds, seconds, configurations, edgeProxy, nginx, haProxy, h2o, varnish, without,
        };
        command.SetAction(arguments =>
        {
            BenchSettings settings = arguments.GetValue(quick) ? BenchSettings.Quick : new BenchSettings();
            settings = settings with
            {
                Rounds = Math.Clamp(arguments.GetValue(rounds) ?? settings.Rounds, 1, 1000),
                Seconds = Math.Clamp(arguments.GetValue(seconds) ?? settings.Seconds, 0.1, 600),
            };
            string[] left = arguments.GetValue(without) ?? [];
            IReadOnlyList<Contender> contenders = [.. Contender
                .All(
                    Path.GetFullPath(arguments.GetValue(edgeProxy)!),
                    arguments.GetValue(nginx)!,
                    arguments.GetValue(haProxy)!,
                    arguments.GetValue(h2o)!,
                    arguments.GetValue(varnish)!,
                    Path.GetFullPath(arguments.GetValue(configurations)!))
                .Where(contender => !left.Contains(contender.Name, StringComparer.OrdinalIgnoreCase))
                .Where(IsThere)];
            string[] wanted = arguments.GetValue(rows) ?? [];
            return Run(contenders, settings, Path.GetFullPath(arguments.GetValue(configurations)!), [.. Row.All.Where(row => wanted.Length == 0 || wanted.Contains(row.Name))]);
        });
        return command;
    }

    private static bool IsThere(Contender contender)
    {
        if (File.Exists(contender.Program)) return true;
        Bench.Say($"{contender.Name} is left out: there is no {contender.Program}");
        return false;
    }

    private static int Run(IReadOnlyList<Contender> contenders, BenchSettings settings, string configurations, IReadOnlyList<Row> rows)
    {
        _ = TcpSocket.RaiseFileLimit();
        using CancellationTokenSource stop = new();
        using IDisposable signals = Signals.Cancel(stop);
        DirectoryInfo directory = Directory.CreateTempSubdirectory("edgeproxy-compare-");
        File.SetUnixFileMode(directory.FullName, (UnixFileMode)0b111_101_101);
        List<RowResult> results = [];
        List<string> notes = [.. Contenders(contenders)];
        try
        {
            using Bench bench = new(contenders, settings, configurations, directory.FullName, stop.Token);
            foreach (Row row in rows)
            {
                Bench.Say(row.Name);
                results.AddRange(row.Run(bench));
            }

            notes.AddRange(bench.Notes);
        }
        catch (OperationCanceledException)
        {
            notes.Add("stopped before the end");
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        Console.Out.Write(Table.Write(results, notes));
        return stop.IsCancellationRequested ? 1 : 0;
    }

    private static IEnumerable<string> Contenders(IReadOnlyList<Contender> contenders)
    {
        foreach (string name in new[] { Contender.EdgeProxyName, Contender.NginxName, Contender.HaProxyName, Contender.H2oName })
        {
            if (contenders.All(contender => contender.Name != name)) yield return $"{name} did not take part";
        }
    }
}
