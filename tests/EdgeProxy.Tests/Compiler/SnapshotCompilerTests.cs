using System.Text;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Tests.Compiler;

public sealed class SnapshotCompilerTests
{
    private const string Pets = """
        openapi: 3.0.1
        info: {title: pets, version: '1'}
        paths:
          /pets/{petId}:
            get:
              parameters: [{name: petId, in: path, required: true, schema: {type: string}}]
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: ANY
                uri: http://${stageVariables.backend}/pets/{id}
                timeoutInMillis: 1500
                requestParameters: {integration.request.path.id: method.request.path.petId}
          /mock:
            get:
              responses: {'201': {description: made}, '500': {description: failed}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 201}'}
                responses:
                  default: {statusCode: '500'}
                  '2\d\d': {statusCode: '201'}
          /lambda:
            post:
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration:
                type: aws_proxy
                httpMethod: POST
                uri: arn:aws:apigateway:eu-west-1:firehose:action/PutRecord
          /signed:
            get:
              x-amazon-apigateway-auth: {type: AWS_IAM}
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'http://127.0.0.1:1/'}
        """;

    private readonly LiveRegistry _live = new(new GatewayMetrics(new MetricRegistry(1)));
    private readonly SnapshotCompiler _compiler;
    private readonly ProblemList _problems = new();
    private SnapshotInputs? _inputs;

    public SnapshotCompilerTests() => _compiler = new SnapshotCompiler(_live);

    [Fact]
    public void A_proxy_route_knows_its_method_time_out_and_upstream()
    {
        StagePlan stage = Mounted(Compile(Api(Pets, variables: new() { ["backend"] = "10.0.0.1:8081" })));
        RoutePlan route = Route(stage, "/pets/7", HttpMethod.Get);
        var proxy = Assert.IsType<HttpProxyPlan>(route.Integration);
        Assert.True(proxy.Method.IsEmpty);
        Assert.Equal(1_500_000_000, proxy.TimeoutNanoseconds);
        Assert.Equal("http://10.0.0.1:8081", stage.Main.UriOrNull(route.Ordinal)!.Upstream!.ToString());
        Assert.Equal("petId", Assert.Single(route.ParameterNames).ToString());
    }

    [Fact]
    public void A_mock_has_its_responses_chosen_by_their_patterns()
    {
        RoutePlan route = Route(Mounted(Compile(Api(Pets))), "/mock", HttpMethod.Get);
        var mock = Assert.IsType<MockPlan>(route.Integration);
        Assert.Equal(201, mock.Responses.Choose(201)!.Status);
        Assert.Equal(500, mock.Responses.Choose(404)!.Status);
        Assert.True(mock.Responses.Choose(201)!.IsDeclared);
    }

    [Fact]
    public void What_is_not_supported_is_served_closed_and_reported()
    {
        StagePlan stage = Mounted(Compile(Api(Pets)));
        Assert.Equal(GatewayResponseType.ApiConfigurationError, Route(stage, "/lambda", HttpMethod.Post).ClosedBy);
        Assert.Equal(GatewayResponseType.AuthorizerConfigurationError, Route(stage, "/signed", HttpMethod.Get).ClosedBy);
        Assert.Equal(GatewayResponseType.None, Route(stage, "/mock", HttpMethod.Get).ClosedBy);
        Assert.True(_problems.HasUnsupported);
        Assert.False(_problems.HasErrors);
    }

    [Fact]
    public void Two_APIs_at_one_place_are_refused_together_with_all_other_errors()
    {
        ApiDefinition broken = Import(Pets.Replace("timeoutInMillis: 1500", "timeoutInMillis: 1", StringComparison.Ordinal), "broken");
        MountedApi first = Api(Pets);
        MountedApi second = first with { Api = broken };
        Assert.Null(_compiler.Compile([first, second], GatewaySettings.Default, RouteSettings.Detailed, new CheckOptions(), _problems));
        Assert.Contains(_problems, problem => problem.Code == ProblemCode.DuplicatePlace);
        Assert.Contains(_problems, problem => problem.Code == ProblemCode.OutOfRange);
    }

    [Fact]
    public void APIs_are_found_by_domain_by_id_and_by_base_path()
    {
        MountedApi pets = Api(Pets) with { BasePath = "shop" };
        MountedApi domain = Api(Pets, "other") with { Domains = ["api.example.com"] };
        GatewaySnapshot snapshot = _compiler.Compile([pets, domain], GatewaySettings.Default, RouteSettings.Detailed, new CheckOptions(), _problems)!;
        Assert.NotNull(snapshot.Mounts.Find("/shop/mock"u8, out int length));
        Assert.Equal(5, length);
        Assert.Null(snapshot.Mounts.Find("/mock"u8, out _));
        Assert.NotNull(snapshot.Domains.Find("api.example.com"u8));
        Assert.NotNull(snapshot.Apis.Find(Encoding.ASCII.GetBytes(pets.Api.Id)));
    }

