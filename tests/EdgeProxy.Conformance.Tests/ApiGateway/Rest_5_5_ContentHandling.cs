using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 5.5: both tables, row for row, and what bytes do to a template.</summary>
public sealed class Rest_5_5_ContentHandling : IDisposable
{
    private const string Internal = "{\"message\": \"Internal server error\"}";
    private const string Binary = "image/png";

    private readonly TestGateway _gateway = new();

    public void Dispose()
    {
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
        _gateway.Dispose();
    }

    // What is text: "aGk=" is "hi" in base64. What is bytes: 0xFF is no UTF-8, and "/w==" in base64.
    [Theory]
    [InlineData("text/plain", "", "h\u00FFi", "h\u00EF\u00BF\u00BDi")]
    [InlineData("text/plain", "", "aGk=", "aGk=")]
    [InlineData("text/plain", "CONVERT_TO_BINARY", "aGk=", "hi")]
    [InlineData("text/plain", "CONVERT_TO_BINARY", "/w==", "\u00FF")]
    [InlineData("text/plain", "CONVERT_TO_BINARY", "no base-64", null)]
    [InlineData("text/plain", "CONVERT_TO_TEXT", "h\u00FFi", "h\u00EF\u00BF\u00BDi")]
    [InlineData("image/png", "", "h\u00FFi", "h\u00FFi")]
    [InlineData("image/png", "CONVERT_TO_BINARY", "h\u00FFi", "h\u00FFi")]
    [InlineData("image/png", "CONVERT_TO_TEXT", "\u00FF", "/w==")]
    [InlineData("image/png", "CONVERT_TO_TEXT", "", "")]
    public void The_request_table(string contentType, string handling, string body, string? expected)
    {
        Serve(Http(handling));
        foreach (string framing in (string[])[$"Content-Length: {body.Length}", "Transfer-Encoding: chunked"])
        {
            FakeExchange answer = Send($"POST / HTTP/1.1\nHost: node\nContent-Type: {contentType}\n{framing}", body);
            Assert.Equal(expected is null ? 500 : 200, answer.Response.Status);
            if (expected is null) Assert.Equal(Internal, answer.SentText);
            else Assert.Equal(expected, _gateway.Upstream.Body);
        }

        Assert.Equal(expected is null ? 0 : 2, _gateway.Upstream.Calls);
    }

    [Theory]
    [InlineData("text/plain", "text/plain", "", "h\u00FFi", "h\u00EF\u00BF\u00BDi")]
    [InlineData("text/plain", "text/plain", "CONVERT_TO_BINARY", "/w==", "\u00FF")]
    [InlineData("text/plain", "text/plain", "CONVERT_TO_TEXT", "h\u00FFi", "h\u00EF\u00BF\u00BDi")]
    [InlineData("text/plain", Binary, "", "aGk=", "hi")]
    [InlineData("text/plain", Binary, "", "no base-64", null)]
    [InlineData("text/plain", Binary, "CONVERT_TO_BINARY", "aGk=", "hi")]
    [InlineData("text/plain", Binary, "CONVERT_TO_TEXT", "aGk=", "aGk=")]
    [InlineData(Binary, "text/plain", "", "\u00FF", "/w==")]
    [InlineData(Binary, "text/plain", "CONVERT_TO_BINARY", "\u00FF", "\u00FF")]
    [InlineData(Binary, "text/plain", "CONVERT_TO_TEXT", "\u00FF", "/w==")]
    [InlineData(Binary, Binary, "", "\u00FF", "\u00FF")]
    [InlineData(Binary, Binary, "CONVERT_TO_BINARY", "\u00FF", "\u00FF")]
    [InlineData(Binary, Binary, "CONVERT_TO_TEXT", "\u00FF", "/w==")]
    [InlineData(Binary, "image/*", "", "\u00FF", "/w==")]
    [InlineData(Binary, "text/plain, image/png", "", "\u00FF", "/w==")]
    [InlineData(Binary, "image/png, text/plain", "", "\u00FF", "\u00FF")]
    public void The_response_table(string payload, string accept, string handling, string body, string? expected)
    {
        Serve(Http(response: handling));
        foreach (string framing in (string[])[$"Content-Length: {body.Length}", "Transfer-Encoding: chunked"])
        {
            _gateway.Upstream.Answer($"HTTP/1.1 200 OK\nContent-Type: {payload}\n{framing}", body);
            FakeExchange answer = Send($"POST / HTTP/1.1\nHost: node\nAccept: {accept}\nContent-Length: 0");
            Assert.Equal(expected is null ? 500 : 200, answer.Response.Status);
            Assert.Equal(expected ?? Internal, answer.SentText);
        }
    }

