using EdgeProxy.ControlPlane.Management.Domains;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>Routing rules of a domain: by header fields and base path to a stage of a REST API (control-plane.md 2.4, rest-api.md 1.3).</summary>
internal static class RoutingRuleOperations
{
    private const string Members = "actions*:[RoutingRuleAction] conditions*:[RoutingRuleCondition] priority*:int";

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("ListRoutingRules", "GET /v2/domainnames/{domainName}/routingrules", 200, "", List),
        new("CreateRoutingRule", "POST /v2/domainnames/{domainName}/routingrules", 201, Members, Create),
        new("GetRoutingRule", "GET /v2/domainnames/{domainName}/routingrules/{routingRuleId}", 200, "", Get),
        new("PutRoutingRule", "PUT /v2/domainnames/{domainName}/routingrules/{routingRuleId}", 200, Members, Put),
        new("DeleteRoutingRule", "DELETE /v2/domainnames/{domainName}/routingrules/{routingRuleId}", 204, "", Delete),
    ];

    private static Reply Unknown { get; } = Reply.NotFound("The routing rule resource specified in the request was not found.", "RoutingRule");

    private static Reply List(Call call)
    {
        if (DomainRecords.Find(call, "domainName", out string scope) is null) return DomainNameOperations.Unknown;
        return Paging.List(call, call.Book.All(scope, Kinds.RoutingRule), static record => record.Key, static record => record.Json, "routingRules");
    }

    private static Reply Get(Call call)
    {
        if (DomainRecords.Find(call, "domainName", out string scope) is null) return DomainNameOperations.Unknown;
        return call.Book.Find(scope, Kinds.RoutingRule, call.Path("routingRuleId")) is { } found ? Reply.Of(found) : Unknown;
    }

    private static Reply Create(Call call)
    {
        if (DomainRecords.Find(call, "domainName", out string scope) is not { } domain) return DomainNameOperations.Unknown;
        if (call.Book.All(scope, Kinds.RoutingRule).Count >= call.Options.Limits.RoutingRules) return Reply.TooMany(LimitNames.RoutingRules, "Maximum number of routing rules for this domain name has been reached.", "RoutingRulesPerDomainName");
        return Keep(call, domain, scope, Ids.New(Ids.Short, id => call.Book.Find(scope, Kinds.RoutingRule, id) is not null));
    }

    private static Reply Put(Call call)
    {
        if (DomainRecords.Find(call, "domainName", out string scope) is not { } domain) return DomainNameOperations.Unknown;
        return call.Book.Find(scope, Kinds.RoutingRule, call.Path("routingRuleId")) is { } found ? Keep(call, domain, scope, found.Key) : Unknown;
    }

    private static Reply Delete(Call call)
    {
        if (DomainRecords.Find(call, "domainName", out string scope) is null) return DomainNameOperations.Unknown;
        return call.Book.Remove(scope, Kinds.RoutingRule, call.Path("routingRuleId")) ? Reply.Empty : Unknown;
    }

    private static Reply Keep(Call call, Record domain, string scope, string id)
    {
        if (Check(call, scope, id) is { } wrong) return wrong;
        WireValue rule = WireValue.NewObject().Take(call.Body, "actions", "conditions", "priority")
            .Set("routingRuleArn", $"arn:aws:apigateway:{call.Options.Region}:{call.Options.AccountId}:/domainnames/{scope[Scopes.DomainNames.Length..]}/routingrules/{id}")
            .Set("routingRuleId", id);
        call.Book.Put(scope, Kinds.RoutingRule, id, rule);
        return Reply.Of(rule);
    }

    private static Reply? Check(Call call, string scope, string id)
    {
        long priority = call.Body.NumberOf("priority")!.Value;
        if (priority is < 1 or > 1_000_000) return Reply.BadRequest("Priority must be between 1 and 1000000.");
        foreach (Record record in call.Book.All(scope, Kinds.RoutingRule))
        {
            if (record.Key != id && record.Open().NumberOf("priority") == priority) return Reply.Conflict($"A routing rule with priority {priority} already exists for this domain name.");
        }

        IReadOnlyList<WireValue> actions = call.Body["actions"]!.Items;
        if (actions.Count != 1) return Reply.BadRequest("A routing rule has exactly one action.");
        WireValue invoke = actions[0]["invokeApi"]!;
        string api = invoke.TextOf("apiId")!;
        if (call.Book.Find(Scopes.RestApi(api), Kinds.RestApi, api) is null) return Reply.BadRequest("Invalid REST API identifier specified");
        if (call.Book.Find(Scopes.RestApi(api), Kinds.Stage, invoke.TextOf("stage")!) is null) return Reply.BadRequest("Invalid stage identifier specified");
        return CheckConditions(call.Body["conditions"]!.Items);
    }

    private static Reply? CheckConditions(IReadOnlyList<WireValue> conditions)
    {
        int paths = 0;
        int headers = 0;
        foreach (WireValue condition in conditions)
        {
            if ((condition["matchBasePaths"] is null) == (condition["matchHeaders"] is null)) return Reply.BadRequest("A condition has either matchBasePaths or matchHeaders.");
            if (condition["matchBasePaths"] is { } path)
            {
                paths++;
                foreach (string segment in path.TextsOf("anyOf"))
                {
                    if (segment.Length == 0 || !DomainRecords.IsPath(segment, severalLevels: false)) return Reply.BadRequest("A base path to match is one segment of letters, numbers and $-_.+!*'().");
                }

                if (path["anyOf"]!.Items.Count == 0) return Reply.BadRequest("A condition matches at least one value.");
                continue;
            }

            headers++;
            IReadOnlyList<WireValue> values = condition["matchHeaders"]!["anyOf"]!.Items;
            if (values.Count == 0) return Reply.BadRequest("A condition matches at least one value.");
            foreach (WireValue value in values)
            {
                string name = value.TextOf("header")!;
                string glob = value.TextOf("valueGlob")!;
                if (name.Length > 40 || !CorsRules.IsToken(name) || name.Contains('*', StringComparison.Ordinal)) return Reply.BadRequest("A header to match has a name of at most 40 characters without wildcards.");
                if (glob.Length is 0 or > 128 || glob.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0 || glob.AsSpan(1, Math.Max(0, glob.Length - 2)).Contains('*')) return Reply.BadRequest("A header value has at most 128 characters, with * at its start, its end or both.");
            }
        }

        return paths > 1 || headers > 2 ? Reply.BadRequest("A routing rule has at most one base path condition and two header conditions.") : null;
    }
}
