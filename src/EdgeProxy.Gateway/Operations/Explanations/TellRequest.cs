using System.Text;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells how the integration's request is made: template, mappings, and what of the client's fields is not passed.</summary>
internal static class TellRequest
{
    public static void Run(RequestContext request, Verdict verdict, ExplainedPhase told, ExplanationNotes notes, MappingValues values, List<string> dropped)
    {
        IntegrationPlan plan = request.Route!.Integration;
        if (plan.RequestTemplatesOrNull is { } templates) TellTemplate(request, templates, told, notes);
        if (verdict.IsFault && WhyOrNull(request, verdict.Fault, plan) is { } why) told.Add("why", notes.Text(why));
        if (plan is LambdaProxyPlan && !verdict.IsFault)
        {
            HeaderTable headers = request.Exchange.Request.Headers;
            int contentType = headers.LastIndexOf(KnownHeader.ContentType);
            told.Add("event", "payload format 1.0");
            told.Add("eventBytes", ExplanationNotes.Number(request.Body.Length));
            told.Add("isBase64Encoded", request.Deployment!.Plan.BinaryTypes.Matches(contentType < 0 ? default : headers.Value(contentType)) ? "yes: the Content-Type is one of the API's binary media types" : "no");
        }

        // AWS_PROXY applies none; they can only fail the request.
        if (plan is not LambdaProxyPlan || verdict.IsFault) TellMappings.Run(request, plan.RequestParameters, values, told, notes, dropped);
        TellMappings.Overrides(request, told, notes, isRequest: true);
        if (plan is HttpProxyPlan && request.Call is { } call && !verdict.IsFault) TellClientsFields(request, call, told, notes);
    }

    private static void TellTemplate(RequestContext request, RequestTemplates templates, ExplainedPhase told, ExplanationNotes notes)
    {
        HeaderTable headers = request.Exchange.Request.Headers;
        int contentType = headers.LastIndexOf(KnownHeader.ContentType);
        string sent = contentType < 0 ? "application/json (no Content-Type was sent)" : notes.Text(headers.Value(contentType));
        told.Add("contentType", sent);
        told.Add("passthroughBehavior", templates.Passthrough switch
        {
            PassthroughBehavior.WhenNoMatch => "WHEN_NO_MATCH",
            PassthroughBehavior.WhenNoTemplates => "WHEN_NO_TEMPLATES",
            _ => "NEVER",
        });
        if (request.RequestTemplate is { } chosen)
        {
            told.Add("template", chosen.MediaType.ToString());
            told.Add("templateKind", TellAnswer.KindOf(chosen));
            told.Add("templateWhy", chosen.MediaType.Span.SequenceEqual("$default"u8) ? "no template is for this Content-Type, and $default takes what no other takes" : "its key is the Content-Type");
            return;
        }

        string keys = templates.Templates.Length == 0 ? "there are no request templates" : $"the templates are for {string.Join(", ", templates.Templates.Select(static template => template.MediaType.ToString()))}";
        told.Add("template", "none: the body passes, unless the request is refused");
        told.Add("templateWhy", keys);
    }

    private static string? WhyOrNull(RequestContext request, FaultKind fault, IntegrationPlan plan) => fault switch
    {
        FaultKind.UnsupportedMediaType => "no template takes this Content-Type, and passthroughBehavior lets none pass without one",
        FaultKind.ForbiddenHeaderMapped => "a header is mapped that only the gateway may set",
        FaultKind.InvalidEndpoint => request.Deployment!.UriOrNull(request.Route!.Ordinal)?.Problem ?? $"a placeholder of {(plan as HttpIntegrationPlan)?.Uri.Text} has no value",
        FaultKind.UnsafePathValue => "a mapped value would make a dot segment in the integration's path",
        FaultKind.TemplateFailed => request.RequestTemplate is { Constant: null, Program: null } ? "the template cannot be compiled; edgeproxy validate says why" : "the template, or what a mapping reads out of the body, met a fault",
        FaultKind.RequestNotJson => "a mapping reads a value of the body, which begins like JSON and is none",
        FaultKind.OverridesTooLarge => "what the template sets is too large for a head",
        FaultKind.TargetTooLong => "the integration's path and query become too long",
        _ => null,
    };

    /// <summary>HTTP_PROXY passes the client's fields, but for these.</summary>
    private static void TellClientsFields(RequestContext request, UpstreamCall call, ExplainedPhase told, ExplanationNotes notes)
    {
        var table = new ExplainedTable("headersNotPassed", ["header", "why"]);
        HeaderTable client = request.Exchange.Request.Headers;
        for (int i = 0; i < client.Count; i++)
        {
            if (WhyNot(request, client, i, call.Headers) is { } why) notes.Add(table, notes.Text(client.Name(i)), why);
        }

        if (table.Rows.Count + table.LeftOut > 0) told.Add(table);
    }

    private static string? WhyNot(RequestContext request, HeaderTable client, int index, HeaderTable sent)
    {
        KnownHeader known = client[index].Known;
        ReadOnlySpan<byte> name = client.Name(index);
        for (int i = 0; i < sent.Count; i++)
        {
            if (!Ascii.EqualsIgnoreCase(sent.Name(i), name)) continue;
            if (sent.Value(i).SequenceEqual(client.Value(index))) return null;
            if (HeaderRules.Has(known, HeaderRule.NotProxied)) return "the gateway sets it itself";
            for (int other = 0; other < client.Count; other++)
            {
                if (other != index && Ascii.EqualsIgnoreCase(client.Name(other), name)) return "repeated: its values are sent as one, joined with commas";
            }

            return "a mapping sets it";
        }

        if (known == KnownHeader.Authorization && HeaderRules.IsSignature(client.Value(index))) return "it is a signature for the gateway";
        if (known == KnownHeader.AcceptEncoding) return "the answer has to be readable";
        if (HeaderRules.Has(known, HeaderRule.NotProxied)) return "it is about one connection, or for the gateway alone";
        if (name.Contains((byte)'_') && LookAlike.Exists(client, index)) return "a header with - where this has _ came as well";
        return client.Contains(KnownHeader.Connection) ? "Connection names it, or it is for the gateway alone" : "it is for the gateway alone";
    }
}
