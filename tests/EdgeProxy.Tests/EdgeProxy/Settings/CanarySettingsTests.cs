using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Settings;

public sealed class CanarySettingsTests : IDisposable
{
    private readonly SettingsFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_canary_is_read_with_its_share_document_and_variables()
    {
        NodeSettings settings = _fixture.Read("""
            apis:
              - file: a.yaml
                canary: {file: next/a.yaml, percent: 2.5, stageVariables: {backend: "b:1"}}
              - file: b.yaml
                canary: {percent: 100}
              - file: c.yaml
            """);
        CanarySettings canary = settings.Apis[0].Canary!;
        Assert.Equal((Path.Combine(_fixture.Directory_, "next/a.yaml"), "next/a.yaml", 2.5), (canary.File, canary.DisplayFile, canary.Percent));
        Assert.Equal("b:1", canary.StageVariables["backend"]);
        Assert.Equal((null, 100), (settings.Apis[1].Canary!.File, settings.Apis[1].Canary!.Percent));
        Assert.Null(settings.Apis[2].Canary);
    }

    [Theory]
    [InlineData("101")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("5%")]
    public void A_share_is_a_number_from_0_to_100(string percent)
    {
        Assert.Null(_fixture.TryRead($"apis: [{{file: a.yaml, canary: {{percent: {percent}}}}}]"));
        Assert.Contains("write a number from 0 to 100", Assert.Single(_fixture.Lines), StringComparison.Ordinal);
    }
}
