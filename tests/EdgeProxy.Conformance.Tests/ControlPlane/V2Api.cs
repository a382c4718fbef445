using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>An HTTP API and a WebSocket API, each with an integration, to call V2 operations on.</summary>
internal sealed class V2Api
{
    public const string Function = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations";

    public V2Api()
    {
        Http = "/v2/apis/" + Harness.Do("POST /v2/apis", """{"name":"h","protocolType":"HTTP"}""").TextOf("apiId");
        WebSocket = "/v2/apis/" + Harness.Do("POST /v2/apis", """{"name":"w","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}""").TextOf("apiId");
        HttpIntegration = Do($"POST {Http}/integrations", $$"""{"integrationType":"AWS_PROXY","integrationUri":"{{Function}}","payloadFormatVersion":"2.0"}""").TextOf("integrationId")!;
        WebSocketIntegration = Do($"POST {WebSocket}/integrations", $$"""{"integrationType":"AWS","integrationUri":"{{Function}}"}""").TextOf("integrationId")!;
    }

    public ManagementHarness Harness { get; } = new();

    /// <summary>The path of the HTTP API.</summary>
    public string Http { get; }

    /// <summary>The path of the WebSocket API.</summary>
    public string WebSocket { get; }

    public string HttpIntegration { get; }

    public string WebSocketIntegration { get; }

    public WireValue Do(string target, string body = "") => Harness.Do(target, body);

    public string Fail(string target, string body = "") => Harness.Fail(target, body);

    public int Status(string target, string body = "") => Harness.Call(target, body).Status;

    /// <summary>The names of an object's members, sorted.</summary>
    public static string Names(WireValue value)
    {
        List<string> names = [.. value.Members.Select(static member => member.Key)];
        names.Sort(StringComparer.Ordinal);
        return string.Join(' ', names);
    }
}
