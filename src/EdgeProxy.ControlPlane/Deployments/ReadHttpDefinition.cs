using System.Globalization;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>Makes a definition of the records of an HTTP API: the same that an import of its document gives, without places and without what HTTP APIs do not use.</summary>
public static class ReadHttpDefinition
{
    private const int DefaultTimeout = 30_000;
    private const string Target = "integrations/";

    /// <summary>The definition.</summary>
    /// <param name="api">The records of one API, as they are or as a deployment froze them.</param>
    /// <param name="problems">Gets records that make no sense.</param>
    public static ApiDefinition Run(RecordScope api, ProblemList problems)
    {
        string id = api.Id[(api.Id.IndexOf('/', StringComparison.Ordinal) + 1)..];
        WireValue root = ReadDefinition.OpenOrNull(api.Find(Kinds.Api, id), problems) ?? WireValue.NewObject();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        List<AuthorizerDefinition> authorizers = ReadAuthorizers(api, names, problems);
        List<MethodDefinition> methods = ReadMethods(api, names, problems);
        return new ApiDefinition
        {
            Id = id,
            Name = root.TextOf("name") ?? id,
            Kind = ApiKind.Http,
            Description = root.TextOf("description"),
            Version = root.TextOf("version"),
            Resources = ResourcesOf(methods),
            Methods = methods,
            Authorizers = authorizers,
            Cors = root["corsConfiguration"] is { IsObject: true } cors ? ReadCors(cors) : null,
            Endpoint = root.IsTrueOf("disableExecuteApiEndpoint") ? new EndpointDefinition(true, [], null, null, null) : null,
            Tags = ReadDefinition.ReadTags(root),
        };
    }

    private static CorsDefinition ReadCors(WireValue cors) => new()
    {
        AllowOrigins = cors.TextsOf("allowOrigins"),
        AllowMethods = cors.TextsOf("allowMethods"),
        AllowHeaders = cors.TextsOf("allowHeaders"),
        ExposeHeaders = cors.TextsOf("exposeHeaders"),
        AllowCredentials = cors.IsTrueOf("allowCredentials"),
        MaxAge = (int?)cors.NumberOf("maxAge"),
    };

    private static List<AuthorizerDefinition> ReadAuthorizers(RecordScope api, Dictionary<string, string> names, ProblemList problems)
    {
        var authorizers = new List<AuthorizerDefinition>();
        foreach (Record record in api.All(Kinds.Authorizer))
        {
            if (ReadDefinition.OpenOrNull(record, problems) is not { } authorizer) continue;
            WireValue? jwt = authorizer["jwtConfiguration"];
            authorizers.Add(new AuthorizerDefinition
            {
                Name = ReadDefinition.NameApart(names, record.Key, authorizer.TextOf("name")),
                Kind = authorizer.TextOf("authorizerType") == "JWT" ? AuthorizerKind.Jwt : AuthorizerKind.Request,
                Uri = authorizer.TextOf("authorizerUri"),
                Credentials = authorizer.TextOf("authorizerCredentialsArn"),
                IdentitySources = authorizer.TextsOf("identitySource"),
                IdentityValidationExpression = authorizer.TextOf("identityValidationExpression"),
                ResultTtlInSeconds = (int?)authorizer.NumberOf("authorizerResultTtlInSeconds"),
                PayloadFormatVersion = authorizer.TextOf("authorizerPayloadFormatVersion"),
                EnableSimpleResponses = authorizer.IsTrueOf("enableSimpleResponses"),
                Issuers = jwt?.TextOf("issuer") is { } issuer ? [new JwtIssuerDefinition(issuer, jwt.TextsOf("audience"), null, null)] : [],
            });
        }

        return authorizers;
    }

