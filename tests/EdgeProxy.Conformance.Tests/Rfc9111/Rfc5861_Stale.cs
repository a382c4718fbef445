using EdgeProxy.Gateway.Caching.Freshness;
using static EdgeProxy.Conformance.Tests.Rfc9111.StoredAnswers;

namespace EdgeProxy.Conformance.Tests.Rfc9111;

/// <summary>RFC 5861, 3 and 4: directives of RFC 9111's Cache-Control.</summary>
public sealed class Rfc5861_Stale
{
    [Theory]
    [InlineData("Cache-Control: max-age=60, stale-while-revalidate=10", 59, StoredUse.Fresh)]
    [InlineData("Cache-Control: max-age=60, stale-while-revalidate=10", 60, StoredUse.StaleWhileRevalidate)]
    [InlineData("Cache-Control: max-age=60, stale-while-revalidate=10", 69, StoredUse.StaleWhileRevalidate)]
    [InlineData("Cache-Control: max-age=60, stale-while-revalidate=10", 70, StoredUse.Revalidate)]
    [InlineData("Cache-Control: max-age=60, stale-while-revalidate=10, must-revalidate", 60, StoredUse.Revalidate)]
    [InlineData("Cache-Control: s-maxage=60, stale-while-revalidate=10", 60, StoredUse.Revalidate)]
    [InlineData("Cache-Control: max-age=60, stale-while-revalidate=x", 60, StoredUse.Revalidate)]
    public void An_expired_answer_may_be_served_while_another_is_fetched(string fields, int later, object use) => Assert.Equal(use, Use(fields, later));

    [Fact]
    public void A_client_that_wants_it_newer_waits_for_the_fetch()
    {
        const string Fields = "Cache-Control: max-age=60, stale-while-revalidate=10";
        Assert.Equal(StoredUse.Revalidate, Use(Fields, 61, "Cache-Control: max-age=60"));
        Assert.Equal(StoredUse.Revalidate, Use(Fields, 61, "Cache-Control: min-fresh=1"));
        Assert.Equal(StoredUse.Revalidate, Use(Fields, 61, "Cache-Control: no-cache"));
    }

    [Fact]
    public void What_the_answer_says_counts_before_the_setting()
    {
        var rules = new FreshnessRules { StaleWhileRevalidate = 30, StaleIfError = 40 };
        Assert.Equal(StoredUse.StaleWhileRevalidate, Use("Cache-Control: max-age=60", 80, rules: rules));
        Assert.Equal(StoredUse.Revalidate, Use("Cache-Control: max-age=60, stale-while-revalidate=0", 60, rules: rules));
        Assert.Equal(40, Life("Cache-Control: max-age=60", rules).StaleIfError);
        Assert.Equal(5, Life("Cache-Control: max-age=60, stale-if-error=5", rules).StaleIfError);
        Assert.Equal(0, Life("Cache-Control: max-age=60, must-revalidate", rules).StaleIfError);
    }

    [Theory]
    [InlineData("Cache-Control: max-age=60, stale-if-error=10", "", 69, true)]
    [InlineData("Cache-Control: max-age=60, stale-if-error=10", "", 70, false)]
    [InlineData("Cache-Control: max-age=60", "Cache-Control: stale-if-error=10", 69, true)]
    [InlineData("Cache-Control: max-age=60, must-revalidate", "Cache-Control: stale-if-error=10", 69, false)]
    [InlineData("Cache-Control: max-age=60, no-cache, stale-if-error=10", "", 61, false)]
    [InlineData("Cache-Control: max-age=60", "", 61, false)]
    public void Stands_in_for_a_failure_as_long_as_answer_or_request_allow(string fields, string request, int later, bool mayStandIn) =>
        Assert.Equal(mayStandIn, UseStored.MayStandIn(Life(fields), CacheControl.OfRequest(Fields(request)), ReceivedAt + (later * Second)));

    [Theory]
    [InlineData(500, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(501, false)]
    [InlineData(429, false)]
    public void An_error_is_one_of_four_statuses(int status, bool isError) => Assert.Equal(isError, Statuses.AreErrors(status));
}
