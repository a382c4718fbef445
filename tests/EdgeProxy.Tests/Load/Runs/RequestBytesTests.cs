using System.Text;
using EdgeProxy.Load.Runs;

namespace EdgeProxy.Tests.Load.Runs;

public sealed class RequestBytesTests
{
    [Fact]
    public void Writes_host_and_fields_and_no_length_without_a_body()
    {
        byte[] request = RequestBytes.Write("GET", new Uri("http://127.0.0.1:81/a?b=c"), ["X-A: 1"], default);

        Assert.Equal("GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:81\r\nX-A: 1\r\n\r\n", Encoding.ASCII.GetString(request));
    }

    [Fact]
    public void Keeps_the_host_that_was_given_and_counts_the_body()
    {
        byte[] request = RequestBytes.Write("PUT", new Uri("http://127.0.0.1:81/"), ["host: x"], "abc"u8);

        Assert.Equal("PUT / HTTP/1.1\r\nhost: x\r\nContent-Length: 3\r\n\r\nabc", Encoding.ASCII.GetString(request));
    }
}
