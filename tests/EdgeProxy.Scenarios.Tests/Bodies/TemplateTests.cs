using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Bodies;

/// <summary>Mapping templates on the wire: from an API's document to the bytes at its back end and at its client, and what they cost.</summary>
public sealed class TemplateTests
{
    private const string RequestTemplate = """
        #set($order = $input.path('$'))#set($context.requestOverride.header.X-Customer = $order.customer)#set($context.requestOverride.querystring.tag = $order.tags)
        {"id": "$input.params('id')", "customer": "$util.escapeJavaScript($order.customer)", "lines": [#foreach($i in $order.items)"$i.sku x$i.n"#if($foreach.hasNext), #end#end], "stage": "$context.stage"}
        """;

    private const string ResponseTemplate = """
        #set($r = $input.path('$'))#if($r.state == 'refused')#set($context.responseOverride.status = 409)#end
        {"said": "$r.state", "request": $input.json('$.echo.lines')}
        """;

    [Fact]
    public async Task Templates_make_what_the_back_end_and_the_client_get()
    {
        using RawUpstream upstream = RawUpstream.Answering(static request =>
            RawUpstream.Response(200, $$"""{"state": "{{(request["X-Customer"] == "Eve" ? "refused" : "accepted")}}", "echo": {{request.Text}}}"""));
        await using Node node = await Node.StartAsync(Document(upstream.Port));
        using Wire client = await node.ConnectAsync();

        Answer taken = await AskAsync(client, """{"customer":"Ada","tags":["a b","c"],"items":[{"sku":"A-1","n":2},{"sku":"B","n":1}]}""");
        Assert.Equal((200, "{\"said\": \"accepted\", \"request\": [\"A-1 x2\",\"B x1\"]}"), (taken.Status, taken.Text.Trim()));
        Answer sent = Assert.Single(upstream.Requests);
        Assert.Equal("POST /orders?tag=a+b&tag=c HTTP/1.1", sent.StartLine);
        Assert.Equal("Ada", sent["X-Customer"]);
        Assert.Equal("{\"id\": \"17\", \"customer\": \"Ada\", \"lines\": [\"A-1 x2\", \"B x1\"], \"stage\": \"prod\"}", sent.Text.Trim());

        Answer refused = await AskAsync(client, """{"customer":"Eve","items":[]}""");
        Assert.Equal(409, refused.Status);

        // A MOCK, by its rendered status.
        Assert.Equal((404, "no pet 7"), await MockAsync(node, "/mock/7?code=404"));
        Assert.Equal((200, "pet 7"), await MockAsync(node, "/mock/7?code=200"));
    }

    [Fact]
    public async Task A_template_without_end_is_stopped_counted_and_told_with_its_place_and_without_a_word_of_the_body()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(Document(upstream.Port), "templates:\n  steps: 2000\n");
        using Wire client = await node.ConnectAsync();
        var secret = new StringBuilder("{\"customer\":\"hunter2\",\"items\":[");
        for (int i = 0; i < 900; i++) secret.Append(i == 0 ? "" : ",").Append("{\"sku\":\"A\",\"n\":1}");
        Answer answer = await AskAsync(client, secret.Append("]}").ToString());
        Assert.Equal((500, "{\"message\": \"Internal server error\"}"), (answer.Status, answer.Text));
        Assert.Equal(1, await node.MetricAsync("edgeproxy_limit_hits_total", "limit=\"templates.steps\""));
        Assert.Equal(1, await node.MetricAsync("edgeproxy_template_failures_total", "kind=\"too_many_steps\""));
        JsonElement told = await node.UntilEventAsync("template_failed");
        Assert.Contains("line 2", told.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", node.LogText, StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);

        // The connection goes on.
        Assert.Equal(404, (await AskAsync(client, "{}", "/mock/1?code=404", "GET")).Status);
    }

