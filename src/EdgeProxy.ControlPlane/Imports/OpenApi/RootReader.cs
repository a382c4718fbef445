using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Reads the extensions at the root of a document (openapi-and-templates.md 4.4).</summary>
internal sealed class RootReader(ImportContext context)
{
    private const string Prefix = "x-amazon-apigateway-";

    private static readonly string[] ResponseTypes =
    [
        "ACCESS_DENIED", "API_CONFIGURATION_ERROR", "AUTHORIZER_CONFIGURATION_ERROR", "AUTHORIZER_FAILURE", "BAD_REQUEST_PARAMETERS",
        "BAD_REQUEST_BODY", "DEFAULT_4XX", "DEFAULT_5XX", "EXPIRED_TOKEN", "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT", "INVALID_API_KEY",
        "INVALID_SIGNATURE", "MISSING_AUTHENTICATION_TOKEN", "QUOTA_EXCEEDED", "REQUEST_TOO_LARGE", "RESOURCE_NOT_FOUND", "THROTTLED",
        "UNAUTHORIZED", "UNSUPPORTED_MEDIA_TYPE", "WAF_FILTERED",
    ];

    public IReadOnlyList<RequestValidatorDefinition> ReadRequestValidators()
    {
        var validators = new List<RequestValidatorDefinition>();
        foreach (DocumentEntry entry in MembersOf("request-validators"))
        {
            if (!entry.Value.ExpectMapping($"The request validator {entry.Name}", context.Problems)) continue;
            entry.Value.ExpectKeys("A request validator", ["validateRequestBody", "validateRequestParameters"], context.Problems);
            validators.Add(new RequestValidatorDefinition(
                entry.Name,
                Flag(entry.Value, "validateRequestBody"),
                Flag(entry.Value, "validateRequestParameters"),
                entry.Value.Origin));
        }

        return validators;
    }

    public IReadOnlyList<GatewayResponseDefinition> ReadGatewayResponses()
    {
        var responses = new List<GatewayResponseDefinition>();
        foreach (DocumentEntry entry in MembersOf("gateway-responses"))
        {
            if (!ResponseTypes.Contains(entry.Name))
            {
                context.Problems.Error(ProblemCode.NotAllowed, entry.Key.Origin, $"There is no gateway response type {entry.Name}.{Suggest.DidYouMean(entry.Name, ResponseTypes)} Correct or remove it.");
                continue;
            }

            if (!entry.Value.ExpectMapping($"The gateway response {entry.Name}", context.Problems)) continue;
            entry.Value.ExpectKeys("A gateway response", ["statusCode", "responseParameters", "responseTemplates"], context.Problems);
            responses.Add(new GatewayResponseDefinition(entry.Name, ReadStatus(entry.Value), ReadParameters(entry.Value), ReadTemplates(entry.Value), entry.Value.Origin));
        }

        return responses;
    }

    public IReadOnlyList<string> ReadBinaryMediaTypes() =>
        context.Root.Find(Prefix + "binary-media-types") is { IsNull: false } node ? node.ExpectStrings(Prefix + "binary-media-types", context.Problems) : [];

    public int? ReadMinimumCompressionSize() =>
        context.Root.Find(Prefix + "minimum-compression-size") is { IsNull: false } node
            ? (int?)node.ExpectInteger(Prefix + "minimum-compression-size", 0, 10_485_760, context.Problems)
            : null;

    public ApiKeySource ReadApiKeySource() =>
        context.Root.Find(Prefix + "api-key-source") is { IsNull: false } node
        && node.ExpectOneOf(Prefix + "api-key-source", ["HEADER", "AUTHORIZER"], StringComparison.OrdinalIgnoreCase, context.Problems) == "AUTHORIZER"
            ? ApiKeySource.Authorizer
            : ApiKeySource.Header;

    public PolicyDefinition? ReadPolicy()
    {
        if (context.Root.Find(Prefix + "policy") is not { IsNull: false } node || !node.ExpectMapping(Prefix + "policy", context.Problems)) return null;
        if (node.Find("Statement") is null) context.Problems.Error(ProblemCode.Missing, node.Origin, "The resource policy has no Statement. Add one, or remove the policy.");
        return new PolicyDefinition(DocumentJson.Write(node), node.Origin);
    }

    public CorsDefinition? ReadCors()
    {
        if (context.Root.Find(Prefix + "cors") is not { IsNull: false } node || !node.ExpectMapping(Prefix + "cors", context.Problems)) return null;
        node.ExpectKeys(Prefix + "cors", ["allowOrigins", "allowCredentials", "exposeHeaders", "maxAge", "allowMethods", "allowHeaders"], context.Problems);
        return new CorsDefinition
        {
            Origin = node.Origin,
            AllowOrigins = Texts(node, "allowOrigins"),
            AllowMethods = Texts(node, "allowMethods"),
            AllowHeaders = Texts(node, "allowHeaders"),
            ExposeHeaders = Texts(node, "exposeHeaders"),
            AllowCredentials = Flag(node, "allowCredentials"),
            MaxAge = node.Find("maxAge") is { IsNull: false } age ? (int?)age.ExpectInteger("maxAge", -1, 86_400, context.Problems) : null,
        };
    }

