using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Lambda.EventStream;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Lambda.EventStream;

public sealed class EventStreamDecoderTests
{
    private readonly LoopBuffers _buffers = new();

    private static readonly string s_stream =
        FakeInvokeEndpoint.Message("PayloadChunk", "hello ") + FakeInvokeEndpoint.Message("PayloadChunk", "") + FakeInvokeEndpoint.Message("PayloadChunk", "w\u00f6rld")
        + FakeInvokeEndpoint.Message([(":message-type", "exception"), (":exception-type", "TooManyRequestsException")], "{}")
        + FakeInvokeEndpoint.Message([(":message-type", "error"), (":error-code", "Internal"), (":error-message", "it broke")], "")
        + FakeInvokeEndpoint.Message([], "nothing said") + FakeInvokeEndpoint.Message("InvokeComplete", "{}");

    private const string Expected = "Event PayloadChunk 'hello '|Event PayloadChunk ''|Event PayloadChunk 'w\u00f6rld'|Exception TooManyRequestsException '{}'|Error Internal it broke ''|Other  'nothing said'|Event InvokeComplete '{}'|";

    [Fact]
    public void Gives_the_same_messages_however_the_stream_is_cut()
    {
        byte[] bytes = Encoding.Latin1.GetBytes(s_stream);
        Assert.Equal(Expected, Decode(bytes));
        for (int cut = 0; cut <= bytes.Length; cut++) Assert.Equal(Expected, Decode(bytes[..cut], bytes[cut..]));
        Assert.Equal(Expected, Decode([.. bytes.Select(static value => (byte[])[value])]));
        Assert.Equal(0, _buffers.Leased);
    }

    [Fact]
    public void Refuses_a_stream_with_any_byte_changed()
    {
        byte[] message = Encoding.Latin1.GetBytes(FakeInvokeEndpoint.Message("PayloadChunk", "hello"));
        for (int at = 0; at < message.Length; at++)
        {
            foreach (byte flip in (byte[])[1, 0x80, 0xff])
            {
                byte[] changed = [.. message];
                changed[at] ^= flip;
                string decoded = Decode([.. changed, .. message]);
                Assert.True(decoded == "violation", $"byte {at} ^ {flip}: {decoded}");
            }
        }
    }

    [Fact]
    public void Never_throws_and_never_goes_on_after_a_violation_whatever_comes()
    {
        var random = new Random(20261122);
        byte[] stream = Encoding.Latin1.GetBytes(s_stream);
        for (int round = 0; round < 3000; round++)
        {
            byte[] bytes = [.. stream];
            for (int change = random.Next(1, 6); change > 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);

            // With its sums made right again, so that what is behind them is tried as well.
            if (random.Next(2) == 0) Repair(bytes);
            int cut = random.Next(bytes.Length);
            Assert.Equal(Decode(bytes), Decode(bytes[..cut], bytes[cut..]));
        }

        Assert.Equal(0, _buffers.Leased);
    }

