using EdgeProxy.Conformance.Tests.Rfc9112;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9110;

public sealed class Section8_6_ContentLength
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10_485_760)]
    [InlineData(long.MaxValue)]
    public void A_length_written_is_read_back(long length)
    {
        var writer = new ByteWriter(new byte[64]);
        Http1Writer.WriteContentLength(ref writer, length);
        string line = Heads.Text(writer.Written);
        Assert.Equal(length, Heads.Accept($"POST / HTTP/1.1\r\nHost: a\r\n{line}\r\n").ContentLength);
        Assert.Equal(length, Heads.AcceptResponse($"HTTP/1.1 200 OK\r\n{line}\r\n").ContentLength);
    }

    [Fact]
    public void Every_byte_that_is_no_digit_spoils_a_length()
    {
        for (int value = 0; value < 256; value++)
        {
            if (value is '\r' or '\n' || char.IsAsciiDigit((char)value)) continue;
            bool control = value is not '\t' and (< 0x20 or 0x7F);
            ViolationCode expected = control ? ViolationCode.BadHeaderValue : ViolationCode.BadContentLength;
            Heads.Refuse($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1{(char)value}2\r\n\r\n", expected);
            Heads.RefuseResponse($"HTTP/1.1 200 OK\r\nContent-Length: 1{(char)value}2\r\n\r\n", expected);
        }
    }

    [Fact]
    public void The_length_of_an_answer_to_head_or_of_304_is_kept_though_no_body_follows()
    {
        ResponseHead head = Heads.AcceptResponse("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", HttpMethod.Head);
        Assert.Equal((BodyFraming.None, 7), (head.Framing, head.ContentLength));
        head = Heads.AcceptResponse("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n");
        Assert.Equal((BodyFraming.None, 7), (head.Framing, head.ContentLength));
    }
}
