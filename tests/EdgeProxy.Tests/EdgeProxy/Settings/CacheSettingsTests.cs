using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Control;
using EdgeProxy.Definitions;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Settings;

public sealed class CacheSettingsTests : IDisposable
{
    private readonly SettingsFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Nothing_is_cached_unless_it_is_said()
    {
        NodeSettings settings = _fixture.Read("apis: [{file: a.yaml}]");
        Assert.Equal(new NodeCacheSettings(256L << 20, 1 << 20, 4096), settings.Cache);
        Assert.Equal(new CacheSettings { Enabled = false, Ttl = 300_000_000_000, RequireAuthorization = true, Unauthorized = UnauthorizedCacheControlStrategy.SucceedWithResponseHeader }, settings.Apis[0].Cache);
        Assert.Null(settings.Apis[0].CacheHeader);
    }

    [Fact]
    public void Reads_what_the_node_an_API_and_a_method_say()
    {
        NodeSettings settings = _fixture.Read("""
            cache: {maxBytes: 2GB, maxEntry: 64KB, maxKey: 1KB, coalesceWaiters: 7, coalesceWait: 250ms, refreshes: 3}
            apis:
              - file: a.yaml
                cache: {enabled: true, ttl: 1m, requireAuthorizationForCacheControl: false, unauthorizedCacheControlHeaderStrategy: FAIL_WITH_403, header: X-Cache}
                canary: {percent: 5, useStageCache: true}
                methods:
                  /pets/GET: {cache: {ttl: 1500ms}}
                  /pets/POST: {cache: {enabled: true, unauthorizedCacheControlHeaderStrategy: SUCCEED_WITHOUT_RESPONSE_HEADER}, throttle: 5}
            """);
        Assert.Equal(new NodeCacheSettings(2L << 30, 64 << 10, 1024) { CoalesceWaiters = 7, CoalesceWait = 250_000_000, Refreshes = 3 }, settings.Cache);
        Assert.Equal(new CacheSettings { Enabled = true, Ttl = 60_000_000_000, RequireAuthorization = false, Unauthorized = UnauthorizedCacheControlStrategy.FailWith403 }, settings.Apis[0].Cache);
        Assert.Equal("X-Cache", settings.Apis[0].CacheHeader);
        Assert.True(settings.Apis[0].Canary!.UseStageCache);
        Assert.Equal(
            [new CacheSettings { Ttl = 1_500_000_000 }, new CacheSettings { Enabled = true, Unauthorized = UnauthorizedCacheControlStrategy.SucceedWithoutResponseHeader }],
            settings.Apis[0].Methods.Select(static method => method.Cache));
        Assert.Equal(2, settings.Apis[0].Methods[0].Cache!.TtlInSeconds);
    }

    [Theory]
    [InlineData("cache: {maxBytes: 1KB}", "\"cache.maxBytes\" is \"1KB\": it must be from 1MB to")]
    [InlineData("cache: {maxEntry: 2MB}", "it must be from 1 to 1MB")]
    [InlineData("apis: [{file: a, cache: {ttl: 2h}}]", "it must be from 0s to 1h")]
    [InlineData("apis: [{file: a, cache: {ttl: 300}}]", "give the unit: 300s or 300ms")]
    [InlineData("apis: [{file: a, cache: {enabeld: true}}]", "Did you mean \"enabled\"?")]
    [InlineData("apis: [{file: a, cache: {header: 'X Cache'}}]", "use 1 to 64 letters, digits, - and _")]
    [InlineData("apis: [{file: a, methods: {/GET: {cache: {header: X-Cache}}}}]", "has no setting \"header\"")]
    [InlineData("apis: [{file: a, methods: {/GET: {cache: {ttl: 2h}}}}]", "apis[0].methods.\"/GET\".cache.ttl is \"2h\": it must be from 0s to 1h.")]
    [InlineData("apis: [{file: a, methods: {/GET: {cache: {unauthorizedCacheControlHeaderStrategy: FAIL}}}}]", "it must be one of SUCCEED_WITH_RESPONSE_HEADER")]
    [InlineData("apis: [{file: a, methods: {/GET: {cache: true}}}]", "it must be an object")]
    public void A_mistake_is_named_with_what_to_write(string yaml, string message)
    {
        Assert.Null(_fixture.TryRead(yaml));
        Assert.Contains(message, Assert.Single(_fixture.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_method_takes_what_it_leaves_unsaid_from_its_API()
    {
        File.WriteAllText(Path.Combine(_fixture.Directory_, "a.yaml"), """
            openapi: 3.0.1
            info: {title: A, version: '1'}
            paths:
              /: {get: &m {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'http://b/'}}, post: *m, put: *m}
            """);
        StageDefinition stage = Stage("""
            apis:
              - file: a.yaml
                throttle: 7
                cache: {enabled: true, ttl: 10s, requireAuthorizationForCacheControl: false}
                methods: {/POST: {cache: {enabled: true}}, /GET: {cache: {ttl: 20s}}, /PUT: {throttle: 1}}
            """);
        Assert.True(stage.CacheClusterEnabled);
        Assert.Equal(
            [("*", true, 10, false), ("POST", true, 10, false), ("GET", null, 20, false), ("PUT", null, 10, false)],
            stage.MethodSettings.Select(static method => (method.Verb, method.CachingEnabled, method.CacheTtlInSeconds, method.RequireAuthorizationForCacheControl)));
        Assert.Equal([7.0, 7.0, 7.0, 1.0], stage.MethodSettings.Select(static method => method.ThrottlingRateLimit));
    }

    [Fact]
    public void A_method_may_be_cached_where_its_API_is_not()
    {
        File.WriteAllText(Path.Combine(_fixture.Directory_, "a.yaml"), "openapi: 3.0.1\ninfo: {title: A, version: '1'}\npaths: {}\n");
        StageDefinition stage = Stage("apis: [{file: a.yaml, methods: {/GET: {cache: {enabled: true}}}}]");
        Assert.True(stage.CacheClusterEnabled);
        Assert.Equal([("*", false), ("GET", true)], stage.MethodSettings.Select(static method => (method.Verb, method.CachingEnabled)));
        Assert.False(Stage("apis: [{file: a.yaml, methods: {/GET: {cache: {ttl: 1s}}}}]").CacheClusterEnabled);
    }

    private StageDefinition Stage(string yaml)
    {
        NodeSettings settings = _fixture.Read(yaml);
        var problems = new ProblemList();
        MountedApi mounted = Assert.Single(ApiDocuments.Mounted(new ApiDocuments().Load(settings.Apis, new ImportChoices(default, Strict: false, 29_000), problems)));
        Assert.False(problems.HasErrors);
        return mounted.Stage;
    }
}
