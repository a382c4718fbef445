using System.Net;
using System.Text;
using EdgeProxy.Core.Text;

namespace EdgeProxy.Tests.Core.Text;

public sealed class IpAddressTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("1::")]
    [InlineData("2001:db8::1")]
    [InlineData("2001:DB8:0:0:1:0:0:1")]
    [InlineData("1:2:3:4:5:6:7:8")]
    [InlineData("::2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7::")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::192.0.2.33")]
    [InlineData("1:2:3:4:5:6:1.2.3.4")]
    public void Reads_what_the_platform_reads_and_writes_it_alike(string text)
    {
        Assert.True(IpAddress.TryParse(Encoding.ASCII.GetBytes(text), out IpAddress address));
        IPAddress expected = IPAddress.Parse(text);
        Assert.Equal(IpAddress.FromBytes(expected.GetAddressBytes()), address);
        Assert.Equal(IPAddress.Parse(address.ToString()).MapToIPv6(), expected.MapToIPv6());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("010.0.0.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1..3.4")]
    [InlineData(":")]
    [InlineData(":1")]
    [InlineData("1:")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("-1::")]
    [InlineData("+1::")]
    [InlineData("::1.2.3")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    public void Refuses_what_others_could_read_differently(string text)
    {
        Assert.False(IpAddress.TryParse(Encoding.ASCII.GetBytes(text), out _));
    }
}
