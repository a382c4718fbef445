using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Listeners;

namespace EdgeProxy.Tests.Transport.Listeners;

public sealed class ConnectionLimitsTests
{
    private static readonly IpAddress s_one = IpAddress.FromV4(0xC000_0201);
    private static readonly IpAddress s_other = IpAddress.FromV4(0xC000_0202);

    [Fact]
    public void Counts_in_all_and_by_address()
    {
        var limits = new ConnectionLimits(total: 3, perAddress: 2);
        Assert.Equal(ConnectionRefusal.None, limits.TryEnter(s_one));
        Assert.Equal(ConnectionRefusal.None, limits.TryEnter(s_one));
        Assert.Equal(ConnectionRefusal.PerAddress, limits.TryEnter(s_one));
        Assert.Equal(2, limits.Open);
        Assert.Equal(ConnectionRefusal.None, limits.TryEnter(s_other));
        Assert.Equal(ConnectionRefusal.Total, limits.TryEnter(s_other));
        limits.Leave(s_one);
        Assert.Equal(ConnectionRefusal.None, limits.TryEnter(s_one));
    }

    [Fact]
    public void An_address_that_is_named_later_counts_from_then_on()
    {
        var limits = new ConnectionLimits(total: 10, perAddress: 1);
        Assert.True(limits.TryEnter());
        Assert.True(limits.TryEnter());
        Assert.True(limits.TryEnterAddress(s_one));
        Assert.False(limits.TryEnterAddress(s_one));
        limits.Leave(); // the one without an address takes none with it
        Assert.False(limits.TryEnterAddress(s_one));
        limits.Leave(s_one);
        Assert.Equal(0, limits.Open);
        Assert.Equal(ConnectionRefusal.None, limits.TryEnter(s_one));
    }
}
