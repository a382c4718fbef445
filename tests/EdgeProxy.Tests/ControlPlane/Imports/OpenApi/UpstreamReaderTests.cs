using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;

namespace EdgeProxy.Tests.ControlPlane.Imports.OpenApi;

public sealed class UpstreamReaderTests
{
    private const string Proxy = "type: http_proxy\nhttpMethod: GET\nuri: http://a/\n";

    [Fact]
    public void Reads_protocol_trailers_and_files_that_start_at_the_document()
    {
        UpstreamDefinition upstream = Read(Proxy + "x-edgeproxy-upstream: {protocol: auto, trailers: true, tls: {caFile: ca.pem, clientCertificateFile: /abs/me.pem, clientKeyFile: me.key, serverName: inner}}", file: "conf/api.yaml")!;
        Assert.Equal((UpstreamProtocol.Auto, true), (upstream.Protocol, upstream.Trailers));
        Assert.Equal(("conf/ca.pem", "/abs/me.pem", "conf/me.key", "inner"), (upstream.CaFile, upstream.ClientCertificateFile, upstream.ClientKeyFile, upstream.ServerName));
    }

    [Fact]
    public void Reads_targets_with_and_without_weight()
    {
        UpstreamDefinition upstream = Read(Proxy + "x-edgeproxy-upstream: {targets: ['10.0.0.1:8080', {address: '${stageVariables.other}', weight: 5}, {address: c, weight: 0}], balance: least-loaded}")!;
        Assert.Equal([("10.0.0.1:8080", 1), ("${stageVariables.other}", 5), ("c", 0)], upstream.Targets!.Select(static target => (target.Address, target.Weight)));
        Assert.Equal(TargetBalance.LeastLoaded, upstream.Balance);
        Assert.Null(Read(Proxy + "x-edgeproxy-upstream: {protocol: auto}")!.Targets);
    }

    [Fact]
    public void Reads_what_becomes_of_failures()
    {
        UpstreamDefinition upstream = Read(Proxy + """
            x-edgeproxy-upstream:
              failureStatuses: [503, 500-502]
              panicPercent: 30
              retries: {attempts: 3, tryTimeoutInMillis: 250, on: [connect, timeout, 503], nonIdempotent: true, budgetPercent: 10, budgetPerSecond: 1, backoffInMillis: 5}
              ejection: {consecutiveFailures: 2, failurePercent: 40, leastRequests: 7, timeInMillis: 1000, mostTimeInMillis: 9000, mostPercent: 70}
              health: {path: /healthz, intervalInMillis: 100, timeoutInMillis: 50, statuses: [200, 204], healthy: 1, unhealthy: 2}
              concurrency: {max: 10, queue: 5}
              circuit: {failurePercent: 60, leastRequests: 9, openTimeInMillis: 100, mostOpenTimeInMillis: 900, probes: 4}
            """)!;
        Assert.Equal(["503", "500-502"], upstream.FailureStatuses);
        Assert.Equal(30, upstream.PanicPercent);
        Assert.Equal((3, 250, true, 10, 1, 5), (upstream.Retries!.Attempts, upstream.Retries.TryTimeoutInMillis, upstream.Retries.NonIdempotent, upstream.Retries.BudgetPercent, upstream.Retries.BudgetPerSecond, upstream.Retries.BackoffInMillis));
        Assert.Equal(["connect", "timeout", "503"], upstream.Retries.On);
        Assert.Equal(new EjectionDefinition { ConsecutiveFailures = 2, FailurePercent = 40, LeastRequests = 7, TimeInMillis = 1000, MostTimeInMillis = 9000, MostPercent = 70 }, upstream.Ejection);
        Assert.Equal(("/healthz", 100, 50, 1, 2), (upstream.Health!.Path, upstream.Health.IntervalInMillis, upstream.Health.TimeoutInMillis, upstream.Health.Healthy, upstream.Health.Unhealthy));
        Assert.Equal(["200", "204"], upstream.Health.Statuses);
        Assert.Equal(new UpstreamCapDefinition(10, 5, 1000), upstream.Concurrency);
        Assert.Equal(new CircuitDefinition { FailurePercent = 60, LeastRequests = 9, OpenTimeInMillis = 100, MostOpenTimeInMillis = 900, Probes = 4 }, upstream.Circuit);
    }

    [Fact]
    public void An_integration_leaves_the_targets_of_its_api_by_an_empty_list()
    {
        const string Api = "x-edgeproxy-upstream: {targets: [a, b]}";
        Assert.Equal(2, Read(Proxy, root: Api)!.Targets!.Count);
        Assert.Empty(Read(Proxy + "x-edgeproxy-upstream: {targets: []}", root: Api)!.Targets!);
    }

    [Fact]
    public void Takes_no_more_targets_than_have_a_bit_each()
    {
        static string Targets(int count) => "x-edgeproxy-upstream: {targets: [" + string.Join(',', Enumerable.Repeat("a", count)) + "]}";
        Assert.Equal(64, Read(Proxy + Targets(64))!.Targets!.Count);
        Assert.Equal(ProblemCode.OutOfRange, Assert.Single(Documents.Check(Documents.WithIntegration(Proxy + Targets(65))).Problems).Code);
    }

    [Fact]
    public void An_integration_without_one_has_none() => Assert.Null(Read(Proxy));

