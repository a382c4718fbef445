using System.IO.Compression;
using EdgeProxy.ControlPlane.Exports.Sdk;
using EdgeProxy.Definitions;

namespace EdgeProxy.Tests.ControlPlane.Exports.Sdk;

public sealed class JavaScriptSdkTests
{
    [Theory]
    [InlineData("/", "GET", null, "rootGet")]
    [InlineData("/pets/{petId}", "GET", null, "petsPetIdGet")]
    [InlineData("/{proxy+}", "ANY", null, "proxyAny")]
    [InlineData("/user-groups/2fa", "POST", null, "userGroups2faPost")]
    [InlineData("/2fa", "POST", null, "_2faPost")]
    [InlineData("/pets", "GET", "listPets", "listPets")]
    [InlineData("/pets", "GET", "list pets", "petsGet")]
    public void Names_a_function_as_the_service_does(string path, string verb, string? operation, string name) =>
        Assert.Equal(name, JavaScriptSdk.NameOf(new MethodDefinition { Path = path, Verb = verb, OperationName = operation }));

    [Fact]
    public void Lets_no_text_of_the_api_become_code()
    {
        const string hostile = "/a*/\n'\"`${x}\u2028</script>\\";
        string script = Script(new MethodDefinition { Path = hostile, Verb = "GET", OperationName = "__proto__", Parameters = [new(ParameterLocation.Header, hostile, false, null)] });
        Assert.Contains("// GET /a*/?'\"`${x}?</script>\\\n", script, StringComparison.Ordinal);
        Assert.Contains("client[\"__proto__2\"]", script, StringComparison.Ordinal);
        Assert.Contains("""\n'\"`${x}""", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_functions_of_one_name_numbers()
    {
        string script = Script(new() { Path = "/a-b", Verb = "GET" }, new() { Path = "/a.b", Verb = "GET" }, new() { Path = "/a_b", Verb = "GET" });
        Assert.Equal(3, new[] { "aBGet", "aBGet2", "aBGet3" }.Count(name => script.Contains($"client[\"{name}\"]", StringComparison.Ordinal)));
    }

    private static string Script(params MethodDefinition[] methods)
    {
        byte[] zip = JavaScriptSdk.Write(new ApiDefinition { Id = "abcdefghij", Name = "Pets & Co.", Methods = methods }, "http://127.0.0.1/prod", DateTimeOffset.UnixEpoch);
        using var archive = new ZipArchive(new MemoryStream(zip));
        Assert.Equal(["apiGateway-js-sdk/apigClient.js", "apiGateway-js-sdk/package.json", "apiGateway-js-sdk/README.md"], archive.Entries.Select(entry => entry.FullName));
        using var reader = new StreamReader(archive.Entries[0].Open());
        return reader.ReadToEnd();
    }
}