    [Fact]
    public void What_is_said_of_a_wildcard_domain_holds_for_a_name_below_it_that_an_API_takes()
    {
        MountedApi api = Api(Pets) with { Domains = ["a.example.com", "b.other.com", "x.a.example.com"] };
        var described = new DomainDefinition { Name = "*.example.com", IsStrict = true, MutualTls = new MutualTlsDefinition("/ca.pem", null, CutsUntrusted: true) };
        GatewaySnapshot snapshot = _compiler.Compile([api], GatewaySettings.Default, RouteSettings.Detailed, new CheckOptions(), _problems, [described])!;
        DomainPlan plan = snapshot.Domains.Find("a.example.com"u8)!;
        Assert.Equal(("/ca.pem", true, true), (plan.TrustStore, plan.CutsUntrusted, plan.IsStrict));
        Assert.Null(snapshot.Domains.Find("b.other.com"u8)!.TrustStore);
        Assert.Null(snapshot.Domains.Find("x.a.example.com"u8)!.TrustStore); // an asterisk is one label
    }

    [Fact]
    public void Live_state_outlasts_snapshots()
    {
        MountedApi pets = Api(Pets);
        StagePlan before = Mounted(Compile(pets));
        _compiler.Keep();
        StagePlan after = Mounted(Compile(pets with { Domains = [] }));
        Assert.NotSame(before, after);
        Assert.Same(before.Live, after.Live);
        Assert.Same(before.Main.Live(0), after.Main.Live(0));
    }

    [Fact]
    public void What_did_not_change_keeps_its_plan()
    {
        MountedApi pets = Api(Pets) with { Content = new object() };
        MountedApi other = Api(Pets, "other") with { BasePath = "other", Content = new object() };
        GatewaySnapshot first = Compile(pets, other)!;
        _compiler.Keep();

        // All but the plan is gone from a definition that did not change.
        MountedApi same = pets with { Api = pets.Api with { Methods = [] } };
        GatewaySnapshot second = Compile(same, other with { Content = new object() })!;
        Assert.Same(first.Mounts.Find("/"u8, out _)!.Main.Plan, second.Mounts.Find("/"u8, out _)!.Main.Plan);
        Assert.NotSame(first.Mounts.Find("/other"u8, out _)!.Main.Plan, second.Mounts.Find("/other"u8, out _)!.Main.Plan);
        Assert.Equal(2, _problems.Count(problem => problem.Code == ProblemCode.UnsupportedIntegration) / 2);
    }

    [Fact]
    public void One_more_deployment_leaves_the_others_plans_and_entries_as_they_are()
    {
        MountedApi[] apis = [.. Enumerable.Range(0, 50).Select(i => Stored("api" + i, "prod"))];
        GatewaySnapshot first = Kept(apis);
        MountedApi[] changed = [.. apis];
        changed[7] = Stored("api7", "prod");
        GatewaySnapshot second = Kept(changed);

        Assert.NotSame(Entry(first, "api7"), Entry(second, "api7"));
        Assert.NotSame(Stage(first, "api7").Main.Plan, Stage(second, "api7").Main.Plan);
        Assert.Same(Stage(first, "api7").Live, Stage(second, "api7").Live);
        for (int i = 0; i < 50; i++)
        {
            if (i != 7) Assert.Same(Entry(first, "api" + i), Entry(second, "api" + i));
        }

        Assert.Same(first.Mounts, second.Mounts);
        Assert.Same(first.Domains, second.Domains);
    }

    [Fact]
    public void Another_stage_setting_compiles_nothing()
    {
        MountedApi api = Stored("pets", "prod");
        var source = (Source)api.Content!;
        StagePlan before = Stage(Kept(api), "pets");
        StagePlan after = Stage(Kept(api with { Stage = api.Stage with { Variables = new Dictionary<string, string> { ["backend"] = "10.1.1.1" } } }), "pets");

        Assert.Equal(1, source.Reads);
        Assert.NotSame(before, after);
        Assert.Same(before.Main.Plan, after.Main.Plan);
        Assert.Equal("10.1.1.1", Encoding.ASCII.GetString(after.Main.Variables["backend"u8]));
    }

    [Fact]
    public void Stages_that_point_at_one_snapshot_share_its_plan_and_know_their_own_deployment()
    {
        MountedApi prod = Stored("pets", "prod") with { DeploymentId = "d1" };
        MountedApi beta = prod with { Stage = prod.Stage with { Name = "beta" }, DeploymentId = "d2" };
        GatewaySnapshot snapshot = Kept(prod, beta);

        Assert.Same(Stage(snapshot, "pets").Main.Plan, Stage(snapshot, "pets", "beta").Main.Plan);
        Assert.Equal(("d1", "d2"), (Stage(snapshot, "pets").Main.Id.ToString(), Stage(snapshot, "pets", "beta").Main.Id.ToString()));
        Assert.Equal(1, ((Source)prod.Content!).Reads);
    }

