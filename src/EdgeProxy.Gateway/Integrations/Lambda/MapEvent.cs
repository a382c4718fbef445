using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>Makes the event of an AWS_PROXY integration, which takes the place of the request's body (rest-api.md 5.8).</summary>
internal static class MapEvent
{
    public static Verdict Run(RequestContext request, LambdaProxyPlan plan)
    {
        // Checked although nothing else of the mappings is applied (4.2).
        foreach (ParameterMapping mapping in plan.RequestParameters)
        {
            if (mapping.Target != MappingTarget.Header || !HeaderRules.Has(mapping.Known, HeaderRule.ForbiddenAwsTarget) || !HasValue(mapping, request)) continue;
            request.Observer?.OnHeaderForbidden(request, mapping.Name.Span);
            return Verdict.Of(FaultKind.ForbiddenHeaderMapped);
        }

        HeaderTable headers = request.Exchange.Request.Headers;
        int contentType = headers.LastIndexOf(KnownHeader.ContentType);
        bool isBinary = request.Deployment!.Plan.BinaryTypes.Matches(contentType < 0 ? default : headers.Value(contentType));
        LoopBuffers buffers = request.Exchange.Loop.Buffers;
        var writer = new LeasedWriter(buffers, EventWriter.Expect(request, isBinary), request.Settings.FunctionPayloadLimit);
        EventWriter.Write(request, isBinary, ref writer);
        if (writer.IsTooLarge)
        {
            writer.Release();
            return Verdict.Of(FaultKind.FunctionEventTooLarge);
        }

        request.Body.Hold(writer.Take(out int length), length, buffers);
        return Verdict.Continue;
    }

    private static bool HasValue(ParameterMapping mapping, RequestContext request)
    {
        var value = new ByteWriter(request.Services.ValueScratch);
        ValueReader.Write(mapping.Source, request, ref value);
        return value.Length > 0;
    }
}
