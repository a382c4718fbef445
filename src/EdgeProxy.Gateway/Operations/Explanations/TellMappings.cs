using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Templates;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells what parameter mappings came to, and what templates have set in their place (rest-api.md 5.3, 5.10, 6.11).</summary>
internal static class TellMappings
{
    /// <param name="request">The request.</param>
    /// <param name="mappings">Of a request or a response.</param>
    /// <param name="values">What they read.</param>
    /// <param name="told">Gets a table, if there are any.</param>
    /// <param name="notes">Words.</param>
    /// <param name="dropped">Headers that the phase left out for their value.</param>
    /// <param name="isRequest">Whether they map to the integration.</param>
    /// <param name="renamed">Which names of a response are remapped (4.3).</param>
    public static void Run(
        RequestContext request, ParameterMapping[] mappings, MappingValues values, ExplainedPhase told, ExplanationNotes notes, List<string> dropped, bool isRequest = true,
        HeaderRule renamed = HeaderRule.None)
    {
        if (mappings.Length == 0) return;
        var table = new ExplainedTable("mappings", ["target", "source", "value", "result"]);
        string target = isRequest ? "integration.request.header." : IsOwn(isRequest, renamed) ? "gatewayresponse.header." : "method.response.header.";
        foreach (ParameterMapping mapping in mappings)
        {
            ReadOnlySpan<byte> read = values.Of(request, mapping);
            string name = mapping.Name.ToString();
            string value = mapping.Target == MappingTarget.Header ? notes.Field(name, read) : notes.Parameter(name, read);
            string result = OverrideReader.Replaces(request.OverridesOrNull, OverrideOf(mapping.Target, isRequest), mapping.Name.Span)
                ? "not applied: a template has set it"
                : isRequest && mapping.Target == MappingTarget.Header && request.Route!.Integration is LambdaPlan && !IsForLambda(name) && !HeaderRules.Has(mapping.Known, HeaderRule.ForbiddenAwsTarget)
                ? "ignored: Lambda takes X-Amz-Invocation-Type and X-Amz-Client-Context alone"
                : ResultOf(mapping, read.IsEmpty, dropped, isRequest, request.Route?.Integration is LambdaIntegrationPlan, renamed);

            // A literal is the value itself, and no less a secret where it stands as the source.
            string source = mapping.Source.Kind == ValueSourceKind.Literal ? $"'{value}'" : SourceText.Of(mapping.Source);
            notes.Add(table, SourceText.OfTarget(mapping, target), source, value, result);
        }

        told.Add(table);
    }

    /// <summary>Tells what templates have set.</summary>
    public static void Overrides(RequestContext request, ExplainedPhase told, ExplanationNotes notes, bool isRequest)
    {
        if (request.OverridesOrNull is not { } overrides) return;
        var table = new ExplainedTable("overrides", ["target", "value"]);
        if (!isRequest && overrides.Status != 0) notes.Add(table, "response status", ExplanationNotes.Number(overrides.Status));
        byte[] room = new byte[LoopServices.ScratchSize];
        for (int i = 0; i < overrides.Count; i++)
        {
            OverrideTarget target = overrides.Target(i);
            if ((target != OverrideTarget.ResponseHeader) != isRequest) continue;
            string name = notes.Text(overrides.Name(i));
            var writer = new ByteWriter(room);
            OverrideReader.WriteJoined(overrides, ref i, ref writer);
            string value = target == OverrideTarget.RequestQueryString ? notes.Parameter(name, writer.Written) : notes.Field(name, writer.Written);
            notes.Add(table, $"{NameOf(target)} {name}", value);
        }

        if (table.Rows.Count + table.LeftOut > 0) told.Add(table);
    }

    // Nothing that maps to an answer of the gateway's own is renamed (3.2).
    private static bool IsOwn(bool isRequest, HeaderRule renamed) => !isRequest && renamed == HeaderRule.None;

    private static bool IsForLambda(string header) =>
        header.Equals("X-Amz-Invocation-Type", StringComparison.OrdinalIgnoreCase) || header.Equals("X-Amz-Client-Context", StringComparison.OrdinalIgnoreCase);

    private static OverrideTarget OverrideOf(MappingTarget target, bool isRequest) => target switch
    {
        MappingTarget.Header => isRequest ? OverrideTarget.RequestHeader : OverrideTarget.ResponseHeader,
        MappingTarget.QueryString => OverrideTarget.RequestQueryString,
        _ => OverrideTarget.RequestPath,
    };

    private static string NameOf(OverrideTarget target) => target switch
    {
        OverrideTarget.RequestHeader => "request header",
        OverrideTarget.RequestPath => "request path",
        OverrideTarget.RequestQueryString => "request query",
        _ => "response header",
    };

    private static string ResultOf(ParameterMapping mapping, bool isEmpty, List<string> dropped, bool isRequest, bool isForFunction, HeaderRule renamed)
    {
        if (mapping.Target != MappingTarget.Header)
        {
            if (!isEmpty) return "set";
            return mapping.Target == MappingTarget.Path ? "no value: a placeholder of the URI stays empty, which fails the request" : "no value: left out";
        }

        if (isEmpty) return "no value: left out";
        if (isRequest && HeaderRules.Has(mapping.Known, isForFunction ? HeaderRule.ForbiddenAwsTarget : HeaderRule.ForbiddenTarget)) return "forbidden: it fails the request";
        if (isRequest && !isForFunction && HeaderRules.Has(mapping.Known, HeaderRule.IgnoredTarget)) return "ignored: this header is not for mappings";
        if (!isRequest && !IsOwn(isRequest, renamed) && mapping.Known == KnownHeader.XAmzApigwId) return "ignored: the id is the gateway's own";
        if (renamed != HeaderRule.None && mapping.Known == KnownHeader.TransferEncoding) return "ignored: the gateway frames its answers itself";
        if (dropped.Contains(mapping.Name.ToString())) return "left out: the value has a byte that no header may have";
        return HeaderRules.Has(mapping.Known, renamed) || (mapping.Known == KnownHeader.XAmznRequestId && !isRequest && !IsOwn(isRequest, renamed)) ? "renamed to x-amzn-Remapped-" + mapping.Name : "set";
    }
}
