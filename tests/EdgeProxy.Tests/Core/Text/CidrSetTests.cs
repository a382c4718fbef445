using EdgeProxy.Core.Text;

namespace EdgeProxy.Tests.Core.Text;

public sealed class CidrSetTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0", true)]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "9.255.255.255", false)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.1.2.3/8", "10.9.9.9", true)]
    [InlineData("192.0.2.128/25", "192.0.2.127", false)]
    [InlineData("192.0.2.128/25", "192.0.2.128", true)]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1/32", "192.0.2.0", false)]
    [InlineData("0.0.0.0/0", "255.1.2.3", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("fd00::/8", "fdff::1", true)]
    [InlineData("fd00::/8", "fe00::1", false)]
    [InlineData("2001:db8::/64", "2001:db8::ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8::/64", "2001:db8:0:1::", false)]
    [InlineData("2001:db8::/63", "2001:db8:0:1::", true)]
    [InlineData("2001:db8::/65", "2001:db8::8000:0:0:0", false)]
    [InlineData("2001:db8::/65", "2001:db8::7fff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8::1/128", "2001:db8::1", true)]
    [InlineData("2001:db8::1/128", "2001:db8::2", false)]
    public void Holds_the_addresses_of_a_range_and_no_other(string range, string address, bool expected)
    {
        Assert.True(CidrSet.TryParse([range], out CidrSet set, out _));
        Assert.Equal(expected, set.Contains(Ip(address)));
    }

    [Fact]
    public void Holds_what_any_of_its_ranges_holds()
    {
        Assert.True(CidrSet.TryParse(["10.0.0.0/8", " fd00::/8 ", "192.0.2.1"], out CidrSet set, out string? wrong));
        Assert.Null(wrong);
        Assert.False(set.IsEmpty);
        Assert.True(set.Contains(Ip("10.1.1.1")));
        Assert.True(set.Contains(Ip("fd00::1")));
        Assert.True(set.Contains(Ip("192.0.2.1")));
        Assert.False(set.Contains(Ip("192.0.2.2")));
    }

    [Fact]
    public void Of_no_ranges_holds_nothing()
    {
        Assert.True(CidrSet.TryParse([], out CidrSet set, out _));
        Assert.True(set.IsEmpty);
        Assert.False(set.Contains(IpAddress.None));
        Assert.False(CidrSet.Empty.Contains(IpAddress.Loopback));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/8")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("fd00::/129")]
    [InlineData("fd00::/99999999999")]
    [InlineData("::ffff:10.0.0.0/104")] // a mapped address is the IPv4 address, which has 32 bits
    [InlineData("example.com")]
    public void Names_the_first_text_that_is_no_range_and_takes_none(string text)
    {
        Assert.False(CidrSet.TryParse(["10.0.0.0/8", text, "also wrong"], out CidrSet set, out string? wrong));
        Assert.Equal(text, wrong);
        Assert.True(set.IsEmpty);
    }

    private static IpAddress Ip(string text)
    {
        Assert.True(IpAddress.TryParse(text.AsSpan(), out IpAddress address));
        return address;
    }
}
