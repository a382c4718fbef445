using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Process.Control;

public sealed class PublisherTests : IDisposable
{
    private const string Links =
        "upstream: { vpcLinks: [{ id: inside, address: '10.0.0.9:8080' }, { id: 'arn:aws:elasticloadbalancing:us-east-1:0:loadbalancer/net/x/2', address: '10.0.0.9:8080' }] }";

    private readonly StoredNode _node = new(Links);

    private GatewaySnapshot Now => _node.Now;

    public void Dispose() => _node.Dispose();

    [Fact]
    public void A_deployment_is_served_beside_the_APIs_of_files()
    {
        string api = Create("Shop", "/orders");
        Assert.Null(Now.Apis.Find(Encoding.ASCII.GetBytes(api)));
        BasePathTable mounts = Now.Mounts;
        string deployment = Deploy(api, "prod");

        StagePlan stage = Stage(api, "prod");
        Assert.Equal("/orders", Assert.Single(stage.Main.Plan.Routes).ResourcePath.ToString());
        Assert.Equal((deployment, "Shop", 2L), (stage.Main.Id.ToString(), stage.Api.Name.ToString(), _node.Parts.Snapshots.Version));
        Assert.Same(mounts, Now.Mounts);
        Assert.NotNull(Now.Apis.Find("filed"u8));
    }

    [Fact]
    public void What_happens_to_an_API_is_served_by_its_next_deployment_alone()
    {
        string api = Create("Shop", "/orders");
        Deploy(api, "prod");
        GatewaySnapshot before = Now;
        _node.AddMock(api, "carts");
        Call("PATCH", $"/restapis/{api}", """{"patchOperations":[{"op":"replace","path":"/name","value":"Other"}]}""");
        Assert.Same(before, Now);

        Deploy(api, "prod");
        Assert.Equal(2, Stage(api, "prod").Main.Plan.Routes.Length);
        Assert.Equal("Other", Stage(api, "prod").Api.Name.ToString());
    }

    [Fact]
    public void A_stage_that_is_pointed_back_serves_what_was_frozen_then()
    {
        string api = Create("Shop", "/orders");
        string first = Deploy(api, "prod");
        _node.AddMock(api, "carts");
        Deploy(api, "prod");
        Patch(api, "prod", "replace", "/deploymentId", first);

        StagePlan stage = Stage(api, "prod");
        Assert.Equal((first, 1), (stage.Main.Id.ToString(), stage.Main.Plan.Routes.Length));
    }

    [Fact]
    public void Stage_settings_and_variables_need_no_deployment()
    {
        string api = Create("Shop", "/orders");
        Deploy(api, "prod");
        DeploymentPlan plan = Stage(api, "prod").Main.Plan;
        Patch(api, "prod", "replace", "/variables/backend", "10.0.0.1");
        Patch(api, "prod", "replace", "/*/*/throttling/rateLimit", "3");

        StagePlan stage = Stage(api, "prod");
        Assert.Same(plan, stage.Main.Plan);
        Assert.Equal("10.0.0.1", Encoding.ASCII.GetString(stage.Main.Variables["backend"u8]));
        Assert.NotNull(stage.Main.ThrottleOrNull(0));
    }

    [Fact]
    public void A_canary_takes_its_share_with_its_own_deployment_and_is_promoted()
    {
        string api = Create("Shop", "/orders");
        string main = Deploy(api, "prod");
        _node.AddMock(api, "carts");
        string canary = Call("POST", $"/restapis/{api}/deployments", """{"stageName":"prod","canarySettings":{"percentTraffic":25,"stageVariableOverrides":{"a":"b"}}}""").TextOf("id")!;

        StagePlan stage = Stage(api, "prod");
        Assert.Equal((main, canary, 25, 1, 2), (stage.Main.Id.ToString(), stage.Canary!.Id.ToString(), stage.CanaryPercent, stage.Main.Plan.Routes.Length, stage.Canary.Plan.Routes.Length));
        Assert.Equal("b", Encoding.ASCII.GetString(stage.Canary.Variables["a"u8]));

        DeploymentPlan promoted = stage.Canary.Plan;
        Call("PATCH", $"/restapis/{api}/stages/prod", """{"patchOperations":[{"op":"replace","path":"/canarySettings/percentTraffic","value":"0.0"},{"op":"copy","from":"/canarySettings/deploymentId","path":"/deploymentId"},{"op":"remove","path":"/canarySettings"}]}""");
        Assert.Null(Stage(api, "prod").Canary);
        Assert.Same(promoted, Stage(api, "prod").Main.Plan);
    }

