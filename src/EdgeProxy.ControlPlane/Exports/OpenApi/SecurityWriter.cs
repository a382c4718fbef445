using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Exports.OpenApi;

/// <summary>Writes security schemes and what methods require of them (openapi-and-templates.md 4.5).</summary>
internal sealed class SecurityWriter
{
    private const string Authorizer = "x-amazon-apigateway-authorizer";
    private const string AuthType = "x-amazon-apigateway-authtype";
    private const string Signature = "awsSigv4";
    private const string WellKnown = "/.well-known/openid-configuration";
    private const string HeaderSource = "method.request.header.";

    private readonly ExportContext _context;
    private readonly Dictionary<string, AuthorizerDefinition> _authorizers = new(StringComparer.Ordinal);
    private readonly List<SecuritySchemeDefinition> _schemes;
    private string? _signature;
    private string? _apiKey;

    public SecurityWriter(ExportContext context)
    {
        _context = context;
        foreach (AuthorizerDefinition authorizer in context.Api.Authorizers) _authorizers.TryAdd(authorizer.Name, authorizer);
        _schemes = [.. context.Api.SecuritySchemes];
        foreach (SecuritySchemeDefinition scheme in _schemes)
        {
            if (_authorizers.ContainsKey(scheme.Name)) continue;
            if (string.Equals(scheme.AuthType, Signature, StringComparison.OrdinalIgnoreCase)) _signature ??= scheme.Name;
            else if (scheme is { Type: "apiKey", In: "header" } && string.Equals(scheme.ParameterName, "x-api-key", StringComparison.OrdinalIgnoreCase)) _apiKey ??= scheme.Name;
        }

        // Authorizers of the management API have no scheme of their own.
        foreach (AuthorizerDefinition authorizer in context.Api.Authorizers)
        {
            if (!HasScheme(authorizer.Name)) _schemes.Add(SchemeOf(authorizer));
        }
    }

    /// <summary>What a method requires.</summary>
    public WireValue Requirements(MethodDefinition method)
    {
        WireValue list = WireValue.NewList();
        AuthorizationDefinition authorization = method.Authorization;
        if (authorization.Kind == AuthorizationKind.AwsIam)
        {
            _signature ??= Add("sigv4", "Authorization", Signature);
            list.Items.Add(WireValue.NewObject().Set(_signature, WireValue.NewList()));
        }
        else if (authorization is { Kind: not AuthorizationKind.None, Authorizer: { } name })
        {
            list.Items.Add(WireValue.NewObject().Set(name, WireValue.Of(authorization.Scopes)));
        }

        if (!method.ApiKeyRequired) return list;
        _apiKey ??= Add("api_key", "x-api-key", authType: null);
        list.Items.Add(WireValue.NewObject().Set(_apiKey, WireValue.NewList()));
        return list;
    }

    /// <summary>All schemes; after every requirement has been written.</summary>
    public WireValue Write()
    {
        WireValue schemes = WireValue.NewObject();
        foreach (SecuritySchemeDefinition scheme in _schemes)
        {
            AuthorizerDefinition? authorizer = _authorizers.GetValueOrDefault(scheme.Name);
            WireValue value = Plain(scheme, authorizer);
            if (_context.HasAuthorizers)
            {
                value.Set(AuthType, scheme.AuthType);
                if (authorizer is not null) value[Authorizer] = Write(authorizer, scheme);
            }

            schemes[scheme.Name] = value;
        }

        return schemes;
    }

    private bool HasScheme(string name)
    {
        foreach (SecuritySchemeDefinition scheme in _schemes)
        {
            if (scheme.Name == name) return true;
        }

        return false;
    }

    private string Add(string name, string header, string? authType)
    {
        while (HasScheme(name)) name += "_";
        _schemes.Add(new SecuritySchemeDefinition(name, "apiKey", "header", header, authType, null));
        return name;
    }

    private SecuritySchemeDefinition SchemeOf(AuthorizerDefinition authorizer)
    {
        if (_context.IsHttp && authorizer.Kind == AuthorizerKind.Jwt) return new SecuritySchemeDefinition(authorizer.Name, "oauth2", null, null, authorizer.AuthType, null);
        string header = authorizer.IdentitySources is [var source] && HeaderOf(source) is { } named ? named : "Unused";
        string? authType = authorizer.AuthType ?? (_context.IsHttp ? null : authorizer.Kind == AuthorizerKind.CognitoUserPools ? "cognito_user_pools" : "custom");
        return new SecuritySchemeDefinition(authorizer.Name, "apiKey", "header", header, authType, null);
    }

    private static string? HeaderOf(string source) => source.StartsWith(HeaderSource, StringComparison.Ordinal) ? source[HeaderSource.Length..]
        : source.StartsWith("$request.header.", StringComparison.Ordinal) ? source["$request.header.".Length..]
        : null;

