using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeProxy.Tests.Http.Http2.Hpack;

public sealed class HpackDecoderTests
{
    private static readonly HpackLimits Usual = new(16384, 100);

    [Fact]
    public void Recognises_names_by_table_and_by_text()
    {
        var fields = new HeaderTable();
        byte[] block = [0x5F, 0x01, (byte)'x', 0x40, 0x0F, .. "x-forwarded-for"u8, 0x01, (byte)'y', 0xBE, 0x7E, 0x01, (byte)'z', 0x00, 0x01, (byte)'q', 0x00];
        Assert.True(new HpackDecoder().Decode(block, FieldBlockKind.Request, Usual, fields, out _).IsComplete);
        Assert.Equal(
            [KnownHeader.ContentType, KnownHeader.XForwardedFor, KnownHeader.XForwardedFor, KnownHeader.XForwardedFor, KnownHeader.Other],
            Enumerable.Range(0, fields.Count).Select(i => fields[i].Known));
        Assert.Equal("z"u8, fields.Value(3));
    }

    [Fact]
    public void Appends_to_what_the_table_holds()
    {
        var fields = new HeaderTable();
        fields.Add("a"u8, "b"u8);
        Assert.True(new HpackDecoder().Decode([0x82, 0x04, 0x02, (byte)'/', (byte)'p'], FieldBlockKind.Request, Usual, fields, out PseudoHeaders pseudo).IsComplete);
        Assert.Equal("GET"u8, fields.Slice(pseudo.Method.Start, pseudo.Method.Length));
        Assert.Equal("/p"u8, fields.Slice(pseudo.Path.Start, pseudo.Path.Length));
        Assert.Equal("b"u8, fields.Value(0));
    }

    [Fact]
    public void Counts_the_list_with_32_bytes_a_field_and_refuses_one_byte_more()
    {
        // Two fields of 1 + 1 + 32 bytes, and ":method: GET" with 7 + 3 + 32.
        byte[] block = [0x82, 0x00, 1, (byte)'a', 1, (byte)'b', 0x00, 1, (byte)'c', 1, (byte)'d'];
        Assert.True(Decode(block, new HpackLimits(110, 100)).IsComplete);
        Assert.Equal(new HpackResult(HpackStatus.Refused, ViolationCode.HeadTooLarge), Decode(block, new HpackLimits(109, 100)));
    }

    [Fact]
    public void Refuses_one_field_more_than_allowed()
    {
        byte[] block = [0x82, 0x00, 1, (byte)'a', 1, (byte)'b', 0x00, 1, (byte)'c', 1, (byte)'d'];
        Assert.True(Decode(block, new HpackLimits(1000, 2)).IsComplete);
        Assert.Equal(new HpackResult(HpackStatus.Refused, ViolationCode.TooManyHeaders), Decode(block, new HpackLimits(1000, 1)));
    }

    [Fact]
    public void Decodes_the_next_block_right_after_one_over_a_limit()
    {
        foreach (HpackLimits limits in (HpackLimits[])[new(40, 100), new(16384, 0)])
        {
            var decoder = new HpackDecoder();
            var encoder = new HpackEncoder();
            var fields = new HeaderTable();
            for (int i = 0; i < 30; i++) fields.Add(Encoding.ASCII.GetBytes("x-name-" + i), Encoding.ASCII.GetBytes("value " + i));
            var sink = new HeaderTable();
            Assert.Equal(HpackStatus.Refused, decoder.Decode(Encode(encoder, fields), FieldBlockKind.Request, limits, sink, out _).Status);
            Assert.InRange(sink.BlockLength, 0, 40);
            Assert.Equal(encoder.TableSize, decoder.TableSize);

            sink.Clear();
            Assert.True(decoder.Decode(Encode(encoder, fields), FieldBlockKind.Request, Usual, sink, out _).IsComplete);
            AssertSame(fields, sink);
        }
    }

