using System.Net.Sockets;
using System.Text.Json;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Lambda;

/// <summary>APIs whose routes are Lambda functions, run by the node: from an OpenAPI document and a handler's file to the bytes on the wire.</summary>
public sealed class LambdaIntegrationTests : IAsyncLifetime
{
    private const string JavaScript = """
        exports.handler = async (event, context) => {
          switch (event.path) {
            case "/js/error": throw new Error("secret");
            case "/js/malformed": return { statusCode: 200, wrong: 1 };
            case "/js/number": return 7;
            case "/js/crash": process.exit(3);
            case "/js/slow": await new Promise(r => setTimeout(r, 20000)); return {};
            case "/js/binary": return { body: Buffer.from([0, 1, 255, 254]).toString("base64"), isBase64Encoded: true, headers: { "Content-Type": "image/png" } };
            case "/js/headers": return {
              statusCode: "201", headers: { "x-one": true, "x-both": "solo", Date: "mine" },
              multiValueHeaders: { "X-Both": ["first", "second"], "Set-Cookie": ["a=1", "b=2"] }, body: "made",
            };
          }
          return { statusCode: 200, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ event, id: context.awsRequestId, env: process.env.GREETING }) };
        };
        exports.error = async event => { if (event.fail) throw new Error("[Bad] " + event.fail); return { got: event }; };
        exports.stream = awslambda.streamifyResponse(async (event, stream) => {
          stream = awslambda.HttpResponseStream.from(stream, { statusCode: 202, headers: { "Content-Type": "text/plain" }, cookies: ["s=1", "t=2"] });
          stream.write("one\n");
          await new Promise(r => setTimeout(r, 300));
          stream.write("two\n");
          if (event.queryStringParameters?.fail) throw new Error("broken");
          stream.end();
        });
        """;

    private const string Python = """
        import base64, json

        def handler(event, context):
            path = event["path"]
            if path == "/py/error":
                raise ValueError("secret")
            if path == "/py/malformed":
                return "text"
            if path == "/py/binary":
                return {"body": base64.b64encode(bytes([0, 1, 255, 254])).decode(), "isBase64Encoded": True}
            if path == "/py/echo":
                return {"body": event["body"], "isBase64Encoded": event["isBase64Encoded"], "multiValueHeaders": {"X-All": event["multiValueHeaders"].get("X-In", [])}}
            return {"statusCode": 200, "body": json.dumps({"event": event, "id": context.aws_request_id})}
        """;

    private Node _node = null!;

