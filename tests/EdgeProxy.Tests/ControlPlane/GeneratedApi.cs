using EdgeProxy.Definitions;

namespace EdgeProxy.Tests.ControlPlane;

/// <summary>Makes definitions at random, with every member that a definition has and texts that are hard to write down.</summary>
internal sealed class GeneratedApi(Random random, ApiKind kind)
{
    private static readonly string[] Texts =
    [
        "x", "two words", "yes", "1.0", "null", "", "'static'", "a: b", "# no comment", "- item", "caf\u00e9 \ud83d\ude00", "quote \" and \\ back", "line\nbreak", "#set($x = $input.path('$'))\n{\"a\": \"$x.a\"}\n", "  indented\nless\n\n", "tab\there",
        "${stageVariables.x}", "{\"message\":$context.error.messageString}", "carriage\r\nreturn", "\u2028", "&anchor *alias !tag", "%percent @at `tick",
    ];

    private static readonly string[] MediaTypes = ["application/json", "application/xml", "text/plain", "image/png", "application/vnd.api+json"];
    private static readonly string[] Verbs = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "ANY"];

    private readonly List<string> _models = [];
    private readonly List<string> _validators = [];
    private readonly List<AuthorizerDefinition> _authorizers = [];
    private readonly List<SecuritySchemeDefinition> _schemes = [];

    private bool IsHttp => kind == ApiKind.Http;

    public ApiDefinition Make()
    {
        for (int i = random.Next(4); i > 0; i--) _models.Add("Model" + i);
        if (!IsHttp) for (int i = random.Next(3); i > 0; i--) _validators.Add(Text() + i);
        for (int i = random.Next(4); i > 0; i--) AddAuthorizer("auth" + i);
        if (Chance()) _schemes.Add(new SecuritySchemeDefinition("api_key", "apiKey", "header", "x-api-key", null, null));
        if (Chance()) _schemes.Add(new SecuritySchemeDefinition("sigv4", "apiKey", "header", "Authorization", "awsSigv4", null));
        if (Chance()) _schemes.Add(new SecuritySchemeDefinition("other", "oauth2", null, null, null, null));
        var methods = new List<MethodDefinition>();
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            string path = Of("/", "/pets", "/pets/{petId}", "/a/b/c", "/a/b", "/files/{path+}");
            if (!paths.Add(path)) continue;
            foreach (string verb in Verbs)
            {
                if (random.Next(4) == 0) methods.Add(Method(path, verb));
            }
        }

        if (IsHttp && Chance()) methods.Add(Method("$default", "ANY"));
        return new ApiDefinition
        {
            Id = "abcdefghij",
            Name = Filled(),
            Kind = kind,
            Description = Maybe(Text),
            Version = Maybe(Filled),
            BasePath = Maybe(() => Of("/v1", "/a/b")),
            Resources = Resources(paths),
            Methods = methods,
            Authorizers = _authorizers,
            SecuritySchemes = _schemes,
            Models = _models.ConvertAll(Model),
            RequestValidators = _validators.ConvertAll(name => new RequestValidatorDefinition(name, Chance(), Chance(), null)),
            GatewayResponses = IsHttp ? [] : GatewayResponses(),
            BinaryMediaTypes = IsHttp ? [] : List(() => Of(MediaTypes)),
            MinimumCompressionSize = IsHttp ? null : Number(0, 10_485_760),
            ApiKeySource = !IsHttp && Chance() ? ApiKeySource.Authorizer : ApiKeySource.Header,
            Policy = !IsHttp && Chance() ? new PolicyDefinition("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*"}]}""", null) : null,
            Cors = IsHttp && Chance() ? Cors() : null,
            Endpoint = Chance() ? new EndpointDefinition(true, List(() => "vpce-" + random.Next(100)), Maybe(() => "TLS_1_2"), Maybe(() => Of("BASIC", "STRICT")), null) : null,
            Documentation = Chance() ? Documentation() : null,
            Tags = IsHttp && Chance() ? new Dictionary<string, string> { ["stage"] = Text(), ["team"] = Text() } : [],
        };
    }

    private static List<ResourceDefinition> Resources(SortedSet<string> paths)
    {
        var all = new SortedSet<string>(paths, StringComparer.Ordinal);
        if (paths.Count > 0) all.Add("/");
        foreach (string path in paths)
        {
            for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1)) all.Add(path[..slash]);
        }

        // A resource without methods at the end of a path has to survive as well; one that is above others comes with them.
        return [.. all.Select(path => new ResourceDefinition(path, null))];
    }

    private MethodDefinition Method(string path, string verb)
    {
        (AuthorizationKind authorization, string? authorizer) = Authorization();
        return new MethodDefinition
        {
            Path = path,
            Verb = verb,
            IsDefaultRoute = path == "$default",
            OperationName = Maybe(Filled),
            Description = Maybe(Text),
            Parameters = Parameters(),
            RequestModels = ModelUses(),
            Authorization = new AuthorizationDefinition(authorization, authorizer, authorizer is null ? [] : List(() => "scope" + random.Next(10)), null),
            ApiKeyRequired = !IsHttp && Chance(),
            RequestValidator = _validators.Count > 0 && Chance() ? _validators[random.Next(_validators.Count)] : null,
            ResponseValidation = (ResponseValidation)random.Next(3),
            CachePolicy = Maybe(() => new CachePolicyDefinition { Rfc9111 = true, HeuristicPercent = Number(0, 100), StaleIfError = Number(0, 60), Coalesce = Flag(), CompressedVariants = Flag(), HonorRequests = Flag(), KeepExpired = Number(0, 9), StaleWhileRevalidate = Number(0, 9) }),
            Responses = [.. new[] { 200, 201, 404, 500 }.Where(_ => Chance()).Select(status => new MethodResponseDefinition(status, Chance() ? ["ETag", "X-\u00e9"] : [], ModelUses(), null))],
            Integration = Integration(),
        };
    }

    private (AuthorizationKind Kind, string? Authorizer) Authorization()
    {
        int choice = random.Next(4);
        if (choice == 0) return (AuthorizationKind.AwsIam, null);
        if (choice == 1 || _authorizers.Count == 0) return (AuthorizationKind.None, null);
        AuthorizerDefinition authorizer = _authorizers[random.Next(_authorizers.Count)];
        return (authorizer.Kind switch
        {
            AuthorizerKind.CognitoUserPools => AuthorizationKind.CognitoUserPools,
            AuthorizerKind.Jwt => AuthorizationKind.Jwt,
            _ => AuthorizationKind.Custom,
        }, authorizer.Name);
    }

    private void AddAuthorizer(string name)
    {
        AuthorizerKind kindOf = IsHttp ? (Chance() ? AuthorizerKind.Jwt : AuthorizerKind.Request) : (AuthorizerKind)random.Next(4);
        bool isToken = kindOf is AuthorizerKind.Token or AuthorizerKind.CognitoUserPools;
        string? authType = Maybe(() => "custom");
        var authorizer = new AuthorizerDefinition
        {
            Name = name,
            Kind = kindOf,
            AuthType = authType,
            Uri = kindOf is AuthorizerKind.Token or AuthorizerKind.Request ? "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations" : null,
            Credentials = Maybe(() => "arn:aws:iam::000000000000:role/r"),
            IdentitySources = isToken ? ["method.request.header." + Of("Authorization", "X-Token")] : [.. new[] { "method.request.header.A", "method.request.querystring.b", "context.stage" }.Where(_ => Chance())],
            IdentityValidationExpression = kindOf == AuthorizerKind.Token ? Maybe(() => "^Bearer [-0-9a-zA-Z._]*$") : null,
            ResultTtlInSeconds = Number(0, 3600),
            PayloadFormatVersion = IsHttp ? Maybe(() => Of("1.0", "2.0")) : null,
            EnableSimpleResponses = IsHttp && Chance(),
            ProviderArns = kindOf == AuthorizerKind.CognitoUserPools ? ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a"] : [],
            Issuers = kindOf != AuthorizerKind.Jwt ? [] : [.. Enumerable.Range(0, random.Next(1, 3)).Select(i => new JwtIssuerDefinition($"https://issuer{i}.example.com", List(() => "aud"), Chance() ? null : """{"azp":["a"]}""", null))],
            DefaultAlgorithms = kindOf == AuthorizerKind.Jwt && Chance() ? ["RS256"] : [],
        };
        _authorizers.Add(authorizer);
        _schemes.Add(IsHttp && kindOf == AuthorizerKind.Jwt
            ? new SecuritySchemeDefinition(name, "oauth2", null, null, authType, null)
            : new SecuritySchemeDefinition(name, "apiKey", "header", Of("Authorization", "X-Token", "Unused"), authType, null));
    }

    private ModelDefinition Model(string name)
    {
        string reference = Chance() ? "#/components/schemas/" : "#/definitions/";
        string schema = $$$"""{"type":"object","description":"{{{name}}}","properties":{"a":{"type":"string","pattern":"^\\d+\"$"},"self":{"$ref":"{{{reference}}}{{{_models[^1]}}}"},"list":{"type":"array","items":{"$ref":"{{{reference}}}{{{name}}}"}},"n":{"type":"number","minimum":1.50}},"required":["a"]}""";
        return new ModelDefinition(name, "application/json", schema, name, null);
    }

    private List<ModelUseDefinition> ModelUses() =>
        _models.Count == 0 || Chance() ? [] : [.. MediaTypes.Where(_ => Chance()).Select(type => new ModelUseDefinition(type, _models[random.Next(_models.Count)], null))];

    private List<ParameterDefinition> Parameters() =>
        [.. new[] { ParameterLocation.Path, ParameterLocation.QueryString, ParameterLocation.Header }.SelectMany(place => new[] { "petId", "q", "X-\u00e9" }.Where(_ => random.Next(3) == 0).Select(name => new ParameterDefinition(place, name, Chance(), null)))];

    private IntegrationDefinition Integration() => new()
    {
        Kind = IsHttp ? (Chance() ? IntegrationKind.HttpProxy : IntegrationKind.AwsProxy) : (IntegrationKind)random.Next(5),
        Uri = Maybe(() => Of("http://127.0.0.1:8081/{petId}", "https://${stageVariables.host}/x?y=z", "arn:aws:apigateway:us-east-1:sqs:action/SendMessage")),
        HttpMethod = Maybe(() => Of(Verbs)),
        TimeoutInMillis = Number(50, 29_000),
        Credentials = Maybe(() => "arn:aws:iam::*:user/*"),
        Connection = (ConnectionKind)random.Next(2),
        ConnectionId = Maybe(() => "${stageVariables.link}"),
        Target = IsHttp ? null : Maybe(() => "arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/a"),
        PassthroughBehavior = (PassthroughBehavior)random.Next(3),
        ContentHandling = (ContentHandling)random.Next(3),
        RequestParameters = Mappings("integration.request.header."),
        RequestTemplates = Templates(),
        Responses = IsHttp ? [] : [.. new[] { null, "4\\d{2}", ".*\"quoted\".*\n", "no: # comment", "yes", new string('x', 1200) }.Where(_ => Chance()).Select(pattern => new IntegrationResponseDefinition
        {
            SelectionPattern = pattern,
            StatusCode = random.Next(200, 600),
            ResponseParameters = Mappings("method.response.header."),
            ResponseTemplates = Templates(),
            ContentHandling = (ContentHandling)random.Next(3),
        })],
        ResponseParameters = IsHttp && Chance() ? [new StatusMappingsDefinition(200, Mappings("append:header."), null), new StatusMappingsDefinition(404, [new ParameterMappingDefinition("overwrite:statuscode", "403", null)], null)] : [],
        Tls = Maybe(() => new TlsDefinition(Chance(), Maybe(() => "name.example.com"), null)),
        Upstream = Maybe(Upstream),
        ResponseTransferMode = (ResponseTransferMode)random.Next(2),
        CacheNamespace = Maybe(Text),
        CacheKeyParameters = List(() => "method.request.querystring.q"),
        PayloadFormatVersion = Maybe(() => Of("1.0", "2.0")),
        Subtype = IsHttp ? Maybe(() => "SQS-SendMessage") : null,
    };

    private UpstreamDefinition Upstream() => new()
    {
        Protocol = Chance() ? (UpstreamProtocol)random.Next(3) : null,
        Trailers = Flag(),
        CaFile = Maybe(() => "/etc/ca.pem"),
        ClientCertificateFile = Maybe(() => "/etc/client.pem"),
        ClientKeyFile = Maybe(() => "/etc/client.key"),
        ServerName = Maybe(() => "internal"),
        Targets = Maybe(() => (IReadOnlyList<TargetDefinition>)[new TargetDefinition("a:8080", 3, null), new TargetDefinition("${stageVariables.b}", 0, null)]),
        Balance = Chance() ? (TargetBalance)random.Next(2) : null,
        FailureStatuses = Maybe(() => (IReadOnlyList<string>)["502", "503-504"]),
        PanicPercent = Number(0, 100),
        Retries = Maybe(() => new RetryDefinition { Attempts = Number(1, 10), TryTimeoutInMillis = Number(0, 99), On = Maybe(() => (IReadOnlyList<string>)["connect", "503"]), NonIdempotent = Flag(), BudgetPercent = Number(0, 100), BudgetPerSecond = Number(0, 9), BackoffInMillis = Number(0, 9) }),
        Ejection = Maybe(() => new EjectionDefinition { ConsecutiveFailures = Number(0, 9), FailurePercent = Number(0, 100), LeastRequests = Number(1, 9), TimeInMillis = Number(1, 9), MostTimeInMillis = Number(1, 9), MostPercent = Number(0, 100) }),
        Circuit = Maybe(() => new CircuitDefinition { FailurePercent = Number(0, 100), LeastRequests = Number(1, 9), OpenTimeInMillis = Number(1, 9), MostOpenTimeInMillis = Number(1, 9), Probes = Number(1, 9) }),
        Health = Maybe(() => new HealthCheckDefinition { Path = Maybe(() => "/live"), IntervalInMillis = Number(10, 99), TimeoutInMillis = Number(1, 9), Statuses = Maybe(() => (IReadOnlyList<string>)["200-299"]), Healthy = Number(1, 9), Unhealthy = Number(1, 9) }),
        Concurrency = Maybe(() => new UpstreamCapDefinition(random.Next(1, 100), random.Next(100), random.Next(1, 100))),
    };

    private List<GatewayResponseDefinition> GatewayResponses() =>
        [.. new[] { "DEFAULT_4XX", "ACCESS_DENIED", "THROTTLED" }.Where(_ => Chance()).Select(type => new GatewayResponseDefinition(type, Number(200, 599), Mappings("gatewayresponse.header."), Templates(), null))];

    private CorsDefinition Cors() => new()
    {
        AllowOrigins = List(() => "https://a.example.com"),
        AllowMethods = List(() => "GET"),
        AllowHeaders = List(() => "x-a"),
        ExposeHeaders = List(() => "x-b"),
        AllowCredentials = Chance(),
        MaxAge = Number(-1, 86_400),
    };

    private DocumentationDefinition Documentation() => new(
        Maybe(Filled),
        [new DocumentationPartDefinition("""{"type":"METHOD","path":"/pets","method":"GET"}""", """{"description":"Lists\nall \"pets\"","tags":["a"]}""", null)],
        null);

    private List<ParameterMappingDefinition> Mappings(string prefix) => [.. new[] { "X-A", "X-b" }.Where(_ => Chance()).Select(name => new ParameterMappingDefinition(prefix + name, Text(), null))];

    private List<TemplateDefinition> Templates() => [.. MediaTypes.Where(_ => random.Next(3) == 0).Select(type => new TemplateDefinition(type, Text(), null))];

    private bool Chance() => random.Next(2) == 0;

    private bool? Flag() => random.Next(3) switch { 0 => true, 1 => false, _ => null };

    private int? Number(int least, int most) => Chance() ? random.Next(least, most + 1) : null;

    private T? Maybe<T>(Func<T> make)
        where T : class => Chance() ? make() : null;

    private string Of(params string[] choices) => choices[random.Next(choices.Length)];

    private string Text() => Of(Texts);

    private string Filled() => Text() + "x";

    private IReadOnlyList<string> List(Func<string> make) => Chance() ? [make()] : [];
}
