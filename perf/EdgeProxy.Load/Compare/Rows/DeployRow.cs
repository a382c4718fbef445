using System.Diagnostics;
using System.Globalization;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using EdgeProxy.Load.Measuring;

namespace EdgeProxy.Load.Compare.Rows;

/// <summary>Deployments by the management API: how long one takes until it is served, what requests pay for many, and what they leave in memory.</summary>
internal sealed class DeployRow(string name) : Row(name)
{
    private const string Target = "/bytes/1024";
    private const int Routes = 1000;
    private const int PerSecond = 10;
    private const int Small = 100;
    private const double MostGrowth = 1.1;

    public override IReadOnlyList<RowResult> Run(Bench bench)
    {
        Contender? ours = bench.OursOrNull;
        using RunningServer? server = ours is null ? null : bench.StartOrNull(ours, setup => setup with { Extra = "deploy", Processors = null }, Target);
        if (server is null) return [];
        using HttpClient admin = new() { BaseAddress = new Uri($"http://127.0.0.1:{server.Setup.AdminPort}/") };
        string large = Import(admin, "large", Routes);
        double milliseconds = One(bench, server, admin, large);
        string small = Import(admin, "small", Small);
        double tail = Tail(bench, server, admin, small);
        int deployments = bench.Settings.Deployments;
        double growth = Growth(bench, server, admin, small, deployments);
        return
        [
            Ours($"one CreateDeployment of {Routes} routes, call to the first request served by it", "below 100 ms", Text(milliseconds, "0.0", " ms"), new Threshold(99.9999, 19.9999).Judge(milliseconds)) with { Goal = "below 20 ms" },
            Ours($"p99 of requests with {PerSecond} deployments of {Small} routes a second beside none", "within 1.1", Text(tail), new Threshold(1.1, 1.03).Judge(tail)) with { Goal = "1.03" },
            Ours($"most resident memory from deployment {deployments / 2} to {deployments} beside before", "flat", Text(growth), new Threshold(MostGrowth, MostGrowth).Judge(growth)),
        ];
    }

    private double One(Bench bench, RunningServer server, HttpClient admin, string api)
    {
        using HttpClient data = new() { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}/") };
        List<double> times = [];
        for (int round = 0; round < Math.Max(5, bench.Settings.Rounds * 2); round++)
        {
            // Another stage each time would be another stage; the same one with something new in it is what people do.
            Rename(admin, api, round);
            long began = Stopwatch.GetTimestamp();
            string deployment = Deploy(admin, api);
            using HttpRequestMessage request = new(HttpMethod.Get, "/prod/r0");
            request.Headers.Host = $"{api}.execute-api.localhost";
            using HttpResponseMessage answer = data.Send(request);
            double took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            string served = answer.Headers.TryGetValues("X-Deployment", out IEnumerable<string>? values) ? values.First() : "";
            if (served == deployment) times.Add(took);
            else bench.Note($"{Name}: the first request after deployment {deployment} was answered {(int)answer.StatusCode} by {served}");
            bench.Pause(TimeSpan.FromMilliseconds(200));
        }

        times.Sort();
        Bench.Say($"  {Name}: {Routes} routes {times[0]:0.0} to {times[^1]:0.0} ms, median {Statistics.Median(times):0.0} ms");
        return Statistics.Median(times);
    }

    private double Tail(Bench bench, RunningServer server, HttpClient admin, string api)
    {
        bench.WarmUp(server, Target);
        double rate = Math.Floor(bench.Measure(server, Target).Rate / 3);
        List<double> calm = [];
        List<double> deploying = [];
        for (int round = 1; round <= Math.Min(5, bench.Settings.Rounds); round++)
        {
            calm.Add(Turn(bench, server, rate).Latency.Percentile(99));
            using CancellationTokenSource done = new();
            int made = 0;
            Thread deployer = new(() =>
            {
                while (!done.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(1000.0 / PerSecond)))
                {
                    Rename(admin, api, ++made);
                    Deploy(admin, api);
                }
            });
            deployer.Start();
            LoadResult result = Turn(bench, server, rate);
            done.Cancel();
            deployer.Join();
            deploying.Add(result.Latency.Percentile(99));
            Bench.Say($"  {Name} round {round}: p99 {calm[^1] / 1000:0} us calm, {deploying[^1] / 1000:0} us with {made} deployments, failed {result.Errors.Total + result.Refused}");
        }

