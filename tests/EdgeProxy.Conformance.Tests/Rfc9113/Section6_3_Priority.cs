using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 6.3: PRIORITY is deprecated, and its size still matters.</summary>
public sealed class Section6_3_Priority
{
    [Fact]
    public void A_wrong_size_ends_an_open_stream_and_the_connection_when_there_is_no_stream_to_end()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Post(3, "/"));
        Assert.Equal(["RST_STREAM 3 FrameSizeError"], client.Say(Http2Bytes.Frame(FrameType.Priority, FrameFlags.None, 3)));

        foreach (int idle in (int[])[2, 5])
        {
            client = stage.Open();
            client.Say(Http2Bytes.Post(3, "/"));
            Assert.StartsWith("GOAWAY", Assert.Single(client.Say(Http2Bytes.Frame(FrameType.Priority, FrameFlags.None, idle))), StringComparison.Ordinal);
        }
    }
}
