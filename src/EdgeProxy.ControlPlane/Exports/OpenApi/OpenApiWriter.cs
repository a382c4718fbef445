using System.Text;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Exports.OpenApi;

/// <summary>Makes a document of a definition: OpenAPI 3.0.1 or Swagger 2.0 (control-plane.md 3.8). The way back is <see cref="Imports.OpenApi.OpenApiImporter"/>.</summary>
/// <remarks>With all extensions what is written imports to the same API, as far as the form can say it (decision 0050). Never fails on a definition.</remarks>
public static class OpenApiWriter
{
    private const string Prefix = "x-amazon-apigateway-";

    /// <summary>The document of an API.</summary>
    public static WireValue Write(ApiDefinition api, OpenApiExportOptions options)
    {
        var context = new ExportContext(api, options);
        WireValue root = WireValue.NewObject();
        root.Set(context.IsSwagger ? "swagger" : "openapi", context.IsSwagger ? "2.0" : "3.0.1");
        WireValue info = WireValue.NewObject().Set("title", api.Name).Set("description", api.Description);
        root["info"] = info.Set("version", api.Version ?? options.FallbackVersion);
        WriteAddress(context, root);
        if (context.HasExtensions && context.IsHttp && api.Tags.Count > 0) root["tags"] = Tags(api);

        var security = new SecurityWriter(context);
        var models = new ModelWriter(context);
        root["paths"] = new PathsWriter(context, security, models).Write();

        WireValue schemas = models.Write();
        WireValue schemes = security.Write();
        if (context.IsSwagger)
        {
            if (schemes.Members.Count > 0) root["securityDefinitions"] = schemes;
            if (schemas.Members.Count > 0) root["definitions"] = schemas;
        }
        else if (schemas.Members.Count + schemes.Members.Count > 0)
        {
            WireValue components = root.ObjectAt("components");
            if (schemas.Members.Count > 0) components["schemas"] = schemas;
            if (schemes.Members.Count > 0) components["securitySchemes"] = schemes;
        }

        if (context.HasExtensions) WriteExtensions(context, root);
        if ((options.Extensions & OpenApiExtensions.Documentation) != 0 && api.Documentation is { } documentation) root[Prefix + "documentation"] = Documentation(documentation);
        return root;
    }

    /// <summary>The host of an API's stages.</summary>
    public static string HostOf(string apiId, string region) => $"{apiId}.execute-api.{region}.amazonaws.com";

    private static void WriteAddress(ExportContext context, WireValue root)
    {
        (ApiDefinition api, OpenApiExportOptions options) = (context.Api, context.Options);
        if (context.IsSwagger)
        {
            if (options.Stage is null)
            {
                root.Set("basePath", api.BasePath);
                return;
            }

            root.Set("host", HostOf(api.Id, options.Region)).Set("basePath", "/" + options.Stage);
            root["schemes"] = WireValue.Of(["https"]);
            return;
        }

        WireValue? endpoint = context.HasExtensions ? Endpoint(api.Endpoint) : null;
        if (options.Stage is null && api.BasePath is null && endpoint is null) return;
        WireValue server = WireValue.NewObject();
        if (options.Stage is null)
        {
            server.Set("url", api.BasePath ?? "/");
        }
        else
        {
            server.Set("url", $"https://{HostOf(api.Id, options.Region)}/{{basePath}}");

            // The stage $default is served without a path.
            server.ObjectAt("variables").ObjectAt("basePath").Set("default", options.Stage == "$default" ? "" : options.Stage);
        }

        if (endpoint is not null) server[Prefix + "endpoint-configuration"] = endpoint;
        root.ListAt("servers").Items.Add(server);
    }

    private static WireValue? Endpoint(EndpointDefinition? endpoint)
    {
        if (endpoint is null || (!endpoint.DisableExecuteApiEndpoint && endpoint.VpcEndpointIds.Count == 0)) return null;
        WireValue value = WireValue.NewObject();
        if (endpoint.DisableExecuteApiEndpoint) value.Set("disableExecuteApiEndpoint", true);
        if (endpoint.VpcEndpointIds.Count > 0) value["vpcEndpointIds"] = WireValue.Of(endpoint.VpcEndpointIds);
        return value;
    }

