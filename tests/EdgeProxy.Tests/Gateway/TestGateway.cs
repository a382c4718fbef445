using System.Text;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Telemetry.Tracing;
using EdgeProxy.TestKit;
using ApiKind = EdgeProxy.Gateway.Snapshots.ApiKind;
using PassthroughBehavior = EdgeProxy.Gateway.Snapshots.PassthroughBehavior;

namespace EdgeProxy.Tests.Gateway;

/// <summary>A data plane with one API on a loop that is run by hand, between a fake client and a fake backend.</summary>
internal sealed class TestGateway : IDisposable
{
    private readonly List<(string Key, RoutePlan Plan)> _routes = [];
    private readonly GatewayHandler _handler;

    public TestGateway(AccessLogProducer? accessLog = null, ListenerFacts? listener = null)
    {
        Registry = new MetricRegistry(stripes: 1);
        Server = new ServerMetrics(Registry);
        var metrics = new GatewayMetrics(Registry, Server.Limits);
        Live = new LiveRegistry(metrics);
        Upstream = new FakeUpstream(Loop);
        Exchange = new FakeExchange(Loop, listener);
        _handler = new GatewayHandler(Snapshots, [new LoopServices(metrics, Upstream, accessLog, FastRandom.FromSeed(1), Clock) { Functions = Functions, Shedder = new LoadShedder(Load) }]);
    }

    /// <summary>The wall clock; the loop reads it once a second of its own.</summary>
    public StandingClock Clock { get; } = new();

    public static ApiFacts Api { get; } = new() { Id = "abcde12345", Name = "pets", Kind = ApiKind.Rest };

    public LoopHarness Loop { get; } = new();

    public MetricRegistry Registry { get; }

    public ServerMetrics Server { get; }

    public LiveRegistry Live { get; }

    public SnapshotHolder Snapshots { get; } = new();

    public FakeUpstream Upstream { get; }

    public FakeExchange Exchange { get; }

    /// <summary>How busy the loop is, for what sheds.</summary>
    public FakeLoad Load { get; } = new();

    /// <summary>What answers in the place of functions.</summary>
    public FakeFunctionClient Functions { get; } = new();

    /// <summary>The API's media types that are bytes.</summary>
    public BinaryMediaTypes BinaryTypes { get; set; } = BinaryMediaTypes.None;

    /// <summary>The handler's context of <see cref="Exchange"/>; made by the first request.</summary>
    public RequestContext Context => (RequestContext)Exchange.HandlerState!;

    /// <summary>A MOCK that answers with a status, fields and body.</summary>
    public static MockPlan Mock(int status = 200, string body = "", ParameterMapping[]? parameters = null, string request = """{"statusCode": 200}""") => new()
    {
        RequestTemplates = new RequestTemplates([new BodyTemplate("application/json", request)], PassthroughBehavior.WhenNoMatch),
        Responses = Single(new ResponsePlan
        {
            Status = status,
            Parameters = parameters ?? [],
            Templates = body.Length == 0 ? [] : [new BodyTemplate("application/json", body)],
        }),
    };

    public static HttpProxyPlan Proxy(string uri, string method = "ANY", ParameterMapping[]? parameters = null) => new()
    {
        Uri = UriTemplate.Parse(uri),
        Method = method == "ANY" ? "" : method,
        KnownMethod = HttpMethods.Find(Encoding.ASCII.GetBytes(method)),
        RequestParameters = parameters ?? [],
    };

    public static HttpPlan HttpBackend(string uri, string method = "GET", ParameterMapping[]? parameters = null, ResponseSelection? responses = null) => new()
    {
        Uri = UriTemplate.Parse(uri),
        Method = method == "ANY" ? "" : method,
        KnownMethod = HttpMethods.Find(Encoding.ASCII.GetBytes(method)),
        RequestParameters = parameters ?? [],
        Responses = responses ?? Single(new ResponsePlan { Status = 200 }),
    };

