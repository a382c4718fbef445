using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 4 to 6: frames that are wrong, what they end, and PING.</summary>
public sealed class Section6_Control
{
    [Fact]
    public void PING_comes_back_with_the_same_bytes()
    {
        using var stage = new Http2Stage();
        Assert.Equal(["PING ACK 6162636465666768"], stage.Open().Say(Http2Bytes.Ping("abcdefgh")));
    }

    [Fact]
    public void The_answer_to_a_PING_is_not_answered()
    {
        using var stage = new Http2Stage();
        Assert.Empty(stage.Open().Say(Http2Bytes.Ping("abcdefgh", ack: true)));
    }

    [Theory]
    [InlineData(FrameType.Data, 0, 0, "x", "ProtocolError")] // 6.1
    [InlineData(FrameType.Headers, 4, 0, "x", "ProtocolError")] // 6.2
    [InlineData(FrameType.Priority, 0, 0, "12345", "ProtocolError")] // 6.3
    [InlineData(FrameType.RstStream, 0, 0, "1234", "ProtocolError")] // 6.4
    [InlineData(FrameType.RstStream, 0, 1, "123", "FrameSizeError")] // 6.4
    [InlineData(FrameType.Settings, 0, 1, "", "ProtocolError")] // 6.5
    [InlineData(FrameType.Settings, 0, 0, "12345", "FrameSizeError")] // 6.5
    [InlineData(FrameType.Settings, 1, 0, "123456", "FrameSizeError")] // 6.5
    [InlineData(FrameType.PushPromise, 4, 1, "1234", "ProtocolError")] // 8.4
    [InlineData(FrameType.Ping, 0, 1, "12345678", "ProtocolError")] // 6.7
    [InlineData(FrameType.Ping, 0, 0, "1234567", "FrameSizeError")] // 6.7
    [InlineData(FrameType.GoAway, 0, 1, "12345678", "ProtocolError")] // 6.8
    [InlineData(FrameType.GoAway, 0, 0, "1234567", "FrameSizeError")] // 6.8
    [InlineData(FrameType.WindowUpdate, 0, 0, "123", "FrameSizeError")] // 6.9
    [InlineData(FrameType.Continuation, 4, 1, "x", "ProtocolError")] // 6.10
    [InlineData(FrameType.Data, 8, 1, "", "FrameSizeError")] // 6.1: no padding length
    [InlineData(FrameType.Headers, 12, 1, "\u0009x", "ProtocolError")] // 6.2: more padding than frame
    [InlineData(FrameType.PriorityUpdate, 0, 1, "12345", "ProtocolError")] // RFC 9218, 7.1
    public void A_wrong_frame_is_a_connection_error(FrameType type, int flags, int stream, string payload, string code)
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        Assert.Equal([$"GOAWAY 0 {code}"], client.Say(Http2Bytes.Frame(type, (FrameFlags)flags, stream, System.Text.Encoding.Latin1.GetBytes(payload))));
        Assert.True(client.IsEnded);
    }

    [Fact]
    public void More_padding_than_DATA_is_a_connection_error()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        Assert.Equal("GOAWAY 1 ProtocolError", client.Say(Http2Bytes.Post(1, "/a"), Http2Bytes.Frame(FrameType.Data, FrameFlags.Padded, 1, [5, 1, 2]))[^1]);
    }

    [Fact]
    public void A_frame_larger_than_allowed_is_refused_by_its_header_alone()
    {
        using var stage = new Http2Stage();
        byte[] header = Http2Bytes.Frame(FrameType.Data, FrameFlags.None, 1);
        header[1] = 0x40;
        header[2] = 0x01; // 16,385
        Http2Peer client = stage.Open();
        Assert.Equal("GOAWAY 1 FrameSizeError", client.Say(Http2Bytes.Post(1, "/a"), header)[^1]);
    }

    [Fact]
    public void A_frame_as_large_as_allowed_is_taken()
    {
        using var stage = new Http2Stage();
        string body = new('x', 16_384);
        string[] lines = stage.Open().Say(Http2Bytes.Post(1, "/a"), Http2Bytes.Data(1, body, end: true));
        Assert.Contains(lines, line => line.StartsWith("HEADERS 1 :status=200", StringComparison.Ordinal));
        Assert.Equal("POST /a " + body, stage.Handler.Seen[0]);
    }

    [Fact]
    public void An_unknown_frame_type_is_ignored_whatever_it_holds()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        Assert.Contains("DATA 1 END GET /a", client.Say(Http2Bytes.Frame((FrameType)0x42, (FrameFlags)0xFF, 7, "whatever"u8), Http2Bytes.Get(1, "/a")));
    }

    [Fact]
    public void An_unknown_frame_within_a_field_block_is_a_connection_error()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        Assert.Equal(["GOAWAY 0 ProtocolError"], client.Say(Http2Bytes.Frame(FrameType.Headers, FrameFlags.EndStream, 1, "x"u8), Http2Bytes.Frame((FrameType)0x42, FrameFlags.None, 1)));
    }

    [Theory]
    [InlineData(FrameType.Data, 1)]
    [InlineData(FrameType.Continuation, 3)]
    [InlineData(FrameType.Ping, 0)]
    public void Another_frame_within_a_field_block_is_a_connection_error(FrameType type, int stream)
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        byte[] open = Http2Bytes.Frame(FrameType.Headers, FrameFlags.EndStream, 1, Http2Bytes.Block(":method=GET"));
        Assert.Equal(["GOAWAY 0 ProtocolError"], client.Say(open, Http2Bytes.Frame(type, FrameFlags.None, stream, "12345678"u8)));
    }

    [Fact]
    public void The_reserved_bit_and_undefined_flags_are_ignored()
    {
        using var stage = new Http2Stage();
        byte[] get = Http2Bytes.Get(1, "/a");
        get[4] |= 0xD2;
        get[5] |= 0x80;
        Assert.Contains("DATA 1 END GET /a", stage.Open().Say(get));
    }

    [Fact]
    public void A_PRIORITY_frame_of_the_wrong_size_resets_its_stream_alone()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open((4, 0));
        client.Say(Http2Bytes.Get(1, "/a"), Http2Bytes.Get(3, "/b"));
        Assert.Equal(["RST_STREAM 1 FrameSizeError"], client.Say(Http2Bytes.Frame(FrameType.Priority, FrameFlags.None, 1, "1234"u8)));
        Assert.Equal(["DATA 3 END GET /b"], client.Say(Http2Bytes.WindowUpdate(3, 100)));
    }

    [Fact]
    public void The_priority_fields_of_HEADERS_are_stepped_over()
    {
        using var stage = new Http2Stage();
        byte[] block = [0x80, 0, 0, 1, 255, .. Http2Bytes.Block(":method=GET", ":scheme=http", ":authority=x", ":path=/a")];
        Assert.Contains("DATA 3 END GET /a", stage.Open().Say(Http2Bytes.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream | FrameFlags.Priority, 3, block)));
    }

    [Fact]
    public void Padded_HEADERS_are_taken_without_their_padding()
    {
        using var stage = new Http2Stage();
        byte[] block = [3, .. Http2Bytes.Block(":method=GET", ":scheme=http", ":authority=x", ":path=/a"), 0, 0, 0];
        Assert.Contains("DATA 1 END GET /a", stage.Open().Say(Http2Bytes.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream | FrameFlags.Padded, 1, block)));
    }

    [Fact]
    public void A_block_that_is_no_HPACK_is_a_COMPRESSION_ERROR()
    {
        using var stage = new Http2Stage();
        Assert.Equal(["GOAWAY 0 CompressionError"], stage.Open().Say(Http2Bytes.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, [0x80])));
    }
}
