using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Operations.Explanations;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 12: what is too large, and what it is answered with. Limits of what calls may make are in <c>ControlPlane</c>.</summary>
public sealed class Rest_12_Limits : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData(10200, 200)]
    [InlineData(10241, 414)]
    public void A_URL_of_more_than_10240_characters_is_414(int length, int status)
    {
        _gateway.Route("GET /{proxy+}", Mock()).Serve();
        Assert.Equal(status, Ask("/" + new string('a', length - 1)));
    }

    [Theory]
    [InlineData(49, false)]
    [InlineData(50, true)]
    [InlineData(29_000, true)]
    [InlineData(29_001, false)]
    public void An_integration_waits_for_50_to_29000_milliseconds(int timeout, bool isTaken)
    {
        var problems = new ProblemList();
        ApiCompiler.Check(StagedGateway.Import(MappedApi.Document($"type: http_proxy\nhttpMethod: GET\nuri: http://backend/\ntimeoutInMillis: {timeout}"), "api0", problems), new CheckOptions(), problems);
        Assert.Equal(isTaken, !problems.HasErrors);
    }

    [Fact]
    public void A_foreach_ends_behind_1000_elements()
    {
        _gateway.Serve(MappedApi.Mock("{\"statusCode\": 200}", "#set($n = 0)#foreach($i in [1..1001])#set($n = $n + 1)#end$n"));
        Assert.Equal("1000", _gateway.Send("GET /pets/1 HTTP/1.1").SentText);
    }

    private int Ask(string target) => new Explain(TimeProvider.System).Run(_gateway.Snapshots, new ExplainRequest { Method = "GET", Target = target }).Response!.Status;
}
