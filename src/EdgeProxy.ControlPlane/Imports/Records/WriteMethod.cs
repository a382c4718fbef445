using System.Globalization;
using System.Text.Json;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Exports.OpenApi;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.Records;

/// <summary>Writes the members of a REST API's method with its responses and its integration (control-plane.md 1.6: Method), defaults filled in.</summary>
/// <param name="json">Gets them.</param>
/// <param name="authorizers">Ids of authorizers by their names.</param>
/// <param name="validators">Ids of request validators by their names.</param>
internal sealed class WriteMethod(Utf8JsonWriter json, Dictionary<string, string> authorizers, Dictionary<string, string> validators)
{
    /// <summary>Writes into the object that is open.</summary>
    /// <param name="method">The method.</param>
    /// <param name="resourceId">The id of its resource.</param>
    public void Run(MethodDefinition method, string resourceId)
    {
        json.WriteString("httpMethod"u8, method.Verb);
        AuthorizationDefinition authorization = method.Authorization;
        json.WriteString("authorizationType"u8, KindOf(authorization.Kind));
        if (authorization.Authorizer is { } name) json.WriteString("authorizerId"u8, authorizers.GetValueOrDefault(name, name));
        json.WriteBoolean("apiKeyRequired"u8, method.ApiKeyRequired);
        if (method.RequestValidator is { } validator) json.WriteString("requestValidatorId"u8, validators.GetValueOrDefault(validator, validator));
        if (method.OperationName is { Length: > 0 } operation) json.WriteString("operationName"u8, operation);
        if (method.Parameters.Count > 0) WriteParameters(method.Parameters);
        WriteModels("requestModels"u8, method.RequestModels);
        if (authorization.Scopes.Count > 0) WriteTexts("authorizationScopes"u8, authorization.Scopes);
        if (method.Responses.Count > 0) WriteResponses(method.Responses);
        if (method.Integration is { } integration)
        {
            json.WriteStartObject("methodIntegration"u8);
            WriteIntegration(integration, resourceId);
            json.WriteEndObject();
        }

        if (method.ResponseValidation != ResponseValidation.Off) json.WriteString("x-edgeproxy-response-validation"u8, method.ResponseValidation == ResponseValidation.Enforce ? "enforce"u8 : "report"u8);
        if (method.CachePolicy is { } cache)
        {
            json.WritePropertyName("x-edgeproxy-cache"u8);
            PathsWriter.CachePolicy(cache).WriteTo(json);
        }
    }

    private static ReadOnlySpan<byte> KindOf(AuthorizationKind kind) => kind switch
    {
        AuthorizationKind.AwsIam => "AWS_IAM"u8,
        AuthorizationKind.Custom => "CUSTOM"u8,
        AuthorizationKind.CognitoUserPools => "COGNITO_USER_POOLS"u8,
        AuthorizationKind.Jwt => "JWT"u8,
        _ => "NONE"u8,
    };

    private static ReadOnlySpan<byte> KindOf(IntegrationKind kind) => kind switch
    {
        IntegrationKind.Http => "HTTP"u8,
        IntegrationKind.HttpProxy => "HTTP_PROXY"u8,
        IntegrationKind.Aws => "AWS"u8,
        IntegrationKind.AwsProxy => "AWS_PROXY"u8,
        _ => "MOCK"u8,
    };

    private void WriteParameters(IReadOnlyList<ParameterDefinition> parameters)
    {
        json.WriteStartObject("requestParameters"u8);
        foreach (ParameterDefinition parameter in parameters)
        {
            string location = parameter.Location switch
            {
                ParameterLocation.Path => "method.request.path.",
                ParameterLocation.QueryString => "method.request.querystring.",
                _ => "method.request.header.",
            };
            json.WriteBoolean(location + parameter.Name, parameter.Required);
        }

        json.WriteEndObject();
    }

