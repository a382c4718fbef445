using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;
using EdgeProxy.TestKit;

namespace EdgeProxy.Scenarios.Tests.Lambda;

/// <summary>Functions behind an Invoke API that is not ours and checks every signature, called by the published binary; and the binary's own Invoke API, used by the AWS command line.</summary>
public sealed class InvokeEndpointTests
{
    private const string KeyId = "AKIDSCENARIO";
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    [Fact]
    public async Task A_proxy_integration_reaches_a_signed_endpoint()
    {
        await using JavaScriptServer endpoint = await ServeAsync();
        await using Node node = await StartAsync(endpoint, Secret);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{node.DataPort}") };
        using HttpResponseMessage answer = await http.PostAsync("/proxy/x?y=1", new StringContent("hello"));
        Assert.Equal((HttpStatusCode.OK, "POST /proxy/x hello"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.StartsWith("Root=1-", answer.Headers.GetValues("x-trace").Single(), StringComparison.Ordinal);
        using HttpResponseMessage fails = await http.GetAsync("/fails");
        using HttpResponseMessage busy = await http.GetAsync("/busy");
        using HttpResponseMessage missing = await http.GetAsync("/missing");
        Assert.Equal((HttpStatusCode.BadGateway, HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError), (fails.StatusCode, busy.StatusCode, missing.StatusCode));
    }

    [Fact]
    public async Task A_streamed_result_comes_through()
    {
        await using JavaScriptServer endpoint = await ServeAsync();
        await using Node node = await StartAsync(endpoint, Secret);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{node.DataPort}") };
        using HttpResponseMessage answer = await http.GetAsync("/stream");
        Assert.Equal((HttpStatusCode.Created, "first second"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal("stream", answer.Headers.GetValues("x-mode").Single());
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_by_the_endpoint_and_never_shown()
    {
        await using JavaScriptServer endpoint = await ServeAsync();
        await using Node node = await StartAsync(endpoint, "a-wrong-secret");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{node.DataPort}") };
        using HttpResponseMessage answer = await http.GetAsync("/proxy/x");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain(node.Log, static line => line.Contains("a-wrong-secret", StringComparison.Ordinal));
        string metrics = await http.GetStringAsync($"http://127.0.0.1:{node.AdminPort}/metrics");
        Assert.Contains("edgeproxy_function_calls_total{function=\"*\",target=\"endpoint\",outcome=\"access_denied\"} 1", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_aws_command_line_invokes_functions_by_the_admin_listener()
    {
        await using JavaScriptServer endpoint = await ServeAsync();
        await using Node node = await StartAsync(endpoint, Secret);
        string result = node.Files.PathOf("result");
        CommandResult echoed = await AwsAsync(node, "echo", "--payload", """{"a":[1,2]}""", result);
        Assert.True(echoed.Status == 0, echoed.ToString());
        Assert.Equal("""{"a":[1,2]}""", await File.ReadAllTextAsync(result));
        JsonNode told = JsonNode.Parse(echoed.Output)!;
        Assert.Equal((200, "$LATEST", null), ((int)told["StatusCode"]!, (string?)told["ExecutedVersion"], (string?)told["FunctionError"]));

        CommandResult failed = await AwsAsync(node, "fails", result);
        Assert.Equal("Unhandled", (string?)JsonNode.Parse(failed.Output)!["FunctionError"]);
        Assert.Contains("\"errorMessage\":\"no\"", await File.ReadAllTextAsync(result), StringComparison.Ordinal);

        CommandResult missing = await AwsAsync(node, "missing", result);
        Assert.Contains("ResourceNotFoundException", missing.Errors, StringComparison.Ordinal);
        CommandResult dry = await AwsAsync(node, "echo", "--invocation-type", "DryRun", result);
        Assert.Equal(204, (int)JsonNode.Parse(dry.Output)!["StatusCode"]!);
    }

    [Fact]
    public async Task A_function_of_the_nodes_own_is_invoked_with_the_end_of_its_log()
    {
        using var code = new Temporary();
        code.Write("index.js", "exports.handler = async (event) => { console.log('seen', event.n); return { n: event.n + 1 }; };");
        await using Node node = await Node.StartAsync(new NodeOptions
        {
            Api = Document(),
            Settings = $"lambda: {{ functions: [ {{ name: own, runtime: nodejs, code: '{code.Folder}', handler: index.handler }} ] }}",
        });
        string result = node.Files.PathOf("result");
        for (int n = 1; n <= 2; n++)
        {
            CommandResult invoked = await AwsAsync(node, "own", "--log-type", "Tail", "--payload", $$"""{"n":{{n}}}""", result);
            Assert.True(invoked.Status == 0, invoked.ToString());
            Assert.Equal($$"""{"n":{{n + 1}}}""", await File.ReadAllTextAsync(result));
            string log = Encoding.UTF8.GetString(Convert.FromBase64String((string)JsonNode.Parse(invoked.Output)!["LogResult"]!));
            Assert.EndsWith($"seen {n}\n", log, StringComparison.Ordinal);
            Assert.Single(log.TrimEnd().Split('\n'));
        }
    }

    [Fact]
    public async Task With_keys_the_admin_listener_takes_the_signature_of_the_aws_command_line_and_no_other()
    {
        using var code = new Temporary();
        code.Write("index.js", "exports.handler = async (event) => event;");
        await using Node node = await Node.StartAsync(new NodeOptions
        {
            Api = Document(),
            Settings = $$"""
                admin: { credentials: [ { accessKeyId: {{KeyId}}, secretAccessKey: "${OPERATOR_SECRET}" }, { accessKeyId: READER, secretAccessKey: the-secret-of-the-reader, rights: read } ] }
                lambda: { functions: [ { name: own, runtime: nodejs, code: '{{code.Folder}}', handler: index.handler } ] }
                """,
            Environment = new Dictionary<string, string> { ["OPERATOR_SECRET"] = Secret },
        });
        string result = node.Files.PathOf("result");
        CommandResult invoked = await SignedAwsAsync(node, KeyId, Secret, "own", "--payload", """{"a":"é +%"}""", result);
        Assert.True(invoked.Status == 0, invoked.ToString());
        Assert.Equal("""{"a":"é +%"}""", await File.ReadAllTextAsync(result));
        Assert.Contains("InvalidSignatureException", (await SignedAwsAsync(node, KeyId, "another-secret-altogether", "own", result)).Errors, StringComparison.Ordinal);
        Assert.Contains("UnrecognizedClientException", (await SignedAwsAsync(node, "STRANGER", Secret, "own", result)).Errors, StringComparison.Ordinal);
        Assert.Contains("AccessDeniedException", (await SignedAwsAsync(node, "READER", "the-secret-of-the-reader", "own", result)).Errors, StringComparison.Ordinal);

        CommandResult flushed = await Command.RunAsync(EdgeProxyBinary.Path, ["flush", "none", "--admin", $"http://127.0.0.1:{node.AdminPort}"], input: null, new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = KeyId, ["AWS_SECRET_ACCESS_KEY"] = Secret });
        Assert.Contains("There is no such API.", flushed.Errors, StringComparison.Ordinal);

        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{node.AdminPort}") };
        using HttpResponseMessage unsigned = await http.GetAsync("/config/version");
        Assert.Equal((HttpStatusCode.Forbidden, "{\"message\":\"Missing Authentication Token\"}"), (unsigned.StatusCode, await unsigned.Content.ReadAsStringAsync()));
        Assert.Contains("edgeproxy_admin_refused_total{reason=\"signature\"} 2", await http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.DoesNotContain(node.Log, static line => line.Contains(Secret, StringComparison.Ordinal));
    }

    private static Task<JavaScriptServer> ServeAsync() => JavaScriptServer.StartAsync(Repository.PathOf("tests/EdgeProxy.Scenarios.Tests/Lambda/node/invoke-endpoint.js"), KeyId, Secret);

    private static Task<Node> StartAsync(JavaScriptServer endpoint, string secret) => Node.StartAsync(new NodeOptions
    {
        Api = Document(),
        Settings = string.Create(CultureInfo.InvariantCulture, $$"""
            lambda:
              region: eu-west-1
              functions:
                - name: "*"
                  endpoint: http://127.0.0.1:{{endpoint.Port}}
                  credentials: { accessKeyId: SCENARIO_KEY_ID, secretAccessKey: SCENARIO_SECRET }
            """),
        Environment = new Dictionary<string, string> { ["SCENARIO_KEY_ID"] = KeyId, ["SCENARIO_SECRET"] = secret },
    });

    // Whatever the tool signs with is its own affair: on loopback nobody looks unless there are keys.
    private static Task<CommandResult> AwsAsync(Node node, string function, params string[] arguments) => SignedAwsAsync(node, "any", "any", function, arguments);

    private static Task<CommandResult> SignedAwsAsync(Node node, string keyId, string secret, string function, params string[] arguments) => Command.RunAsync(
        "aws",
        ["lambda", "invoke", "--endpoint-url", $"http://127.0.0.1:{node.AdminPort}", "--region", "eu-west-1", "--cli-read-timeout", "20", "--function-name", function, .. arguments],
        input: null,
        new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = keyId, ["AWS_SECRET_ACCESS_KEY"] = secret, ["AWS_EC2_METADATA_DISABLED"] = "true", ["AWS_PAGER"] = "", ["AWS_MAX_ATTEMPTS"] = "1",
            ["AWS_CONFIG_FILE"] = node.Files.Write("aws-config", "[default]\ncli_binary_format = raw-in-base64-out\n"),
        });

    private static string Document()
    {
        var paths = new JsonObject();
        foreach ((string path, string function, bool streams) in (ReadOnlySpan<(string, string, bool)>)[("/proxy/{any+}", "proxy", false), ("/fails", "fails", false), ("/busy", "busy", false), ("/missing", "missing", false), ("/stream", "stream", true)])
        {
            string call = streams ? "2021-11-15" : "2015-03-31";
            var integration = new JsonObject
            {
                ["type"] = "aws_proxy",
                ["httpMethod"] = "POST",
                ["uri"] = $"arn:aws:apigateway:eu-west-1:lambda:path/{call}/functions/arn:aws:lambda:eu-west-1:111122223333:function:{function}/{(streams ? "response-streaming-invocations" : "invocations")}",
            };
            if (streams) integration["responseTransferMode"] = "STREAM";
            paths[path] = new JsonObject { ["x-amazon-apigateway-any-method"] = new JsonObject { ["responses"] = new JsonObject(), ["x-amazon-apigateway-integration"] = integration } };
        }

        return new JsonObject { ["openapi"] = "3.0.1", ["info"] = new JsonObject { ["title"] = "Functions", ["version"] = "1" }, ["paths"] = paths }.ToJsonString();
    }
}
