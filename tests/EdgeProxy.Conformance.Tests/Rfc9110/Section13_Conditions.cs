using System.Text;
using EdgeProxy.Gateway.Caching.Freshness;
using EdgeProxy.Http.Messages;
using static EdgeProxy.Conformance.Tests.Rfc9111.StoredAnswers;

namespace EdgeProxy.Conformance.Tests.Rfc9110;

/// <summary>Conditions as a cache evaluates them (RFC 9110, 13; RFC 9111, 4.3.2).</summary>
public sealed class Section13_Conditions
{
    // 8.8.3.2, 13.1.2.
    [Theory]
    [InlineData("\"1\"", "\"1\"", true)]
    [InlineData("W/\"1\"", "\"1\"", true)]
    [InlineData("\"1\"", "W/\"1\"", true)]
    [InlineData("W/\"1\"", "W/\"1\"", true)]
    [InlineData("\"2\"", "\"1\"", false)]
    [InlineData("*", "\"1\"", true)]
    [InlineData("*", "", true)]
    [InlineData("\"\"", "\"\"", true)]
    [InlineData("\"0\", \"1\"", "\"1\"", true)]
    [InlineData(",\"0\" ,,\tW/\"1\"", "\"1\"", true)]
    [InlineData("\"a,b\", \"1\"", "\"1\"", true)]
    [InlineData("\"a, \"1\"", "\"1\"", false)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("w/\"1\"", "\"1\"", false)]
    [InlineData("\"1", "\"1\"", false)]
    [InlineData("\"0\"\"1\"", "\"1\"", false)]
    [InlineData("\"1\"", "", false)]
    [InlineData("", "\"1\"", false)]
    public void If_none_match_compares_weakly_and_goes_through_the_list(string list, string tag, bool isMet)
    {
        Assert.Equal(isMet, EntityTags.Contains(Encoding.Latin1.GetBytes(list), Encoding.Latin1.GetBytes(tag)));
        Assert.Equal(isMet, AreMet("If-None-Match: " + list, tag));
    }

    [Fact]
    public void If_none_match_may_be_in_several_lines() => Assert.True(AreMet("If-None-Match: \"0\"\nif-none-match: \"1\"", "\"1\""));

    // 13.1.3.
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(-1, false)]
    public void If_modified_since_is_met_by_what_was_not_changed_after_it(int seconds, bool isMet) =>
        Assert.Equal(isMet, AreMet("If-Modified-Since: " + Date(seconds), ""));

    [Theory]
    [InlineData("If-Modified-Since: tomorrow")]
    [InlineData("If-Modified-Since: ")]
    [InlineData("If-Modified-Since: Sun, 22 Nov 2026 13:00:00 GMT\nIf-Modified-Since: Sun, 22 Nov 2026 14:00:00 GMT")]
    public void If_modified_since_without_one_valid_date_is_ignored(string request) => Assert.False(AreMet(request, ""));

    // 13.2.2, step 4 only without step 3.
    [Fact]
    public void If_modified_since_is_ignored_beside_if_none_match()
    {
        Assert.False(AreMet("If-None-Match: \"0\"\nIf-Modified-Since: " + Date(0), "\"1\""));
        Assert.True(AreMet("If-None-Match: \"1\"\nIf-Modified-Since: " + Date(-1), "\"1\""));
    }

    [Theory]
    [InlineData("If-Match: \"1\"", true)]
    [InlineData("If-Unmodified-Since: Sun, 22 Nov 2026 13:00:00 GMT", true)]
    [InlineData("Range: bytes=0-1", true)]
    [InlineData("If-None-Match: \"1\"", false)]
    [InlineData("Accept: */*", false)]
    public void Other_conditions_and_ranges_are_the_origins_matter(string request, bool isForOrigin) => Assert.Equal(isForOrigin, Preconditions.Of(Fields(request)).IsForOrigin);

    [Theory]
    [InlineData("\"1\"", true)]
    [InlineData("W/\"1\"", true)]
    [InlineData("\"\"", true)]
    [InlineData("1", false)]
    [InlineData("\"", false)]
    [InlineData("\"1\"2\"", false)]
    [InlineData("W/1", false)]
    [InlineData("", false)]
    public void A_tag_is_one_text_in_quotes(string text, bool isTag) => Assert.Equal(isTag, EntityTags.IsTag(Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void No_bytes_of_a_list_make_it_fail()
    {
        var random = new Random(13);
        for (int round = 0; round < 20_000; round++)
        {
            string list = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => "\"\"W/, \t1*\0\u00ff"[random.Next(11)]));
            EntityTags.Contains(Encoding.Latin1.GetBytes(list), "\"1\""u8);
            AreMet("If-None-Match: " + list + "\nIf-Modified-Since: " + list, "W/\"1\"");
        }
    }

    private static bool AreMet(string request, string tag)
    {
        HeaderTable fields = Fields(request);
        return Preconditions.Of(fields).AreMet(fields, Encoding.Latin1.GetBytes(tag), Received, Received);
    }
}
