using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Exports.OpenApi;

/// <summary>Writes resources and their methods as <c>paths</c>.</summary>
internal sealed class PathsWriter(ExportContext context, SecurityWriter security, ModelWriter models)
{
    private const string AnyMethod = "x-amazon-apigateway-any-method";
    private const string Json = "application/json";

    private readonly IntegrationWriter _integrations = new(context);

    public WireValue Write()
    {
        // Found by name once for each method, of which there may be thousands.
        var items = new Dictionary<string, WireValue>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (MethodDefinition method in context.Api.Methods)
        {
            ItemOf(method.IsDefaultRoute ? "/$default" : method.Path).Set(VerbOf(method.Verb), Operation(method));
        }

        // What has neither methods nor resources below it would come back by nothing else.
        var parents = new HashSet<string>(StringComparer.Ordinal) { "/" };
        foreach (string path in order) AddParents(path, parents);
        foreach (ResourceDefinition resource in context.Api.Resources) AddParents(resource.Path, parents);
        foreach (ResourceDefinition resource in context.Api.Resources)
        {
            if (!parents.Contains(resource.Path)) ItemOf(resource.Path);
        }

        if (order.Count == 0 && context.Api.Resources.Count > 0) ItemOf("/");

        WireValue paths = WireValue.NewObject();
        foreach (string path in order) paths.Add(path, items[path]);
        return paths;

        WireValue ItemOf(string path)
        {
            if (items.TryGetValue(path, out WireValue? item)) return item;
            items.Add(path, item = WireValue.NewObject());
            order.Add(path);
            return item;
        }
    }

    private static void AddParents(string path, HashSet<string> parents)
    {
        for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (!parents.Add(path[..slash])) return;
        }
    }

    private static string VerbOf(string verb) => verb == "ANY" ? AnyMethod : verb.ToLowerInvariant();

    private WireValue Operation(MethodDefinition method)
    {
        WireValue operation = WireValue.NewObject().Set("operationId", method.OperationName).Set("description", method.Description);
        WriteMediaTypes(method, operation);
        WireValue parameters = Parameters(method);
        if (parameters.Items.Count > 0) operation["parameters"] = parameters;
        if (!context.IsSwagger && method.RequestModels.Count > 0) operation.ObjectAt("requestBody").Set("content", Content(method.RequestModels)).Set("required", true);
        operation["responses"] = Responses(method);
        WireValue requirements = security.Requirements(method);
        if (requirements.Items.Count > 0) operation["security"] = requirements;
        if (method.IsDefaultRoute && method.Verb == "ANY") operation.Set("isDefaultRoute", true);
        if (!context.HasExtensions) return operation;
        operation.Set("x-amazon-apigateway-request-validator", method.RequestValidator);
        if (method.ResponseValidation != ResponseValidation.Off) operation.Set("x-edgeproxy-response-validation", method.ResponseValidation == ResponseValidation.Report ? "report" : "enforce");
        if (method.CachePolicy is { } policy) operation["x-edgeproxy-cache"] = CachePolicy(policy);
        if (method.Integration is { } integration) operation["x-amazon-apigateway-integration"] = _integrations.Write(integration);
        return operation;
    }

    // Only Swagger says these beside its schemas, of which it has one for each body.
    private void WriteMediaTypes(MethodDefinition method, WireValue operation)
    {
        if (!context.IsSwagger) return;
        if (method.RequestModels.Count > 0) operation["consumes"] = Types([method.RequestModels]);
        var produced = new List<IReadOnlyList<ModelUseDefinition>>();
        foreach (MethodResponseDefinition response in method.Responses)
        {
            if (response.Models.Count > 0) produced.Add(response.Models);
        }

        if (produced.Count > 0) operation["produces"] = Types(produced);

        static WireValue Types(IReadOnlyList<IReadOnlyList<ModelUseDefinition>> uses)
        {
            var types = new List<string>();
            foreach (IReadOnlyList<ModelUseDefinition> list in uses)
            {
                foreach (ModelUseDefinition use in list)
                {
                    if (!types.Contains(use.MediaType)) types.Add(use.MediaType);
                }
            }

            return WireValue.Of(types);
        }
    }

    private WireValue Parameters(MethodDefinition method)
    {
        WireValue list = WireValue.NewList();
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            WireValue value = WireValue.NewObject().Set("name", parameter.Name).Set("in", parameter.Location switch
            {
                ParameterLocation.Path => "path",
                ParameterLocation.QueryString => "query",
                _ => "header",
            });
            list.Items.Add(TypeOf(value.Set("required", parameter.Required)));
        }

        if (context.IsSwagger && JsonUse(method.RequestModels) is { } body)
        {
            list.Items.Add(WireValue.NewObject().Set("in", "body").Set("name", body.Model).Set("required", true).Set("schema", models.Use(body.Model)));
        }

        return list;
    }

    private WireValue TypeOf(WireValue value)
    {
        if (context.IsSwagger) value.Set("type", "string");
        else value.ObjectAt("schema").Set("type", "string");
        return value;
    }

    private static ModelUseDefinition? JsonUse(IReadOnlyList<ModelUseDefinition> uses)
    {
        foreach (ModelUseDefinition use in uses)
        {
            if (use.MediaType == Json) return use;
        }

        return uses.Count > 0 ? uses[0] : null;
    }

    private WireValue Content(IReadOnlyList<ModelUseDefinition> uses)
    {
        WireValue content = WireValue.NewObject();
        foreach (ModelUseDefinition use in uses) content[use.MediaType] = WireValue.NewObject().Set("schema", models.Use(use.Model));
        return content;
    }

    private WireValue Responses(MethodDefinition method)
    {
        WireValue responses = WireValue.NewObject();
        foreach (MethodResponseDefinition response in method.Responses)
        {
            string status = ExportContext.Text(response.StatusCode)!;
            WireValue value = WireValue.NewObject().Set("description", status + " response");
            if (response.Headers.Count > 0)
            {
                WireValue headers = value.ObjectAt("headers");
                foreach (string header in response.Headers) headers[header] = TypeOf(WireValue.NewObject());
            }

            if (!context.IsSwagger) value["content"] = Content(response.Models);
            else if (JsonUse(response.Models) is { } body) value["schema"] = models.Use(body.Model);
            responses[status] = value;
        }

        // A document needs one; it means nothing to the gateway.
        if (method.Responses.Count == 0 && context.IsHttp) responses.ObjectAt("default").Set("description", $"Default response for {method.Verb} {method.Path}");
        return responses;
    }

    /// <summary>The value of <c>x-edgeproxy-cache</c>.</summary>
    public static WireValue CachePolicy(CachePolicyDefinition policy)
    {
        WireValue value = WireValue.NewObject();
        Flag("rfc9111", policy.Rfc9111);
        Number("heuristicPercent", policy.HeuristicPercent);
        Number("staleWhileRevalidate", policy.StaleWhileRevalidate);
        Number("staleIfError", policy.StaleIfError);
        Number("keepExpired", policy.KeepExpired);
        Flag("honorRequests", policy.HonorRequests);
        Flag("coalesce", policy.Coalesce);
        Flag("compressedVariants", policy.CompressedVariants);
        return value;

        void Flag(string name, bool? flag)
        {
            if (flag is { } said) value.Set(name, said);
        }

        void Number(string name, int? number)
        {
            if (number is { } said) value.Set(name, said);
        }
    }
}