    [Fact]
    public void Two_stages_with_one_deployment_share_its_plan()
    {
        string api = Create("Shop", "/orders");
        string deployment = Deploy(api, "prod");
        Call("POST", $"/restapis/{api}/stages", $$"""{"stageName":"beta","deploymentId":"{{deployment}}"}""");
        string again = Deploy(api, "gamma");

        Assert.Same(Stage(api, "prod").Main.Plan, Stage(api, "beta").Main.Plan);
        Assert.Same(Stage(api, "prod").Main.Plan, Stage(api, "gamma").Main.Plan);
        Assert.Equal((deployment, again), (Stage(api, "beta").Main.Id.ToString(), Stage(api, "gamma").Main.Id.ToString()));
    }

    [Fact]
    public void What_is_deleted_is_served_no_more_and_leaves_nothing_behind()
    {
        string api = Create("Shop", "/orders");
        Deploy(api, "prod");
        Deploy(api, "beta");
        Call("DELETE", $"/restapis/{api}/stages/beta");
        Assert.Null(Now.Apis.Find(Encoding.ASCII.GetBytes(api))!.Stages.Find("beta"u8));
        Call("DELETE", $"/restapis/{api}");

        Assert.Null(Now.Apis.Find(Encoding.ASCII.GetBytes(api)));
        Assert.Equal(1, _node.Parts.Publisher.Apis);
    }

    [Fact]
    public void A_deployment_that_cannot_be_served_is_refused_and_nothing_of_it_is_kept()
    {
        string api = Create("Shop", "/orders");
        Deploy(api, "prod");
        GatewaySnapshot before = Now;

        // A model that no schema is; the operations take it, as the service does.
        _node.Put(Scopes.RestApi(api), Kinds.Model, "broken", """{"id":"m00001","name":"broken","contentType":"application/json","schema":"{\"type\":17}"}""");
        _node.Put(Scopes.RestApi(api), Kinds.Method, RootOf(api) + "/POST", """{"httpMethod":"POST","authorizationType":"NONE","apiKeyRequired":false,"requestModels":{"application/json":"nobody"},"methodIntegration":{"type":"HTTP_PROXY","httpMethod":"NONSENSE","uri":"http://127.0.0.1:1/","timeoutInMillis":1}}""");
        (int status, WireValue answer) = TryCall("POST", $"/restapis/{api}/deployments", """{"stageName":"prod"}""");

        Assert.Equal(400, status);
        Assert.NotEqual("", answer.TextOf("message"));
        Assert.Same(before, Now);
        Assert.Single(Call("GET", $"/restapis/{api}/deployments")["item"]!.Items);
    }

    [Fact]
    public void A_reload_of_files_leaves_stored_stages_as_they_are()
    {
        string api = Create("Shop", "/orders");
        Deploy(api, "prod");
        DeploymentPlan plan = Stage(api, "prod").Main.Plan;
        _node.Work.Write("petstore.yaml", Workspace.Api("Petstore", "/pets", "/cats"));
        Assert.True(_node.Target.TryApply(_node.Settings(), new ProblemList()));

        Assert.Same(plan, Stage(api, "prod").Main.Plan);
        Assert.Equal((2, 3), (_node.Target.Apis, _node.Target.Routes));
        _node.AddMock(api, "carts");
        Deploy(api, "prod");
        Assert.Equal(2, Now.Mounts.Find("/cats"u8, out _)!.Main.Plan.Routes.Length);
    }

