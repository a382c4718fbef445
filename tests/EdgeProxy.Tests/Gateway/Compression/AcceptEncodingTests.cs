using System.Text;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Gateway.Compression;

public sealed class AcceptEncodingTests
{
    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("deflate", "deflate")]
    [InlineData("deflate,gzip", "gzip")]
    [InlineData("gzip, deflate, br, zstd", "gzip")]
    [InlineData("deflate, br", "deflate")]
    [InlineData("deflate;q=0.5,gzip;q=1.0", "gzip")]
    [InlineData("deflate;q=1,gzip;q=0.999", "deflate")]
    [InlineData("gzip;q=1.0,identity;q=0.5,*;q=0", "gzip")]
    [InlineData("*", "gzip")]
    [InlineData("gzip;q=0, *", "deflate")]
    [InlineData("gzip;q=0.5, *;q=1", "deflate")]
    [InlineData("gzip ; q=0.5 , deflate ; Q=0.4", "gzip")]
    [InlineData("gzip, identity", "gzip")]
    [InlineData(",, gzip ,", "gzip")]
    [InlineData("gzip;q=2, deflate;q=0.1", "deflate")]
    [InlineData("gzip;level=9, deflate;q=0.1", "deflate")]
    [InlineData("", "identity")]
    [InlineData("identity", "identity")]
    [InlineData("identity;q=1, gzip;q=0.5", "identity")]
    [InlineData("br;q=1.0, gzip;q=0.5", "identity")]
    [InlineData("br", "identity")]
    [InlineData("gzip;q=0", "identity")]
    [InlineData("*;q=0", "identity")]
    [InlineData("gzip;q=", "identity")]
    [InlineData("gzip;q=0.0001", "identity")]
    [InlineData("gzip;q=1.001", "identity")]
    [InlineData("gzip;q=-1", "identity")]
    [InlineData(";q=1", "identity")]
    public void What_the_client_wants_most_counts(string field, string expected) =>
        Assert.Equal(expected, Choose([ContentCoding.Gzip, ContentCoding.Deflate], field));

    [Fact]
    public void Without_the_field_nothing_is_compressed() => Assert.Equal("identity", Choose([ContentCoding.Gzip]));

    [Fact]
    public void All_lines_count() => Assert.Equal("deflate", Choose([ContentCoding.Gzip, ContentCoding.Deflate], "gzip;q=0.3", "deflate;q=0.4"));

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip, zstd;q=0.9", "gzip")]
    [InlineData("zstd", "zstd")]
    [InlineData("*", "br")]
    public void Of_several_liked_alike_the_nodes_first_is_taken(string field, string expected) =>
        Assert.Equal(expected, Choose([ContentCoding.Brotli, ContentCoding.Zstd, ContentCoding.Gzip], field));

    private static string Choose(ContentCoding[] preferred, params string[] fields)
    {
        var headers = new HeaderTable();
        headers.Add("accept"u8, "br"u8);
        foreach (string field in fields) headers.Add("Accept-Encoding"u8, Encoding.ASCII.GetBytes(field));
        return ContentCodings.LabelOf(AcceptEncoding.Choose(headers, preferred));
    }
}
