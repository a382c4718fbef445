using BenchmarkDotNet.Running;

namespace EdgeProxy.Benchmarks;

/// <summary>
/// Without words of ours, BenchmarkDotNet's own command line (<c>--filter '*Router*'</c>); with
/// <c>check-budgets FILE</c>, the check of what benchmarks may allocate.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is ["check-budgets", string file]) return BudgetCheck.Run(file);

        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(arguments, BenchmarkConfig.Full());
        return 0;
    }
}
