using System.Globalization;
using EdgeProxy.Compiler.Mappings;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using ApiKind = EdgeProxy.Definitions.ApiKind;
using IntegrationKind = EdgeProxy.Definitions.IntegrationKind;
using MappingTarget = EdgeProxy.Compiler.Mappings.MappingTarget;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Judges what a method calls: where it leads, how long it may take, and what it is sent.</summary>
internal static class CheckIntegration
{
    private const int ShortestTimeout = 50;

    /// <summary>Runs the check.</summary>
    public static void Run(ApiKind kind, MethodDefinition method, IntegrationDefinition integration, CheckOptions options, ProblemList problems)
    {
        CheckTimeout(kind, integration, options, problems);
        CheckTransferMode(kind, method, integration, problems);
        if (kind == ApiKind.Rest) CheckRequestParameters(method, integration, CheckUri(integration, problems), problems);
    }

    private static void CheckTimeout(ApiKind kind, IntegrationDefinition integration, CheckOptions options, ProblemList problems)
    {
        if (integration.TimeoutInMillis is not { } timeout) return;
        int longest = kind == ApiKind.Http ? CheckOptions.LongestHttpApiTimeoutInMillis
            : integration.ResponseTransferMode == ResponseTransferMode.Stream ? CheckOptions.LongestStreamTimeoutInMillis
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
            string source = PathSyntax.HasPlaceholder(method.Path, name) ? $"method.request.path.{name}" : "method.request.path.NAME";
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
        string change = location == ParameterLocation.Path && !PathSyntax.HasPlaceholder(method.Path, name)
            ? $"The path {method.Path} has no {{{name}}}; correct the name."
            : $"Add {{name: {name}, in: {place}}} to its parameters.";
        problems.Error(ProblemCode.UndeclaredParameter, mapping.Origin, $"{mapping.Target} is set from {mapping.Source}, which {method.Verb} {method.Path} does not declare{near}. {change}");
    }
}