    [Fact]
    public void One_id_for_a_file_and_a_stored_API_is_refused_on_either_side()
    {
        (int status, WireValue answer) = TryCall("POST", "/restapis", """{"name":"Shop","tags":{"_custom_id_":"filed"}}""");
        Assert.Equal((400, "The API id filed is taken by the API Petstore, which comes from a file of the configuration. Choose another id."), (status, answer.TextOf("message")));

        Call("POST", "/restapis", """{"name":"Shop","tags":{"_custom_id_":"stored"}}""");
        _node.Work.Write("edgeproxy.yaml", "loops: 1\nlogs: { access: { path: off } }\napis: [{ file: petstore.yaml, id: stored }]\n");
        var problems = new ProblemList();
        Assert.False(_node.Target.TryApply(_node.Settings(), problems));
        Assert.Contains("The API id stored is that of an API which the management API made", Assert.Single(problems, problem => problem.Severity == ProblemSeverity.Error).Message, StringComparison.Ordinal);
        Assert.NotNull(Now.Apis.Find("filed"u8));
    }

    [Fact]
    public void Keys_and_plans_of_calls_open_stages_of_calls_and_of_files()
    {
        string api = Create("Shop", "/orders");
        Deploy(api, "prod");
        StageDeployment bound = Stage(api, "prod").Main;
        string key = Call("POST", "/apikeys", """{"name":"k","value":"abcdefghijklmnopqrstuvwxyz","enabled":true}""").TextOf("id")!;
        string plan = Call("POST", "/usageplans", $$"""{"name":"gold","apiStages":[{"apiId":"{{api}}","stage":"prod","throttle":{"/orders/GET":{"rateLimit":1,"burstLimit":2} } }],"throttle":{"rateLimit":5,"burstLimit":7},"quota":{"limit":100,"period":"DAY"} }""").TextOf("id")!;
        Call("POST", $"/usageplans/{plan}/keys", $$"""{"keyId":"{{key}}","keyType":"API_KEY"}""");

        int number = Now.Keys.Find("abcdefghijklmnopqrstuvwxyz"u8);
        Assert.True(number >= 0);
        Assert.Equal((1, true), (Now.Keys[number].Plans, Now.Keys[number].IsEnabled));
        Assert.NotNull(Stage(api, "prod").UsagePlans);
        Assert.Same(bound, Stage(api, "prod").Main);

        Call("PATCH", $"/apikeys/{key}", """{"patchOperations":[{"op":"replace","path":"/enabled","value":"false"}]}""");
        Assert.False(Now.Keys[Now.Keys.Find("abcdefghijklmnopqrstuvwxyz"u8)].IsEnabled);
        Call("DELETE", $"/apikeys/{key}");
        Assert.True(Now.Keys.Find("abcdefghijklmnopqrstuvwxyz"u8) < 0);
    }

    [Fact]
    public void A_certificate_of_a_call_is_shown_to_back_ends_by_the_stage_that_names_it()
    {
        string certificate = Call("POST", "/clientcertificates", "{}").TextOf("clientCertificateId")!;
        string api = Create("Shop", "/orders");
        _node.AddMethod(api, "secure", """{"type":"HTTP_PROXY","httpMethod":"GET","uri":"https://127.0.0.1:1/"}""");
        Deploy(api, "prod");
        Assert.Null(Secure(api).ClientCertificateFile);
        Patch(api, "prod", "replace", "/clientCertificateId", certificate);

        UpstreamTls tls = Secure(api);
        Assert.NotNull(tls.ClientCertificateFile);
        Assert.True(_node.Parts.SecureConnectors[0].Contexts.TryPrepare(tls, []));
    }

