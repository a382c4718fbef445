using EdgeProxy.Compiler.Mappings;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Tests.Compiler.Mappings;

public sealed class UriFaultsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8081/pets/{id}")]
    [InlineData("HTTP://backend")]
    [InlineData("https://[::1]:8443/")]
    [InlineData("http://${stageVariables.url}")]
    [InlineData("http://a.${stageVariables.domain}:8080/{proxy}?q={q}")]
    public void Finds_no_fault_in_what_can_be_called(string uri) => Assert.Null(UriFaults.FaultOrNull(UriTemplate.Parse(uri)));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("ftp://x/", "http://")]
    [InlineData("htp://x/", "http://")]
    [InlineData("/pets", "http://")]
    [InlineData("${stageVariables.url}/x", "scheme")]
    [InlineData("http://{host}/", "host")]
    [InlineData("http://${stageVariables.h}{x}/", "host")]
    [InlineData("http:///x", "no host")]
    [InlineData("http://:80/x", "no host")]
    [InlineData("http://a:0/", "port")]
    [InlineData("http://a:99999/", "port")]
    [InlineData("http://user:secret@a/", "user information")]
    [InlineData("http://a/ b", "space")]
    [InlineData("http://a/{}", "brace")]
    [InlineData("http://a/{x", "brace")]
    [InlineData("http://a/%zz", "percent")]
    [InlineData("http://a/x#y", "fragment")]
    [InlineData("http://a/ü", "'ü'")]
    [InlineData("http://a/${AWS::Region}", "stageVariables")]
    [InlineData("http://a/${other.x}", "stageVariables")]
    [InlineData("http://a,b/", "neither a name nor an address")]
    public void Says_what_cannot_be_called(string uri, string part) => Assert.Contains(part, UriFaults.FaultOrNull(UriTemplate.Parse(uri)), StringComparison.Ordinal);
}
