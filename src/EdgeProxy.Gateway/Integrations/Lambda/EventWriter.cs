using System.Buffers;
using System.Buffers.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>Writes a request as the event of payload format 1.0 (rest-api.md 5.8), straight into UTF-8.</summary>
/// <remarks>
/// Not confirmed, and chosen here: names of headers that differ in case only are one name, spelled as it came first; a field named in Connection, and one that only the
/// gateway may say, is left out as for HTTP_PROXY; a request by HTTP/2, which has no Host field, gets one.
/// </remarks>
internal static class EventWriter
{
    // What an event has beside the request's own text, and room for a few escapes.
    private const int Frame = 2048;

    /// <summary>About how long the event will be.</summary>
    public static int Expect(RequestContext request, bool isBinary)
    {
        RequestHead head = request.Exchange.Request;
        long body = isBinary ? Base64.GetMaxEncodedToUtf8Length(request.Body.Length) : request.Body.Length + (request.Body.Length / 8);
        return (int)Math.Min(int.MaxValue, Frame + (3L * head.Headers.BlockLength) + body);
    }

    /// <summary>Writes the event.</summary>
    /// <param name="request">Its body is whole.</param>
    /// <param name="isBinary">Whether the body is bytes, which an event has in base64.</param>
    /// <param name="writer">Gets the event.</param>
    public static void Write(RequestContext request, bool isBinary, ref LeasedWriter writer)
    {
        RoutePlan route = request.Route!;
        writer.Write("{\"resource\":"u8);
        JsonStrings.Write(route.ResourcePath.Span, ref writer);
        writer.Write(",\"path\":"u8);
        WritePath(request, ref writer);
        writer.Write(",\"httpMethod\":"u8);
        JsonStrings.Write(request.Exchange.Request.MethodText, ref writer);
        WriteHeaders(request, ref writer);
        WriteQuery(request, ref writer);
        WritePathParameters(request, route, ref writer);
        writer.Write(",\"stageVariables\":"u8);
        writer.Write(request.Deployment!.Variables.Json);
        WriteRequestContext(request, route, ref writer);
        WriteBody(request, isBinary, ref writer);
        writer.Write((byte)'}');
    }

    // 1.3, 1.4: undecoded, without the stage, with the base path; slashes before the first segment are one.
    private static void WritePath(RequestContext request, ref LeasedWriter writer)
    {
        ReadOnlySpan<byte> path = request.RoutePath;
        int slashes = path.IndexOfAnyExcept((byte)'/');
        if (slashes < 0) slashes = path.Length;
        bool hasBase = request.BasePathLength > 0;
        if (slashes == 1 && !hasBase)
        {
            JsonStrings.Write(path, ref writer);
            return;
        }

        var joined = new ByteWriter(request.Services.TargetScratch);
        if (hasBase)
        {
            joined.Write((byte)'/');
            joined.Write(request.BasePath);
        }

        if (slashes > 0 || !hasBase) joined.Write((byte)'/');
        joined.Write(path[slashes..]);
        JsonStrings.Write(joined.Overflowed ? path : joined.Written, ref writer);
    }

    private static void WriteHeaders(RequestContext request, ref LeasedWriter writer)
    {
        FieldGroups groups = request.Services.Lambda.Fields;
        HeaderTable client = request.Exchange.Request.Headers;
        groups.Begin(client.Block, ignoresCase: true);
        int connection = client.IndexOf(KnownHeader.Connection);
        for (int i = 0; i < client.Count; i++)
        {
            ref readonly HeaderField field = ref client[i];
            if (RequestHeaders.IsKeptFromFunction(client, i, connection)) continue;
            groups.Add(field.NameStart, field.NameLength, field.ValueStart, field.ValueLength, field.Known);
        }

        writer.Write(",\"headers\":{"u8);
        for (int i = 0; i < groups.Count; i++)
        {
            if (!groups.IsFirst(i)) continue;
            WriteName(groups, i, ref writer);
            JsonStrings.Write(groups.Value(groups.Last(i)), ref writer);
            writer.Write((byte)',');
        }

        WriteOwnHeaders(request, inLists: false, ref writer);
        writer.Write("},\"multiValueHeaders\":{"u8);
        for (int i = 0; i < groups.Count; i++)
        {
            if (!groups.IsFirst(i)) continue;
            WriteName(groups, i, ref writer);
            WriteValues(groups, i, ref writer);
            writer.Write((byte)',');
        }

        WriteOwnHeaders(request, inLists: true, ref writer);
        writer.Write((byte)'}');
    }

    // 4.2: casing is the client's, but for two names.
    private static void WriteName(FieldGroups groups, int index, ref LeasedWriter writer)
    {
        JsonStrings.Write(
            groups.Known(index) switch
            {
                KnownHeader.Authorization => "Authorization"u8,
                KnownHeader.UserAgent => "User-Agent"u8,
                _ => groups.Name(index),
            },
            ref writer);
        writer.Write((byte)':');
    }

