using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 11.2; the tables are <see cref="Rest_5_5_ContentHandling"/>.</summary>
public sealed class Rest_11_2_Binary : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("x-amazon-apigateway-binary-media-types: [image/png]\n")]
    [InlineData("x-amazon-apigateway-binary-media-types: ['*/*']\n")]
    public void HTTP_PROXY_passes_bytes_untouched_whatever_the_list(string list)
    {
        string bytes = string.Concat(Enumerable.Range(0, 256).Select(static value => (char)value));
        Serve(list, "type: http_proxy\nhttpMethod: POST\nuri: http://backend/");
        foreach (string type in (string[])["image/png", "text/plain", "application/json"])
        {
            _gateway.Upstream.Answer($"HTTP/1.1 200 OK\nContent-Type: {type}\nContent-Length: 256", bytes[..100], bytes[100..]);
            FakeExchange answer = _gateway.Send($"POST / HTTP/1.1\nHost: node\nAccept: image/png\nContent-Type: {type}\nContent-Length: 256", bytes[..9], bytes[9..]);
            Assert.Equal(bytes, _gateway.Upstream.Body);
            Assert.Equal(bytes, answer.SentText);
        }
    }

    [Fact]
    public void Under_any_type_an_http_backend_gets_and_gives_bytes()
    {
        Serve("x-amazon-apigateway-binary-media-types: ['*/*']\n", "type: http\nhttpMethod: POST\nuri: http://backend/\nresponses: {default: {statusCode: 200}}");
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "\u00FF\u0000");
        FakeExchange answer = _gateway.Send("POST / HTTP/1.1\nHost: node\nTransfer-Encoding: chunked", "\u00FE", "\u00FD");
        Assert.Equal("\u00FE\u00FD", _gateway.Upstream.Body);
        Assert.Equal(BodyFraming.Chunked, _gateway.Upstream.Framing); // nothing of it is looked at, so it is not held
        Assert.Equal("\u00FF\u0000", answer.SentText);
    }

    [Fact]
    public void A_body_that_is_decoded_from_base64_is_compressed_as_the_bytes_it_became()
    {
        _gateway.MinimumCompressionSize = 0;
        Serve(
            "x-amazon-apigateway-binary-media-types: [image/png]\nx-amazon-apigateway-minimum-compression-size: 3\n",
            "type: http\nhttpMethod: POST\nuri: http://backend/\nresponses: {default: {statusCode: 200, contentHandling: CONVERT_TO_BINARY}}");
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 4", "aGk=");
        Assert.Null(_gateway.Send("POST / HTTP/1.1\nHost: node\nAccept-Encoding: gzip\nContent-Length: 0").ResponseField("Content-Encoding"));
        Assert.Equal("hi", _gateway.Exchange.SentText);
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 4", "aGlo");
        Assert.Equal("gzip", _gateway.Send("POST / HTTP/1.1\nHost: node\nAccept-Encoding: gzip\nContent-Length: 0").ResponseField("Content-Encoding"));
    }

    private void Serve(string root, string integration) => _gateway.ServeDocument(
        "openapi: 3.0.1\ninfo: {title: T, version: '1'}\n" + root + "paths:\n  /:\n    post:\n      responses: {'200': {description: ok}}\n"
        + "      x-amazon-apigateway-integration:\n        " + integration.Replace("\n", "\n        ", StringComparison.Ordinal) + "\n");
}
