using EdgeProxy.Http.Http2.Frames;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

public sealed class Section3_4_Preface
{
    [Fact]
    public void Is_24_octets() => Assert.Equal(Convert.FromHexString("505249202a20485454502f322e300d0a0d0a534d0d0a0d0a"), Preface.Bytes.ToArray());

    [Fact]
    public void Is_told_apart_at_the_first_octet_that_differs()
    {
        byte[] preface = Preface.Bytes.ToArray();
        for (int length = 0; length < preface.Length; length++)
        {
            Assert.Equal(PrefaceMatch.Partial, Preface.Match(preface.AsSpan(0, length)));
            byte[] other = preface[..(length + 1)];
            other[length] ^= 0x20;
            Assert.Equal(PrefaceMatch.Other, Preface.Match(other));
        }

        Assert.Equal(PrefaceMatch.Whole, Preface.Match(preface));
        Assert.Equal(PrefaceMatch.Whole, Preface.Match([.. preface, 0, 0]));
        Assert.Equal(PrefaceMatch.Other, Preface.Match("GET / HTTP/1.1\r\n\r\n                "u8));
    }
}
