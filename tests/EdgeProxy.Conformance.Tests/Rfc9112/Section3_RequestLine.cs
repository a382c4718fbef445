using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9112;

public sealed class Section3_RequestLine
{
    [Theory]
    [InlineData("GET", HttpMethod.Get)]
    [InlineData("HEAD", HttpMethod.Head)]
    [InlineData("POST", HttpMethod.Post)]
    [InlineData("PUT", HttpMethod.Put)]
    [InlineData("PATCH", HttpMethod.Patch)]
    [InlineData("DELETE", HttpMethod.Delete)]
    [InlineData("OPTIONS", HttpMethod.Options)]
    [InlineData("TRACE", HttpMethod.Trace)]
    [InlineData("get", HttpMethod.Other)]
    [InlineData("GETS", HttpMethod.Other)]
    [InlineData("M-SEARCH", HttpMethod.Other)]
    [InlineData("!#$%&'*+-.^_`|~0", HttpMethod.Other)]
    public void Reads_any_token_as_a_method(string method, HttpMethod expected)
    {
        RequestHead head = Heads.Accept(method + " / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(expected, head.Method);
        Assert.Equal(method, Heads.Text(head.MethodText));
    }

    [Theory]
    [InlineData(" / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("G\tET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GE\0T / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("G@T / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("{\"a\":1}")]
    [InlineData("\u0016\u0003\u0001\u0002")]
    [InlineData("é / HTTP/1.1\r\nHost: a\r\n\r\n")]
    public void Refuses_a_method_that_is_no_token(string head) => Heads.Refuse(head, ViolationCode.BadMethod);

    [Fact]
    public void Refuses_a_method_over_32_bytes_before_its_end_is_seen()
    {
        Heads.Accept(new string('M', 32) + " / HTTP/1.1\r\nHost: a\r\n\r\n");
        Heads.Refuse(new string('M', 33) + " / HTTP/1.1\r\nHost: a\r\n\r\n", ViolationCode.BadMethod);
        Heads.Refuse(new string('M', 33), ViolationCode.BadMethod);
    }

    [Theory]
    [InlineData("GET\r\n")]
    [InlineData("GET\n")]
    [InlineData("GET  HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET  / HTTP/1.1\r\nHost: a\r\n\r\n")]
    public void Refuses_a_request_line_without_a_target(string head) => Heads.Refuse(head, ViolationCode.MissingUri);

    [Theory]
    [InlineData("GET /\r\n")]
    [InlineData("GET / \r\n")]
    [InlineData("GET / HTTP/1.1 \r\nHost: a\r\n\r\n")]
    [InlineData("GET /  HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / http/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/11\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.10\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/01.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/0.9\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.2\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.9\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/+1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1,1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTPS/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/2.0x\r\nHost: a\r\n\r\n")]
    [InlineData("GET / RTSP/1.0\r\nHost: a\r\n\r\n")]
    public void Refuses_what_is_no_version_1_0_or_1_1(string head) => Heads.Refuse(head, ViolationCode.BadVersion);

    [Theory]
    [InlineData("GET / HTTP/2.0\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/3.7\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/9.9\r\n")]
    public void Answers_505_to_a_higher_major_version(string head)
    {
        Heads.Refuse(head, ViolationCode.UnsupportedVersion);
        Assert.Equal(505, ViolationAnswers.StatusOf(ViolationCode.UnsupportedVersion));
    }

    [Fact]
    public void Reads_both_versions()
    {
        Assert.Equal(11, Heads.Accept("GET / HTTP/1.1\r\nHost: a\r\n\r\n").Version);
        Assert.Equal(10, Heads.Accept("GET / HTTP/1.0\r\nHost: a\r\n\r\n").Version);
    }

    [Fact]
    public void Answers_414_to_a_request_line_over_its_limit_without_waiting_for_its_end()
    {
        var limits = new HeadLimits(requestLine: 100);
        string exact = "GET /" + new string('a', 100 - 5 - 11) + " HTTP/1.1\r\n";
        Assert.Equal(100, exact.Length);
        Heads.Accept(exact + "Host: a\r\n\r\n", default, limits);
        Heads.Refuse(exact.Replace("GET /", "GET /a", StringComparison.Ordinal) + "Host: a\r\n\r\n", ViolationCode.UriTooLong, default, limits);
        Heads.Refuse("GET /" + new string('a', 200), ViolationCode.UriTooLong, default, limits);
        Heads.Refuse("GET /" + new string('a', 200) + "\0", ViolationCode.UriTooLong, default, limits);
        Assert.Equal(414, ViolationAnswers.StatusOf(ViolationCode.UriTooLong));
    }

    [Fact]
    public void Allows_a_request_line_of_10240_bytes_by_default()
    {
        string exact = "GET /" + new string('a', 10240 - 5 - 11) + " HTTP/1.1\r\nHost: a\r\n\r\n";
        byte[] bytes = Heads.Bytes(exact);
        Assert.Equal(ParseStatus.Complete, Http1RequestParser.Parse(bytes, new HeadLimits(), default, new RequestHead()).Status);
        bytes = Heads.Bytes(exact.Replace("GET /", "GET /a", StringComparison.Ordinal));
        Assert.Equal(ViolationCode.UriTooLong, Http1RequestParser.Parse(bytes, new HeadLimits(), default, new RequestHead()).Violation);
    }
}
