using System.Text;
using EdgeProxy.Gateway.Routing;

namespace EdgeProxy.Tests.Gateway.Routing;

public sealed class PathSegmentTests
{
    [Fact]
    public void Ends_at_the_next_slash_or_with_the_path_whatever_its_length()
    {
        for (int length = 0; length <= 70; length++)
        {
            for (int slash = 0; slash <= length; slash++)
            {
                byte[] path = Encoding.ASCII.GetBytes(new string('a', length));
                if (slash < length)
                {
                    path[slash] = (byte)'/';
                }

                for (int at = 0; at <= length; at++)
                {
                    Assert.Equal(at <= slash ? slash : length, PathSegment.End(path, at));
                }
            }
        }
    }
}
