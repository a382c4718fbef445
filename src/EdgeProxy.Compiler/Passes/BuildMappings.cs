using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using MappingTarget = EdgeProxy.Gateway.Snapshots.MappingTarget;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Compiles parameter mappings (rest-api.md 5.5, 5.10). Routes that map the same share what comes of it: an API repeats the same few on all its methods.</summary>
internal sealed class BuildMappings
{
    private const string PathSource = "method.request.path.";

    private readonly Dictionary<(string Target, string Source), ParameterMapping> _requests = [];
    private readonly Dictionary<(string Target, string Source), ParameterMapping> _responses = [];

    /// <summary>What a request gets from elsewhere: in the order written, path parameters last, because a target is rendered when all else is known.</summary>
    /// <param name="integration">A checked integration.</param>
    /// <param name="names">The path parameters of its method's resource.</param>
    public ParameterMapping[] Run(IntegrationDefinition integration, string[] names)
    {
        if (integration.RequestParameters.Count == 0) return [];
        var all = new ParameterMapping[integration.RequestParameters.Count];
        int count = 0;
        List<ParameterMapping>? paths = null;
        foreach (ParameterMappingDefinition definition in integration.RequestParameters)
        {
            if (RequestOrNull(definition, names) is not { } mapping) continue;
            if (mapping.Target == MappingTarget.Path) (paths ??= []).Add(mapping);
            else all[count++] = mapping;
        }

        foreach (ParameterMapping path in paths ?? []) all[count++] = path;
        return count == all.Length ? all : all[..count];
    }

    /// <summary>The headers that an answer gets.</summary>
    public ParameterMapping[] Run(IntegrationResponseDefinition response)
    {
        if (response.ResponseParameters.Count == 0) return [];
        var all = new ParameterMapping[response.ResponseParameters.Count];
        int count = 0;
        foreach (ParameterMappingDefinition definition in response.ResponseParameters)
        {
            if (ResponseOrNull(definition) is { } mapping) all[count++] = mapping;
        }

        return count == all.Length ? all : all[..count];
    }

    private ParameterMapping? RequestOrNull(ParameterMappingDefinition definition, string[] names)
    {
        (string, string) key = (definition.Target, definition.Source);
        if (_requests.TryGetValue(key, out ParameterMapping? known) && Fits(known, definition.Source, names)) return known;
        if (!Mappings.MappingTarget.TryParse(definition.Target, out Mappings.MappingTarget target)) return null;
        MappingTarget? place = target.Kind switch
        {
            Mappings.TargetKind.IntegrationHeader => MappingTarget.Header,
            Mappings.TargetKind.IntegrationQuery => MappingTarget.QueryString,
            Mappings.TargetKind.IntegrationPath => MappingTarget.Path,
            _ => null,
        };
        if (place is not { } where || !ValueSource.TryParseRequest(definition.Source, names, out ValueSource? source)) return null;
        return _requests[key] = new ParameterMapping(where, target.Name, source!);
    }

    private ParameterMapping? ResponseOrNull(ParameterMappingDefinition definition)
    {
        (string, string) key = (definition.Target, definition.Source);
        if (_responses.TryGetValue(key, out ParameterMapping? known)) return known;
        if (!Mappings.MappingTarget.TryParse(definition.Target, out Mappings.MappingTarget target) || target.Kind != Mappings.TargetKind.ResponseHeader) return null;
        return ValueSource.TryParseResponse(definition.Source, out ValueSource? source) ? _responses[key] = new ParameterMapping(MappingTarget.Header, target.Name, source!) : null;
    }

    // A path parameter is known by its place, which may be another in another path, or none.
    private static bool Fits(ParameterMapping mapping, string source, string[] names)
    {
        if (!source.StartsWith(PathSource, StringComparison.Ordinal)) return true;
        ValueSource known = mapping.Source;
        return known.Kind == ValueSourceKind.PathParameter && known.PathParameter < names.Length && names[known.PathParameter] == known.Name.ToString();
    }
}
