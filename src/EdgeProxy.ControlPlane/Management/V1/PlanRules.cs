using System.Globalization;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>What a usage plan may say (rest-api.md 9.2).</summary>
internal static class PlanRules
{
    private const long MostQuota = 1_000_000_000_000;
    private const double MostRate = 1_000_000_000;

    private static readonly string[] s_verbs = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY"];

    /// <summary>What is wrong with a stage that a plan is to list; null for nothing.</summary>
    /// <param name="book">Has the API.</param>
    /// <param name="plan">The plan, without the stage.</param>
    /// <param name="stage">With <c>apiId</c> and <c>stage</c>.</param>
    public static Reply? WrongStage(BookEdit book, WireValue plan, WireValue stage)
    {
        if (stage.TextOf("apiId") is not { Length: > 0 } apiId || stage.TextOf("stage") is not { Length: > 0 } name) return Reply.BadRequest("Invalid API Stage specified");
        string planId = plan.TextOf("id")!;
        if (!PlanStages.Exists(book, apiId, name)) return UnknownStage(planId, apiId, name);
        if (PlanStages.FindOrNull(plan, apiId, name) is not null) return Reply.Conflict($"The Usage Plan {planId} has the API Stage {apiId}:{name} already");

        // A key of this plan that is in another one with the stage could not tell by which it is counted.
        if (book.All(Scopes.UsagePlan(planId), Kinds.UsagePlanKey).Count == 0) return null;
        byte[] member = [.. "{\"apiId\":"u8, .. WireValue.Of(apiId).ToBytes(), .. ",\"stage\":"u8, .. WireValue.Of(name).ToBytes()];
        foreach (Record other in book.All(Scopes.Account, Kinds.UsagePlan))
        {
            if (other.Key == planId || other.Json.Span.IndexOf(member) < 0) continue;
            if (PlanStages.SharedKeyOrNull(book, planId, other.Key) is { } key) return PlanStages.Clash(key, planId, other.Key, $"{apiId}:{name}");
        }

        return null;
    }

    /// <summary>What is said of a stage that is not there.</summary>
    public static Reply UnknownStage(string planId, string apiId, string stage) =>
        Reply.NotFound($"Invalid API Stage {{api: {apiId}, stage: {stage}}} specified for usageplan {planId}");

    /// <summary>Takes the throttles of methods over into a stage: <c>/{path}/{VERB}</c> to figures.</summary>
    /// <param name="methods">As the client sent them.</param>
    /// <param name="stage">Gets them, in place of what it had.</param>
    public static Reply? TakeMethods(WireValue methods, WireValue stage)
    {
        WireValue taken = WireValue.NewObject();
        foreach ((string key, WireValue figures) in methods.Members)
        {
            if (!figures.IsObject) return Reply.BadRequest($"Invalid throttle specified for {key}");
            if (MethodOrNull(key.Split('/')) is not { } method) return InvalidMethod;
            WireValue limits = taken.ObjectAt(method);

            // Clients that write what they have read in their own words begin members with capitals.
            foreach ((string name, WireValue figure) in figures.Members)
            {
                if (string.Equals(name, "burstLimit", StringComparison.OrdinalIgnoreCase)) limits["burstLimit"] = figure;
                else if (string.Equals(name, "rateLimit", StringComparison.OrdinalIgnoreCase)) limits["rateLimit"] = figure;
            }
        }

        stage["throttle"] = taken.Members.Count == 0 ? null : taken;
        return null;
    }

    /// <summary>What is said of a method that is none.</summary>
    public static Reply InvalidMethod => Reply.BadRequest("Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY");

    /// <summary>A method as plans name it, <c>/{path}/{VERB}</c>, <c>//GET</c> for one of the root; null when the last part is no verb.</summary>
    /// <param name="parts">What stood between slashes; a path may have come as one part.</param>
    public static string? MethodOrNull(ReadOnlySpan<string> parts)
    {
        if (parts.IsEmpty || Array.IndexOf(s_verbs, parts[^1]) < 0) return null;
        return $"/{string.Join('/', parts[..^1].ToArray()).Trim('/')}/{parts[^1]}";
    }

    /// <summary>Judges a plan as a whole, and fills in what was left away.</summary>
    public static Reply? Settle(Call call, WireValue plan)
    {
        if (plan.TextOf("name") is not { Length: > 0 }) return Reply.BadRequest("Usage Plan name must not be empty");
        int mostMethods = call.Options.Limits.MethodThrottlesPerStage;
        foreach (WireValue stage in plan["apiStages"]?.Items ?? [])
        {
            IReadOnlyList<KeyValuePair<string, WireValue>> methods = stage.MembersOf("throttle");
            if (methods.Count > mostMethods) return Reply.LimitExceeded(LimitNames.MethodThrottles, $"A Usage Plan takes at most {mostMethods} method throttles for an API Stage");
            foreach ((string method, WireValue figures) in methods)
            {
                if (WrongThrottle(figures, $"of {method}") is { } wrong) return wrong;
            }
        }

        if (plan["throttle"] is { } throttle)
        {
            if (throttle.Members.Count == 0) plan["throttle"] = null;
            else if (WrongThrottle(throttle, "of the Usage Plan") is { } wrong) return wrong;
        }

        return plan["quota"] is { } quota ? WrongQuota(quota) : null;
    }

    private static Reply? WrongThrottle(WireValue figures, string whose)
    {
        if (figures["burstLimit"] is not null && figures.NumberOf("burstLimit") is not (>= -1 and <= int.MaxValue)) return Reply.BadRequest($"Invalid throttle burstLimit {whose}, must be a whole number from -1 to {int.MaxValue}");
        if (figures["rateLimit"] is null) return null;
        if (figures.DoubleOf("rateLimit") is { } rate and (-1 or (>= 0 and <= MostRate)))
        {
            figures["rateLimit"] = WireValue.Of(rate);
            return null;
        }

        return Reply.BadRequest(string.Create(CultureInfo.InvariantCulture, $"Invalid throttle rateLimit {whose}, must be -1, or a number from 0 to {MostRate}"));
    }

    private static Reply? WrongQuota(WireValue quota)
    {
        if (quota.NumberOf("limit") is not (>= 0 and <= MostQuota)) return Reply.BadRequest($"Usage Plan quota limit must be a number from 0 to {MostQuota}");
        if (quota["offset"] is null) quota.Set("offset", 0);
        (int most, string text) = quota.TextOf("period") switch
        {
            "DAY" => (0, "Usage Plan quota offset must be zero in the DAY period"),
            "WEEK" => (6, "Usage Plan quota offset must be between zero and six inclusive in the WEEK period"),
            "MONTH" => (27, "Usage Plan quota offset must be between zero and 27 inclusive in the MONTH period"),
            _ => (-1, "Usage Plan quota period must be one of DAY, WEEK, MONTH"),
        };
        return quota.NumberOf("offset") is { } offset && offset >= 0 && offset <= most ? null : Reply.BadRequest(text);
    }
}
