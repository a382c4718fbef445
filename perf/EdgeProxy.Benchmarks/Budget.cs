using System.Text.Json;

namespace EdgeProxy.Benchmarks;

/// <summary>What one benchmark may allocate.</summary>
/// <param name="Benchmark">Its type and method, as <c>RouterBenchmarks.Match_literal_among_10000</c>.</param>
/// <param name="Bytes">Bytes per operation at most.</param>
internal sealed record Budget(string Benchmark, long Bytes)
{
    /// <summary>Reads <c>{"budgets": [{"benchmark": "Type.Method", "bytes": 0}]}</c>.</summary>
    /// <exception cref="FormatException">The file has another shape, or names a benchmark twice.</exception>
    public static IReadOnlyList<Budget> Read(string file)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(file));
        List<Budget> budgets = [];
        foreach (JsonElement entry in json.RootElement.GetProperty("budgets").EnumerateArray())
        {
            string name = entry.GetProperty("benchmark").GetString() ?? throw new FormatException("a budget names no benchmark");
            if (budgets.Exists(budget => budget.Benchmark == name)) throw new FormatException($"{name} has two budgets");
            budgets.Add(new Budget(name, entry.GetProperty("bytes").GetInt64()));
        }

        return budgets;
    }
}
