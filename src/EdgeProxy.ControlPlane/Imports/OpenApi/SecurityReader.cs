using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Reads security schemes and requirements (openapi-and-templates.md 4.5).</summary>
internal sealed class SecurityReader(ImportContext context)
{
    private const string Authorizer = "x-amazon-apigateway-authorizer";
    private const string AuthType = "x-amazon-apigateway-authtype";
    private const string Auth = "x-amazon-apigateway-auth";
    private const string WellKnown = "/.well-known/openid-configuration";

    private static readonly string[] AuthorizerMembers =
    [
        "type", "authorizerUri", "authorizerCredentials", "authorizerPayloadFormatVersion", "enableSimpleResponses", "identitySource",
        "identityValidationExpression", "authorizerResultTtlInSeconds", "jwtConfiguration", "providerARNs",
    ];

    private readonly List<SecuritySchemeDefinition> _schemes = [];
    private readonly List<AuthorizerDefinition> _authorizers = [];
    private readonly Dictionary<string, DocumentNode> _declared = new(StringComparer.Ordinal);
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reportedAsOpen = new(StringComparer.Ordinal);
    private DocumentNode? _root;

    public IReadOnlyList<SecuritySchemeDefinition> Schemes => _schemes;

    public IReadOnlyList<AuthorizerDefinition> Authorizers => _authorizers;

    /// <summary>Reads <c>components.securitySchemes</c> or <c>securityDefinitions</c>.</summary>
    public void ReadSchemes()
    {
        DocumentNode? list = context.IsSwagger ? context.Root.Find("securityDefinitions") : context.Root.Find("components")?.Find("securitySchemes");
        if (list is not { IsNull: false } || !list.ExpectMapping(context.IsSwagger ? "securityDefinitions" : "components.securitySchemes", context.Problems)) return;
        foreach (DocumentEntry entry in list.Entries)
        {
            _declared[entry.Name] = entry.Value;
            if (!entry.Value.ExpectMapping($"The security scheme {entry.Name}", context.Problems) || context.Resolve(entry.Value) is not { } node || !ReadScheme(entry.Name, node))
            {
                _broken.Add(entry.Name);
            }
        }
    }

    /// <summary>Checks the root's requirement, once for all operations that inherit it.</summary>
    public void ReadRoot()
    {
        if (context.Root.Find("security") is not { IsNull: false } security) return;
        if (security.ExpectSequence("security", context.Problems)) _root = security;
    }

    /// <summary>What an operation asks for: its own <c>security</c>, else the root's, and <c>x-amazon-apigateway-auth</c>.</summary>
    public (AuthorizationDefinition Authorization, bool ApiKeyRequired, Origin? ApiKeyOrigin) ReadOperation(DocumentNode operation)
    {
        DocumentNode? security = operation.Find("security") is { IsNull: false } own ? (own.ExpectSequence("security", context.Problems) ? own : null) : _root;
        AuthorizationDefinition? authorization = null;
        DocumentNode? apiKey = null;
        foreach (DocumentNode requirement in security?.Items ?? [])
        {
            if (!requirement.IsMapping)
            {
                context.ErrorOnce(ProblemCode.WrongType, requirement, $"An entry of security is {requirement.Described}; it must be an object such as {{scheme: []}}.");
                continue;
            }

            foreach (DocumentEntry entry in requirement.Entries) Require(entry, ref authorization, ref apiKey);
        }

        if (ReadAuth(operation) is { } iam) authorization = iam;
        return (authorization ?? AuthorizationDefinition.None, apiKey is not null, apiKey?.Origin);
    }

