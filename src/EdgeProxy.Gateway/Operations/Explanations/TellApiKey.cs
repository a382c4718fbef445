using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells which API key a request came with, by which plan it may call, or why it may not. The client is never told why.</summary>
internal static class TellApiKey
{
    public static void Run(RequestContext request, ExplainedPhase told, ExplanationNotes notes)
    {
        ApiKeySource source = request.Route!.ApiKeySource;
        if (source == ApiKeySource.None)
        {
            told.Add("why", "the method needs no API key");
            return;
        }

        told.Add("source", source == ApiKeySource.Header ? "the field X-API-Key" : "the authorizer (usageIdentifierKey)");
        if (CheckApiKey.ValueOf(request) is { IsEmpty: false } value) told.Add("key", notes.Field("x-api-key", value));
        ApiKeyUse use = request.ApiKey;
        if (use.Outcome is not (ApiKeyOutcome.Missing or ApiKeyOutcome.Unknown)) told.Add("keyId", ExplanationNotes.Plain(request.Snapshot.Usage!.KeyId(use.Key)));
        StagePlan stage = request.Stage!;
        told.Add("why", use.Outcome switch
        {
            ApiKeyOutcome.Accepted => $"the usage plan {use.Plan!.Plan.Id} lists stage {stage.Name} of the API {stage.Api.Id}",
            ApiKeyOutcome.Missing when source == ApiKeySource.Authorizer => "no authorizer names a key",
            ApiKeyOutcome.Missing => "the field is missing",
            ApiKeyOutcome.Disabled => "the key is disabled",
            ApiKeyOutcome.NotInPlan => $"the key is in no usage plan that lists stage {stage.Name} of the API {stage.Api.Id}",
            _ => "no key has this value",
        });
    }
}
