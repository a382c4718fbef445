using System.Globalization;
using EdgeProxy.Compiler.Mappings;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Transport.Tls;
using ApiKind = EdgeProxy.Definitions.ApiKind;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Judges whether a definition makes sense, wherever it came from: paths, routes, methods, and with <see cref="CheckIntegration"/> and <see cref="CheckResponses"/> what they lead to. Reports everything wrong.</summary>
public static class CheckDefinitions
{
    private const int MostParts = 100;
    private const int MostPlaceholders = 32;
    private const int LongestPath = 2000;

    /// <summary>Runs the pass.</summary>
    public static void Run(ApiDefinition api, CheckOptions options, ProblemList problems)
    {
        if (api.Endpoint is { } endpoint) CheckEndpoint(api.Kind, endpoint, options, problems);
        CheckPaths(api, options, problems);
        CheckRoutes(api, problems);
        var patterns = new SelectionPatterns();
        foreach (MethodDefinition method in api.Methods) CheckMethod(api, method, options, patterns, problems);
        BuildGatewayResponses.Check(api, problems);
    }

    // security.md 11.
    private static void CheckEndpoint(ApiKind kind, EndpointDefinition endpoint, CheckOptions options, ProblemList problems)
    {
        if (endpoint.SecurityPolicy is not { } name) return;
        if (TlsPolicy.FindOrNull(name) is not { } policy)
        {
            problems.Error(ProblemCode.UnknownName, endpoint.Origin, $"There is no security policy {name}. Choose one of {string.Join(", ", TlsPolicy.All)}.");
        }
        else if (policy.IsEnhanced && kind == ApiKind.Http)
        {
            problems.Error(ProblemCode.NotAllowed, endpoint.Origin, $"The security policy {name} is for REST APIs. Use TLS_1_2.");
        }
        else if (policy.IsEnhanced && endpoint.AccessMode is null && options.Strict)
        {
            problems.Error(ProblemCode.StrictRefused, endpoint.Origin, $"The security policy {name} needs x-amazon-apigateway-endpoint-access-mode. Add BASIC or STRICT.");
        }
    }

