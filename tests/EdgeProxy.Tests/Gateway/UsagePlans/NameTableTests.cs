using System.Text;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Tests.Gateway.UsagePlans;

public sealed class NameTableTests
{
    [Fact]
    public void Finds_each_of_many_names_by_its_number_and_the_other_way_round()
    {
        var table = new NameTable();
        for (int i = 0; i < 200_000; i++) Assert.Equal(i, table.Add(NameOf(i)));
        for (int i = 0; i < 200_000; i++)
        {
            Assert.Equal(i, table.Find(NameOf(i)));
            Assert.True(table[i].SequenceEqual(NameOf(i)));
        }

        Assert.Equal(200_000, table.Count);
        Assert.Equal(-1, table.Find("key-200000"u8));
        Assert.Equal(77, table.Add(NameOf(77)));
    }

    [Fact]
    public void Takes_names_of_any_length_up_to_its_longest()
    {
        var table = new NameTable();
        for (int length = 0; length <= NameTable.MostBytes; length++) Assert.Equal(length, table.Add(Encoding.UTF8.GetBytes(new string('x', length))));
        for (int length = 0; length <= NameTable.MostBytes; length++) Assert.Equal(new string('x', length), table.TextOf(length));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Add(new byte[NameTable.MostBytes + 1]));
    }

    private static byte[] NameOf(int i) => Encoding.UTF8.GetBytes($"key-{i}");
}