    private static WireValue Tags(ApiDefinition api)
    {
        WireValue list = WireValue.NewList();
        foreach ((string name, string value) in api.Tags) list.Items.Add(WireValue.NewObject().Set("name", name).Set(Prefix + "tag-value", value));
        return list;
    }

    private static void WriteExtensions(ExportContext context, WireValue root)
    {
        ApiDefinition api = context.Api;
        if (context.IsHttp)
        {
            root.Set(Prefix + "importexport-version", "1.0").Set("x-edgeproxy-api-type", "HTTP");
            if (api.Cors is { } cors) root[Prefix + "cors"] = Cors(cors);
        }

        if (api.ApiKeySource == ApiKeySource.Authorizer) root.Set(Prefix + "api-key-source", "AUTHORIZER");
        if (context.IsSwagger && Endpoint(api.Endpoint) is { } endpoint) root[Prefix + "endpoint-configuration"] = endpoint;
        root.Set(Prefix + "security-policy", api.Endpoint?.SecurityPolicy).Set(Prefix + "endpoint-access-mode", api.Endpoint?.AccessMode);
        if (api.GatewayResponses.Count > 0) root[Prefix + "gateway-responses"] = GatewayResponses(api);
        if (api.RequestValidators.Count > 0) root[Prefix + "request-validators"] = Validators(api);
        if (api.Policy is { } policy) root[Prefix + "policy"] = ExportContext.Json(policy.Text);
        if (api.BinaryMediaTypes.Count > 0) root[Prefix + "binary-media-types"] = WireValue.Of(api.BinaryMediaTypes);
        if (api.MinimumCompressionSize is { } size) root.Set(Prefix + "minimum-compression-size", size);
    }

    private static WireValue Cors(CorsDefinition cors)
    {
        WireValue value = WireValue.NewObject();
        List("allowOrigins", cors.AllowOrigins);
        List("allowMethods", cors.AllowMethods);
        List("allowHeaders", cors.AllowHeaders);
        List("exposeHeaders", cors.ExposeHeaders);
        if (cors.AllowCredentials) value.Set("allowCredentials", true);
        if (cors.MaxAge is { } age) value.Set("maxAge", age);
        return value;

        void List(string name, IReadOnlyList<string> texts)
        {
            if (texts.Count > 0) value[name] = WireValue.Of(texts);
        }
    }

    private static WireValue GatewayResponses(ApiDefinition api)
    {
        WireValue responses = WireValue.NewObject();
        foreach (GatewayResponseDefinition response in api.GatewayResponses)
        {
            WireValue value = WireValue.NewObject().Set("statusCode", ExportContext.Text(response.StatusCode));
            if (response.ResponseParameters.Count > 0) value["responseParameters"] = IntegrationWriter.Mappings(response.ResponseParameters);
            if (response.ResponseTemplates.Count > 0) value["responseTemplates"] = IntegrationWriter.Templates(response.ResponseTemplates);
            responses[response.ResponseType] = value;
        }

        return responses;
    }

    private static WireValue Validators(ApiDefinition api)
    {
        WireValue validators = WireValue.NewObject();
        foreach (RequestValidatorDefinition validator in api.RequestValidators)
        {
            validators[validator.Name] = WireValue.NewObject()
                .Set("validateRequestBody", validator.ValidateRequestBody)
                .Set("validateRequestParameters", validator.ValidateRequestParameters);
        }

        return validators;
    }

    private static WireValue Documentation(DocumentationDefinition documentation)
    {
        WireValue value = WireValue.NewObject().Set("version", documentation.Version);
        WireValue parts = value.ListAt("documentationParts");
        foreach (DocumentationPartDefinition part in documentation.Parts)
        {
            parts.Items.Add(WireValue.NewObject().Set("location", ExportContext.Json(part.Location)).Set("properties", ExportContext.Json(part.Properties)));
        }

        return value;
    }
}