    /// <summary>An AWS_PROXY integration with a function, by its name or the whole URI.</summary>
    public static LambdaProxyPlan LambdaProxy(string function = "pets", bool streams = false, bool isPost = true, ParameterMapping[]? parameters = null) => new()
    {
        Uri = UriTemplate.Parse(function.StartsWith("arn:", StringComparison.Ordinal) ? function : FunctionUriOf(function)),
        StreamsAnswer = streams,
        IsPost = isPost,
        RequestParameters = parameters ?? [],
    };

    /// <summary>An AWS integration with a function.</summary>
    public static LambdaPlan AwsLambda(MessageSelection? responses = null, RequestTemplates? templates = null, ParameterMapping[]? parameters = null, bool isPost = true) => new()
    {
        Uri = UriTemplate.Parse(FunctionUriOf("pets")),
        IsPost = isPost,
        RequestTemplates = templates ?? RequestTemplates.None,
        RequestParameters = parameters ?? [],
        Responses = responses ?? new MessageSelection([new ResponsePlan { Status = 200 }], [null]),
    };

    /// <summary>The URI by which a REST API calls a function.</summary>
    public static string FunctionUriOf(string function) =>
        $"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:{function}/invocations";

    /// <summary>One response without a pattern.</summary>
    public static ResponseSelection Single(ResponsePlan response) => new([response], static (_, _) => false, defaultIndex: 0);

    /// <summary>A template that is run.</summary>
    public static BodyTemplate Vtl(string text, string mediaType = "application/json") => new(mediaType, TemplateStage.Compile(text));

    /// <summary>A request mapping, as written in <c>requestParameters</c>.</summary>
    public static ParameterMapping Map(string target, string source, params string[] pathParameters)
    {
        string[] parts = target.Split('.', 4);
        MappingTarget kind = parts[2] switch { "header" => MappingTarget.Header, "querystring" => MappingTarget.QueryString, _ => MappingTarget.Path };
        Assert.True(ValueSource.TryParseRequest(source, pathParameters, out ValueSource? parsed), source);
        return new ParameterMapping(kind, parts[3], parsed!);
    }

    /// <summary>A response mapping to a header.</summary>
    public static ParameterMapping MapBack(string header, string source)
    {
        Assert.True(ValueSource.TryParseResponse(source, out ValueSource? parsed), source);
        return new ParameterMapping(MappingTarget.Header, header, parsed!);
    }

    /// <summary>How the gateway's own answers were customised.</summary>
    public GatewayResponses Responses { get; set; } = GatewayResponses.None;

    /// <summary>What the keys of cached answers are made of, for the routes added from now on.</summary>
    public CacheKeyPlan CacheKey { get; set; } = CacheKeyPlan.OfResource;

    /// <summary>What the cache does for the routes beyond API Gateway.</summary>
    public CachePolicy? CachePolicy { get; set; }

    /// <summary>Fewest bytes of an answer that is compressed; -1 for none.</summary>
    public int MinimumCompressionSize { get; set; } = -1;

    /// <summary>Adds a route, named as <c>GET /pets/{id}</c>.</summary>
    public TestGateway Route(string key, IntegrationPlan integration, BodyNeed body = default, GatewayResponseType closedBy = GatewayResponseType.None, BodyNeed answer = default)
    {
        string[] parts = key.Split(' ', 2);
        _routes.Add((key, new RoutePlan
        {
            Ordinal = _routes.Count,
            ResourcePath = parts[1],
            Method = parts[0],
            Integration = integration,
            CacheKey = CacheKey,
            CachePolicy = CachePolicy,
            RequestBody = body,
            ResponseBody = answer,
            ClosedBy = closedBy,
            ResourceId = "res" + _routes.Count,
            ParameterNames = [.. parts[1].Split('/').Where(part => part.StartsWith('{')).Select(part => new Utf8Text(part.Trim('{', '}', '+')))],
        }));
        return this;
    }

