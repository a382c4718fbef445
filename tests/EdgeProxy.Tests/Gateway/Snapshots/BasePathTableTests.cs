using System.Text;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Tests.Gateway.Snapshots;

public sealed class BasePathTableTests : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("/orders/v1/items", "orders/v1/items", "")]
    [InlineData("/orders/v2/items", "orders/v2/items", "")]
    [InlineData("/orders/v1/items/123", "orders/v1/items", "/123")]
    [InlineData("/orders/v2/items/categories/5", "orders/v2/items/categories", "/5")]
    [InlineData("/orders/v2/itemsx", "", "/orders/v2/itemsx")]
    [InlineData("//orders/v1/items/1", "orders/v1/items", "/1")]
    [InlineData("/customers", "", "/customers")]
    public void Takes_the_longest_base_path_on_whole_segments(string path, string expected, string rest)
    {
        StagePlan[] stages = [_gateway.Stage("s0"), _gateway.Stage("s1"), _gateway.Stage("s2"), _gateway.Stage("s3")];
        string[] basePaths = ["", "orders/v1/items", "/orders/v2/items/", "orders/v2/items/categories"];
        var table = new BasePathTable(basePaths.Select((basePath, i) => ((Utf8Text)basePath, stages[i])));
        Assert.Same(stages[Array.FindIndex(basePaths, basePath => basePath.Trim('/') == expected)], table.Find(Encoding.ASCII.GetBytes(path), out int length));
        Assert.Equal(rest, path[length..]);
    }

    [Fact]
    public void Finds_nothing_without_a_mapping_for_all()
    {
        Assert.Null(new BasePathTable([("a", _gateway.Stage())]).Find("/b"u8, out _));
    }

    [Fact]
    public void Refuses_a_base_path_that_comes_twice()
    {
        Assert.Throws<ArgumentException>(() => new BasePathTable([("a", _gateway.Stage()), ("/a/", _gateway.Stage())]));
    }
}
