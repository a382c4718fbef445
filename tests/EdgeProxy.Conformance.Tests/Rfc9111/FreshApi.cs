using EdgeProxy.Conformance.Tests.ApiGateway;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9111;

/// <summary>An API whose answers are cached by what they say themselves, in front of a backend whose next answer a test gives.</summary>
internal sealed class FreshApi : IDisposable
{
    private readonly StagedGateway _node = new();

    /// <param name="policy">The members of <c>x-edgeproxy-cache</c>.</param>
    /// <param name="integration">More members of the integration, a line each.</param>
    /// <param name="settings">The node's settings.</param>
    /// <param name="stage">The stage's settings; without a cache by default.</param>
    /// <param name="root">More members of the document's root.</param>
    public FreshApi(string policy = "rfc9111: true", string integration = "type: http_proxy", GatewaySettings? settings = null, StageDefinition? stage = null, string root = "")
    {
        string document =
            $"""
            openapi: 3.0.1
            info: {"{title: Pets, version: '1'}"}
            x-edgeproxy-cache: {"{"}{policy}{"}"}
            {root}
            paths:
              /pets/{"{id}"}:
                x-amazon-apigateway-any-method:
                  parameters:
                    - {"{name: id, in: path, required: true, schema: {type: string}}"}
                  responses: {"{'200': {description: ok, headers: {ETag: {schema: {type: string}}, Last-Modified: {schema: {type: string}}, Cache-Control: {schema: {type: string}}}}}"}
                  x-amazon-apigateway-integration:
                    httpMethod: ANY
                    uri: http://backend/pets
                    {integration.Replace("\n", "\n        ", StringComparison.Ordinal)}

            """;
        _node.Deploy(settings, (document, stage ?? new StageDefinition { Name = "prod" }));
    }

    public FakeUpstream Upstream => _node.Gateway.Upstream;

    public FakeExchange Exchange => _node.Gateway.Exchange;

    public LoopHarness Loop => _node.Gateway.Loop;

    /// <summary>Calls of the backend so far.</summary>
    public int Calls => Upstream.Calls;

    public int Status => Exchange.Response.Status;

    /// <summary>The backend's next answers: fields, a line each.</summary>
    public FreshApi Answers(string fields, string body = "", int status = 200)
    {
        Upstream.Answer($"HTTP/1.1 {status} X\n{(fields.Length == 0 ? "" : fields + "\n")}{(status is 304 or 204 ? "" : $"Content-Length: {body.Length}")}", body);
        return this;
    }

    /// <summary>The body of the answer to a GET with some fields.</summary>
    public string Get(string fields = "", string target = "/pets/1", string host = "node") => Send("GET", fields, target, host);

    public string Send(string method, string fields = "", string target = "/pets/1", string host = "node")
    {
        string body = method is "GET" or "HEAD" or "OPTIONS" ? "" : "\nContent-Length: 0";
        return _node.Gateway.Send($"{method} {target} HTTP/1.1\nHost: {host}{(fields.Length == 0 ? "" : "\n" + fields)}{body}").SentText;
    }

    /// <summary>Handles a request of another client.</summary>
    public LoopTask Start(FakeExchange client, string request) => _node.Gateway.Start(client, request);

    public string? Field(string name) => Exchange.ResponseField(name);

    public void Advance(double seconds) => Loop.Advance(TimeSpan.FromSeconds(seconds));

    public string? Counted(string result) =>
        _node.Gateway.Metric($$"""edgeproxy_cache_requests_total{api_id="api0",stage="prod",resource="/pets/{id}",method="ANY",result="{{result}}"}""");

    public string? Metric(string series) => _node.Gateway.Metric(series);

    public FreshApi Fails(UpstreamOutcome outcome)
    {
        Upstream.Outcome = outcome;
        return this;
    }

    public void Dispose()
    {
        Assert.Empty(Loop.Unhandled);
        Assert.Equal(0, Loop.Buffers.Leased);
        _node.Dispose();
    }
}