    [Theory]
    [InlineData("""{"name":"inside","targetArns":["arn:aws:elasticloadbalancing:us-east-1:0:loadbalancer/net/x/1"]}""")]
    [InlineData("""{"name":"other","targetArns":["arn:aws:elasticloadbalancing:us-east-1:0:loadbalancer/net/x/2"]}""")]
    [InlineData("""{"name":"other","targetArns":["arn:aws:elasticloadbalancing:us-east-1:0:loadbalancer/net/x/3"],"tags":{"_custom_id_":"inside"}}""")]
    public void A_link_of_a_call_stands_for_what_settings_say_by_its_id_name_or_target(string link)
    {
        string id = Call("POST", "/vpclinks", link).TextOf("id")!;
        string api = Create("Shop", "/orders");
        _node.AddMethod(api, "linked", $$"""{"type":"HTTP_PROXY","httpMethod":"GET","uri":"http://orders.internal/","connectionType":"VPC_LINK","connectionId":"{{id}}"}""");
        Deploy(api, "prod");

        Assert.Equal("http://10.0.0.9:8080", Bound(api, "/linked").Upstream!.ToString());
    }

    [Fact]
    public void A_flush_by_a_call_has_the_stage_s_answers_found_no_more()
    {
        string api = Create("Shop", "/orders");
        Deploy(api, "prod");
        long before = Stage(api, "prod").Live.CacheGeneration;
        Call("DELETE", $"/restapis/{api}/stages/prod/cache/data");

        Assert.NotEqual(before, Stage(api, "prod").Live.CacheGeneration);
    }

    [Fact]
    public void The_default_endpoint_is_closed_by_the_deployment_that_says_so()
    {
        string api = Create("Shop", "/orders");
        Deploy(api, "prod");
        Call("PATCH", $"/restapis/{api}", """{"patchOperations":[{"op":"replace","path":"/disableExecuteApiEndpoint","value":"true"}]}""");
        Assert.False(Now.Apis.Find(Encoding.ASCII.GetBytes(api))!.IsDefaultEndpointDisabled);
        Deploy(api, "prod");

        Assert.True(Now.Apis.Find(Encoding.ASCII.GetBytes(api))!.IsDefaultEndpointDisabled);
    }

    [Fact]
    public void A_node_that_starts_again_serves_what_is_stored_but_for_what_it_cannot()
    {
        string good = Create("Shop", "/orders");
        string bad = Create("Bad", "/orders");
        string deployment = Deploy(good, "prod");
        Deploy(bad, "prod");
        Assert.Null(_node.Management.Change(edit => edit.Put(Scopes.RestApi(bad), Kinds.DeploymentSnapshot, edit.All(Scopes.RestApi(bad), Kinds.Deployment)[0].Key, WireValue.NewObject().Set("snapshot", "gone"))));
        using var again = new StoredNode(Links, _node);

        Assert.Equal(deployment, again.Stage(good).Main.Id.ToString());
        Assert.Null(again.Now.Apis.Find(Encoding.ASCII.GetBytes(bad)));
        Assert.Contains(again.Found, problem => problem.Message.StartsWith($"Stage prod of the API {bad} is not served.", StringComparison.Ordinal));
        Assert.Equal(2, again.Parts.Publisher.Apis);
    }

    [Fact]
    public void Plans_and_live_routes_go_with_the_deployments_that_are_served_no_more()
    {
        string api = Create("Shop", "/orders");
        var gone = new List<WeakReference>();
        for (int i = 0; i < 20; i++) DeployRenamed(i, gone);
        Deploy(api, "prod");
        GC.Collect();

        // The next compilation goes on from the last one, which therefore may live.
        Assert.InRange(gone.Count(static plan => plan.IsAlive), 0, 4);
        Assert.Equal(60, gone.Count);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        void DeployRenamed(int i, List<WeakReference> plans)
        {
            string method = _node.AddMock(api, "r" + i);
            Deploy(api, "prod");
            StagePlan stage = Stage(api, "prod");
            plans.Add(new WeakReference(stage));
            plans.Add(new WeakReference(stage.Main.Plan));
            plans.Add(new WeakReference(stage.Live.Route("/r" + i, "GET")));
            Call("DELETE", method[..method.IndexOf("/methods", StringComparison.Ordinal)]);
        }
    }