    public async Task InitializeAsync()
    {
        var files = new Temporary();
        files.Write("index.js", JavaScript);
        files.Write("main.py", Python);
        _node = Node.Launch(
            new NodeOptions
            {
                Api = Document(),
                ApiSettings = "stageVariables: {color: red}\n",
                Settings = $$"""
                    lambda:
                      functions:
                        - {name: js, runtime: nodejs, code: {{files.Folder}}, handler: index.handler, timeout: 10s, environment: {GREETING: hi} }
                        - {name: jserror, runtime: nodejs, code: {{files.Folder}}, handler: index.error}
                        - {name: jsstream, runtime: nodejs, code: {{files.Folder}}, handler: index.stream}
                        - {name: py, runtime: python, code: {{files.Folder}}, handler: main.handler, timeout: 10s}
                    """,
            },
            files);
        await _node.UntilListeningAsync();
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [InlineData("js")]
    [InlineData("py")]
    public async Task A_function_gets_the_request_as_an_event_and_says_the_response(string function)
    {
        Answer answer = await _node.AskAsync(
            $"POST /{function}/pets/7?a=1&a=%20x HTTP/1.1\r\nHost: api.example.com\r\nX-In: one\r\nX-In: two\r\nContent-Length: 5\r\nConnection: close\r\n\r\nh\"i\u0001\n");
        Assert.Equal(200, answer.Status);
        JsonElement said = JsonDocument.Parse(answer.Text).RootElement;
        JsonElement sent = said.GetProperty("event");
        Assert.Equal("POST", sent.GetProperty("httpMethod").GetString());
        Assert.Equal("h\"i\u0001\n", sent.GetProperty("body").GetString());
        Assert.Equal("pets/7", sent.GetProperty("pathParameters").GetProperty("proxy").GetString());
        Assert.Equal(["1", " x"], sent.GetProperty("multiValueQueryStringParameters").GetProperty("a").EnumerateArray().Select(value => value.GetString()));
        Assert.Equal("two", sent.GetProperty("headers").GetProperty("X-In").GetString());
        Assert.Equal("red", sent.GetProperty("stageVariables").GetProperty("color").GetString());
        Assert.Equal(answer["x-amzn-RequestId"], sent.GetProperty("requestContext").GetProperty("requestId").GetString());
        Assert.Equal(36, said.GetProperty("id").GetString()!.Length);
        Assert.Equal(sent.GetProperty("headers").GetProperty("X-Amzn-Trace-Id").GetString(), answer["X-Amzn-Trace-Id"]);
    }

    [Theory]
    [InlineData("/js/error", 502)]
    [InlineData("/js/malformed", 502)]
    [InlineData("/js/number", 502)]
    [InlineData("/js/crash", 502)]
    [InlineData("/js/slow", 504)]
    [InlineData("/py/error", 502)]
    [InlineData("/py/malformed", 502)]
    [InlineData("/nowhere", 500)]
    public async Task A_function_that_fails_is_answered_for_and_the_next_request_is_served(string path, int status)
    {
        Answer answer = await _node.GetAsync(path);
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 504 ? "{\"message\":\"Endpoint request timed out\"}" : "{\"message\": \"Internal server error\"}", answer.Text);
        Assert.Equal("InternalServerErrorException", answer["x-amzn-ErrorType"]);
        if (path != "/nowhere") Assert.Equal(200, (await _node.GetAsync(path[..4] + "well")).Status);
    }

    [Fact]
    public async Task Headers_of_both_maps_and_cookies_reach_the_client()
    {
        Answer answer = await _node.GetAsync("/js/headers");
        Assert.Equal(201, answer.Status);
        Assert.Equal("made", answer.Text);
        Assert.Equal("true", answer["x-one"]);
        Assert.Equal(["first", "second", "solo"], answer.Values("x-both"));
        Assert.Equal(["a=1", "b=2"], answer.Values("Set-Cookie"));
        Assert.Equal("mine", answer["x-amzn-Remapped-Date"]);
        Assert.Equal("application/json", answer["Content-Type"]);
    }

    [Theory]
    [InlineData("/js/binary", "image/png", 4)]
    [InlineData("/js/binary", "text/html", 8)]
    [InlineData("/py/binary", "image/png", 4)]
    public async Task Base64_is_decoded_for_a_client_that_accepts_bytes(string path, string accept, int length)
    {
        Answer answer = await _node.AskAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\nConnection: close\r\n\r\n");
        Assert.Equal(length, answer.Body.Length);
        if (length == 4) Assert.Equal([0, 1, 255, 254], answer.Body);
    }

    [Fact]
    public async Task Bytes_go_through_a_function_and_back()
    {
        Answer answer = await _node.AskAsync("POST /py/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nAccept: image/png\r\nX-In: a\r\nX-In: b\r\nContent-Length: 4\r\nConnection: close\r\n\r\n\u0000\u0001\u00ff\u00fe");
        Assert.Equal([0, 1, 255, 254], answer.Body);
        Assert.Equal(["a", "b"], answer.Values("X-All"));
    }

    [Fact]
    public async Task Templates_make_the_event_and_the_message_chooses_the_response()
    {
        Answer well = await _node.AskAsync("POST /custom HTTP/1.1\r\nHost: localhost\r\nContent-Length: 14\r\nConnection: close\r\n\r\n{\"name\":\"Bob\"}");
        Assert.Equal((200, """{"got":{"who":"Bob"}}"""), (well.Status, well.Text));
        Answer failed = await _node.AskAsync("POST /custom HTTP/1.1\r\nHost: localhost\r\nContent-Length: 14\r\nConnection: close\r\n\r\n{\"fail\":\"no\" }");
        Assert.Equal((400, """{"why": "no"}"""), (failed.Status, failed.Text));
    }