        return Statistics.Median(Statistics.PairedRatios(deploying, calm));
    }

    private double Growth(Bench bench, RunningServer server, HttpClient admin, string api, int deployments)
    {
        // How much it is at one moment depends on when it was collected last; what grows shows in the most of either half.
        double first = 0;
        double second = 0;
        string served = Deploy(admin, api);
        for (int made = 1; made <= deployments; made++)
        {
            Rename(admin, api, made);
            string next = Deploy(admin, api);

            // Kept deployments are kept records, which is not what is asked.
            _ = Send(admin, HttpMethod.Delete, $"restapis/{api}/deployments/{served}", "");
            served = next;
            if (made % (deployments / 10) != 0) continue;
            double now = server.Process.ResidentBytes;
            Bench.Say($"  {Name}: {now / 1e6:0.0} MB after {made} deployments");
            if (made <= deployments / 2) first = Math.Max(first, now);
            else second = Math.Max(second, now);
            bench.Pause(TimeSpan.Zero);
        }

        return second / first;
    }

    private static LoadResult Turn(Bench bench, RunningServer server, double rate) =>
        bench.Load(server.Port, Target, plan => plan with { Rate = rate, Duration = (long)(bench.Settings.ReloadSeconds * 1e9) });

    // Each route a proxy with a parameter, as most are; the first says which deployment answers.
    private static string Import(HttpClient admin, string name, int routes)
    {
        StringBuilder paths = new();
        for (int i = 0; i < routes; i++)
        {
            if (i > 0) paths.Append(',');
            string integration = i == 0
                ? """{"type":"mock","requestTemplates":{"application/json":"{\"statusCode\":200}"},"responses":{"default":{"statusCode":"200","responseParameters":{"method.response.header.X-Deployment":"context.deploymentId"}}}}"""
                : """{"type":"http_proxy","httpMethod":"GET","uri":"http://127.0.0.1:1/{id}","requestParameters":{"integration.request.path.id":"method.request.path.id"}}""";
            string path = i == 0 ? "/r0" : string.Create(CultureInfo.InvariantCulture, $"/r{i}/{{id}}");
            string parameters = i == 0 ? "" : "\"parameters\":[{\"name\":\"id\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}}],";
            paths.Append(CultureInfo.InvariantCulture, $"\"{path}\":{{\"get\":{{ {parameters}").Append("""
                "responses":{"200":{"description":"ok","headers":{"X-Deployment":{"schema":{"type":"string"}}}}},"x-amazon-apigateway-integration":
                """).Append(integration).Append("}}");
        }

        JsonNode api = Send(admin, HttpMethod.Post, "restapis?mode=import", $"{{\"openapi\":\"3.0.1\",\"info\":{{\"title\":\"{name}\",\"version\":\"1\"}},\"paths\":{{ {paths} }}}}");
        return api["id"]!.GetValue<string>();
    }

    private static void Rename(HttpClient admin, string api, int version) =>
        _ = Send(admin, HttpMethod.Patch, $"restapis/{api}", $$"""{"patchOperations":[{"op":"replace","path":"/description","value":"version {{version}}"}]}""");

    private static string Deploy(HttpClient admin, string api) => Send(admin, HttpMethod.Post, $"restapis/{api}/deployments", """{"stageName":"prod"}""")["id"]!.GetValue<string>();

    private static JsonNode Send(HttpClient admin, HttpMethod method, string path, string body)
    {
        using HttpRequestMessage request = new(method, path);
        if (body.Length > 0) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = admin.Send(request);
        using StreamReader reader = new(answer.Content.ReadAsStream());
        string text = reader.ReadToEnd();
        if (!answer.IsSuccessStatusCode) throw new IOException($"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }
}
