using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc7541;

public sealed class Section6_Representations
{
    [Fact]
    public void Section_6_2_only_the_indexed_literal_enters_the_table()
    {
        var decoder = new HpackDecoder();
        Assert.Equal("a: 1\nb: 2\nc: 3", Blocks.Decode(decoder, "0001610131 1001620132 4001630133"));
        Assert.Equal(34, decoder.TableSize);
        Assert.Equal("c: 3", Blocks.Decode(decoder, "be"));
    }

    [Fact]
    public void Section_6_2_3_a_field_never_to_be_indexed_is_sent_on_as_one()
    {
        var fields = new HeaderTable();
        Assert.True(new HpackDecoder().Decode(Blocks.Hex("1001610131 0001620132"), FieldBlockKind.Request, Blocks.Roomy, fields, out _).IsComplete);
        Assert.True(fields[0].NeverIndexed);
        Assert.False(fields[1].NeverIndexed);

        var encoder = new HpackEncoder();
        byte[] room = new byte[100];
        for (int i = 0; i < 3; i++)
        {
            var writer = new ByteWriter(room);
            encoder.WriteFields(ref writer, fields);
            Assert.StartsWith("10016101", Convert.ToHexString(writer.Written).ToLowerInvariant(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("authorization")]
    [InlineData("Proxy-Authorization")]
    [InlineData("cookie")]
    [InlineData("set-cookie")]
    [InlineData("X-Api-Key")]
    public void Section_7_1_3_secrets_are_never_indexed(string name)
    {
        var encoder = new HpackEncoder();
        for (int i = 0; i < 3; i++)
        {
            byte first = Blocks.Hex(Blocks.Encode(encoder, (name, "secret")))[0];
            Assert.Equal(0x10, first & 0xF0);
        }

        Assert.Equal(0, encoder.TableSize);
    }

    [Fact]
    public void What_is_repeated_becomes_one_octet()
    {
        var encoder = new HpackEncoder();
        (string, string)[] head =
        [
            ("Content-Type", "application/json"), ("Content-Length", "1024"), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("x-amzn-RequestId", "1"),
            ("X-Custom", "some value"), ("ETag", "\"abc\""),
        ];
        for (int i = 0; i < 2; i++) Blocks.Encode(encoder, head);
        Assert.Equal(head.Length, Blocks.Hex(Blocks.Encode(encoder, head)).Length);
    }

    [Fact]
    public void What_changes_each_time_drives_nothing_out()
    {
        var encoder = new HpackEncoder();
        Blocks.Encode(encoder, ("Server", "x"), ("x-amzn-RequestId", "first"), ("Content-Length", "1"));
        int size = encoder.TableSize;
        for (int i = 0; i < 100; i++) Blocks.Encode(encoder, ("Server", "x"), ("x-amzn-RequestId", "id" + i), ("Content-Length", (1000 + i).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(size, encoder.TableSize);
    }
}
