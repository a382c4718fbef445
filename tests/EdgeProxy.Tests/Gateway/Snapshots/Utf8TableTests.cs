using System.Text;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Tests.Gateway.Snapshots;

public sealed class Utf8TableTests
{
    [Fact]
    public void Finds_each_of_many_names_and_no_other()
    {
        var table = new Utf8Table<string>([.. Enumerable.Range(0, 1000).Select(i => ((Utf8Text)$"name{i}", $"value{i}"))]);
        for (int i = 0; i < 1000; i++) Assert.Equal($"value{i}", table.Find(Encoding.ASCII.GetBytes($"name{i}")));
        Assert.Null(table.Find("name1000"u8));
        Assert.Null(table.Find(""u8));
        Assert.Null(Utf8Table<string>.Empty.Find("name"u8));
    }

    [Fact]
    public void Refuses_a_name_that_comes_twice()
    {
        Assert.Throws<ArgumentException>(() => new Utf8Table<string>([("a", "1"), ("a", "2")]));
    }
}
