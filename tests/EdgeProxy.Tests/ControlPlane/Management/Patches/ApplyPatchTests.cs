using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Tests.ControlPlane.Management.Patches;

public sealed class ApplyPatchTests
{
    private static readonly PatchRule[] s_rules =
    [
        new("/name", "R"),
        new("/size", "AR", PatchType.Integer),
        new("/rate", "R", PatchType.Double),
        new("/enabled", "R", PatchType.Boolean),
        new("/scopes", "ARD", PatchType.List),
        new("/types/{type}", "ARD", PatchType.ListItem),
        new("/map/{key}", "ARD"),
        new("/tls/skip", "R", PatchType.Boolean),
        new("/basepath", "R") { IgnoresCase = true, Members = ["basePath"] },
    ];

    [Theory]
    [InlineData(PatchOp.Replace, "/name", "x", """{"name":"x"}""")]
    [InlineData(PatchOp.Replace, "/name", null, """{}""")]
    [InlineData(PatchOp.Add, "/size", "3", """{"size":3}""")]
    [InlineData(PatchOp.Replace, "/rate", "0.5", """{"rate":0.5}""")]
    [InlineData(PatchOp.Replace, "/enabled", "True", """{"enabled":true}""")]
    [InlineData(PatchOp.Replace, "/enabled", "yes", """{"enabled":false}""")]
    [InlineData(PatchOp.Replace, "/scopes", "a, b", """{"scopes":["a","b"]}""")]
    [InlineData(PatchOp.Add, "/scopes", "a", """{"scopes":["a"]}""")]
    [InlineData(PatchOp.Add, "/types/image~1png", null, """{"types":["image/png"]}""")]
    [InlineData(PatchOp.Add, "/map/application~1json", "x", """{"map":{"application/json":"x"}}""")]
    [InlineData(PatchOp.Replace, "/map/a~01b", "x", """{"map":{"a~1b":"x"}}""")]
    [InlineData(PatchOp.Replace, "/tls/skip", "true", """{"tls":{"skip":true}}""")]
    [InlineData(PatchOp.Replace, "/basePath", "v1", """{"basePath":"v1"}""")]
    [InlineData(PatchOp.Remove, "/map/x", null, "{}")]
    public void Does_what_an_operation_says(PatchOp op, string path, string? value, string expected) => Assert.Equal(expected, Apply("{}", new PatchOperation(op, path, value, null)));

    [Theory]
    [InlineData(PatchOp.Remove, "/scopes", "a", """{"scopes":["b"],"types":["image/png"],"map":{"k":"v"}}""")]
    [InlineData(PatchOp.Remove, "/scopes", null, """{"types":["image/png"],"map":{"k":"v"}}""")]
    [InlineData(PatchOp.Remove, "/types/image~1png", null, """{"scopes":["a","b"],"types":[],"map":{"k":"v"}}""")]
    [InlineData(PatchOp.Replace, "/types/image~1png", "image/gif", """{"scopes":["a","b"],"types":["image/gif"],"map":{"k":"v"}}""")]
    [InlineData(PatchOp.Remove, "/map/k", null, """{"scopes":["a","b"],"types":["image/png"],"map":{}}""")]
    public void Changes_what_is_there(PatchOp op, string path, string? value, string expected) =>
        Assert.Equal(expected, Apply("""{"scopes":["a","b"],"types":["image/png"],"map":{"k":"v"}}""", new PatchOperation(op, path, value, null)));

    [Theory]
    [InlineData(PatchOp.Replace, "/nothing", "Invalid patch path /nothing")]
    [InlineData(PatchOp.Replace, null, "Invalid patch path null")]
    [InlineData(PatchOp.Replace, "name", "Invalid patch path name")]
    [InlineData(PatchOp.Add, "/name", "Invalid patch operation specified. Must be one of: [replace]")]
    [InlineData(PatchOp.Replace, "/size", "Invalid value specified for /size: x")]
    public void Refuses_in_the_short_dialect(PatchOp op, string? path, string message) => Assert.Equal(message, Apply("{}", new PatchOperation(op, path, "x", null)));

    [Theory]
    [InlineData(PatchOp.Replace, "/nothing", "Invalid patch path  '/nothing' specified for op 'replace'. Must be one of: [/a, /b]")]
    [InlineData(PatchOp.Add, "/name", "Invalid patch path  '/name' specified for op 'add'. Please choose supported operations")]
    public void Refuses_in_the_listed_dialect(PatchOp op, string path, string message) => Assert.Equal(message, Apply("{}", new PatchOperation(op, path, "x", null), PatchDialect.Listed("/a, /b")));

    [Fact]
    public void Says_so_where_a_key_has_to_be_there()
    {
        var dialect = new PatchDialect(PatchDialect.Short) { MissingKey = static _ => Reply.NotFound("Invalid parameter name specified") };
        Assert.Equal("Invalid parameter name specified", Apply("{}", new PatchOperation(PatchOp.Remove, "/map/k", null, null), dialect));
        Assert.Equal("Invalid parameter name specified", Apply("""{"map":{}}""", new PatchOperation(PatchOp.Replace, "/map/k", "v", null), dialect));
    }

    private static string Apply(string json, PatchOperation operation, PatchDialect? dialect = null)
    {
        WireValue value = WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(json));
        return ApplyPatch.Run(value, [operation], s_rules, dialect ?? PatchDialect.Short)?.Message ?? value.ToString();
    }
}
