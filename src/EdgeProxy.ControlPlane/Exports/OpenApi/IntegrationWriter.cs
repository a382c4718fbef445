using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Exports.OpenApi;

/// <summary>Writes <c>x-amazon-apigateway-integration</c> (openapi-and-templates.md 4.6).</summary>
internal sealed class IntegrationWriter(ExportContext context)
{
    // Operations may share one; it is written for each, but worked out once.
    private readonly Dictionary<IntegrationDefinition, WireValue> _written = new(ReferenceEqualityComparer.Instance);

    public WireValue Write(IntegrationDefinition integration)
    {
        if (!_written.TryGetValue(integration, out WireValue? value)) _written.Add(integration, value = Of(integration));
        return value;
    }

    public static WireValue Mappings(IReadOnlyList<ParameterMappingDefinition> mappings) => ExportContext.Map(mappings, static mapping => mapping.Target, static mapping => mapping.Source);

    public static WireValue Templates(IReadOnlyList<TemplateDefinition> templates) => ExportContext.Map(templates, static template => template.MediaType, static template => template.Text);

    private WireValue Of(IntegrationDefinition integration)
    {
        WireValue value = WireValue.NewObject().Set("type", integration.Kind switch
        {
            IntegrationKind.Mock => "mock",
            IntegrationKind.Http => "http",
            IntegrationKind.HttpProxy => "http_proxy",
            IntegrationKind.Aws => "aws",
            _ => "aws_proxy",
        });
        value.Set("integrationSubtype", integration.Subtype).Set("httpMethod", integration.HttpMethod).Set("uri", integration.Uri).Set("credentials", integration.Credentials);
        if (integration.Connection == ConnectionKind.VpcLink) value.Set("connectionType", "VPC_LINK");
        value.Set("connectionId", integration.ConnectionId).Set("integrationTarget", integration.Target);
        if (integration.Responses.Count > 0) value["responses"] = Responses(integration.Responses);
        if (integration.RequestParameters.Count > 0) value["requestParameters"] = Mappings(integration.RequestParameters);
        if (integration.RequestTemplates.Count > 0) value["requestTemplates"] = Templates(integration.RequestTemplates);
        if (integration.ResponseParameters.Count > 0)
        {
            WireValue byStatus = value.ObjectAt("responseParameters");
            foreach (StatusMappingsDefinition status in integration.ResponseParameters) byStatus[ExportContext.Text(status.StatusCode)!] = Mappings(status.Mappings);
        }

        if (!context.IsHttp || integration.PassthroughBehavior != PassthroughBehavior.WhenNoMatch)
        {
            value.Set("passthroughBehavior", integration.PassthroughBehavior switch
            {
                PassthroughBehavior.WhenNoTemplates => "when_no_templates",
                PassthroughBehavior.Never => "never",
                _ => "when_no_match",
            });
        }

        value.Set("contentHandling", TextOf(integration.ContentHandling));
        if (integration.TimeoutInMillis is { } timeout) value.Set("timeoutInMillis", timeout);
        value.Set("cacheNamespace", integration.CacheNamespace);
        if (integration.CacheKeyParameters.Count > 0) value["cacheKeyParameters"] = WireValue.Of(integration.CacheKeyParameters);
        value.Set("payloadFormatVersion", integration.PayloadFormatVersion);
        if (integration.ResponseTransferMode == ResponseTransferMode.Stream) value.Set("responseTransferMode", "STREAM");
        if (integration.Tls is { } tls)
        {
            WireValue config = value.ObjectAt("tlsConfig");
            if (tls.InsecureSkipVerification || tls.ServerNameToVerify is null) config.Set("insecureSkipVerification", tls.InsecureSkipVerification);
            config.Set("serverNameToVerify", tls.ServerNameToVerify);
        }

        if (integration.Upstream is { } upstream) value["x-edgeproxy-upstream"] = UpstreamWriter.Write(upstream);
        return value;
    }

    // By pattern, of which the management API takes several alike; the first is the one that answers.
    private static WireValue Responses(IReadOnlyList<IntegrationResponseDefinition> responses)
    {
        WireValue value = WireValue.NewObject();
        foreach (IntegrationResponseDefinition response in responses)
        {
            // "default" as a pattern would read as no pattern.
            string name = response.SelectionPattern is "default" ? "(?:default)" : response.SelectionPattern ?? "default";
            if (value[name] is not null) continue;
            WireValue entry = WireValue.NewObject().Set("statusCode", ExportContext.Text(response.StatusCode));
            if (response.ResponseParameters.Count > 0) entry["responseParameters"] = Mappings(response.ResponseParameters);
            if (response.ResponseTemplates.Count > 0) entry["responseTemplates"] = Templates(response.ResponseTemplates);
            value[name] = entry.Set("contentHandling", TextOf(response.ContentHandling));
        }

        return value;
    }

    private static string? TextOf(ContentHandling handling) => handling switch
    {
        ContentHandling.ConvertToText => "CONVERT_TO_TEXT",
        ContentHandling.ConvertToBinary => "CONVERT_TO_BINARY",
        _ => null,
    };
}
