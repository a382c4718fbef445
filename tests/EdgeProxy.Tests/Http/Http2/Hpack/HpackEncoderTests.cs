using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Http.Http2.Hpack;

public sealed class HpackEncoderTests
{
    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(206)]
    [InlineData(304)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(100)]
    [InlineData(201)]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(599)]
    public void Writes_any_status(int status)
    {
        var encoder = new HpackEncoder();
        var decoder = new HpackDecoder();
        for (int i = 0; i < 3; i++)
        {
            byte[] room = new byte[40];
            var writer = new ByteWriter(room);
            encoder.WriteStatus(ref writer, status);
            if (i > 0) Assert.Equal(1, writer.Length);
            var fields = new HeaderTable();
            Assert.True(decoder.Decode(writer.Written, FieldBlockKind.Response, new HpackLimits(1000, 10), fields, out PseudoHeaders pseudo).IsComplete);
            Assert.Equal(status.ToString(System.Globalization.CultureInfo.InvariantCulture), Encoding.ASCII.GetString(fields.Slice(pseudo.Status.Start, pseudo.Status.Length)));
        }
    }

    [Theory]
    [InlineData("GET", "http", "/", "a.example")]
    [InlineData("POST", "https", "/index.html", "a.example:8443")]
    [InlineData("DELETE", "ftp", "/some/path?query=1", "")]
    [InlineData("PUT", "other", "*", "b")]
    public void Writes_any_request_line(string method, string scheme, string path, string authority)
    {
        var encoder = new HpackEncoder();
        var decoder = new HpackDecoder();
        for (int i = 0; i < 3; i++)
        {
            byte[] room = new byte[200];
            var writer = new ByteWriter(room);
            Assert.True(encoder.TryWritePseudo(ref writer, PseudoHeader.Method, Encoding.ASCII.GetBytes(method)));
            Assert.True(encoder.TryWritePseudo(ref writer, PseudoHeader.Scheme, Encoding.ASCII.GetBytes(scheme)));
            Assert.True(encoder.TryWritePseudo(ref writer, PseudoHeader.Path, Encoding.ASCII.GetBytes(path)));
            Assert.True(encoder.TryWritePseudo(ref writer, PseudoHeader.Authority, Encoding.ASCII.GetBytes(authority)));
            if (i == 2) Assert.Equal(4, writer.Length);
            var fields = new HeaderTable();
            Assert.True(decoder.Decode(writer.Written, FieldBlockKind.Request, new HpackLimits(1000, 10), fields, out PseudoHeaders pseudo).IsComplete);
            string Text(BlockPart part) => Encoding.ASCII.GetString(fields.Slice(part.Start, part.Length));
            Assert.Equal((method, scheme, path, authority), (Text(pseudo.Method), Text(pseudo.Scheme), Text(pseudo.Path), Text(pseudo.Authority)));
        }
    }

    [Theory]
    [InlineData("bad name", "v")]
    [InlineData("", "v")]
    [InlineData(":path", "v")]
    [InlineData("n\u00e4me", "v")]
    [InlineData("name", "a\r\nb: c")]
    [InlineData("name", "a\nb")]
    [InlineData("name", "a\0b")]
    [InlineData("Server", "a\rb")]
    [InlineData("Set-Cookie", "a\rb")]
    [InlineData("Connection", "close")]
    [InlineData("Keep-Alive", "timeout=5")]
    [InlineData("Proxy-Connection", "close")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("Upgrade", "h2c")]
    [InlineData("TE", "gzip")]
    [InlineData("TE", "trailers, gzip")]
    public void Leaves_out_what_no_message_may_have(string name, string value)
    {
        var encoder = new HpackEncoder();
        byte[] nameBytes = Encoding.Latin1.GetBytes(name);
        byte[] room = new byte[1000];
        var writer = new ByteWriter(room);
        for (int i = 0; i < 3; i++) Assert.False(encoder.TryWriteField(ref writer, KnownHeaders.Find(nameBytes), nameBytes, Encoding.Latin1.GetBytes(value)));
        byte[] longName = [.. nameBytes, .. Enumerable.Repeat((byte)'x', 300)];
        if (KnownHeaders.Find(nameBytes) == KnownHeader.Other && name.Length > 0) Assert.False(encoder.TryWriteField(ref writer, KnownHeader.Other, longName, Encoding.Latin1.GetBytes(value)));
        Assert.Equal(0, writer.Length);
        Assert.False(writer.Overflowed);
        Assert.Equal(0, encoder.TableSize);
    }

    [Fact]
    public void Refuses_a_pseudo_header_that_would_break_a_line()
    {
        byte[] room = new byte[100];
        var writer = new ByteWriter(room);
        Assert.False(new HpackEncoder().TryWritePseudo(ref writer, PseudoHeader.Path, "/a\r\nb"u8));
        Assert.Equal(0, writer.Length);
    }

    [Fact]
    public void Leaves_out_spaces_at_the_ends_of_a_value()
    {
        var fields = new HeaderTable();
        fields.Add("a"u8, " \tb c "u8);
        var sink = new HeaderTable();
        Assert.True(new HpackDecoder().Decode(HpackDecoderTests.Encode(new HpackEncoder(), fields), FieldBlockKind.Trailers, new HpackLimits(1000, 10), sink, out _).IsComplete);
        Assert.Equal("b c"u8, sink.Value(0));
    }

    [Fact]
    public void Keeps_the_tables_equal_when_the_room_runs_out_and_says_so()
    {
        var random = new Random(3);
        for (int round = 0; round < 500; round++)
        {
            var encoder = new HpackEncoder();
            var decoder = new HpackDecoder();
            for (int block = 0; block < 5; block++)
            {
                HeaderTable fields = HpackDecoderTests.SomeFields(random);
                byte[] small = new byte[random.Next(400)];
                var writer = new ByteWriter(small);
                encoder.BeginBlock(ref writer);
                encoder.WriteFields(ref writer, fields);
                if (writer.Overflowed) encoder.ForgetTable();
                byte[] sent = writer.Overflowed ? HpackDecoderTests.Encode(encoder, fields) : writer.Written.ToArray();
                var sink = new HeaderTable();
                Assert.True(decoder.Decode(sent, FieldBlockKind.Request, new HpackLimits(1 << 20, 1000), sink, out _).IsComplete);
                HpackDecoderTests.AssertSame(fields, sink);
            }
        }
    }

    [Fact]
    public void Finds_every_name_of_the_static_table()
    {
        for (int index = 15; index <= HpackStaticTable.Count; index++)
        {
            byte[] name = HpackStaticTable.NameOf(index).ToArray();
            var encoder = new HpackEncoder();
            byte[] room = new byte[100];
            var writer = new ByteWriter(room);
            if (!encoder.TryWriteField(ref writer, KnownHeaders.Find(name), name, "v"u8))
            {
                Assert.Equal("transfer-encoding"u8, name);
                continue;
            }

            Assert.InRange(writer.Length, 1, 5); // the name is an index, not spelt out
            var sink = new HeaderTable();
            Assert.True(new HpackDecoder().Decode(writer.Written, FieldBlockKind.Response, new HpackLimits(1000, 10), sink, out _).IsComplete);
            Assert.Equal(name, sink.Name(0));
        }
    }

    [Fact]
    public void A_table_of_many_entries_is_referred_to_beyond_one_octet()
    {
        var encoder = new HpackEncoder();
        var decoder = new HpackDecoder();
        var fields = new HeaderTable();
        for (int i = 0; i < 100; i++) fields.Add(Encoding.ASCII.GetBytes("n" + i), "v"u8);
        for (int i = 0; i < 3; i++)
        {
            byte[] block = HpackDecoderTests.Encode(encoder, fields);
            if (i > 0) Assert.InRange(block.Length, 100, 200);
            var sink = new HeaderTable();
            Assert.True(decoder.Decode(block, FieldBlockKind.Request, new HpackLimits(1 << 20, 1000), sink, out _).IsComplete);
            HpackDecoderTests.AssertSame(fields, sink);
        }
    }
}
