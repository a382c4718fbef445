using System.Text;
using EdgeProxy.Load.Messages;

namespace EdgeProxy.Tests.Load.Messages;

public sealed class ResponseReaderTests
{
    private const string Counted = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ncontent-length: 5\r\n\r\nhello";
    private const string Chunked = "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n";
    private const string Empty = "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n";
    private const string Interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

    [Fact]
    public void Reads_a_row_of_responses_however_the_bytes_are_split()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(Counted + Chunked + Empty + Interim + Counted);
        for (int split = 0; split <= bytes.Length; split++)
        {
            ResponseReader reader = new(BodyRule.ByHead);
            List<int> seen = [];
            Feed(reader, bytes.AsSpan(0, split), seen);
            Feed(reader, bytes.AsSpan(split), seen);

            Assert.Equal([200, 201, 304, 404, 200], seen);
            Assert.Equal(25, reader.ContentBytes);
            Assert.True(reader.KeepAlive);
            Assert.False(reader.Started);
        }
    }

    [Fact]
    public void Reads_a_row_of_responses_byte_by_byte()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(Counted + Chunked + Empty + Interim + Counted);
        ResponseReader reader = new(BodyRule.ByHead);
        List<int> seen = [];
        for (int index = 0; index < bytes.Length; index++) Feed(reader, bytes.AsSpan(index, 1), seen);

        Assert.Equal([200, 201, 304, 404, 200], seen);
        Assert.Equal(25, reader.ContentBytes);
    }

    [Fact]
    public void Takes_no_content_after_an_answer_to_HEAD()
    {
        ResponseReader reader = new(BodyRule.Never);
        byte[] bytes = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1");

        Assert.Equal(ReadStep.Complete, reader.Read(bytes, out int consumed));
        Assert.Equal(bytes.Length - 8, consumed);
    }

    [Fact]
    public void An_answer_without_length_lasts_until_the_connection_ends()
    {
        ResponseReader reader = new(BodyRule.ByHead);

        Assert.Equal(ReadStep.NeedMore, reader.Read("HTTP/1.1 200 OK\r\n\r\nabc"u8, out _));
        Assert.True(reader.CompletesAtClose());
        Assert.False(reader.KeepAlive);
        Assert.Equal(3, reader.ContentBytes);
    }

    [Fact]
    public void An_answer_that_is_cut_short_is_not_completed_by_the_end()
    {
        ResponseReader reader = new(BodyRule.ByHead);

        Assert.Equal(ReadStep.NeedMore, reader.Read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"u8, out _));
        Assert.False(reader.CompletesAtClose());
        Assert.True(reader.Started);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true)]
    public void Knows_whether_the_connection_goes_on(string response, bool goesOn)
    {
        ResponseReader reader = new(BodyRule.ByHead);

        Assert.Equal(ReadStep.Complete, reader.Read(Encoding.ASCII.GetBytes(response), out _));
        Assert.Equal(goesOn, reader.KeepAlive);
    }

    [Theory]
    [InlineData("HTTX/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 700 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nG\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\nab\r\n")]
    public void Refuses_what_is_no_response(string response)
    {
        ResponseReader reader = new(BodyRule.ByHead);

        Assert.Equal(ReadStep.Malformed, reader.Read(Encoding.ASCII.GetBytes(response), out _));
    }

    [Fact]
    public void Refuses_a_head_without_end()
    {
        ResponseReader reader = new(BodyRule.ByHead);
        byte[] bytes = new byte[1024];
        bytes.AsSpan().Fill((byte)'a');
        ReadStep step = ReadStep.NeedMore;
        int rounds = 0;
        while (step == ReadStep.NeedMore && ++rounds < 1000) step = reader.Read(bytes, out _);

        Assert.Equal(ReadStep.Malformed, step);
    }

    private static void Feed(ResponseReader reader, ReadOnlySpan<byte> bytes, List<int> seen)
    {
        while (reader.Read(bytes, out int consumed) is ReadStep.Complete)
        {
            seen.Add(reader.Status);
            bytes = bytes[consumed..];
        }
    }
}
