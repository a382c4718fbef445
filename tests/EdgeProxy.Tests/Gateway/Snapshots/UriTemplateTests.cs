using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Tests.Gateway.Snapshots;

public sealed class UriTemplateTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("http://backend/a", "L:http://backend/a")]
    [InlineData("http://${stageVariables.backend}/pets/{id}?v=1", "L:http:// V:backend L:/pets/ P:id L:?v=1")]
    [InlineData("{a}{b}", "P:a P:b")]
    [InlineData("${stageVariables.url}", "V:url")]
    [InlineData("/${other}/${stageVariables}/{}", "L:/${other}/${stageVariables}/{}")]
    [InlineData("/{a b}/{open", "L:/{a b}/{open")]
    [InlineData("/${stageVariables.}/${stageVariables.a", "L:/${stageVariables.}/${stageVariables.a")]
    [InlineData("/{{id}}", "L:/{ P:id L:}")]
    [InlineData("$", "L:$")]
    public void Takes_a_uri_apart(string uri, string expected)
    {
        UriTemplate template = UriTemplate.Parse(uri);
        Assert.Equal(uri, template.Text);
        Assert.Equal(expected, string.Join(' ', template.Segments.Select(segment => $"{segment.Kind switch { UriSegmentKind.Literal => 'L', UriSegmentKind.Placeholder => 'P', _ => 'V' }}:{segment.Text}")));
    }
}
