using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using static EdgeProxy.Conformance.Tests.ApiGateway.OpenApiDocument;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>openapi-and-templates.md 4.5: security schemes and requirements.</summary>
public sealed class OpenApi_4_5_Security
{
    private const string Token = "fn: {type: apiKey, in: header, name: Auth, x-amazon-apigateway-authtype: custom, x-amazon-apigateway-authorizer: {type: TOKEN, authorizerUri: 'arn:f', authorizerCredentials: 'arn:r', identityValidationExpression: '^x', authorizerResultTtlInSeconds: 60}}";
    private const string Key = "key: {type: apiKey, in: header, name: X-Api-Key}";

    [Fact]
    public void Records_a_token_authorizer_named_after_its_scheme()
    {
        ApiDefinition api = Accepted(WithSchemes(Token, "security: [{fn: []}]"));
        AuthorizerDefinition authorizer = api.Authorizers[0];
        Assert.Equal(("fn", AuthorizerKind.Token, "arn:f", "arn:r", "^x", 60, "custom"),
            (authorizer.Name, authorizer.Kind, authorizer.Uri, authorizer.Credentials, authorizer.IdentityValidationExpression, authorizer.ResultTtlInSeconds, authorizer.AuthType));
        Assert.Equal(["method.request.header.Auth"], authorizer.IdentitySources);
        Assert.Equal((AuthorizationKind.Custom, "fn"), (api.Methods[0].Authorization.Kind, api.Methods[0].Authorization.Authorizer));
    }

    [Fact]
    public void Records_a_request_authorizer_with_several_sources()
    {
        ApiDefinition api = Accepted(WithSchemes(
            "fn: {type: apiKey, in: header, name: Unused, x-amazon-apigateway-authorizer: {type: request, authorizerUri: 'arn:f', identitySource: 'method.request.header.A, method.request.querystring.b'}}",
            "security: [{fn: []}]"));
        Assert.Equal(["method.request.header.A", "method.request.querystring.b"], api.Authorizers[0].IdentitySources);
    }

    [Fact]
    public void Records_user_pools_with_scopes()
    {
        ApiDefinition api = Accepted(WithSchemes(
            "pool: {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authtype: cognito_user_pools, x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: ['arn:p']}}",
            "security: [{pool: [read, write]}]"));
        Assert.Equal(["arn:p"], api.Authorizers[0].ProviderArns);
        Assert.Equal(AuthorizationKind.CognitoUserPools, api.Methods[0].Authorization.Kind);
        Assert.Equal(["read", "write"], api.Methods[0].Authorization.Scopes);
    }

    [Theory]
    [InlineData("jwt: {type: oauth2, flows: {}, x-amazon-apigateway-authorizer: {type: jwt, jwtConfiguration: {issuer: 'https://i', audience: [a]}, identitySource: '$request.header.Authorization'}}")]
    [InlineData("jwt: {type: openIdConnect, openIdConnectUrl: 'https://i/.well-known/openid-configuration', x-amazon-apigateway-authorizer: {type: jwt, jwtConfiguration: {audience: [a]}, identitySource: '$request.header.Authorization'}}")]
    public void Records_the_issuer_of_an_http_apis_tokens(string scheme)
    {
        ApiDefinition api = Accepted("x-edgeproxy-api-type: HTTP\n" + WithSchemes(scheme, "security: [{jwt: [s]}]"));
        JwtIssuerDefinition issuer = Assert.Single(api.Authorizers[0].Issuers);
        Assert.Equal(("https://i", "a"), (issuer.Issuer, issuer.Audiences[0]));
        Assert.Equal(AuthorizationKind.Jwt, api.Methods[0].Authorization.Kind);
    }

    [Fact]
    public void Records_several_issuers_of_a_rest_apis_tokens()
    {
        ApiDefinition api = Accepted(WithSchemes(
            "jwt: {type: oauth2, flows: {}, x-amazon-apigateway-authorizer: {type: jwt, jwtConfiguration: {defaultAlgorithms: [RS256], issuers: [{issuer: 'https://i', audiences: [a], additionalClaims: {x: 1}}, {issuer: 'https://j', audiences: [b]}]}}}",
            "security: [{jwt: []}]"));
        Assert.Equal(["https://i", "https://j"], api.Authorizers[0].Issuers.Select(issuer => issuer.Issuer));
        Assert.Equal("{\"x\":1}", api.Authorizers[0].Issuers[0].AdditionalClaims);
        Assert.Equal(["RS256"], api.Authorizers[0].DefaultAlgorithms);
    }

    [Fact]
    public void Takes_an_x_api_key_scheme_without_authorizer_as_api_key()
    {
        ApiDefinition api = Accepted(WithSchemes(Key, "security: [{key: []}]"));
        Assert.True(api.Methods[0].ApiKeyRequired);
        Assert.Equal(AuthorizationKind.None, api.Methods[0].Authorization.Kind);
    }