    // A scheme without extensions. Swagger lacks some kinds; to what nobody enforces the nearest is as good.
    private WireValue Plain(SecuritySchemeDefinition scheme, AuthorizerDefinition? authorizer)
    {
        WireValue value = WireValue.NewObject();
        switch (scheme.Type)
        {
            case "apiKey" when _context.IsSwagger && scheme.In == "cookie":
                return ApiKey(value, "Cookie", "header");
            case "apiKey":
                return ApiKey(value, scheme.ParameterName ?? "Unused", scheme.In ?? "header");
            case "http" or "basic" when authorizer is null:
                value.Set("type", _context.IsSwagger ? "basic" : "http");
                if (!_context.IsSwagger) value.Set("scheme", scheme.Type == "basic" ? "basic" : "bearer");
                return value;
            case "oauth2":
                return value.Set("type", "oauth2");
            case "openIdConnect" when !_context.IsSwagger:
                return value.Set("type", "openIdConnect").Set("openIdConnectUrl", authorizer is { Issuers: [var only, ..] } ? only.Issuer + WellKnown : null);
            case "http" when !_context.IsSwagger:
                return value.Set("type", "http").Set("scheme", "bearer");
            default:
                return ApiKey(value, authorizer is { IdentitySources: [var source, ..] } && HeaderOf(source) is { } header ? header : "Authorization", "header");
        }

        static WireValue ApiKey(WireValue value, string name, string place) => value.Set("type", "apiKey").Set("name", name).Set("in", place);
    }

    private WireValue Write(AuthorizerDefinition authorizer, SecuritySchemeDefinition scheme)
    {
        WireValue value = WireValue.NewObject();
        value.Set("type", authorizer.Kind switch
        {
            AuthorizerKind.Token => "token",
            AuthorizerKind.Request => "request",
            AuthorizerKind.CognitoUserPools => "cognito_user_pools",
            _ => "jwt",
        });
        value.Set("authorizerUri", authorizer.Uri).Set("authorizerCredentials", authorizer.Credentials);
        if (!IsImplied(authorizer, scheme)) value.Set("identitySource", IdentitySource(authorizer.IdentitySources));
        value.Set("identityValidationExpression", authorizer.IdentityValidationExpression);
        if (authorizer.ResultTtlInSeconds is { } ttl) value.Set("authorizerResultTtlInSeconds", ttl);
        value.Set("authorizerPayloadFormatVersion", authorizer.PayloadFormatVersion);
        if (authorizer.EnableSimpleResponses) value.Set("enableSimpleResponses", true);
        if (authorizer.ProviderArns.Count > 0) value["providerARNs"] = WireValue.Of(authorizer.ProviderArns);
        if (authorizer.Issuers.Count > 0 || authorizer.DefaultAlgorithms.Count > 0) value["jwtConfiguration"] = Jwt(authorizer);
        return value;
    }

    // The header of the scheme is the identity source of these where they name none.
    private static bool IsImplied(AuthorizerDefinition authorizer, SecuritySchemeDefinition scheme) =>
        authorizer.Kind is AuthorizerKind.Token or AuthorizerKind.CognitoUserPools
        && scheme is { Type: "apiKey", ParameterName: { } name }
        && authorizer.IdentitySources is [var only] && only == HeaderSource + name;

    private static WireValue? IdentitySource(IReadOnlyList<string> sources)
    {
        if (sources.Count == 0) return null;
        foreach (string source in sources)
        {
            if (source.Contains(',', StringComparison.Ordinal) || source.Trim() != source) return WireValue.Of(sources);
        }

        return WireValue.Of(string.Join(',', sources));
    }

    private static WireValue Jwt(AuthorizerDefinition authorizer)
    {
        WireValue value = WireValue.NewObject();
        if (authorizer.DefaultAlgorithms.Count == 0 && authorizer.Issuers is [{ AdditionalClaims: null } only])
        {
            value.Set("issuer", only.Issuer);
            if (only.Audiences.Count > 0) value["audience"] = WireValue.Of(only.Audiences);
            return value;
        }

        if (authorizer.DefaultAlgorithms.Count > 0) value["defaultAlgorithms"] = WireValue.Of(authorizer.DefaultAlgorithms);
        WireValue issuers = value.ListAt("issuers");
        foreach (JwtIssuerDefinition issuer in authorizer.Issuers)
        {
            WireValue item = WireValue.NewObject().Set("issuer", issuer.Issuer);
            if (issuer.Audiences.Count > 0) item["audiences"] = WireValue.Of(issuer.Audiences);
            if (issuer.AdditionalClaims is { } claims) item["additionalClaims"] = ExportContext.Json(claims);
            issuers.Items.Add(item);
        }

        return value;
    }
}
