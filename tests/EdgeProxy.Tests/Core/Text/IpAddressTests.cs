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

    [Theory]
    [InlineData("127.0.0.1", true, true)]
    [InlineData("127.255.255.254", true, true)]
    [InlineData("126.255.255.255", true, false)]
    [InlineData("::1", false, true)]
    [InlineData("::2", false, false)]
    [InlineData("::ffff:127.0.0.1", true, true)]
    [InlineData("::127.0.0.1", false, false)]
    [InlineData("2001:db8::1", false, false)]
    public void Knows_its_family_and_the_loop_back(string text, bool isV4, bool isLoopback)
    {
        Assert.True(IpAddress.TryParse(text.AsSpan(), out IpAddress address));
        Assert.Equal((isV4, isLoopback), (address.IsV4, address.IsLoopback));
    }

    [Fact]
    public void A_mapped_address_is_the_ipv4_address()
    {
        Assert.True(IpAddress.TryParse("::ffff:192.0.2.1".AsSpan(), out IpAddress mapped));
        Assert.True(IpAddress.TryParse("192.0.2.1".AsSpan(), out IpAddress plain));
        Assert.Equal(plain, mapped);
        Assert.Equal("192.0.2.1", mapped.ToString());
        Assert.Equal(IpAddress.FromV4(0xC0000201), plain);
    }

    [Fact]
    public void Its_sixteen_bytes_give_the_same_address()
    {
        byte[] bytes = new byte[16];
        foreach (string text in new[] { "192.0.2.1", "2001:db8::1", "::" })
        {
            Assert.True(IpAddress.TryParse(text.AsSpan(), out IpAddress address));
            address.WriteBytes(bytes);
            Assert.Equal(address, IpAddress.FromBytes(bytes));
        }
    }
}
