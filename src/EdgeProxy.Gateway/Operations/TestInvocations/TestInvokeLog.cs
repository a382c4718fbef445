using System.Globalization;
using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Gateway.Operations.TestInvocations;

/// <summary>Writes the execution log of a test invocation, as the service writes it (control-plane.md 3.9, rest-api.md 13).</summary>
/// <remarks>What proves who somebody is appears as stars: logs are pasted into tickets.</remarks>
internal sealed class TestInvokeLog(TestInvokeRequest test, RoutePlan route) : IWalkObserver
{
    /// <summary>Characters of a map that are shown.</summary>
    private const int MostMap = 998;

    /// <summary>Bytes of a body that are shown.</summary>
    private const int MostBody = 256 * 1024;

    private const string Truncated = " [TRUNCATED]";

    private readonly List<string> _lines = [];
    private string _bodyBefore = "";
    private string _forbidden = "";
    private int _streamedAt = -1;

    /// <summary>The answer's fields, without those that only name the request.</summary>
    public List<KeyValuePair<string, string>> Headers { get; } = [];

    public string Text => string.Join('\n', _lines) + "\n";

    /// <summary>Tells what was asked.</summary>
    public void Begin(RequestContext request)
    {
        string id = Encoding.ASCII.GetString(request.RequestId);
        _lines.Add($"Execution log for request {id}");
        Add(request, $"Starting execution for request: {id}");
        Add(request, $"HTTP Method: {test.Verb}, Resource Path: {test.Path}");
        var path = new List<KeyValuePair<string, string>>();
        for (int i = 0; i < route.ParameterNames.Length && i < request.Match.Count; i++)
        {
            // Without a value where the path was not the resource's.
            string value = Encoding.UTF8.GetString(request.Match.Value(request.RoutePath, i));
            if (value.Length > 0) path.Add(new(route.ParameterNames[i].ToString(), Uri.UnescapeDataString(value)));
        }

        Add(request, "Method request path: " + MapOf(path));
        Add(request, "Method request query string: " + MapOf(QueryOf(test.Query)));
        Add(request, "Method request headers: " + MapOf(test.Headers));
        Add(request, "Method request body before transformations: " + BodyOf(test.Body));
    }

    public void OnHeaderDropped(RequestContext request, ReadOnlySpan<byte> name)
    {
    }

    public void OnHeaderForbidden(RequestContext request, ReadOnlySpan<byte> name) => _forbidden = Latin(name);

    /// <summary>The log shows what the endpoint said, whatever becomes of it.</summary>
    public bool WantsAnswer => true;

    public void OnPhase(RequestContext request, WalkPhase phase, Verdict verdict, long now)
    {
        switch (phase)
        {
            case WalkPhase.MapRequest when !verdict.Ends:
                TellEndpoint(request);
                break;
            case WalkPhase.Integrate when !verdict.Ends && route.Integration.Kind != IntegrationKind.Mock:
                TellAnswer(request);
                break;
            case WalkPhase.ReceiveAnswer when !verdict.Ends && request.Call is not null:
                // What is not held here goes through as it is, and is told when it has.
                if (request.IsAnswerReceived) Add(request, _bodyBefore + BodyOf(request.HeldAnswer.Span));
                else _streamedAt = _lines.Count;
                break;
        }
    }

    /// <summary>Tells what the client would have got.</summary>
    public void End(RequestContext request, Verdict verdict)
    {
        ResponseHead response = request.Exchange.Response;
        ReadOnlySpan<byte> body = request.Exchange is Http.Server.MemoryExchange memory ? memory.Sent : default;
        if (_streamedAt >= 0) _lines.Insert(_streamedAt, Line(request, _bodyBefore + BodyOf(body)));
        if (!verdict.IsFault && route.Integration.Kind != IntegrationKind.Mock) Headers.Add(new("X-Amzn-Trace-Id", Encoding.ASCII.GetString(request.Trace)));
        for (int i = 0; i < response.Headers.Count; i++)
        {
            KnownHeader known = response.Headers[i].Known;
            if (known is KnownHeader.XAmznRequestId or KnownHeader.XAmzApigwId || (known == KnownHeader.XAmznTraceId && Headers.Count > 0)) continue;
            Headers.Add(new(Latin(response.Headers.Name(i)), Encoding.UTF8.GetString(response.Headers.Value(i))));
        }

        if (request.Fault != FaultKind.None)
        {
            Add(request, FailureOf(request));
        }
        else
        {
            Add(request, "Method response body after transformations: " + BodyOf(body));
            Add(request, "Method response headers: " + MapOf(Headers));
            Add(request, "Successfully completed execution");
        }

        Add(request, string.Create(CultureInfo.InvariantCulture, $"Method completed with status: {response.Status}"));
    }

    /// <summary>Pairs of a query, decoded.</summary>
    public static List<KeyValuePair<string, string>> QueryOf(string query)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (QueryPair pair in new QueryReader(Encoding.UTF8.GetBytes(query)))
        {
            pairs.Add(new(Uri.UnescapeDataString(Encoding.UTF8.GetString(pair.Name)), Uri.UnescapeDataString(Encoding.UTF8.GetString(pair.Value))));
        }

