using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9112;

public sealed class Section6_MessageBody
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("5", 5)]
    [InlineData("007", 7)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Reads_a_length(string value, long length)
    {
        RequestHead head = Heads.Accept($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:  {value}\t\r\n\r\n");
        Assert.Equal((BodyFraming.Length, length), (head.Framing, head.ContentLength));
    }

    [Theory]
    [InlineData("")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("1,1")]
    [InlineData("1, 1")]
    [InlineData("1 1")]
    [InlineData("1.0")]
    [InlineData("0x10")]
    [InlineData("1e3")]
    [InlineData("1;")]
    [InlineData("\"1\"")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551617")]
    [InlineData("99999999999999999999999999999999")]
    [InlineData("\u00b2")]
    [InlineData("chunked")]
    public void Refuses_a_malformed_length(string value) =>
        Heads.Refuse($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {value}\r\n\r\n", ViolationCode.BadContentLength);

    [Fact]
    public void Refuses_differing_lengths() =>
        Heads.Refuse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", ViolationCode.MultipleContentLength);

    [Theory]
    [InlineData("5", "5")]
    [InlineData("0", "0")]
    [InlineData("5", "05")]
    public void Refuses_the_same_length_twice(string one, string other) =>
        Heads.Refuse($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {one}\r\ncontent-length: {other}\r\n\r\n", ViolationCode.DuplicateContentLength);

    [Theory]
    [InlineData("chunked")]
    [InlineData("Chunked")]
    [InlineData("CHUNKED")]
    [InlineData(" chunked \t")]
    public void Reads_chunked_in_any_case(string value)
    {
        RequestHead head = Heads.Accept($"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {value}\r\n\r\n");
        Assert.Equal((BodyFraming.Chunked, -1), (head.Framing, head.ContentLength));
    }

    [Theory]
    [InlineData("")]
    [InlineData("identity")]
    [InlineData("gzip")]
    [InlineData("gzip, chunked")]
    [InlineData("chunked, gzip")]
    [InlineData("chunked, chunked")]
    [InlineData("chunked,")]
    [InlineData(", chunked")]
    [InlineData("xchunked")]
    [InlineData("chunked;a=b")]
    [InlineData("\"chunked\"")]
    [InlineData("chun ked")]
    [InlineData("\u00a0chunked")]
    public void Refuses_any_other_coding(string value) =>
        Heads.Refuse($"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {value}\r\n\r\n", ViolationCode.BadTransferEncoding);

    [Fact]
    public void Refuses_chunked_twice() =>
        Heads.Refuse("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-encoding: chunked\r\n\r\n", ViolationCode.MultipleTransferEncodingChunked);

    [Fact]
    public void Refuses_chunked_from_http_1_0() =>
        Heads.Refuse("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", ViolationCode.TransferEncodingInHttp10);

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 0")]
    public void Refuses_both_framing_fields(string lines) =>
        Heads.Refuse($"POST / HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n", ViolationCode.BothTeClPresent);
}
