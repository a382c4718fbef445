using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9112;

public sealed class Section6_3_BodyLength
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public void A_request_without_framing_fields_has_no_body(string method)
    {
        RequestHead head = Heads.Accept($"{method} / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal((BodyFraming.None, -1), (head.Framing, head.ContentLength));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("DELETE")]
    public void A_length_passes_with_every_method(string method)
    {
        RequestHead head = Heads.Accept($"{method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n");
        Assert.Equal((BodyFraming.Length, 4), (head.Framing, head.ContentLength));
        Assert.Equal(DesyncTier.Compliant, head.Tier);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public void Chunks_with_get_or_head_are_refused(string method) => Heads.Refuse(
        $"{method} / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", ViolationCode.UndefinedTransferEncodingSemantics);

    [Theory]
    [InlineData("HEAD", 200, "Content-Length: 5", 5)]
    [InlineData("HEAD", 200, "Transfer-Encoding: chunked", -1)]
    [InlineData("HEAD", 404, "X: y", -1)]
    [InlineData("GET", 304, "Content-Length: 5", 5)]
    [InlineData("GET", 304, "X: y", -1)]
    [InlineData("GET", 204, "X: y", -1)]
    [InlineData("GET", 100, "X: y", -1)]
    [InlineData("GET", 103, "X: y", -1)]
    [InlineData("CONNECT", 200, "X: y", -1)]
    public void These_responses_have_no_body_and_keep_the_connection(string method, int status, string line, long declared)
    {
        ResponseHead head = Read(method, status, line);
        Assert.Equal((BodyFraming.None, declared, true), (head.Framing, head.ContentLength, head.KeepAlive));
    }

    [Theory]
    [InlineData(204, "Content-Length: 5")]
    [InlineData(204, "Transfer-Encoding: chunked")]
    [InlineData(100, "Content-Length: 5")]
    [InlineData(101, "Transfer-Encoding: chunked")]
    public void A_bodyless_status_that_announces_a_body_costs_its_connection(int status, string line)
    {
        ResponseHead head = Read("GET", status, line);
        Assert.Equal((BodyFraming.None, false), (head.Framing, head.KeepAlive));
    }

    [Fact]
    public void A_response_is_framed_by_its_fields_and_else_by_the_end_of_the_connection()
    {
        Assert.Equal(BodyFraming.Length, Read("GET", 200, "Content-Length: 5").Framing);
        Assert.Equal(BodyFraming.Chunked, Read("GET", 200, "Transfer-Encoding: Chunked").Framing);
        Assert.Equal(BodyFraming.Length, Read("CONNECT", 404, "Content-Length: 5").Framing);

        ResponseHead head = Read("GET", 200, "Connection: keep-alive");
        Assert.Equal((BodyFraming.UntilClose, false), (head.Framing, head.KeepAlive));
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked", ViolationCode.BothTeClPresent)]
    [InlineData("Content-Length: 5\r\nContent-Length: 6", ViolationCode.MultipleContentLength)]
    [InlineData("Content-Length: 5, 5", ViolationCode.BadContentLength)]
    [InlineData("Content-Length: 5\r\nContent-Length: 5", ViolationCode.DuplicateContentLength)]
    [InlineData("Transfer-Encoding: gzip", ViolationCode.BadTransferEncoding)]
    [InlineData("Content_Length: 5", ViolationCode.SuspiciousHeader)]
    public void A_doubtfully_framed_response_is_refused(string lines, ViolationCode violation) =>
        Heads.RefuseResponse($"HTTP/1.1 200 OK\r\n{lines}\r\n\r\n", violation);

    [Fact]
    public void Chunks_from_an_http_1_0_upstream_are_refused() =>
        Heads.RefuseResponse("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", ViolationCode.TransferEncodingInHttp10);

    private static ResponseHead Read(string method, int status, string lines) =>
        Heads.AcceptResponse($"HTTP/1.1 {status} Text\r\n{lines}\r\n\r\n", HttpMethods.Find(Heads.Bytes(method)));
}
