using EdgeProxy.Http.Http2.Hpack;

namespace EdgeProxy.Conformance.Tests.Rfc7541;

public sealed class Section2_3_Tables
{
    [Fact]
    public void The_static_table_has_61_entries_and_the_dynamic_one_follows()
    {
        var decoder = new HpackDecoder();
        Assert.Equal("www-authenticate: ", Blocks.Decode(decoder, "bd"));
        Assert.Equal(HpackStatus.CompressionError, Blocks.Status(decoder, "be"));
        Assert.Equal("a: b", Blocks.Decode(decoder, "4001610162"));
        Assert.Equal("a: b", Blocks.Decode(decoder, "be"));
    }

    [Theory]
    [InlineData(1, ":authority", "")]
    [InlineData(2, ":method", "GET")]
    [InlineData(3, ":method", "POST")]
    [InlineData(4, ":path", "/")]
    [InlineData(5, ":path", "/index.html")]
    [InlineData(6, ":scheme", "http")]
    [InlineData(7, ":scheme", "https")]
    [InlineData(8, ":status", "200")]
    [InlineData(9, ":status", "204")]
    [InlineData(10, ":status", "206")]
    [InlineData(11, ":status", "304")]
    [InlineData(12, ":status", "400")]
    [InlineData(13, ":status", "404")]
    [InlineData(14, ":status", "500")]
    [InlineData(15, "accept-charset", "")]
    [InlineData(16, "accept-encoding", "gzip, deflate")]
    [InlineData(17, "accept-language", "")]
    [InlineData(18, "accept-ranges", "")]
    [InlineData(19, "accept", "")]
    [InlineData(20, "access-control-allow-origin", "")]
    [InlineData(21, "age", "")]
    [InlineData(22, "allow", "")]
    [InlineData(23, "authorization", "")]
    [InlineData(24, "cache-control", "")]
    [InlineData(25, "content-disposition", "")]
    [InlineData(26, "content-encoding", "")]
    [InlineData(27, "content-language", "")]
    [InlineData(28, "content-length", "")]
    [InlineData(29, "content-location", "")]
    [InlineData(30, "content-range", "")]
    [InlineData(31, "content-type", "")]
    [InlineData(32, "cookie", "")]
    [InlineData(33, "date", "")]
    [InlineData(34, "etag", "")]
    [InlineData(35, "expect", "")]
    [InlineData(36, "expires", "")]
    [InlineData(37, "from", "")]
    [InlineData(38, "host", "")]
    [InlineData(39, "if-match", "")]
    [InlineData(40, "if-modified-since", "")]
    [InlineData(41, "if-none-match", "")]
    [InlineData(42, "if-range", "")]
    [InlineData(43, "if-unmodified-since", "")]
    [InlineData(44, "last-modified", "")]
    [InlineData(45, "link", "")]
    [InlineData(46, "location", "")]
    [InlineData(47, "max-forwards", "")]
    [InlineData(48, "proxy-authenticate", "")]
    [InlineData(49, "proxy-authorization", "")]
    [InlineData(50, "range", "")]
    [InlineData(51, "referer", "")]
    [InlineData(52, "refresh", "")]
    [InlineData(53, "retry-after", "")]
    [InlineData(54, "server", "")]
    [InlineData(55, "set-cookie", "")]
    [InlineData(56, "strict-transport-security", "")]
    [InlineData(57, "transfer-encoding", "")]
    [InlineData(58, "user-agent", "")]
    [InlineData(59, "vary", "")]
    [InlineData(60, "via", "")]
    [InlineData(61, "www-authenticate", "")]
    public void Appendix_A_is_the_static_table(int index, string name, string value)
    {
        Assert.Equal(name, Blocks.Latin(HpackStaticTable.NameOf(index)));
        Assert.Equal(value, Blocks.Latin(HpackStaticTable.ValueOf(index)));
    }

    [Fact]
    public void The_newest_entry_has_the_lowest_index()
    {
        var decoder = new HpackDecoder();
        Blocks.Decode(decoder, "4001610131 4001620132 4001630133");
        Assert.Equal("c: 3\nb: 2\na: 1", Blocks.Decode(decoder, "bebfc0"));
    }

    [Fact]
    public void An_entry_may_be_there_twice()
    {
        var decoder = new HpackDecoder();
        Blocks.Decode(decoder, "4001610131 4001610131");
        Assert.Equal(68, decoder.TableSize);
        Assert.Equal("a: 1\na: 1", Blocks.Decode(decoder, "bebf"));
    }

    [Fact]
    public void Index_0_is_an_error() => Assert.Equal(HpackStatus.CompressionError, Blocks.Status("80"));

    [Theory]
    [InlineData("ffff7f")]
    [InlineData("7f8001 0161")] // as the name of a literal that is indexed,
    [InlineData("0f3001 61")] // of one that is not,
    [InlineData("1f3001 61")] // and of one that never is
    public void An_index_beyond_both_tables_is_an_error(string block) => Assert.Equal(HpackStatus.CompressionError, Blocks.Status(block));
}
