using System.Text;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>Phase: where the method asks for an API key, finds it and the usage plan by which it may call the stage (rest-api.md 2, step 9; 9.1).</summary>
/// <remarks>Whatever is wrong with a key, the client is told the same.</remarks>
internal static class CheckApiKey
{
    private static ReadOnlySpan<byte> FieldName => "x-api-key"u8;

    public static Verdict Run(RequestContext request)
    {
        if (request.Route!.ApiKeySource == ApiKeySource.None) return Verdict.Continue;
        ApiKeyUse use = Find(request);
        request.ApiKey = use;
        if (use.Outcome == ApiKeyOutcome.Accepted) return Verdict.Continue;
        if (!request.Services.IsRehearsal) request.Stage!.Live.KeyRefusals.Increment(request.Exchange.Loop.Ordinal);
        return Verdict.Of(FaultKind.InvalidApiKey);
    }

    /// <summary>The value of the key that a request came with; empty for none.</summary>
    public static ReadOnlySpan<byte> ValueOf(RequestContext request)
    {
        if (request.Route is not { } route || route.ApiKeySource == ApiKeySource.None) return default;
        if (route.ApiKeySource == ApiKeySource.Authorizer) return request.UsageIdentifierKey.Span;
        HeaderTable headers = request.Exchange.Request.Headers;
        for (int i = headers.Count - 1; i >= 0; i--)
        {
            if (headers[i].NameLength == FieldName.Length && Ascii.EqualsIgnoreCase(headers.Name(i), FieldName)) return headers.Value(i);
        }

        return default;
    }

    private static ApiKeyUse Find(RequestContext request)
    {
        ReadOnlySpan<byte> value = ValueOf(request);
        if (value.IsEmpty) return new ApiKeyUse { Outcome = ApiKeyOutcome.Missing, Key = -1 };
        GatewaySnapshot snapshot = request.Snapshot;
        int number = snapshot.Keys.Find(value);
        if (number < 0) return new ApiKeyUse { Outcome = ApiKeyOutcome.Unknown, Key = -1 };
        ref readonly ApiKeyRecord key = ref snapshot.Keys[number];
        if (!key.IsEnabled) return new ApiKeyUse { Outcome = ApiKeyOutcome.Disabled, Key = key.Key };
        if (request.Stage!.UsagePlans is { } plans)
        {
            foreach (int row in snapshot.Keys.RowsOf(in key))
            {
                UsageCell cell = snapshot.Usage!.CellOf(row);
                int plan = cell.Row.Plan;
                if ((uint)plan < (uint)plans.Length && plans[plan] is { } found) return new ApiKeyUse { Outcome = ApiKeyOutcome.Accepted, Plan = found, Key = key.Key, Cell = cell };
            }
        }

        return new ApiKeyUse { Outcome = ApiKeyOutcome.NotInPlan, Key = key.Key };
    }
}
