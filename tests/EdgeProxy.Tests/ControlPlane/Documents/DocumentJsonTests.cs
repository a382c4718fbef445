using EdgeProxy.ControlPlane.Documents;

namespace EdgeProxy.Tests.ControlPlane.Documents;

public sealed class DocumentJsonTests
{
    [Theory]
    [InlineData("a: [1, -2.5, true, null, 'x', \"1\", 0x10, 1e400]", "{\"a\":[1,-2.5,true,null,\"x\",\"1\",16,1e400]}")]
    [InlineData("[972783798187987123879878123.18878137, 0.10, 01, +1, 1., .5, 1E+2]", "[972783798187987123879878123.18878137,0.10,1,1,1,0.5,1E+2]")]
    [InlineData("a: {b: {}, c: []}", "{\"a\":{\"b\":{},\"c\":[]}}")]
    [InlineData("a: \"quote \\\" and \\u0001\"", "{\"a\":\"quote \\\" and \\u0001\"}")]
    public void Writes_what_was_meant(string yaml, string json) => Assert.Equal(json, DocumentJson.Write(DocumentReaderTests.ReadWell("a.yaml", yaml)));
}
