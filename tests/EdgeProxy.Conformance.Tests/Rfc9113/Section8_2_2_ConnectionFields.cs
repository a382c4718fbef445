using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 8.2.2: a message with a field that belongs to an HTTP/1.1 connection is malformed, wherever in it the field stands.</summary>
public sealed class Section8_2_2_ConnectionFields
{
    [Theory]
    [InlineData("connection=close")]
    [InlineData("keep-alive=timeout=5")]
    [InlineData("proxy-connection=close")]
    [InlineData("transfer-encoding=chunked")]
    [InlineData("upgrade=h2c")]
    public void Heads_and_trailers_with_one_are_malformed(string field)
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        Assert.Contains(client.Say(Http2Bytes.Get(1, "/", field)), line => line.StartsWith("RST_STREAM 1", StringComparison.Ordinal));
        Assert.Contains(client.Say(Http2Bytes.Post(3, "/"), Http2Bytes.Data(3, "hello"), Http2Bytes.Headers(3, true, field)), line => line.StartsWith("RST_STREAM 3", StringComparison.Ordinal));
        Assert.DoesNotContain(stage.Handler.Seen, seen => seen.Contains("hello", StringComparison.Ordinal));
    }
}
