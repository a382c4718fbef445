using System.Text;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Templates;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A mapping's source expression, taken apart.</summary>
internal sealed class ValueSource
{
    private ValueSource(ValueSourceKind kind, string text)
    {
        Kind = kind;
        Name = text;
    }

    public ValueSourceKind Kind { get; }

    /// <summary>The literal itself, or the name to look up, compared with case.</summary>
    public Utf8Text Name { get; }

    /// <summary>For <see cref="ValueSourceKind.PathParameter"/>: which of the route's parameters, counted from 0.</summary>
    public int PathParameter { get; private init; }

    /// <summary>For <see cref="ValueSourceKind.Context"/>.</summary>
    public ContextVariable Variable { get; private init; }

    /// <summary>For a body: where in it; null for the whole.</summary>
    public BodyPath? Path { get; private init; }

    /// <summary>Whether it is taken out of a body.</summary>
    public bool IsBody => Kind is ValueSourceKind.RequestBody or ValueSourceKind.IntegrationBody;

    public static ValueSource Literal(string text) => new(ValueSourceKind.Literal, text);

    /// <summary>Reads a source of <c>requestParameters</c>: <c>method.request.*</c>, <c>context.*</c>, <c>stageVariables.*</c> or <c>'literal'</c>.</summary>
    /// <param name="expression">The expression as written.</param>
    /// <param name="pathParameters">The route's path parameters; a name that is none of them is a value that is always missing.</param>
    /// <param name="source">The source.</param>
    /// <returns>False for anything else, and for <c>method.request.body</c> with what is no JSONPath.</returns>
    public static bool TryParseRequest(string expression, ReadOnlySpan<string> pathParameters, out ValueSource? source)
    {
        if (TryParseCommon(expression, out source)) return true;
        if (Rest(expression, "method.request.path.") is { } path)
        {
            int index = pathParameters.IndexOf(path);
            source = index < 0 ? Literal("") : new ValueSource(ValueSourceKind.PathParameter, path) { PathParameter = index };
        }
        else if (Rest(expression, "method.request.querystring.") is { } query) source = new ValueSource(ValueSourceKind.QueryString, query);
        else if (Rest(expression, "method.request.multivaluequerystring.") is { } queries) source = new ValueSource(ValueSourceKind.MultiValueQueryString, queries);
        else if (Rest(expression, "method.request.header.") is { } header) source = new ValueSource(ValueSourceKind.Header, header);
        else if (Rest(expression, "method.request.multivalueheader.") is { } headers) source = new ValueSource(ValueSourceKind.MultiValueHeader, headers);
        else source = BodyOrNull(expression, "method.request.body", ValueSourceKind.RequestBody);
        return source is not null;
    }

    /// <summary>Reads a source of <c>responseParameters</c>: <c>integration.response.*</c>, <c>context.*</c>, <c>stageVariables.*</c> or <c>'literal'</c>.</summary>
    /// <returns>False for anything else, and for <c>integration.response.body</c> with what is no JSONPath.</returns>
    public static bool TryParseResponse(string expression, out ValueSource? source)
    {
        if (TryParseCommon(expression, out source)) return true;
        if (Rest(expression, "integration.response.header.") is { } header) source = new ValueSource(ValueSourceKind.IntegrationHeader, header);
        else if (Rest(expression, "integration.response.multivalueheader.") is { } headers) source = new ValueSource(ValueSourceKind.IntegrationMultiValueHeader, headers);
        else source = BodyOrNull(expression, "integration.response.body", ValueSourceKind.IntegrationBody);
        return source is not null;
    }

    /// <summary>
    /// Reads a source of a gateway response (3.2): <c>method.request.*</c>, <c>method.input.params.*</c>, <c>context.*</c>, <c>stageVariables.*</c> or
    /// <c>'literal'</c>. Which route matches, if any, is not known before the request.
    /// </summary>
    /// <returns>False for anything else, and for a body.</returns>
    public static bool TryParseGatewayResponse(string expression, out ValueSource? source)
    {
        if (Rest(expression, "method.request.path.") is { } path) source = new ValueSource(ValueSourceKind.NamedPathParameter, path);
        else if (Rest(expression, "method.input.params.") is { } name) source = InputParameter(name);
        else if (!TryParseRequest(expression, [], out source) || source!.IsBody)
        {
            // What failed may have failed before there was a body.
            source = null;
            return false;
        }

        return true;
    }

    /// <summary>A parameter by its name alone.</summary>
    public static ValueSource InputParameter(string name) => new(ValueSourceKind.InputParameter, name);

    private static bool TryParseCommon(string expression, out ValueSource? source)
    {
        source = null;
        if (expression is ['\'', .. string text, '\'']) source = Literal(text);
        else if (Rest(expression, "stageVariables.") is { } variable) source = new ValueSource(ValueSourceKind.StageVariable, variable);
        else if (Rest(expression, "context.") is { } name && ContextVariables.TryFind(Encoding.UTF8.GetBytes(name), out ContextVariable id))
        {
            source = new ValueSource(ValueSourceKind.Context, name) { Variable = id };
        }

        return source is not null;
    }

    private static ValueSource? BodyOrNull(string expression, string body, ValueSourceKind kind)
    {
        if (!expression.StartsWith(body, StringComparison.Ordinal)) return null;
        string path = expression[body.Length..];
        if (path.Length == 0) return new ValueSource(kind, "");
        return path[0] is '.' or '[' && BodyPath.TryParse(Encoding.UTF8.GetBytes("$" + path), out BodyPath? parsed) ? new ValueSource(kind, path) { Path = parsed } : null;
    }

    private static string? Rest(string expression, string prefix) =>
        expression.Length > prefix.Length && expression.StartsWith(prefix, StringComparison.Ordinal) ? expression[prefix.Length..] : null;
}
