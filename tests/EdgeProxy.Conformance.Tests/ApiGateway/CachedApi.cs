using EdgeProxy.Definitions;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>Documents whose stage has a cache, in front of a backend that answers each call with another body.</summary>
internal sealed class CachedApi : IDisposable
{
    private int _answers;

    public StagedGateway Node { get; } = new();

    /// <summary>Calls of the backend so far.</summary>
    public int Calls => Node.Gateway.Upstream.Calls;

    public FakeExchange Exchange => Node.Gateway.Exchange;

    /// <summary>A document with one method, <c>GET /pets/{id}</c> unless another is named.</summary>
    /// <param name="integration">More members of the integration, a line each.</param>
    /// <param name="verb">The verb.</param>
    /// <param name="path">The path.</param>
    public static string Document(string integration = "", string verb = "get", string path = "/pets/{id}") =>
        $"""
        openapi: 3.0.1
        info: {"{title: Pets, version: '1'}"}
        paths:
          {path}:
            {verb}:
              parameters:
                - {"{name: id, in: path, required: true, schema: {type: string}}"}
                - {"{name: type, in: query, schema: {type: string}}"}
                - {"{name: X-One, in: header, schema: {type: string}}"}
              responses: {"{'200': {description: ok}}"}
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: ANY
                uri: http://backend/pets
                {integration.Replace("\n", "\n        ", StringComparison.Ordinal)}

        """;

    public static StageDefinition Stage(params MethodSettingsDefinition[] settings) => new() { Name = "prod", CacheClusterEnabled = true, MethodSettings = settings };

    public static MethodSettingsDefinition All => new() { ResourcePath = "*", Verb = "*" };

    public CachedApi Serve(string document, StageDefinition? stage = null)
    {
        Node.Deploy(null, (document, stage ?? Stage()));
        return this;
    }

    /// <summary>The body of the answer to a request; the backend's next one has another.</summary>
    public string Get(string request = "GET /pets/1 HTTP/1.1", string head = "HTTP/1.1 200 OK\nContent-Type: text/plain")
    {
        string body = $"answer {++_answers}";
        Node.Gateway.Upstream.Answer($"{head}\nContent-Length: {body.Length}", body);
        return Node.Gateway.Send(request).SentText;
    }

    public void Advance(double seconds) => Node.Gateway.Loop.Advance(TimeSpan.FromSeconds(seconds));

    public string? Counted(string result, string resource = "/pets/{id}", string method = "GET") =>
        Node.Gateway.Metric($$"""edgeproxy_cache_requests_total{api_id="api0",stage="prod",resource="{{resource}}",method="{{method}}",result="{{result}}"}""");

    public void Dispose() => Node.Dispose();
}
