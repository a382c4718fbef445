using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>The records of a custom domain name as a definition.</summary>
public static class ReadDomain
{
    /// <summary>Reads the domain of a scope; null when it has none. One that is private leads nowhere: its policy and access associations are not enforced, and without them it would be open to everybody.</summary>
    /// <param name="scope">The scope of a domain name, private ones included.</param>
    public static DomainDefinition? Run(RecordScope scope)
    {
        IReadOnlyList<Record> domains = scope.All(Kinds.DomainName);
        if (domains.Count == 0) return null;
        WireValue domain = domains[0].Open();
        if (domain["endpointConfiguration"]?.TextsOf("types").Contains("PRIVATE") == true) return new DomainDefinition { Name = domain.TextOf("domainName")!, IsPrivate = true, UsesMappings = false };
        string mode = domain.TextOf("routingMode") ?? "";
        return new DomainDefinition
        {
            Name = domain.TextOf("domainName")!,
            SecurityPolicy = domain.TextOf("securityPolicy"),
            IsStrict = domain.TextOf("endpointAccessMode") == "STRICT",
            MutualTls = domain["mutualTlsAuthentication"]?.TextOf("truststoreUri") is { } trustStore ? new MutualTlsDefinition(FileOf(trustStore), Crl: null, CutsUntrusted: false) : null,
            ApiMappings = MappingsOf(scope),
            RoutingRules = mode.StartsWith("ROUTING_RULE", StringComparison.Ordinal) ? RulesOf(scope) : [],
            UsesMappings = mode != "ROUTING_RULE_ONLY",
        };
    }

    /// <summary>The file of this machine that a <c>file:</c> URI names, as <c>file:/path</c> or <c>file:///path</c> (RFC 8089, 2); null for any other text.</summary>
    public static string? FileOrNull(string uri)
    {
        const string Scheme = "file:";
        if (!uri.StartsWith(Scheme, StringComparison.Ordinal)) return null;
        string path = uri[Scheme.Length..];
        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            int slash = path.IndexOf('/', 2);
            if (slash < 0 || path[2..slash] is not ("" or "localhost")) return null;
            path = path[slash..];
        }

        path = Uri.UnescapeDataString(path);
        return path.Length > 1 && path[0] == '/' && !path.Contains('\0', StringComparison.Ordinal) ? path : null;
    }

    // A bucket is not read from here; its name stands for a file that is not there, so that nobody is trusted.
    private static string FileOf(string trustStore) => FileOrNull(trustStore) ?? trustStore;

    private static List<ApiMappingDefinition> MappingsOf(RecordScope scope)
    {
        var mappings = new List<ApiMappingDefinition>();
        foreach (Record record in scope.All(Kinds.ApiMapping))
        {
            WireValue mapping = record.Open();
            mappings.Add(new ApiMappingDefinition(mapping.TextOf("apiMappingKey") ?? "", mapping.TextOf("apiId") ?? "", mapping.TextOf("stage") ?? ""));
        }

        return mappings;
    }

    private static List<RoutingRuleDefinition> RulesOf(RecordScope scope)
    {
        var rules = new List<RoutingRuleDefinition>();
        foreach (Record record in scope.All(Kinds.RoutingRule))
        {
            WireValue rule = record.Open();
            WireValue invoke = rule["actions"]!.Items[0]["invokeApi"]!;
            var paths = new List<string>();
            var headers = new List<IReadOnlyList<(string Header, string ValueGlob)>>();
            foreach (WireValue condition in rule["conditions"]?.Items ?? [])
            {
                paths.AddRange(condition["matchBasePaths"]?.TextsOf("anyOf") ?? []);
                if (condition["matchHeaders"]?["anyOf"] is not { } any) continue;
                headers.Add(any.Items.ConvertAll(static field => (field.TextOf("header") ?? "", field.TextOf("valueGlob") ?? "")));
            }

            rules.Add(new RoutingRuleDefinition(record.Key, (int)(rule.NumberOf("priority") ?? 0), paths, headers, invoke.TextOf("apiId") ?? "", invoke.TextOf("stage") ?? "", invoke.IsTrueOf("stripBasePath")));
        }

        return rules;
    }
}
