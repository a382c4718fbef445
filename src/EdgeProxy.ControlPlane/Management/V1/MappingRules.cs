using EdgeProxy.Compiler.Mappings;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Judges parameter mappings, templates' media types and the names of parameters (control-plane.md 1.4; rest-api.md 5.3, 5.10).</summary>
internal static class MappingRules
{
    private const int MostErrors = 10;
    private static readonly string[] s_places = ["querystring", "header", "path"];
    private static readonly string[] s_headers = ["header"];

    /// <summary>Judges the declared parameters of a method request; null when nothing is wrong.</summary>
    public static Reply? CheckMethodRequest(WireValue parameters)
    {
        var errors = new List<string>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        bool clash = false;
        foreach ((string key, _) in parameters.Members)
        {
            if (!TryName(key, "method.request.", s_places, out string name)) Add(errors, $"Invalid mapping expression parameter specified: {key}");
            else clash |= !names.Add(name);
        }

        if (errors.Count > 0) return Invalid(errors);
        return clash ? Reply.BadRequest("Parameter names must be unique across querystring, header and path") : null;
    }

    /// <summary>Judges the declared headers of a method response; null when nothing is wrong.</summary>
    public static Reply? CheckMethodResponse(WireValue parameters)
    {
        var errors = new List<string>();
        foreach ((string key, _) in parameters.Members)
        {
            if (!MappingTarget.TryParse(key, out MappingTarget target) || target.Kind != TargetKind.ResponseHeader) Add(errors, $"Invalid mapping expression specified: {key}");
        }

        return errors.Count == 0 ? null : Invalid(errors);
    }

    /// <summary>Judges the mappings of an integration's request; null when nothing is wrong.</summary>
    /// <param name="parameters">Targets to sources.</param>
    /// <param name="method">The method, which declares what may be a source.</param>
    public static Reply? CheckIntegrationRequest(WireValue parameters, WireValue method)
    {
        var errors = new List<string>();
        WireValue? declared = method["requestParameters"];
        foreach ((string key, WireValue value) in parameters.Members)
        {
            if (!MappingTarget.TryParse(key, out MappingTarget target) || target.Kind == TargetKind.ResponseHeader) Add(errors, $"Invalid mapping expression specified: {key}");
            else if (!SourceExpression.TryParseRequest(value.Text, out SourceExpression source)) Add(errors, $"Invalid mapping expression specified: {value.Text}");
            else if (DeclaredAs(source) is { } needed && declared?[needed] is null) Add(errors, $"Invalid mapping expression parameter specified: {value.Text}");
        }

        return errors.Count == 0 ? null : Invalid(errors);
    }

    /// <summary>Judges the mappings of an integration response; null when nothing is wrong.</summary>
    /// <param name="parameters">Targets to sources.</param>
    /// <param name="methodResponse">The method response, which declares what may be a target.</param>
    public static Reply? CheckIntegrationResponse(WireValue parameters, WireValue methodResponse)
    {
        var errors = new List<string>();
        WireValue? declared = methodResponse["responseParameters"];
        foreach ((string key, WireValue value) in parameters.Members)
        {
            if (!MappingTarget.TryParse(key, out MappingTarget target) || target.Kind != TargetKind.ResponseHeader) Add(errors, $"Invalid mapping expression specified: {key}");
            else if (!SourceExpression.TryParseResponse(value.Text, out _)) Add(errors, $"Invalid mapping expression specified: {value.Text}");
            else if (declared?[key] is null) Add(errors, $"Invalid mapping expression parameter specified: {key}");
        }

        return errors.Count == 0 ? null : Invalid(errors);
    }

    /// <summary>Judges the names of what tells cached answers apart; null when nothing is wrong.</summary>
    public static Reply? CheckCacheKeys(IReadOnlyList<string> names)
    {
        var errors = new List<string>();
        foreach (string name in names)
        {
            bool isRequest = TryName(name, "method.request.", s_places, out _) || TryName(name, "integration.request.", s_places, out _);
            if (!isRequest) Add(errors, $"Invalid mapping expression parameter specified: {name}");
        }

        return errors.Count == 0 ? null : Invalid(errors);
    }

    /// <summary>Judges the headers that a gateway response sets; null when nothing is wrong.</summary>
    public static Reply? CheckGatewayResponse(WireValue parameters)
    {
        var errors = new List<string>();
        foreach ((string key, WireValue value) in parameters.Members)
        {
            if (!TryName(key, "gatewayresponse.", s_headers, out _)) Add(errors, $"Invalid mapping expression specified: {key}");
            else if (!IsGatewaySource(value.Text)) Add(errors, $"Invalid mapping expression specified: {value.Text}");
        }

        return errors.Count == 0 ? null : Invalid(errors);
    }

    // Of a request whose body nobody has read yet (rest-api.md 3.2).
    private static bool IsGatewaySource(string text) =>
        text.StartsWith("method.input.params.", StringComparison.Ordinal) || (SourceExpression.TryParseRequest(text, out SourceExpression source) && source.Kind != SourceKind.RequestBody);

    /// <summary>Judges the media types of a map; null when nothing is wrong.</summary>
    public static Reply? CheckMediaTypes(WireValue? map)
    {
        if (map is null) return null;
        foreach ((string type, _) in map.Members)
        {
            if (!IsMediaType(type)) return Reply.BadRequest($"Validation Result: warnings : [], errors : [Invalid content type specified: {type}]");
        }

        return null;
    }

    /// <summary>Whether a text is <c>type/subtype</c>, with or without parameters.</summary>
    public static bool IsMediaType(string text)
    {
        int end = text.IndexOf(';', StringComparison.Ordinal);
        ReadOnlySpan<char> type = end < 0 ? text : text.AsSpan(0, end).TrimEnd();
        int slash = type.IndexOf('/');
        return slash > 0 && IsToken(type[..slash]) && IsToken(type[(slash + 1)..]);
    }

    private static bool IsToken(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)) return false;
        }

        return text.Length > 0;
    }

    // What the method request must declare for a source to be had; null for sources that are always there.
    private static string? DeclaredAs(SourceExpression source) => source.Kind switch
    {
        SourceKind.RequestPath => "method.request.path." + source.Name,
        SourceKind.RequestQuery or SourceKind.RequestQueryAll => "method.request.querystring." + source.Name,
        SourceKind.RequestHeader or SourceKind.RequestHeaderAll => "method.request.header." + source.Name,
        _ => null,
    };

    private static bool TryName(string key, string prefix, string[] places, out string name)
    {
        name = "";
        if (!key.StartsWith(prefix, StringComparison.Ordinal)) return false;
        foreach (string place in places)
        {
            if (!key.AsSpan(prefix.Length).StartsWith(place + ".", StringComparison.Ordinal)) continue;
            name = key[(prefix.Length + place.Length + 1)..];
            return Compiler.Passes.PathSyntax.IsName(name);
        }

        return false;
    }

    private static void Add(List<string> errors, string error)
    {
        if (errors.Count < MostErrors) errors.Add(error);
    }

    private static Reply Invalid(List<string> errors) =>
        Reply.BadRequest($"Invalid mapping expression specified: Validation Result: warnings : [], errors : [{string.Join(", ", errors)}]");
}
