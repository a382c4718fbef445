using EdgeProxy.Conformance.Tests.Rfc9112;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9110;

public sealed class Section9_Methods
{
    public static TheoryData<HttpMethod> Known()
    {
        var data = new TheoryData<HttpMethod>();
        foreach (HttpMethod method in Enum.GetValues<HttpMethod>())
        {
            if (method != HttpMethod.Other) data.Add(method);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void A_method_is_known_by_its_exact_name_alone(HttpMethod method)
    {
        string name = Heads.Text(HttpMethods.NameOf(method));
        Assert.Equal(method, HttpMethods.Find(Heads.Bytes(name)));
        Assert.Equal(HttpMethod.Other, HttpMethods.Find(Heads.Bytes(name + "X")));
        Assert.Equal(HttpMethod.Other, HttpMethods.Find(Heads.Bytes(name[1..])));
        for (int i = 0; i < name.Length; i++)
        {
            Assert.Equal(HttpMethod.Other, HttpMethods.Find(Heads.Bytes(name[..i] + char.ToLowerInvariant(name[i]) + name[(i + 1)..])));
        }
    }

    [Fact]
    public void Other_methods_have_no_name_of_ours()
    {
        Assert.True(HttpMethods.NameOf(HttpMethod.Other).IsEmpty);
        Assert.Equal(HttpMethod.Other, HttpMethods.Find([]));
    }

    [Fact]
    public void Nothing_is_read_behind_a_CONNECT_since_no_tunnel_is_opened()
    {
        Assert.False(Heads.Accept("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nConnection: keep-alive\r\n\r\n").KeepAlive);
    }
}