        return pairs;
    }

    private void TellEndpoint(RequestContext request)
    {
        string uri;
        var headers = new List<KeyValuePair<string, string>>();
        ReadOnlySpan<byte> body;
        if (request.Call is { } call && request.Deployment!.UriOrNull(route.Ordinal) is { Upstream: { } upstream } bound)
        {
            uri = $"{(upstream.IsTls ? "https" : "http")}://{Latin(bound.Host)}{Latin(call.Headers.Slice(call.TargetStart, call.TargetLength))}";
            for (int i = 0; i < call.Headers.Count; i++) headers.Add(new(Latin(call.Headers.Name(i)), Encoding.UTF8.GetString(call.Headers.Value(i))));
            body = call.Framing == BodyFraming.None ? default : request.Body.Span;
        }
        else if (request.Deployment!.FunctionOrNull(route.Ordinal)?.FunctionOrNull(request) is { } function)
        {
            uri = $"https://lambda.{function.Region}.amazonaws.com/2015-03-31/functions/{function.Arn}/invocations";
            headers.Add(new("X-Amzn-Trace-Id", Encoding.ASCII.GetString(request.Trace)));
            if (request.InvocationType != InvocationType.RequestResponse) headers.Add(new("X-Amz-Invocation-Type", request.InvocationType.ToString()));
            body = request.Body.Span;
        }
        else
        {
            return;
        }

        Add(request, "Endpoint request URI: " + uri);
        Add(request, "Endpoint request headers: " + MapOf(headers));
        Add(request, "Endpoint request body after transformations: " + BodyOf(body));
        Add(request, "Sending request to " + uri);
    }

    private void TellAnswer(RequestContext request)
    {
        long latency = (request.IntegrationEndedAt - request.IntegrationStartedAt) / 1_000_000;
        Add(request, string.Create(CultureInfo.InvariantCulture, $"Received response. Status: {request.IntegrationStatus}, Integration latency: {Math.Max(0, latency)} ms"));
        var headers = new List<KeyValuePair<string, string>>();
        if (request.Call is { } call)
        {
            HeaderTable table = call.Response.Headers;
            for (int i = 0; i < table.Count; i++) headers.Add(new(Latin(table.Name(i)), Encoding.UTF8.GetString(table.Value(i))));
        }
        else if (request.Function is { } function && !function.FunctionRequestId.IsEmpty)
        {
            headers.Add(new("x-amzn-RequestId", Encoding.ASCII.GetString(function.FunctionRequestId)));
        }

        Add(request, "Endpoint response headers: " + MapOf(headers));
        _bodyBefore = "Endpoint response body before transformations: ";
        if (request.Call is null) Add(request, _bodyBefore + BodyOf(request.HeldAnswer.Span));
    }

    private string FailureOf(RequestContext request)
    {
        switch (request.Fault)
        {
            case FaultKind.ParametersMissing:
                return Written(request, static (RequestContext from, ref ByteWriter writer) => ValidateParameters.WriteMessage(from, isQuoted: false, ref writer));
            case FaultKind.BodyInvalid:
                return $"Request body does not match model schema for content type {request.BodyModel?.MediaType}: {Written(request, ValidateBody.WriteDetails)}";
            case FaultKind.ForbiddenHeaderMapped:
                return $"Execution failed due to configuration error: {_forbidden} header already present";
            default:
                ReadOnlySpan<byte> text = ExecutionTexts.Of(request.Fault);
                return text.IsEmpty ? $"Execution failed: {Encoding.ASCII.GetString(FaultNames.NameOf(request.Fault))}" : Encoding.ASCII.GetString(text);
        }
    }

    private static string Written(RequestContext request, WriteText write)
    {
        var writer = new ByteWriter(new byte[LoopServices.ScratchSize]);
        write(request, ref writer);
        return Encoding.UTF8.GetString(writer.Written);
    }

    private void Add(RequestContext request, string text) => _lines.Add(Line(request, text));

    private static string Line(RequestContext request, string text)
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(request.Services.UnixMilliseconds(request.Now));

        // One line each, whatever a body or a field has in it, but for bodies, which are shown as they are.
        return $"{now.UtcDateTime.ToString("ddd MMM dd HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture)} : {text}";
    }

    private static string MapOf(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        var text = new StringBuilder("{");
        foreach ((string name, string value) in pairs)
        {
            if (text.Length > 1) text.Append(", ");
            text.Append(name).Append('=').Append(IsSecret(name) ? "***" : value);
            if (text.Length > MostMap) break;
        }

        if (text.Length > MostMap) return text.ToString(0, MostMap) + Truncated;
        return text.Append('}').ToString();
    }

    private static bool IsSecret(string name) =>
        name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("Proxy-Authorization", StringComparison.OrdinalIgnoreCase)
        || name.Equals("x-api-key", StringComparison.OrdinalIgnoreCase) || name.Equals("X-Amz-Security-Token", StringComparison.OrdinalIgnoreCase);

    private static string BodyOf(ReadOnlySpan<byte> body) => body.Length <= MostBody ? Encoding.UTF8.GetString(body) : Encoding.UTF8.GetString(body[..MostBody]) + Truncated;

    private static string Latin(ReadOnlySpan<byte> text) => Encoding.Latin1.GetString(text);

    private delegate void WriteText(RequestContext request, ref ByteWriter writer);
}
