using System.CommandLine;
using System.Globalization;
using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Fuzz.Targets;
using EdgeProxy.TestKit;

namespace EdgeProxy.Fuzz;

/// <summary>The command line of the fuzzer; README.md beside it says how to use it.</summary>
internal static class Program
{
    private static readonly IReadOnlyList<FuzzTarget> Targets = AllTargets.Create();

    private static int Main(string[] arguments)
    {
        RootCommand root = new("Feeds the parsers bytes that nobody would send and checks what they promise.") { Run(), Replay(), Minimise() };
        System.CommandLine.ParseResult parsed = root.Parse(arguments);
        int status = parsed.Invoke();
        return parsed.Errors.Count > 0 ? 2 : status;
    }

    private static Command Run()
    {
        Argument<string[]> names = new("target") { Description = "Which targets, by name; all when none is named.", Arity = ArgumentArity.ZeroOrMore };
        Option<double> seconds = new("--seconds") { Description = "How long in all, shared evenly.", DefaultValueFactory = _ => 60 };
        Option<ulong> seed = new("--seed") { Description = "What the mutations follow from.", DefaultValueFactory = _ => 1 };
        Option<string?> findings = new("--findings") { Description = "Where inputs that broke a promise are written; artifacts/fuzz without it." };
        Option<string?> pool = new("--pool") { Description = "A folder, one below it for each target, that inputs with new kinds of result are read from and added to, so that a later run goes on from there." };
        Command command = new("run", "Runs targets, one after another.") { names, seconds, seed, findings, pool };
        command.SetAction(parsed => RunTargets(
            Choose(parsed.GetValue(names) ?? []),
            TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            parsed.GetValue(seed),
            parsed.GetValue(findings) ?? Repository.PathOf("artifacts/fuzz"),
            parsed.GetValue(pool)));
        return command;
    }

    private static Command Replay()
    {
        Argument<string> name = new("target");
        Argument<FileInfo> file = new("file");
        Command command = new("replay", "Runs one input and says what it breaks.") { name, file };
        command.SetAction(parsed =>
        {
            FuzzTarget target = Choose([parsed.GetValue(name)!])[0];
            Finding? finding = Finding.Seek(target, File.ReadAllBytes(parsed.GetValue(file)!.FullName), out _);
            Console.WriteLine(finding is null ? "All promises were kept." : finding.Details);
            return finding is null ? 0 : 1;
        });
        return command;
    }

    private static Command Minimise()
    {
        Argument<string> name = new("target");
        Argument<FileInfo> file = new("file");
        Command command = new("minimise", "Makes an input that breaks a promise as short as it goes and writes it beside the first, ending in .min.") { name, file };
        command.SetAction(parsed =>
        {
            FuzzTarget target = Choose([parsed.GetValue(name)!])[0];
            string path = parsed.GetValue(file)!.FullName;
            if (Finding.Seek(target, File.ReadAllBytes(path), out _) is not { } finding)
            {
                Console.WriteLine("All promises were kept; there is nothing to make smaller.");
                return 1;
            }

            Finding small = Minimiser.Minimise(target, finding);
            File.WriteAllBytes(path + ".min", small.Input);
            Console.WriteLine($"{small.Input.Length} of {finding.Input.Length} bytes: {Visible.Text(small.Input)}\n{small.Reason}\n{path}.min");
            return 0;
        });
        return command;
    }

    private static int RunTargets(IReadOnlyList<FuzzTarget> targets, TimeSpan time, ulong seed, string findings, string? pool)
    {
        int broken = 0;
        foreach (FuzzTarget target in targets)
        {
            using var watchdog = new Watchdog(input => Report(target, new Finding(input, "It does not end.", ""), findings));
            string? keep = pool is null ? null : Path.Combine(pool, target.Name);
            IReadOnlyList<byte[]> corpus = [.. Corpus.Read(Corpus.FolderOf(target)), .. keep is null ? [] : Corpus.Read(keep)];
            var fuzzer = new Fuzzer(target, corpus, seed, watchdog);
            Finding? finding = fuzzer.Run(time / targets.Count);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{target.Name,-16} {corpus.Count,4} seeds {fuzzer.Runs,10} runs {fuzzer.Kinds,6} kinds of result  {(finding is null ? "passed" : "FAILED")}"));
            if (keep is not null)
            {
                foreach (byte[] input in fuzzer.Pool) Corpus.Write(keep, input);
            }

            if (finding is null) continue;
            broken++;
            Report(target, finding, findings);
        }

        Console.WriteLine($"{targets.Count - broken} passed, {broken} failed");
        return broken == 0 ? 0 : 1;
    }

    private static void Report(FuzzTarget target, Finding finding, string folder)
    {
        string path = Corpus.Write(Path.Combine(folder, target.Name), finding.Input);
        Console.Error.WriteLine($"""

            {target.Name}: {finding.Reason}
            {Visible.Text(finding.Input)}
            {finding.Details}
            Replay it:   dotnet run -c Release --project tests/EdgeProxy.Fuzz -- replay {target.Name} {path}
            Minimise it: dotnet run -c Release --project tests/EdgeProxy.Fuzz -- minimise {target.Name} {path}
            """);
    }

    private static IReadOnlyList<FuzzTarget> Choose(IReadOnlyList<string> names)
    {
        if (names.Count == 0) return Targets;
        var chosen = new List<FuzzTarget>();
        foreach (string name in names)
        {
            FuzzTarget? target = Targets.FirstOrDefault(target => target.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (target is null)
            {
                Console.Error.WriteLine($"There is no target '{name}'. There are: {string.Join(", ", Targets.Select(target => target.Name))}.");
                Environment.Exit(2);
            }

            chosen.Add(target);
        }

        return chosen;
    }
}
