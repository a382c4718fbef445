using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Operations.TestInvocations;
using EdgeProxy.Tests.Process.Control;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Compiler;

public sealed class TestCompilerTests
{
    [Fact]
    public void A_tested_method_reaches_its_back_end_as_a_served_one_by_stored_links_and_certificates()
    {
        using var node = new StoredNode("upstream: { vpcLinks: [{ id: inside, address: '10.0.0.9:8443' }, { id: fixed, address: '10.0.0.8:8443' }] }");
        string link = node.Call("POST", "/vpclinks", """{"name":"inside","targetArns":["arn:aws:elasticloadbalancing:us-east-1:0:loadbalancer/net/x/1"]}""").TextOf("id")!;
        string certificate = node.Call("POST", "/clientcertificates", "{}").TextOf("clientCertificateId")!;
        string api = node.Create();
        node.AddMethod(api, "linked", $$"""{"type":"HTTP_PROXY","httpMethod":"GET","uri":"https://orders.internal/","connectionType":"VPC_LINK","connectionId":"{{link}}"}""");
        node.Deploy(api);
        node.Call("PATCH", $"/restapis/{api}/stages/prod", $$"""{"patchOperations":[{"op":"replace","path":"/clientCertificateId","value":"{{certificate}}"}]}""");

        TestPlan tested = Tested(node, api, "/linked", certificate);
        UpstreamTls tls = tested.Stage.Main.UriOrNull(0)!.Upstream!.Tls!;
        Assert.Equal(node.Stage(api).Main.UriOrNull(node.Route(api, "/linked").Ordinal)!.Upstream, tested.Stage.Main.UriOrNull(0)!.Upstream);
        Assert.Equal("https://10.0.0.9:8443", tested.Stage.Main.UriOrNull(0)!.Upstream!.ToString());
        Assert.NotNull(tls.ClientCertificateFile);
        Assert.True(node.Parts.SecureConnectors[0].Contexts.TryPrepare(tls, []));
    }

    [Fact]
    public void A_tested_method_waits_no_longer_than_a_served_one()
    {
        using var node = new StoredNode("timeouts: { integration: 10s }");
        string api = node.Create();
        node.AddMethod(api, "plain", """{"type":"HTTP_PROXY","httpMethod":"GET","uri":"http://127.0.0.1:1/"}""");
        Assert.Equal(10_000_000_000, Tested(node, api, "/plain", null, 10_000).Stage.Main.Plan.Routes[0].Integration.TimeoutNanoseconds);
    }

    private static TestPlan Tested(StoredNode node, string api, string path, string? certificate, int longest = 29_000)
    {
        var problems = new ProblemList();
        ApiDefinition definition = ReadDefinition.Run(node.Management.Book.ScopeOrNull(Scopes.RestApi(api))!, problems);
        TestPlan? plan = TestCompiler.CompileOrNull(definition, path, "GET", new StageDefinition { Name = "test", ClientCertificateId = certificate }, node.Parts.TestInvoke!, longest, problems);
        Assert.True(plan is not null, string.Join('\n', problems));
        return plan;
    }
}
