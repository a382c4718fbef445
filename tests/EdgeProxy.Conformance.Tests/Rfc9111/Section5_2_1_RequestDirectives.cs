using EdgeProxy.Gateway.Caching.Freshness;
using static EdgeProxy.Conformance.Tests.Rfc9111.StoredAnswers;

namespace EdgeProxy.Conformance.Tests.Rfc9111;

public sealed class Section5_2_1_RequestDirectives
{
    private const string Minute = "Cache-Control: max-age=60";

    [Theory]
    [InlineData("max-age=10", 10, StoredUse.Fresh)]
    [InlineData("max-age=10", 11, StoredUse.Revalidate)]
    [InlineData("max-age=0", 0, StoredUse.Fresh)]
    [InlineData("max-age=0", 1, StoredUse.Revalidate)]
    [InlineData("min-fresh=10", 50, StoredUse.Fresh)]
    [InlineData("min-fresh=10", 51, StoredUse.Revalidate)]
    [InlineData("max-stale=10", 70, StoredUse.StaleAccepted)]
    [InlineData("max-stale=10", 71, StoredUse.Revalidate)]
    [InlineData("max-stale", 100000, StoredUse.StaleAccepted)]
    [InlineData("max-stale=x", 61, StoredUse.Revalidate)]
    [InlineData("max-age=65, max-stale=10", 65, StoredUse.StaleAccepted)]
    [InlineData("max-age=65, max-stale=10", 66, StoredUse.Revalidate)]
    [InlineData("max-stale=10, min-fresh=5", 65, StoredUse.Revalidate)]
    [InlineData("no-cache", 1, StoredUse.Revalidate)]
    [InlineData("no-cache, max-stale", 70, StoredUse.Revalidate)]
    [InlineData("only-if-cached", 59, StoredUse.Fresh)]
    [InlineData("only-if-cached", 60, StoredUse.OnlyIfCached)]
    [InlineData("only-if-cached, max-stale", 60, StoredUse.StaleAccepted)]
    [InlineData("no-cache, only-if-cached", 1, StoredUse.OnlyIfCached)]
    [InlineData("nonsense", 59, StoredUse.Fresh)]
    public void A_request_says_what_it_takes(string said, int later, object use) => Assert.Equal(use, Use(Minute, later, "Cache-Control: " + said));

    // 5.4.
    [Theory]
    [InlineData("Pragma: no-cache", StoredUse.Revalidate)]
    [InlineData("Pragma: NO-CACHE", StoredUse.Revalidate)]
    [InlineData("Pragma: x, no-cache", StoredUse.Revalidate)]
    [InlineData("Pragma: no-cache\nCache-Control: max-age=60", StoredUse.Fresh)]
    [InlineData("Pragma: other", StoredUse.Fresh)]
    public void Pragma_counts_where_there_is_no_cache_control(string request, object use) => Assert.Equal(use, Use(Minute, 1, request));
}
