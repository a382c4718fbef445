using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 8.1: how a request and its response lie in frames.</summary>
public sealed class Section8_1_MessageFraming
{
    [Fact]
    public void A_request_in_one_HEADERS_frame_is_answered_by_HEADERS_and_DATA()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        Assert.Equal(["HEADERS 1 :status=200 date=now content-length=6", "DATA 1 END GET /a"], client.Say(Http2Bytes.Get(1, "/a")));
        Assert.Equal(["HEADERS 3 :status=200 date=now content-length=6", "DATA 3 END GET /b"], client.Say(Http2Bytes.Get(3, "/b")));
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }
}
