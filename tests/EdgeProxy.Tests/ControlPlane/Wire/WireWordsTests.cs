using System.Text;
using System.Text.Json;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Tests.ControlPlane.Wire;

public sealed class WireWordsTests
{
    [Theory]
    [InlineData("\"GET\"", "GET")]
    [InlineData("\"\"", "")]
    [InlineData("\"application/json\"", "application/json")]
    [InlineData("\"a\\u0041\\n\"", "aA\n")]
    [InlineData("\"grün\"", "grün")]
    [InlineData("\"integration.request.querystring.x-very-long-name-of-a-parameter-that-nobody-repeats\"", "integration.request.querystring.x-very-long-name-of-a-parameter-that-nobody-repeats")]
    public void Reads_what_is_written(string json, string text)
    {
        Assert.Equal(text, Read(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(text, Read(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void Makes_a_word_that_comes_again_once() => Assert.Same(Read("\"x-words-test\""u8.ToArray()), Read("\"x-words-test\""u8.ToArray()));

    [Fact]
    public void Never_takes_one_word_for_another()
    {
        // More than there are places, so that each is shared.
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 5000; i++) Assert.Equal($"word{i}", Read(Encoding.UTF8.GetBytes($"\"word{i}\"")));
        }
    }

    [Fact]
    public void Refuses_what_is_no_UTF_8() => Assert.Throws<InvalidOperationException>(static () => Read([(byte)'"', 0xC3, 0x28, (byte)'"']));

    private static string Read(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return WireWords.Of(ref reader);
    }
}
