using EdgeProxy.Gateway.Compression;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells what was decoded and what is compressed (rest-api.md 11.3).</summary>
internal static class TellCodings
{
    public static void Decoded(RequestContext request, Verdict verdict, ExplainedPhase told, ExplanationNotes notes)
    {
        long received = (request.Exchange as MemoryExchange)?.Body.Length ?? request.Exchange.RequestBytes;
        if (request.Codings.IsEmpty) told.Add("decoded", "no: there is no Content-Encoding");
        else if (received == 0) told.Add("decoded", "no: the body is empty");
        else if (verdict.IsFault) Refused(request, verdict, told);
        else told.Add("decoded", $"yes: {ExplanationNotes.Number(received)} bytes to {ExplanationNotes.Number(request.Body.Length)}");
        Add(request.Exchange.Request.Headers, KnownHeader.ContentEncoding, "contentEncoding", told, notes);
    }

    /// <summary>Says why a coded body is refused.</summary>
    public static void Refused(RequestContext request, Verdict verdict, ExplainedPhase told)
    {
        if (request.Codings.IsEmpty) return;
        told.Add("why", request.Codings.Refusal switch
        {
            DecodingRefusal.Coding => "Content-Encoding names a coding that is not decoded here",
            DecodingRefusal.Codings => "Content-Encoding names more codings than are decoded",
            _ when verdict.Fault == FaultKind.BodyTooLarge => "decoded, the body is larger than is allowed, or grows too much",
            _ => "the body is not of the coding that Content-Encoding names, or is cut off",
        });
    }

    public static void Encoded(RequestContext request, ExplainedPhase told, ExplanationNotes notes)
    {
        int least = request.Deployment!.Plan.MinimumCompressionSize;
        HeaderTable response = request.Exchange.Response.Headers;
        Add(request.Exchange.Request.Headers, KnownHeader.AcceptEncoding, "acceptEncoding", told, notes);
        if (least < 0)
        {
            told.Add("compressed", "no: the API has no minimumCompressionSize");
            return;
        }

        told.Add("minimumCompressionSize", ExplanationNotes.Number(least));
        int coding = response.IndexOf(KnownHeader.ContentEncoding);
        told.Add("compressed", coding >= 0
            ? $"{notes.Text(response.Value(coding))}: by the gateway, or by the integration already"
            : "no: the body is too small, the client takes no coding of ours, or the answer is of a kind that is not compressed");
    }

    private static void Add(HeaderTable headers, KnownHeader known, string name, ExplainedPhase told, ExplanationNotes notes)
    {
        int index = headers.LastIndexOf(known);
        if (index >= 0) told.Add(name, notes.Text(headers.Value(index)));
    }
}
