using System.Text.Json;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.ControlPlane.Management.V1;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>Makes a definition of the records of a REST API: the same that an import of its document gives, without places.</summary>
/// <remarks>
/// Runs at every deployment, so methods are read straight from their bytes (<see cref="ReadMethod"/>). What a client left out and the service filled in (a time-out of
/// 29 s, the resource's own cache namespace, a gateway response's standard form) is read as not written, for it is what the compiler does of itself. Never throws on records:
/// one that cannot be read is a problem, and what it was is left out, so that its API cannot be deployed but others can.
/// </remarks>
public static class ReadDefinition
{
    /// <summary>The definition.</summary>
    /// <param name="api">The records of one API, as they are or as a deployment froze them.</param>
    /// <param name="problems">Gets records that make no sense.</param>
    public static ApiDefinition Run(RecordScope api, ProblemList problems) => Deployed(api, problems) with { Documentation = ReadDocumentation(api, problems) };

    /// <summary>What of it a deployment freezes: all but the documentation, which has versions of its own.</summary>
    /// <param name="api">The records of one API, as they are or as a deployment froze them.</param>
    /// <param name="problems">Gets records that make no sense.</param>
    public static ApiDefinition Deployed(RecordScope api, ProblemList problems)
    {
        string id = api.Id[(api.Id.IndexOf('/', StringComparison.Ordinal) + 1)..];
        WireValue root = OpenOrNull(api.Find(Kinds.RestApi, id), problems) ?? WireValue.NewObject();
        var authorizerNames = new Dictionary<string, string>(StringComparer.Ordinal);
        var validatorNames = new Dictionary<string, string>(StringComparer.Ordinal);
        List<AuthorizerDefinition> authorizers = ReadAuthorizers(api, authorizerNames, problems);
        List<RequestValidatorDefinition> validators = ReadValidators(api, validatorNames, problems);
        List<ResourceDefinition> resources = ReadResources(api, problems, out string?[] paths);
        return new ApiDefinition
        {
            Id = id,
            Name = root.TextOf("name") ?? id,
            Description = root.TextOf("description"),
            Version = root.TextOf("version"),
            Resources = resources,
            Methods = ReadMethods(api, paths, new ReadMethod(authorizerNames, validatorNames, problems), problems),
            Authorizers = authorizers,
            Models = ReadModels(api, problems),
            RequestValidators = validators,
            GatewayResponses = ReadGatewayResponses(api, problems),
            BinaryMediaTypes = root.TextsOf("binaryMediaTypes"),
            MinimumCompressionSize = (int?)root.NumberOf("minimumCompressionSize"),
            ApiKeySource = root.TextOf("apiKeySource") == "AUTHORIZER" ? ApiKeySource.Authorizer : ApiKeySource.Header,
            Policy = root.TextOf("policy") is { Length: > 0 } policy ? new PolicyDefinition(PolicyText.Plain(policy), null) : null,
            Endpoint = ReadEndpoint(root),
            Tags = ReadTags(root),
        };
    }

    internal static List<TemplateDefinition> TemplatesOf(WireValue owner, string member)
    {
        var templates = new List<TemplateDefinition>();
        foreach ((string mediaType, WireValue text) in owner.MembersOf(member)) templates.Add(new TemplateDefinition(mediaType, text.Text, null));
        return templates;
    }

    internal static List<ParameterMappingDefinition> MappingsOf(WireValue owner, string member)
    {
        var mappings = new List<ParameterMappingDefinition>();
        foreach ((string target, WireValue source) in owner.MembersOf(member)) mappings.Add(new ParameterMappingDefinition(target, source.Text, null));
        return mappings;
    }

