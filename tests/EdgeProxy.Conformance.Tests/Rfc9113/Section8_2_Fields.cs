using System.Text;
using EdgeProxy.Conformance.Tests.Rfc7541;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>What a field block may hold (RFC 9113, 8.2 and 8.3), as far as the block alone tells.</summary>
public sealed class Section8_2_Fields
{
    [Fact]
    public void Section_8_2_1_every_octet_of_a_name_is_judged()
    {
        for (int octet = 0; octet < 256; octet++)
        {
            bool right = octet is (>= 'a' and <= 'z') or (>= '0' and <= '9') || "!#$%&'*+-.^_`|~".Contains((char)octet, StringComparison.Ordinal);
            ViolationCode expected = right ? ViolationCode.None : ViolationCode.BadHeaderName;
            Assert.Equal(expected, Judge(("a" + (char)octet + "b", "v")));
            if (octet != ':') Assert.Equal(expected, Judge(((char)octet + "name-that-is-longer-than-a-vector-is-wide", "v")));
        }
    }

    [Fact]
    public void Section_8_2_1_every_octet_of_a_value_is_judged()
    {
        for (int octet = 0; octet < 256; octet++)
        {
            bool right = octet is '\t' or >= 0x20 and not 0x7F;
            ViolationCode expected = right ? ViolationCode.None : ViolationCode.BadHeaderValue;
            Assert.Equal(expected, Judge(("a", "x" + (char)octet + "y")));
            Assert.Equal(expected, Judge(("a", "a value that is longer than a vector is wide" + (char)octet + "y")));
        }
    }

    [Theory]
    [InlineData(" x")]
    [InlineData("x ")]
    [InlineData("\tx")]
    [InlineData("x\t")]
    [InlineData(" ")]
    public void Section_8_2_1_no_space_is_at_either_end_of_a_value(string value) => Assert.Equal(ViolationCode.BadHeaderValue, Judge(("a", value)));

    [Theory]
    [InlineData("Content-Type")]
    [InlineData("content-typE")]
    [InlineData("")]
    public void Section_8_2_names_are_lower_case_and_not_empty(string name) => Assert.Equal(ViolationCode.BadHeaderName, Judge((name, "v")));

    [Fact]
    public void A_malformed_field_leaves_the_tables_equal()
    {
        var decoder = new HpackDecoder();
        byte[] block = [.. Literal("Bad", "v"), .. Literal("good", "bad\r\n"), .. Literal("fine", "v")];
        HpackResult result = decoder.Decode(block, FieldBlockKind.Request, Blocks.Roomy, new HeaderTable(), out _);
        Assert.Equal(new HpackResult(HpackStatus.Refused, ViolationCode.BadHeaderName), result);

        Assert.Equal("fine: v", Blocks.Decode(decoder, "be"));
        Assert.Equal(ViolationCode.BadHeaderValue, Judge(decoder, [0xBF]));
        Assert.Equal(ViolationCode.BadHeaderName, Judge(decoder, [0xC0]));
        Assert.Equal("good: w", Blocks.Decode(decoder, "0f300177")); // a wrong value does not spoil the name
        Assert.Equal(ViolationCode.BadHeaderName, Judge(decoder, Blocks.Hex("0f310177"))); // a wrong name does
    }

    [Fact]
    public void Section_8_3_pseudo_headers_come_first() =>
        Assert.Equal(ViolationCode.BadPseudoHeader, Judge((":method", "GET"), ("a", "b"), (":path", "/")));

    [Fact]
    public void Section_8_3_pseudo_headers_come_once() =>
        Assert.Equal(ViolationCode.BadPseudoHeader, Judge((":method", "GET"), (":method", "GET")));

    [Theory]
    [InlineData(":unknown")]
    [InlineData(":")]
    [InlineData(":Method")]
    [InlineData(":protocol")] // nobody announced RFC 8441
    public void Section_8_3_others_than_the_defined_ones_are_refused(string name) => Assert.Equal(ViolationCode.BadPseudoHeader, Judge((name, "x")));

    [Theory]
    [InlineData(FieldBlockKind.Request, ":method", true)]
    [InlineData(FieldBlockKind.Request, ":scheme", true)]
    [InlineData(FieldBlockKind.Request, ":authority", true)]
    [InlineData(FieldBlockKind.Request, ":path", true)]
    [InlineData(FieldBlockKind.Request, ":status", false)]
    [InlineData(FieldBlockKind.Response, ":status", true)]
    [InlineData(FieldBlockKind.Response, ":method", false)]
    [InlineData(FieldBlockKind.Response, ":path", false)]
    [InlineData(FieldBlockKind.Trailers, ":method", false)]
    [InlineData(FieldBlockKind.Trailers, ":status", false)]
    public void Section_8_3_each_kind_of_block_has_its_own(FieldBlockKind kind, string name, bool allowed)
    {
        HpackResult result = new HpackDecoder().Decode(Literal(name, "200"), kind, Blocks.Roomy, new HeaderTable(), out _);
        Assert.Equal(allowed ? ViolationCode.None : ViolationCode.BadPseudoHeader, result.Violation);
    }

    [Fact]
    public void Section_8_3_pseudo_headers_may_not_hold_what_no_value_may() => Assert.Equal(ViolationCode.BadHeaderValue, Judge((":path", "/a\r\nb")));

    private static ViolationCode Judge(params (string Name, string Value)[] fields) =>
        Judge(new HpackDecoder(), [.. fields.SelectMany(field => Literal(field.Name, field.Value))]);

    private static ViolationCode Judge(HpackDecoder decoder, byte[] block)
    {
        HpackResult result = decoder.Decode(block, FieldBlockKind.Request, Blocks.Roomy, new HeaderTable(), out _);
        Assert.Equal(result.Violation == ViolationCode.None ? HpackStatus.Complete : HpackStatus.Refused, result.Status);
        return result.Violation;
    }

    private static byte[] Literal(string name, string value) =>
        [0x40, (byte)name.Length, .. Encoding.Latin1.GetBytes(name), (byte)value.Length, .. Encoding.Latin1.GetBytes(value)];
}
