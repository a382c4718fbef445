using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Http.Http1;

public sealed class Http1WriterTests
{
    [Fact]
    public void Writes_a_response_head()
    {
        var table = new HeaderTable();
        table.Add("x-Mine"u8, "one"u8);
        table.Add("content-TYPE"u8, "text/plain"u8);
        var writer = new ByteWriter(new byte[256]);
        Http1Writer.WriteStatusLine(ref writer, 200);
        for (int i = 0; i < table.Count; i++) Assert.True(Http1Writer.TryWriteField(ref writer, table, i));
        Assert.True(Http1Writer.TryWriteField(ref writer, KnownHeader.Connection, "close"u8));
        Http1Writer.WriteChunked(ref writer);
        Http1Writer.EndHead(ref writer);
        Assert.Equal(
            "HTTP/1.1 200 OK\r\nx-Mine: one\r\ncontent-TYPE: text/plain\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n",
            Encoding.ASCII.GetString(writer.Written));
    }

    [Theory]
    [InlineData(1, "1\r\n")]
    [InlineData(255, "ff\r\n")]
    [InlineData(long.MaxValue, "7fffffffffffffff\r\n")]
    public void Writes_a_chunk_size(long size, string line)
    {
        var writer = new ByteWriter(new byte[Http1Writer.LongestChunkSizeLine]);
        Http1Writer.WriteChunkSize(ref writer, size);
        Assert.Equal((line, false), (Encoding.ASCII.GetString(writer.Written), writer.Overflowed));
    }

    [Fact]
    public void Refuses_a_chunk_of_nothing_because_it_would_end_the_body() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var writer = new ByteWriter(new byte[8]);
            Http1Writer.WriteChunkSize(ref writer, 0);
        });

    [Fact]
    public void Says_so_when_a_head_does_not_fit()
    {
        byte[] whole = Write(new byte[256], out _);
        for (int length = 0; length < whole.Length; length++)
        {
            Write(new byte[length], out bool overflowed);
            Assert.True(overflowed);
        }

        Assert.Equal(whole, Write(new byte[whole.Length], out bool last));
        Assert.False(last);

        static byte[] Write(byte[] room, out bool overflowed)
        {
            var writer = new ByteWriter(room);
            Http1Writer.TryWriteRequestLine(ref writer, "GET"u8, "/a"u8);
            Http1Writer.WriteStatusLine(ref writer, 299);
            Http1Writer.WriteStatusLine(ref writer, 503);
            Http1Writer.TryWriteField(ref writer, "a"u8, "b"u8);
            Http1Writer.WriteContentLength(ref writer, 1234);
            Http1Writer.EndHead(ref writer);
            overflowed = writer.Overflowed;
            return writer.Written.ToArray();
        }
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\r\nX: y")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    public void A_field_that_would_end_its_line_early_is_left_out_and_the_others_stay(string value)
    {
        var headers = new HeaderTable();
        headers.Add("A"u8, "1"u8);
        headers.Add("B"u8, System.Text.Encoding.ASCII.GetBytes(value));
        headers.Add("C"u8, "3"u8);
        var writer = new ByteWriter(new byte[100]);
        Http1Writer.WriteFields(ref writer, headers);
        Assert.Equal("A: 1\r\nC: 3\r\n", System.Text.Encoding.ASCII.GetString(writer.Written));
    }
}
