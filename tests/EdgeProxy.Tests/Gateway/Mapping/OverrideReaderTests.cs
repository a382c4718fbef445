using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.TestKit;
using EdgeProxy.Templates;

namespace EdgeProxy.Tests.Gateway.Mapping;

public sealed class OverrideReaderTests
{
    private static readonly TemplateOverrides s_overrides = Set();

    [Theory]
    [InlineData(OverrideTarget.RequestHeader, "x-a", "1,2,")]
    [InlineData(OverrideTarget.RequestHeader, "X-B", "3")]
    [InlineData(OverrideTarget.ResponseHeader, "X-A", "r")]
    [InlineData(OverrideTarget.RequestPath, "id", "7")]
    [InlineData(OverrideTarget.RequestPath, "ID", null)]
    [InlineData(OverrideTarget.RequestQueryString, "id", null)]
    [InlineData(OverrideTarget.ResponseHeader, "X-B", null)]
    public void Finds_fields_without_case_and_all_else_with_it_and_joins_what_belongs_together(OverrideTarget target, string name, string? expected)
    {
        int index = OverrideReader.Find(s_overrides, target, Encoding.UTF8.GetBytes(name));
        Assert.Equal(expected is not null, index >= 0);
        Assert.Equal(expected is not null, OverrideReader.Replaces(s_overrides, target, Encoding.UTF8.GetBytes(name)));
        if (expected is null) return;
        var writer = new ByteWriter(new byte[64]);
        OverrideReader.WriteJoined(s_overrides, ref index, ref writer);
        Assert.Equal(expected, Encoding.UTF8.GetString(writer.Written));
        Assert.True(index + 1 == s_overrides.Count || !s_overrides.Continues(index + 1));
    }

    [Fact]
    public void Nothing_set_replaces_nothing() => Assert.False(OverrideReader.Replaces(null, OverrideTarget.RequestHeader, "a"u8));

    private static TemplateOverrides Set()
    {
        TemplateStage stage = new();
        stage.Render("""
            #set($context.requestOverride.header.X-A = ["1", 2, ""])#set($context.requestOverride.header.X-B = 3)#set($context.requestOverride.path.id = 7)
            #set($context.responseOverride.header.X-A = "r")
            """);
        return stage.Overrides;
    }
}
