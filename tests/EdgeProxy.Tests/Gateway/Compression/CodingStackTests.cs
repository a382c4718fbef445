using System.Text;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Gateway.Compression;

public sealed class CodingStackTests
{
    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("x-GZip", "gzip")]
    [InlineData("gzip, deflate", "gzip deflate")]
    [InlineData("identity", "")]
    [InlineData("Identity, gzip , identity", "gzip")]
    [InlineData("", "")]
    [InlineData(" , ", "")]
    public void Codings_stand_in_the_order_they_were_applied(string field, string expected)
    {
        CodingStack stack = Read(field);
        Assert.Equal(DecodingRefusal.None, stack.Refusal);
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, stack.Count).Select(i => ContentCodings.LabelOf(stack[i]))));
        Assert.Equal(expected.Length == 0, stack.IsEmpty);
    }

    [Fact]
    public void All_lines_count()
    {
        CodingStack stack = Read("gzip", "deflate");
        Assert.Equal((2, ContentCoding.Gzip, ContentCoding.Deflate), (stack.Count, stack[0], stack[1]));
    }

    [Fact]
    public void Without_the_field_there_is_none() => Assert.True(Read().IsEmpty);

    [Theory]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, nonsense")]
    [InlineData("gzip;q=1")]
    [InlineData("*")]
    public void A_coding_that_is_unknown_or_off_is_refused(string field)
    {
        CodingStack stack = Read(field);
        Assert.Equal(DecodingRefusal.Coding, stack.Refusal);
        Assert.False(stack.IsEmpty);
    }

    [Fact]
    public void More_codings_than_allowed_are_refused()
    {
        Assert.Equal(3, Read("gzip, gzip, gzip").Count);
        Assert.Equal(DecodingRefusal.Codings, Read("gzip, gzip, gzip, gzip").Refusal);
    }

    [Fact]
    public void As_many_as_can_be_held_are_told_apart()
    {
        var headers = new HeaderTable();
        headers.Add("content-encoding"u8, "zstd,br,deflate,gzip,zstd,br,deflate,gzip"u8);
        CodingStack stack = CodingStack.Read(headers, new CompressionOptions { ContentCodings = 8, Decodes = CodingSet.Of(CodecRuns.All) });
        Assert.Equal(
            [ContentCoding.Zstd, ContentCoding.Brotli, ContentCoding.Deflate, ContentCoding.Gzip, ContentCoding.Zstd, ContentCoding.Brotli, ContentCoding.Deflate, ContentCoding.Gzip],
            Enumerable.Range(0, stack.Count).Select(i => stack[i]));
    }

    private static CodingStack Read(params string[] fields)
    {
        var headers = new HeaderTable();
        headers.Add("Accept-Encoding"u8, "br"u8);
        foreach (string field in fields) headers.Add("Content-Encoding"u8, Encoding.ASCII.GetBytes(field));
        return CodingStack.Read(headers, CompressionOptions.Default);
    }
}
