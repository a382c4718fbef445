using BenchmarkDotNet.Attributes;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Benchmarks.Http;

/// <summary>What the check before routing costs; the budget of each is 0 bytes.</summary>
[MemoryDiagnoser]
public class PathRulesBenchmarks
{
    private readonly byte[] _plain = "/api/v1/customers/12345/orders/67890"u8.ToArray();
    private readonly byte[] _coded = "/api/v1.0/customers/J%C3%B6rg%20M/orders/a.json"u8.ToArray();

    [Benchmark]
    public ViolationCode Check_plain_path() => PathRules.Check(_plain);

    [Benchmark]
    public ViolationCode Check_coded_path() => PathRules.Check(_coded);
}