    [Fact]
    public async Task Mapped_requests_allocate_less_than_a_byte_each()
    {
        byte[] response = Encoding.ASCII.GetBytes(RawUpstream.Response(200, """{"state": "accepted", "echo": {"lines": [1, 2]}}"""));
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            while (await wire.ReadRequestOrNullAsync() is not null) await wire.SendAsync(response);
        });
        await using Node node = await Node.StartAsync(Document(upstream.Port), "logs:\n  access:\n    path: /dev/null\n");
        using Wire client = await node.ConnectAsync();
        Assert.InRange(await node.BytesPerRequestAsync(count => SendManyAsync(client, count), 20_000), double.NegativeInfinity, 1);
    }

    [Fact]
    public async Task Validate_tells_the_line_of_an_error_in_a_template()
    {
        using var files = new Temporary();
        string path = files.Write("api.yaml", """
            openapi: 3.0.1
            info: {title: Pets, version: '1'}
            paths:
              /x:
                get:
                  responses: {'200': {description: ok}}
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates:
                      application/json: |
                        {"statusCode": 200}
                        #end
                    responses: {default: {statusCode: 200}}
            """);
        CommandResult result = await Command.EdgeProxyAsync("validate", path);
        string said = result.ToString();
        Assert.Equal(0, result.Status);
        Assert.Contains("api.yaml:12:13", said, StringComparison.Ordinal);
        Assert.Contains("EP1316", said, StringComparison.Ordinal);
    }

    private static async Task<(int Status, string Text)> MockAsync(Node node, string path)
    {
        Answer answer = await node.GetAsync(path);
        return (answer.Status, answer.Text);
    }

    private static async Task SendManyAsync(Wire client, int count)
    {
        const string Body = """{"customer":"Ada","tags":["a b","c"],"items":[{"sku":"A-1","n":2},{"sku":"B","n":1}]}""";
        for (int i = 0; i < count; i++) Assert.Equal(200, (await AskAsync(client, Body)).Status);
    }

    private static async Task<Answer> AskAsync(Wire client, string body, string target = "/orders/17", string method = "POST")
    {
        await client.SendAsync($"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        return await client.ReadResponseAsync();
    }

    private static string Document(int port)
    {
        JsonArray Parameters() => [new JsonObject { ["name"] = "id", ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" } }];
        JsonObject Templates(string text) => new() { ["application/json"] = text };
        var declared = new JsonObject { ["200"] = new JsonObject { ["description"] = "ok" }, ["404"] = new JsonObject { ["description"] = "none" } };
        return new JsonObject
        {
            ["openapi"] = "3.0.1",
            ["info"] = new JsonObject { ["title"] = "Orders", ["version"] = "1" },
            ["paths"] = new JsonObject
            {
                ["/orders/{id}"] = new JsonObject
                {
                    ["post"] = new JsonObject
                    {
                        ["parameters"] = Parameters(),
                        ["responses"] = declared.DeepClone(),
                        ["x-amazon-apigateway-integration"] = new JsonObject
                        {
                            ["type"] = "http",
                            ["httpMethod"] = "POST",
                            ["uri"] = $"http://127.0.0.1:{port}/orders",
                            ["requestTemplates"] = Templates(RequestTemplate),
                            ["responses"] = new JsonObject { ["default"] = new JsonObject { ["statusCode"] = "200", ["responseTemplates"] = Templates(ResponseTemplate) } },
                        },
                    },
                },
                ["/mock/{id}"] = new JsonObject
                {
                    ["get"] = new JsonObject
                    {
                        ["parameters"] = Parameters(),
                        ["responses"] = declared.DeepClone(),
                        ["x-amazon-apigateway-integration"] = new JsonObject
                        {
                            ["type"] = "mock",
                            ["requestTemplates"] = Templates("{\"statusCode\": $input.params('code')}"),
                            ["responses"] = new JsonObject
                            {
                                ["default"] = new JsonObject { ["statusCode"] = "200", ["responseTemplates"] = Templates("pet $input.params('id')") },
                                ["404"] = new JsonObject { ["statusCode"] = "404", ["responseTemplates"] = Templates("no pet $input.params('id')") },
                            },
                        },
                    },
                },
            },
        }.ToJsonString();
    }
}
