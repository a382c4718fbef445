using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9112;

public sealed class Section2_2_MessageParsing
{
    [Fact]
    public void Reads_a_head_and_leaves_what_follows()
    {
        const string head = "POST /a/b?c=d HTTP/1.1\r\nHost: api.example\r\nContent-Length: 3\r\n\r\n";
        byte[] bytes = Heads.Bytes(head + "xyzGET / HTTP/1.1\r\n");
        var request = new RequestHead();
        ParseResult result = Http1RequestParser.Parse(bytes, Heads.Limits, default, request);

        Assert.Equal((ParseStatus.Complete, head.Length), (result.Status, result.Consumed));
        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.Equal("POST", Heads.Text(request.MethodText));
        Assert.Equal("/a/b?c=d", Heads.Text(request.Target));
        Assert.Equal("/a/b", Heads.Text(request.Path));
        Assert.Equal("c=d", Heads.Text(request.Query));
        Assert.Equal("api.example", Heads.Text(request.Authority));
        Assert.Equal(11, request.Version);
        Assert.Equal((BodyFraming.Length, 3), (request.Framing, request.ContentLength));
        Assert.Equal(head.Length, request.Headers.BlockLength);
    }

    [Fact]
    public void Takes_one_empty_line_before_the_request_line() =>
        Assert.Equal("/x", Heads.Text(Heads.Accept("\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n").Path));

    [Fact]
    public void Refuses_a_second_empty_line_before_the_request_line() =>
        Heads.Refuse("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", ViolationCode.BadMethod);

    [Theory]
    [InlineData("GET / HTTP/1.1\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: b\n\r\n")]
    public void Refuses_a_bare_line_feed(string head) => Heads.Refuse(head, ViolationCode.NonCrLfLineTermination);

    [Theory]
    [InlineData("\rGET / HTTP/1.1\r\n", ViolationCode.NonCrLfLineTermination)]
    [InlineData("GET / HTTP/1.1\rHost: a\r\n\r\n", ViolationCode.NonCrLfLineTermination)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", ViolationCode.BadHeaderValue)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\rX: b\r\n\r\n", ViolationCode.NonCrLfLineTermination)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", ViolationCode.BadHeaderValue)]
    public void Refuses_a_bare_carriage_return(string head, ViolationCode violation) => Heads.Refuse(head, violation);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n Host: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\tX: y\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n")]
    public void Refuses_white_space_between_the_request_line_and_the_first_field(string head) =>
        Heads.Refuse(head, ViolationCode.BadHeaderName);

    [Theory]
    [InlineData("")]
    [InlineData("G")]
    [InlineData("\r")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r")]
    public void Waits_for_more(string start) => Heads.Await(start);

    [Fact]
    public void Says_that_a_head_over_its_limit_is_too_large_without_waiting_for_its_end()
    {
        var limits = new HeadLimits(requestLine: 64, headBytes: 128, headerCount: 5);
        string start = "GET / HTTP/1.1\r\nHost: a\r\nX: " + new string('x', 200);
        Heads.Refuse(start, ViolationCode.HeadTooLarge, default, limits);
    }

    [Fact]
    public void Takes_field_lines_of_exactly_the_limit_whatever_the_length_of_the_request_line()
    {
        var limits = new HeadLimits(requestLine: 64, headBytes: 128, headerCount: 5);
        string fields = "Host: a\r\nX: " + new string('x', 128 - 12 - 4) + "\r\n\r\n";
        Assert.Equal(128, fields.Length);
        foreach (string line in new[] { "GET / HTTP/1.1\r\n", "GET /a/longer/target HTTP/1.1\r\n", "\r\nGET / HTTP/1.1\r\n" })
        {
            Heads.Accept(line + fields, default, limits);
            Heads.Refuse(line + fields.Replace("X:", "XY:", StringComparison.Ordinal), ViolationCode.HeadTooLarge, default, limits);
        }
    }

    [Fact]
    public void Refuses_one_field_line_more_than_allowed()
    {
        var limits = new HeadLimits(headerCount: 3);
        Heads.Accept("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\n\r\n", default, limits);
        Heads.Refuse("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", ViolationCode.TooManyHeaders, default, limits);
    }
}
