using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Settings;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("10485760", 10_485_760L)]
    [InlineData("10MB", 10_485_760L)]
    [InlineData("10 MiB", 10_485_760L)]
    [InlineData("10m", 10_485_760L)]
    [InlineData("10240KB", 10_485_760L)]
    [InlineData("512B", 512L)]
    [InlineData("2G", 2_147_483_648L)]
    public void Reads_numbers_with_and_without_a_unit(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out long read));
        Assert.Equal(bytes, read);
        Assert.True(ByteSize.TryParse(ByteSize.Format(read), out long again));
        Assert.Equal(read, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("-1")]
    [InlineData("1.5MB")]
    [InlineData("10 apples")]
    [InlineData("10MBs")]
    [InlineData("99999999999999999999")]
    [InlineData("9999999999999GB")]
    public void Refuses_everything_else(string text) => Assert.False(ByteSize.TryParse(text, out _));
}
