using EdgeProxy.ControlPlane.Management.V1;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using Record = EdgeProxy.ControlPlane.Records.Record;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class ApiKeyHeadTests
{
    [Theory]
    [InlineData("value-value-value-001", "name")]
    [InlineData("value\\value\"value-001", "a \"name\" \\ with ü, 😀")]
    [InlineData("\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"", "\"")]
    [InlineData("value-value-value-001", "")]
    [InlineData("value-value-value-001", null)]
    public void Finds_value_and_name_and_cuts_the_value_out(string value, string? name)
    {
        WireValue key = WireValue.NewObject().Set("enabled", true).Set("value", value).Set("name", name).Set("id", "k1").Set("tags", WireValue.NewObject().Set("value", "other"));
        Record record = ApiKeyHead.Write(key);
        var head = new ApiKeyHead(record.Json.Span);
        Assert.Equal(ApiKeyHead.Written(value), head.Value(record.Json.Span).ToArray());
        Assert.Equal(ApiKeyHead.Written(name ?? ""), head.Name(record.Json.Span).ToArray());
        Assert.Equal(value, System.Text.Encoding.UTF8.GetString(head.PlainValue(record.Json.Span)));
        Assert.True(ApiKeyHead.IsEnabled(record.Json.Span));
        Assert.False(ApiKeyHead.IsEnabled(ApiKeyHead.Write(key.Clone().Set("enabled", false).Set("tags", WireValue.NewObject().Set("enabled", "true"))).Json.Span));
        WireValue without = WireValue.Parse(head.WithoutValue(record.Json.Span));
        Assert.Equal(record.Open().Set("value", (string?)null).ToString(), without.ToString());
    }
}
