using EdgeProxy.Gateway.Caching.Freshness;
using static EdgeProxy.Conformance.Tests.Rfc9111.StoredAnswers;

namespace EdgeProxy.Conformance.Tests.Rfc9111;

public sealed class Section4_2_Freshness
{
    // 4.2.1: the first that is there.
    [Theory]
    [InlineData("Cache-Control: max-age=60", 60)]
    [InlineData("Cache-Control: max-age=60, s-maxage=5", 5)]
    [InlineData("Cache-Control: s-maxage=5\nExpires: Sun, 22 Nov 2026 13:01:00 GMT", 5)]
    [InlineData("Cache-Control: max-age=60\nExpires: Sun, 22 Nov 2026 14:00:00 GMT", 60)]
    [InlineData("Cache-Control: max-age=0\nExpires: Sun, 22 Nov 2026 14:00:00 GMT", 0)]
    [InlineData("Expires: Sun, 22 Nov 2026 13:01:00 GMT", 60)]
    [InlineData("Expires: Sun, 22 Nov 2026 13:01:00 GMT\nDate: Sun, 22 Nov 2026 13:00:50 GMT", 10)]
    [InlineData("Expires: Sun, 22 Nov 2026 13:01:00 GMT\nDate: Sun, 22 Nov 2026 13:02:00 GMT", 0)]
    [InlineData("Cache-Control: public", 0)]
    [InlineData("", 0)]
    public void The_lifetime_comes_from_s_maxage_then_max_age_then_expires(string fields, int lifetime) => Assert.Equal(lifetime, Life(fields).Lifetime);

    [Theory]
    [InlineData("Cache-Control: max-age=60\nCache-Control: max-age=61")]
    [InlineData("Cache-Control: max-age=-1")]
    [InlineData("Cache-Control: max-age=6O")]
    [InlineData("Cache-Control: max-age=1.5")]
    [InlineData("Cache-Control: max-age")]
    [InlineData("Cache-Control: max-age=")]
    [InlineData("Expires: 0")]
    [InlineData("Expires: soon")]
    [InlineData("Expires: Sun, 22 Nov 2026 13:01:00 GMT\nExpires: Sun, 22 Nov 2026 13:02:00 GMT")]
    public void What_is_said_wrongly_or_in_two_ways_has_no_lifetime(string fields) => Assert.Equal(0, Life(fields).Lifetime);

    [Fact]
    public void Times_too_large_to_tell_apart_count_as_the_largest()
    {
        Assert.Equal(int.MaxValue, Life("Cache-Control: max-age=99999999999999999999999999").Lifetime);
        AnswerLife life = Life("Cache-Control: max-age=2147483648\nAge: 2147483648");
        Assert.Equal((int.MaxValue, int.MaxValue), (life.Lifetime, life.InitialAge));
        Assert.Equal(int.MaxValue, life.AgeAt(long.MaxValue));
        Assert.Equal(life.ReceivedAt, life.FreshUntil);
    }

    [Theory]
    [InlineData(59, StoredUse.Fresh)]
    [InlineData(60, StoredUse.Revalidate)]
    [InlineData(61, StoredUse.Revalidate)]
    public void Is_fresh_while_the_lifetime_is_greater_than_the_age(int later, object use) => Assert.Equal(use, Use("Cache-Control: max-age=60", later));

    // 4.2.2.
    [Theory]
    [InlineData(10, 200, "Last-Modified: Sun, 22 Nov 2026 12:00:00 GMT", 360)]
    [InlineData(10, 404, "Last-Modified: Sun, 22 Nov 2026 12:00:00 GMT", 360)]
    [InlineData(10, 200, "Last-Modified: Sun, 22 Nov 2026 12:00:00 GMT\nDate: Sun, 22 Nov 2026 12:10:00 GMT", 60)]
    [InlineData(0, 200, "Last-Modified: Sun, 22 Nov 2026 12:00:00 GMT", 0)]
    [InlineData(10, 500, "Last-Modified: Sun, 22 Nov 2026 12:00:00 GMT", 0)]
    [InlineData(10, 500, "Cache-Control: public\nLast-Modified: Sun, 22 Nov 2026 12:00:00 GMT", 360)]
    [InlineData(10, 200, "Cache-Control: max-age=7\nLast-Modified: Sun, 22 Nov 2026 12:00:00 GMT", 7)]
    [InlineData(10, 200, "Last-Modified: Sun, 22 Nov 2026 14:00:00 GMT", 0)]
    [InlineData(10, 200, "Last-Modified: Sun Nov 22 12:00:00 1925", FreshnessRules.LongestGuess)]
    [InlineData(100, 200, "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT", FreshnessRules.LongestGuess)]
    [InlineData(10, 200, "", 0)]
    public void A_lifetime_is_guessed_only_where_that_is_asked_for_and_nothing_is_said(int percent, int status, string fields, int lifetime) =>
        Assert.Equal(lifetime, Life(fields, new FreshnessRules { HeuristicPercent = percent }, status).Lifetime);

    // 4.2.4 and 5.2.2.
    [Theory]
    [InlineData("Cache-Control: max-age=60", StoredUse.StaleAccepted)]
    [InlineData("Cache-Control: max-age=60, must-revalidate", StoredUse.Revalidate)]
    [InlineData("Cache-Control: max-age=60, proxy-revalidate", StoredUse.Revalidate)]
    [InlineData("Cache-Control: s-maxage=60", StoredUse.Revalidate)]
    [InlineData("Cache-Control: max-age=60, no-cache", StoredUse.Revalidate)]
    public void An_expired_answer_is_served_to_who_takes_it_unless_the_answer_forbids_it(string fields, object use) =>
        Assert.Equal(use, Use(fields, 70, "Cache-Control: max-stale"));

    [Fact]
    public void An_answer_that_says_no_cache_is_never_served_unasked()
    {
        Assert.Equal(StoredUse.Revalidate, Use("Cache-Control: max-age=60, no-cache", 1));
        Assert.Equal(StoredUse.Revalidate, Use("Cache-Control: max-age=60, no-cache=\"set-cookie\"", 1));
    }

    [Fact]
    public void Is_kept_while_it_can_be_of_use()
    {
        var rules = new FreshnessRules { Keep = 100 };
        Assert.Equal(ReceivedAt + (60 * Second), Life("Cache-Control: max-age=60", rules).UsefulUntil);
        Assert.Equal(ReceivedAt + (160 * Second), Life("Cache-Control: max-age=60\nETag: \"1\"", rules).UsefulUntil);
        Assert.Equal(ReceivedAt + (360 * Second), Life("Cache-Control: max-age=60, stale-if-error=300\nETag: \"1\"", rules).UsefulUntil);
        Assert.Equal(ReceivedAt + (110 * Second), Life("Cache-Control: max-age=60\nAge: 50\nETag: \"1\"", rules).UsefulUntil);
    }
}