    [Theory]
    [InlineData("security: [{fn: []}, {key: []}]")]
    [InlineData("security: [{fn: [], key: []}]")]
    public void Takes_an_authorizer_and_an_api_key_together(string security)
    {
        MethodDefinition method = Accepted(WithSchemes(Token + ", " + Key, security)).Methods[0];
        Assert.Equal((AuthorizationKind.Custom, true), (method.Authorization.Kind, method.ApiKeyRequired));
    }

    [Fact]
    public void Takes_awsSigv4_as_iam() =>
        Assert.Equal(AuthorizationKind.AwsIam, Accepted(WithSchemes(
            "iam: {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authtype: awsSigv4}", "security: [{iam: []}]")).Methods[0].Authorization.Kind);

    [Theory]
    [InlineData("AWS_IAM", AuthorizationKind.AwsIam)]
    [InlineData("aws_iam", AuthorizationKind.AwsIam)]
    [InlineData("NONE", AuthorizationKind.None)]
    public void Takes_the_auth_extension_of_an_operation(string type, AuthorizationKind kind) =>
        Assert.Equal(kind, Accepted(Of(Get($"x-amazon-apigateway-auth: {{type: {type}}}"))).Methods[0].Authorization.Kind);

    [Fact]
    public void Gives_the_roots_requirement_to_operations_without_their_own()
    {
        ApiDefinition api = Accepted(WithSchemes(Token, "", root: "security: [{fn: []}]"));
        Assert.Equal("fn", api.Methods[0].Authorization.Authorizer);
        Assert.Equal(AuthorizationKind.None, Accepted(WithSchemes(Token, "security: []", root: "security: [{fn: []}]")).Methods[0].Authorization.Kind);
    }

    [Fact]
    public void Warns_of_a_scheme_that_nothing_enforces()
    {
        (ApiDefinition? api, ProblemList problems) = Checked(WithSchemes("bearer: {type: http, scheme: bearer}", "security: [{bearer: []}]"));
        Assert.Equal((ProblemCode.NotEnforced, ProblemSeverity.Warning), (Assert.Single(problems).Code, problems[0].Severity));
        Assert.Equal(AuthorizationKind.None, api!.Methods[0].Authorization.Kind);
    }

    [Theory]
    [InlineData(Token, "security: [{fm: []}]", ProblemCode.UnknownName)]
    [InlineData(Token, "security: {fn: []}", ProblemCode.WrongType)]
    [InlineData(Token, "security: [fn]", ProblemCode.WrongType)]
    [InlineData(Token, "security: [{fn: all}]", ProblemCode.WrongType)]
    [InlineData(Token + ", f2: {type: apiKey, in: header, name: B, x-amazon-apigateway-authorizer: {type: token, authorizerUri: 'arn:g'}}", "security: [{fn: []}, {f2: []}]", ProblemCode.BadSecurity)]
    [InlineData("fn: {type: oauth2, x-amazon-apigateway-authorizer: {type: token, authorizerUri: 'arn:f'}}", "", ProblemCode.BadSecurity)]
    [InlineData("fn: {type: apiKey, in: header, name: A, x-amazon-apigateway-authorizer: {type: tokn, authorizerUri: 'arn:f'}}", "", ProblemCode.NotAllowed)]
    [InlineData("fn: {type: apiKey, in: header, name: A, x-amazon-apigateway-authorizer: {authorizerUri: 'arn:f'}}", "", ProblemCode.Missing)]
    [InlineData("fn: {type: apiKey, in: header, name: A, x-amazon-apigateway-authorizer: {type: token}}", "", ProblemCode.Missing)]
    [InlineData("fn: {type: apiKey, in: header, name: A, x-amazon-apigateway-authorizer: {type: token, authorizerUri: 'arn:f', authorizerResultTtlInSeconds: 3601}}", "", ProblemCode.OutOfRange)]
    [InlineData("fn: {type: apiKey, in: header, name: A, x-amazon-apigateway-authorizer: {type: token, authorizerUrl: 'arn:f'}}", "", ProblemCode.UnknownKey)]
    [InlineData("fn: {type: apiKey, name: A}", "", ProblemCode.Missing)]
    [InlineData("fn: {type: apikey, in: header, name: A}", "", ProblemCode.NotAllowed)]
    [InlineData("fn: {in: header, name: A}", "", ProblemCode.Missing)]
    public void Refuses_what_cannot_be_enforced_as_written(string schemes, string operation, ProblemCode code) =>
        Assert.Equal(code, Errors(WithSchemes(schemes, operation))[0].Code);

    [Fact]
    public void Reports_a_mistake_in_the_roots_requirement_once_for_all_operations()
    {
        string text = WithSchemes(Token, "", root: "security: [{fm: []}]") + "    post:\n      responses: {'200': {}}\n      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: POST, uri: 'http://b/'}\n";
        Assert.Equal(ProblemCode.UnknownName, OneProblem(text).Code);
    }

    private static string WithSchemes(string schemes, string operation, string root = "") =>
        Of(Get(operation), $"components: {{securitySchemes: {{{schemes}}}}}" + (root.Length == 0 ? "" : "\n" + root));
}