    private static void WriteValues(FieldGroups groups, int first, ref LeasedWriter writer)
    {
        writer.Write((byte)'[');
        for (int i = first; i >= 0; i = groups.Next(i))
        {
            if (i != first) writer.Write((byte)',');
            JsonStrings.Write(groups.Value(i), ref writer);
        }

        writer.Write((byte)']');
    }

    /// <summary>The fields that the gateway adds (4.2).</summary>
    private static void WriteOwnHeaders(RequestContext request, bool inLists, ref LeasedWriter writer)
    {
        Exchange exchange = request.Exchange;
        HeaderTable client = exchange.Request.Headers;
        if (!client.Contains(KnownHeader.Host) && !exchange.Request.Authority.IsEmpty) WriteOwn("\"Host\":"u8, exchange.Request.Authority, inLists, ref writer);
        WriteOwn("\"X-Amzn-Trace-Id\":"u8, request.Trace, inLists, ref writer);
        var value = new ByteWriter(request.Services.ValueScratch);
        ForwardedFor.Write(exchange, request.Settings.TrustedProxies, ref value);
        WriteOwn("\"X-Forwarded-For\":"u8, value.Written, inLists, ref writer);
        value.Truncate(0);
        ForwardedFor.WritePort(exchange, request.Settings.TrustedProxies, ref value);
        WriteOwn("\"X-Forwarded-Port\":"u8, value.Written, inLists, ref writer);
        value.Truncate(0);
        ForwardedFor.WriteProto(exchange, request.Settings.TrustedProxies, ref value);
        WriteOwn("\"X-Forwarded-Proto\":"u8, value.Written, inLists, ref writer);
        writer.DropLast();
    }

    private static void WriteOwn(ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, bool inLists, ref LeasedWriter writer)
    {
        writer.Write(name);
        if (inLists) writer.Write((byte)'[');
        JsonStrings.Write(value, ref writer);
        if (inLists) writer.Write((byte)']');
        writer.Write((byte)',');
    }

    private static void WriteQuery(RequestContext request, ref LeasedWriter writer)
    {
        ReadOnlySpan<byte> query = request.Exchange.Request.Query;
        LoopBuffers buffers = request.Exchange.Loop.Buffers;
        byte[] decoded = buffers.Rent(query.Length);
        FieldGroups groups = request.Services.Lambda.Fields;
        groups.Begin(decoded, ignoresCase: false);
        int at = 0;
        foreach (QueryPair pair in new QueryReader(query))
        {
            // Form decoding makes nothing longer.
            int name = PercentCoding.DecodeForm(pair.Name, decoded.AsSpan(at));
            int value = PercentCoding.DecodeForm(pair.Value, decoded.AsSpan(at + name));
            groups.Add(at, name, at + name, value);
            at += name + value;
        }

        writer.Write(",\"queryStringParameters\":"u8);
        if (groups.Count == 0)
        {
            writer.Write("null,\"multiValueQueryStringParameters\":null"u8);
        }
        else
        {
            WriteMap(groups, inLists: false, ref writer);
            writer.Write(",\"multiValueQueryStringParameters\":"u8);
            WriteMap(groups, inLists: true, ref writer);
        }

        buffers.Return(decoded);
    }

    private static void WriteMap(FieldGroups groups, bool inLists, ref LeasedWriter writer)
    {
        writer.Write((byte)'{');
        for (int i = 0; i < groups.Count; i++)
        {
            if (!groups.IsFirst(i)) continue;
            if (i > 0) writer.Write((byte)',');
            JsonStrings.Write(groups.Name(i), ref writer);
            writer.Write((byte)':');
            if (inLists) WriteValues(groups, i, ref writer);
            else JsonStrings.Write(groups.Value(groups.Last(i)), ref writer);
        }

        writer.Write((byte)'}');
    }

    private static void WritePathParameters(RequestContext request, RoutePlan route, ref LeasedWriter writer)
    {
        writer.Write(",\"pathParameters\":"u8);
        if (route.ParameterNames.Length == 0)
        {
            writer.Write("null"u8);
            return;
        }

        for (int i = 0; i < route.ParameterNames.Length; i++)
        {
            writer.Write(i == 0 ? (byte)'{' : (byte)',');
            JsonStrings.Write(route.ParameterNames[i].Span, ref writer);
            writer.Write((byte)':');
            JsonStrings.Write(request.Match.Value(request.RoutePath, i), ref writer);
        }

        writer.Write((byte)'}');
    }