    /// <summary>The stage of the routes added.</summary>
    public StagePlan Stage(string name = "prod", RouteSettings? settings = null, params (string Name, string Value)[] variables)
    {
        var builder = new RouteTableBuilder<RestRules>();
        foreach ((string key, _) in _routes)
        {
            string[] parts = key.Split(' ', 2);
            if (parts[0] == "ANY") builder.AddAny(parts[1]);
            else builder.Add(HttpMethods.Find(Encoding.ASCII.GetBytes(parts[0])), parts[1]);
        }

        RouteTable<RestRules> table = builder.Build(out IReadOnlyList<RouteProblem> problems);
        Assert.Empty(problems);
        var plan = new DeploymentPlan("dep1", table, [.. _routes.Select(route => route.Plan)]) { GatewayResponses = Responses, MinimumCompressionSize = MinimumCompressionSize, BinaryTypes = BinaryTypes };
        return StagePlan.Build(Api, name, plan, new StageVariables(variables.Select(v => KeyValuePair.Create(v.Name, v.Value))), Live, settings);
    }

    /// <summary>What the stage says of the routes of a document; null for what it says by itself.</summary>
    public RouteSettings? RouteSettings { get; set; }

    /// <summary>Serves the routes added, mounted under a base path.</summary>
    public TestGateway Serve(GatewaySettings? settings = null, string basePath = "", params (string Name, string Value)[] variables)
    {
        StagePlan stage = Stage(variables: variables);
        Snapshots.Swap(new GatewaySnapshot
        {
            Mounts = new BasePathTable([(basePath, stage)]),
            Upstreams = [.. stage.Main.Upstreams],
            Settings = settings ?? GatewaySettings.Default,
        });
        return this;
    }

    /// <summary>Serves an OpenAPI document, compiled as a node does it, with nothing in it that is wrong or unsupported.</summary>
    public TestGateway ServeDocument(string document, GatewaySettings? settings = null, params (string Name, string Value)[] variables)
    {
        var problems = new ProblemList();
        ApiDefinition? api = OpenApiImporter.Import("api.yaml", Encoding.UTF8.GetBytes(document), new OpenApiImportOptions(), problems);
        Assert.NotNull(api);
        ThroughRecords.Check(api);
        DeploymentPlan? plan = ApiCompiler.Compile(api, new CheckOptions(), problems);
        Assert.Empty(problems.Where(static problem => problem.Severity != ProblemSeverity.Warning).Select(ProblemWriter.Line));
        Assert.NotNull(plan);
        StagePlan stage = StagePlan.Build(Api, "prod", plan, new StageVariables(variables.Select(v => KeyValuePair.Create(v.Name, v.Value))), Live, RouteSettings);
        Snapshots.Swap(new GatewaySnapshot { Mounts = new BasePathTable([("", stage)]), Settings = settings ?? GatewaySettings.Default });
        return this;
    }

    /// <summary>Sends a request and runs the loop until nothing is left to do.</summary>
    public FakeExchange Send(string head, params string[] body)
    {
        Start(head, body);
        return Exchange;
    }

    /// <summary>Sends a request, as <see cref="Send"/>, and gives the task of its walk.</summary>
    public LoopTask Start(string head, params string[] body)
    {
        if (!head.Contains('\n', StringComparison.Ordinal)) head += "\nHost: node";
        Exchange.Receive(head, body);
        return Handle();
    }

    /// <summary>Sends a request as another client, and gives the task of its walk.</summary>
    public LoopTask Start(FakeExchange client, string head, params string[] body)
    {
        client.Receive(head, body);
        LoopTask task = _handler.HandleAsync(client);
        Loop.Run();
        return task;
    }

    /// <summary>Handles what the exchange has received.</summary>
    public LoopTask Handle()
    {
        LoopTask task = _handler.HandleAsync(Exchange);
        Loop.Run();
        return task;
    }

    /// <summary>The value of a metric's sample, by the text before it.</summary>
    public string? Metric(string series)
    {
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        Registry.Write(text, ExpositionFormat.Text);
        foreach (string line in Encoding.UTF8.GetString(text.WrittenSpan).Split('\n'))
        {
            if (line.StartsWith(series + " ", StringComparison.Ordinal)) return line[(series.Length + 1)..];
        }

        return null;
    }

    public void Dispose() => Loop.Dispose();

    internal sealed class StandingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 13, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
