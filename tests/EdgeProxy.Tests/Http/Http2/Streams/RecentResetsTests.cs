using EdgeProxy.Http.Http2.Streams;

namespace EdgeProxy.Tests.Http.Http2.Streams;

public sealed class RecentResetsTests
{
    [Theory]
    [InlineData(1, 32)]
    [InlineData(100, 100)]
    [InlineData(1_000_000, 1024)]
    public void Knows_as_many_as_may_be_open_at_once_within_bounds(int mostStreams, int kept)
    {
        var resets = new RecentResets(mostStreams);
        Assert.False(resets.Contains(0));
        for (int stream = 1; stream <= kept * 3; stream++) resets.Add(stream);
        Assert.False(resets.Contains(kept * 2));
        for (int stream = (kept * 2) + 1; stream <= kept * 3; stream++) Assert.True(resets.Contains(stream));
    }
}
