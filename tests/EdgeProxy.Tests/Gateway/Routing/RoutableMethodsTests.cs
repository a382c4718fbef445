using EdgeProxy.Gateway.Routing;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Gateway.Routing;

public sealed class RoutableMethodsTests
{
    [Fact]
    public void Any_is_exactly_the_seven_methods()
    {
        HttpMethod[] routable = [.. Enum.GetValues<HttpMethod>().Where(method => RoutableMethods.Bit(method) != 0)];
        Assert.Equal(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"], routable.Select(method => method.ToString().ToUpperInvariant()).Order());
        Assert.Equal(RoutableMethods.Any, routable.Aggregate(0, (set, method) => set | RoutableMethods.Bit(method)));
        Assert.Equal(7, routable.Select(RoutableMethods.Bit).Distinct().Count());
        Assert.Equal(0, RoutableMethods.Bit((HttpMethod)255));
    }
}