    [Theory]
    [InlineData("text/plain", "h\u00FFi", "h\u00EF\u00BF\u00BDi")]
    [InlineData("image/png", "h\u00FFi", "h\u00EF\u00BF\u00BDi")]
    public void Without_a_list_everything_is_text(string type, string body, string expected)
    {
        Serve(Http(), binary: "");
        _gateway.Upstream.Answer($"HTTP/1.1 200 OK\nContent-Type: {type}\nContent-Length: {body.Length}", body);
        FakeExchange answer = Send($"POST / HTTP/1.1\nHost: node\nAccept: {type}\nContent-Type: {type}\nContent-Length: {body.Length}", body);
        Assert.Equal(expected, _gateway.Upstream.Body);
        Assert.Equal(expected, answer.SentText);
    }

    [Theory]
    [InlineData("text/plain", "CONVERT_TO_BINARY", "aGk=")]
    [InlineData("image/png", "", "hi")]
    [InlineData("image/png", "CONVERT_TO_BINARY", "\u00FF")]
    [InlineData("image/png", "", "")]
    public void Bytes_cannot_go_through_a_request_template(string contentType, string handling, string body)
    {
        Serve(Http(handling, template: "requestTemplates: {text/plain: '{\"a\": 1}', image/png: '{\"data\": \"$input.body\"}'}"));
        FakeExchange answer = Send($"POST / HTTP/1.1\nHost: node\nContent-Type: {contentType}\nContent-Length: {body.Length}", body);
        Assert.Equal((500, Internal), (answer.Response.Status, answer.SentText));
        Assert.Equal(0, _gateway.Upstream.Calls);
    }

    [Fact]
    public void A_node_without_limits_holds_no_text_only_to_repair_it()
    {
        Serve(Http(), settings: new GatewaySettings { ResponseBodyLimit = -1 });
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 1", "\u00FF");
        Assert.Equal("\u00FF", _gateway.Send("POST / HTTP/1.1\nHost: node\nTransfer-Encoding: chunked", "\u00FE").SentText);
        Assert.Equal(("\u00FE", BodyFraming.Chunked), (_gateway.Upstream.Body, _gateway.Upstream.Framing));
    }

    [Fact]
    public void A_template_reads_bytes_that_became_text_as_base64()
    {
        Serve(Http("CONVERT_TO_TEXT", template: "requestTemplates: {image/png: '{\"data\": \"$input.body\"}'}"));
        Send("POST / HTTP/1.1\nHost: node\nContent-Type: image/png\nContent-Length: 3", "\u001F\u008B\u0008");
        Assert.Equal("{\"data\": \"H4sI\"}", _gateway.Upstream.Body);
    }

    [Fact]
    public void What_no_template_takes_is_415_before_anything_is_converted()
    {
        Serve(Http("CONVERT_TO_BINARY", template: "passthroughBehavior: never\nrequestTemplates: {application/json: '{}'}"));
        Assert.Equal(415, Send("POST / HTTP/1.1\nHost: node\nContent-Type: text/plain\nContent-Length: 3", "no!").Response.Status);
    }

