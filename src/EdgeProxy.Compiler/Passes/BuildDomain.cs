using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Compiler.Passes;

/// <summary>A custom domain's mappings and rules by names: which deployment is behind them is looked up as requests come.</summary>
internal static class BuildDomain
{
    /// <summary>The mappings, the longest base path first.</summary>
    public static ApiMapping[] Mappings(DomainDefinition domain)
    {
        if (domain.ApiMappings.Count == 0) return [];
        var mappings = new List<ApiMapping>(domain.ApiMappings.Count);
        foreach (ApiMappingDefinition mapping in domain.ApiMappings) mappings.Add(new ApiMapping(mapping.BasePath, mapping.ApiId, mapping.Stage));
        mappings.Sort(static (a, b) => b.Prefix.Length.CompareTo(a.Prefix.Length));
        return [.. mappings];
    }

    /// <summary>The rules by priority.</summary>
    public static RoutingRulePlan[] Rules(DomainDefinition domain)
    {
        if (domain.RoutingRules.Count == 0) return [];
        var rules = new List<RoutingRulePlan>(domain.RoutingRules.Count);
        foreach (RoutingRuleDefinition rule in domain.RoutingRules)
        {
            rules.Add(new RoutingRulePlan
            {
                Id = rule.Id,
                Priority = rule.Priority,
                BasePaths = [.. rule.BasePaths.Select(static path => System.Text.Encoding.UTF8.GetBytes(path))],
                Headers = [.. rule.Headers.Select(static any => any.Select(static field => new HeaderPattern(field.Header, field.ValueGlob)).ToArray())],
                Target = new ApiMapping(Utf8Text.Empty, rule.ApiId, rule.Stage),

                // Without a condition on it there is no base path that could be taken off.
                StripsBasePath = rule.StripsBasePath && rule.BasePaths.Count > 0,
            });
        }

        rules.Sort(static (a, b) => a.Priority.CompareTo(b.Priority));
        return [.. rules];
    }
}
