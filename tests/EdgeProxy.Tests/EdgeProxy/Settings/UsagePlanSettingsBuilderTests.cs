using EdgeProxy.Definitions;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Settings;

public sealed class UsagePlanSettingsBuilderTests : IDisposable
{
    private readonly SettingsFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Reads_keys_and_plans_with_all_that_can_be_said_of_them()
    {
        NodeSettings settings = _fixture.Read("""
            apiKeys:
              file: keys.csv
              keys:
                - {id: ann, name: Ann's, value: "${ANN_KEY}", customerId: c-1}
                - {value: bob-0123456789-bob-0123456789, enabled: false}
            usagePlans:
              - id: gold
                name: Gold
                throttle: {rate: 2.5, burst: 5}
                quota: {limit: 1000, period: WEEK, offset: 3}
                apis:
                  - {api: pets, stage: beta, methods: {"/pets/{id}/GET": {rate: 1, burst: 2}, "//POST": none}}
                  - {api: more}
                keys: [ann, bob]
              - {id: free}
            """, new Dictionary<string, string> { ["ANN_KEY"] = "ann-0123456789-ann-0123456789" });
        Assert.Equal(Path.Combine(_fixture.Directory_, "keys.csv"), settings.ApiKeyFile);
        Assert.Equal(("ann", "Ann's", "ann-0123456789-ann-0123456789", true, "c-1"), (settings.ApiKeys[0].Id, settings.ApiKeys[0].Name, settings.ApiKeys[0].Value, settings.ApiKeys[0].IsEnabled, settings.ApiKeys[0].CustomerId));
        Assert.Equal((null, false), (settings.ApiKeys[1].Id, settings.ApiKeys[1].IsEnabled));
        UsagePlanDefinition gold = settings.UsagePlans[0];
        Assert.Equal(("gold", "Gold", 2.5, 5, 1000L, "WEEK", 3), (gold.Id, gold.Name, gold.RateLimit!.Value, gold.BurstLimit!.Value, gold.QuotaLimit!.Value, gold.QuotaPeriod, gold.QuotaOffset));
        Assert.Equal(["ann", "bob"], gold.KeyIds);
        Assert.Equal([("pets", "beta"), ("more", "prod")], gold.Stages.Select(stage => (stage.ApiId, stage.Stage)));
        Assert.Equal([("/pets/{id}", "GET", 1.0, 2), ("/", "POST", null, null)], gold.Stages[0].Methods.Select(method => (method.ResourcePath, method.Verb, method.RateLimit, method.BurstLimit)));
        UsagePlanDefinition free = settings.UsagePlans[1];
        Assert.Equal((null, null, null, null), (free.RateLimit, free.BurstLimit, free.QuotaLimit, free.QuotaPeriod));
        Assert.Empty(free.Stages);
        Assert.Equal(7, gold.Origin!.Line);
    }

    [Theory]
    [InlineData("apiKeys: {keys: [{id: ann}]}", ":1:", "value")]
    [InlineData("apiKeys: {keys: [{id: a b, value: 01234567890123456789}]}", ":1:", "letters")]
    [InlineData("usagePlans: [{name: gold}]", ":1:", "\"id\"")]
    [InlineData("usagePlans:\n  - {id: p, quota: {limit: -1, period: DAY}}", ":2:", "quota.limit")]
    [InlineData("usagePlans:\n  - {id: p, quota: {limit: 1, period: YEAR}}", ":2:", "quota.period")]
    [InlineData("usagePlans:\n  - {id: p, quota: {limit: 1, period: MONTH, offset: 28}}", ":2:", "quota.offset")]
    [InlineData("usagePlans:\n  - {id: p, throttle: fast}", ":2:", "throttle")]
    [InlineData("usagePlans:\n  - id: p\n    apis: [{stage: prod}]", ":3:", "\"api\"")]
    [InlineData("usagePlans:\n  - id: p\n    apis: [{api: a, stag: prod}]", ":3:", "stage")]
    [InlineData("usagePlans:\n  - id: p\n    apis: [{api: a, methods: {pets: {rate: 1}}}]", ":3:", "no method")]
    [InlineData("usagePlans:\n  - id: p\n    apis: [{api: a, methods: {/pets/GET: {burst: 1}}}]", ":3:", "rate")]
    [InlineData("usagePlans:\n  - {id: p, keyz: [a]}", ":2:", "keys")]
    public void Says_where_something_is_wrong(string yaml, string place, string word)
    {
        Assert.Null(_fixture.TryRead(yaml));
        string line = Assert.Single(_fixture.Lines);
        Assert.Contains(place, line, StringComparison.Ordinal);
        Assert.Contains(word, line, StringComparison.Ordinal);
    }

    [Fact]
    public void Tells_no_value_of_a_key_in_any_text()
    {
        NodeSettings settings = _fixture.Read("apiKeys: {keys: [{id: ann, value: a-secret-0123456789-0123456789}]}");
        Assert.DoesNotContain("a-secret", settings.ToString() + settings.ApiKeys[0], StringComparison.Ordinal);
    }
}
