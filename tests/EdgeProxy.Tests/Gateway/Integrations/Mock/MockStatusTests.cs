using System.Text;
using EdgeProxy.Gateway.Integrations.Mock;

namespace EdgeProxy.Tests.Gateway.Integrations.Mock;

public sealed class MockStatusTests
{
    [Theory]
    [InlineData("{\"statusCode\": 200}", 200)]
    [InlineData("{statusCode: 200}", 200)]
    [InlineData("{'statusCode': 200, '': ''}", 200)]
    [InlineData("{\"statusCode\": 200 ,, }", 200)]
    [InlineData("{statusCode: 200, \"value\": 'goog'}", 200)]
    [InlineData("{\"statusCode\": 200 , null: null }", 200)]
    [InlineData("{\"statusCode\": 0}", 0)]
    [InlineData("{\"statusCode\": -1000}", -1000)]
    [InlineData(" \n{ \"a\": {\"statusCode\": 1, \"b\": [1, {\"}\": 2}]}, \"statusCode\" : 418 }\n", 418)]
    [InlineData("{\"a\": \"}\\\"\", \"statusCode\": 201}", 201)]
    [InlineData("{\"statusCode\": 200, \"statusCode\": 404}", 404)]
    public void Reads_the_integer_as_leniently_as_the_service(string text, int expected)
    {
        Assert.True(MockStatus.TryRead(Encoding.UTF8.GetBytes(text), out int status));
        Assert.Equal(expected, status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("200")]
    [InlineData("statusCode: 200")]
    [InlineData("{\"statusCode\": 200")]
    [InlineData("{\"statusCode\": \"200\"}")]
    [InlineData("{\"statusCode': 200 }")]
    [InlineData("{\"statusCode\": 200.5}")]
    [InlineData("{\"statusCode\": 99999999999}")]
    [InlineData("{\"statusCode\": {}}")]
    [InlineData("{\"statusCode\": }")]
    [InlineData("{\"a\": [1}, \"statusCode\": 200}")]
    [InlineData("{\"statusCode\": 200} trailing")]
    [InlineData("{\"statusCode\" 200}")]
    [InlineData("{:")]
    [InlineData("{\"a\\")]
    public void Refuses_what_is_no_object_with_an_integer_statusCode(string text)
    {
        Assert.False(MockStatus.TryRead(Encoding.UTF8.GetBytes(text), out _));
    }

    [Fact]
    public void Never_throws_whatever_is_cut_or_changed()
    {
        byte[] text = "{'a': [1, {\"b\": \"}\\\\\"}], statusCode: 200, \"c\": 'd'}"u8.ToArray();
        for (int cut = 0; cut <= text.Length; cut++) MockStatus.TryRead(text.AsSpan(0, cut), out _);
        for (int at = 0; at < text.Length; at++)
        {
            foreach (byte other in "{}[]\"'\\:, a0"u8)
            {
                byte[] changed = [.. text];
                changed[at] = other;
                MockStatus.TryRead(changed, out _);
            }
        }

        Assert.False(MockStatus.TryRead(Encoding.ASCII.GetBytes("{a:" + new string('[', 100_000)), out _));
    }
}
