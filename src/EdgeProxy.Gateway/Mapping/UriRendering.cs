using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Templates;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Renders the target of a request to an HTTP backend (rest-api.md 5.2).</summary>
/// <remarks>
/// Not confirmed, and chosen here: a slash in a value from query, header or context becomes <c>%2F</c>, so that only the operator's own text and the
/// client's own path can make segments; a value that would make a dot segment fails the request; HTTP_PROXY sends the client's
/// query as it came, with mapped parameters after it. What a template sets as a path parameter is coded like a value from a query: a template is the
/// operator's, but what it passes on is often the client's.
/// </remarks>
internal static class UriRendering
{
    /// <summary>Writes path and query into the call's block.</summary>
    public static Verdict Render(RequestContext request, HttpIntegrationPlan plan, BoundUri uri, UpstreamCall call, bool isProxy)
    {
        var writer = new ByteWriter(request.Services.TargetScratch);
        if (WritePathAndOwnQuery(request, plan, uri, ref writer) is { Ends: true } refused) return refused;
        bool hasQuery = uri.HasQuery;
        ReadOnlySpan<byte> query = request.Exchange.Request.Query;
        if (isProxy && !query.IsEmpty)
        {
            Separate(ref hasQuery, ref writer);
            writer.Write(query);
        }

        foreach (ParameterMapping mapping in plan.RequestParameters)
        {
            if (mapping.Target != MappingTarget.QueryString || OverrideReader.Replaces(request.OverridesOrNull, OverrideTarget.RequestQueryString, mapping.Name.Span)) continue;
            if (!TryWriteQueryParameter(request, mapping, ref hasQuery, ref writer)) return Verdict.Of(FaultKind.TargetTooLong);
        }

        WriteQueryOverrides(request.OverridesOrNull, ref hasQuery, ref writer);
        if (writer.Overflowed) return Verdict.Of(FaultKind.TargetTooLong);
        call.TargetLength = writer.Length;
        call.TargetStart = call.Headers.Append(writer.Written);
        return Verdict.Continue;
    }

    private static Verdict WritePathAndOwnQuery(RequestContext request, HttpIntegrationPlan plan, BoundUri uri, ref ByteWriter writer)
    {
        int pathLength = -1;
        foreach (UriPart part in uri.Target)
        {
            if (part.Literal is not null)
            {
                writer.Write(part.Literal);
                continue;
            }

            if (part.InQuery && pathLength < 0) pathLength = writer.Written.IndexOf((byte)'?');
            int before = writer.Length;
            if (!TryWriteValue(request, plan, part, ref writer)) return Verdict.Of(FaultKind.TargetTooLong);

            // 5.2: an unresolved placeholder makes the URI invalid.
            if (writer.Length == before && !writer.Overflowed) return Verdict.Of(FaultKind.InvalidEndpoint);
        }

        if (!uri.HasPathValues || writer.Overflowed) return Verdict.Continue;
        if (uri.HasQuery && pathLength < 0) pathLength = writer.Written.IndexOf((byte)'?');
        ReadOnlySpan<byte> path = pathLength < 0 ? writer.Written : writer.Written[..pathLength];
        return PathRules.Check(path, request.Settings.DotSegments == DotSegments.Keep ? DotSegments.Keep : DotSegments.Reject, out _) == ViolationCode.None
            ? Verdict.Continue
            : Verdict.Of(FaultKind.UnsafePathValue);
    }

    private static bool TryWriteValue(RequestContext request, HttpIntegrationPlan plan, in UriPart part, ref ByteWriter writer)
    {
        var value = new ByteWriter(request.Services.ValueScratch);
        int index = OverrideReader.Find(request.OverridesOrNull, OverrideTarget.RequestPath, part.Name.Span);
        if (index >= 0)
        {
            OverrideReader.WriteJoined(request.OverridesOrNull!, ref index, ref value);
            if (part.InQuery) PercentCoding.EncodeForm(value.Written, ref writer);
            else PercentCoding.EncodeSegment(value.Written, ref writer);
            return !value.Overflowed;
        }

        if (part.Mapping < 0) return true;
        ValueSource source = plan.RequestParameters[part.Mapping].Source;
        if (source.Kind == ValueSourceKind.PathParameter && !part.InQuery)
        {
            Recode(ValueReader.RawPathParameter(source, request), request.Services.ValueScratch, ref writer);
            return true;
        }

        ValueReader.Write(source, request, ref value);
        if (part.InQuery) PercentCoding.EncodeForm(value.Written, ref writer);
        else if (source.Kind is ValueSourceKind.Literal or ValueSourceKind.StageVariable) PercentCoding.EncodePath(value.Written, ref writer);
        else PercentCoding.EncodeSegment(value.Written, ref writer);
        return !value.Overflowed;
    }

    // 6.11: a list repeats the parameter.
    private static void WriteQueryOverrides(TemplateOverrides? overrides, ref bool hasQuery, ref ByteWriter writer)
    {
        for (int i = 0; i < (overrides?.Count ?? 0); i++)
        {
            if (overrides!.Target(i) == OverrideTarget.RequestQueryString) WritePair(overrides.Name(i), overrides.Value(i), ref hasQuery, ref writer);
        }
    }

    /// <summary>Decodes a raw path value once and encodes it again (1.4). A slash stays one and a coded slash stays coded.</summary>
    private static void Recode(ReadOnlySpan<byte> raw, byte[] scratch, ref ByteWriter writer)
    {
        while (true)
        {
            int percent = raw.IndexOf((byte)'%');
            PercentCoding.EncodePath(percent < 0 ? raw : raw[..percent], ref writer);
            if (percent < 0) return;

            // The path was checked before routing: two digits follow.
            int decoded = PercentCoding.Decode(raw.Slice(percent, 3), scratch);
            PercentCoding.EncodeSegment(scratch.AsSpan(0, decoded), ref writer);
            raw = raw[(percent + 3)..];
        }
    }

    private static bool TryWriteQueryParameter(RequestContext request, ParameterMapping mapping, ref bool hasQuery, ref ByteWriter writer)
    {
        var value = new ByteWriter(request.Services.ValueScratch);
        if (mapping.Source.Kind == ValueSourceKind.MultiValueQueryString)
        {
            foreach (QueryPair pair in new QueryReader(request.Exchange.Request.Query))
            {
                if (!ValueReader.IsName(pair.Name, mapping.Source.Name.Span)) continue;
                value.Truncate(0);
                ValueReader.Decode(pair.Value, form: true, ref value);
                WritePair(mapping.Name.Span, value.Written, ref hasQuery, ref writer);
            }

            return true;
        }

        ValueReader.Write(mapping.Source, request, ref value);
        WritePair(mapping.Name.Span, value.Written, ref hasQuery, ref writer);
        return !value.Overflowed;
    }

    // Empty values are left out (5.2).
    private static void WritePair(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref bool hasQuery, ref ByteWriter writer)
    {
        if (value.IsEmpty) return;
        Separate(ref hasQuery, ref writer);
        PercentCoding.EncodeForm(name, ref writer);
        writer.Write((byte)'=');
        PercentCoding.EncodeForm(value, ref writer);
    }

    private static void Separate(ref bool hasQuery, ref ByteWriter writer)
    {
        if (!hasQuery) writer.Write((byte)'?');
        else if (writer.Length > 0 && writer.Written[^1] is not ((byte)'?' or (byte)'&')) writer.Write((byte)'&');
        hasQuery = true;
    }
}