    [Fact]
    public void Follows_a_string_longer_than_list_and_table_without_keeping_it()
    {
        foreach (byte first in (byte[])[0x40, 0x00])
        {
            var decoder = new HpackDecoder();
            Assert.True(decoder.Decode([0x40, 1, (byte)'a', 1, (byte)'b'], FieldBlockKind.Request, Usual, new HeaderTable(), out _).IsComplete);

            byte[] raw = [first, 1, (byte)'x', .. Length(0, 48000), .. Enumerable.Repeat((byte)'v', 48000)];
            var sink = new HeaderTable();
            Assert.Equal(new HpackResult(HpackStatus.Refused, ViolationCode.HeadTooLarge), decoder.Decode(raw, FieldBlockKind.Request, Usual, sink, out _));
            Assert.InRange(sink.Block.Length, 0, 32768);
            Assert.Equal(first == 0x40 ? 0 : 34, decoder.TableSize);

            byte[] text = [.. Enumerable.Repeat((byte)'a', 48001)];
            byte[] coded = new byte[HuffmanEncoder.LengthOf(text)];
            HuffmanEncoder.Write(text, coded);
            byte[] huffman = [first, 1, (byte)'x', .. Length(0x80, coded.Length), .. coded];
            Assert.Equal(new HpackResult(HpackStatus.Refused, ViolationCode.HeadTooLarge), decoder.Decode(huffman, FieldBlockKind.Request, Usual, sink, out _));
            Assert.InRange(sink.Block.Length, 0, 32768);

            huffman[^1] = 0;
            Assert.Equal(HpackStatus.CompressionError, decoder.Decode(huffman, FieldBlockKind.Request, Usual, sink, out _).Status);
        }
    }

    [Fact]
    public void Gives_up_on_a_bomb_of_small_references()
    {
        var decoder = new HpackDecoder();
        byte[] seed = [0x40, 1, (byte)'x', .. Length(0, 4000), .. Enumerable.Repeat((byte)'v', 4000)];
        Assert.True(decoder.Decode(seed, FieldBlockKind.Request, Usual, new HeaderTable(), out _).IsComplete);

        var sink = new HeaderTable();
        byte[] bomb = [.. Enumerable.Repeat((byte)0xBE, 60000)];
        Assert.Equal(HpackStatus.Excess, decoder.Decode(bomb, FieldBlockKind.Request, Usual, sink, out _).Status);
        Assert.InRange(sink.Block.Length, 0, 32768);

        // Clumsy rather than hostile: a few times too much is refused, and the connection goes on.
        Assert.Equal(HpackStatus.Refused, decoder.Decode(bomb.AsSpan(0, 10), FieldBlockKind.Request, Usual, new HeaderTable(), out _).Status);
    }

    [Fact]
    public void Gives_up_on_a_bomb_of_empty_fields()
    {
        byte[] bomb = [.. Enumerable.Repeat((byte)0x90, 60000)];
        Assert.Equal(HpackStatus.Excess, Decode(bomb, Usual).Status);
        Assert.Equal(new HpackResult(HpackStatus.Refused, ViolationCode.TooManyHeaders), Decode(bomb[..200], Usual));
    }

