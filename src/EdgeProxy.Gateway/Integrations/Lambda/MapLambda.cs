using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Json;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Templates;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>Makes the event of an AWS integration with a function: what the request template wrote, or the body as it came (rest-api.md 5.7). The template has been run.</summary>
/// <remarks>
/// Not confirmed, and chosen here: without a body the event is an empty object. Of mapped headers only those count that Lambda's API knows: <c>X-Amz-Invocation-Type</c> and
/// <c>X-Amz-Client-Context</c>; an invocation type that it does not know fails the request.
/// </remarks>
internal static class MapLambda
{
    // What is nested deeper, or has more values, goes to the function unread.
    private const int DeepestRead = 512;
    private const int MostRead = 256 * 1024;

    private static readonly byte[] s_emptyEvent = "{}"u8.ToArray();

    public static Verdict Run(RequestContext request, LambdaPlan plan)
    {
        if (plan.MapsBody && BodyValues.Check(request, request.Body, FaultKind.RequestNotJson) is { Ends: true } unreadable) return unreadable;
        TemplateOverrides? overrides = request.OverridesOrNull;
        foreach (ParameterMapping mapping in plan.RequestParameters)
        {
            if (mapping.Target != MappingTarget.Header || OverrideReader.Replaces(overrides, OverrideTarget.RequestHeader, mapping.Name.Span)) continue;
            var value = new ByteWriter(request.Services.ValueScratch);
            ValueReader.Write(mapping.Source, request, ref value);
            if (value.Length > 0 && Take(request, mapping.Known, mapping.Name.Span, value) is { Ends: true } refused) return refused;
        }

        for (int i = 0; i < (overrides?.Count ?? 0); i++)
        {
            if (overrides!.Target(i) != OverrideTarget.RequestHeader) continue;
            ReadOnlySpan<byte> name = overrides.Name(i);
            var value = new ByteWriter(request.Services.ValueScratch);
            OverrideReader.WriteJoined(overrides, ref i, ref value);
            if (value.Overflowed) return Verdict.Of(FaultKind.OverridesTooLarge);
            if (value.Length > 0 && Take(request, KnownHeaders.Find(name), name, value) is { Ends: true } refused) return refused;
        }

        RenderTemplate.TakeForRequest(request);
        if (request.Body.Length == 0) request.Body.Use(s_emptyEvent, request.Exchange.Loop.Buffers);
        return request.Body.Length > request.Settings.FunctionPayloadLimit ? Verdict.Of(FaultKind.FunctionEventTooLarge) : Verdict.Continue;
    }

    /// <summary>Whether an event is JSON, which is all that Lambda takes.</summary>
    /// <param name="text">The event.</param>
    /// <param name="tape">For reading it.</param>
    /// <param name="faultAt">Where it stops being JSON.</param>
    public static bool IsJson(ReadOnlySpan<byte> text, JsonTape tape, out int faultAt)
    {
        JsonFault fault = JsonReader.ReadUtf8(tape, text, new JsonLimits(DeepestRead, MostRead));
        faultAt = tape.FaultAt;
        tape.Release();
        return fault != JsonFault.Malformed;
    }

    private static Verdict Take(RequestContext request, KnownHeader known, ReadOnlySpan<byte> name, in ByteWriter mapped)
    {
        if (HeaderRules.Has(known, HeaderRule.ForbiddenAwsTarget))
        {
            request.Observer?.OnHeaderForbidden(request, name);
            return Verdict.Of(FaultKind.ForbiddenHeaderMapped);
        }

        ReadOnlySpan<byte> value = mapped.Written;
        if (Ascii.EqualsIgnoreCase(name, "x-amz-client-context"u8))
        {
            // The value may be the client's, and what no field may have would be signed with the call and then not sent.
            if (mapped.Overflowed || !Syntax.IsFieldValue(value)) request.Observer?.OnHeaderDropped(request, name);
            else request.ClientContext.Copy(value, request.Exchange.Loop.Buffers);
            return Verdict.Continue;
        }

        if (!Ascii.EqualsIgnoreCase(name, "x-amz-invocation-type"u8)) return Verdict.Continue;
        if (value.SequenceEqual("Event"u8)) request.InvocationType = InvocationType.Event;
        else if (value.SequenceEqual("DryRun"u8)) request.InvocationType = InvocationType.DryRun;
        else if (value.SequenceEqual("RequestResponse"u8)) request.InvocationType = InvocationType.RequestResponse;
        else return Verdict.Of(FaultKind.FunctionServiceFailed);
        return Verdict.Continue;
    }
}
