using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Control;

/// <summary>How long a node waits for integrations: the same whether a call, a file or the store says it (decision 0060).</summary>
public sealed class IntegrationTimeoutTests
{
    private const string Plain = """{"type":"HTTP_PROXY","httpMethod":"GET","uri":"http://127.0.0.1:1/"}""";

    [Theory]
    [InlineData("10s", "", 29_000, 10_000)]
    [InlineData("10s", ",\"timeoutInMillis\":29000", 29_000, 10_000)]
    [InlineData("10s", ",\"timeoutInMillis\":5000", 5_000, 5_000)]
    [InlineData("60s", "", 29_000, 29_000)]
    [InlineData("60s", ",\"timeoutInMillis\":45000", 45_000, 45_000)]
    [InlineData("10s", ",\"responseTransferMode\":\"STREAM\",\"timeoutInMillis\":900000", 900_000, 900_000)]
    [InlineData("10s", ",\"responseTransferMode\":\"STREAM\",\"timeoutInMillis\":29000", 29_000, 29_000)]
    public void A_stored_integration_shows_what_was_asked_for_and_is_served_with_what_the_node_waits(string setting, string asked, int shown, int served)
    {
        using var node = new StoredNode($"timeouts: {{ integration: {setting} }}");
        string api = node.Create();
        string at = node.AddMethod(api, "plain", Plain[..^1] + asked + "}");
        node.Deploy(api);

        Assert.Equal(shown, node.Call("GET", at + "/integration").NumberOf("timeoutInMillis"));
        Assert.Equal(served, Milliseconds(node, api));
    }

    [Theory]
    [InlineData("10s", ",\"timeoutInMillis\":29001", "Timeout should be between 50 ms and 29000 ms")]
    [InlineData("60s", ",\"timeoutInMillis\":60001", "Timeout should be between 50 ms and 60000 ms")]
    [InlineData("60s", ",\"responseTransferMode\":\"STREAM\",\"timeoutInMillis\":900001", "Timeout should be between 50 ms and 900000 ms")]
    [InlineData("60s", ",\"responseTransferMode\":\"BUFFERED\",\"timeoutInMillis\":900000", "Timeout should be between 50 ms and 60000 ms")]
    public void A_call_may_ask_for_what_the_service_takes_or_the_node_waits(string setting, string asked, string message)
    {
        using var node = new StoredNode($"timeouts: {{ integration: {setting} }}");
        string at = node.AddMethod(node.Create(), "plain", Plain);
        (int status, WireValue answer) = node.TryCall("PUT", at + "/integration", Plain[..^1] + asked + "}");
        Assert.Equal((400, message), (status, answer.TextOf("message")));
    }

    [Fact]
    public void A_stage_with_longer_time_outs_than_the_node_waits_any_more_is_served_with_them_cut_after_a_reload_and_a_restart()
    {
        using var node = new StoredNode("timeouts: { integration: 60s }");
        string api = node.Create();
        node.AddMethod(api, "plain", Plain[..^1] + ",\"timeoutInMillis\":60000}");
        string deployment = node.Deploy(api);
        DeploymentPlan plan = node.Stage(api).Main.Plan;
        ProblemList problems = node.Reload("timeouts: { integration: 40s }");
        Assert.Equal(40_000, Milliseconds(node, api));
        Assert.Equal(
            "GET /plain waits 60000 ms for its integration and this node at most 40000: it is served with that. Raise timeouts.integration to wait longer.",
            Assert.Single(problems, static problem => problem.Message.Contains("timeouts.integration", StringComparison.Ordinal)).Message);

        using var again = new StoredNode("timeouts: { integration: 30s }", node);
        Assert.Equal((30_000, deployment), (Milliseconds(again, api), again.Stage(api).Main.Id.ToString()));
        Assert.Single(again.Found, static problem => problem.Message.Contains("this node at most 30000", StringComparison.Ordinal));

        // Whoever captured the plan finishes on it.
        Assert.Contains(plan.Routes, static route => route.Integration.TimeoutNanoseconds == 60_000_000_000);
        node.Reload("timeouts: { integration: 60s }");
        Assert.Equal(60_000, Milliseconds(node, api));
    }

    [Theory]
    [InlineData("10s", 29_000, 10_000)]
    [InlineData("10s", 5_000, 5_000)]
    [InlineData("60s", 45_000, 45_000)]
    public void A_file_and_an_import_may_ask_for_as_much_as_a_call(string setting, int asked, int served)
    {
        string document = """{"openapi":"3.0.1","info":{"title":"Slow","version":"1"},"paths":{"/plain":{"get":{"responses":{},"x-amazon-apigateway-integration":{"type":"http_proxy","httpMethod":"GET","uri":"http://127.0.0.1:1/","timeoutInMillis":""" + asked + "}}}}}";
        using var node = new StoredNode($"timeouts: {{ integration: {setting} }}");
        node.Work.Write("petstore.yaml", document);
        node.Reload($"timeouts: {{ integration: {setting} }}");
        Assert.Equal(served, node.Now.Mounts.Find("/plain"u8, out _)!.Main.Plan.Routes[0].Integration.TimeoutNanoseconds / 1_000_000);

        Reply reply = node.Management.Answer(new ManagementRequest("POST", "/restapis", "mode=import&failonwarnings=true", System.Text.Encoding.UTF8.GetBytes(document)), out int status);
        Assert.Equal(201, status);
        string api = WireValue.Parse(reply.Body.Span).TextOf("id")!;
        node.Deploy(api);
        Assert.Equal(served, Milliseconds(node, api));
    }

    private static long Milliseconds(StoredNode node, string api) => node.Route(api, "/plain").Integration.TimeoutNanoseconds / 1_000_000;
}
