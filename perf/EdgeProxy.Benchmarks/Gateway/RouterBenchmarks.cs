using System.Text;
using BenchmarkDotNet.Attributes;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Benchmarks.Gateway;

/// <summary>Finding routes among 10,000, and building the table of them.</summary>
/// <remarks>Each call asks for the next of 1,024 different paths in random order: repeating one path would measure a trained branch predictor and a warm cache.</remarks>
[MemoryDiagnoser]
public class RouterBenchmarks
{
    private const int PathCount = 1024;

    private static readonly string[] Areas = ["orders", "billing", "catalog", "customers", "shipping", "inventory", "payments", "search", "reports", "sessions", "profiles", "messages", "alerts", "tenants", "devices", "firmware", "metrics", "audit", "tickets", "invoices", "coupons", "carts", "reviews", "returns", "regions"];
    private static readonly string[] Kinds = ["public", "internal", "partner", "legacy", "mobile"];
    private static readonly string[] Resources = ["accounts", "items", "groups", "policies", "keys", "events", "documents", "schedules", "labels", "exports"];

    private readonly (HttpMethod Method, string Template)[] _routes = MakeRoutes();
    private RouteTable<RestRules> _rest = null!;
    private RouteTable<HttpApiRules> _http = null!;
    private byte[][] _literal = null!;
    private byte[][] _parameter = null!;
    private byte[][] _twoParameters = null!;
    private byte[][] _greedy = null!;
    private byte[][] _miss = null!;
    private RouteMatch _match;
    private int _next;

    [GlobalSetup]
    public void SetUp()
    {
        _rest = Build<RestRules>();
        _http = Build<HttpApiRules>();
        var random = new Random(1);
        _literal = Paths(random, "");
        _parameter = Paths(random, "/8f14e45f-ceea-467f");
        _twoParameters = Paths(random, "/8f14e45f-ceea-467f/parts/17");
        _greedy = Paths(random, "/files/2026/11/22/a/deep/path/of/folders/report.pdf");
        _miss = Paths(random, "/8f14e45f-ceea-467f/parts/17/none");
    }

    [Benchmark]
    public bool Match_literal_among_10000() => Match(_rest, _literal);

    [Benchmark]
    public bool Match_parameter_among_10000() => Match(_rest, _parameter);

    [Benchmark]
    public bool Match_two_parameters_among_10000() => Match(_rest, _twoParameters);

    [Benchmark]
    public bool Match_deep_greedy_among_10000() => Match(_rest, _greedy);

    [Benchmark]
    public bool Miss_among_10000() => Match(_rest, _miss);

    [Benchmark]
    public bool Match_two_parameters_among_10000_of_an_http_api() => Match(_http, _twoParameters);

    [Benchmark]
    public bool Match_deep_greedy_among_10000_of_an_http_api() => Match(_http, _greedy);

    [Benchmark]
    public int Build_10000() => Build<RestRules>().NodeCount;

    private bool Match<TRules>(RouteTable<TRules> table, byte[][] paths) where TRules : struct, IMatchRules =>
        table.TryMatch(paths[_next++ & (PathCount - 1)], HttpMethod.Get, ref _match);

    private RouteTable<TRules> Build<TRules>() where TRules : struct, IMatchRules
    {
        var builder = new RouteTableBuilder<TRules>();
        foreach ((HttpMethod method, string template) in _routes)
        {
            builder.Add(method, template);
        }

        RouteTable<TRules> table = builder.Build(out IReadOnlyList<RouteProblem> problems);
        return problems.Count == 0 ? table : throw new InvalidOperationException(problems[0].Message);
    }

    private static (HttpMethod, string)[] MakeRoutes()
    {
        var routes = new List<(HttpMethod, string)>();
        foreach (string parent in Parents())
        {
            routes.Add((HttpMethod.Get, parent));
            routes.Add((HttpMethod.Post, parent));
            routes.Add((HttpMethod.Get, parent + "/{id}"));
            routes.Add((HttpMethod.Put, parent + "/{id}"));
            routes.Add((HttpMethod.Delete, parent + "/{id}"));
            routes.Add((HttpMethod.Get, parent + "/{id}/history"));
            routes.Add((HttpMethod.Get, parent + "/{id}/parts/{part}"));
            routes.Add((HttpMethod.Get, parent + "/files/{path+}"));
        }

        return [.. routes];
    }

    private static byte[][] Paths(Random random, string end)
    {
        string[] parents = [.. Parents()];
        return [.. Enumerable.Range(0, PathCount).Select(_ => Encoding.ASCII.GetBytes(parents[random.Next(parents.Length)] + end))];
    }

    private static IEnumerable<string> Parents() =>
        from area in Areas from kind in Kinds from resource in Resources select $"/v1/{area}-{kind}/{resource}";
}