    private void WriteResponses(IReadOnlyList<MethodResponseDefinition> responses)
    {
        json.WriteStartObject("methodResponses"u8);
        foreach (MethodResponseDefinition response in responses)
        {
            string status = response.StatusCode.ToString(CultureInfo.InvariantCulture);
            json.WriteStartObject(status);
            json.WriteString("statusCode"u8, status);
            if (response.Headers.Count > 0)
            {
                json.WriteStartObject("responseParameters"u8);
                foreach (string header in response.Headers) json.WriteBoolean("method.response.header." + header, false);
                json.WriteEndObject();
            }

            WriteModels("responseModels"u8, response.Models);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteIntegration(IntegrationDefinition integration, string resourceId)
    {
        json.WriteString("type"u8, KindOf(integration.Kind));
        if (integration.HttpMethod is { } verb) json.WriteString("httpMethod"u8, verb);
        if (integration.Uri is { } uri) json.WriteString("uri"u8, uri);
        if (integration.Connection == ConnectionKind.VpcLink) json.WriteString("connectionType"u8, "VPC_LINK"u8);
        else if (integration.Kind is IntegrationKind.Http or IntegrationKind.HttpProxy) json.WriteString("connectionType"u8, "INTERNET"u8);
        if (integration.ConnectionId is { } connection) json.WriteString("connectionId"u8, connection);
        if (integration.Credentials is { } credentials) json.WriteString("credentials"u8, credentials);
        WriteMappings("requestParameters"u8, integration.RequestParameters);
        WriteTemplates("requestTemplates"u8, integration.RequestTemplates);
        json.WriteString("passthroughBehavior"u8, integration.PassthroughBehavior switch
        {
            PassthroughBehavior.WhenNoTemplates => "WHEN_NO_TEMPLATES"u8,
            PassthroughBehavior.Never => "NEVER"u8,
            _ => "WHEN_NO_MATCH"u8,
        });
        WriteConversion(integration.ContentHandling);
        json.WriteNumber("timeoutInMillis"u8, integration.TimeoutInMillis ?? ReadIntegration.DefaultTimeout);
        json.WriteString("cacheNamespace"u8, integration.CacheNamespace is { Length: > 0 } space ? space : resourceId);
        WriteTexts("cacheKeyParameters"u8, integration.CacheKeyParameters);
        if (integration.Responses.Count > 0) WriteIntegrationResponses(integration.Responses);
        if (integration.Tls is { } tls)
        {
            json.WriteStartObject("tlsConfig"u8);
            json.WriteBoolean("insecureSkipVerification"u8, tls.InsecureSkipVerification);
            if (tls.ServerNameToVerify is { } server) json.WriteString("serverNameToVerify"u8, server);
            json.WriteEndObject();
        }

        if (integration.ResponseTransferMode == ResponseTransferMode.Stream) json.WriteString("responseTransferMode"u8, "STREAM"u8);
        if (integration.Target is { } target) json.WriteString("integrationTarget"u8, target);
        if (integration.Upstream is { } upstream)
        {
            json.WritePropertyName("x-edgeproxy-upstream"u8);
            UpstreamWriter.Write(upstream).WriteTo(json);
        }
    }

    private void WriteIntegrationResponses(IReadOnlyList<IntegrationResponseDefinition> responses)
    {
        List<IntegrationResponseDefinition>? further = null;
        var statuses = new List<int>(responses.Count);
        json.WriteStartObject("integrationResponses"u8);
        foreach (IntegrationResponseDefinition response in responses)
        {
            if (statuses.Contains(response.StatusCode))
            {
                (further ??= []).Add(response);
                continue;
            }

            statuses.Add(response.StatusCode);
            json.WritePropertyName(response.StatusCode.ToString(CultureInfo.InvariantCulture));
            WriteIntegrationResponse(response);
        }

        json.WriteEndObject();
        if (further is null) return;

        // API Gateway has one response for each status; we answer by all that a document has, as we do when it is served from its file.
        json.WriteStartArray(ReadIntegration.FurtherResponses);
        foreach (IntegrationResponseDefinition response in further) WriteIntegrationResponse(response);
        json.WriteEndArray();
    }

    private void WriteIntegrationResponse(IntegrationResponseDefinition response)
    {
        json.WriteStartObject();
        json.WriteString("statusCode"u8, response.StatusCode.ToString(CultureInfo.InvariantCulture));
        if (response.SelectionPattern is { Length: > 0 } pattern) json.WriteString("selectionPattern"u8, pattern);
        WriteMappings("responseParameters"u8, response.ResponseParameters);
        WriteTemplates("responseTemplates"u8, response.ResponseTemplates);
        WriteConversion(response.ContentHandling);
        json.WriteEndObject();
    }

    private void WriteConversion(ContentHandling conversion)
    {
        if (conversion != ContentHandling.Passthrough) json.WriteString("contentHandling"u8, conversion == ContentHandling.ConvertToText ? "CONVERT_TO_TEXT"u8 : "CONVERT_TO_BINARY"u8);
    }

    private void WriteMappings(ReadOnlySpan<byte> member, IReadOnlyList<ParameterMappingDefinition> mappings)
    {
        if (mappings.Count == 0) return;
        json.WriteStartObject(member);
        foreach (ParameterMappingDefinition mapping in mappings) json.WriteString(mapping.Target, mapping.Source);
        json.WriteEndObject();
    }

    private void WriteTemplates(ReadOnlySpan<byte> member, IReadOnlyList<TemplateDefinition> templates)
    {
        if (templates.Count == 0) return;
        json.WriteStartObject(member);
        foreach (TemplateDefinition template in templates) json.WriteString(template.MediaType, template.Text);
        json.WriteEndObject();
    }

    private void WriteModels(ReadOnlySpan<byte> member, IReadOnlyList<ModelUseDefinition> models)
    {
        if (models.Count == 0) return;
        json.WriteStartObject(member);
        var written = new List<string>(models.Count);
        foreach (ModelUseDefinition model in models)
        {
            if (written.Contains(model.MediaType)) continue;
            written.Add(model.MediaType);
            json.WriteString(model.MediaType, model.Model);
        }

        json.WriteEndObject();
    }

    private void WriteTexts(ReadOnlySpan<byte> member, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(member);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