    [Fact]
    public void Never_throws_whatever_the_bytes()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(ArbMap.Default.ArbFor<byte[][]>(), blocks =>
        {
            var decoder = new HpackDecoder();
            foreach (byte[] block in blocks)
            {
                var sink = new HeaderTable();
                HpackResult result = decoder.Decode(block, FieldBlockKind.Request, Usual, sink, out _);
                Assert.InRange(decoder.TableSize, 0, 4096);
                if (result.Status is HpackStatus.CompressionError or HpackStatus.Excess) return;
            }
        }));
    }

    [Fact]
    public void Never_throws_on_blocks_that_are_nearly_right()
    {
        var random = new Random(7541);
        for (int round = 0; round < 3000; round++)
        {
            var encoder = new HpackEncoder();
            var decoder = new HpackDecoder();
            for (int block = 0; block < 4; block++)
            {
                byte[] bytes = Encode(encoder, SomeFields(random));
                int changes = random.Next(3);
                for (int i = 0; i < changes && bytes.Length > 0; i++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length + 1)];
                var sink = new HeaderTable();
                HpackResult result = decoder.Decode(bytes, FieldBlockKind.Request, Usual, sink, out _);
                Assert.InRange(decoder.TableSize, 0, 4096);
                if (result.Status is HpackStatus.CompressionError or HpackStatus.Excess) break;
            }
        }
    }

    [Fact]
    public void Reads_what_the_encoder_writes()
    {
        var random = new Random(9113);
        for (int round = 0; round < 300; round++)
        {
            var encoder = new HpackEncoder();
            var decoder = new HpackDecoder();
            for (int block = 0; block < 12; block++)
            {
                if (random.Next(6) == 0) encoder.SetTableLimit((uint)random.Next(5000));
                HeaderTable fields = SomeFields(random);
                var sink = new HeaderTable();
                Assert.True(decoder.Decode(Encode(encoder, fields), FieldBlockKind.Request, new HpackLimits(1 << 20, 1000), sink, out _).IsComplete);
                AssertSame(fields, sink);
                Assert.Equal(encoder.TableSize, decoder.TableSize);
            }
        }
    }

    [ReleaseFact]
    public void Allocates_nothing_once_it_is_warm()
    {
        var encoder = new HpackEncoder();
        var decoder = new HpackDecoder();
        var random = new Random(1);
        HeaderTable[] heads = [.. Enumerable.Range(0, 16).Select(_ => SomeFields(random))];
        byte[] room = new byte[65536];
        var sink = new HeaderTable();
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int round = 0; round < 200; round++)
            {
                foreach (HeaderTable head in heads)
                {
                    var writer = new ByteWriter(room);
                    encoder.BeginBlock(ref writer);
                    encoder.WriteFields(ref writer, head);
                    sink.Clear();
                    if (!decoder.Decode(writer.Written, FieldBlockKind.Request, new HpackLimits(1 << 20, 1000), sink, out _).IsComplete) Assert.Fail("not decoded");
                }
            }
        }));
    }

    [Fact]
    public void Holds_nothing_before_the_first_entry_and_little_for_a_few()
    {
        object? kept = null;
        Assert.InRange(
            AllocationProbe.Least(() =>
            {
                kept = new HpackDecoder();
                kept = new HpackEncoder();
            }),
            1,
            300);
        GC.KeepAlive(kept);
    }

    internal static byte[] Encode(HpackEncoder encoder, HeaderTable fields)
    {
        byte[] room = new byte[HpackEncoder.MostBytes(fields, 0)];
        var writer = new ByteWriter(room);
        encoder.BeginBlock(ref writer);
        encoder.WriteFields(ref writer, fields);
        Assert.False(writer.Overflowed);
        return writer.Written.ToArray();
    }

    internal static void AssertSame(HeaderTable expected, HeaderTable actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(Encoding.Latin1.GetString(expected.Name(i)).ToLowerInvariant(), Encoding.Latin1.GetString(actual.Name(i)));
            Assert.Equal(Encoding.Latin1.GetString(expected.Value(i)), Encoding.Latin1.GetString(actual.Value(i)));
            Assert.Equal(expected[i].Known, actual[i].Known);
            if (expected[i].NeverIndexed) Assert.True(actual[i].NeverIndexed);
        }
    }

    /// <summary>Fields as messages have them: few names, values that repeat, and some of each that do not.</summary>
    internal static HeaderTable SomeFields(Random random)
    {
        string[] names = ["Content-Type", "Server", "Date", "ETag", "X-Custom-Name", "x-amzn-RequestId", "Set-Cookie", "accept-encoding", "location", "x-" + random.Next(100), new('n', random.Next(1, 200))];
        var fields = new HeaderTable();
        int count = random.Next(12);
        for (int i = 0; i < count; i++)
        {
            byte[] value = new byte[random.Next(5) == 0 ? random.Next(3000) : random.Next(40)];
            for (int k = 0; k < value.Length; k++) value[k] = random.Next(20) == 0 ? (byte)random.Next(0x80, 0x100) : (byte)random.Next('!', 0x7F);
            fields.Add(Encoding.ASCII.GetBytes(names[random.Next(names.Length)]), random.Next(2) == 0 ? "the same value"u8 : value);
            if (random.Next(10) == 0) fields.MarkNeverIndexed(i);
        }

        return fields;
    }

    private static byte[] Length(byte pattern, int value)
    {
        byte[] room = new byte[6];
        int length = HpackInteger.Write(room, pattern, 0x7F, value);
        return room[..length];
    }

    private static HpackResult Decode(byte[] block, HpackLimits limits) =>
        new HpackDecoder().Decode(block, FieldBlockKind.Request, limits, new HeaderTable(), out _);
}
