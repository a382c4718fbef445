using EdgeProxy.Http.Client;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Translation;

/// <summary>An HTTP/2 client in front of an HTTP/1.1 upstream: nothing in a stream may become a second request, or another length, on the connection behind.</summary>
public sealed class Http2ToHttp1Tests
{
    private static readonly (string Name, string Value)[] s_get = [(":method", "GET"), (":scheme", "http"), (":authority", "node"), (":path", "/a")];
    private static readonly (string Name, string Value)[] s_post = [(":method", "POST"), (":scheme", "http"), (":authority", "node"), (":path", "/a")];

    [Fact]
    public void A_request_becomes_one_of_http_1()
    {
        string sent = Send([.. s_get, ("x-a", "1"), ("te", "trailers"), ("cookie", "a=b"), ("cookie", "c=d")], ends: true);
        Assert.StartsWith("GET /a HTTP/1.1\r\n", sent, StringComparison.Ordinal);
        Assert.Contains("\r\nHost: 127.0.0.1:9000\r\n", sent, StringComparison.Ordinal);
        Assert.Contains("\r\nx-a: 1\r\n", sent, StringComparison.Ordinal);
        Assert.Contains("\r\ncookie: a=b; c=d\r\n", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\nte:", sent, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\r\n:", sent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_without_a_length_is_chunked_and_one_with_a_length_keeps_it()
    {
        string chunked = Send(s_post, ends: false, "hello");
        Assert.Contains("\r\nTransfer-Encoding: chunked\r\n", chunked, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n5\r\nhello\r\n0\r\n\r\n", chunked, StringComparison.Ordinal);
        string sized = Send([.. s_post, ("content-length", "5")], ends: false, "hello");
        Assert.Contains("\r\nContent-Length: 5\r\n", sized, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nhello", sized, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("connection", "close")]
    [InlineData("upgrade", "h2c")]
    [InlineData("keep-alive", "5")]
    [InlineData("proxy-connection", "x")]
    [InlineData("te", "gzip")]
    [InlineData("x-a", "1\r\nTransfer-Encoding: chunked")]
    [InlineData("x-a", "1\nHost: evil")]
    [InlineData("x-a", "1\0")]
    [InlineData("x-a: b", "1")]
    [InlineData("X-A", "1")]
    [InlineData("content-length", "5")] // of a body that is none
    [InlineData("content-length", "5, 5")]
    public void What_would_frame_another_request_reaches_no_upstream(string name, string value) => Assert.Equal("", Send([.. s_get, (name, value)], ends: true));

    [Theory]
    [InlineData(":path", "/a HTTP/1.1\r\nHost: evil\r\n\r\nGET /b")]
    [InlineData(":path", "/a b")]
    [InlineData(":path", "a")]
    [InlineData(":path", "")]
    [InlineData(":method", "GET / HTTP/1.1\r\nX:")]
    [InlineData(":method", "")]
    [InlineData(":authority", "node\r\nX: y")]
    [InlineData(":scheme", "http\r\n")]
    public void Nor_does_what_would_break_the_request_line(string pseudo, string value) =>
        Assert.Equal("", Send([.. s_get.Select(field => field.Name == pseudo ? (pseudo, value) : field)], ends: true));

    [Theory]
    [InlineData("3", "hello")]
    [InlineData("7", "hello")]
    public void A_body_of_another_length_than_announced_is_never_whole(string length, string body)
    {
        string sent = Send([.. s_post, ("content-length", length)], ends: false, body);
        int bodyLength = sent.Length == 0 ? 0 : sent.Length - sent.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4;
        Assert.True(bodyLength < int.Parse(length, System.Globalization.CultureInfo.InvariantCulture), sent);
    }

    private static string Send((string Name, string Value)[] fields, bool ends, string body = "")
    {
        using var stage = new TranslationStage(UpstreamProtocol.Http1);
        MemoryConnection client = stage.Connect();
        byte[] block = Http2UpstreamPeer.RawBlock(fields);
        byte[] head = [(byte)(block.Length >> 16), (byte)(block.Length >> 8), (byte)block.Length, 1, (byte)(ends ? 5 : 4), 0, 0, 0, 1];
        byte[] data = [0, 0, (byte)body.Length, 0, 1, 0, 0, 0, 1, .. System.Text.Encoding.ASCII.GetBytes(body)];
        client.Deliver([.. Http2Bytes.Preface, .. Http2Bytes.Settings(), .. head, .. block, .. ends ? [] : data]);
        stage.Loop.Run();
        return stage.TakeHttp1();
    }
}
