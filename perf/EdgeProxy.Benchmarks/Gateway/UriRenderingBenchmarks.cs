using BenchmarkDotNet.Attributes;
using EdgeProxy.Gateway;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;

namespace EdgeProxy.Benchmarks.Gateway;

/// <summary>Rendering the target of a request to a backend, with its route known.</summary>
[MemoryDiagnoser]
public class UriRenderingBenchmarks
{
    private Rendering _constant = null!;
    private Rendering _values = null!;
    private Rendering _coded = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _constant = new Rendering("/pets", "GET /pets?limit=10 HTTP/1.1\nHost: node", BenchmarkGateway.Proxy("http://backend/v1/pets"));
        _values = new Rendering("/owners/{o}/pets/{p}", "GET /owners/8f14e45f/pets/17 HTTP/1.1\nHost: node", BenchmarkGateway.Proxy(
            "http://backend/v1/owners/{o}/pets/{p}",
            BenchmarkGateway.Map(MappingTarget.Path, "o", "method.request.path.o", "o", "p"), BenchmarkGateway.Map(MappingTarget.Path, "p", "method.request.path.p", "o", "p")));
        _coded = new Rendering("/{proxy+}", "GET /files/annual%20report/2026/%C3%BCbersicht.pdf?v=1&v=2 HTTP/1.1\nHost: node", BenchmarkGateway.Proxy(
            "http://backend/{proxy}?from=gateway",
            BenchmarkGateway.Map(MappingTarget.Path, "proxy", "method.request.path.proxy", "proxy"), BenchmarkGateway.Map(MappingTarget.QueryString, "stage", "context.stage")));
    }

    [Benchmark]
    public int Constant() => _constant.Render();

    [Benchmark]
    public int Two_path_values() => _values.Render();

    [Benchmark]
    public int Coded_greedy_value_and_mapped_query() => _coded.Render();

    private sealed class Rendering : IWalkObserver
    {
        private readonly BenchmarkGateway _gateway;
        private readonly HttpProxyPlan _plan;
        private readonly RequestContext _request;
        private readonly UpstreamCall _call;
        private StagePlan _stage = null!;
        private RoutePlan _route = null!;
        private RouteMatch _match;
        private int _offset;

        public Rendering(string path, string head, HttpProxyPlan plan)
        {
            _plan = plan;
            _gateway = new BenchmarkGateway("GET", path, plan, head);
            _request = (RequestContext)_gateway.Exchange.HandlerState!;

            // The walk forgets its request at the end: what rendering needs is caught on the way and put back.
            _request.Observer = this;
            _gateway.Handle();
            _request.Stage = _stage;
            _request.Deployment = _stage.Main;
            _request.Route = _route;
            _request.Match = _match;
            _request.RoutePathOffset = _offset;
            _call = _gateway.Upstream.Rent(_request.Deployment.UriOrNull(0)!.Upstream!);
        }

        public int Render()
        {
            _call.Headers.Clear();
            UriRendering.Render(_request, _plan, _request.Deployment!.UriOrNull(0)!, _call, isProxy: true);
            return _call.TargetLength;
        }

        public void OnPhase(RequestContext request, WalkPhase phase, Verdict verdict, long now)
        {
            if (phase != WalkPhase.MapRequest) return;
            _stage = request.Stage!;
            _route = request.Route!;
            _match = request.Match;
            _offset = request.RoutePathOffset;
        }

        public void OnHeaderDropped(RequestContext request, ReadOnlySpan<byte> name)
        {
        }
    }
}
