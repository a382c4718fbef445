using System.Text;
using EdgeProxy.Compiler.Mappings;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Snapshots;
using ApiKind = EdgeProxy.Definitions.ApiKind;
using IntegrationKind = EdgeProxy.Definitions.IntegrationKind;

namespace EdgeProxy.Compiler.Passes;

/// <summary>
/// The one place that knows what this version executes. What it does not is reported, and served closed (architecture.md 4): a
/// method is never served without a control that its author wrote.
/// </summary>
public static class CheckSupport
{
    /// <summary>Runs the pass.</summary>
    /// <returns>How each method of <see cref="ApiDefinition.Methods"/> is served, at its index.</returns>
    public static IReadOnlyList<Serving> Run(ApiDefinition api, ProblemList problems)
    {
        CheckApi(api, problems);
        var serving = new Serving[api.Methods.Count];
        var patterns = new SelectionPatterns();
        for (int i = 0; i < serving.Length; i++) serving[i] = CheckMethod(api, api.Methods[i], patterns, problems);
        return serving;
    }

    private static void CheckApi(ApiDefinition api, ProblemList problems)
    {
        if (api.Kind == ApiKind.Http)
        {
            problems.Unsupported(ProblemCode.UnsupportedApiKind, api.Origin, "HTTP APIs are not served yet; every route answers 500. Describe a REST API instead, where that is possible.");
        }

        if (api.Policy is { } policy)
        {
            problems.Unsupported(ProblemCode.UnsupportedAccessControl, policy.Origin, "Resource policies are not enforced yet, so every method of the API answers 500. Remove the policy to open the API.");
        }

        if (api.Endpoint is { } endpoint) CheckEndpoint(endpoint, problems);
    }

    private static void CheckEndpoint(EndpointDefinition endpoint, ProblemList problems)
    {
        if (endpoint.VpcEndpointIds.Count > 0)
        {
            problems.Unsupported(ProblemCode.UnsupportedFeature, endpoint.Origin, "vpcEndpointIds has no effect: a node has no VPC endpoints. Bind the listener to a private address, and remove the member.");
        }
    }

    private static Serving CheckMethod(ApiDefinition api, MethodDefinition method, SelectionPatterns patterns, ProblemList problems)
    {
        bool controlled = api.Policy is not null | CheckAuthorization(method, problems);
        bool executable = true;
        if (method.Integration is { } integration) executable &= CheckIntegration(integration, patterns, problems);
        if (controlled) return Serving.ClosedForAccessControl;
        return executable && api.Kind == ApiKind.Rest && method.Integration is not null ? Serving.Open : Serving.ClosedForConfiguration;
    }

    private static bool CheckAuthorization(MethodDefinition method, ProblemList problems)
    {
        AuthorizationDefinition authorization = method.Authorization;
        switch (authorization.Kind)
        {
            case AuthorizationKind.None:
                break;
            case AuthorizationKind.AwsIam:
                problems.Unsupported(ProblemCode.UnsupportedAccessControl, authorization.Origin, $"{method.Verb} {method.Path} asks for AWS_IAM, which is not enforced yet, so it answers 500. Remove the requirement to open it.");
                break;
            default:
                problems.Unsupported(ProblemCode.UnsupportedAccessControl, authorization.Origin, $"{method.Verb} {method.Path} asks for the authorizer {authorization.Authorizer}; authorizers do not run yet, so it answers 500. Remove the requirement to open it.");
                break;
        }

        return authorization.Kind != AuthorizationKind.None;
    }

    private static bool CheckIntegration(IntegrationDefinition integration, SelectionPatterns patterns, ProblemList problems)
    {
        switch (integration.Kind)
        {
            case IntegrationKind.Aws when CheckService(integration, problems):
                return CheckCaller(integration, problems) & CheckSources(integration, problems) & CheckResponses(integration, patterns, problems);
            case IntegrationKind.Aws:
                return false;
            case IntegrationKind.AwsProxy:
                return CheckService(integration, problems) & CheckCaller(integration, problems);
            case IntegrationKind.HttpProxy:
                return CheckSources(integration, problems);
            case IntegrationKind.Http:
                return CheckSources(integration, problems) & CheckResponses(integration, patterns, problems);
            default:
                WarnOfStatus(integration, problems);
                return CheckSources(integration, problems) & CheckResponses(integration, patterns, problems);
        }
    }

