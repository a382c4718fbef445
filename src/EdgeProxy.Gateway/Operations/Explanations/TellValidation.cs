using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells what validators asked for, and what they had against a message.</summary>
internal static class TellValidation
{
    // Room for all messages of one body.
    private const int MessageBytes = 64 * 1024;

    /// <summary>The parameters that must be there.</summary>
    public static void Parameters(RequestContext request, ExplainedPhase told, ExplanationNotes notes)
    {
        RequiredParameter[] required = request.Route!.Validation.Required;
        if (required.Length == 0)
        {
            told.Add("why", "no request validator asks for parameters");
            return;
        }

        var table = new ExplainedTable("requiredParameters", ["parameter", "present"]);
        foreach (RequiredParameter parameter in required) notes.Add(table, SourceText.Of(parameter.Source), ValidateParameters.IsThere(parameter, request) ? "yes" : "no");
        told.Add(table);
    }

    /// <summary>What of the body is held.</summary>
    public static void Body(RequestContext request, ExplainedPhase told, ExplanationNotes notes)
    {
        long declared = Math.Max(0, request.Exchange.Request.ContentLength);
        told.Add("bytes", ExplanationNotes.Number(declared));
        if (request.Exchange.BodyLimit >= 0) told.Add("limit", ExplanationNotes.Number(request.Exchange.BodyLimit));
        bool isWhole = request.BodyModel is not null || request.Route!.RequestBody.IsWhole;
        told.Add("held", isWhole ? "whole: a later phase looks into it" : "no: it streams to the integration");
        if (request.BodyModel is { } model) told.Add("model", model.Name.ToString());
    }

    /// <summary>The request's body against its model.</summary>
    public static void BodyModel(RequestContext request, ExplainedPhase told, ExplanationNotes notes)
    {
        if (request.BodyModel is not { } model)
        {
            BodyModel[] models = request.Route!.Validation.Bodies;
            told.Add("why", models.Length == 0
                ? "no request validator looks at bodies"
                : $"no model is for this Content-Type; there are models for {string.Join(", ", models.Select(static model => model.MediaType.ToString()))}");
            return;
        }

        TellModel(model, told);
        TellErrors(request, model, request.Body.Span, told, notes);
    }

    /// <summary>The answer's body against its model.</summary>
    public static void Response(RequestContext request, ExplainedPhase told, ExplanationNotes notes)
    {
        if (!request.HeldAnswer.IsWhole || ValidateResponse.ModelOrNull(request) is not { } model)
        {
            told.Add("why", request.Route!.Validation.Responses.Length == 0 ? "responses are not validated (x-edgeproxy-response-validation)" : "no model is for this status and Content-Type");
            return;
        }

        TellModel(model, told);
        told.Add("refuses", request.Route!.Validation.RefusesResponses ? "yes" : "no: a mismatch is only counted");
        if (request.HeldAnswer.Length == 0) told.Add("result", "an empty body is no JSON");
        else TellErrors(request, model, request.HeldAnswer.Span, told, notes);
    }

    private static void TellModel(BodyModel model, ExplainedPhase told)
    {
        told.Add("model", model.Name.ToString());
        told.Add("mediaType", model.MediaType.ToString());
    }

    private static void TellErrors(RequestContext request, BodyModel model, ReadOnlySpan<byte> body, ExplainedPhase told, ExplanationNotes notes)
    {
        var findings = new List<SchemaFinding>();
        var writer = new ByteWriter(new byte[MessageBytes]);
        SchemaValidator validator = request.Services.Validator;
        BodyVerdict verdict = validator.Find(model.Schema, body, request.Settings.Validation, findings, ref writer);
        told.Add("result", verdict switch
        {
            BodyVerdict.Valid => "valid",
            BodyVerdict.Malformed => $"no JSON from byte {validator.FaultAt} on",
            BodyVerdict.RepeatedName => "an object has a property twice",
            BodyVerdict.TooDeep => "nested too deeply (validation.depth)",
            BodyVerdict.TooManySteps => "too much to look at (validation.steps)",
            BodyVerdict.PatternTimedOut => "a pattern took too long",
            _ => "does not match",
        });
        if (verdict != BodyVerdict.Mismatch) return;
        var table = new ExplainedTable("errors", ["pointer", "message", "schema"]);
        for (int i = 0; i < findings.Count; i++)
        {
            SchemaFinding finding = findings[i];
            int end = i + 1 < findings.Count ? findings[i + 1].MessageStart - ", ".Length : writer.Length;
            ReadOnlySpan<byte> message = finding.MessageStart < end ? writer.Written[finding.MessageStart..end] : default;
            notes.Add(table, notes.Text(finding.Pointer), notes.Text(message), notes.Text(finding.Schema));
        }

        told.Add(table);
    }
}
