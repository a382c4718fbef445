using System.Text;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.UsagePlans;

public sealed class KeyTableTests
{
    private readonly UsageLedger _ledger = new();

    [Fact]
    public void Finds_each_of_many_keys_and_nothing_else()
    {
        const int Count = 100_000;
        var builder = new KeyTableBuilder(_ledger, _ledger.BeginConfiguration());
        UsagePlanLive[] gold = [_ledger.PlanOf("gold")];
        for (int i = 0; i < Count; i++) Assert.True(builder.TryAdd(Value(i), Id(i), isEnabled: i % 3 != 0, gold));
        KeyTable table = builder.Build();
        Assert.Equal(Count, table.Count);
        for (int i = 0; i < Count; i++)
        {
            ref readonly ApiKeyRecord key = ref table[table.Find(Value(i))];
            Assert.True(_ledger.KeyId(key.Key).SequenceEqual(Id(i)));
            Assert.Equal(i % 3 != 0, key.IsEnabled);
            int row = Assert.Single(table.RowsOf(in key).ToArray());
            Assert.Equal(key.Key, _ledger.CellOf(row).Row.Key);
            Assert.Equal(-1, table.Find(Value(Count + i)));
        }
    }

    [Fact]
    public void Finds_no_key_by_a_part_of_its_value_or_by_more_than_it()
    {
        var builder = new KeyTableBuilder(_ledger, 1);
        Assert.True(builder.TryAdd(Value(1), Id(1), true, []));
        KeyTable table = builder.Build();
        byte[] value = Value(1);
        Assert.Equal(0, table.Find(value));
        Assert.Equal(-1, table.Find(value.AsSpan(1)));
        Assert.Equal(-1, table.Find([.. value, (byte)'x']));
        Assert.Equal(-1, table.Find([]));
        Assert.Equal(-1, table.Find(new byte[100_000]));
        for (int i = 0; i < value.Length; i++)
        {
            value[i] ^= 1;
            Assert.Equal(-1, table.Find(value));
            value[i] ^= 1;
        }
    }

    [Fact]
    public void Gives_a_value_that_comes_again_its_new_id_state_and_plans()
    {
        var builder = new KeyTableBuilder(_ledger, 1);
        UsagePlanLive gold = _ledger.PlanOf("gold");
        UsagePlanLive silver = _ledger.PlanOf("silver");
        Assert.True(builder.TryAdd(Value(1), "a"u8, true, [gold]));
        Assert.True(builder.TryAdd(Value(1), "b"u8, false, [gold, silver]));
        Assert.True(builder.TryAdd(Value(2), "a"u8, true, []));
        Assert.False(builder.TryAdd(Value(3), "b"u8, true, []));
        KeyTable table = builder.Build();
        Assert.Equal(2, table.Count);
        ref readonly ApiKeyRecord key = ref table[table.Find(Value(1))];
        Assert.False(key.IsEnabled);
        Assert.Equal("b", Encoding.ASCII.GetString(_ledger.KeyId(key.Key)));
        Assert.Equal([gold.Ordinal, silver.Ordinal], Array.ConvertAll(table.RowsOf(in key).ToArray(), row => _ledger.CellOf(row).Row.Plan));
        Assert.Equal(-1, table.Find(Value(3)));
        Assert.Empty(table.RowsOf(in table[table.Find(Value(2))]).ToArray());
    }

    [Fact]
    public void Takes_a_tenth_of_a_million_keys_into_a_tenth_of_their_memory()
    {
        const int Count = 100_000;
        byte[][] values = new byte[Count][];
        byte[][] ids = new byte[Count][];
        for (int i = 0; i < Count; i++) (values[i], ids[i]) = (Value(i), Id(i));

        // All that is allocated on the way, arrays that were outgrown included: more than stays, and nothing of what other tests do at the time.
        long before = GC.GetAllocatedBytesForCurrentThread();
        var builder = new KeyTableBuilder(_ledger, _ledger.BeginConfiguration());
        UsagePlanLive[] gold = [_ledger.PlanOf("gold")];
        for (int i = 0; i < Count; i++) builder.TryAdd(values[i], ids[i], true, gold);
        KeyTable table = builder.Build();
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(taken, 1, 300_000_000L * Count / 1_000_000);
        Assert.Equal(Count, table.Count);
    }

    [Fact]
    public void Finds_without_allocating()
    {
        var builder = new KeyTableBuilder(_ledger, 1);
        for (int i = 0; i < 100; i++) builder.TryAdd(Value(i), Id(i), true, []);
        KeyTable table = builder.Build();
        byte[] value = Value(7);
        byte[] unknown = Value(1000);
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 1000; i++) Assert.True(table.Find(value) >= 0 && table.Find(unknown) < 0);
        }));
    }

    private static byte[] Value(int i) => Encoding.ASCII.GetBytes($"value-of-a-key-with-40-characters-{i:D6}");

    private static byte[] Id(int i) => Encoding.ASCII.GetBytes($"key-{i}");
}
