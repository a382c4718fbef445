using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Validation;

/// <summary>Phase: holds the body against the model of its media type (rest-api.md 7).</summary>
/// <remarks>Runs to its end on the loop: a body of the largest size takes some hundredths of a second, which is what the loop's other requests wait.</remarks>
internal static class ValidateBody
{
    public static Verdict Run(RequestContext request)
    {
        if (request.BodyModel is not { } model) return Verdict.Continue;
        // Read where a template that runs next finds it.
        SchemaValidator validator = request.Services.Validator;
        JsonTape tape = request.Services.TemplatesWithin(request.Settings.Templates).Tape;
        BodyVerdict verdict = validator.Run(model.Schema, tape, request.Body.Span, request.Body.Origin, request.Settings.Validation);
        if (verdict == BodyVerdict.Valid)
        {
            // What was read of an empty body is not it.
            if (request.Body.Length == 0) return Verdict.Continue;
            request.BodyTape = tape;
            request.BodyReading = tape.Reading;
            return Verdict.Continue;
        }

        // What is wrong with it may be asked for until the request is accounted for.
        request.Body.Keep(request.Exchange.Loop.Buffers);
        Refusals.Report(request, Refusals.KindOf(verdict), validator.RefusedBy);
        return Verdict.Of(FaultKind.BodyInvalid);
    }

    /// <summary>The model that a request's body has to match; null when its media type has none.</summary>
    /// <remarks>Of several Content-Type fields each is tried, so that no second one hides the first.</remarks>
    public static BodyModel? ModelOrNull(RequestContext request)
    {
        BodyModel[] models = request.Route!.Validation.Bodies;
        if (models.Length == 0) return null;
        HeaderTable headers = request.Exchange.Request.Headers;
        BodyModel? found = null;
        bool isNamed = false;
        for (int i = 0; i < headers.Count && found is null; i++)
        {
            if (headers[i].Known != KnownHeader.ContentType) continue;
            isNamed = true;
            found = BodyModel.FindOrNull(models, headers.Value(i));
        }

        return isNamed ? found : BodyModel.FindOrNull(models, default);
    }

    /// <summary>Writes <c>$context.error.validationErrorString</c>; nothing for a request that was not refused for its body.</summary>
    public static void WriteDetails(RequestContext request, ref ByteWriter writer)
    {
        if (request.Fault != FaultKind.BodyInvalid || request.BodyModel is not { } model) return;
        request.Services.Validator.Explain(model.Schema, request.Body.Span, request.Settings.Validation, ref writer);
    }
}
