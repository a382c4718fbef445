using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Compiler.Passes;

/// <summary>What the keys of a method's cached answers are made of (rest-api.md 8).</summary>
internal static class BuildCacheKeys
{
    private const string Method = "method.request.";
    private const string Integration = "integration.request.";

    private static readonly string[] s_places = ["path.", "querystring.", "multivaluequerystring.", "header.", "multivalueheader."];

    /// <summary>Judges <c>cacheKeyParameters</c>.</summary>
    public static void Check(MethodDefinition method, IntegrationDefinition integration, ProblemList problems)
    {
        foreach (string name in integration.CacheKeyParameters)
        {
            if (!IsParameter(name))
            {
                problems.Error(ProblemCode.BadMapping, integration.OriginOf("cacheKeyParameters"),
                    $"cacheKeyParameters has \"{name}\"; it can have method.request.path|querystring|header.NAME and integration.request.path|querystring|header.NAME. Correct it.");
            }
            else if (name.StartsWith(Method + "path.", StringComparison.Ordinal) && !HasPlaceholder(method.Path, name.AsSpan(Method.Length + "path.".Length)))
            {
                problems.Warning(ProblemCode.BadMapping, integration.OriginOf("cacheKeyParameters"), $"cacheKeyParameters has \"{name}\", but {method.Path} has no such placeholder: it tells no answers apart. Remove it.");
            }
            else if (name.StartsWith(Integration, StringComparison.Ordinal))
            {
                CheckMapped(integration, name, problems);
            }
        }
    }

    /// <summary>The plan; null when answers cannot be cached, because a key would be made of the body.</summary>
    /// <param name="integration">A checked integration.</param>
    /// <param name="names">The path parameters of the method's resource.</param>
    public static CacheKeyPlan? Run(IntegrationDefinition integration, string[] names)
    {
        if (integration.CacheNamespace is null or "" && integration.CacheKeyParameters.Count == 0) return CacheKeyPlan.OfResource;
        var parts = new List<CacheKeyPart>();
        foreach (string name in integration.CacheKeyParameters)
        {
            string source = name;
            if (name.StartsWith(Integration, StringComparison.Ordinal))
            {
                if (MappingOrNull(integration, name) is not { } mapping) continue;
                source = mapping.Source;
            }

            if (!ValueSource.TryParseRequest(source, names, out ValueSource? parsed)) continue;
            if (parsed!.IsBody) return null;
            parts.Add(new CacheKeyPart(name, parsed));
        }

        return new CacheKeyPlan { Namespace = integration.CacheNamespace ?? "", Parts = [.. parts] };
    }

    private static void CheckMapped(IntegrationDefinition integration, string name, ProblemList problems)
    {
        if (MappingOrNull(integration, name) is not { } mapping)
        {
            problems.Warning(ProblemCode.BadMapping, integration.OriginOf("cacheKeyParameters"), $"cacheKeyParameters has \"{name}\", which requestParameters does not set: it tells no answers apart. Map it there, or name the method.request parameter.");
        }
        else if (mapping.Source.StartsWith("method.request.body", StringComparison.Ordinal))
        {
            problems.Warning(ProblemCode.BadMapping, integration.OriginOf("cacheKeyParameters"), $"cacheKeyParameters has \"{name}\", which comes out of the body, and a body is no part of a cache key: answers of this method are not cached. Take the value from elsewhere.");
        }
    }

    private static ParameterMappingDefinition? MappingOrNull(IntegrationDefinition integration, string name) =>
        integration.RequestParameters.FirstOrDefault(mapping => mapping.Target == name);

    private static bool IsParameter(string name)
    {
        string? rest = name.StartsWith(Method, StringComparison.Ordinal) ? name[Method.Length..]
            : name.StartsWith(Integration, StringComparison.Ordinal) ? name[Integration.Length..]
            : null;
        return rest is not null && Array.Exists(s_places, place => rest.StartsWith(place, StringComparison.Ordinal) && PathSyntax.IsName(rest.AsSpan(place.Length)));
    }

    private static bool HasPlaceholder(string path, ReadOnlySpan<char> name)
    {
        foreach (string part in PathSyntax.Parts(path))
        {
            if (PathSyntax.TryPlaceholder(part, out string found, out _) && name.SequenceEqual(found)) return true;
        }

        return false;
    }
}
