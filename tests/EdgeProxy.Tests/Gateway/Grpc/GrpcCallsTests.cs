using System.Text;
using EdgeProxy.Gateway.Grpc;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Gateway.Grpc;

public sealed class GrpcCallsTests
{
    [Theory]
    [InlineData("application/grpc", 20, true)]
    [InlineData("application/grpc+proto", 20, true)]
    [InlineData("Application/gRPC;x=y", 20, true)]
    [InlineData("application/grpc", 11, false)]
    [InlineData("application/grpc-web", 20, false)]
    [InlineData("application/grpc-web+proto", 20, false)]
    [InlineData("application/grp", 20, false)]
    [InlineData("application/json", 20, false)]
    public void Knows_calls_by_version_and_content_type(string contentType, byte version, bool isCall)
    {
        var request = new RequestHead { Version = version };
        request.Headers.Add("content-type"u8, Encoding.ASCII.GetBytes(contentType));
        Assert.Equal(isCall, GrpcCalls.Is(request));
    }

    [Theory]
    [InlineData("1H", 3_600_000_000_000)]
    [InlineData("2M", 120_000_000_000)]
    [InlineData("3S", 3_000_000_000)]
    [InlineData("250m", 250_000_000)]
    [InlineData("7u", 7_000)]
    [InlineData("99999999n", 99_999_999)]
    [InlineData("0S", 0)]
    [InlineData("99999999H", long.MaxValue / 4)]
    public void Reads_how_long_a_call_may_take(string text, long nanoseconds)
    {
        Assert.True(GrpcCalls.TryReadTimeout(Table(text), out long read));
        Assert.Equal(nanoseconds, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("10")]
    [InlineData("10s")]
    [InlineData("-1S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    public void A_time_that_cannot_be_read_counts_as_none(string text) => Assert.False(GrpcCalls.TryReadTimeout(Table(text), out _));

    private static HeaderTable Table(string timeout)
    {
        var table = new HeaderTable();
        table.Add("x-other"u8, "1S"u8);
        table.Add("grpc-timeout"u8, Encoding.ASCII.GetBytes(timeout));
        return table;
    }
}
