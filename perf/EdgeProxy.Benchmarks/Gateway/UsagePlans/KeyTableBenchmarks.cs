using System.Text;
using BenchmarkDotNet.Attributes;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Benchmarks.Gateway.UsagePlans;

/// <summary>What an API key and its quota cost a request, with as many keys as a node is made for.</summary>
[MemoryDiagnoser]
public class KeyTableBenchmarks
{
    private const int Keys = 1_000_000;
    private const int Day = 20_779;

    private readonly Quota _quota = new(Quota.MostLimit, QuotaPeriod.Month);
    private readonly byte[][] _values = new byte[1024][];
    private KeyTable _table = KeyTable.Empty;
    private UsageCell _cell;
    private int _next;

    [GlobalSetup]
    public void SetUp()
    {
        var ledger = new UsageLedger();
        UsagePlanLive[] gold = [ledger.PlanOf("gold")];
        var builder = new KeyTableBuilder(ledger, ledger.BeginConfiguration());
        for (int i = 0; i < Keys; i++) builder.TryAdd(Value(i), Encoding.ASCII.GetBytes($"k{i}"), isEnabled: true, gold);
        _table = builder.Build();
        _cell = ledger.CellOf(_table[0].Row);

        // Spread over all of them: where one is found is in no cache, as with many clients.
        for (int i = 0; i < _values.Length; i++) _values[i] = Value(i * 977);
    }

    [Benchmark]
    public int Find_a_key_among_1000000() => _table.Find(_values[_next++ & 1023]);

    [Benchmark]
    public int Find_none_among_1000000() => _table.Find("no-key-has-this-value-of-40-characters!!"u8);

    [Benchmark]
    public bool Count_against_a_quota() => _cell.TryCount(_quota, Day);

    private static byte[] Value(int i) => Encoding.ASCII.GetBytes($"a-key-with-forty-characters-in-all-{i:D7}");
}