    private static void CheckPaths(ApiDefinition api, CheckOptions options, ProblemList problems)
    {
        var siblings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ResourceDefinition resource in api.Resources)
        {
            int parts = resource.Path.Length <= 1 ? 0 : 1 + resource.Path.AsSpan(1).Count('/');
            if (resource.Path.Length > LongestPath || parts > MostParts)
            {
                problems.Error(ProblemCode.BadPath, resource.Origin, string.Create(CultureInfo.InvariantCulture,
                    $"The path has {resource.Path.Length} characters in {parts} parts; the limits are {LongestPath} and {MostParts}. Shorten it."));
                continue;
            }

            // Every resource above this one is in the list too, so that looking at the last part alone reports each mistake once.
            if (parts > 0) CheckLastPart(api.Kind, resource, options, problems, siblings);
        }
    }

    private static void CheckLastPart(ApiKind kind, ResourceDefinition resource, CheckOptions options, ProblemList problems, Dictionary<string, string> siblings)
    {
        ReadOnlySpan<char> path = resource.Path.AsSpan(1);
        int slash = path.LastIndexOf('/');
        ReadOnlySpan<char> last = path[(slash + 1)..];
        ReadOnlySpan<char> before = slash < 0 ? default : path[..slash];
        if (PathSyntax.TryPlaceholder(before[(before.LastIndexOf('/') + 1)..], out ReadOnlySpan<char> above, out bool aboveIsGreedy) && aboveIsGreedy)
        {
            problems.Error(ProblemCode.BadPath, resource.Origin, $"In the path {resource.Path}, {{{above}+}} takes all that follows and must be the last part. Remove the \"+\", or what comes after.");
        }

        if (!PathSyntax.TryPlaceholder(last, out ReadOnlySpan<char> name, out _))
        {
            CheckLiteral(resource, last, options, problems);
            return;
        }

        int placeholders = 1;
        bool isRepeated = false;
        foreach (Range part in before.Split('/'))
        {
            if (!PathSyntax.TryPlaceholder(before[part], out ReadOnlySpan<char> other, out _)) continue;
            placeholders++;
            isRepeated |= other.SequenceEqual(name);
        }

        if (isRepeated)
        {
            problems.Error(ProblemCode.BadPath, resource.Origin, $"The path {resource.Path} has the placeholder {{{name}}} twice. Give one of them another name.");
        }

        if (placeholders == MostPlaceholders + 1)
        {
            problems.Error(ProblemCode.BadPath, resource.Origin, string.Create(CultureInfo.InvariantCulture, $"The path {resource.Path} has more than {MostPlaceholders} placeholders. Use fewer, or a greedy one."));
        }

        // HTTP APIs allow several; so do we, but a REST API on AWS has one placeholder at each place of the tree.
        string parent = PathSyntax.Shape(resource.Path[..(1 + before.Length)]);
        if (kind != ApiKind.Rest || siblings.TryAdd(parent, last.ToString()) || last.SequenceEqual(siblings[parent])) return;
        string message = $"The path {resource.Path} has {last} where another path has {siblings[parent]}; API Gateway allows one placeholder at a place of the path tree.";
        if (options.Strict) problems.Error(ProblemCode.SiblingPlaceholders, resource.Origin, message + " Use one name for both.");
        else problems.Warning(ProblemCode.SiblingPlaceholders, resource.Origin, message + " EdgeProxy serves both; use one name for both to stay compatible.");
    }

    private static void CheckLiteral(ResourceDefinition resource, ReadOnlySpan<char> part, CheckOptions options, ProblemList problems)
    {
        if (part.Length == 0)
        {
            problems.Error(ProblemCode.BadPath, resource.Origin, $"The path {resource.Path} has an empty part. Remove one of the slashes.");
        }
        else if (part.IndexOfAny('{', '}') >= 0)
        {
            problems.Error(ProblemCode.BadPath, resource.Origin,
                $"In the path {resource.Path}, \"{part}\" is neither literal nor a placeholder. A placeholder is a whole part, {{name}} or {{name+}}, and its name holds letters, digits and ._$- only.");
        }
        else if (!PathSyntax.IsLiteral(part))
        {
            problems.Error(ProblemCode.BadPath, resource.Origin, $"In the path {resource.Path}, \"{part}\" holds characters other than letters, digits and _-.,:~%+. Remove them.");
        }
        else if (options.Strict && !PathSyntax.IsDocumentedLiteral(part))
        {
            problems.Error(ProblemCode.StrictRefused, resource.Origin, $"In the path {resource.Path}, \"{part}\" holds characters other than letters, digits and _-.,: which API Gateway refuses. Remove them, or leave --strict away.");
        }
    }

    private static void CheckRoutes(ApiDefinition api, ProblemList problems)
    {
        var routes = new Dictionary<(string Shape, string Verb), MethodDefinition>(api.Methods.Count);
        foreach (MethodDefinition method in api.Methods)
        {
            string shape = PathSyntax.Shape(method.Path);
            if (routes.TryAdd((shape, method.Verb), method)) continue;
            MethodDefinition first = routes[(shape, method.Verb)];
            problems.Error(ProblemCode.DuplicateRoute, method.Origin, string.Create(CultureInfo.InvariantCulture,
                $"{method.Verb} {method.Path} takes the same requests as {first.Verb} {first.Path}{(first.Origin is null ? "" : $" at line {first.Origin.Line}")}. Remove one of them."));
        }
    }

    private static void CheckMethod(ApiDefinition api, MethodDefinition method, CheckOptions options, SelectionPatterns patterns, ProblemList problems)
    {
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            if (parameter.Location == ParameterLocation.Path && !PathSyntax.HasPlaceholder(method.Path, parameter.Name))
            {
                problems.Warning(ProblemCode.UndeclaredParameter, parameter.Origin, $"The path parameter {parameter.Name} is not in the path {method.Path}. Remove it, or put {{{parameter.Name}}} into the path.");
            }
        }

        if (method.Integration is not { } integration)
        {
            // A document that has one which could not be read has had its say; a method that came by the management API has not.
            if (method.Origin is null && api.Kind == ApiKind.Rest) problems.Error(ProblemCode.MissingIntegration, null, $"{method.Verb} {method.Path} has no integration. Put one.");
            return;
        }

        CheckIntegration.Run(api.Kind, method, integration, options, problems);
        if (api.Kind != ApiKind.Rest) return;
        BuildCacheKeys.Check(method, integration, problems);
        CheckResponses.Run(method, integration, patterns, problems);
    }
}
