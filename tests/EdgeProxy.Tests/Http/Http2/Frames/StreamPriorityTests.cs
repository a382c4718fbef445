using System.Text;
using EdgeProxy.Http.Http2.Frames;

namespace EdgeProxy.Tests.Http.Http2.Frames;

public sealed class StreamPriorityTests
{
    [Theory]
    [InlineData("", 3, false)]
    [InlineData("u=0", 0, false)]
    [InlineData("u=7, i", 7, true)]
    [InlineData("i", 3, true)]
    [InlineData("i=?1,u=1", 1, true)]
    [InlineData("i, i=?0", 3, false)]
    [InlineData("u=1, u=5", 5, false)] // the last of a name counts
    [InlineData(" u=2 , i ", 2, true)]
    [InlineData("u=2;a=b, i;x", 2, true)]
    [InlineData("other, u=4, x=\"y\"", 4, false)]
    [InlineData("u=8", 3, false)] // out of range
    [InlineData("u=-1", 3, false)]
    [InlineData("u=10", 3, false)]
    [InlineData("u=\"1\"", 3, false)]
    [InlineData("i=1", 3, false)]
    [InlineData("u=1,,i", 3, false)] // no dictionary
    [InlineData("u=1,", 3, false)]
    [InlineData(",", 3, false)]
    public void Reads_the_priority_field(string text, byte urgency, bool incremental) =>
        Assert.Equal(new StreamPriority(urgency, incremental), StreamPriority.Parse(Encoding.ASCII.GetBytes(text)));
}
