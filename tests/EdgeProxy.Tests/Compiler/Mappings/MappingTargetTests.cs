using EdgeProxy.Compiler.Mappings;

namespace EdgeProxy.Tests.Compiler.Mappings;

public sealed class MappingTargetTests
{
    [Theory]
    [InlineData("integration.request.header.X-A", TargetKind.IntegrationHeader, "X-A")]
    [InlineData("integration.request.querystring.q", TargetKind.IntegrationQuery, "q")]
    [InlineData("integration.request.path.id", TargetKind.IntegrationPath, "id")]
    [InlineData("method.response.header.ETag", TargetKind.ResponseHeader, "ETag")]
    public void Knows_each_target(string text, TargetKind kind, string name)
    {
        Assert.True(MappingTarget.TryParse(text, out MappingTarget target));
        Assert.Equal(new MappingTarget(kind, name), target);
    }

    [Theory]
    [InlineData("integration.request.header.")]
    [InlineData("integration.request.body.x")]
    [InlineData("header.x")]
    [InlineData("integration.request.header.a b")]
    public void Refuses_others(string text) => Assert.False(MappingTarget.TryParse(text, out _));
}
