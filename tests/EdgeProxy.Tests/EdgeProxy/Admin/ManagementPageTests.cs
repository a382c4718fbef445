using EdgeProxy.Admin;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Gateway;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Operations.TestInvocations;
using EdgeProxy.Http.Server;
using EdgeProxy.Settings;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Telemetry.Tracing;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Process.Admin;

/// <summary>What the management APIs are over HTTP: limits that calls meet are counted by their setting.</summary>
public sealed class ManagementPageTests : IDisposable
{
    private const string Target = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/nlb/50dc6c495c0c9188";
    private const string Model = """{"name":"A","schema":"{\"type\":\"object\"}","contentType":"application/json"}""";

    private static readonly ListenerFacts s_listener = new("admin", IsAdmin: true, IsTls: false, IsLoopback: true, Port: 9080);

    private static readonly AdminVerdict s_reader = AdminVerdict.Allowed with { AccessKeyId = "READER", IsReader = true };

    // How each limit is met: what it is set to, what is there before, and the call that meets it.
    private static readonly Dictionary<string, (ManagementLimits Limits, Func<ManagementPageTests, (string Target, string Body)> Call)> s_calls = new(StringComparer.Ordinal)
    {
        ["apis"] = (new ManagementLimits { Apis = 0 }, static _ => ("POST /restapis", """{"name":"a"}""")),
        ["resources"] = (new ManagementLimits { ResourcesPerApi = 0 }, static test => ($"POST {test._api.Path}/resources/{test._api.Root}", """{"pathPart":"a"}""")),
        ["stages"] = (new ManagementLimits { StagesPerApi = 0 }, static test => ($"POST /v2/apis/{test.HttpApi()}/stages", """{"stageName":"a"}""")),
        ["autoDeployments"] = (new ManagementLimits { AutoDeploymentsKept = 0 }, static test => ($"POST /v2/apis/{test.HttpApi()}/routes", """{"routeKey":"GET /a"}""")),
        ["entries"] = (new ManagementLimits { Entries = 1 }, static _ => ("POST /v2/apis", """{"name":"a","protocolType":"HTTP","corsConfiguration":{"allowHeaders":["a","b"]}}""")),
        ["authorizers"] = (new ManagementLimits { AuthorizersPerApi = 0 }, static test => ($"POST {test._api.Path}/authorizers", """{"name":"a","type":"TOKEN"}""")),
        ["stageVariables"] = (new ManagementLimits { StageVariables = 0 }, static test => ($"POST /v2/apis/{test.HttpApi()}/stages", """{"stageName":"a","stageVariables":{"a":"1"}}""")),
        ["tags"] = (new ManagementLimits { Tags = 0 }, static _ => ("POST /restapis", """{"name":"a","tags":{"a":"1"}}""")),
        ["documentationParts"] = (new ManagementLimits { DocumentationParts = 0 }, static test => ($"POST {test._api.Path}/documentation/parts", """{"location":{"type":"API"},"properties":"{\"a\":1}"}""")),
        ["documentationPart"] = (new ManagementLimits { DocumentationPartBytes = 1 }, static test => ($"PUT {test._api.Path}/documentation/parts", """{"openapi":"3.0.1","info":{"title":"t","version":"1","description":"long"},"paths":{}}""")),
        ["documentationVersions"] = (new ManagementLimits { DocumentationVersions = 0 }, static test =>
        {
            test._api.Do($"POST {test._api.Path}/documentation/parts", """{"location":{"type":"API"},"properties":"{\"a\":1}"}""");
            return ($"POST {test._api.Path}/documentation/versions", """{"documentationVersion":"1"}""");
        }),
        ["definitions"] = (new ManagementLimits { DefinitionsPerApi = 0 }, static test => ($"POST {test._api.Path}/models", Model)),
        ["modelSchema"] = (new ManagementLimits { ModelSchemaBytes = 1 }, static test => ($"POST {test._api.Path}/models", Model)),
        ["policy"] = (new ManagementLimits { PolicyCharacters = 1 }, static _ => ("POST /restapis", """{"name":"a","policy":"{\"Statement\":[]}"}""")),
        ["path"] = (new ManagementLimits { PathCharacters = 3 }, static test => ($"POST {test._api.Path}/resources/{test._api.Root}", """{"pathPart":"long"}""")),
        ["apiKeys"] = (new ManagementLimits { ApiKeys = 0 }, static _ => ("POST /apikeys", "{}")),
        ["usagePlans"] = (new ManagementLimits { UsagePlans = 0 }, static _ => ("POST /usageplans", """{"name":"p"}""")),
        ["usagePlansPerKey"] = (new ManagementLimits { UsagePlansPerKey = 0 }, static test =>
        {
            string key = test._api.Do("POST /apikeys", "{}").TextOf("id")!;
            return ($"POST /usageplans/{test._api.Do("POST /usageplans", """{"name":"p"}""").TextOf("id")}/keys", $$"""{"keyId":"{{key}}","keyType":"API_KEY"}""");
        }),
        ["methodThrottles"] = (new ManagementLimits { MethodThrottlesPerStage = 0 }, static test =>
        {
            test._api.Do($"POST {test._api.Path}/deployments", """{"stageName":"s"}""");
            return ("POST /usageplans", "{\"name\":\"p\",\"apiStages\":[{\"apiId\":\"" + test._api.Id + "\",\"stage\":\"s\",\"throttle\":{\"/pets/GET\":{\"rateLimit\":1,\"burstLimit\":1}}}]}");
        }),
        ["vpcLinks"] = (new ManagementLimits { VpcLinks = 0 }, static _ => ("POST /vpclinks", $$"""{"name":"n","targetArns":["{{Target}}"]}""")),
        ["clientCertificates"] = (new ManagementLimits { ClientCertificates = 0 }, static _ => ("POST /clientcertificates", "{}")),
        ["domainNames"] = (new ManagementLimits { DomainNames = 0 }, static _ => ("POST /domainnames", """{"domainName":"a.example.com"}""")),
        ["certificate"] = (new ManagementLimits { CertificateBytes = 10 }, static _ => ("POST /domainnames", """{"domainName":"a.example.com","certificateBody":"-----BEGIN CERTIFICATE-----","certificatePrivateKey":"-----BEGIN PRIVATE KEY-----"}""")),
        ["routingRules"] = (new ManagementLimits { RoutingRules = 0 }, static test =>
        {
            test._api.Do("POST /domainnames", """{"domainName":"a.example.com","regionalCertificateArn":"arn:aws:acm:us-east-1:000000000000:certificate/a","endpointConfiguration":{"types":["REGIONAL"]}}""");
            return ("POST /v2/domainnames/a.example.com/routingrules", $$$"""{"priority":1,"conditions":[],"actions":[{"invokeApi":{"apiId":"{{{test._api.Id}}}","stage":"s"}}]}""");
        }),
        ["apiMappings"] = (new ManagementLimits { ApiMappingsPerDomain = 0 }, static test =>
        {
            test._api.Do($"POST {test._api.Path}/deployments", """{"stageName":"s"}""");
            test._api.Do("POST /domainnames", """{"domainName":"a.example.com","regionalCertificateArn":"arn:aws:acm:us-east-1:000000000000:certificate/a","endpointConfiguration":{"types":["REGIONAL"]}}""");
            return ("POST /domainnames/a.example.com/basepathmappings", $$"""{"restApiId":"{{test._api.Id}}","stage":"s","basePath":"b"}""");
        }),
        ["jwtAudiences"] = (new ManagementLimits { JwtAudiences = 1 }, static test =>
            ($"POST {test._api.Path}/authorizers", """{"name":"a","type":"JWT","identitySource":"method.request.header.Authorization","jwtConfiguration":{"defaultAlgorithms":["RS256"],"issuers":[{"issuer":"https://a.example.com","audiences":["a","b"]}]}}""")),
        ["members"] = (new ManagementLimits { Members = 1 }, static _ => ("POST /restapis", """{"name":"a","description":"b"}""")),
        ["patchOperations"] = (new ManagementLimits { PatchOperations = 0 }, static test => ($"PATCH {test._api.Path}", RestApiHarness.Patch("replace", "/name", "b"))),
        ["listEntries"] = (new ManagementLimits { ListEntries = 0 }, static test => ($"PATCH {test._api.Path}", RestApiHarness.Patch("add", "/binaryMediaTypes/image~1png"))),
        ["document"] = (new ManagementLimits { DocumentBytes = 10 }, static _ => ("POST /restapis?mode=import", """{"openapi":"3.0.1","info":{"title":"t","version":"1"},"paths":{}}""")),
        ["flattenedModel"] = (new ManagementLimits { FlattenedModel = 1 }, static test => ($"GET {test._api.Path}/models/Empty?flatten=true", "")),
        ["testAnswer"] = (new ManagementLimits { TestAnswerBytes = 3 }, static test =>
        {
            test._api.Do($"PUT {test._api.Integration}/responses/200", """{"responseTemplates":{"application/json":"longer than three"}}""");
            return ("POST " + test._api.Method, "{}");
        }),
        ["authorizerReply"] = (new ManagementLimits { AuthorizerReplyBytes = 3 }, static test =>
        {
            test._functions.Answer("""{"principalId":"ann"}""");
            return ($"POST {test._api.Path}/authorizers/{test._api.AddAuthorizer()}", """{"headers":{"Authorization":"a"}}""");
        }),
    };

    private readonly LoopHarness _loop = new();
    private readonly MetricRegistry _metrics = new(1);
    private readonly FakeFunctionClient _functions = new();
    private readonly RestApiHarness _api;
    private readonly ManagementPage _page;

    public ManagementPageTests()
    {
        var services = new LoopServices(new GatewayMetrics(new MetricRegistry(stripes: 1)), new FakeUpstream(_loop), accessLog: null, FastRandom.FromSeed(1), TimeProvider.System) { IsRehearsal = true, Functions = _functions };
        var test = new TestInvoke(new SnapshotHolder(), _loop, services);
        _api = new RestApiHarness(given => given with { Test = test });
        _page = new ManagementPage(_api.Management.Api, mostBody: 6000, new ServerMetrics(_metrics));
    }

    public static TheoryData<string> Limits => [.. s_calls.Keys];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Every_limit_there_is_has_a_call_here_that_meets_it() =>
        Assert.Equal(
            SettingsReference.All.Select(static setting => setting.Path).Where(static path => path.StartsWith("management.limits.", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            s_calls.Keys.Select(static name => "management.limits." + name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Limits))]
    public void A_call_that_meets_a_limit_is_counted_by_the_setting(string limit)
    {
        (ManagementLimits limits, Func<ManagementPageTests, (string Target, string Body)> call) = s_calls[limit];
        (string target, string body) = call(this);
        Ask(target, body);
        Assert.Equal(0, HitsOf($"management.limits.{limit}"));

        using var again = new ManagementPageTests();
        (target, body) = call(again);
        again._api.Management.Api.Options = new ManagementOptions { Limits = limits };
        again.Ask(target, body);
        Assert.Equal(1, again.HitsOf($"management.limits.{limit}"));
    }

    [Fact]
    public void A_request_that_is_too_large_is_413_and_counted()
    {
        FakeExchange exchange = Ask("POST /restapis", $$"""{"name":"{{new string('a', 6000)}}"}""");
        Assert.Equal(413, exchange.Response.Status);
        Assert.Equal("""{"message":"The request is larger than 6000 bytes (management.body)."}""", exchange.SentText);
        Assert.Equal(1, HitsOf("management.body"));
    }

    [Theory]
    [InlineData("?includeValues=true")]
    [InlineData("?includeValues=TRUE")]
    [InlineData("?%69ncludeValues=true")]
    [InlineData("/{key}?includeValue=true")]
    [InlineData("/{key}?name=a&includeValue=%74rue")]
    public void Who_may_read_only_is_not_told_the_values_of_keys(string query)
    {
        string key = _api.Do("POST /apikeys", """{"name":"a","value":"a-value-that-is-secret"}""").TextOf("id")!;
        string target = "GET /apikeys" + query.Replace("{key}", key, StringComparison.Ordinal);
        Assert.Contains("a-value-that-is-secret", Ask(target, "").SentText, StringComparison.Ordinal);
        FakeExchange refused = Ask(target, "", s_reader);
        Assert.Equal((403, "AccessDeniedException"), (refused.Response.Status, refused.ResponseField("x-amzn-ErrorType")));
        Assert.Equal("""{"message":"The key READER may read only (admin.credentials), and secrets take full rights."}""", refused.SentText);
        Assert.Equal(200, Ask($"GET /apikeys/{key}", "", s_reader).Response.Status);
    }

    [Fact]
    public void Who_may_read_only_sees_which_keys_a_plan_has_and_not_what_they_are()
    {
        string key = _api.Do("POST /apikeys", """{"name":"a","value":"a-value-that-is-secret"}""").TextOf("id")!;
        string plan = _api.Do("POST /usageplans", """{"name":"p"}""").TextOf("id")!;
        _api.Do($"POST /usageplans/{plan}/keys", $$"""{"keyId":"{{key}}","keyType":"API_KEY"}""");
        foreach (string target in (string[])[$"GET /usageplans/{plan}/keys", $"GET /usageplans/{plan}/keys/{key}"])
        {
            Assert.Contains("a-value-that-is-secret", Ask(target, "").SentText, StringComparison.Ordinal);
            string shown = Ask(target, "", s_reader).SentText;
            Assert.Contains(key, shown, StringComparison.Ordinal);
            Assert.DoesNotContain("a-value-that-is-secret", shown, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET /export?secrets=true")]
    [InlineData("GET /export?secrets=True")]
    [InlineData("GET /export?s%65crets=true")]
    public void Who_may_read_only_exports_no_secrets(string target)
    {
        _api.Do("POST /apikeys", """{"name":"a","value":"a-value-that-is-secret"}""");
        Assert.Contains("a-value-that-is-secret", Ask(target, "").SentText, StringComparison.Ordinal);
        Assert.Equal(403, Ask(target, "", s_reader).Response.Status);
        Assert.Equal(200, Ask("GET /export", "", s_reader).Response.Status);
    }

    private long HitsOf(string setting) => MetricText.Value(_metrics, $"edgeproxy_limit_hits_total{{limit=\"{setting}\"}}");

    private string HttpApi() => _api.Do("POST /v2/apis", """{"name":"h","protocolType":"HTTP","target":"https://a.example.com"}""").TextOf("apiId")!;

    private FakeExchange Ask(string target, string body, AdminVerdict? verdict = null)
    {
        var exchange = new FakeExchange(_loop, s_listener);
        exchange.Receive($"{target} HTTP/1.1\nHost: localhost\nContent-Length: {body.Length}", body);
        _page.AnswerAsync(new AdminRequest(exchange), verdict ?? AdminVerdict.Allowed).Forget();
        _loop.Run();
        if (!exchange.ResponseEnded) _loop.RunUntilMail(TimeSpan.FromSeconds(30));
        _loop.ThrowUnhandled();
        return exchange;
    }
}