    [Fact]
    public void An_API_that_is_reached_by_its_id_takes_no_place_among_base_paths()
    {
        GatewaySnapshot snapshot = Kept(Stored("a", "prod"), Stored("b", "prod"), Api(Pets));

        Assert.Equal(1, snapshot.Mounts.Count);
        Assert.NotNull(snapshot.Apis.Find("a"u8));
    }

    [Fact]
    public void Other_usage_plans_change_the_stages_that_they_list_and_no_other()
    {
        MountedApi[] apis = [Stored("a", "prod"), Stored("b", "prod")];
        SnapshotInputs inputs = Inputs();
        GatewaySnapshot first = Kept(apis, inputs);
        var definition = new UsagePlanDefinition { Id = "gold", IsStored = true, Stages = [new("a", "prod", [], null), new("gone", "prod", [], null)] };
        UsagePlanSet plans = CompileUsagePlans.Run([definition], _compiler.Usage, _problems);
        GatewaySnapshot second = Kept(apis, new SnapshotInputs { Settings = inputs.Settings, DefaultRouteSettings = inputs.DefaultRouteSettings, Plans = plans, VpcLinks = inputs.VpcLinks, ClientCertificates = inputs.ClientCertificates });

        Assert.NotSame(Stage(first, "a"), Stage(second, "a"));
        Assert.Same(Stage(first, "a").Main, Stage(second, "a").Main);
        Assert.NotNull(Stage(second, "a").UsagePlans);
        Assert.Same(Entry(first, "b"), Entry(second, "b"));
    }

    [Fact]
    public void What_is_gone_leaves_nothing_live_behind()
    {
        MountedApi api = Stored("pets", "prod");
        StageLive live = Stage(Kept(api, Stored("other", "prod")), "pets").Live;
        RouteLive mock = live.Route("/mock", "GET");

        // The same stage with other routes, then without the stage.
        StagePlan next = Stage(Kept(Stored("pets", "prod", Pets.Replace("/mock", "/fake", StringComparison.Ordinal))), "pets");
        Assert.Same(live, next.Live);
        Assert.Equal(1, _live.Count);
        Assert.Same(live.Route("/signed", "GET"), next.Main.Live(3));
        Assert.NotSame(mock, live.Route("/mock", "GET"));
        Kept();
        Assert.Equal(0, _live.Count);
    }

    [Fact]
    public void A_snapshot_that_is_never_served_leaves_the_one_that_is_as_it_was()
    {
        MountedApi api = Stored("pets", "prod");
        GatewaySnapshot first = Kept(api);
        _ = Compile(Stored("other", "prod"));

        Assert.Same(Entry(first, "pets"), Entry(Kept(api), "pets"));
    }

    [Fact]
    public void What_is_wrong_with_a_deployment_is_told_when_it_is_compiled_and_not_each_time_after()
    {
        MountedApi api = Stored("pets", "prod");
        Kept(api);
        Assert.Contains(_problems, problem => problem.Code == ProblemCode.UnsupportedIntegration);
        int told = _problems.Count;
        Kept(api with { DeploymentId = "d2" }, Stored("mock", "prod", Pets));

        Assert.Equal(2, _problems.Count(problem => problem.Code == ProblemCode.UnsupportedIntegration));
        Assert.True(_problems.Count > told);
    }

    [Fact]
    public void A_thousand_APIs_compile_side_by_side_and_one_that_is_wrong_is_told_of()
    {
        MountedApi[] apis = [.. Enumerable.Range(0, 200).Select(i => Stored("api" + i, "prod"))];
        apis[77] = Stored("api77", "prod", Pets.Replace("timeoutInMillis: 1500", "timeoutInMillis: 1", StringComparison.Ordinal));

        Assert.Null(Compile(apis));

        Assert.Single(_problems, problem => problem.Severity == ProblemSeverity.Error);
    }

