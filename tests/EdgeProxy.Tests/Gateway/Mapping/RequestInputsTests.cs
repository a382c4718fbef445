using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Templates;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Tests.Gateway.Mapping;

public sealed class RequestInputsTests : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Lists_parameters_in_order_with_repeated_names_and_without_what_is_dropped()
    {
        Assert.Equal(
            "id=a b|q=1,Q=,q=x y,c%=&|Host=node,X-A=1,x-a=2",
            Described("GET /pets/a%20b?q=1&Q&&q=x+y&c%25=%26 HTTP/1.1\nHost: node\nConnection: close\nX-A: 1\nTE: trailers\nx-a: 2"));
    }

    [Fact]
    public void A_query_of_thousands_of_pairs_is_walked_once()
    {
        // Looked for from the start each time, these would be millions of steps.
        string pairs = string.Join('&', Enumerable.Repeat("a", 5000));
        Assert.Equal(5000, Described($"GET /pets/1?{pairs} HTTP/1.1\nHost: node").Split('|')[1].Split(',').Length);
    }

    [Theory]
    [InlineData(ParameterPlace.Path, "id", "7")]
    [InlineData(ParameterPlace.Path, "ID", null)]
    [InlineData(ParameterPlace.QueryString, "q", "2")]
    [InlineData(ParameterPlace.QueryString, "e", "")]
    [InlineData(ParameterPlace.QueryString, "Q", null)]
    [InlineData(ParameterPlace.Header, "X-A", "2")]
    [InlineData(ParameterPlace.Header, "x-a", null)]
    [InlineData(ParameterPlace.Header, "Connection", null)]
    public void Finds_the_last_value_of_a_name_with_case(ParameterPlace place, string name, string? expected)
    {
        RequestInputs inputs = Inputs("GET /pets/7?q=1&q=2&e HTTP/1.1\nHost: node\nConnection: close\nX-A: 1\nX-A: 2");
        var writer = new ByteWriter(new byte[64]);
        Assert.Equal(expected is not null, inputs.TryWriteParameter(place, Encoding.UTF8.GetBytes(name), ref writer));
        Assert.Equal(expected ?? "", Encoding.UTF8.GetString(writer.Written));
    }

    [Fact]
    public void Says_when_a_value_does_not_fit()
    {
        RequestInputs inputs = Inputs("GET /pets/7?q=12345 HTTP/1.1\nHost: node\nX-A: 12345");
        var writer = new ByteWriter(new byte[2]);
        Assert.True(inputs.TryWriteParameter(ParameterPlace.QueryString, "q"u8, ref writer));
        Assert.True(writer.Overflowed);
        var context = new ByteWriter(new byte[2]);
        Assert.True(inputs.TryWriteContext((int)ContextVariable.RequestId, default, ref context));
        Assert.True(context.Overflowed);
    }

    private string Described(string head)
    {
        RequestInputs inputs = Inputs(head);
        var text = new StringBuilder();
        Span<byte> room = new byte[256];
        for (ParameterPlace place = ParameterPlace.Path; place <= ParameterPlace.Header; place++)
        {
            if (place != ParameterPlace.Path) text.Append('|');
            for (int i = 0; i < inputs.ParameterCount(place); i++)
            {
                var name = new ByteWriter(room);
                inputs.WriteParameterName(place, i, ref name);
                text.Append(i == 0 ? "" : ",").Append(Encoding.UTF8.GetString(name.Written)).Append('=');
                var value = new ByteWriter(room);
                inputs.WriteParameterValue(place, i, ref value);
                text.Append(Encoding.UTF8.GetString(value.Written));
            }
        }

        return text.ToString();
    }

    // A walk that waits for its backend has all that templates ask for.
    private RequestInputs Inputs(string head)
    {
        _gateway.Route("GET /pets/{id}", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Waits = true;
        _gateway.Start(head);
        return new RequestInputs().For(_gateway.Context, default, 0);
    }
}
