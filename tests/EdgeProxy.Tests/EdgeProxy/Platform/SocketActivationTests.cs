using EdgeProxy.Platform;

namespace EdgeProxy.Tests.Process.Platform;

public sealed class SocketActivationTests
{
    [Fact]
    public void Reads_descriptors_from_3_on_with_their_names()
    {
        IReadOnlyList<InheritedSocket> sockets = Read(("LISTEN_PID", "7"), ("LISTEN_FDS", "3"), ("LISTEN_FDNAMES", "data:unknown:admin"));
        Assert.Equal([new(3, "data"), new(4, ""), new(5, "admin")], sockets);
    }

    [Fact]
    public void Names_may_be_absent() => Assert.Equal([new(3, ""), new(4, "")], Read(("LISTEN_PID", "7"), ("LISTEN_FDS", "2")));

    [Theory]
    [InlineData("8", "1")]
    [InlineData("", "1")]
    [InlineData("7", "0")]
    [InlineData("7", "-1")]
    [InlineData("7", "many")]
    [InlineData("7", "100000")]
    public void Sockets_of_another_process_and_nonsense_are_no_sockets(string pid, string count) =>
        Assert.Empty(Read(("LISTEN_PID", pid), ("LISTEN_FDS", count)));

    [Fact]
    public void Listeners_get_their_sockets_by_name_and_the_rest_in_order()
    {
        InheritedSocket[] sockets = [new(3, ""), new(4, "admin"), new(5, "edgeproxy.socket"), new(6, "other"), new(7, "")];
        IReadOnlyDictionary<string, int> assigned = SocketActivation.Assign(sockets, ["data", "data-2", "admin"], out IReadOnlyList<InheritedSocket> unused);
        Assert.Equal([new("admin", 4), new("data", 3), new("data-2", 5)], assigned.OrderBy(pair => pair.Key));
        Assert.Equal([6, 7], unused.Select(socket => socket.Descriptor));
    }

    [Fact]
    public void A_name_given_twice_is_used_once()
    {
        IReadOnlyDictionary<string, int> assigned = SocketActivation.Assign([new(3, "data"), new(4, "data")], ["data", "data-2"], out IReadOnlyList<InheritedSocket> unused);
        Assert.Equal([new("data", 3)], assigned);
        Assert.Equal(4, Assert.Single(unused).Descriptor);
    }

    private static IReadOnlyList<InheritedSocket> Read(params (string Name, string Value)[] environment) =>
        SocketActivation.Read(environment.ToDictionary(pair => pair.Name, pair => pair.Value), processId: 7);
}
