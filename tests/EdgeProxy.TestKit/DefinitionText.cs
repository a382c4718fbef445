using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using EdgeProxy.ControlPlane.Imports.Records;
using EdgeProxy.ControlPlane.Management.V1;
using EdgeProxy.Definitions;

namespace EdgeProxy.TestKit;

/// <summary>A definition as text, to compare two that should mean the same: without places, in one order, and with what is left out said.</summary>
public static class DefinitionText
{
    // Where something was written, and what a record of the management API has elsewhere or not at all: names of schemes that are no authorizers have done their work at the import,
    // descriptions are documentation parts, and a base path to mount a file at is a mapping.
    private static readonly HashSet<string> Unequal =
        ["Origin", "Start", "Marks", "MemberOrigins", "PatternOrigin", "ApiKeyOrigin", "RequestValidatorOrigin", "SecuritySchemes", "BasePath", "Documentation", "EqualityContract"];

    public static string Of(ApiDefinition api)
    {
        var models = api.Models.Select(model => model.Name).ToHashSet(StringComparer.Ordinal);
        var text = new StringBuilder();
        Write(api with
        {
            Resources = [.. api.Resources.OrderBy(resource => resource.Path, StringComparer.Ordinal)],
            Methods = [.. api.Methods.Select(method => api.Kind == ApiKind.Http ? NormalRoute(method) : Normal(method)).OrderBy(method => method.Path, StringComparer.Ordinal).ThenBy(method => method.Verb, StringComparer.Ordinal)],
            Authorizers = [.. api.Authorizers.Select(authorizer => api.Kind == ApiKind.Http ? NormalOfHttp(authorizer) : Normal(authorizer)).OrderBy(authorizer => authorizer.Name, StringComparer.Ordinal)],
            Models = api.Kind == ApiKind.Http ? [] : [.. api.Models.Select(model => model with { Schema = ReferencesToModels.ToRecord(model.Schema, api.Id, models) }).OrderBy(model => model.Name, StringComparer.Ordinal)],
            RequestValidators = [.. api.RequestValidators.OrderBy(validator => validator.Name, StringComparer.Ordinal)],
            GatewayResponses = [.. api.GatewayResponses.Select(Normal).OrderBy(response => response.ResponseType, StringComparer.Ordinal)],
            BinaryMediaTypes = [.. api.BinaryMediaTypes.Distinct()],
            Endpoint = api.Endpoint is { DisableExecuteApiEndpoint: false, VpcEndpointIds.Count: 0, SecurityPolicy: null, AccessMode: null } ? null : api.Endpoint,
            Description = api.Description is "" ? null : api.Description,
        }, "", text);
        return text.ToString();
    }

    private static MethodDefinition Normal(MethodDefinition method) => method with
    {
        Description = null,
        OperationName = method.OperationName is "" ? null : method.OperationName,
        RequestModels = [.. method.RequestModels.DistinctBy(model => model.MediaType)],
        Responses = [.. method.Responses.Select(response => response with { Headers = [.. response.Headers.Distinct()], Models = [.. response.Models.DistinctBy(model => model.MediaType)] })],
        Integration = method.Integration is { } integration ? Normal(integration) : null,
    };

    // HTTP APIs look at none of what is left out here.
    private static MethodDefinition NormalRoute(MethodDefinition route) => route with
    {
        Description = null,
        OperationName = route.OperationName is "" ? null : route.OperationName,
        Parameters = [],
        RequestModels = [],
        Responses = [],
        Integration = route.Integration is { } integration
            ? integration with
            {
                TimeoutInMillis = integration.TimeoutInMillis == 30_000 ? null : integration.TimeoutInMillis,
                PayloadFormatVersion = integration.PayloadFormatVersion ?? "1.0",
                HttpMethod = integration.HttpMethod ?? (integration.Kind == IntegrationKind.AwsProxy && integration.Subtype is null ? "POST" : null),
            }
            : null,
    };

    private static AuthorizerDefinition NormalOfHttp(AuthorizerDefinition authorizer) => authorizer with
    {
        AuthType = null,
        ResultTtlInSeconds = authorizer.ResultTtlInSeconds ?? (authorizer.Kind == AuthorizerKind.Request ? 0 : null),
        IdentitySources = authorizer.IdentitySources.Count == 0 && authorizer.Kind == AuthorizerKind.Jwt ? ["$request.header.Authorization"] : authorizer.IdentitySources,
    };

    private static IntegrationDefinition Normal(IntegrationDefinition integration)
    {
        // One for each status in its order, then those that lead to the status of one before.
        var statuses = new HashSet<int>();
        List<IntegrationResponseDefinition> first = [.. integration.Responses.Where(response => statuses.Add(response.StatusCode))];
        return integration with
        {
            TimeoutInMillis = integration.TimeoutInMillis == 29_000 ? null : integration.TimeoutInMillis,
            CacheNamespace = integration.CacheNamespace is "" ? null : integration.CacheNamespace,
            Responses = [.. first, .. integration.Responses.Except(first, ReferenceEqualityComparer.Instance).Cast<IntegrationResponseDefinition>()],
            PayloadFormatVersion = null, // of HTTP APIs alone
            Subtype = null,
        };
    }

    private static AuthorizerDefinition Normal(AuthorizerDefinition authorizer) => authorizer with
    {
        ResultTtlInSeconds = authorizer.ResultTtlInSeconds ?? WriteRecords.StandardTtlOf(authorizer.Kind),
        AuthType = authorizer.AuthType ?? WriteRecords.StandardAuthTypeOf(authorizer.Kind),
        PayloadFormatVersion = null, // of HTTP APIs alone
        EnableSimpleResponses = false,
    };

    private static GatewayResponseDefinition Normal(GatewayResponseDefinition response) => response with
    {
        StatusCode = response.StatusCode ?? (GatewayResponseDefaults.Of(response.ResponseType).TextOf("statusCode") is { } status ? int.Parse(status, CultureInfo.InvariantCulture) : null),
    };

    private static void Write(object? value, string indent, StringBuilder text)
    {
        switch (value)
        {
            case null:
                text.Append("-\n");
                break;
            case string or int or bool or Enum:
                text.Append(CultureInfo.InvariantCulture, $"{value}\n");
                break;
            case IDictionary map:
                text.Append('\n');
                foreach (string key in map.Keys.Cast<string>().Order(StringComparer.Ordinal))
                {
                    text.Append(indent).Append(key).Append(": ");
                    Write(map[key], indent + "  ", text);
                }

                break;
            case IEnumerable list:
                text.Append('\n');
                foreach (object item in list)
                {
                    text.Append(indent).Append("* ");
                    Write(item, indent + "  ", text);
                }

                break;
            default:
                text.Append('\n');
                foreach (PropertyInfo property in value.GetType().GetProperties())
                {
                    if (Unequal.Contains(property.Name) || property.GetMethod!.IsStatic) continue;
                    text.Append(indent).Append(property.Name).Append(": ");
                    Write(property.GetValue(value), indent + "  ", text);
                }

                break;
        }
    }
}
