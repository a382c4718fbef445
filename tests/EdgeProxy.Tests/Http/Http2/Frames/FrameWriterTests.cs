using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http2.Frames;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeProxy.Tests.Http.Http2.Frames;

public sealed class FrameWriterTests
{
    private delegate void Writing(ref ByteWriter writer);

    [Fact]
    public void Writes_settings() => AssertWrites(
        "00000c 04 00 00000000 0003 00000064 0004 00018000",
        (ref ByteWriter writer) => FrameWriter.WriteSettings(ref writer, [new(Http2Setting.MaxConcurrentStreams, 100), new(Http2Setting.InitialWindowSize, 98304)]));

    [Fact]
    public void Writes_empty_settings() => AssertWrites("000000 04 00 00000000", (ref ByteWriter writer) => FrameWriter.WriteSettings(ref writer, []));

    [Fact]
    public void Writes_an_acknowledgement() => AssertWrites("000000 04 01 00000000", (ref ByteWriter writer) => FrameWriter.WriteSettingsAck(ref writer));

    [Fact]
    public void Writes_a_ping_and_its_answer()
    {
        AssertWrites("000008 06 00 00000000 0102030405060708", (ref ByteWriter writer) => FrameWriter.WritePing(ref writer, FrameFlags.None, [1, 2, 3, 4, 5, 6, 7, 8]));
        AssertWrites("000008 06 01 00000000 0102030405060708", (ref ByteWriter writer) => FrameWriter.WritePing(ref writer, FrameFlags.Ack, [1, 2, 3, 4, 5, 6, 7, 8]));
    }

    [Fact]
    public void Writes_the_end_of_a_connection() => AssertWrites(
        "000008 07 00 00000000 7fffffff 0000000b",
        (ref ByteWriter writer) => FrameWriter.WriteGoAway(ref writer, new StreamId(StreamId.Largest), Http2ErrorCode.EnhanceYourCalm));

    [Fact]
    public void Writes_the_end_of_a_stream() => AssertWrites(
        "000004 03 00 00000005 00000008",
        (ref ByteWriter writer) => FrameWriter.WriteRstStream(ref writer, new StreamId(5), Http2ErrorCode.Cancel));

    [Fact]
    public void Writes_a_window_update() => AssertWrites(
        "000004 08 00 00000000 00010000",
        (ref ByteWriter writer) => FrameWriter.WriteWindowUpdate(ref writer, StreamId.Connection, 65536));

    [Fact]
    public void Writes_data() => AssertWrites(
        "000003 00 01 00000007 616263",
        (ref ByteWriter writer) => FrameWriter.WriteData(ref writer, new StreamId(7), "abc"u8, FrameFlags.EndStream));

    [Fact]
    public void Writes_a_field_block_of_one_frame() => AssertWrites(
        "000003 01 05 00000001 616263",
        (ref ByteWriter writer) =>
        {
            int start = FrameWriter.BeginHeaders(ref writer);
            writer.Write("abc"u8);
            FrameWriter.EndHeaders(ref writer, start, new StreamId(1), FrameFlags.EndStream, FrameHeader.LeastMaxFrameSize);
        });

    [Fact]
    public void Cuts_a_field_block_into_frames_of_the_size_allowed() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        Gen.Choose(0, 500).Zip(Gen.Choose(1, 100)).Zip(Gen.Choose(0, 20)).ToArbitrary(),
        sizes =>
        {
            ((int length, int maxFrameSize), int before) = sizes;
            byte[] block = new byte[length];
            new Random(length).NextBytes(block);
            byte[] room = new byte[before + length + (FrameHeader.Size * (1 + length))];
            var writer = new ByteWriter(room);
            writer.Reserve(before);
            int start = FrameWriter.BeginHeaders(ref writer);
            writer.Write(block);
            FrameWriter.EndHeaders(ref writer, start, new StreamId(9), FrameFlags.EndStream, maxFrameSize);

            ReadOnlySpan<byte> rest = writer.Written[before..];
            var read = new List<byte>();
            bool first = true;
            while (true)
            {
                Assert.True(FrameHeader.TryRead(rest, out FrameHeader header));
                Assert.Equal(first ? FrameType.Headers : FrameType.Continuation, header.Type);
                Assert.Equal(first, header.Has(FrameFlags.EndStream));
                Assert.Equal(new StreamId(9), header.Stream);
                Assert.InRange(header.Length, first ? 0 : 1, maxFrameSize);
                read.AddRange(rest.Slice(FrameHeader.Size, header.Length));
                rest = rest[(FrameHeader.Size + header.Length)..];
                first = false;
                if (header.Has(FrameFlags.EndHeaders)) break;
            }

            Assert.True(rest.IsEmpty);
            Assert.Equal(block, read);
        }));

    [Fact]
    public void Says_when_something_does_not_fit_and_writes_none_of_it()
    {
        Writing[] all =
        [
            (ref ByteWriter writer) => FrameWriter.WriteSettings(ref writer, [new(Http2Setting.EnablePush, 0)]),
            (ref ByteWriter writer) => FrameWriter.WriteSettingsAck(ref writer),
            (ref ByteWriter writer) => FrameWriter.WritePing(ref writer, FrameFlags.None, new byte[8]),
            (ref ByteWriter writer) => FrameWriter.WriteGoAway(ref writer, default, Http2ErrorCode.NoError),
            (ref ByteWriter writer) => FrameWriter.WriteRstStream(ref writer, new StreamId(1), Http2ErrorCode.Cancel),
            (ref ByteWriter writer) => FrameWriter.WriteWindowUpdate(ref writer, new StreamId(1), 1),
            (ref ByteWriter writer) => FrameWriter.WriteData(ref writer, new StreamId(1), "abc"u8, FrameFlags.None),
        ];
        foreach (Writing write in all)
        {
            var writer = new ByteWriter(new byte[100]);
            write(ref writer);
            for (int size = 0; size < writer.Length; size++)
            {
                var small = new ByteWriter(new byte[size]);
                write(ref small);
                Assert.True(small.Overflowed);
                Assert.Equal(0, small.Length);
            }
        }

        for (int size = 0; size < 9 + 100 + 27; size++)
        {
            var small = new ByteWriter(new byte[size]);
            int start = FrameWriter.BeginHeaders(ref small);
            small.Write(new byte[100]);
            FrameWriter.EndHeaders(ref small, start, new StreamId(1), FrameFlags.None, 30);
            Assert.True(small.Overflowed);
        }
    }

    private static void AssertWrites(string hex, Writing write)
    {
        var writer = new ByteWriter(new byte[200]);
        write(ref writer);
        Assert.Equal(hex.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(writer.Written).ToLowerInvariant());
    }
}