    private void Require(DocumentEntry entry, ref AuthorizationDefinition? authorization, ref DocumentNode? apiKey)
    {
        if (!_declared.ContainsKey(entry.Name))
        {
            string home = context.IsSwagger ? "securityDefinitions" : "components.securitySchemes";
            context.ErrorOnce(ProblemCode.UnknownName, entry.Key, $"There is no security scheme \"{entry.Name}\".{Suggest.DidYouMean(entry.Name, _declared.Keys)} Define it in {home}.");
            return;
        }

        if (_broken.Contains(entry.Name)) return;
        SecuritySchemeDefinition scheme = _schemes.First(candidate => candidate.Name == entry.Name);
        AuthorizationDefinition? next = null;
        if (_authorizers.FirstOrDefault(candidate => candidate.Name == entry.Name) is { } authorizer)
        {
            next = new AuthorizationDefinition(KindOf(authorizer.Kind), authorizer.Name, ReadScopes(entry), entry.Key.Origin);
        }
        else if (string.Equals(scheme.AuthType, "awsSigv4", StringComparison.OrdinalIgnoreCase))
        {
            next = new AuthorizationDefinition(AuthorizationKind.AwsIam, null, [], entry.Key.Origin);
        }
        else if (scheme.Type == "apiKey" && scheme.In == "header" && string.Equals(scheme.ParameterName, "x-api-key", StringComparison.OrdinalIgnoreCase))
        {
            apiKey ??= entry.Key;
        }
        else if (_reportedAsOpen.Add(entry.Name))
        {
            context.Problems.Warning(ProblemCode.NotEnforced, entry.Key.Origin,
                $"API Gateway does not enforce the security scheme \"{entry.Name}\": it has no {Authorizer}. Its operations are open to everyone unless the back end checks. Add an authorizer, or remove the requirement.");
        }

        if (next is null) return;
        if (authorization is not null && (authorization.Kind != next.Kind || authorization.Authorizer != next.Authorizer))
        {
            context.ErrorOnce(ProblemCode.BadSecurity, entry.Key,
                $"security asks for \"{entry.Name}\" beside another authorizer; a method has one. Leave one of them, or combine their checks in one Lambda authorizer.");
            return;
        }

        authorization = next;
    }

    private static AuthorizationKind KindOf(AuthorizerKind kind) => kind switch
    {
        AuthorizerKind.CognitoUserPools => AuthorizationKind.CognitoUserPools,
        AuthorizerKind.Jwt => AuthorizationKind.Jwt,
        _ => AuthorizationKind.Custom,
    };

    private IReadOnlyList<string> ReadScopes(DocumentEntry entry)
    {
        if (entry.Value.IsNull) return [];
        if (entry.Value.IsSequence && entry.Value.Items.All(item => item.TryGetString(out _))) return [.. entry.Value.Items.Select(item => item.Text)];
        context.ErrorOnce(ProblemCode.WrongType, entry.Value, $"The scopes of {entry.Name} are {entry.Value.Described}; they must be a list of texts, empty for none.");
        return [];
    }

    private AuthorizationDefinition? ReadAuth(DocumentNode operation)
    {
        if (operation.Find(Auth) is not { } node || !node.ExpectMapping(Auth, context.Problems)) return null;
        node.ExpectKeys(Auth, ["type"], context.Problems);
        if (node.Find("type") is not { } type)
        {
            context.Problems.Error(ProblemCode.Missing, node.Origin, $"type of {Auth} is missing. Say NONE or AWS_IAM.");
            return null;
        }

        return type.ExpectOneOf($"type of {Auth}", ["NONE", "AWS_IAM"], StringComparison.OrdinalIgnoreCase, context.Problems) == "AWS_IAM"
            ? new AuthorizationDefinition(AuthorizationKind.AwsIam, null, [], type.Origin)
            : null;
    }

