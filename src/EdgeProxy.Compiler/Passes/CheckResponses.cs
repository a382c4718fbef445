using System.Globalization;
using EdgeProxy.Compiler.Mappings;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using IntegrationKind = EdgeProxy.Definitions.IntegrationKind;
using MappingTarget = EdgeProxy.Compiler.Mappings.MappingTarget;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Judges which of an integration's responses leads to which of the method's, and what it sets.</summary>
internal static class CheckResponses
{
    private const int MostResponses = 254;

    /// <summary>Runs the check.</summary>
    public static void Run(MethodDefinition method, IntegrationDefinition integration, SelectionPatterns patterns, ProblemList problems)
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