    public EndpointDefinition? ReadEndpoint()
    {
        string? policy = context.TextOf(context.Root, Prefix + "security-policy", Prefix + "security-policy");
        string? mode = context.Root.Find(Prefix + "endpoint-access-mode") is { IsNull: false } access
            ? access.ExpectOneOf(Prefix + "endpoint-access-mode", ["BASIC", "STRICT"], StringComparison.OrdinalIgnoreCase, context.Problems)
            : null;
        DocumentNode? configuration = context.Root.Find(Prefix + "endpoint-configuration")
            ?? context.Root.Find("servers")?.Items.Select(server => server.Find(Prefix + "endpoint-configuration")).FirstOrDefault(found => found is not null);
        bool disabled = false;
        IReadOnlyList<string> vpcEndpoints = [];
        if (configuration is { IsNull: false } && configuration.ExpectMapping(Prefix + "endpoint-configuration", context.Problems))
        {
            configuration.ExpectKeys(Prefix + "endpoint-configuration", ["disableExecuteApiEndpoint", "vpcEndpointIds", "types", "ipAddressType"], context.Problems);
            disabled = Flag(configuration, "disableExecuteApiEndpoint");
            vpcEndpoints = Texts(configuration, "vpcEndpointIds");
        }

        Origin? origin = configuration?.Origin ?? context.Root.Find(Prefix + "security-policy")?.Origin ?? context.Root.Find(Prefix + "endpoint-access-mode")?.Origin;
        return origin is null ? null : new EndpointDefinition(disabled, vpcEndpoints, policy, mode, origin);
    }

    public DocumentationDefinition? ReadDocumentation()
    {
        if (context.Root.Find(Prefix + "documentation") is not { IsNull: false } node || !node.ExpectMapping(Prefix + "documentation", context.Problems)) return null;
        var parts = new List<DocumentationPartDefinition>();
        if (node.Find("documentationParts") is { IsNull: false } list && list.ExpectSequence("documentationParts", context.Problems))
        {
            foreach (DocumentNode part in list.Items)
            {
                if (!part.ExpectMapping("A documentation part", context.Problems)) continue;
                if (part.Find("location") is not { IsMapping: true } location || part.Find("properties") is not { } properties)
                {
                    context.Problems.Error(ProblemCode.Missing, part.Origin, "A documentation part needs location (an object) and properties. Add them, or remove the part.");
                    continue;
                }

                parts.Add(new DocumentationPartDefinition(DocumentJson.Write(location), DocumentJson.Write(properties), part.Origin));
            }
        }

        return new DocumentationDefinition(node.Find("version") is { IsNull: false } version ? context.AnyText(version, "version") : null, parts, node.Origin);
    }

    public IReadOnlyDictionary<string, string> ReadTags()
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (context.Root.Find("tags") is not { IsNull: false } list || !list.ExpectSequence("tags", context.Problems)) return tags;
        foreach (DocumentNode tag in list.Items)
        {
            if (!tag.ExpectMapping("A tag", context.Problems)) continue;
            Extensions.Check(tag, DocumentPlace.Tag, "A tag", ["name", "description", "externalDocs", "summary", "parent", "kind"], context.Problems);

            // Only tags with a value are tags of the API; the others group operations.
            if (context.Kind == ApiKind.Http && context.TextOf(tag, "name", "name of a tag") is { } name)
            {
                tags[name] = context.TextOf(tag, Prefix + "tag-value", Prefix + "tag-value") ?? "";
            }
        }

        return tags;
    }

    private IReadOnlyList<DocumentEntry> MembersOf(string extension) =>
        context.Root.Find(Prefix + extension) is { IsNull: false } node && node.ExpectMapping(Prefix + extension, context.Problems) ? node.Entries : [];

    private bool Flag(DocumentNode node, string member) =>
        node.Find(member) is { IsNull: false } flag && flag.ExpectBoolean(member, context.Problems) == true;

    private IReadOnlyList<string> Texts(DocumentNode node, string member) =>
        node.Find(member) is { IsNull: false } list ? list.ExpectStrings(member, context.Problems) : [];

    private int? ReadStatus(DocumentNode node)
    {
        if (node.Find("statusCode") is not { IsNull: false } code || context.AnyText(code, "statusCode") is not { } text) return null;
        if (StatusCode.TryParse(text, out int status)) return status;
        context.Problems.Error(ProblemCode.OutOfRange, code.Origin, $"statusCode is \"{text}\"; it must be from 200 to 599.");
        return null;
    }

    private List<ParameterMappingDefinition> ReadParameters(DocumentNode node)
    {
        var mappings = new List<ParameterMappingDefinition>();
        if (node.Find("responseParameters") is not { IsNull: false } list || !list.ExpectMapping("responseParameters", context.Problems)) return mappings;
        foreach (DocumentEntry entry in list.Entries)
        {
            if (!entry.Name.StartsWith("gatewayresponse.header.", StringComparison.Ordinal))
            {
                context.Problems.Error(ProblemCode.BadMapping, entry.Key.Origin, $"The target \"{entry.Name}\" must be gatewayresponse.header.NAME.");
            }

            if (context.Text(entry.Value, $"The source of {entry.Name}") is { } source) mappings.Add(new ParameterMappingDefinition(entry.Name, source, entry.Value.Origin));
        }

        return mappings;
    }

    private List<TemplateDefinition> ReadTemplates(DocumentNode node)
    {
        var templates = new List<TemplateDefinition>();
        if (node.Find("responseTemplates") is not { IsNull: false } list || !list.ExpectMapping("responseTemplates", context.Problems)) return templates;
        foreach (DocumentEntry entry in list.Entries)
        {
            if (context.Text(entry.Value, $"The template of {entry.Name}") is { } text) templates.Add(new TemplateDefinition(entry.Name, text, entry.Value.Origin));
        }

        return templates;
    }
}
