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

    [Fact]
    public void A_removed_name_gives_its_number_to_a_later_one_of_its_length()
    {
        var table = new NameTable();
        for (int i = 0; i < 1000; i++) table.Add(NameOf(i));
        Assert.Equal(300, table.RemoveAll(static number => number is >= 200 and < 500));
        Assert.Equal(0, table.RemoveAll(static number => number is >= 200 and < 500));
        Assert.Equal((-1, 199, 500), (table.Find(NameOf(200)), table.Find(NameOf(199)), table.Find(NameOf(500))));
        Assert.Equal(1000, table.Add("another-length"u8));
        var given = new HashSet<int>();
        for (int i = 200; i < 500; i++)
        {
            byte[] name = Encoding.UTF8.GetBytes($"new-{i}");
            int number = table.Add(name);
            Assert.True(given.Add(number));
            Assert.InRange(number, 200, 499);
            Assert.True(table[number].SequenceEqual(name));
            Assert.Equal(number, table.Find(name));
        }

        Assert.Equal(1001, table.Add("new-999"u8));
        for (int i = 0; i < 200; i++) Assert.Equal(i, table.Find(NameOf(i)));
        for (int i = 500; i < 1000; i++) Assert.Equal(i, table.Find(NameOf(i)));
        for (int i = 2000; i < 9000; i++) table.Add(NameOf(i));
        Assert.Equal(-1, table.Find(NameOf(300)));
        Assert.Equal(7, table.Find(NameOf(7)));
    }

    private static byte[] NameOf(int i) => Encoding.UTF8.GetBytes($"key-{i}");
}
