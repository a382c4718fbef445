using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Gateway.Mapping;

public sealed class RequestHeadersTests
{
    [Fact]
    public void Known_names_fit_into_the_bits_of_one_word()
    {
        Assert.All(Enum.GetValues<KnownHeader>(), known => Assert.InRange((int)known, 0, 63));
    }
}