    private static bool CheckService(IntegrationDefinition integration, ProblemList problems)
    {
        if (integration.Uri is not { } text || ServiceUris.CanBeLambda(UriTemplate.Parse(text))) return true;
        string service = ServiceUris.Probe(UriTemplate.Parse(text), out _).Service;
        problems.Unsupported(ProblemCode.UnsupportedIntegration, integration.OriginOf("uri"), $"Of AWS services only lambda is called; with \"{service}\" the method answers 500. Put a function between, or an HTTP back end.");
        return false;
    }

    // A role says by whose leave the service calls the function, which a node does in its own name. The caller's own identity is access control.
    private static bool CheckCaller(IntegrationDefinition integration, ProblemList problems)
    {
        if (integration.Credentials is not { } credentials || !credentials.Contains(":user/", StringComparison.Ordinal)) return true;
        problems.Unsupported(ProblemCode.UnsupportedAccessControl, integration.OriginOf("credentials"), "credentials asks that the function be called with the caller's own identity, which is not supported; the method answers 500. Remove credentials to call it as the node.");
        return false;
    }

    private static bool CheckSources(IntegrationDefinition integration, ProblemList problems)
    {
        // A mock sends nothing, so that nothing is lost.
        if (integration.Kind == IntegrationKind.Mock) return true;
        bool supported = true;
        foreach (ParameterMappingDefinition mapping in integration.RequestParameters)
        {
            if (SourceExpression.TryParseRequest(mapping.Source, out SourceExpression source)) supported &= CheckSource(mapping, source, problems);
        }

        return supported;
    }

    private static bool CheckSource(ParameterMappingDefinition mapping, SourceExpression source, ProblemList problems)
    {
        switch (source.Kind)
        {
            case SourceKind.RequestBody when !ValueSource.TryParseRequest(mapping.Source, [], out _):
            case SourceKind.ResponseBody when !ValueSource.TryParseResponse(mapping.Source, out _):
                problems.Unsupported(ProblemCode.UnsupportedMapping, mapping.Origin, $"{mapping.Target} is set from {mapping.Source}, where what follows the body is no JSONPath; the method answers 500. Correct the path.");
                return false;
            case SourceKind.Context when !ContextVariables.TryFind(Encoding.UTF8.GetBytes(source.Name), out _):
                problems.Unsupported(ProblemCode.UnsupportedMapping, mapping.Origin, $"{mapping.Target} is set from context.{source.Name}, which this version does not know; the method answers 500. Correct the name, or remove the mapping.");
                return false;
            default:
                return true;
        }
    }

    private static void WarnOfStatus(IntegrationDefinition integration, ProblemList problems)
    {
        if (integration.RequestTemplates.Count > 0) return;
        problems.Warning(ProblemCode.BadMockTemplate, integration.Origin, "A mock without request template takes its status from the client's body, and answers 500 without one. Add requestTemplates with application/json: '{\"statusCode\": 200}'.");
    }

    private static bool CheckResponses(IntegrationDefinition integration, SelectionPatterns patterns, ProblemList problems)
    {
        bool supported = true;
        foreach (IntegrationResponseDefinition response in integration.Responses)
        {
            if (!string.IsNullOrEmpty(response.SelectionPattern)) supported &= patterns.Get(response.SelectionPattern).Fault is null;
            foreach (ParameterMappingDefinition mapping in response.ResponseParameters)
            {
                if (SourceExpression.TryParseResponse(mapping.Source, out SourceExpression source)) supported &= CheckSource(mapping, source, problems);
            }
        }

        return supported;
    }
}
