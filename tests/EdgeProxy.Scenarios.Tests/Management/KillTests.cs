using System.Diagnostics;
using System.Net.Http;
using EdgeProxy.Scenarios.Tests.Harness;
using Xunit.Abstractions;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>What was acknowledged survives <c>kill -9</c> at any moment, and what was not is there whole or not at all.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 200;
    private const int LeastKills = 40;
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(50);

    [Fact]
    public async Task A_node_that_is_killed_hundreds_of_times_loses_nothing_that_it_acknowledged()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        using var files = new Temporary();
        string data = files.PathOf("data");
        Writer[] writers = [.. Enumerable.Range(0, 3).Select(number => new Writer(number, chance.Next()))];
        long start = Stopwatch.GetTimestamp();
        int kills = 0;
        while (kills < Kills && Stopwatch.GetElapsedTime(start) < s_most)
        {
            await using ManagedNode managed = await ManagedNode.StartAsync(data: data);
            using var client = new HttpClient { BaseAddress = new Uri(managed.Endpoint) };
            foreach (Writer writer in writers) await writer.SettleAsync(client);

            Task[] writing = [.. writers.Select(writer => writer.WriteAsync(client))];
            await Task.Delay(TimeSpan.FromMicroseconds(chance.Next(60_000)));
            managed.Node.Signal(Native.SIGKILL);
            await managed.Node.UntilExitAsync();
            await Task.WhenAll(writing);
            kills++;
        }

        await using ManagedNode last = await ManagedNode.StartAsync(data: data);
        using var reader = new HttpClient { BaseAddress = new Uri(last.Endpoint) };
        var expected = new HashSet<string>();
        long acknowledged = 0;
        foreach (Writer writer in writers)
        {
            await writer.SettleAsync(reader);
            await writer.CheckAllAsync(reader);
            expected.UnionWith(writer.Names);
            acknowledged += writer.Acknowledged;
        }

        Assert.Equal(expected.Order(), (await KilledApi.NamesAsync(reader)).Order());
        using (var audit = await KilledApi.JsonAsync(reader, "/audit/verification"))
        {
            Assert.True(audit.RootElement.GetProperty("isWhole").GetBoolean(), audit.RootElement.ToString());
            Assert.InRange(audit.RootElement.GetProperty("trails")[0].GetProperty("last").GetInt64(), acknowledged, acknowledged + (kills * writers.Length));
        }

        output.WriteLine($"{kills} kills, {acknowledged} acknowledged changes, {expected.Count} APIs in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        Assert.InRange(kills, LeastKills, Kills);
        Assert.InRange(acknowledged, kills, long.MaxValue);
    }

    /// <summary>A client that builds one API after another and knows which of its calls were acknowledged.</summary>
    private sealed class Writer(int number, int seed)
    {
        private readonly Random _chance = new(seed);
        private readonly List<KilledApi> _apis = [];
        private KilledApi? _current;
        private int _made;

        /// <summary>Changes that were answered.</summary>
        public long Acknowledged { get; private set; }

        public IEnumerable<string> Names => _apis.Select(api => api.Name);

        /// <summary>Writes until nobody answers.</summary>
        public async Task WriteAsync(HttpClient client)
        {
            try
            {
                while (true)
                {
                    _current ??= new KilledApi($"writer-{number}-{_made++}");
                    await _current.StepAsync(client);
                    Acknowledged++;
                    if (_current.Steps == 1) _apis.Add(_current);
                    if (_current.IsGone) _apis.Remove(_current);
                    if (_current.IsGone || (_current.Steps == KilledApi.Whole && _chance.Next(3) > 0)) _current = null;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException)
            {
                // Killed; what was under way is found out about at the next start.
            }
        }

        /// <summary>Finds out what became of the call that was under way, and that it was done whole or not at all.</summary>
        public async Task SettleAsync(HttpClient client)
        {
            if (_current is not { } api) return;
            int before = api.Steps;
            await api.FindOutAsync(client);
            if (api.Steps > 0 && before == 0) _apis.Add(api);
            if (api.IsGone) _apis.Remove(api);
            if (api.IsGone) _current = null;

            // One that was acknowledged earlier, by chance.
            if (_apis.Count > 0) await _apis[_chance.Next(_apis.Count)].CheckAsync(client);
        }

        public async Task CheckAllAsync(HttpClient client)
        {
            foreach (KilledApi api in _apis) await api.CheckAsync(client);
        }
    }
}
