using System.Globalization;
using EdgeProxy.Compiler.Mappings;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Transport.Tls;
using ApiKind = EdgeProxy.Definitions.ApiKind;
using IntegrationKind = EdgeProxy.Definitions.IntegrationKind;
using MappingTarget = EdgeProxy.Compiler.Mappings.MappingTarget;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Judges whether a definition makes sense, wherever it came from: paths, integrations, mappings. Reports everything wrong.</summary>
public static class CheckDefinitions
{
    private const int MostParts = 100;
    private const int MostPlaceholders = 32;
    private const int MostResponses = 254;
    private const int LongestPath = 2000;
    private const int ShortestTimeout = 50;

    /// <summary>The longest time-out of an integration whose answer streams, in milliseconds (rest-api.md 5.12).</summary>
    public const int LongestStreamTimeout = 900_000;

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
            if (parameter.Location == ParameterLocation.Path && !HasPlaceholder(method.Path, parameter.Name))
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

        CheckTimeout(api.Kind, integration, options, problems);
        CheckTransferMode(api.Kind, method, integration, problems);
        if (api.Kind != ApiKind.Rest) return;
        UriTemplate? uri = CheckUri(integration, problems);
        CheckRequestParameters(method, integration, uri, problems);
        BuildCacheKeys.Check(method, integration, problems);
        CheckResponses(method, integration, patterns, problems);
    }

    private static bool HasPlaceholder(string path, string name)
    {
        ReadOnlySpan<char> rest = path;
        for (int at = rest.IndexOf('{'); at >= 0; at = rest.IndexOf('{'))
        {
            rest = rest[(at + 1)..];
            if (rest.StartsWith(name) && rest[name.Length..] is ['}', ..] or ['+', '}', ..]) return true;
        }

        return false;
    }

    private static void CheckTimeout(ApiKind kind, IntegrationDefinition integration, CheckOptions options, ProblemList problems)
    {
        if (integration.TimeoutInMillis is not { } timeout) return;
        int longest = kind == ApiKind.Http ? CheckOptions.LongestHttpApiTimeoutInMillis
            : integration.ResponseTransferMode == ResponseTransferMode.Stream ? LongestStreamTimeout
            : options.IsKept ? int.MaxValue
            : CheckOptions.MostTimeoutOf(options.LongestTimeoutInMillis);
        if (timeout >= ShortestTimeout && timeout <= longest) return;
        problems.Error(ProblemCode.OutOfRange, integration.OriginOf("timeoutInMillis"), string.Create(CultureInfo.InvariantCulture,
            $"timeoutInMillis is {timeout}; it must be from {ShortestTimeout} to {longest} milliseconds."));
    }

    private static void CheckTransferMode(ApiKind kind, MethodDefinition method, IntegrationDefinition integration, ProblemList problems)
    {
        if (integration.ResponseTransferMode != ResponseTransferMode.Stream) return;
        if (kind != ApiKind.Rest || integration.Kind is not (IntegrationKind.HttpProxy or IntegrationKind.AwsProxy))
        {
            problems.Error(ProblemCode.NotAllowed, integration.OriginOf("responseTransferMode"), "responseTransferMode is STREAM, which only http_proxy and aws_proxy integrations of REST APIs have. Remove it, or change the type.");
        }
        else if (method.ResponseValidation != ResponseValidation.Off)
        {
            problems.Error(ProblemCode.NotAllowed, integration.OriginOf("responseTransferMode"), "responseTransferMode is STREAM, and x-edgeproxy-response-validation must have the whole answer before a byte of it is sent. Remove one of them.");
        }
    }

    private static UriTemplate? CheckUri(IntegrationDefinition integration, ProblemList problems)
    {
        if (integration.Kind == IntegrationKind.Mock) return null;
        bool written = integration.MemberOrigins.ContainsKey("httpMethod");
        if (integration.HttpMethod is null && !written)
        {
            problems.Error(ProblemCode.Missing, integration.Origin, "httpMethod of the integration is missing. Say the verb for the back end; ANY passes the client's on.");
        }

        if (integration.Uri is not { } text)
        {
            if (!integration.MemberOrigins.ContainsKey("uri")) problems.Error(ProblemCode.Missing, integration.Origin, "uri of the integration is missing. Name the back end, for example http://127.0.0.1:8081/pets.");
            return null;
        }

        if (integration.Kind is IntegrationKind.Aws or IntegrationKind.AwsProxy)
        {
            UriTemplate service = UriTemplate.Parse(text);
            CheckService(integration, text, service, problems);
            return ServiceUris.CanBeLambda(service) ? service : null;
        }

        UriTemplate uri = UriTemplate.Parse(text);
        if (UriFaults.FaultOrNull(uri) is { } fault) problems.Error(ProblemCode.BadUri, integration.OriginOf("uri"), fault);
        CheckTargets(integration, problems);
        return uri;
    }

    private static void CheckTargets(IntegrationDefinition integration, ProblemList problems)
    {
        if (integration.Upstream is { FailureStatuses: { } failures } && !StatusSet.TryParse(failures, out _))
        {
            problems.Error(ProblemCode.BadFormat, integration.Upstream.Origin, "failureStatuses holds something that is no status. Write numbers from 100 to 599, or ranges such as \"500-599\".");
        }

        if (integration.Upstream?.Retries is { On: { } on } retries && !RetryPlan.TryParseCauses(on, out _, out _))
        {
            problems.Error(ProblemCode.BadFormat, retries.Origin, "on of retries holds something that no attempt fails with. Write connect, reset, timeout, statuses from 100 to 599, or ranges such as \"502-504\".");
        }

        if (integration.Upstream?.Health is { } health) CheckHealth(health, problems);
        if (integration.Upstream?.Targets is not { Count: > 0 } targets) return;
        foreach (TargetDefinition target in targets)
        {
            if (BoundUri.AddressProblemOrNull(UriTemplate.Parse(target.Address)) is not { } problem) continue;
            problems.Error(ProblemCode.BadUri, target.Origin, $"The address \"{target.Address}\" of a target cannot be called. {problem} Write host or host:port, without scheme and path: these are the uri's.");
        }

        if (integration.Connection != ConnectionKind.VpcLink) return;
        problems.Error(ProblemCode.NotAllowed, targets[0].Origin, "The integration names both a VPC link and targets, and requests can only take one of the two ways. Remove one of them.");
    }

    private static void CheckHealth(HealthCheckDefinition health, ProblemList problems)
    {
        if (health.Statuses is { } statuses && !StatusSet.TryParse(statuses, out _))
        {
            problems.Error(ProblemCode.BadFormat, health.Origin, "statuses of health holds something that is no status. Write numbers from 100 to 599, or ranges such as \"200-299\".");
        }

        if (health.Path is not { } path)
        {
            problems.Error(ProblemCode.Missing, health.Origin, "path of health is missing. Say what to ask targets for, for example /healthz.");
        }
        else if (path.Length is 0 or > 2048 || path[0] != '/' || path.AsSpan().ContainsAnyExceptInRange('!', '~') || path.Contains('#', StringComparison.Ordinal))
        {
            problems.Error(ProblemCode.BadFormat, health.Origin, "path of health is no path. It begins with a slash and holds neither spaces nor other characters that a URL has not.");
        }
    }

    // The texts are the service's own (control-plane.md 1.4), with what to change behind them.
    private static void CheckService(IntegrationDefinition integration, string text, UriTemplate uri, ProblemList problems)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            problems.Error(ProblemCode.BadUri, integration.OriginOf("uri"), "Invalid ARN specified in the request. uri of an aws or aws_proxy integration must be an ARN: arn:aws:apigateway:{region}:{service}:{path|action}/... Correct it, or change the type to http_proxy.");
            return;
        }

        FunctionUri probe = ServiceUris.Probe(uri, out bool isCertain);
        if (probe.Problem is { } problem)
        {
            if (isCertain) problems.Error(ProblemCode.BadUri, integration.OriginOf("uri"), problem);
        }
        else if (integration.Kind == IntegrationKind.AwsProxy && probe.Service is not ("lambda" or "firehose"))
        {
            problems.Error(ProblemCode.BadUri, integration.OriginOf("uri"), "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations. Name a function, or change the type to aws.");
        }

        if (probe.Service != "lambda") return;
        if (probe.IsFunctionAlone)
        {
            problems.Warning(ProblemCode.BadUri, integration.OriginOf("uri"), "uri is the function's own ARN, which API Gateway refuses; EdgeProxy calls it. Write arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function ARN}/invocations to stay compatible.");
        }

        if (integration.HttpMethod is not (null or "POST"))
        {
            problems.Warning(ProblemCode.BadMethod, integration.OriginOf("httpMethod"), $"httpMethod is {integration.HttpMethod}; Lambda is called with POST only, and each request is answered 500. Write POST; it has nothing to do with the client's method.");
        }

        if (integration.Kind == IntegrationKind.AwsProxy && !probe.IsFunctionAlone && probe.Problem is null && probe.Streams != (integration.ResponseTransferMode == ResponseTransferMode.Stream))
        {
            problems.Warning(ProblemCode.BadUri, integration.OriginOf("uri"), probe.Streams
                ? "uri asks for a streamed answer, but responseTransferMode is not STREAM, so that the answer is taken as a whole. Set it to STREAM, or write 2015-03-31/functions/.../invocations."
                : "responseTransferMode is STREAM, which API Gateway wants with 2021-11-15/functions/.../response-streaming-invocations in uri. Write that to stay compatible.");
        }
    }

    private static void CheckRequestParameters(MethodDefinition method, IntegrationDefinition integration, UriTemplate? uri, ProblemList problems)
    {
        foreach (ParameterMappingDefinition mapping in integration.RequestParameters)
        {
            if (!MappingTarget.TryParse(mapping.Target, out MappingTarget target) || target.Kind == TargetKind.ResponseHeader)
            {
                problems.Error(ProblemCode.BadMapping, mapping.Origin,
                    $"requestParameters sets \"{mapping.Target}\"; it can set integration.request.header.NAME, integration.request.querystring.NAME and integration.request.path.NAME. Correct the key.");
            }
            else if (target.Kind == TargetKind.IntegrationPath)
            {
                if (uri is not null && !UriFaults.HasPlaceholder(uri, target.Name))
                {
                    problems.Warning(ProblemCode.UnmappedPlaceholder, mapping.Origin, $"requestParameters sets {mapping.Target}, but uri has no {{{target.Name}}}. Remove the mapping, or add the placeholder.");
                }
            }

            CheckSource(method, mapping, problems);
        }

        if (uri is null) return;

        // A template may give a placeholder its value (6.11), but those of proxy types are not run.
        if (integration.Kind != IntegrationKind.HttpProxy && integration.RequestTemplates.Any(static template => template.Text.Contains("requestOverride", StringComparison.Ordinal))) return;
        for (int i = 0; i < uri.Segments.Length; i++)
        {
            if (uri.Segments[i].Kind != UriSegmentKind.Placeholder) continue;
            string name = uri.Segments[i].Text.ToString();
            if (IsMapped(integration, name) || UriFaults.HasPlaceholder(uri, name, before: i)) continue;
            string source = HasPlaceholder(method.Path, name) ? $"method.request.path.{name}" : "method.request.path.NAME";
            problems.Error(ProblemCode.UnmappedPlaceholder, integration.OriginOf("uri"),
                $"Nothing is mapped to {{{name}}} of uri. Add \"integration.request.path.{name}\": \"{source}\" to requestParameters.");
        }
    }

    private static bool IsMapped(IntegrationDefinition integration, string placeholder)
    {
        const string Path = "integration.request.path.";
        for (int i = 0; i < integration.RequestParameters.Count; i++)
        {
            string target = integration.RequestParameters[i].Target;
            if (target.StartsWith(Path, StringComparison.Ordinal) && target.AsSpan(Path.Length).SequenceEqual(placeholder)) return true;
        }

        return false;
    }

    private static bool Declares(MethodDefinition method, ParameterLocation location, string name)
    {
        for (int i = 0; i < method.Parameters.Count; i++)
        {
            if (method.Parameters[i].Location == location && method.Parameters[i].Name == name) return true;
        }

        return false;
    }

    private static void CheckSource(MethodDefinition method, ParameterMappingDefinition mapping, ProblemList problems)
    {
        if (!SourceExpression.TryParseRequest(mapping.Source, out SourceExpression source))
        {
            problems.Error(ProblemCode.BadMapping, mapping.Origin,
                $"{mapping.Target} is set from \"{mapping.Source}\", which is no source. Sources are method.request.path|querystring|header|multivaluequerystring|multivalueheader.NAME, method.request.body, context.NAME, stageVariables.NAME, or static text in single quotes ('{mapping.Source}').");
            return;
        }

        ParameterLocation? location = source.Kind switch
        {
            SourceKind.RequestPath => ParameterLocation.Path,
            SourceKind.RequestQuery or SourceKind.RequestQueryAll => ParameterLocation.QueryString,
            SourceKind.RequestHeader or SourceKind.RequestHeaderAll => ParameterLocation.Header,
            _ => null,
        };
        if (location is { } place && !Declares(method, place, source.Name)) ReportUndeclared(method, mapping, place, source.Name, problems);
    }

    private static void ReportUndeclared(MethodDefinition method, ParameterMappingDefinition mapping, ParameterLocation location, string name, ProblemList problems)
    {
        string near = method.Parameters.FirstOrDefault(parameter => parameter.Location == location && string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase)) is { } other
            ? $" (\"{other.Name}\" is declared; upper and lower case count)"
            : "";
        string place = location switch { ParameterLocation.Path => "path", ParameterLocation.QueryString => "query", _ => "header" };
        string change = location == ParameterLocation.Path && !HasPlaceholder(method.Path, name)
            ? $"The path {method.Path} has no {{{name}}}; correct the name."
            : $"Add {{name: {name}, in: {place}}} to its parameters.";
        problems.Error(ProblemCode.UndeclaredParameter, mapping.Origin, $"{mapping.Target} is set from {mapping.Source}, which {method.Verb} {method.Path} does not declare{near}. {change}");
    }

    private static void CheckResponses(MethodDefinition method, IntegrationDefinition integration, SelectionPatterns patterns, ProblemList problems)
    {
        bool isProxy = integration.Kind is IntegrationKind.HttpProxy or IntegrationKind.AwsProxy;
        if (integration.Responses.Count > MostResponses)
        {
            problems.Error(ProblemCode.OutOfRange, integration.OriginOf("responses"), string.Create(CultureInfo.InvariantCulture,
                $"The integration has {integration.Responses.Count} responses; at most {MostResponses} can be told apart. Join patterns with \"|\"."));
        }

        foreach (MethodResponseDefinition response in method.Responses) CheckStatus(response.StatusCode, response.Origin, "The response", problems);

        bool hasDefault = false;
        for (int i = 0; i < integration.Responses.Count; i++)
        {
            IntegrationResponseDefinition response = integration.Responses[i];
            hasDefault |= string.IsNullOrEmpty(response.SelectionPattern);
            CheckPattern(integration.Kind, response, patterns, problems);
            CheckStatus(response.StatusCode, response.Origin, "The integration response", problems);
            if (HasStatus(integration.Responses, response.StatusCode, before: i))
            {
                problems.Warning(ProblemCode.DuplicateResponse, response.Origin, string.Create(CultureInfo.InvariantCulture,
                    $"Two integration responses lead to status {response.StatusCode}; API Gateway keeps one for each status. Join their patterns with \"|\"."));
            }

            MethodResponseDefinition? declared = DeclaredOrNull(method, response.StatusCode);
            if (declared is null)
            {
                string message = string.Create(CultureInfo.InvariantCulture,
                    $"The integration response \"{response.SelectionPattern ?? "default"}\" leads to status {response.StatusCode}, which {method.Verb} {method.Path} does not declare. Add \"{response.StatusCode}\" to its responses.");

                // A proxy integration never looks at them.
                if (isProxy) problems.Warning(ProblemCode.UndeclaredResponse, response.Origin, message);
                else problems.Error(ProblemCode.UndeclaredResponse, response.Origin, message);
            }

            CheckResponseParameters(response, declared, isProxy, problems);
        }

        if (!hasDefault && integration.Kind is IntegrationKind.Http or IntegrationKind.Mock or IntegrationKind.Aws)
        {
            problems.Warning(ProblemCode.Missing, integration.OriginOf("responses"), "The integration has no default response: whatever no pattern matches is answered 500. Add default to its responses.");
        }
    }

    private static bool HasStatus(IReadOnlyList<IntegrationResponseDefinition> responses, int status, int before)
    {
        for (int i = 0; i < before; i++)
        {
            if (responses[i].StatusCode == status) return true;
        }

        return false;
    }

    private static MethodResponseDefinition? DeclaredOrNull(MethodDefinition method, int status)
    {
        for (int i = 0; i < method.Responses.Count; i++)
        {
            if (method.Responses[i].StatusCode == status) return method.Responses[i];
        }

        return null;
    }

    // The importer refuses these too, but definitions have other authors.
    private static void CheckStatus(int status, Origin? origin, string what, ProblemList problems)
    {
        if (status is >= 200 and <= 599) return;
        problems.Error(ProblemCode.OutOfRange, origin, string.Create(CultureInfo.InvariantCulture, $"{what} has the status {status}; it must be from 200 to 599. Choose a final status."));
    }

    private static void CheckPattern(IntegrationKind kind, IntegrationResponseDefinition response, SelectionPatterns patterns, ProblemList problems)
    {
        if (string.IsNullOrEmpty(response.SelectionPattern) || patterns.Get(response.SelectionPattern) is not { Fault: { } fault }) return;
        string message = $"The pattern \"{response.SelectionPattern}\" of the integration response cannot be used: {fault}. Write a regular expression over {(kind == IntegrationKind.Aws ? "the error message, for example \".*not found.*\"" : "the status, for example \"4\\d{2}\"")}.";
        problems.Error(ProblemCode.BadPattern, response.PatternOrigin ?? response.Origin, message);
    }

    private static void CheckResponseParameters(IntegrationResponseDefinition response, MethodResponseDefinition? declared, bool isProxy, ProblemList problems)
    {
        foreach (ParameterMappingDefinition mapping in response.ResponseParameters)
        {
            if (!MappingTarget.TryParse(mapping.Target, out MappingTarget target) || target.Kind != TargetKind.ResponseHeader)
            {
                problems.Error(ProblemCode.BadMapping, mapping.Origin, $"responseParameters sets \"{mapping.Target}\"; it can set method.response.header.NAME only. Correct the key.");
            }
            else if (!isProxy && declared is not null && !declared.Headers.Contains(target.Name, StringComparer.OrdinalIgnoreCase))
            {
                problems.Error(ProblemCode.UndeclaredParameter, mapping.Origin, string.Create(CultureInfo.InvariantCulture,
                    $"{mapping.Target} is set, but response {declared.StatusCode} does not declare the header. Add {target.Name} to its headers."));
            }

            if (!SourceExpression.TryParseResponse(mapping.Source, out _))
            {
                problems.Error(ProblemCode.BadMapping, mapping.Origin,
                    $"{mapping.Target} is set from \"{mapping.Source}\", which is no source. Sources are integration.response.header|multivalueheader.NAME, integration.response.body, context.NAME, stageVariables.NAME, or static text in single quotes ('{mapping.Source}').");
            }
        }
    }
}