    private bool ReadScheme(string name, DocumentNode node)
    {
        if (!node.ExpectMapping($"The security scheme {name}", context.Problems)) return false;
        Extensions.Check(node, DocumentPlace.SecurityScheme, "A security scheme",
            ["type", "description", "name", "in", "scheme", "bearerFormat", "flow", "flows", "openIdConnectUrl", "authorizationUrl", "tokenUrl", "scopes"], context.Problems);
        string[] types = context.IsSwagger ? ["apiKey", "basic", "oauth2"]
            : context.Version == OpenApiVersion.OpenApi31 ? ["apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"]
            : ["apiKey", "http", "oauth2", "openIdConnect"];
        if (node.Find("type") is not { } typeNode)
        {
            context.Problems.Error(ProblemCode.Missing, node.Origin, $"type of the security scheme {name} is missing. Say {string.Join(", ", types)}.");
            return false;
        }

        if (typeNode.ExpectOneOf($"type of the security scheme {name}", types, StringComparison.Ordinal, context.Problems) is not { } type) return false;
        string? into = null, parameter = null;
        bool good = true;
        if (type == "apiKey")
        {
            string[] places = context.IsSwagger ? ["header", "query"] : ["header", "query", "cookie"];
            into = node.Find("in") is { } place ? place.ExpectOneOf("in", places, StringComparison.Ordinal, context.Problems) : MissingMember(node, "in", "header");
            parameter = node.Find("name") is { } header ? context.AnyText(header, "name") : MissingMember(node, "name", "the header");
            good = into is not null && parameter is not null;
        }

        string? authType = context.TextOf(node, AuthType, AuthType);
        _schemes.Add(new SecuritySchemeDefinition(name, type, into, parameter, authType, node.Origin));
        if (node.Find(Authorizer) is not { } authorizer) return good;
        return ReadAuthorizer(name, type, parameter, authType, node, authorizer) && good;
    }

    private string? MissingMember(DocumentNode node, string member, string say)
    {
        context.Problems.Error(ProblemCode.Missing, node.Origin, $"{member} of the apiKey scheme is missing. Say {say}.");
        return null;
    }

    private bool ReadAuthorizer(string name, string schemeType, string? header, string? authType, DocumentNode scheme, DocumentNode node)
    {
        if (!node.ExpectMapping(Authorizer, context.Problems)) return false;
        foreach (DocumentEntry entry in node.Entries)
        {
            if (!AuthorizerMembers.Contains(entry.Name) && !Extensions.IsExtension(entry.Name)) Extensions.ReportUnknown(entry, "An authorizer", AuthorizerMembers, context.Problems);
        }

        if (node.Find("type") is not { } typeNode)
        {
            context.Problems.Error(ProblemCode.Missing, node.Origin, $"type of the authorizer {name} is missing. Say token, request, cognito_user_pools or jwt.");
            return false;
        }

        string[] types = context.Kind == ApiKind.Http ? ["request", "jwt"] : ["token", "request", "cognito_user_pools", "jwt"];
        AuthorizerKind kind;
        switch (typeNode.ExpectOneOf($"type of the authorizer {name}", types, StringComparison.OrdinalIgnoreCase, context.Problems))
        {
            case "token": kind = AuthorizerKind.Token; break;
            case "request": kind = AuthorizerKind.Request; break;
            case "cognito_user_pools": kind = AuthorizerKind.CognitoUserPools; break;
            case "jwt": kind = AuthorizerKind.Jwt; break;
            default: return false;
        }

        if (context.Kind == ApiKind.Rest && kind != AuthorizerKind.Jwt && schemeType != "apiKey")
        {
            context.Problems.Error(ProblemCode.BadSecurity, scheme.Find("type")!.Origin,
                $"The security scheme {name} carries an authorizer of a REST API, which needs type: apiKey with in: header, not {schemeType}. Change the type and name the header.");
        }

        string? uri = context.TextOf(node, "authorizerUri", "authorizerUri");
        if (uri is null && kind is AuthorizerKind.Token or AuthorizerKind.Request && node.Find("authorizerUri") is null)
        {
            context.Problems.Error(ProblemCode.Missing, node.Origin, $"authorizerUri of the authorizer {name} is missing. Name the Lambda function that decides.");
        }

        _authorizers.Add(new AuthorizerDefinition
        {
            Name = name,
            Kind = kind,
            Origin = node.Origin,
            AuthType = authType,
            Uri = uri,
            Credentials = context.TextOf(node, "authorizerCredentials", "authorizerCredentials"),
            IdentitySources = ReadIdentitySources(node, kind, header),
            IdentityValidationExpression = context.TextOf(node, "identityValidationExpression", "identityValidationExpression"),
            ResultTtlInSeconds = node.Find("authorizerResultTtlInSeconds") is { IsNull: false } ttl ? (int?)ttl.ExpectInteger("authorizerResultTtlInSeconds", 0, 3600, context.Problems) : null,
            PayloadFormatVersion = node.Find("authorizerPayloadFormatVersion") is { IsNull: false } version ? context.AnyText(version, "authorizerPayloadFormatVersion") : null,
            EnableSimpleResponses = node.Find("enableSimpleResponses") is { IsNull: false } simple && simple.ExpectBoolean("enableSimpleResponses", context.Problems) == true,
            ProviderArns = node.Find("providerARNs") is { IsNull: false } arns ? arns.ExpectStrings("providerARNs", context.Problems) : [],
            Issuers = ReadIssuers(node, scheme),
            DefaultAlgorithms = node.Find("jwtConfiguration")?.Find("defaultAlgorithms") is { IsNull: false } algorithms ? algorithms.ExpectStrings("defaultAlgorithms", context.Problems) : [],
        });
        return true;
    }

