using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Tests.Gateway.Operations;

public sealed class SnapshotHolderTests
{
    [Fact]
    public void Serves_nothing_at_version_0_and_then_what_was_put_in_last()
    {
        var holder = new SnapshotHolder();
        Assert.Equal(0, holder.Version);
        Assert.Same(GatewaySnapshot.Empty, holder.Current);
        var snapshot = new GatewaySnapshot();
        Assert.Equal(1, holder.Swap(new GatewaySnapshot()));
        Assert.Equal(2, holder.Swap(snapshot));
        Assert.Same(snapshot, holder.Current);
    }

    [Fact]
    public void Keeps_serving_when_a_change_is_refused()
    {
        var holder = new SnapshotHolder();
        var snapshot = new GatewaySnapshot();
        holder.Swap(snapshot);
        holder.CountRefused();
        Assert.Equal((1, 1), (holder.Version, holder.Refused));
        Assert.Same(snapshot, holder.Current);
    }
}
