using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;

namespace EdgeProxy.Tests.Gateway.Mapping;

public sealed class Base64BodyTests
{
    private readonly LoopBuffers _buffers = new();
    private readonly HeldBody _body = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100_000)]
    public void What_is_encoded_decodes_to_the_same_bytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        _body.Append(bytes, _buffers);
        _body.Complete();
        Base64Body.Encode(_body, _buffers);
        Assert.Equal(Convert.ToBase64String(bytes), Encoding.ASCII.GetString(_body.Span));
        Assert.True(Base64Body.TryDecode(_body, _buffers));
        Assert.Equal(bytes, _body.Span.ToArray());
        Assert.True(_body.IsWhole);
        _body.Release(_buffers);
        Assert.Equal(0, _buffers.Leased);
    }

    [Theory]
    [InlineData("aGk")]
    [InlineData("aGk=aGk=")]
    [InlineData("a")]
    [InlineData("{\"a\": 1}")]
    [InlineData("aGk_")]
    public void What_is_not_base64_stays_as_it_was(string text)
    {
        _body.Append(Encoding.UTF8.GetBytes(text), _buffers);
        _body.Complete();
        Assert.False(Base64Body.TryDecode(_body, _buffers));
        Assert.Equal(text, Encoding.UTF8.GetString(_body.Span));
        _body.Release(_buffers);
        Assert.Equal(0, _buffers.Leased);
    }

    [Fact]
    public void Line_ends_in_base64_do_not_count()
    {
        _body.Append("aG\r\nk="u8, _buffers);
        _body.Complete();
        Assert.True(Base64Body.TryDecode(_body, _buffers));
        Assert.Equal("hi", Encoding.ASCII.GetString(_body.Span));
        _body.Release(_buffers);
    }
}
