using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Http.Client;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Process.Control;

/// <summary>What calls make and take away again leaves a node as it was, however often (decision 0060).</summary>
public sealed class ChurnTests
{
    [Fact]
    public void Stages_that_come_and_go_leave_no_live_state_and_no_series()
    {
        using var node = new StoredNode("");
        string api = node.Create();
        string deployment = node.Deploy(api);
        int stages = node.Parts.Compiler.LiveStages;
        int series = Series(node);
        for (int i = 0; i < 2000; i++)
        {
            node.Call("POST", $"/restapis/{api}/stages", $$"""{"stageName":"s{{i}}","deploymentId":"{{deployment}}"}""");
            if (i % 100 == 0) Use(node.Stage(api, $"s{i}"));
            node.Call("DELETE", $"/restapis/{api}/stages/s{i}");
        }

        Assert.Equal((stages, series), (node.Parts.Compiler.LiveStages, Series(node)));
        node.Call("DELETE", $"/restapis/{api}");
        Assert.Equal(stages - 1, node.Parts.Compiler.LiveStages);
        Assert.DoesNotContain(api, MetricText.Of(node.Parts.Metrics), StringComparison.Ordinal);
    }

    [Fact]
    public void Routes_that_come_and_go_leave_no_series()
    {
        using var node = new StoredNode("");
        string api = node.Create();
        node.Deploy(api);
        Use(node.Stage(api));
        int series = Series(node);
        string at = node.AddMethod(api, "gone", """{"type":"MOCK"}""");
        node.Deploy(api);
        Use(node.Stage(api));
        Assert.Contains("resource=\"/gone\"", MetricText.Of(node.Parts.Metrics), StringComparison.Ordinal);
        node.Call("DELETE", at[..at.IndexOf("/methods", StringComparison.Ordinal)]);
        node.Deploy(api);
        Assert.Equal(series, Series(node));
    }

    [Fact]
    public void Upstreams_and_targets_that_come_and_go_leave_no_series()
    {
        using var node = new StoredNode("");
        Balance("http://one.test", "10.0.0.1:1", "10.0.0.2:1");
        int series = Series(node);
        UpstreamLive first = Assert.Single(node.Now.Upstreams).Live;
        for (int i = 0; i < 5; i++)
        {
            Balance($"http://other{i}.test", "10.0.0.1:1", $"10.0.1.{i}:1");
            Assert.Equal(series, Series(node));
        }

        Assert.DoesNotContain("one.test", MetricText.Of(node.Parts.Metrics), StringComparison.Ordinal);

        // A request under way, of a deployment before.
        first.Target(new UpstreamName("10.0.0.9", 1)).Enter(0);
        first.Series.Ejections(first.Target(new UpstreamName("10.0.0.1", 1)), "rate").Increment(0);
        Assert.Equal(series, Series(node));

        // What comes again begins anew, and a target alone goes as well.
        Balance("http://one.test", "10.0.0.1:1", "10.0.0.2:1");
        Assert.NotSame(first, Assert.Single(node.Now.Upstreams).Live);
        Assert.Contains("upstream=\"http://one.test:80\",target=\"http://10.0.0.2:1\"", MetricText.Of(node.Parts.Metrics), StringComparison.Ordinal);
        UpstreamLive again = Assert.Single(node.Now.Upstreams).Live;
        Balance("http://one.test", "10.0.0.1:1", "10.0.0.3:1");
        Assert.Same(again, Assert.Single(node.Now.Upstreams).Live);
        Assert.DoesNotContain("http://10.0.0.2:1", MetricText.Of(node.Parts.Metrics), StringComparison.Ordinal);
        Assert.Equal(series, Series(node));

        void Balance(string uri, params string[] targets)
        {
            node.Work.Write("petstore.yaml", $$"""
                openapi: 3.0.1
                info: { title: Pets, version: '1' }
                paths:
                  /pets:
                    get:
                      responses: { '200': { description: ok } }
                      x-amazon-apigateway-integration:
                        type: http_proxy
                        httpMethod: GET
                        uri: {{uri}}/
                        x-edgeproxy-upstream: { targets: [{{string.Join(", ", targets.Select(static target => $"'{target}'"))}}] }
                """);
            node.Reload("");
        }
    }

    [Fact]
    public void Buckets_of_a_plan_s_methods_go_with_what_limits_them()
    {
        using var node = new StoredNode("");
        string api = node.Create();
        node.Deploy(api);
        string plan = node.Call("POST", "/usageplans", $$$"""{"name":"p","apiStages":[{"apiId":"{{{api}}}","stage":"prod","throttle":{ "/orders/GET": { "rateLimit":5,"burstLimit":5 } } }]}""").TextOf("id")!;
        UsagePlanLive live = node.Stage(api).UsagePlans!.Single(static listed => listed is not null)!.Plan.Live;
        Assert.Equal(plan, live.Id);
        Assert.Equal(1, live.LimitedMethods);
        node.Call("PATCH", $"/usageplans/{plan}", """{"patchOperations":[{"op":"replace","path":"/name","value":"q"}]}""");
        Assert.Equal(1, live.LimitedMethods);
        node.Call("DELETE", $"/restapis/{api}");
        Assert.Equal(0, live.LimitedMethods);
    }