    [Theory]
    [InlineData(0x00000000u, 0u)]
    [InlineData(0x0000000fu, 0u)]
    [InlineData(0xffffffffu, 0u)]
    [InlineData(0x01000011u, 0u)] // a payload of 16 MiB and a byte
    [InlineData(0x00020020u, 0x00020001u)] // headers of 128 KiB and a byte
    [InlineData(0x00000020u, 0x00000011u)] // headers beyond the message
    [InlineData(0x00000020u, 0xfffffff0u)]
    public void Refuses_lengths_that_cannot_be_before_it_gathers_anything(uint total, uint headers)
    {
        byte[] prelude = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(prelude, total);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(4), headers);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(8), Crc32.HashToUInt32(prelude.AsSpan(0, 8)));
        Assert.Equal("violation", Decode(prelude));
    }

    [Fact]
    public void Takes_the_largest_payload_there_is()
    {
        byte[] payload = new byte[EventStreamDecoder.MaxPayload];
        payload[^1] = 7;
        var decoder = new EventStreamDecoder();
        decoder.Append(Encoding.Latin1.GetBytes(FakeInvokeEndpoint.Message([], payload)), _buffers);
        Assert.Equal(EventStreamStep.Message, decoder.TryRead());
        Assert.True(decoder.Payload.Span.SequenceEqual(payload));
        decoder.Release(_buffers);
    }

    [Fact]
    public void Keeps_no_more_memory_than_came_whatever_a_length_announces()
    {
        var decoder = new EventStreamDecoder();
        byte[] message = Encoding.Latin1.GetBytes(FakeInvokeEndpoint.Message([], new byte[1024 * 1024]));
        decoder.Append(message.AsSpan(0, 100), _buffers);
        Assert.Equal(EventStreamStep.NeedsMore, decoder.TryRead());
        Assert.True(decoder.HasRest);
        int at = 100;
        long least = AllocationProbe.Least(() =>
        {
            decoder.Append(message.AsSpan(at, 100), _buffers);
            at += 100;
            Assert.Equal(EventStreamStep.NeedsMore, decoder.TryRead());
        });
        Assert.InRange(least, 0, 999);
        decoder.Release(_buffers);
        Assert.False(decoder.HasRest);
    }

    [Theory]
    [InlineData(new byte[] { 1, (byte)'a', 0, 1, (byte)'b', 1 })]
    [InlineData(new byte[] { 1, (byte)'a', 2, 9 })]
    [InlineData(new byte[] { 1, (byte)'a', 3, 9, 9 })]
    [InlineData(new byte[] { 1, (byte)'a', 4, 9, 9, 9, 9 })]
    [InlineData(new byte[] { 1, (byte)'a', 5, 9, 9, 9, 9, 9, 9, 9, 9 })]
    [InlineData(new byte[] { 1, (byte)'a', 6, 0, 2, 9, 9 })]
    [InlineData(new byte[] { 1, (byte)'a', 8, 9, 9, 9, 9, 9, 9, 9, 9 })]
    [InlineData(new byte[] { 1, (byte)'a', 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 })]
    public void Passes_over_headers_of_every_type(byte[] headers) => Assert.Equal("Other  'x'|", Decode(Encoding.Latin1.GetBytes(FakeInvokeEndpoint.Message(headers, "x"u8.ToArray()))));

    [Theory]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 5, (byte)'a', 7 })]
    [InlineData(new byte[] { 1, (byte)'a', 10 })]
    [InlineData(new byte[] { 1, (byte)'a', 7, 0 })]
    [InlineData(new byte[] { 1, (byte)'a', 7, 0, 2, 9 })]
    [InlineData(new byte[] { 1, (byte)'a', 9, 1, 2 })]
    public void Refuses_headers_that_break_off_or_are_of_no_type(byte[] headers) => Assert.Equal("violation", Decode(Encoding.Latin1.GetBytes(FakeInvokeEndpoint.Message(headers, "x"u8.ToArray()))));

    [Fact]
    public void Reads_what_the_writer_writes()
    {
        byte[] into = new byte[EventStreamWriter.MaxOverhead + 3];
        int length = EventStreamWriter.WriteEvent(into, "PayloadChunk"u8, "application/octet-stream"u8, "abc"u8);
        Assert.Equal("Event PayloadChunk 'abc'|", Decode(into[..length]));
        Assert.Equal(FakeInvokeEndpoint.Message("PayloadChunk", "abc"), Encoding.Latin1.GetString(into, 0, length));
    }

    private static void Repair(Span<byte> stream)
    {
        while (stream.Length >= 16)
        {
            uint total = BinaryPrimitives.ReadUInt32BigEndian(stream);
            if (total < 16 || total > stream.Length) return;
            BinaryPrimitives.WriteUInt32BigEndian(stream[8..], Crc32.HashToUInt32(stream[..8]));
            BinaryPrimitives.WriteUInt32BigEndian(stream[((int)total - 4)..], Crc32.HashToUInt32(stream[..((int)total - 4)]));
            stream = stream[(int)total..];
        }
    }

    private string Decode(params byte[][] runs)
    {
        var decoder = new EventStreamDecoder();
        var text = new StringBuilder();
        foreach (byte[] run in runs)
        {
            decoder.Append(run, _buffers);
            while (true)
            {
                EventStreamStep step = decoder.TryRead();
                if (step == EventStreamStep.NeedsMore) break;
                if (step == EventStreamStep.Violation)
                {
                    Assert.Equal(EventStreamStep.Violation, decoder.TryRead());
                    decoder.Release(_buffers);
                    return "violation";
                }

                string message = decoder.ErrorMessage.IsEmpty ? "" : " " + Encoding.Latin1.GetString(decoder.ErrorMessage);
                text.Append($"{decoder.Kind} {Encoding.Latin1.GetString(decoder.Type)}{message} '{Encoding.Latin1.GetString(decoder.Payload.Span)}'|");
            }
        }

        decoder.Release(_buffers);
        return text.ToString();
    }
}
