using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Settings;

public sealed class ThrottleSettingsTests : IDisposable
{
    private readonly SettingsFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("100", 100, 100)]
    [InlineData("2.5", 2.5, 3)]
    [InlineData("0.1 burst 10", 0.1, 10)]
    [InlineData("10000 BURST 5000", 10000, 5000)]
    [InlineData("0", 0, 0)]
    [InlineData("1 burst 0", 1, 0)]
    public void Reads_a_rate_and_a_burst(string text, double rate, int burst)
    {
        Assert.True(ThrottleSettings.TryParse(text, out ThrottleSettings? throttle));
        Assert.Equal(new ThrottleSettings(rate, burst), throttle);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("1000000001")]
    [InlineData("5 burst")]
    [InlineData("5 burst -1")]
    [InlineData("5 burst 2.5")]
    [InlineData("5 burst 3000000000")]
    [InlineData("5/s")]
    public void Refuses_anything_else(string text) => Assert.False(ThrottleSettings.TryParse(text, out _));

    [Fact]
    public void Throttles_are_read_from_the_file_in_either_form()
    {
        NodeSettings settings = _fixture.Read("""
            limits:
              accountThrottle: {rate: 1000, burst: 50}
            apis:
              - file: a.yaml
                throttle: ${RATE:-2.5} burst 7
                methods:
                  /pets/{id}/GET: {throttle: {rate: 1}}
                  /GET: {throttle: none}
                  /pets/ANY: {throttle: 9}
              - file: b.yaml
            """);
        Assert.Equal(new ThrottleSettings(1000, 50), settings.Limits.AccountThrottle);
        Assert.Equal(new ThrottleSettings(2.5, 7), settings.Apis[0].Throttle);
        Assert.Equal(
            [("/pets/{id}", "GET", new ThrottleSettings(1, 1)), ("/", "GET", null), ("/pets", "ANY", new ThrottleSettings(9, 9))],
            settings.Apis[0].Methods.Select(method => (method.Path, method.Verb, method.Throttle)));
        Assert.Null(settings.Apis[1].Throttle);
        Assert.Empty(settings.Apis[1].Methods);
    }

    [Fact]
    public void The_account_s_throttle_may_come_from_the_environment_and_is_none_without_a_word()
    {
        Assert.Null(_fixture.Read(null).Limits.AccountThrottle);
        Assert.Equal(new ThrottleSettings(5, 6), _fixture.Read(null, new() { ["EDGEPROXY_limits__accountThrottle"] = "5 burst 6" }).Limits.AccountThrottle);
    }

    [Theory]
    [InlineData("limits: {accountThrottle: fast}", "\"limits.accountThrottle\" is \"fast\": write requests a second, and how many at once: 100 burst 200, or none.")]
    [InlineData("limits: {accountThrottle: {burst: 5}}", "\"limits.accountThrottle\" has no \"rate\". Add it.")]
    [InlineData("limits: {accountThrottle: {rate: 5, burts: 5}}", "\"limits.accountThrottle\" has no setting \"burts\". Did you mean \"burst\"? Correct or remove it.")]
    [InlineData("apis: [{file: a, methods: {GET: {throttle: 5}}}]", "\"apis[0].methods\": \"GET\" is no method. Write the path as in the document, and behind it the verb: /pets/{id}/GET.")]
    [InlineData("apis: [{file: a, methods: {/pets/get: {throttle: 5}}}]", "\"apis[0].methods\": \"/pets/get\" is no method. Write the path as in the document, and behind it the verb: /pets/{id}/GET.")]
    [InlineData("apis: [{file: a, methods: {/GET: {throttle: x}}}]", "apis[0].methods.\"/GET\".throttle is \"x\": write requests a second, and how many at once: 100 burst 200, or none.")]
    [InlineData("apis: [{file: a, methods: {/GET: 5}}]", "apis[0].methods.\"/GET\" is a number; it must be an object")]
    [InlineData("apis: [{file: a, methods: {/GET: {throtle: 5}}}]", "Did you mean \"throttle\"?")]
    public void A_mistake_is_named_with_what_to_write(string yaml, string message)
    {
        Assert.Null(_fixture.TryRead(yaml));
        Assert.Contains(message, Assert.Single(_fixture.Lines), StringComparison.Ordinal);
    }
}