    private static List<MethodDefinition> ReadMethods(RecordScope api, Dictionary<string, string> authorizers, ProblemList problems)
    {
        var extensions = new ReadExtensions(problems);
        var integrations = new Dictionary<string, IntegrationDefinition?>(StringComparer.Ordinal);
        var methods = new List<MethodDefinition>();
        foreach (Record record in api.All(Kinds.Route))
        {
            if (ReadDefinition.OpenOrNull(record, problems) is not { } route) continue;
            string key = route.TextOf("routeKey") ?? "";
            int blank = key.IndexOf(' ', StringComparison.Ordinal);
            bool isDefault = key == "$default";
            if (blank <= 0 && !isDefault)
            {
                problems.Error(ProblemCode.BadPath, null, $"The route key \"{key}\" is none of an HTTP API; it must be a verb and a path, or $default.");
                continue;
            }

            methods.Add(new MethodDefinition
            {
                Path = isDefault ? "$default" : key[(blank + 1)..],
                Verb = isDefault ? "ANY" : key[..blank],
                IsDefaultRoute = isDefault,
                OperationName = route.TextOf("operationName"),
                Authorization = AuthorizationOf(route, authorizers),
                CachePolicy = route[CachePolicyReader.Name] is { } cache ? extensions.CachePolicy(cache.ToBytes()) : null,
                Integration = IntegrationOf(api, route, integrations, extensions, problems),
            });
        }

        methods.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path) is var order && order != 0 ? order : string.CompareOrdinal(a.Verb, b.Verb));
        return methods;
    }

    // As in ReadMethod: an id that leads nowhere stays as a name that leads nowhere.
    private static AuthorizationDefinition AuthorizationOf(WireValue route, Dictionary<string, string> authorizers)
    {
        AuthorizationKind kind = route.TextOf("authorizationType") switch
        {
            null or "" or "NONE" => AuthorizationKind.None,
            "AWS_IAM" => AuthorizationKind.AwsIam,
            "JWT" => AuthorizationKind.Jwt,
            _ => AuthorizationKind.Custom,
        };
        if (kind == AuthorizationKind.None) return AuthorizationDefinition.None;
        return new AuthorizationDefinition(kind, kind != AuthorizationKind.AwsIam && route.TextOf("authorizerId") is { } id ? authorizers.GetValueOrDefault(id, id) : null, route.TextsOf("authorizationScopes"), null);
    }

    // Routes that share an integration share its definition.
    private static IntegrationDefinition? IntegrationOf(RecordScope api, WireValue route, Dictionary<string, IntegrationDefinition?> read, ReadExtensions extensions, ProblemList problems)
    {
        if (route.TextOf("target") is not { } target || !target.StartsWith(Target, StringComparison.Ordinal)) return null;
        string id = target[Target.Length..];
        if (read.TryGetValue(id, out IntegrationDefinition? known)) return known;
        WireValue? value = ReadDefinition.OpenOrNull(api.Find(Kinds.Integration, id), problems);
        return read[id] = value is null ? null : Read(value, extensions);
    }

    private static IntegrationDefinition Read(WireValue value, ReadExtensions extensions)
    {
        var statuses = new List<StatusMappingsDefinition>();
        foreach ((string status, _) in value.MembersOf("responseParameters"))
        {
            if (int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out int code)) statuses.Add(new StatusMappingsDefinition(code, ReadDefinition.MappingsOf(value["responseParameters"]!, status), null));
        }

        int? timeout = (int?)value.NumberOf("timeoutInMillis");
        return new IntegrationDefinition
        {
            Kind = value.TextOf("integrationType") switch
            {
                "AWS_PROXY" => IntegrationKind.AwsProxy,
                "AWS" => IntegrationKind.Aws,
                "HTTP" => IntegrationKind.Http,
                "MOCK" => IntegrationKind.Mock,
                _ => IntegrationKind.HttpProxy,
            },
            Uri = value.TextOf("integrationUri"),
            HttpMethod = value.TextOf("integrationMethod"),
            TimeoutInMillis = timeout == DefaultTimeout ? null : timeout,
            Credentials = value.TextOf("credentialsArn"),
            Connection = value.TextOf("connectionType") == "VPC_LINK" ? ConnectionKind.VpcLink : ConnectionKind.Internet,
            ConnectionId = value.TextOf("connectionId"),
            RequestParameters = ReadDefinition.MappingsOf(value, "requestParameters"),
            ResponseParameters = statuses,
            Tls = value["tlsConfig"]?.TextOf("serverNameToVerify") is { } name ? new TlsDefinition(false, name, null) : null,
            Upstream = value[UpstreamReader.Name] is { } upstream ? extensions.Upstream(upstream.ToBytes()) : null,
            PayloadFormatVersion = value.TextOf("payloadFormatVersion"),
            Subtype = value.TextOf("integrationSubtype"),
        };
    }

    // As an import makes them: each path, and all above it.
    private static List<ResourceDefinition> ResourcesOf(List<MethodDefinition> methods)
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        foreach (MethodDefinition method in methods)
        {
            if (method.IsDefaultRoute) continue;
            string path = method.Path;
            if (!paths.Add(path)) continue;
            for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1)) paths.Add(path[..slash]);
            paths.Add("/");
        }

        var resources = new List<ResourceDefinition>(paths.Count);
        foreach (string path in paths) resources.Add(new ResourceDefinition(path, null));
        return resources;
    }
}
