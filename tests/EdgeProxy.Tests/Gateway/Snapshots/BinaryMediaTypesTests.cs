using System.Text;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Tests.Gateway.Snapshots;

public sealed class BinaryMediaTypesTests
{
    [Theory]
    [InlineData("image/png", "image/png", true)]
    [InlineData("image/png", "Image/PNG", true)]
    [InlineData("image/png", "image/png; q=1", true)]
    [InlineData("image/png", " image/png ;a=b", true)]
    [InlineData("image/png", "image/png, text/html", true)]
    [InlineData("image/png", "text/html, image/png", false)]
    [InlineData("image/png", "image/jpeg", false)]
    [InlineData("image/png", "image/*", false)]
    [InlineData("image/png", "*/*", false)]
    [InlineData("image/png", "", false)]
    [InlineData("image/png", "image", false)]
    [InlineData("application/*", "application/anything", true)]
    [InlineData("application/*", "application/*", true)]
    [InlineData("application/*", "applications/a", false)]
    [InlineData("application/*", "text/application", false)]
    [InlineData("*/test", "any/test", false)]
    [InlineData("*/test", "*/test", false)]
    [InlineData("test", "test", false)]
    [InlineData("*/*", "image/png", true)]
    [InlineData("*/*", "nonsense", true)]
    [InlineData("*/*", "", true)]
    public void An_entry_takes_what_it_takes_in_the_service(string entry, string field, bool expected)
    {
        Assert.Equal(expected, new BinaryMediaTypes(["x/y", entry]).Matches(Encoding.UTF8.GetBytes(field)));
    }

    [Fact]
    public void Without_a_list_everything_is_text()
    {
        Assert.True(BinaryMediaTypes.None.IsEmpty);
        Assert.False(BinaryMediaTypes.None.Matches("application/octet-stream"u8));
        Assert.False(BinaryMediaTypes.None.Matches(default));
    }
}