    [Fact]
    public void A_compilation_that_throws_leaves_what_served_as_it_was()
    {
        MountedApi pets = Stored("pets", "prod");
        StagePlan before = Stage(Kept(pets), "pets");
        RouteLive route = before.Live.Route("/mock", "GET");
        MountedApi changed = Stored("pets", "prod", Pets.Replace("/mock", "/other", StringComparison.Ordinal));
        Assert.Throws<InvalidOperationException>(() => _compiler.Compile([changed, Stored("new", "prod"), Failing("broken")], Inputs(), _problems));

        Assert.Equal(1, _compiler.LiveStages);
        Assert.False(before.Live.IsGone);
        Assert.False(route.IsGone);
        _compiler.Keep();
        StagePlan after = Stage(Kept(pets), "pets");
        Assert.Same(before, after);
        Assert.Same(route, after.Live.Route("/mock", "GET"));
        Assert.Single(_live.Stages());

        static MountedApi Failing(string id) =>
            new(new ApiDefinition { Id = id, Name = id }, new StageDefinition { Name = "prod" }, "", [], new Broken()) { IsById = true };
    }

    [Fact]
    public void Ten_thousand_routes_share_what_is_the_same()
    {
        var text = new StringBuilder("openapi: 3.0.1\ninfo: {title: many, version: '1'}\npaths:\n");
        for (int i = 0; i < 10_000; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  /r{i}:\n    get:\n      responses: {{'200': {{description: ok}}}}\n      x-amazon-apigateway-integration: {{type: mock, requestTemplates: {{application/json: '{{\"statusCode\": 200}}'}}, responses: {{default: {{statusCode: '200'}}}}}}\n");
        }

        StagePlan stage = Mounted(Compile(Api(text.ToString(), "many")));
        Assert.Equal(10_000, _compiler.Routes);
        Assert.Equal("/r9999", Route(stage, "/r9999", HttpMethod.Get).ResourcePath.ToString());
    }

    private static RoutePlan Route(StagePlan stage, string path, HttpMethod method)
    {
        var match = new RouteMatch();
        Assert.True(stage.Main.Plan.Table.TryMatch(Encoding.ASCII.GetBytes(path), method, ref match));
        return stage.Main.Plan.Routes[match.Ordinal];
    }

    private StagePlan Mounted(GatewaySnapshot? snapshot)
    {
        Assert.True(snapshot is not null, string.Join('\n', _problems.Select(ProblemWriter.Line)));
        return snapshot.Mounts.Find("/"u8, out _)!;
    }

    private GatewaySnapshot? Compile(params MountedApi[] apis) =>
        _compiler.Compile(apis, GatewaySettings.Default, RouteSettings.Detailed, new CheckOptions(), _problems);

    private MountedApi Api(string document, string name = "pets", Dictionary<string, string>? variables = null) =>
        new(Import(document, name), new StageDefinition { Name = "prod", Variables = variables ?? new() { ["backend"] = "127.0.0.1:1" } }, "", []);

    private ApiDefinition Import(string document, string name) =>
        OpenApiImporter.Import(name + ".yaml", Encoding.UTF8.GetBytes(document), new OpenApiImportOptions { ApiId = null }, _problems)!;

    private GatewaySnapshot Kept(params MountedApi[] apis) => Kept(apis, Inputs());

    private GatewaySnapshot Kept(MountedApi[] apis, SnapshotInputs inputs)
    {
        GatewaySnapshot? snapshot = _compiler.Compile(apis, inputs, _problems);
        Assert.True(snapshot is not null, string.Join('\n', _problems.Select(ProblemWriter.Line)));
        _compiler.Keep();
        return snapshot;
    }

    private SnapshotInputs Inputs() => _inputs ??= new SnapshotInputs
    {
        Settings = GatewaySettings.Default,
        DefaultRouteSettings = RouteSettings.Detailed,
        Plans = new UsagePlanSet(_compiler.Usage),
        VpcLinks = GatewaySettings.Default.VpcLinks,
        ClientCertificates = GatewaySettings.Default.ClientCertificates,
    };

    private static ApiEntry Entry(GatewaySnapshot snapshot, string id) => snapshot.Apis.Find(Encoding.ASCII.GetBytes(id))!;

    private static StagePlan Stage(GatewaySnapshot snapshot, string id, string stage = "prod") => Entry(snapshot, id).Stages.Find(Encoding.ASCII.GetBytes(stage))!;

    private static MountedApi Stored(string id, string stage, string document = Pets) =>
        new(new ApiDefinition { Id = id, Name = id }, new StageDefinition { Name = stage, Variables = new Dictionary<string, string> { ["backend"] = "127.0.0.1:1" } }, "", [], new Source(id, document)) { IsById = true };

    private sealed class Broken : IDefinitionSource
    {
        public ApiDefinition Read(ProblemList problems) => throw new InvalidOperationException("a bug");
    }

    private sealed class Source(string id, string document) : IDefinitionSource
    {
        private int _reads;

        public int Reads => _reads;

        public ApiDefinition Read(ProblemList problems)
        {
            Interlocked.Increment(ref _reads);
            return OpenApiImporter.Import("pets.yaml", Encoding.UTF8.GetBytes(document), new OpenApiImportOptions { ApiId = id }, problems)!;
        }
    }
}