    [Fact]
    public void A_change_that_is_prepared_and_not_kept_leaves_no_trace()
    {
        using var node = new StoredNode("");
        string api = node.Create();
        node.Deploy(api);
        string scope = Scopes.RestApi(api);
        int stages = node.Parts.Compiler.LiveStages;
        int series = Series(node);
        var edit = new BookEdit(node.Management.Book);
        edit.Put(scope, Kinds.Stage, "other", edit.Find(scope, Kinds.Stage, "prod")!.Open().Set("stageName", "other").Set("cacheClusterEnabled", true).Set("cacheClusterSize", "0.5"));
        Assert.True(node.Parts.Publisher.TryPrepare(edit, new ProblemList(), out IPublication? publication));
        Assert.Equal(stages + 1, node.Parts.Compiler.LiveStages);
        publication!.Abandon();

        Assert.Equal((stages, series), (node.Parts.Compiler.LiveStages, Series(node)));
        StagePlan before = node.Stage(api);
        node.Deploy(api);
        Assert.Same(before.Live, node.Stage(api).Live);
    }

    [Fact]
    public void A_reload_that_is_refused_for_a_file_of_TLS_leaves_no_trace()
    {
        using var node = new StoredNode("");
        int stages = node.Parts.Compiler.LiveStages;
        node.Work.Write("broken.pem", "no certificate");
        node.Work.Write("secure.yaml", """
            openapi: 3.0.1
            info: { title: A, version: '1' }
            paths:
              /a:
                get:
                  responses: { '200': { description: ok } }
                  x-amazon-apigateway-integration: { type: http_proxy, httpMethod: GET, uri: 'https://127.0.0.1:1/' }
            """);
        node.Work.Write("edgeproxy.yaml", """
            loops: 1
            logs: { access: { path: off } }
            upstream: { tls: { clientCertificates: [{ id: c, certificate: broken.pem, key: broken.pem }] } }
            apis: [{ file: petstore.yaml, id: filed }, { file: secure.yaml, id: second, basePath: /second, clientCertificateId: c }]
            """);
        var problems = new ProblemList();
        Assert.False(node.Target.TryApply(node.Settings(), problems));
        Assert.Contains(problems, static problem => problem.Message.Contains("broken.pem", StringComparison.Ordinal));
        Assert.Equal(stages, node.Parts.Compiler.LiveStages);
    }

    [Fact]
    public void Contexts_of_client_certificates_go_with_the_last_stage_that_shows_them()
    {
        using var node = new StoredNode("");
        string api = node.Create();
        node.AddMethod(api, "secure", """{"type":"HTTP_PROXY","httpMethod":"GET","uri":"https://127.0.0.1:1/"}""");
        node.Deploy(api);
        UpstreamTlsContexts contexts = node.Parts.SecureConnectors[0].Contexts;
        int before = contexts.Count;
        for (int i = 0; i < 5; i++)
        {
            string id = node.Call("POST", "/clientcertificates", "{}").TextOf("clientCertificateId")!;
            node.Call("PATCH", $"/restapis/{api}/stages/prod", $$"""{"patchOperations":[{"op":"replace","path":"/clientCertificateId","value":"{{id}}"}]}""");
            UpstreamTls shown = node.Stage(api).Main.UriOrNull(node.Route(api, "/secure").Ordinal)!.Upstream!.Tls!;
            Assert.Equal(before, contexts.Count);
            node.Call("PATCH", $"/restapis/{api}/stages/prod", """{"patchOperations":[{"op":"replace","path":"/clientCertificateId","value":""}]}""");
            node.Call("DELETE", $"/clientcertificates/{id}");

            // A request under way finishes on what it captured.
            Assert.NotNull(contexts.FindOrNull(shown));
            Assert.Equal(before, contexts.Count);
        }

        Assert.Same(contexts, node.Parts.SecureConnectors[0].Contexts);
    }

    // As if a request had been answered by each route.
    private static void Use(StagePlan stage)
    {
        foreach (RoutePlan route in stage.Main.Plan.Routes) stage.Main.Live(route.Ordinal).Series.ForStatus(200).Requests.Increment(0);
        stage.Live.CanaryRequests(false, 200).Increment(0);
    }

    private static int Series(StoredNode node)
    {
        int lines = 0;
        foreach (string line in MetricText.Of(node.Parts.Metrics).Split('\n')) lines += line.StartsWith('#') || !line.Contains("api_id=", StringComparison.Ordinal) ? 0 : 1;
        return lines;
    }
}
