using EdgeProxy.Compiler.Mappings;

namespace EdgeProxy.Tests.Compiler.Mappings;

public sealed class SourceExpressionTests
{
    [Theory]
    [InlineData("'static'", SourceKind.Literal, "static")]
    [InlineData("''", SourceKind.Literal, "")]
    [InlineData("method.request.path.id", SourceKind.RequestPath, "id")]
    [InlineData("method.request.querystring.q", SourceKind.RequestQuery, "q")]
    [InlineData("method.request.multivaluequerystring.q", SourceKind.RequestQueryAll, "q")]
    [InlineData("method.request.header.X-A", SourceKind.RequestHeader, "X-A")]
    [InlineData("method.request.multivalueheader.X-A", SourceKind.RequestHeaderAll, "X-A")]
    [InlineData("method.request.body", SourceKind.RequestBody, "")]
    [InlineData("method.request.body.a.b[0]", SourceKind.RequestBody, "a.b[0]")]
    [InlineData("stageVariables.v", SourceKind.StageVariable, "v")]
    [InlineData("context.identity.sourceIp", SourceKind.Context, "identity.sourceIp")]
    public void Knows_each_source_of_a_request(string text, SourceKind kind, string name)
    {
        Assert.True(SourceExpression.TryParseRequest(text, out SourceExpression source));
        Assert.Equal(new SourceExpression(kind, name), source);
    }

    [Theory]
    [InlineData("integration.response.header.X", SourceKind.ResponseHeader, "X")]
    [InlineData("integration.response.multivalueheader.X", SourceKind.ResponseHeaderAll, "X")]
    [InlineData("integration.response.body.a", SourceKind.ResponseBody, "a")]
    [InlineData("'*'", SourceKind.Literal, "*")]
    public void Knows_each_source_of_a_response(string text, SourceKind kind, string name)
    {
        Assert.True(SourceExpression.TryParseResponse(text, out SourceExpression source));
        Assert.Equal(new SourceExpression(kind, name), source);
    }

    [Theory]
    [InlineData("")]
    [InlineData("'")]
    [InlineData("static")]
    [InlineData("method.request.path.")]
    [InlineData("method.request.path.a b")]
    [InlineData("method.request.cookie.a")]
    [InlineData("method.request.bodyx")]
    [InlineData("integration.response.header.X")]
    [InlineData("stageVariables.")]
    public void Refuses_what_is_no_source_of_a_request(string text) => Assert.False(SourceExpression.TryParseRequest(text, out _));
}