    [Fact]
    public void An_integration_says_more_than_its_api_and_takes_the_rest_from_it()
    {
        UpstreamDefinition upstream = Read(
            Proxy + "x-edgeproxy-upstream: {protocol: http1, tls: {clientCertificateFile: own.pem}}",
            root: "x-edgeproxy-upstream: {protocol: auto, trailers: false, tls: {clientCertificateFile: api.pem, clientKeyFile: api.key}}")!;
        Assert.Equal((UpstreamProtocol.Http1, false), (upstream.Protocol, upstream.Trailers));
        Assert.Equal(("own.pem", null), (upstream.ClientCertificateFile, upstream.ClientKeyFile)); // the API's key is not this certificate's
        Assert.Equal(UpstreamProtocol.Auto, Read(Proxy, root: "x-edgeproxy-upstream: {protocol: auto}")!.Protocol);
    }

    [Theory]
    [InlineData("x-edgeproxy-upstream: {protocol: h3}", ProblemCode.NotAllowed)]
    [InlineData("x-edgeproxy-upstream: {trailers: perhaps}", ProblemCode.WrongType)]
    [InlineData("x-edgeproxy-upstream: {protokol: h2}", ProblemCode.UnknownKey)]
    [InlineData("x-edgeproxy-upstream: {tls: {cafile: x}}", ProblemCode.UnknownKey)]
    [InlineData("x-edgeproxy-upstream: h2", ProblemCode.WrongType)]
    [InlineData("x-edgeproxy-upstream: {targets: a}", ProblemCode.WrongType)]
    [InlineData("x-edgeproxy-upstream: {targets: [1]}", ProblemCode.WrongType)]
    [InlineData("x-edgeproxy-upstream: {targets: [{weight: 1}]}", ProblemCode.Missing)]
    [InlineData("x-edgeproxy-upstream: {targets: [{address: a, weight: 101}]}", ProblemCode.OutOfRange)]
    [InlineData("x-edgeproxy-upstream: {targets: [{address: a, weight: 0}]}", ProblemCode.OutOfRange)]
    [InlineData("x-edgeproxy-upstream: {targets: [{adress: a, address: b}]}", ProblemCode.UnknownKey)]
    [InlineData("x-edgeproxy-upstream: {targets: [a], balance: fair}", ProblemCode.NotAllowed)]
    [InlineData("x-edgeproxy-upstream: {targets: ['http://a']}", ProblemCode.BadUri)]
    [InlineData("x-edgeproxy-upstream: {targets: ['a:0']}", ProblemCode.BadUri)]
    [InlineData("x-edgeproxy-upstream: {targets: ['{host}']}", ProblemCode.BadUri)]
    [InlineData("x-edgeproxy-upstream: {retries: 3}", ProblemCode.WrongType)]
    [InlineData("x-edgeproxy-upstream: {retries: {attempts: 11}}", ProblemCode.OutOfRange)]
    [InlineData("x-edgeproxy-upstream: {retries: {on: [refused]}}", ProblemCode.BadFormat)]
    [InlineData("x-edgeproxy-upstream: {retries: {tries: 1}}", ProblemCode.UnknownKey)]
    [InlineData("x-edgeproxy-upstream: {failureStatuses: [5xx]}", ProblemCode.BadFormat)]
    [InlineData("x-edgeproxy-upstream: {ejection: {mostPercent: 101}}", ProblemCode.OutOfRange)]
    [InlineData("x-edgeproxy-upstream: {circuit: {probes: 0}}", ProblemCode.OutOfRange)]
    [InlineData("x-edgeproxy-upstream: {health: {intervalInMillis: 100}}", ProblemCode.Missing)]
    [InlineData("x-edgeproxy-upstream: {health: {path: healthz}}", ProblemCode.BadFormat)]
    [InlineData("x-edgeproxy-upstream: {health: {path: '/a b'}}", ProblemCode.BadFormat)]
    [InlineData("x-edgeproxy-upstream: {health: {path: /a, statuses: [ok]}}", ProblemCode.BadFormat)]
    [InlineData("x-edgeproxy-upstream: {concurrency: {max: -1}}", ProblemCode.OutOfRange)]
    [InlineData("x-edgeproxy-upstream: {concurrency: {max: 0}}", ProblemCode.OutOfRange)]
    [InlineData("x-edgeproxy-upstream: {concurrency: {queue: 5}}", ProblemCode.Missing)]
    [InlineData("connectionType: VPC_LINK\nconnectionId: abc\nx-edgeproxy-upstream: {targets: [a]}", ProblemCode.NotAllowed)]
    public void Reports_what_it_does_not_understand(string extension, ProblemCode code)
    {
        (_, ProblemList problems) = Documents.Check(Documents.WithIntegration(Proxy + extension));
        Assert.Equal(code, Assert.Single(problems).Code);
    }

    [Fact]
    public void Reports_one_that_stands_where_it_has_no_effect()
    {
        (_, ProblemList problems) = Documents.Check(Documents.Good + "\nx-edgeproxy-upstream: {protocol: http1}\ncomponents:\n  x-edgeproxy-upstream: {protocol: http1}\n");
        Assert.Contains(problems, problem => problem.Code == ProblemCode.MisplacedExtension);
    }

    private static UpstreamDefinition? Read(string members, string root = "", string file = "api.yaml")
    {
        (ApiDefinition? api, ProblemList problems) = Documents.Check(Documents.WithIntegration(members) + "\n" + root, file: file);
        Assert.Empty(problems.Select(ProblemWriter.Line));
        return Assert.Single(api!.Methods).Integration!.Upstream;
    }
}
