using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class AuthorizerOperationsTests
{
    private const string Uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:guard/invocations";
    private const string Pool = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_abc";
    private readonly RestApiHarness _api = new();

    [Fact]
    public void A_token_authorizer_has_its_defaults()
    {
        WireValue made = Create($$"""{"name":"g","type":"TOKEN","authorizerUri":"{{Uri}}"}""");
        Assert.Matches("^[a-z0-9]{6}$", made.TextOf("id"));
        Assert.Equal(300, made.NumberOf("authorizerResultTtlInSeconds"));
        Assert.Equal("custom", made.TextOf("authType"));
        Assert.Equal("method.request.header.Authorization", made.TextOf("identitySource"));
        Assert.Equal(made.ToString(), _api.Do($"GET {_api.Path}/authorizers/{made.TextOf("id")}").ToString());
    }

    [Fact]
    public void A_pool_authorizer_has_its_defaults()
    {
        WireValue made = Create($$"""{"name":"g","type":"COGNITO_USER_POOLS","providerARNs":["{{Pool}}"]}""");
        Assert.Equal("cognito_user_pools", made.TextOf("authType"));
        Assert.Null(made["authorizerResultTtlInSeconds"]);
    }

    [Theory]
    [InlineData("method.request.header.A")]
    [InlineData("method.request.header.A, method.request.querystring.b, context.stage, stageVariables.s")]
    public void A_request_authorizer_takes_several_sources(string source) => Create(Request(source));

    [Theory]
    [InlineData("method.request.body")]
    [InlineData("method.request.header.")]
    [InlineData("method.request.header.A,,")]
    [InlineData("X")]
    public void Refuses_a_source_that_is_none(string source) => Refuses(Request(source), "Invalid mapping expression specified");

    [Theory]
    [InlineData("""{"name":"g","type":"TOKEN"}""", "Invalid Authorizer URI")]
    [InlineData("""{"name":"g","type":"TOKEN","authorizerUri":"http://a"}""", "Invalid Authorizer URI")]
    [InlineData("""{"name":"g","type":"REQUEST","authorizerUri":"URI"}""", "Identity sources are required when caching is enabled")]
    [InlineData("""{"name":"","type":"TOKEN","authorizerUri":"URI"}""", "Authorizer name must be non-empty")]
    [InlineData("""{"name":"g","type":"TOKEN","authorizerUri":"URI","authorizerResultTtlInSeconds":3601}""", "Invalid authorizerResultTtlInSeconds")]
    [InlineData("""{"name":"g","type":"TOKEN","authorizerUri":"URI","authorizerResultTtlInSeconds":-1}""", "Invalid authorizerResultTtlInSeconds")]
    [InlineData("""{"name":"g","type":"TOKEN","authorizerUri":"URI","identityValidationExpression":"("}""", "Invalid identity validation expression")]
    [InlineData("""{"name":"g","type":"TOKEN","authorizerUri":"URI","identitySource":"method.request.querystring.q"}""", "Invalid mapping expression")]
    [InlineData("""{"name":"g","type":"TOKEN","authorizerUri":"URI","authorizerCredentials":"me"}""", "Invalid ARN")]
    [InlineData("""{"name":"g","type":"TOKEN","authorizerUri":"URI","jwtConfiguration":{"defaultAlgorithms":["RS256"],"issuers":[]}}""", "jwtConfiguration is only")]
    [InlineData("""{"name":"g","type":"COGNITO_USER_POOLS"}""", "Authorizers of type COGNITO_USER_POOLS need")]
    [InlineData("""{"name":"g","type":"COGNITO_USER_POOLS","providerARNs":["arn:aws:iam::1:role/r"]}""", "Invalid ARN")]
    [InlineData("""{"name":"g","type":"JWT"}""", "Invalid jwtConfiguration")]
    public void Refuses_what_cannot_judge(string body, string start) => Refuses(body.Replace("URI", Uri, StringComparison.Ordinal), start);

    [Fact]
    public void Names_are_unique_in_an_API()
    {
        _api.AddAuthorizer("guard");
        Assert.StartsWith("400 BadRequestException: Authorizer name must be unique.", _api.Fail($"POST {_api.Path}/authorizers", $$"""{"name":"guard","type":"TOKEN","authorizerUri":"{{Uri}}"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Stays_while_a_method_uses_it()
    {
        string id = _api.AddAuthorizer("guard");
        _api.Do("PATCH " + _api.Method, RestApiHarness.Replace(("/authorizationType", "CUSTOM"), ("/authorizerId", id)));
        Assert.Equal("409 ConflictException: Cannot delete authorizer 'guard', is referenced in method: GET//pets", _api.Fail($"DELETE {_api.Path}/authorizers/{id}"));
        _api.Do("PATCH " + _api.Method, RestApiHarness.Replace(("/authorizationType", "NONE")));
        _api.Do($"DELETE {_api.Path}/authorizers/{id}");
        Assert.Equal("404 NotFoundException: Invalid Authorizer identifier specified", _api.Fail($"GET {_api.Path}/authorizers/{id}"));
    }

    [Fact]
    public void A_jwt_configuration_is_replaced_whole_and_alone()
    {
        string id = Create("""{"name":"j","type":"JWT","jwtConfiguration":{"defaultAlgorithms":["RS256"],"issuers":[{"issuer":"https://a.example/","audiences":["x"]}]}}""").TextOf("id")!;
        string target = $"PATCH {_api.Path}/authorizers/{id}";
        const string Other = """{"defaultAlgorithms":["ES256"],"issuers":[{"issuer":"https://b.example","audiences":["y"],"additionalClaims":[{"claimName":"c","format":"SINGLE_STRING","expectedValues":["v"],"required":true}]}]}""";
        Assert.Equal(Other, _api.Do(target, RestApiHarness.Replace(("/jwtConfiguration", Other)))["jwtConfiguration"]!.ToString());
        Assert.StartsWith("400", _api.Fail(target, RestApiHarness.Replace(("/jwtConfiguration", Other), ("/name", "k"))), StringComparison.Ordinal);
        Assert.StartsWith("400", _api.Fail(target, RestApiHarness.Replace(("/jwtConfiguration/issuers", "[]"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"defaultAlgorithms":["none"],"issuers":[{"issuer":"https://a","audiences":["x"]}]}""")]
    [InlineData("""{"defaultAlgorithms":[],"issuers":[{"issuer":"https://a","audiences":["x"]}]}""")]
    [InlineData("""{"defaultAlgorithms":["RS256"],"issuers":[]}""")]
    [InlineData("""{"defaultAlgorithms":["RS256"],"issuers":[{"issuer":"http://a","audiences":["x"]}]}""")]
    [InlineData("""{"defaultAlgorithms":["RS256"],"issuers":[{"issuer":"https://a?b","audiences":["x"]}]}""")]
    [InlineData("""{"defaultAlgorithms":["RS256"],"issuers":[{"issuer":"https://a","audiences":[]}]}""")]
    [InlineData("""{"defaultAlgorithms":["RS256"],"issuers":[{"issuer":"https://a","audiences":["x"],"jwksUri":"https://a/keys"}]}""")]
    [InlineData("""{"defaultAlgorithms":["RS256"],"issuers":[{"issuer":"https://a","audiences":["x"]},{"issuer":"https://a","audiences":["x"]}]}""")]
    [InlineData("""{"defaultAlgorithms":["RS256"],"issuers":[{"issuer":"https://a","audiences":["x"],"additionalClaims":[{"claimName":"c","format":"xml"}]}]}""")]
    [InlineData("""{"defaultAlgorithms":"RS256","issuers":1}""")]
    [InlineData("""[]""")]
    [InlineData("""nonsense""")]
    public void Refuses_a_jwt_configuration_that_cannot_judge(string configuration)
    {
        string id = Create("""{"name":"j","type":"JWT","jwtConfiguration":{"defaultAlgorithms":["RS256"],"issuers":[{"issuer":"https://a.example/","audiences":["x"]}]}}""").TextOf("id")!;
        Assert.StartsWith("400 BadRequestException", _api.Fail($"PATCH {_api.Path}/authorizers/{id}", RestApiHarness.Replace(("/jwtConfiguration", configuration))), StringComparison.Ordinal);
    }

    private static string Request(string source) => $$"""{"name":"g","type":"REQUEST","authorizerUri":"{{Uri}}","identitySource":"{{source}}"}""";

    private WireValue Create(string body) => _api.Do($"POST {_api.Path}/authorizers", body);

    private void Refuses(string body, string start) => Assert.StartsWith("400 BadRequestException: " + start, _api.Fail($"POST {_api.Path}/authorizers", body), StringComparison.Ordinal);
}