    [Fact]
    public void What_is_published_is_counted()
    {
        string api = Create("Shop", "/orders");
        Deploy(api, "prod");

        foreach ((string series, long value) in ((string, long)[])
            [("edgeproxy_deployments_total", 1), ("edgeproxy_publications_total{result=\"success\"}", 2), ("edgeproxy_stored_apis{version=\"1\"}", 1), ("edgeproxy_stored_stages_served", 1), ("edgeproxy_publish_duration_seconds_count", 2)])
        {
            Assert.Equal(value, TestKit.MetricText.Value(_node.Parts.Metrics, series));
        }
    }

    [Fact]
    public void What_a_call_closes_of_a_domain_stays_closed_where_settings_name_it_too()
    {
        string api = Create("Shop", "/orders");
        Deploy(api, "prod");
        _node.Put(Scopes.DomainName("api.example.com"), Kinds.DomainName, "api.example.com", """{"domainName":"api.example.com","endpointConfiguration":{"types":["REGIONAL"]},"endpointAccessMode":"STRICT","mutualTlsAuthentication":{"truststoreUri":"s3://bucket/clients.pem"} }""");
        Call("POST", "/domainnames/api.example.com/basepathmappings", $$"""{"restApiId":"{{api}}","stage":"prod"}""");
        Assert.Equal(("s3://bucket/clients.pem", true, 1), Closed("api.example.com"));

        _node.WriteSettings("domains: [{ name: api.example.com }]");
        Assert.True(_node.Target.TryApply(_node.Settings(), new ProblemList()));
        Assert.Equal(("s3://bucket/clients.pem", true, 1), Closed("api.example.com"));

        (string? TrustStore, bool IsStrict, int Mappings) Closed(string name)
        {
            DomainPlan plan = Now.Domains.Find(Encoding.ASCII.GetBytes(name))!;
            return (plan.TrustStore, plan.IsStrict, plan.ApiMappings.Length);
        }
    }

    [Fact]
    public void A_private_domain_leads_nowhere()
    {
        string api = Create("Shop", "/orders");
        Deploy(api, "prod");
        string id = Call("POST", "/domainnames", """{"domainName":"api.example.com","endpointConfiguration":{"types":["PRIVATE"]},"certificateArn":"arn:x"}""").TextOf("domainNameId")!;
        _node.Put(Scopes.DomainName("api.example.com+" + id), Kinds.ApiMapping, "m", $$"""{"apiId":"{{api}}","stage":"prod","apiMappingKey":""}""");

        DomainPlan plan = Now.Domains.Find("api.example.com"u8)!;
        Assert.Equal((0, 0, false), (plan.ApiMappings.Length, plan.RoutingRules.Length, plan.UsesMappings));
    }

    private StagePlan Stage(string api, string stage) => _node.Stage(api, stage);

    private BoundUri Bound(string api, string path)
    {
        StageDeployment deployment = Stage(api, "prod").Main;
        var match = new RouteMatch();
        Assert.True(deployment.Plan.Table.TryMatch(Encoding.ASCII.GetBytes(path), HttpMethod.Get, ref match));
        return deployment.UriOrNull(match.Ordinal)!;
    }

    private UpstreamTls Secure(string api) => Bound(api, "/secure").Upstream!.Tls!;

    private string Create(string name, string path) => _node.Create(name, path[1..]);

    private string RootOf(string api) => Call("GET", $"/restapis/{api}").TextOf("rootResourceId")!;

    private string Deploy(string api, string stage) => _node.Deploy(api, stage);

    private void Patch(string api, string stage, string op, string path, string value) =>
        Call("PATCH", $"/restapis/{api}/stages/{stage}", $$"""{"patchOperations":[{"op":"{{op}}","path":"{{path}}","value":"{{value}}"}]}""");

    private WireValue Call(string method, string path, string body = "") => _node.Call(method, path, body);

    private (int Status, WireValue Answer) TryCall(string method, string path, string body = "") => _node.TryCall(method, path, body);
}
