using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Http.Messages;

public sealed class PathRulesTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("/a/b//c/")]
    [InlineData("/a.b/.c/d./...")]
    [InlineData("/.well-known/x")]
    [InlineData("/v1.0/a..b/..c/d..")]
    [InlineData("/%41%c3%a9%20%2F")]
    [InlineData("/a%2Fb")]
    [InlineData("/a%2f.b")]
    [InlineData("/%252e%252e/")]
    [InlineData("/%e9/%ff")]
    [InlineData("/%c0x/%C0")]
    [InlineData("/a;b=c/!$&'()*+,=:@~|{}")]
    [InlineData("/%e2%82%ac/%f0%9f%98%80")]
    public void Passes(string path)
    {
        Assert.Equal(ViolationCode.None, PathRules.Check(Bytes(path)));
        Assert.Equal(ViolationCode.None, PathRules.Check(Bytes(path), DotSegments.Resolve, out bool resolve));
        Assert.False(resolve);
    }

    [Theory]
    [InlineData("/%")]
    [InlineData("/%4")]
    [InlineData("/%4g")]
    [InlineData("/%g4")]
    [InlineData("/a%%41")]
    [InlineData("/%u0041")]
    [InlineData("/%00")]
    [InlineData("/a\0")]
    [InlineData("/a\\b")]
    [InlineData("/a%5cb")]
    [InlineData("/a%5Cb")]
    [InlineData("/%c0%ae")]
    [InlineData("/%C1%bf")]
    [InlineData("/%c0%af")]
    [InlineData("/%e0%80%af")]
    [InlineData("/%E0%9F%BF")]
    [InlineData("/%f0%80%80%af")]
    [InlineData("/%f0%8f%bf%bf")]
    [InlineData("/a b")]
    [InlineData("/\u0001")]
    [InlineData("/\u007f")]
    [InlineData("/\u00e9")]
    [InlineData("/#")]
    public void Refuses_bytes_that_some_decoder_reads_as_another_path(string path)
    {
        foreach (DotSegments mode in Enum.GetValues<DotSegments>())
        {
            Assert.Equal(ViolationCode.BadPath, PathRules.Check(Bytes(path), mode, out bool resolve));
            Assert.False(resolve);
        }
    }

    [Theory]
    [InlineData("/.", "/")]
    [InlineData("/..", "/")]
    [InlineData("/./a", "/a")]
    [InlineData("/../a", "/a")]
    [InlineData("/../../a", "/a")]
    [InlineData("/a/.", "/a/")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/../", "/")]
    [InlineData("/a/./b", "/a/b")]
    [InlineData("/a/../b", "/b")]
    [InlineData("/a/b/../../c", "/c")]
    [InlineData("/a/b/c/./../../g", "/a/g")]
    [InlineData("/mid/content=5/../6", "/mid/6")]
    [InlineData("/a//../b", "/a/b")]
    [InlineData("/%2e", "/")]
    [InlineData("/a/%2e%2E/b", "/b")]
    [InlineData("/a/.%2e/b", "/b")]
    [InlineData("/a/%2E./b.c/", "/b.c/")]
    public void Rejects_resolves_or_keeps_dot_segments_as_told(string path, string resolved)
    {
        Assert.Equal(ViolationCode.DotSegment, PathRules.Check(Bytes(path)));
        Assert.Equal(ViolationCode.None, PathRules.Check(Bytes(path), DotSegments.Keep, out bool resolve));
        Assert.False(resolve);

        Assert.Equal(ViolationCode.None, PathRules.Check(Bytes(path), DotSegments.Resolve, out resolve));
        Assert.True(resolve);
        byte[] room = new byte[path.Length];
        int written = PathRules.Resolve(Bytes(path), room);
        Assert.Equal(resolved, Encoding.Latin1.GetString(room, 0, written));
        Assert.Equal(ViolationCode.None, PathRules.Check(room.AsSpan(0, written)));
    }

    [Theory]
    [InlineData("/a/..%2fb")]
    [InlineData("/a%2F..")]
    [InlineData("/%2e%2e%2fb")]
    [InlineData("/a%2f.%2fb")]
    [InlineData("/../a%2f../b")]
    public void Refuses_a_dot_segment_beside_a_coded_slash_even_when_resolving(string path)
    {
        Assert.Equal(ViolationCode.DotSegment, PathRules.Check(Bytes(path)));
        Assert.Equal(ViolationCode.DotSegment, PathRules.Check(Bytes(path), DotSegments.Resolve, out _));
        Assert.Equal(ViolationCode.None, PathRules.Check(Bytes(path), DotSegments.Keep, out _));
    }

    [Fact]
    public void Finds_a_fault_at_any_place_of_a_long_path()
    {
        foreach (string fault in new[] { "%", "\\", "%00", "%5c", "%c0%ae" })
        {
            for (int length = 0; length < 100; length++)
            {
                string path = "/" + new string('a', length) + fault;
                Assert.Equal(ViolationCode.BadPath, PathRules.Check(Bytes(path)));
                Assert.Equal(ViolationCode.DotSegment, PathRules.Check(Bytes("/" + new string('a', length) + "/../b")));
            }
        }
    }

    [Fact]
    public void Resolving_random_paths_never_leaves_a_dot_segment()
    {
        string[] parts = ["/", ".", "..", "a", "%2e", "%2E%2e", "%2f", "b.c", "//"];
        var random = new Random(11);
        byte[] room = new byte[256];
        for (int round = 0; round < 20_000; round++)
        {
            string path = "/" + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            if (PathRules.Check(Bytes(path), DotSegments.Resolve, out bool resolve) != ViolationCode.None || !resolve) continue;
            int written = PathRules.Resolve(Bytes(path), room);
            Assert.True(written <= path.Length);
            Assert.Equal((byte)'/', room[0]);
            Assert.Equal(ViolationCode.None, PathRules.Check(room.AsSpan(0, written)));
        }
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
