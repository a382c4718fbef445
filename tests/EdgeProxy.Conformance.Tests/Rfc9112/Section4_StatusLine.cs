using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9112;

public sealed class Section4_StatusLine
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK", 200, 11)]
    [InlineData("HTTP/1.0 404 Not Found", 404, 10)]
    [InlineData("HTTP/1.1 200 ", 200, 11)]
    [InlineData("HTTP/1.1 200", 200, 11)]
    [InlineData("HTTP/1.1 599 \u00e9\tanything at all", 599, 11)]
    [InlineData("HTTP/1.1 100 Continue", 100, 11)]
    public void Reads_a_status_line(string line, int status, int version)
    {
        ResponseHead head = Heads.AcceptResponse(line + "\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal((status, version), (head.Status, head.Version));
    }

    [Theory]
    [InlineData("HTTP/1.1 099 Low")]
    [InlineData("HTTP/1.1 600 High")]
    [InlineData("HTTP/1.1 20 Short")]
    [InlineData("HTTP/1.1 2000 Long")]
    [InlineData("HTTP/1.1  200 OK")]
    [InlineData("HTTP/1.1 2x0 OK")]
    [InlineData("HTTP/1.1 +20 OK")]
    [InlineData("HTTP/1.1\t200 OK")]
    [InlineData("HTTP/1.1 200\tOK")]
    [InlineData("HTTP/2.0 200 OK")]
    [InlineData("HTTP/1.2 200 OK")]
    [InlineData("http/1.1 200 OK")]
    [InlineData("\r\nHTTP/1.1 200 OK")]
    [InlineData("ICY 200 OK")]
    [InlineData("HTTP/1.1 200 O\0K")]
    [InlineData("HTTP/1.1 200 O\u007fK")]
    [InlineData("<html>")]
    public void Refuses_what_is_no_status_line(string line) => Heads.RefuseResponse(line + "\r\n\r\n", ViolationCode.BadStatusLine);

    [Theory]
    [InlineData("HTTP/1.1 200 OK\n\r\n")]
    [InlineData("HTTP/1.1 200 O\rK\r\n\r\n")]
    public void Refuses_other_line_ends(string head) => Heads.RefuseResponse(head, ViolationCode.NonCrLfLineTermination);

    [Fact]
    public void Refuses_an_endless_status_line()
    {
        var limits = new HeadLimits(requestLine: 64);
        ParseResult result = Http1ResponseParser.Parse(Heads.Bytes("HTTP/1.1 200 " + new string('x', 100)), limits, HttpMethod.Get, new ResponseHead());
        Assert.Equal(ViolationCode.BadStatusLine, result.Violation);
    }

    [Fact]
    public void Leaves_the_body_alone()
    {
        byte[] bytes = Heads.Bytes("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
        var head = new ResponseHead();
        Assert.Equal(bytes.Length - 3, Http1ResponseParser.Parse(bytes, Heads.Limits, HttpMethod.Get, head).Consumed);
        Assert.Equal("3", Heads.Text(head.Headers.Value(0)));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\n\r\n", ViolationCode.TooManyHeaders)]
    [InlineData("HTTP/1.1 200 OK\r\nA: 11111111111111111111111111111111111111111111111111111111111111111111\r\n\r\n", ViolationCode.HeadTooLarge)]
    public void Limits_an_upstream_too(string text, ViolationCode violation)
    {
        var limits = new HeadLimits(requestLine: 64, headBytes: 64, headerCount: 1);
        Assert.Equal(violation, Http1ResponseParser.Parse(Heads.Bytes(text), limits, HttpMethod.Get, new ResponseHead()).Violation);
    }
}
