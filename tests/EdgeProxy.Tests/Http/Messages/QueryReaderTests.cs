using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Http.Messages;

public sealed class QueryReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a=b", "[a=b]")]
    [InlineData("a", "[a=]")]
    [InlineData("a=", "[a=]")]
    [InlineData("=b", "[=b]")]
    [InlineData("=", "[=]")]
    [InlineData("a=b&c=d", "[a=b][c=d]")]
    [InlineData("a=b;c=d", "[a=b][c=d]")]
    [InlineData("a=b=c", "[a=b=c]")]
    [InlineData("&&a=b&;&c&", "[a=b][c=]")]
    [InlineData("a=1&a=2&A=3", "[a=1][a=2][A=3]")]
    [InlineData("a%26b=c+d%3D", "[a%26b=c+d%3D]")]
    public void Splits_without_decoding(string query, string pairs)
    {
        var text = new StringBuilder();
        foreach (QueryPair pair in new QueryReader(Encoding.ASCII.GetBytes(query)))
        {
            text.Append('[').Append(Encoding.ASCII.GetString(pair.Name)).Append('=').Append(Encoding.ASCII.GetString(pair.Value)).Append(']');
        }

        Assert.Equal(pairs, text.ToString());
    }
}
