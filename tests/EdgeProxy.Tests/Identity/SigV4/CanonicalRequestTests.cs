using System.Text;
using EdgeProxy.Identity.SigV4;

namespace EdgeProxy.Tests.Identity.SigV4;

public sealed class CanonicalRequestTests
{
    [Theory]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("/a%20b", "/a%2520b")]
    [InlineData("/a b", "/a%20b")]
    [InlineData("/a/./b/../c/", "/a/c/")]
    [InlineData("//a///b", "/a/b")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/a/.", "/a/")]
    [InlineData("/../..", "/")]
    [InlineData("/functions/arn%3Aaws%3Alambda/invocations", "/functions/arn%253Aaws%253Alambda/invocations")]
    public void Normalizes_a_path_and_encodes_it_once_more(string path, string expected) => Assert.Equal(expected, PathOf(path, CanonicalPath.Normalized));

    [Theory]
    [InlineData("/a//../b", "/a//../b")]
    [InlineData("/a%20b", "/a%2520b")]
    public void Leaves_the_shape_of_a_path_where_it_is_told_to(string path, string expected) => Assert.Equal(expected, PathOf(path, CanonicalPath.AsSent));

    [Theory]
    [InlineData("/bucket/a%20b%2fc", "/bucket/a%20b%2Fc")]
    [InlineData("/bucket/a+b", "/bucket/a%2Bb")]
    [InlineData("/bucket//x/../y", "/bucket//x/../y")]
    [InlineData("/100%", "/100%25")]
    [InlineData("/%zz", "/%25zz")]
    public void Encodes_the_path_of_an_object_once(string path, string expected) => Assert.Equal(expected, PathOf(path, CanonicalPath.EncodedOnce));

    [Theory]
    [InlineData("", "")]
    [InlineData("b=2&a=1", "a=1&b=2")]
    [InlineData("a=2&a=1", "a=1&a=2")]
    [InlineData("a", "a=")]
    [InlineData("a=%7e&b=%2f", "a=~&b=%2F")]
    [InlineData("a=b=c", "a=b%3Dc")]
    [InlineData("&&a=1&", "a=1")]
    [InlineData("a=1&X-Amz-Signature=00", "a=1")]
    [InlineData("A=1&a=0&%41=0", "A=0&A=1&a=0")]
    public void Sorts_a_query_by_its_encoded_names_and_values(string query, string expected)
    {
        var request = new CanonicalRequest();
        request.Begin("GET"u8, "/"u8, Encoding.UTF8.GetBytes(query), CanonicalPath.Normalized);
        request.End(""u8);
        Assert.Equal(expected, Encoding.UTF8.GetString(request.Text).Split('\n')[2]);
    }

    [Fact]
    public void Joins_fields_of_one_name_in_the_order_of_arrival_and_folds_their_blanks()
    {
        var request = new CanonicalRequest();
        request.Begin("GET"u8, "/"u8, ""u8, CanonicalPath.Normalized);
        request.AddHeader("X-B"u8, "  z  \t y "u8);
        request.AddHeader("x-a"u8, "1"u8);
        request.AddHeader("x-b"u8, "a"u8);
        request.AddHeader("X-Empty"u8, "   "u8);
        request.End("hash"u8);
        Assert.Equal("GET\n/\n\nx-a:1\nx-b:z y,a\nx-empty:\n\nx-a;x-b;x-empty\nhash", Encoding.UTF8.GetString(request.Text));
        Assert.Equal("x-a;x-b;x-empty", Encoding.UTF8.GetString(request.SignedHeaders));
    }

    [Fact]
    public void Forgets_the_request_before()
    {
        var request = new CanonicalRequest();
        for (int i = 0; i < 2; i++)
        {
            request.Begin("PUT"u8, "/x"u8, "q=1"u8, CanonicalPath.Normalized);
            request.AddHeader("Host"u8, "h"u8);
            request.End("0"u8);
            Assert.Equal("PUT\n/x\nq=1\nhost:h\n\nhost\n0", Encoding.UTF8.GetString(request.Text));
        }
    }

    [Fact]
    public void Takes_any_number_of_fields()
    {
        var request = new CanonicalRequest();
        request.Begin("GET"u8, "/"u8, Encoding.ASCII.GetBytes(string.Join('&', Enumerable.Range(0, 200).Select(static i => $"p{i:d3}={i}"))), CanonicalPath.Normalized);
        for (int i = 199; i >= 0; i--) request.AddHeader(Encoding.ASCII.GetBytes($"x-{i:d3}"), new byte[100]);
        request.End("0"u8);
        Assert.Equal(string.Join(';', Enumerable.Range(0, 200).Select(static i => $"x-{i:d3}")), Encoding.ASCII.GetString(request.SignedHeaders));
    }

    private static string PathOf(string path, CanonicalPath form)
    {
        var request = new CanonicalRequest();
        request.Begin("GET"u8, Encoding.UTF8.GetBytes(path), ""u8, form);
        return Encoding.UTF8.GetString(request.Text).Split('\n')[1];
    }
}
