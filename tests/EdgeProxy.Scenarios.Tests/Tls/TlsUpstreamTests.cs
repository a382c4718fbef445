using System.Globalization;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Tls;

/// <summary>Backends over TLS: whom the gateway trusts, and what it says of itself.</summary>
public sealed class TlsUpstreamTests : IDisposable
{
    private const string NetworkError = "{\"message\":\"Network error communicating with endpoint\"}";

    private readonly TlsStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_backend_whose_certificate_is_verified_is_called_and_its_connection_kept()
    {
        _stage.Authority.Issue("backend", ["localhost"]);
        using var upstream = new TlsUpstream(_stage.At("backend.pem"), _stage.At("backend.key"));
        await using Node node = await StartAsync(upstream, "localhost", $"upstream: {{tls: {{caFile: '{_stage.Authority.File}'}}}}");
        for (int i = 0; i < 5; i++)
        {
            Answer answer = await node.GetAsync("/a");
            Assert.Equal((200, "hello"), (answer.Status, answer.Text));
            Assert.Equal("localhost", answer["X-Name"]);
            Assert.Equal("nobody", answer["X-Client"]);
        }

        // One for each loop at most.
        Assert.InRange(upstream.Handshakes, 1, 2);
    }

    [Theory]
    [InlineData("other.example.com", 90, true, "UpstreamCertificateNameMismatch")]
    [InlineData("localhost", -1, true, "UpstreamCertificateExpired")]
    [InlineData("localhost", 90, false, "UpstreamCertificateUntrusted")]
    public async Task Any_other_backend_is_504_and_the_access_log_says_why(string name, int untilDays, bool trusted, string fault)
    {
        _stage.Authority.Issue("backend", [name], untilDays: untilDays);
        using var strangers = new Authority(_stage.Files, "strangers");
        using var upstream = new TlsUpstream(_stage.At("backend.pem"), _stage.At("backend.key"));
        await using Node node = await StartAsync(upstream, "localhost", $"upstream: {{tls: {{caFile: '{(trusted ? _stage.Authority.File : strangers.File)}'}}}}");
        Answer answer = await node.GetAsync("/a");
        Assert.Equal((504, NetworkError), (answer.Status, answer.Text));
        await Wait.UntilAsync(() => node.Output.Any(line => line.Contains($"\"fault\":\"{fault}\"", StringComparison.Ordinal)), $"the access log says {fault}");
        Assert.Equal(1, await node.MetricAsync("edgeproxy_integration_errors_total", "kind=\"tls\""));
    }

    [Fact]
    public async Task The_machines_own_authorities_do_not_know_ours()
    {
        _stage.Authority.Issue("backend", ["localhost"]);
        using var upstream = new TlsUpstream(_stage.At("backend.pem"), _stage.At("backend.key"));
        await using Node node = await StartAsync(upstream, "localhost", "");
        Assert.Equal(504, (await node.GetAsync("/a")).Status);
    }

    [Theory]
    [InlineData("localhost", 90, 200)]
    [InlineData("other.example.com", 90, 504)] // the name is looked at all the same
    [InlineData("localhost", -1, 504)] // and so are the dates
    public async Task InsecureSkipVerification_leaves_out_the_authority_alone(string name, int untilDays, int status)
    {
        _stage.Authority.Issue("backend", [name], untilDays: untilDays);
        using var upstream = new TlsUpstream(_stage.At("backend.pem"), _stage.At("backend.key"));
        await using Node node = await StartAsync(upstream, "localhost", "", new JsonObject { ["insecureSkipVerification"] = true });
        Assert.Equal(status, (await node.GetAsync("/a")).Status);
    }

    [Fact]
    public async Task A_backend_that_asks_is_shown_the_stages_certificate()
    {
        _stage.Authority.Issue("backend", ["localhost"]);
        _stage.Authority.Issue("us", []);
        using var upstream = new TlsUpstream(_stage.At("backend.pem"), _stage.At("backend.key"), asksForCertificate: true);
        string settings = $"upstream: {{tls: {{caFile: '{_stage.Authority.File}', clientCertificates: [{{id: us, certificate: '{_stage.At("us.pem")}', key: '{_stage.At("us.key")}'}}]}}}}";
        await using Node node = await StartAsync(upstream, "localhost", settings, apiSettings: "clientCertificateId: us");
        Assert.Equal("CN=us", (await node.GetAsync("/a"))["X-Client"]);
    }

    [Fact]
    public async Task A_backend_in_plain_text_is_504()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(Document("localhost", upstream.Port, tls: null));
        Answer answer = await node.GetAsync("/a");
        Assert.Equal((504, NetworkError), (answer.Status, answer.Text));
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task A_missing_bundle_of_authorities_is_a_problem_at_its_place()
    {
        using var files = new Temporary();
        string api = files.Write("api.json", Document("localhost", 1, tls: null));
        string settings = files.Write("edgeproxy.yaml", "upstream:\n  tls:\n    caFile: missing.pem\n");
        CommandResult result = await Command.EdgeProxyAsync("validate", api, "-c", settings);
        Assert.Equal(3, result.Status);
        Assert.Matches(@"edgeproxy\.yaml:3:13: error EP1001.*missing\.pem cannot be read", result.Output);
    }

    private static Task<Node> StartAsync(TlsUpstream upstream, string host, string settings, JsonObject? tls = null, string apiSettings = "") => Node.StartAsync(new NodeOptions
    {
        Api = Document(host, upstream.Port, tls),
        Settings = settings,
        ApiSettings = apiSettings,
    });

    private static string Document(string host, int port, JsonObject? tls)
    {
        JsonNode document = JsonNode.Parse(new Api().Proxy("/a", "GET", string.Create(CultureInfo.InvariantCulture, $"https://{host}:{port}/a")).ToString())!;
        if (tls is not null) document["paths"]!["/a"]!["get"]!["x-amazon-apigateway-integration"]!["tlsConfig"] = tls;
        return document.ToJsonString();
    }
}
