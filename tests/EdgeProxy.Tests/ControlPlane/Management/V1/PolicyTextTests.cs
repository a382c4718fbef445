using EdgeProxy.ControlPlane.Management.V1;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class PolicyTextTests
{
    [Theory]
    [InlineData("""{"a":"b/c"}""", """{\"a\":\"b\/c\"}""")]
    [InlineData("""{"a":"\\d \"q\" \n"}""", """{\"a\":\"\\\\d \\\"q\\\" \\n\"}""")]
    public void What_is_escaped_reads_back(string plain, string escaped)
    {
        Assert.Equal(escaped, PolicyText.Escaped(plain));
        Assert.Equal(plain, PolicyText.Plain(escaped));
        Assert.Equal(plain, PolicyText.Plain(plain));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\\")]
    [InlineData("no policy")]
    [InlineData("{\\")]
    public void Any_text_is_read(string text) => Assert.NotNull(PolicyText.Plain(text));
}