    internal static IReadOnlyDictionary<string, string> ReadTags(WireValue root)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, WireValue value) in root.MembersOf("tags")) tags[name] = value.Text;
        return tags;
    }

    internal static List<ModelDefinition> ReadModels(RecordScope api, ProblemList problems)
    {
        var models = new List<ModelDefinition>();
        foreach (Record record in api.All(Kinds.Model))
        {
            if (OpenOrNull(record, problems) is not { } model) continue;
            models.Add(new ModelDefinition(model.TextOf("name") ?? record.Key, model.TextOf("contentType") ?? "application/json", model.TextOf("schema") ?? "{}", model.TextOf("description"), null));
        }

        return models;
    }

    /// <summary>A record to look into; null when there is none, or it is no JSON, which is a problem.</summary>
    internal static WireValue? OpenOrNull(Record? record, ProblemList problems)
    {
        if (record is null) return null;
        if (WireValue.TryParse(record.Json.Span, out WireValue? value)) return value;
        ReportBroken(record.Key, problems);
        return null;
    }

    /// <summary>A name that none of several things with the same one shares: definitions are told apart by names, records by ids.</summary>
    internal static string NameApart(Dictionary<string, string> namesById, string id, string? name)
    {
        string apart = name is null or "" || namesById.ContainsValue(name) ? $"{name} ({id})" : name;
        namesById[id] = apart;
        return apart;
    }

    private static void ReportBroken(string key, ProblemList problems) => problems.Error(ProblemCode.Syntax, null, $"The record {key} in the store cannot be read. Restore it from an export.");

    private static List<ResourceDefinition> ReadResources(RecordScope api, ProblemList problems, out string?[] paths)
    {
        IReadOnlyList<Record> records = api.All(Kinds.Resource);
        var resources = new List<ResourceDefinition>(records.Count);
        paths = new string?[records.Count];
        for (int i = 0; i < paths.Length; i++)
        {
            if ((paths[i] = PathOrNull(records[i], problems)) is { } path) resources.Add(new ResourceDefinition(path, null));
        }

        resources.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return resources;
    }

    private static string? PathOrNull(Record record, ProblemList problems)
    {
        try
        {
            var json = new Utf8JsonReader(record.Json.Span);
            if (!WireFields.Open(ref json)) return null;
            while (WireFields.Next(ref json))
            {
                if (json.ValueTextEquals("path"u8)) return WireFields.TextOrNull(ref json);
                WireFields.Pass(ref json);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            ReportBroken(record.Key, problems);
        }

        return null;
    }

    // The paths are those of the resources' records, in their order.
    private static List<MethodDefinition> ReadMethods(RecordScope api, string?[] paths, ReadMethod read, ProblemList problems)
    {
        IReadOnlyList<Record> records = api.All(Kinds.Method);
        RecordTable? resources = api.TableOrNull(Kinds.Resource);
        var methods = new List<MethodDefinition>(records.Count);
        foreach (Record record in records)
        {
            int slash = record.Key.IndexOf('/', StringComparison.Ordinal);
            int resource = resources?.IndexOf(slash < 0 ? record.Key : record.Key.AsSpan(0, slash)) ?? -1;
            if (resource < 0 || paths[resource] is not { } path) continue; // its resource has a problem of its own
            try
            {
                methods.Add(read.Run(path, VerbOf(record.Key.AsSpan(slash + 1)), resources!.Records[resource].Key, record.Json.Span));
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                ReportBroken(record.Key, problems);
            }
        }

        // Ids are random, and the same API should be compiled in the same order wherever it is.
        methods.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path) is var order && order != 0 ? order : string.CompareOrdinal(a.Verb, b.Verb));
        return methods;
    }

    // Every method has one of a few.
    private static string VerbOf(ReadOnlySpan<char> text) => text switch
    {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        "HEAD" => "HEAD",
        "ANY" => "ANY",
        _ => text.ToString(),
    };

    private static List<AuthorizerDefinition> ReadAuthorizers(RecordScope api, Dictionary<string, string> names, ProblemList problems)
    {
        var authorizers = new List<AuthorizerDefinition>();
        foreach (Record record in api.All(Kinds.Authorizer))
        {
            if (OpenOrNull(record, problems) is not { } authorizer) continue;
            WireValue? jwt = authorizer["jwtConfiguration"];
            var issuers = new List<JwtIssuerDefinition>();
            foreach (WireValue issuer in jwt?["issuers"]?.Items ?? [])
            {
                issuers.Add(new JwtIssuerDefinition(issuer.TextOf("issuer") ?? "", issuer.TextsOf("audiences"), issuer["additionalClaims"]?.ToString(), null));
            }

            authorizers.Add(new AuthorizerDefinition
            {
                Name = NameApart(names, record.Key, authorizer.TextOf("name")),
                Kind = authorizer.TextOf("type") switch
                {
                    "TOKEN" => AuthorizerKind.Token,
                    "COGNITO_USER_POOLS" => AuthorizerKind.CognitoUserPools,
                    "JWT" => AuthorizerKind.Jwt,
                    _ => AuthorizerKind.Request,
                },
                AuthType = authorizer.TextOf("authType"),
                Uri = authorizer.TextOf("authorizerUri"),
                Credentials = authorizer.TextOf("authorizerCredentials"),
                IdentitySources = authorizer.TextOf("identitySource")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
                IdentityValidationExpression = authorizer.TextOf("identityValidationExpression"),
                ResultTtlInSeconds = (int?)authorizer.NumberOf("authorizerResultTtlInSeconds"),
                ProviderArns = authorizer.TextsOf("providerARNs"),
                Issuers = issuers,
                DefaultAlgorithms = jwt?.TextsOf("defaultAlgorithms") ?? [],
            });
        }

        return authorizers;
    }

    private static List<RequestValidatorDefinition> ReadValidators(RecordScope api, Dictionary<string, string> names, ProblemList problems)
    {
        var validators = new List<RequestValidatorDefinition>();
        foreach (Record record in api.All(Kinds.RequestValidator))
        {
            if (OpenOrNull(record, problems) is not { } validator) continue;
            string name = NameApart(names, record.Key, validator.TextOf("name"));
            validators.Add(new RequestValidatorDefinition(name, validator.IsTrueOf("validateRequestBody"), validator.IsTrueOf("validateRequestParameters"), null));
        }

        return validators;
    }

    private static List<GatewayResponseDefinition> ReadGatewayResponses(RecordScope api, ProblemList problems)
    {
        var responses = new List<GatewayResponseDefinition>();
        foreach (Record record in api.All(Kinds.GatewayResponse))
        {
            if (OpenOrNull(record, problems) is not { } response || response.IsTrueOf("defaultResponse")) continue;
            List<TemplateDefinition> templates = TemplatesOf(response, "responseTemplates");
            if (templates is [{ MediaType: "application/json", Text: GatewayResponseDefaults.Template }]) templates = [];
            int? status = response.TextOf("statusCode") is { } text && StatusCode.TryParse(text, out int code) ? code : null;
            responses.Add(new GatewayResponseDefinition(record.Key, status, MappingsOf(response, "responseParameters"), templates, null));
        }

        return responses;
    }

    private static EndpointDefinition? ReadEndpoint(WireValue root)
    {
        bool isDisabled = root.IsTrueOf("disableExecuteApiEndpoint");
        IReadOnlyList<string> vpcEndpoints = root["endpointConfiguration"]?.TextsOf("vpcEndpointIds") ?? [];
        string? policy = root.TextOf("securityPolicy");
        string? mode = root.TextOf("endpointAccessMode");
        return !isDisabled && vpcEndpoints.Count == 0 && policy is null && mode is null ? null : new EndpointDefinition(isDisabled, vpcEndpoints, policy, mode, null);
    }

    private static DocumentationDefinition? ReadDocumentation(RecordScope api, ProblemList problems)
    {
        var parts = new List<DocumentationPartDefinition>();
        foreach (Record record in api.All(Kinds.DocumentationPart))
        {
            if (OpenOrNull(record, problems) is { } part) parts.Add(new DocumentationPartDefinition(part["location"]?.ToString() ?? "{}", part.TextOf("properties") ?? "{}", null));
        }

        return parts.Count == 0 ? null : new DocumentationDefinition(null, parts, null);
    }
}
