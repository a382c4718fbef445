using System.IO.Compression;
using System.Text;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Caching;

public sealed class CompressedVariantTests : IDisposable
{
    private const string Gzip = "GET /a HTTP/1.1\nHost: node\nAccept-Encoding: gzip";

    private static readonly string s_body = string.Concat(Enumerable.Repeat("a body that is worth compressing, ", 100));

    private readonly TestGateway _gateway = new();

    public void Dispose()
    {
        Assert.Empty(_gateway.Loop.Unhandled);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
        _gateway.Dispose();
    }

    [Theory]
    [InlineData("rfc9111: true, compressedVariants: true")]
    [InlineData("compressedVariants: true")]
    public void The_first_hit_compresses_and_the_others_are_served_what_it_made(string policy)
    {
        Serve(policy);
        for (int i = 0; i < 5; i++)
        {
            FakeExchange answer = _gateway.Send(Gzip);
            Assert.Equal(("gzip", "Accept-Encoding", "W/\"1\""), (answer.ResponseField("Content-Encoding"), answer.ResponseField("Vary"), answer.ResponseField("ETag")));
            Assert.Equal(s_body, Plain(answer));
            Assert.Equal(answer.Sent.Length, answer.Response.ContentLength);
        }

        // Once for the miss, once for the first hit.
        Assert.Equal(("2", "1", "3"), (Encoded("gzip"), Variants("stored"), Variants("served")));
        Assert.Equal(s_body, _gateway.Send("GET /a HTTP/1.1").SentText);
        Assert.Null(_gateway.Exchange.ResponseField("Content-Encoding"));
        Assert.Equal(1, _gateway.Upstream.Calls);
    }

    [Fact]
    public void Each_coding_has_its_own()
    {
        Serve("rfc9111: true, compressedVariants: true");
        _gateway.Send("GET /a HTTP/1.1");
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(s_body, Plain(_gateway.Send(Gzip)));
            Assert.Equal("deflate", _gateway.Send(Gzip.Replace("gzip", "deflate", StringComparison.Ordinal)).ResponseField("Content-Encoding"));
        }

        Assert.Equal(("1", "1", "2", "4"), (Encoded("gzip"), Encoded("deflate"), Variants("stored"), Variants("served")));
    }

    [Fact]
    public void Another_answer_has_another_variant()
    {
        Serve("rfc9111: true, compressedVariants: true");
        for (int i = 0; i < 3; i++) _gateway.Send(Gzip);
        Answer(s_body + "new");
        _gateway.Loop.Advance(TimeSpan.FromSeconds(60));
        for (int i = 0; i < 3; i++) Assert.Equal(s_body + "new", Plain(_gateway.Send(Gzip)));
    }

    [Fact]
    public void Without_the_setting_each_reply_is_compressed()
    {
        Serve("rfc9111: true");
        for (int i = 0; i < 3; i++) Assert.Equal(s_body, Plain(_gateway.Send(Gzip)));
        Assert.Equal(("3", "0", "0"), (Encoded("gzip"), Variants("stored"), Variants("served")));
    }

    [Fact]
    public void A_cache_without_room_compresses_each_time_and_fails_nothing()
    {
        Serve("rfc9111: true, compressedVariants: true", 64 * 1024);
        for (int i = 0; i < 3; i++) Assert.Equal(s_body, Plain(_gateway.Send(Gzip)));
    }

    private void Serve(string policy, long maxBytes = 16 * 1024 * 1024)
    {
        string document =
            $$"""
            openapi: 3.0.1
            info: {title: t, version: '1'}
            x-amazon-apigateway-minimum-compression-size: 100
            paths:
              /a:
                get:
                  x-edgeproxy-cache: {{{policy}}}
                  x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'http://backend/'}
            """;
        var problems = new ProblemList();
        ApiDefinition? api = OpenApiImporter.Import("api.yaml", Encoding.UTF8.GetBytes(document), new OpenApiImportOptions { ApiId = "api0" }, problems);
        var settings = new GatewaySettings { Cache = new CacheLimits(MaxBytes: maxBytes), Compression = CompressionOptions.Default };
        GatewaySnapshot? snapshot = new SnapshotCompiler(_gateway.Live).Compile(
            [new MountedApi(api!, new StageDefinition { Name = "prod", CacheClusterEnabled = true }, "", [])], settings, RouteSettings.Detailed, new CheckOptions(), problems);
        Assert.Empty(problems.Select(ProblemWriter.Line));
        _gateway.Snapshots.Swap(snapshot!);
        Answer(s_body);
    }

    private void Answer(string body) => _gateway.Upstream.Answer($"HTTP/1.1 200 OK\nCache-Control: max-age=60\nETag: \"1\"\nContent-Type: text/plain\nContent-Length: {body.Length}", body);

    private static string Plain(FakeExchange answer)
    {
        using var gzip = new GZipStream(new MemoryStream(answer.Sent.ToArray()), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private string? Variants(string result) => _gateway.Metric($$"""edgeproxy_cache_variants_total{result="{{result}}"}""");

    private string? Encoded(string coding) => _gateway.Metric($$"""edgeproxy_content_coding_bodies_total{direction="response",coding="{{coding}}"}""");
}
