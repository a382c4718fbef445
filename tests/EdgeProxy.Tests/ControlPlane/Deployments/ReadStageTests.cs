using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.Tests.ControlPlane.Deployments;

public sealed class ReadStageTests
{
    [Fact]
    public void Reads_what_a_stage_says_besides_its_deployment()
    {
        StageDefinition stage = Read("""
            {"stageName":"prod","deploymentId":"d1","description":"live","variables":{"backend":"10.0.0.1"},"cacheClusterEnabled":true,"cacheClusterSize":"0.5",
             "clientCertificateId":"c1","tracingEnabled":true,"accessLogSettings":{"format":"$context.requestId","destinationArn":"arn:x"},"methodSettings":{}}
            """u8);

        Assert.Equal(("prod", "live", "10.0.0.1", true, "c1", true, "$context.requestId"), (stage.Name, stage.Description, stage.Variables["backend"], stage.CacheClusterEnabled, stage.ClientCertificateId, stage.TracingEnabled, stage.AccessLogFormat));
        Assert.Null(stage.Canary);
        Assert.Empty(stage.MethodSettings);
    }

    [Fact]
    public void Reads_a_canary()
    {
        CanaryDefinition canary = Read("""{"stageName":"prod","canarySettings":{"percentTraffic":12.5,"deploymentId":"d2","stageVariableOverrides":{"a":"b"},"useStageCache":true}}"""u8).Canary!;

        Assert.Equal((12.5, "b", true), (canary.PercentTraffic, canary.StageVariableOverrides["a"], canary.UseStageCache));
    }

    [Theory]
    [InlineData("*/*", "*", "*")]
    [InlineData("test/GET", "/test", "GET")]
    [InlineData("pets/{id}/DELETE", "/pets/{id}", "DELETE")]
    [InlineData("~1pets~1{id}/GET", "/pets/{id}", "GET")]
    [InlineData("/GET", "/", "GET")]
    [InlineData("~1/GET", "/", "GET")]
    [InlineData("a~0b/GET", "/a~b", "GET")]
    public void Knows_which_method_settings_are_of(string key, string path, string verb)
    {
        MethodSettingsDefinition settings = Settings(key, "{}");

        Assert.Equal((path, verb), (settings.ResourcePath, settings.Verb));
    }

    [Fact]
    public void Reads_the_settings_of_a_method()
    {
        MethodSettingsDefinition settings = Settings("*/*", """
            {"metricsEnabled":true,"loggingLevel":"INFO","dataTraceEnabled":true,"throttlingBurstLimit":7,"throttlingRateLimit":2.5,"cachingEnabled":false,"cacheTtlInSeconds":60,
             "cacheDataEncrypted":false,"requireAuthorizationForCacheControl":false,"unauthorizedCacheControlHeaderStrategy":"FAIL_WITH_403"}
            """);

        Assert.Equal((true, "INFO", true, 7, 2.5), (settings.MetricsEnabled, settings.LoggingLevel, settings.DataTraceEnabled, settings.ThrottlingBurstLimit, settings.ThrottlingRateLimit));
        Assert.Equal((false, 60, false, UnauthorizedCacheControlStrategy.FailWith403), (settings.CachingEnabled, settings.CacheTtlInSeconds, settings.RequireAuthorizationForCacheControl, settings.UnauthorizedCacheControlHeaderStrategy));
    }

    [Theory]
    [InlineData("{}", null, null)]
    [InlineData("{\"throttlingRateLimit\":-1.0,\"throttlingBurstLimit\":-1}", null, null)]
    [InlineData("{\"throttlingRateLimit\":10000.0,\"throttlingBurstLimit\":5000}", null, null)] // the account's, which every new object shows
    [InlineData("{\"throttlingRateLimit\":10000,\"throttlingBurstLimit\":4999}", 10000.0, 4999)]
    [InlineData("{\"throttlingRateLimit\":0,\"throttlingBurstLimit\":0}", 0.0, 0)]
    [InlineData("{\"throttlingRateLimit\":1,\"throttlingBurstLimit\":99999999999}", 1.0, int.MaxValue)]
    public void Takes_the_figures_of_the_account_for_no_throttle_of_the_stage(string json, double? rate, int? burst)
    {
        MethodSettingsDefinition settings = Settings("*/*", json);

        Assert.Equal((rate, burst), (settings.ThrottlingRateLimit, settings.ThrottlingBurstLimit));
    }

    private static MethodSettingsDefinition Settings(string key, string json) =>
        Assert.Single(Read(System.Text.Encoding.UTF8.GetBytes($$$"""{"stageName":"s","methodSettings":{"{{{key}}}":{{{json}}}}}""")).MethodSettings);

    private static StageDefinition Read(ReadOnlySpan<byte> json) => ReadStage.Run(WireValue.Parse(json));
}
