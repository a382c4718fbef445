using System.Globalization;
using System.Text;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells what becomes of the integration's answer.</summary>
internal static class TellAnswer
{
    public static void Received(RequestContext request, ExplainedPhase told, ExplanationNotes notes)
    {
        told.Add("held", request.HeldAnswer.IsWhole ? "whole: a later phase looks into it" : "no");
        if (request.HeldAnswer.IsWhole) told.Add("bytes", ExplanationNotes.Number(request.HeldAnswer.Length));
        if (request.Call is { Response.Status: > 0 } call) told.Add(Fields("answerHeaders", call.Response.Headers, notes));
    }

    public static void Mapped(RequestContext request, Verdict verdict, ExplainedPhase told, ExplanationNotes notes, AnswerChoice? choice, MappingValues values, List<string> dropped)
    {
        IntegrationPlan plan = request.Route!.Integration;
        if (choice is not null) TellSelection(request, choice, told, notes, values, dropped);
        else if (plan is HttpProxyPlan && request.Call is { } call && !verdict.IsFault) TellPassed(call, request.Exchange.Response.Headers, told, notes);
        if (verdict.Fault == FaultKind.FunctionResultMalformed)
        {
            ReadOnlySpan<byte> result = request.HeldAnswer.Span;
            if (plan.StreamsAnswer) result = result[..request.PreludeLength];
            told.Add("why", notes.Text(ResultProblems.Of(result.ToArray(), plan.StreamsAnswer)));
        }

        if (verdict.Fault == FaultKind.FunctionBodyNotBase64) told.Add("why", "isBase64Encoded is true, the client asks for a binary type, and body is no base64");
        if (verdict.Fault == FaultKind.TemplateFailed) told.Add("why", "the template failed, or cannot be compiled (edgeproxy validate says so), or what a mapping reads out of the body met a fault");
        if (verdict.Fault == FaultKind.ResponseNotJson) told.Add("why", "a mapping reads a value of the integration's body, which begins like JSON and is none");
        if (verdict.Fault == FaultKind.OverridesTooLarge) told.Add("why", "what the template sets is too large for a head");
        if (verdict.Fault == FaultKind.NoResponseMatch) told.Add("why", "no selection pattern matches, and there is no default");
        if (verdict.Fault == FaultKind.ResponseNotDeclared) told.Add("why", "the method declares no response of the status that was chosen");
        if (!verdict.IsFault) told.Add("status", ExplanationNotes.Number(request.Exchange.Response.Status));
    }

    /// <summary>What a template is.</summary>
    public static string KindOf(BodyTemplate template) =>
        template.IsEmpty ? "empty: the body passes" : template.Constant is not null ? "constant: it has neither references nor directives" : template.Program is null ? "broken: it cannot be compiled" : "run for this request";

    private static void TellSelection(RequestContext request, AnswerChoice choice, ExplainedPhase told, ExplanationNotes notes, MappingValues values, List<string> dropped)
    {
        ResponsePlan? chosen = choice.Chosen;
        if (choice.IsMessage) told.Add("errorMessage", notes.Text(choice.Subject));
        string subject = choice.IsMessage ? choice.Subject.Length == 0 ? "an empty error message" : "the error message" : choice.Subject;
        var table = new ExplainedTable("selection", ["pattern", "status", "taken", "why"]);
        bool isPast = false;
        foreach (ResponsePlan response in choice.All)
        {
            bool isTaken = ReferenceEquals(response, chosen);
            string why = isTaken ? response.Pattern.Length == 0 ? "the default: no pattern matches" : $"it matches {subject}"
                : response.Pattern.Length == 0 ? "the default, for what no pattern matches"
                : isPast ? "another comes before it, or it does not match" : $"it does not match {subject}";
            isPast |= isTaken;
            notes.Add(table, response.Pattern.Length == 0 ? "default" : response.Pattern, ExplanationNotes.Number(response.Status), isTaken ? "yes" : "no", why);
        }

        told.Add(table);
        if (chosen is null) return;
        HeaderRule renamed = request.Route!.Integration is MockPlan ? HeaderRule.Remapped : HeaderRule.Remapped | HeaderRule.RemappedFromMapping;
        TellMappings.Run(request, chosen.Parameters, values, told, notes, dropped, isRequest: false, renamed);
        TellMappings.Overrides(request, told, notes, isRequest: false);
        if (RenderTemplate.ChooseForResponse(request, chosen.Templates) is not { } template)
        {
            told.Add("template", request.Route!.Integration is MockPlan ? "none: the body is empty" : "none: the body passes");
            return;
        }

        told.Add("template", template.MediaType.ToString());
        told.Add("templateKind", KindOf(template));
        HeaderTable client = request.Exchange.Request.Headers;
        int accept = client.LastIndexOf(KnownHeader.Accept);
        bool isAsked = accept >= 0 && client.Value(accept).StartsWith(template.MediaType.Span);
        told.Add("templateWhy", isAsked ? "its key is what Accept asks for first"
            : template.MediaType.Span.SequenceEqual("application/json"u8) ? "none is for what Accept asks for first, and application/json comes next" : "it is the first that is stored");
    }

    private static void TellPassed(UpstreamCall call, HeaderTable response, ExplainedPhase told, ExplanationNotes notes)
    {
        var table = new ExplainedTable("headersChanged", ["header", "result"]);
        HeaderTable backend = call.Response.Headers;
        for (int i = 0; i < backend.Count; i++)
        {
            ReadOnlySpan<byte> name = backend.Name(i);
            if (Has(response, default, name, backend.Value(i))) continue;
            notes.Add(table, notes.Text(name), Has(response, "x-amzn-Remapped-"u8, name, backend.Value(i)) ? "renamed to x-amzn-Remapped-" + notes.Text(name) : "not passed: it is about one connection, or for the gateway alone");
        }

        if (table.Rows.Count + table.LeftOut > 0) told.Add(table);
    }

    private static ExplainedTable Fields(string name, HeaderTable headers, ExplanationNotes notes)
    {
        var table = new ExplainedTable(name, ["header", "value"]);
        foreach ((string header, string value) in notes.Fields(headers)) notes.Add(table, header, value);
        return table;
    }

    private static bool Has(HeaderTable headers, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            ReadOnlySpan<byte> own = headers.Name(i);
            if (own.Length == prefix.Length + name.Length && Ascii.EqualsIgnoreCase(own[..prefix.Length], prefix) && Ascii.EqualsIgnoreCase(own[prefix.Length..], name)
                && headers.Value(i).SequenceEqual(value))
            {
                return true;
            }
        }

        return false;
    }
}
