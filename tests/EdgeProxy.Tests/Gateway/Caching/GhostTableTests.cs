using EdgeProxy.Gateway.Caching;

namespace EdgeProxy.Tests.Gateway.Caching;

public sealed class GhostTableTests
{
    [Fact]
    public void Remembers_a_hash_once()
    {
        var ghosts = new GhostTable();
        ghosts.Add(0x1234567890ABCDEF);
        Assert.False(ghosts.Take(0x1234567990ABCDEF, within: 10)); // the same place, another hash
        Assert.True(ghosts.Take(0x1234567890ABCDEF, within: 10));
        Assert.False(ghosts.Take(0x1234567890ABCDEF, within: 10));
    }

    [Fact]
    public void Forgets_what_is_too_many_evictions_ago()
    {
        var ghosts = new GhostTable();
        ghosts.Fit(1000);
        for (ulong i = 0; i < 20; i++) ghosts.Add(HashOf(i));
        Assert.True(ghosts.Take(HashOf(19), within: 5));
        Assert.True(ghosts.Take(HashOf(15), within: 5));
        Assert.False(ghosts.Take(HashOf(14), within: 5));
    }

    private static ulong HashOf(ulong i) => unchecked((i + 1) * 0x9E3779B97F4A7C15);
}
