using System.Text;
using EdgeProxy.Conformance.Tests.Rfc9112;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9110;

public sealed class Section5_Fields
{
    [Fact]
    public void Field_names_are_exactly_the_tokens()
    {
        for (int value = 1; value < 256; value++)
        {
            if (value is ':' or '\r' or '\n' or ' ' or '\t') continue;
            bool token = char.IsAsciiLetterOrDigit((char)value) || "!#$%&'*+-.^_`|~".Contains((char)value, StringComparison.Ordinal);
            string head = $"GET / HTTP/1.1\r\nHost: a\r\nX{(char)value}Y: z\r\n\r\n";
            if (token) Heads.Accept(head);
            else Heads.Refuse(head, ViolationCode.BadHeaderName);
        }
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        byte[] room = new byte[1024];
        var writer = new ByteWriter(room);
        Assert.True(Http1Writer.TryWriteRequestLine(ref writer, "PATCH"u8, "/a%20b?c"u8));
        Assert.True(Http1Writer.TryWriteField(ref writer, KnownHeader.Host, "a.example"u8));
        Assert.True(Http1Writer.TryWriteField(ref writer, "x-Mine"u8, " spaced\tout \u00e9"u8));
        Assert.True(Http1Writer.TryWriteField(ref writer, "x-empty"u8, ""u8));
        Http1Writer.WriteContentLength(ref writer, 12);
        Http1Writer.EndHead(ref writer);

        RequestHead head = Heads.Accept(Heads.Text(writer.Written));
        Assert.Equal(("PATCH", "/a%20b", "c"), (Heads.Text(head.MethodText), Heads.Text(head.Path), Heads.Text(head.Query)));
        Assert.Equal("spaced\tout \u00e9", Encoding.UTF8.GetString(head.Headers.Value(1)));
        Assert.True(head.Headers.Value(2).IsEmpty);
        Assert.Equal(12, head.ContentLength);
    }

    [Theory]
    [InlineData("X", "a\r\nInjected: b")]
    [InlineData("X", "a\nb")]
    [InlineData("X", "a\rb")]
    [InlineData("X", "a\0b")]
    [InlineData("X\r\nY", "a")]
    [InlineData("X:", "a")]
    [InlineData("X ", "a")]
    [InlineData("", "a")]
    public void A_field_that_would_end_its_line_early_is_never_written(string name, string value)
    {
        var writer = new ByteWriter(new byte[100]);
        Assert.False(Http1Writer.TryWriteField(ref writer, Heads.Bytes(name), Heads.Bytes(value)));
        Assert.Equal((0, false), (writer.Length, writer.Overflowed));

        var table = new HeaderTable();
        table.Add(Heads.Bytes(name), Heads.Bytes(value));
        Assert.False(Http1Writer.TryWriteField(ref writer, table, 0));
        Assert.Equal(0, writer.Length);
    }

    [Theory]
    [InlineData("GET", "/a b")]
    [InlineData("GET", "/a\r\nX: y")]
    [InlineData("GET", "")]
    [InlineData("GET", "/\u00e9")]
    [InlineData("G T", "/")]
    [InlineData("", "/")]
    public void A_request_line_that_could_be_misread_is_never_written(string method, string target)
    {
        var writer = new ByteWriter(new byte[100]);
        Assert.False(Http1Writer.TryWriteRequestLine(ref writer, Heads.Bytes(method), Heads.Bytes(target)));
        Assert.Equal(0, writer.Length);
    }
}