    [Theory]
    [InlineData("CONVERT_TO_BINARY", "text/plain", "text/plain", "aGk=", 500)]
    [InlineData("", Binary, Binary, "hi", 500)]
    [InlineData("", "text/plain", Binary, "aGk=", 500)]
    [InlineData("", Binary, "text/plain", "hi", 200)]
    [InlineData("CONVERT_TO_TEXT", Binary, Binary, "hi", 200)]
    public void Bytes_cannot_go_through_a_response_template(string handling, string payload, string accept, string body, int expected)
    {
        Serve(Http(response: handling, responseTemplate: "responseTemplates: {application/json: '<$input.body>'}"));
        _gateway.Upstream.Answer($"HTTP/1.1 200 OK\nContent-Type: {payload}\nContent-Length: {body.Length}", body);
        FakeExchange answer = Send($"POST / HTTP/1.1\nHost: node\nAccept: {accept}\nContent-Length: 0");
        Assert.Equal(expected, answer.Response.Status);
        Assert.Equal(expected == 500 ? Internal : "<aGk=>", answer.SentText);
    }

    [Fact]
    public void Proxy_types_pass_bodies_whatever_is_written()
    {
        Serve("type: http_proxy\nhttpMethod: POST\nuri: http://backend/\ncontentHandling: CONVERT_TO_BINARY");
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 1", "\u00FF");
        Assert.Equal("\u00FF", Send("POST / HTTP/1.1\nHost: node\nAccept: image/png\nContent-Type: text/plain\nContent-Length: 1", "\u00FE").SentText);
        Assert.Equal("\u00FE", _gateway.Upstream.Body);
    }

    [Fact]
    public void HEAD_keeps_the_length_that_the_backend_said()
    {
        Serve(Http(method: "ANY"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 7", "");
        FakeExchange answer = Send("HEAD / HTTP/1.1\nHost: node");
        Assert.Equal((200, 7L), (answer.Response.Status, answer.Response.ContentLength));
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0xA4 }, "\u00C3\u00A4")]
    [InlineData(new byte[] { 0xC3 }, "\u00EF\u00BF\u00BD")]
    [InlineData(new byte[] { 0xC3, 0x28 }, "\u00EF\u00BF\u00BD(")]
    [InlineData(new byte[] { 0xE2, 0x82 }, "\u00EF\u00BF\u00BD")]
    [InlineData(new byte[] { 0xFF, 0xFE }, "\u00EF\u00BF\u00BD\u00EF\u00BF\u00BD")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "\u00EF\u00BF\u00BD\u00EF\u00BF\u00BD\u00EF\u00BF\u00BD")]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98, 0x80 }, "\u00F0\u009F\u0098\u0080")]
    public void Each_run_that_is_no_character_becomes_one_replacement(byte[] bytes, string expected)
    {
        var buffers = new LoopBuffers();
        var body = new HeldBody();
        body.Append(bytes, buffers);
        body.Complete();
        ConvertBody.Repair(body, buffers);
        Assert.Equal(expected, Encoding.Latin1.GetString(body.Span));
        body.Release(buffers);
        Assert.Equal(0, buffers.Leased);
    }

    /// <summary>Sends on a connection with the service's limit of bodies.</summary>
    private FakeExchange Send(string head, params string[] body)
    {
        _gateway.Exchange.Receive(head, body);
        _gateway.Exchange.BodyLimit = 10 * 1024 * 1024;
        _gateway.Handle();
        return _gateway.Exchange;
    }

    private void Serve(string integration, string binary = "x-amazon-apigateway-binary-media-types: [image/png]\n", GatewaySettings? settings = null) => _gateway.ServeDocument(
        "openapi: 3.0.1\ninfo: {title: T, version: '1'}\n" + binary + "paths:\n  /:\n    x-amazon-apigateway-any-method:\n      responses: {'200': {description: ok}}\n"
        + "      x-amazon-apigateway-integration:\n        " + integration.TrimEnd('\n').Replace("\n", "\n        ", StringComparison.Ordinal) + "\n",
        settings);

    private static string Http(string request = "", string response = "", string template = "", string responseTemplate = "", string method = "POST") =>
        $"type: http\nhttpMethod: {method}\nuri: http://backend/\n"
        + (request.Length == 0 ? "" : $"contentHandling: {request}\n") + (template.Length == 0 ? "" : template + "\n")
        + "responses:\n  default:\n    statusCode: 200\n" + (response.Length == 0 ? "" : $"    contentHandling: {response}\n") + (responseTemplate.Length == 0 ? "" : $"    {responseTemplate}\n");
}
