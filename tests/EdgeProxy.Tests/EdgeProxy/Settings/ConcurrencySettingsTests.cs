using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Settings;

public sealed class ConcurrencySettingsTests : IDisposable
{
    private const long Millisecond = 1_000_000;

    private readonly SettingsFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("100", 100, 0, 1000)]
    [InlineData("1 queue 1000000", 1, 1_000_000, 1000)]
    [InlineData("100 QUEUE 50 wait 2s", 100, 50, 2000)]
    [InlineData("100 wait 5ms queue 50", 100, 50, 5)]
    [InlineData("1000000 queue 0 wait 60m", 1_000_000, 0, 3_600_000)]
    [InlineData("auto", null, 0, 1000)]
    [InlineData("Auto queue 3 wait 20ms", null, 3, 20)]
    public void Reads_how_many_at_once_how_many_wait_and_how_long(string text, int? max, int queue, long milliseconds)
    {
        Assert.True(ConcurrencySettings.TryParse(text, out ConcurrencySettings? concurrency));
        Assert.Equal(new ConcurrencySettings(max, queue, milliseconds * Millisecond), concurrency);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1000001")]
    [InlineData("5 queue")]
    [InlineData("5 queue -1")]
    [InlineData("5 queue 1000001")]
    [InlineData("5 queue 1 queue 2")]
    [InlineData("5 queue 1 wait 5")]
    [InlineData("5 queue 1 wait 0ms")]
    [InlineData("5 queue 1 wait 61m")]
    [InlineData("5 queue 1 wait 1s more 2")]
    [InlineData("5 burst 2")]
    public void Refuses_anything_else(string text) => Assert.False(ConcurrencySettings.TryParse(text, out _));

    [Fact]
    public void Caps_are_read_from_the_file_in_either_form()
    {
        NodeSettings settings = _fixture.Read("""
            apis:
              - file: a.yaml
                throttle: 5
                concurrency: ${MOST:-100} queue 7
                methods:
                  /pets/{id}/GET: {concurrency: {max: 1, wait: 20ms}}
                  /GET: {concurrency: none, throttle: none}
                  /pets/ANY: {throttle: 9}
              - file: b.yaml
            """);
        Assert.Equal(new ConcurrencySettings(100, 7, 1000 * Millisecond), settings.Apis[0].Concurrency);
        Assert.Equal(
            [(true, new ConcurrencySettings(1, 0, 20 * Millisecond), false), (true, null, true), (false, null, true)],
            settings.Apis[0].Methods.Select(method => (method.SaysConcurrency, method.Concurrency, method.SaysThrottle)));
        Assert.Null(settings.Apis[1].Concurrency);
    }

    [Theory]
    [InlineData("apis: [{file: a, concurrency: many}]", "\"apis[0].concurrency\" is \"many\": write how many at once, how many more may wait, and how long: 100 queue 50 wait 2s, or none.")]
    [InlineData("upstream: {concurrency: auto}", "\"upstream.concurrency\" is \"auto\": write how many at once")]
    [InlineData("apis: [{file: a, concurrency: {queue: 5}}]", "\"apis[0].concurrency\" has no \"max\". Add it.")]
    [InlineData("apis: [{file: a, concurrency: {max: 5, queu: 5}}]", "\"apis[0].concurrency\" has no setting \"queu\". Did you mean \"queue\"? Correct or remove it.")]
    [InlineData("apis: [{file: a, methods: {/GET: {concurrency: x}}}]", "apis[0].methods.\"/GET\".concurrency is \"x\": write how many at once")]
    [InlineData("apis: [{file: a, methods: {/GET: {concurency: 5}}}]", "Did you mean \"concurrency\"?")]
    public void A_mistake_is_named_with_what_to_write(string yaml, string message)
    {
        Assert.Null(_fixture.TryRead(yaml));
        Assert.Contains(message, Assert.Single(_fixture.Lines), StringComparison.Ordinal);
    }
}
