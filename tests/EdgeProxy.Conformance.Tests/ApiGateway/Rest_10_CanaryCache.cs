using EdgeProxy.Definitions;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 10: which requests of a canary go by the stage's cache.</summary>
public sealed class Rest_10_CanaryCache : IDisposable
{
    private readonly CachedApi _api = new();

    public void Dispose() => _api.Dispose();

    [Fact]
    public void Without_useStageCache_the_canary_passes_the_cache_by()
    {
        string document = CachedApi.Document();
        _api.Serve(document, Stage(0, useStageCache: false));
        Assert.Equal("answer 1", _api.Get());
        _api.Node.DeployCanary(document, Stage(100, useStageCache: false), document);
        Assert.Equal("answer 2", _api.Get());
        Assert.Equal("answer 3", _api.Get());
        Assert.Null(_api.Counted("hit"));
    }

    [Fact]
    public void Of_the_same_deployment_with_useStageCache_they_share_entries()
    {
        _api.Serve(CachedApi.Document(), Stage(50, useStageCache: true));
        for (int i = 0; i < 50; i++) Assert.Equal("answer 1", _api.Get());
        Assert.Equal(1, _api.Calls);
        Assert.NotNull(_api.Node.Gateway.Metric("""edgeproxy_canary_requests_total{api_id="api0",stage="prod",canary="true",code_class="2xx"}"""));
        Assert.NotNull(_api.Node.Gateway.Metric("""edgeproxy_canary_requests_total{api_id="api0",stage="prod",canary="false",code_class="2xx"}"""));
    }

    [Fact]
    public void Of_different_deployments_with_useStageCache_their_entries_are_separate()
    {
        string document = CachedApi.Document();
        _api.Node.DeployCanary(document, Stage(50, useStageCache: true), document);
        var answers = new HashSet<string>();
        for (int i = 0; i < 50; i++) answers.Add(_api.Get());
        Assert.Equal(2, answers.Count);
        Assert.Equal(2, _api.Calls);
    }

    private static StageDefinition Stage(double percent, bool useStageCache) => CachedApi.Stage() with { Canary = new CanaryDefinition { PercentTraffic = percent, UseStageCache = useStageCache } };
}