    private static void WriteRequestContext(RequestContext request, RoutePlan route, ref LeasedWriter writer)
    {
        writer.Write(",\"requestContext\":{\"resourceId\":"u8);
        JsonStrings.Write(route.ResourceId.Span, ref writer);
        writer.Write(",\"resourcePath\":"u8);
        JsonStrings.Write(route.ResourcePath.Span, ref writer);
        if (!route.OperationName.IsEmpty)
        {
            writer.Write(",\"operationName\":"u8);
            JsonStrings.Write(route.OperationName.Span, ref writer);
        }

        writer.Write(",\"httpMethod\":"u8);
        JsonStrings.Write(request.Exchange.Request.MethodText, ref writer);
        Write(",\"extendedRequestId\":"u8, ContextVariable.ExtendedRequestId, request, ref writer);
        Write(",\"requestTime\":"u8, ContextVariable.RequestTime, request, ref writer);
        Write(",\"path\":"u8, ContextVariable.Path, request, ref writer);
        Write(",\"accountId\":"u8, ContextVariable.AccountId, request, ref writer);
        writer.Write(",\"protocol\":\"HTTP/1.1\""u8);
        Write(",\"stage\":"u8, ContextVariable.Stage, request, ref writer);
        Write(",\"domainPrefix\":"u8, ContextVariable.DomainPrefix, request, ref writer);
        writer.Write(",\"requestTimeEpoch\":"u8);
        writer.Write(request.ArrivedAtUnixMilliseconds);
        Write(",\"requestId\":"u8, ContextVariable.RequestId, request, ref writer);
        WriteIdentity(request, ref writer);
        Write(",\"domainName\":"u8, ContextVariable.DomainName, request, ref writer);
        Write(",\"deploymentId\":"u8, ContextVariable.DeploymentId, request, ref writer);
        Write(",\"apiId\":"u8, ContextVariable.ApiId, request, ref writer);
        if (request.Stage!.Canary is { } canary) writer.Write(ReferenceEquals(canary, request.Deployment) ? ",\"isCanaryRequest\":true"u8 : ",\"isCanaryRequest\":false"u8);
        writer.Write((byte)'}');
    }

    // What access control would fill is null as long as no route with access control is open.
    private static void WriteIdentity(RequestContext request, ref LeasedWriter writer)
    {
        writer.Write(",\"identity\":{\"cognitoIdentityPoolId\":null,\"accountId\":null,\"cognitoIdentityId\":null,\"caller\":null"u8);
        Write(",\"sourceIp\":"u8, ContextVariable.SourceIp, request, ref writer);
        writer.Write(",\"principalOrgId\":null,\"accessKey\":null,\"cognitoAuthenticationType\":null,\"cognitoAuthenticationProvider\":null,\"userArn\":null"u8);
        Write(",\"userAgent\":"u8, ContextVariable.UserAgent, request, ref writer);
        writer.Write(",\"user\":null"u8);
        if (ContextVariables.HasClientCertificate(request))
        {
            Write(",\"clientCert\":{\"clientCertPem\":"u8, ContextVariable.ClientCertificatePem, request, ref writer);
            Write(",\"subjectDN\":"u8, ContextVariable.ClientCertificateSubjectDn, request, ref writer);
            Write(",\"issuerDN\":"u8, ContextVariable.ClientCertificateIssuerDn, request, ref writer);
            Write(",\"serialNumber\":"u8, ContextVariable.ClientCertificateSerialNumber, request, ref writer);
            Write(",\"validity\":{\"notBefore\":"u8, ContextVariable.ClientCertificateNotBefore, request, ref writer);
            Write(",\"notAfter\":"u8, ContextVariable.ClientCertificateNotAfter, request, ref writer);
            writer.Write("}}"u8);
        }

        writer.Write((byte)'}');
    }

    /// <summary>A member with the value of a variable; null when it is not set.</summary>
    private static void Write(ReadOnlySpan<byte> name, ContextVariable variable, RequestContext request, ref LeasedWriter writer)
    {
        writer.Write(name);
        var value = new ByteWriter(request.Services.ValueScratch);
        ContextVariables.Write(variable, request, ref value);
        if (value.Length == 0) writer.Write("null"u8);
        else JsonStrings.Write(value.Written, ref writer);
    }

    private static void WriteBody(RequestContext request, bool isBinary, ref LeasedWriter writer)
    {
        ReadOnlySpan<byte> body = request.Body.Span;
        writer.Write(",\"body\":"u8);
        if (body.IsEmpty)
        {
            writer.Write("null,\"isBase64Encoded\":false"u8);
            return;
        }

        if (!isBinary)
        {
            JsonStrings.Write(body, ref writer);
            writer.Write(",\"isBase64Encoded\":false"u8);
            return;
        }

        writer.Write((byte)'"');
        Span<byte> room = writer.Reserve(Base64.GetMaxEncodedToUtf8Length(body.Length));
        if (!room.IsEmpty) Base64.EncodeToUtf8(body, room, out _, out _);
        writer.Write("\",\"isBase64Encoded\":true"u8);
    }
}
