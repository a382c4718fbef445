using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Http.Messages;

public sealed class FieldListTests
{
    [Theory]
    [InlineData("close", "close", true)]
    [InlineData("keep-alive, X-A", "x-a", true)]
    [InlineData(" X-A\t,close", "X-A", true)]
    [InlineData(",,X-A,", "X-A", true)]
    [InlineData("X-AB", "X-A", false)]
    [InlineData("X-A X-B", "X-A", false)]
    [InlineData("", "X-A", false)]
    public void Finds_whole_members_without_case(string list, string token, bool expected)
    {
        Assert.Equal(expected, FieldList.Contains(Encoding.ASCII.GetBytes(list), Encoding.ASCII.GetBytes(token)));
    }
}
