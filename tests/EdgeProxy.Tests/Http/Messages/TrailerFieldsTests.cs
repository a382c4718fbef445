using System.Text;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Http.Messages;

public sealed class TrailerFieldsTests
{
    [Theory]
    [InlineData("Content-Length")]
    [InlineData("transfer-encoding")]
    [InlineData("Host")]
    [InlineData("Authorization")]
    [InlineData("Set-Cookie")]
    [InlineData("content-type")]
    [InlineData("Content-Range")]
    [InlineData("If-Match")]
    [InlineData("If-Something-New")]
    [InlineData("Location")]
    [InlineData("Vary")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Forwarded-Server")]
    [InlineData("x-amzn-RequestId")]
    [InlineData("x-amzn-waf-verdict")]
    [InlineData("Content_Length")]
    [InlineData("Transfer.Encoding")]
    public void What_frames_routes_or_authenticates_is_no_trailer(string name)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(name);
        Assert.True(TrailerFields.IsForbidden(KnownHeaders.Find(bytes), bytes));
    }

    [Theory]
    [InlineData("grpc-status")]
    [InlineData("grpc-message")]
    [InlineData("Server-Timing")]
    [InlineData("ETag")]
    [InlineData("Digest")]
    [InlineData("X-Checksum")]
    public void Other_fields_are(string name)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(name);
        Assert.False(TrailerFields.IsForbidden(KnownHeaders.Find(bytes), bytes));
    }

    [Fact]
    public void Drops_the_trailers_that_connection_names()
    {
        HeaderTable trailers = Table(("X-A", "1"), ("X-B", "2"), ("x-a", "3"), ("X-C", "4"));
        TrailerFields.DropConnections(trailers, Table(("Connection", "close, x-A"), ("Host", "h"), ("connection", "X-C")));
        Assert.Equal(1, trailers.Count);
        Assert.Equal("2", Fields.Find(trailers, "X-B"));
    }

    [Theory]
    [InlineData("trailers", true)]
    [InlineData("gzip, Trailers", true)]
    [InlineData("trailers2", false)]
    [InlineData("gzip", false)]
    public void Are_welcome_where_te_says_so(string te, bool welcome) =>
        Assert.Equal(welcome, TrailerFields.AreWelcome(Table(("TE", te))));

    private static HeaderTable Table(params (string Name, string Value)[] fields)
    {
        var table = new HeaderTable();
        foreach ((string name, string value) in fields) table.Add(Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(value));
        return table;
    }
}