    private IReadOnlyList<string> ReadIdentitySources(DocumentNode node, AuthorizerKind kind, string? header)
    {
        if (node.Find("identitySource") is { IsNull: false } source)
        {
            // HTTP APIs know a list as well as the comma-separated text.
            if (source.IsSequence) return source.ExpectStrings("identitySource", context.Problems);
            return context.Text(source, "identitySource")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        }

        return kind is AuthorizerKind.Token or AuthorizerKind.CognitoUserPools && header is not null ? [$"method.request.header.{header}"] : [];
    }

    private List<JwtIssuerDefinition> ReadIssuers(DocumentNode node, DocumentNode scheme)
    {
        var issuers = new List<JwtIssuerDefinition>();
        if (node.Find("jwtConfiguration") is not { IsNull: false } configuration || !configuration.ExpectMapping("jwtConfiguration", context.Problems)) return issuers;
        configuration.ExpectKeys("jwtConfiguration", ["issuer", "audience", "defaultAlgorithms", "issuers"], context.Problems);
        if (configuration.Find("issuers") is { IsNull: false } several && several.ExpectSequence("issuers", context.Problems))
        {
            foreach (DocumentNode item in several.Items)
            {
                if (!item.ExpectMapping("An entry of issuers", context.Problems)) continue;
                item.ExpectKeys("An entry of issuers", ["issuer", "audiences", "additionalClaims"], context.Problems);
                AddIssuer(issuers, item, context.TextOf(item, "issuer", "issuer"), "audiences", item.Find("additionalClaims"));
            }

            return issuers;
        }

        string? issuer = context.TextOf(configuration, "issuer", "issuer");
        if (issuer is null && context.TextOf(scheme, "openIdConnectUrl", "openIdConnectUrl") is { } url)
        {
            issuer = url.EndsWith(WellKnown, StringComparison.Ordinal) ? url[..^WellKnown.Length] : url;
        }

        AddIssuer(issuers, configuration, issuer, "audience", null);
        return issuers;
    }

    private void AddIssuer(List<JwtIssuerDefinition> issuers, DocumentNode node, string? issuer, string audiences, DocumentNode? claims)
    {
        if (issuer is null)
        {
            if (node.Find("issuer") is null) context.Problems.Error(ProblemCode.Missing, node.Origin, "issuer is missing. Name the URL in the iss claim of accepted tokens.");
            return;
        }

        issuers.Add(new JwtIssuerDefinition(
            issuer,
            node.Find(audiences) is { IsNull: false } list ? list.ExpectStrings(audiences, context.Problems) : [],
            claims is { IsNull: false } ? DocumentJson.Write(claims) : null,
            node.Origin));
    }
}
