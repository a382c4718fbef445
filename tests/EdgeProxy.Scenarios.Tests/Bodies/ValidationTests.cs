using System.Text;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Bodies;

/// <summary>Request validators on the wire: what is refused, what passes, and what it costs.</summary>
public sealed class ValidationTests
{
    private const string Valid = """{"name":"Tom","tags":["a","b"],"mail":"tom@example.com","price":3.95}""";

    [Fact]
    public async Task Refuses_what_is_missing_or_wrong_keeps_the_connection_and_passes_the_rest()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(Document(upstream.Port), "logs:\n  level: debug\n");
        using Wire client = await node.ConnectAsync();

        Answer missing = await AskAsync(client, "/pets", "", Valid);
        Assert.Equal((400, """{"message":"Missing required request parameters: [x-tenant, limit]"}"""), (missing.Status, missing.Text));
        Assert.Equal("BadRequestException", missing["x-amzn-ErrorType"]);
        foreach (string body in (string[])["", "{}", "[]", "no json", """{"name":"Tom","name":"Jim"}""", new string('[', 100_000), """{"name":"\ud800","tags":["a","\u0061"]}"""])
        {
            Answer refused = await AskAsync(client, "/pets?limit=1", "x-tenant: t\r\n", body);
            Assert.Equal((400, """{"message":"Invalid request body"}"""), (refused.Status, refused.Text));
        }

        Assert.Equal(200, (await AskAsync(client, "/pets?limit=1", "x-tenant: t\r\n", Valid)).Status);
        Assert.Equal(Valid, Assert.Single(upstream.Requests).Text);
        Assert.Equal(1, await node.MetricAsync("edgeproxy_validation_refusals_total", "kind=\"parameters\""));
        Assert.Equal(1, await node.MetricAsync("edgeproxy_validation_refusals_total", "kind=\"too_deep\""));

        // The log tells the place and never a word of the body.
        Assert.Contains(node.Events("validation_refused"), static entry => entry.ToString().Contains("mismatch", StringComparison.Ordinal));
        Assert.DoesNotContain("Jim", node.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunked_body_that_says_expect_is_received_whole_before_it_is_judged()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(Document(upstream.Port));
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("POST /pets?limit=1 HTTP/1.1\r\nHost: localhost\r\nx-tenant: t\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        await client.SendAsync($"5\r\n{Valid[..5]}\r\n");
        await client.SendAsync($"{Valid.Length - 5:x}\r\n{Valid[5..]}\r\n0\r\n\r\n");
        Answer answer = await client.ReadResponseAsync();
        Assert.Equal(200, answer.Status);
        Assert.Equal($"{Valid.Length}", upstream.Requests.Single()["Content-Length"]);
    }

    [Fact]
    public async Task Validated_requests_allocate_less_than_a_byte_each()
    {
        byte[] answer = Encoding.ASCII.GetBytes(RawUpstream.Response(200, "ok"));
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            while (await wire.ReadRequestOrNullAsync() is not null) await wire.SendAsync(answer);
        });
        await using Node node = await Node.StartAsync(Document(upstream.Port), "logs:\n  access:\n    path: /dev/null\n");
        using Wire client = await node.ConnectAsync();
        Assert.InRange(await node.BytesPerRequestAsync(count => SendManyAsync(client, count), 20_000), double.NegativeInfinity, 1);
    }

    [Fact]
    public async Task A_wrong_model_in_use_keeps_the_node_from_starting_and_names_the_line()
    {
        string document = Document(1).Replace("\"minLength\": 1", "\"minLength\": \"one\"", StringComparison.Ordinal);
        using var files = new Temporary();
        string path = files.Write("api.json", document);
        CommandResult result = await Command.EdgeProxyAsync("validate", path);
        Assert.Equal(3, result.Status);
        string said = result.ToString();
        Assert.Contains("EP1315", said, StringComparison.Ordinal);
        Assert.Contains("api.json:15:", said, StringComparison.Ordinal);
    }

    private static async Task SendManyAsync(Wire client, int count)
    {
        byte[] request = Encoding.ASCII.GetBytes($"POST /pets?limit=1 HTTP/1.1\r\nHost: localhost\r\nx-tenant: t\r\nContent-Type: application/json\r\nContent-Length: {Valid.Length}\r\n\r\n{Valid}");
        for (int i = 0; i < count; i++)
        {
            await client.SendAsync(request);
            Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        }
    }

    private static async Task<Answer> AskAsync(Wire client, string target, string headers, string body)
    {
        await client.SendAsync($"POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{headers}Content-Length: {Encoding.Latin1.GetByteCount(body)}\r\n\r\n{body}");
        return await client.ReadResponseAsync();
    }

    private static string Document(int port) => $$$"""
        {
          "openapi": "3.0.1", "info": {"title": "Pets", "version": "1"},
          "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": true, "validateRequestParameters": true} },
          "x-amazon-apigateway-request-validator": "all",
          "paths": {"/pets": {"post": {
            "parameters": [
              {"name": "limit", "in": "query", "required": true, "schema": {"type": "string"}},
              {"name": "x-tenant", "in": "header", "required": true, "schema": {"type": "string"}}],
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"} } } },
            "responses": {"200": {"description": "ok"}},
            "x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "POST", "uri": "http://127.0.0.1:{{{port}}}/pets" }
          } } },
          "components": {"schemas": {
            "Pet": {"type": "object", "required": ["name"], "properties": {
              "name": {"type": "string", "minLength": 1, "pattern": "^[A-Z][a-zé]+$"},
              "tags": {"type": "array", "uniqueItems": true, "items": {"type": "string"} },
              "mail": {"type": "string", "format": "email"},
              "price": {"type": "number", "minimum": 0, "multipleOf": 0.01},
              "parent": {"$ref": "#/components/schemas/Pet"}
            } }
          } }
        }
        """;
}
