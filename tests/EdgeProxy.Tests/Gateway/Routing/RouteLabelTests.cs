using System.Text;
using EdgeProxy.Gateway.Routing;

namespace EdgeProxy.Tests.Gateway.Routing;

public sealed class RouteLabelTests
{
    [Fact]
    public void Is_found_exactly_where_the_path_has_it()
    {
        // Two letters only, so that near misses abound; all lengths around that of a word.
        var random = new Random(3);
        int found = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] path = Encoding.ASCII.GetBytes(random.GetItems<char>("ab", random.Next(20)));
            int at = random.Next(path.Length + 1);
            byte[] literal = Encoding.ASCII.GetBytes(random.GetItems<char>("ab", random.Next(RouteLabel.MaxLength + 1)));
            bool expected = path.AsSpan(at).StartsWith(literal);
            Assert.Equal(expected, new RouteLabel(literal).IsAt(path, at));
            found += expected ? 1 : 0;
        }

        Assert.InRange(found, 1000, 19_000);
    }

    [Fact]
    public void Keeps_its_bytes()
    {
        var label = new RouteLabel("abc"u8);
        Assert.Equal(3, label.Length);
        Assert.Equal("abc", string.Concat((char)label[0], (char)label[1], (char)label[2]));
        Assert.Equal(0xFE, new RouteLabel([1, 2, 3, 4, 5, 6, 0xFE])[6]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RouteLabel(new byte[8]));
    }
}
