using EdgeProxy.Compiler.Passes;

namespace EdgeProxy.Compiler.Mappings;

/// <summary>The source of a parameter mapping, taken apart.</summary>
/// <param name="Kind">Where the value is.</param>
/// <param name="Name">The name there; the text of a literal; the JSONPath without <c>$.</c> in a body, empty for all of it.</param>
public readonly record struct SourceExpression(SourceKind Kind, string Name)
{
    private static readonly (string Prefix, SourceKind Kind)[] Request =
    [
        ("method.request.path.", SourceKind.RequestPath),
        ("method.request.querystring.", SourceKind.RequestQuery),
        ("method.request.multivaluequerystring.", SourceKind.RequestQueryAll),
        ("method.request.header.", SourceKind.RequestHeader),
        ("method.request.multivalueheader.", SourceKind.RequestHeaderAll),
    ];

    private static readonly (string Prefix, SourceKind Kind)[] Response =
    [
        ("integration.response.header.", SourceKind.ResponseHeader),
        ("integration.response.multivalueheader.", SourceKind.ResponseHeaderAll),
    ];

    /// <summary>Takes a source of <c>requestParameters</c> apart; false when it has none of the forms.</summary>
    public static bool TryParseRequest(string text, out SourceExpression source) =>
        TryParse(text, Request, "method.request.body", SourceKind.RequestBody, out source);

    /// <summary>Takes a source of an integration response's <c>responseParameters</c> apart; false when it has none of the forms.</summary>
    public static bool TryParseResponse(string text, out SourceExpression source) =>
        TryParse(text, Response, "integration.response.body", SourceKind.ResponseBody, out source);

    private static bool TryParse(string text, (string Prefix, SourceKind Kind)[] forms, string body, SourceKind bodyKind, out SourceExpression source)
    {
        source = default;
        if (text.Length >= 2 && text[0] == '\'' && text[^1] == '\'')
        {
            source = new SourceExpression(SourceKind.Literal, text[1..^1]);
            return true;
        }

        foreach ((string prefix, SourceKind kind) in forms)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal)) return Named(text, prefix, kind, out source);
        }

        if (text.StartsWith("stageVariables.", StringComparison.Ordinal)) return Named(text, "stageVariables.", SourceKind.StageVariable, out source);
        if (text.StartsWith("context.", StringComparison.Ordinal)) return Named(text, "context.", SourceKind.Context, out source);
        if (text == body)
        {
            source = new SourceExpression(bodyKind, "");
            return true;
        }

        if (text.Length <= body.Length + 1 || !text.StartsWith(body, StringComparison.Ordinal) || text[body.Length] is not ('.' or '[')) return false;
        source = new SourceExpression(bodyKind, text[body.Length] == '.' ? text[(body.Length + 1)..] : text[body.Length..]);
        return true;
    }

    private static bool Named(string text, string prefix, SourceKind kind, out SourceExpression source)
    {
        source = new SourceExpression(kind, text[prefix.Length..]);
        return PathSyntax.IsName(source.Name);
    }
}
