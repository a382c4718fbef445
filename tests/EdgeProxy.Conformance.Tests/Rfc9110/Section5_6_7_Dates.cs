using System.Globalization;
using EdgeProxy.Conformance.Tests.Rfc9112;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9110;

public sealed class Section5_6_7_Dates
{
    private const long Example = 784111777;
    private const long Now = 1795000000; // in 2026

    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sun Nov  6 08:49:37 1994")]
    public void Reads_all_three_forms(string text)
    {
        Assert.True(HttpDate.TryParse(Heads.Bytes(text), Now, out long seconds));
        Assert.Equal(Example, seconds);
    }

    [Fact]
    public void Writes_the_fixed_form()
    {
        byte[] room = new byte[HttpDate.Length];
        HttpDate.Format(Example, room);
        Assert.Equal("Sun, 06 Nov 1994 08:49:37 GMT", Heads.Text(room));
    }

    [Fact]
    public void Agrees_with_the_platform_on_random_moments()
    {
        var random = new Random(3);
        byte[] room = new byte[HttpDate.Length];
        for (int round = 0; round < 20_000; round++)
        {
            long seconds = random.NextInt64(0, 253402300799);
            HttpDate.Format(seconds, room);
            Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("R", CultureInfo.InvariantCulture), Heads.Text(room));
            Assert.True(HttpDate.TryParse(room, Now, out long read));
            Assert.Equal(seconds, read);
        }
    }

    [Theory]
    [InlineData("Monday, 01-Jan-76 00:00:00 GMT", false)]
    [InlineData("Wednesday, 01-Jan-76 00:00:00 GMT", true)]
    [InlineData("Saturday, 01-Jan-77 00:00:00 GMT", true)]
    public void A_two_digit_year_is_at_most_50_years_ahead(string text, bool valid)
    {
        Assert.Equal(valid, HttpDate.TryParse(Heads.Bytes(text), Now, out long seconds));
        if (!valid) return;
        int year = DateTimeOffset.FromUnixTimeSeconds(seconds).Year;
        Assert.Equal(text.Contains("-76", StringComparison.Ordinal) ? 2076 : 1977, year);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Sun")]
    [InlineData("Mon, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 06 nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 6 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 UTC")]
    [InlineData("Sun, 06 Nov 1994 08:49:37")]
    [InlineData("Sun, 06 Nov 1994 24:00:00 GMT")]
    [InlineData("Sun, 06 Nov 1994 08:60:37 GMT")]
    [InlineData("Sun, 00 Nov 1994 08:49:37 GMT")]
    [InlineData("Wed, 30 Feb 1994 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 0000 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994  08:49:37 GMT")]
    [InlineData("Sun, 0x Nov 1994 08:49:37 GMT")]
    [InlineData("Sun Nov 6 08:49:37 1994")]
    [InlineData("Someday, 06-Nov-94 08:49:37 GMT")]
    public void Refuses_what_is_no_date(string text) => Assert.False(HttpDate.TryParse(Heads.Bytes(text), Now, out _));

    [Fact]
    public void Holds_moments_outside_its_years()
    {
        byte[] room = new byte[HttpDate.Length];
        HttpDate.Format(-1, room);
        Assert.Equal("Thu, 01 Jan 1970 00:00:00 GMT", Heads.Text(room));
        HttpDate.Format(long.MaxValue, room);
        Assert.Equal("Fri, 31 Dec 9999 23:59:59 GMT", Heads.Text(room));
    }
}
