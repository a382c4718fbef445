using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace EdgeProxy.Benchmarks;

/// <summary>Runs the benchmarks that have a budget, and says which allocate more than they may.</summary>
internal static class BudgetCheck
{
    // What is counted is the whole process's: another thread that allocates meanwhile (the runtime's own, at its first collections) spoils a short run. What an operation
    // allocates itself, it allocates in every run.
    private const int Attempts = 3;

    /// <summary>0 when every budget is kept; 1 when one is not, or names no benchmark.</summary>
    public static int Run(string file)
    {
        Dictionary<string, long> budgets = Budget.Read(file).ToDictionary(budget => budget.Benchmark, budget => budget.Bytes);
        HashSet<string> unknown = [.. budgets.Keys];
        AccumulationLogger log = new();
        int broken = 0;

        HashSet<string> types = [.. budgets.Keys.Select(name => name.Split('.')[0])];
        foreach (Type type in typeof(BudgetCheck).Assembly.GetTypes().Where(type => types.Contains(type.Name)).OrderBy(type => type.Name, StringComparer.Ordinal))
        {
            BenchmarkRunInfo all = BenchmarkConverter.TypeToBenchmarks(type, BenchmarkConfig.Short(log));
            BenchmarkCase[] cases = [.. all.BenchmarksCases.Where(one => budgets.ContainsKey(NameOf(one)))];
            foreach (BenchmarkCase one in cases) unknown.Remove(NameOf(one));

            for (int attempt = 1; cases.Length > 0; attempt++)
            {
                Summary summary = BenchmarkRunner.Run(new BenchmarkRunInfo(cases, type, all.Config));
                cases = Array.FindAll(cases, one => !Keeps(summary[one], one, budgets[NameOf(one)]));
                if (attempt < Attempts) continue;
                broken += cases.Length;
                break;
            }
        }

        foreach (string name in unknown.Order(StringComparer.Ordinal)) Console.WriteLine($"no benchmark is called {name}");
        if (broken > 0) Console.Error.WriteLine(log.GetLog());
        return broken + unknown.Count == 0 ? 0 : 1;
    }

    private static bool Keeps(BenchmarkReport? report, BenchmarkCase one, long budget)
    {
        string name = NameOf(one) + (one.HasParameters ? $" [{one.Parameters.DisplayInfo}]" : "");
        if (report is not { Success: true } || report.GcStats.GetBytesAllocatedPerOperation(one) is not long allocated)
        {
            Console.WriteLine($"did not run    {name}");
            return false;
        }

        Console.WriteLine($"{allocated,8} of {budget,4} B {(allocated <= budget ? "  " : "! ")}{name}");
        return allocated <= budget;
    }

    private static string NameOf(BenchmarkCase one) => $"{one.Descriptor.Type.Name}.{one.Descriptor.WorkloadMethod.Name}";
}
