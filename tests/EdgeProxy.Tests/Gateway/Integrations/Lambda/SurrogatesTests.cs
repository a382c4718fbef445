using EdgeProxy.Gateway.Integrations.Lambda;

namespace EdgeProxy.Tests.Gateway.Integrations.Lambda;

public sealed class SurrogatesTests
{
    [Theory]
    [InlineData(new byte[] { 0x61, 0xED, 0xA0, 0x80, 0x62, 0xED, 0xBF, 0xBF }, new byte[] { 0x61, 0xEF, 0xBF, 0xBD, 0x62, 0xEF, 0xBF, 0xBD })]
    [InlineData(new byte[] { 0xED, 0x9F, 0xBF }, new byte[] { 0xED, 0x9F, 0xBF })]
    [InlineData(new byte[] { 0xED, 0x80, 0x80, 0xED }, new byte[] { 0xED, 0x80, 0x80, 0xED })]
    public void Halves_are_replaced_and_whole_characters_are_not(byte[] text, byte[] expected)
    {
        Surrogates.Replace(text);
        Assert.Equal(expected, text);
    }
}