    [Fact]
    public async Task A_streamed_answer_comes_as_it_is_written()
    {
        using Wire wire = await _node.ConnectAsync();
        await wire.SendAsync("GET /stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Answer answer = await wire.ReadResponseAsync();
        Assert.Equal(202, answer.Status);
        Assert.Equal("chunked", answer["Transfer-Encoding"]);
        Assert.Equal("text/plain", answer["Content-Type"]);
        Assert.Equal(["s=1", "t=2"], answer.Values("Set-Cookie"));
        Assert.Equal("one\ntwo\n", answer.Text);
    }

    [Fact]
    public async Task A_stream_that_breaks_cuts_the_connection()
    {
        using Wire wire = await _node.ConnectAsync();
        await wire.SendAsync("GET /stream?fail=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Exception cut = await Assert.ThrowsAnyAsync<Exception>(wire.ReadResponseAsync);
        Assert.True(cut is EndOfStreamException or SocketException, cut.ToString());
    }

    [Fact]
    public async Task What_failed_is_counted_by_kind()
    {
        await _node.GetAsync("/js/error");
        Assert.Equal(1, await _node.MetricAsync("edgeproxy_integration_errors_total", "kind=\"function_error\""));
    }

    private static string Document()
    {
        static object Function(string name, string method = "x-amazon-apigateway-any-method", int timeout = 1500, bool streams = false) => new Dictionary<string, object>
        {
            [method] = new Dictionary<string, object>
            {
                ["responses"] = new Dictionary<string, object> { ["200"] = new { description = "ok" } },
                ["x-amazon-apigateway-integration"] = new Dictionary<string, object>
                {
                    ["type"] = "aws_proxy",
                    ["httpMethod"] = "POST",
                    ["timeoutInMillis"] = timeout,
                    ["responseTransferMode"] = streams ? "STREAM" : "BUFFERED",
                    ["uri"] = Uri(name, streams),
                },
            },
        };

        static string Uri(string name, bool streams) => streams
            ? $"arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/arn:aws:lambda:us-east-1:000000000000:function:{name}/response-streaming-invocations"
            : $"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:{name}/invocations";

        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["openapi"] = "3.0.1",
            ["info"] = new { title = "functions", version = "1" },
            ["x-amazon-apigateway-binary-media-types"] = new[] { "image/png" },
            ["paths"] = new Dictionary<string, object>
            {
                ["/js/{proxy+}"] = Function("js", timeout: 5000),
                ["/py/{proxy+}"] = Function("py", timeout: 9000),
                ["/nowhere"] = Function("nowhere"),
                ["/stream"] = Function("jsstream", "get", 9000, streams: true),
                ["/custom"] = new Dictionary<string, object>
                {
                    ["post"] = new Dictionary<string, object>
                    {
                        ["responses"] = new Dictionary<string, object> { ["200"] = new { description = "ok" }, ["400"] = new { description = "bad" } },
                        ["x-amazon-apigateway-integration"] = new Dictionary<string, object>
                        {
                            ["type"] = "aws",
                            ["httpMethod"] = "POST",
                            ["uri"] = Uri("jserror", false),
                            ["requestTemplates"] = new Dictionary<string, string>
                            {
                                ["application/json"] = "#set($b = $input.path('$')){#if($b.fail)\"fail\":\"$b.fail\"#else\"who\":$input.json('$.name')#end}",
                            },
                            ["responses"] = new Dictionary<string, object>
                            {
                                ["default"] = new { statusCode = "200" },
                                ["\\[Bad\\].*"] = new
                                {
                                    statusCode = "400",
                                    responseTemplates = new Dictionary<string, string> { ["application/json"] = "{\"why\": \"$input.path('$.errorMessage').substring(6)\"}" },
                                },
                            },
                        },
                    },
                },
            },
        });
    }
}
