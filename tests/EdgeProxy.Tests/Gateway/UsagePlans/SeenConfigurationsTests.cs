using System.Text;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Tests.Gateway.UsagePlans;

public sealed class SeenConfigurationsTests
{
    private readonly UsageLedger _ledger = new();

    [Fact]
    public void A_table_of_files_that_calls_go_on_with_is_remembered_once()
    {
        var seen = new SeenConfigurations();
        KeyTable filed = Table("k", isFiled: true);
        seen.Serve(1, 1, filed);
        for (int configured = 2; configured < 1000; configured++) seen.Serve(configured, 1, filed);
        Assert.InRange(seen.Count, 0, 1);
        Assert.Equal((999, 1), seen.Oldest());

        // A request may hold the table of then after a reload.
        seen.Serve(1000, 1000, Table("l", isFiled: true));
        Assert.Equal((1000, 1), seen.Oldest());
        GC.KeepAlive(filed);
    }

    [Fact]
    public void Tables_of_calls_are_remembered_while_somebody_holds_them()
    {
        var seen = new SeenConfigurations();
        KeyTable[] held = [.. Enumerable.Range(1, 5).Select(i => Table($"k{i}", isFiled: false))];
        for (int i = 0; i < held.Length; i++) seen.Serve(i + 1, 1, held[i]);
        seen.Serve(6, 1, null);
        Assert.Equal((1, 1), seen.Oldest());
        GC.KeepAlive(held);
    }

    private KeyTable Table(string id, bool isFiled)
    {
        var builder = new KeyTableBuilder(_ledger, _ledger.BeginConfiguration(), isFiled: isFiled);
        Assert.True(builder.TryAdd(Encoding.ASCII.GetBytes($"value-of-{id}-0123456789"), Encoding.ASCII.GetBytes(id), true, []));
        return builder.Build();
    }
}
