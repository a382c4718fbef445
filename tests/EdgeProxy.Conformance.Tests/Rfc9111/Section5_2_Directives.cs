using System.Text;
using EdgeProxy.Gateway.Caching.Freshness;
using static EdgeProxy.Conformance.Tests.Rfc9111.StoredAnswers;

namespace EdgeProxy.Conformance.Tests.Rfc9111;

public sealed class Section5_2_Directives
{
    [Fact]
    public void Reads_every_directive()
    {
        CacheControl control = Control("no-store, no-cache, private, public, must-revalidate, proxy-revalidate, must-understand, no-transform, only-if-cached, max-stale",
            "max-age=1,s-maxage=2,min-fresh=4,stale-while-revalidate=5,stale-if-error=6");
        Assert.Equal((CacheDirectives)1023, control.Directives);
        Assert.Equal((1, 2, -1, 4, 5, 6), (control.MaxAge, control.SharedMaxAge, control.MaxStale, control.MinFresh, control.StaleWhileRevalidate, control.StaleIfError));
        Assert.Equal(3, Control("max-stale=3").MaxStale);
    }

    [Theory]
    [InlineData("MAX-AGE=60")]
    [InlineData("max-age=\"60\"")]
    [InlineData(",, max-age=60 ,")]
    [InlineData("\tmax-age = 60\t")]
    [InlineData("max-age=060")]
    [InlineData("max-age=60, max-age=60")]
    [InlineData("ext=\"a, no-store, b\", max-age=60")]
    [InlineData("ext=\"\\\", no-store, \\\"\", max-age=60")]
    [InlineData("ext=a\"b, no-store\"c, max-age=60")]
    [InlineData("=no-store, max-age=60")]
    [InlineData("no-store2, max-age=60")]
    public void Takes_both_forms_of_arguments_and_knows_where_a_text_ends(string value)
    {
        CacheControl control = Control(value);
        Assert.True(control.IsSaid);
        Assert.Equal((60, CacheDirectives.None), (control.MaxAge, control.Directives));
    }

    [Fact]
    public void Says_nothing_when_nothing_is_said()
    {
        CacheControl control = Control("", " , ");
        Assert.False(control.IsSaid);
        Assert.Equal((-1, -1, -1, -1, -1, -1, CacheDirectives.None),
            (control.MaxAge, control.SharedMaxAge, control.MaxStale, control.MinFresh, control.StaleWhileRevalidate, control.StaleIfError, control.Directives));
    }

    [Fact]
    public void Of_two_allowances_the_smaller_holds_and_of_two_demands_the_larger()
    {
        Assert.Equal(5, Control("max-stale=9", "max-stale=5").MaxStale);
        Assert.Equal(0, Control("stale-if-error=9, stale-if-error=x").StaleIfError);
        Assert.Equal(5, Control("stale-while-revalidate=5, stale-while-revalidate=9").StaleWhileRevalidate);
        Assert.Equal(9, Control("min-fresh=9, min-fresh=5, min-fresh=x").MinFresh);
    }

    [Fact]
    public void A_text_that_is_not_closed_forbids_storing()
    {
        Assert.Equal(CacheDirectives.NoStore | CacheDirectives.Private, Control("private=\"a, max-age=60").Directives);
        Assert.Equal(CacheDirectives.NoStore, Control("max-age=\"60").Directives);
        Assert.Equal(CacheDirectives.NoStore, Control("max-age=60, x=\"\\").Directives);
    }

    [Fact]
    public void A_list_means_the_same_in_one_field_and_in_many()
    {
        var random = new Random(52);
        string[] members = ["max-age=60", "s-maxage=7", "no-cache=\"a, b\"", "private", "x=\"y, \\\" z\"", "max-stale", "min-fresh=3", "stale-if-error=x", "", "max-age=5"];
        for (int round = 0; round < 5_000; round++)
        {
            string[] chosen = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => members[random.Next(members.Length)])];
            Assert.Equal(Control(string.Join(',', chosen)), Control(chosen));
        }
    }

    [Fact]
    public void No_bytes_make_it_fail_and_what_it_takes_is_never_negative()
    {
        var random = new Random(5200);
        string[] pieces = ["max-age", "no-store", "=", "\"", "\\", ",", " ", "\t", "9", "99999999999", "-", "\0", "\u00ff", "s-maxage", ";", "max-stale"];
        for (int round = 0; round < 50_000; round++)
        {
            string value = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            CacheControl control = Control(value);
            foreach (int seconds in (ReadOnlySpan<int>)[control.MaxAge, control.SharedMaxAge, control.MaxStale, control.MinFresh]) Assert.True(seconds >= -1, value);
            byte[] raw = new byte[random.Next(24)];
            random.NextBytes(raw);
            Control(Encoding.Latin1.GetString(raw));
        }
    }
}
