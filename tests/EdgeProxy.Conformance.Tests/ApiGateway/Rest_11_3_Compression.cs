using System.IO.Compression;
using System.Text;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using EdgeProxy.Tests.Gateway.Compression;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 11.3; what is not confirmed there is chosen in decision 0027.</summary>
public sealed class Rest_11_3_Compression : IDisposable
{
    private const string Unsupported = "{\"message\":\"Unsupported Media Type\"}";
    private const string TooLong = "{\"message\":\"Request Too Long\"}";
    private const string Text = "{\"name\": \"a body that is worth compressing, a body that is worth compressing\"}";

    private readonly TestGateway _gateway = new();

    public void Dispose()
    {
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
        Assert.Empty(_gateway.Loop.Unhandled);
        _gateway.Dispose();
    }

    // Requests.

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("deflate")]
    [InlineData("identity")]
    [InlineData("gzip, deflate")]
    [InlineData("deflate, identity, gzip")]
    public void A_coded_body_reaches_an_http_backend_plain_with_its_length_and_without_the_header(string coding)
    {
        _gateway.Route("POST /", Proxy("http://backend/")).Serve();
        string body = Coded(coding, Text);
        FakeExchange answer = _gateway.Send($"POST / HTTP/1.1\nHost: node\nContent-Type: text/plain\nContent-Encoding: {coding}\nContent-Length: {body.Length}", body[..1], body[1..]);
        Assert.Equal(200, answer.Response.Status);
        Assert.Equal(Text, _gateway.Upstream.Body);
        Assert.Equal((BodyFraming.Length, (long)Text.Length), (_gateway.Upstream.Framing, _gateway.Upstream.ContentLength));
        Assert.Null(_gateway.Upstream.Field("Content-Encoding"));
    }

    [Fact]
    public void Bare_deflate_is_taken_too()
    {
        _gateway.Route("POST /", Proxy("http://backend/")).Serve();
        string body = Bare(Text);
        _gateway.Send($"POST / HTTP/1.1\nHost: node\nContent-Encoding: deflate\nContent-Length: {body.Length}", body);
        Assert.Equal(Text, _gateway.Upstream.Body);
    }

    [Fact]
    public void A_chunked_coded_body_gets_a_length()
    {
        _gateway.Route("POST /", Proxy("http://backend/")).Serve();
        string body = Coded("gzip", Text);
        _gateway.Send("POST / HTTP/1.1\nHost: node\nContent-Encoding: gzip\nTransfer-Encoding: chunked", body[..3], body[3..]);
        Assert.Equal(Text, _gateway.Upstream.Body);
        Assert.Equal((BodyFraming.Length, (long)Text.Length), (_gateway.Upstream.Framing, _gateway.Upstream.ContentLength));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    public void An_empty_body_is_not_decoded_whatever_its_coding(string method)
    {
        _gateway.Route("ANY /", Proxy("http://backend/")).Serve();
        Assert.Equal(200, _gateway.Send($"{method} / HTTP/1.1\nHost: node\nContent-Encoding: deflate").Response.Status);
        Assert.Equal(200, _gateway.Send($"{method} / HTTP/1.1\nHost: node\nContent-Encoding: gzip\nContent-Length: 0").Response.Status);
        Assert.Equal(200, _gateway.Send($"{method} / HTTP/1.1\nHost: node\nContent-Encoding: compress\nContent-Length: 0").Response.Status);
        if (method == "POST") Assert.Equal(200, _gateway.Send("POST / HTTP/1.1\nHost: node\nContent-Encoding: br\nTransfer-Encoding: chunked", "").Response.Status);
        Assert.Equal("", _gateway.Upstream.Body);
    }

    [Theory]
    [InlineData("compress", "coding")]
    [InlineData("br", "coding")]
    [InlineData("zstd", "coding")]
    [InlineData("gzip, aes128gcm", "coding")]
    [InlineData("gzip, gzip, gzip, gzip", "limits.contentCodings")]
    public void A_coding_that_is_not_supported_is_415_before_anybody_is_called(string coding, string reason)
    {
        _gateway.Route("POST /", Proxy("http://backend/")).Serve();
        foreach (string framing in (string[])["Content-Length: 3", "Transfer-Encoding: chunked"])
        {
            FakeExchange answer = _gateway.Send($"POST / HTTP/1.1\nHost: node\nContent-Encoding: {coding}\n{framing}", "abc");
            Assert.Equal(415, answer.Response.Status);
            Assert.Equal(Unsupported, answer.SentText);
            Assert.Equal("BadRequestException", answer.ResponseField("x-amzn-ErrorType"));
        }

        Assert.Equal(0, _gateway.Upstream.Calls);
        Assert.Equal("2", _gateway.Metric($"edgeproxy_decoding_refusals_total{{reason=\"{reason}\"}}"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public void What_is_corrupt_cut_off_or_followed_by_something_is_415(string coding)
    {
        _gateway.Route("POST /", Proxy("http://backend/")).Serve();
        string body = Coded(coding, Text);
        string changed = body[..10] + (char)(body[10] ^ 0xFF) + (char)(body[11] ^ 0xFF) + body[12..];
        string[] wrong = ["abc", "{}", body[..^1], body[..1], body + "x", body + "\0", changed, Coded(coding, body) + "x"];
        foreach (string sent in wrong)
        {
            FakeExchange answer = _gateway.Send($"POST / HTTP/1.1\nHost: node\nContent-Encoding: {coding}\nContent-Length: {sent.Length}", sent);
            Assert.Equal(415, answer.Response.Status);
            Assert.Equal(Unsupported, answer.SentText);
        }

        Assert.Equal(0, _gateway.Upstream.Calls);
        Assert.Equal($"{wrong.Length}", _gateway.Metric("edgeproxy_decoding_refusals_total{reason=\"corrupt\"}"));
    }

    [Fact]
    public void A_415_for_its_coding_can_be_customised()
    {
        _gateway.Responses = new GatewayResponses(new Dictionary<GatewayResponseType, GatewayResponsePlan> { [GatewayResponseType.UnsupportedMediaType] = new() { Status = 499 } });
        _gateway.Route("POST /", Proxy("http://backend/")).Serve();
        Assert.Equal(499, _gateway.Send("POST / HTTP/1.1\nHost: node\nContent-Encoding: x\nContent-Length: 1", "a").Response.Status);
    }

    [Fact]
    public void A_body_too_long_once_decoded_is_413()
    {
        _gateway.Route("POST /", Proxy("http://backend/")).Serve(new GatewaySettings { Compression = new CompressionOptions { DecodedBody = 1000 } });
        FakeExchange SendOf(int length)
        {
            string body = Coded("gzip", new string('a', length));
            return _gateway.Send($"POST / HTTP/1.1\nHost: node\nContent-Encoding: gzip\nContent-Length: {body.Length}", body);
        }

        Assert.Equal(200, SendOf(1000).Response.Status);
        Assert.Equal(413, SendOf(1001).Response.Status);
        Assert.Equal(TooLong, _gateway.Exchange.SentText);
        Assert.Equal("1", _gateway.Metric("edgeproxy_decoding_refusals_total{reason=\"limits.decodedBody\"}"));

        // As it is sent it may not be longer either, for it is held.
        Assert.Equal(413, _gateway.Send("POST / HTTP/1.1\nHost: node\nContent-Encoding: gzip\nContent-Length: 1001", "a").Response.Status);
        Assert.Equal(413, _gateway.Send("POST / HTTP/1.1\nHost: node\nContent-Encoding: gzip\nTransfer-Encoding: chunked", new string('a', 1001), "").Response.Status);
        Assert.Equal("3", _gateway.Metric("edgeproxy_decoding_refusals_total{reason=\"limits.decodedBody\"}"));
        Assert.Equal(1, _gateway.Upstream.Calls);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("gzip, gzip")]
    public void A_bomb_is_413_and_costs_no_more_memory_than_is_allowed(string coding)
    {
        _gateway.Route("POST /", Proxy("http://backend/")).Serve();
        string body = Coded(coding, new string('\0', 9_000_000));
        long before = GC.GetAllocatedBytesForCurrentThread();
        FakeExchange answer = _gateway.Send($"POST / HTTP/1.1\nHost: node\nContent-Encoding: {coding}\nContent-Length: {body.Length}", body);
        Assert.Equal(413, answer.Response.Status);
        Assert.Equal("1", _gateway.Metric("edgeproxy_decoding_refusals_total{reason=\"limits.decodedRatio\"}"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * 1024 * 1024);
    }

    [Fact]
    public void Small_bodies_of_any_ratio_pass()
    {
        _gateway.Route("POST /", Proxy("http://backend/")).Serve();
        string body = Coded("gzip", new string(' ', 60_000));
        Assert.Equal(200, _gateway.Send($"POST / HTTP/1.1\nHost: node\nContent-Encoding: gzip\nContent-Length: {body.Length}", body).Response.Status);
        Assert.Equal(60_000, _gateway.Upstream.ContentLength);
    }

    [Fact]
    public void Brotli_and_zstd_are_decoded_where_the_node_is_told_to()
    {
        _gateway.Route("POST /", Proxy("http://backend/")).Serve(new GatewaySettings { Compression = new CompressionOptions { Decodes = CodingSet.Of(ContentCoding.Brotli, ContentCoding.Zstd) } });
        foreach (ContentCoding coding in (ContentCoding[])[ContentCoding.Brotli, ContentCoding.Zstd])
        {
            string body = Latin1(CodecRuns.Encode(coding, Encoding.Latin1.GetBytes(Text)));
            _gateway.Send($"POST / HTTP/1.1\nHost: node\nContent-Encoding: {ContentCodings.LabelOf(coding)}\nContent-Length: {body.Length}", body);
            Assert.Equal(Text, _gateway.Upstream.Body);
        }

        Assert.Equal(415, _gateway.Send("POST / HTTP/1.1\nHost: node\nContent-Encoding: gzip\nContent-Length: 1", "a").Response.Status);
    }

    [Fact]
    public void A_mock_sees_the_body_plain_and_what_was_decoded_is_counted()
    {
        _gateway.Route("POST /", new MockPlan
        {
            Responses = new ResponseSelection([new ResponsePlan { Status = 200 }, new ResponsePlan { Status = 201 }], static (i, text) => i == 1 && text == "201", 0),
        }, BodyNeed.Whole).Serve();
        string body = Coded("gzip", "{\"statusCode\": 201}");
        Assert.Equal(201, _gateway.Send($"POST / HTTP/1.1\nHost: node\nContent-Encoding: gzip\nContent-Length: {body.Length}", body).Response.Status);
        Assert.Equal("1", _gateway.Metric("edgeproxy_content_coding_bodies_total{direction=\"request\",coding=\"gzip\"}"));
        Assert.Equal($"{body.Length}", _gateway.Metric("edgeproxy_content_coding_bytes_total{direction=\"request\",coding=\"gzip\",side=\"in\"}"));
        Assert.Equal("19", _gateway.Metric("edgeproxy_content_coding_bytes_total{direction=\"request\",coding=\"gzip\",side=\"out\"}"));
    }

    [Fact]
    public void A_large_body_is_decoded_in_turns_and_a_client_that_leaves_meanwhile_ends_it()
    {
        _gateway.Route("POST /", Proxy("http://backend/")).Serve(new GatewaySettings { Compression = new CompressionOptions { DecodedRatio = 100_000 } });
        string body = Coded("gzip", new string('a', 2_000_000));
        long turn = _gateway.Loop.Turn;
        _gateway.Send($"POST / HTTP/1.1\nHost: node\nContent-Encoding: gzip\nContent-Length: {body.Length}", body);
        Assert.Equal(2_000_000, _gateway.Upstream.ContentLength);
        Assert.InRange(_gateway.Loop.Turn - turn, 7, 20);
    }

    // Answers.

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "deflate")]
    [InlineData("deflate,gzip", "gzip")]
    [InlineData("*", "gzip")]
    [InlineData("deflate;q=0.5,gzip;q=1.0", "gzip")]
    [InlineData("gzip;q=1.0,identity;q=0.5,*;q=0", "gzip")]
    [InlineData("", null)]
    [InlineData("identity", null)]
    [InlineData("br;q=1.0, gzip;q=0.5", null)]
    [InlineData(null, null)]
    public void The_answer_is_compressed_as_the_client_likes_it_best(string? accept, string? coding)
    {
        _gateway.MinimumCompressionSize = 0;
        _gateway.Route("GET /", Mock(body: Text)).Serve();
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1\nHost: node" + (accept is null ? "" : $"\nAccept-Encoding: {accept}"));
        Assert.Equal(coding, answer.ResponseField("Content-Encoding"));
        Assert.Equal(answer.Sent.Length, answer.Response.ContentLength);
        Assert.Equal(Text, Plain(coding, answer.SentText));
        Assert.Equal("Accept-Encoding", answer.ResponseField("Vary"));
        Assert.Equal("application/json", answer.ResponseField("Content-Type"));
    }

    [Theory]
    [InlineData(78, true)]
    [InlineData(79, false)]
    [InlineData(10485760, false)]
    [InlineData(-1, false)]
    public void Smaller_answers_and_those_of_APIs_that_do_not_ask_stay_as_they_are(int minimum, bool isCompressed)
    {
        Assert.Equal(78, Text.Length);
        _gateway.MinimumCompressionSize = minimum;
        _gateway.Route("GET /", Mock(body: Text)).Route("GET /declared", Proxy("http://backend/")).Serve();
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
        Assert.Equal(isCompressed ? "gzip" : null, answer.ResponseField("Content-Encoding"));
        Assert.Equal(isCompressed ? "Accept-Encoding" : null, answer.ResponseField("Vary"));

        _gateway.Upstream.Answer($"HTTP/1.1 200 OK\nContent-Length: {Text.Length}", Text);
        answer = _gateway.Send("GET /declared HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
        Assert.Equal(isCompressed ? "gzip" : null, answer.ResponseField("Content-Encoding"));
        Assert.Equal(Text, Plain(answer.ResponseField("Content-Encoding"), answer.SentText));

        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", Text[..10], Text[10..]);
        answer = _gateway.Send("GET /declared HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
        Assert.Equal(isCompressed ? "gzip" : null, answer.ResponseField("Content-Encoding"));
        Assert.Equal(Text, Plain(answer.ResponseField("Content-Encoding"), answer.SentText));
        Assert.Equal(BodyFraming.Length, answer.Response.Framing);
        Assert.True(_gateway.Upstream.WasReadToItsEnd);
    }

    [Fact]
    public void A_small_compressed_answer_of_a_backend_has_its_length_and_a_large_one_is_chunked()
    {
        _gateway.MinimumCompressionSize = 100;
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        string large = Latin1(CodecRuns.Sample(600_000));
        string[] runs = [.. Enumerable.Range(0, 10).Select(i => large.Substring(i * 60_000, 60_000))];
        foreach (string framing in (string[])["Content-Length: 600000", "Transfer-Encoding: chunked"])
        {
            _gateway.Upstream.Answer($"HTTP/1.1 200 OK\n{framing}", runs);
            FakeExchange answer = _gateway.Send("GET / HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
            Assert.Equal((200, BodyFraming.Chunked), (answer.Response.Status, answer.Response.Framing));
            Assert.Equal("gzip", answer.ResponseField("Content-Encoding"));
            Assert.Equal(large, Plain("gzip", answer.SentText));
            Assert.True(_gateway.Upstream.WasReadToItsEnd);
        }

        string easy = new('a', 600_000);
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 600000", easy[..300_000], easy[300_000..]);
        FakeExchange small = _gateway.Send("GET / HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
        Assert.Equal(BodyFraming.Length, small.Response.Framing);
        Assert.Equal(easy, Plain("gzip", small.SentText));
        Assert.Equal("3", _gateway.Metric("edgeproxy_content_coding_bodies_total{direction=\"response\",coding=\"gzip\"}"));
        Assert.Equal("1800000", _gateway.Metric("edgeproxy_content_coding_bytes_total{direction=\"response\",coding=\"gzip\",side=\"in\"}"));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\nContent-Encoding: br\nContent-Length: 78", "br")]
    [InlineData("HTTP/1.1 200 OK\nContent-Encoding: identity\nContent-Length: 78", "identity")]
    [InlineData("HTTP/1.1 206 Partial Content\nContent-Range: bytes 0-77/100\nContent-Length: 78", null)]
    [InlineData("HTTP/1.1 200 OK\nCache-Control: max-age=1, no-transform\nContent-Length: 78", null)]
    public void An_answer_that_is_coded_or_partial_or_not_to_be_changed_passes(string head, string? coding)
    {
        _gateway.MinimumCompressionSize = 0;
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer(head, Text);
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
        Assert.Equal(coding, answer.ResponseField("Content-Encoding"));
        Assert.Equal(Text, answer.SentText);
    }

    [Theory]
    [InlineData("GET", 204)]
    [InlineData("GET", 304)]
    public void An_answer_without_a_body_is_not_compressed(string method, int status)
    {
        _gateway.MinimumCompressionSize = 0;
        _gateway.Route("ANY /", Proxy("http://backend/")).Route("ANY /mock", Mock(status)).Serve();
        _gateway.Upstream.Answer($"HTTP/1.1 {status} X", "");
        foreach (string path in (string[])["/", "/mock"])
        {
            FakeExchange answer = _gateway.Send($"{method} {path} HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
            Assert.Equal(status, answer.Response.Status);
            Assert.Null(answer.ResponseField("Content-Encoding"));
            Assert.Equal(0, answer.Sent.Length);
        }

        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 0", "");
        Assert.Null(_gateway.Send("GET / HTTP/1.1\nHost: node\nAccept-Encoding: gzip").ResponseField("Content-Encoding"));
    }

    /// <summary>RFC 9110, 9.3.2 and 8.6: HEAD has the fields of GET, but no length that GET would not have had.</summary>
    [Theory]
    [InlineData("/proxy", "gzip", "gzip", "Accept-Encoding", "W/\"a\"", -1)]
    [InlineData("/proxy", "br", null, "Accept-Encoding", "\"a\"", 78)]
    [InlineData("/mock", "gzip", "gzip", "Accept-Encoding", "W/\"a\"", -1)]
    [InlineData("/mock", "identity", null, "Accept-Encoding", "\"a\"", 78)]
    [InlineData("/small", "gzip", null, null, "\"a\"", 5)]
    [InlineData("/none", "gzip", "gzip", "Accept-Encoding", null, -1)]
    [InlineData("/none", "br", null, "Accept-Encoding", null, 42)]
    public void HEAD_says_what_GET_would_have_said_of_its_coding(string path, string accept, string? coding, string? vary, string? tag, long length)
    {
        _gateway.MinimumCompressionSize = 40;
        _gateway.Route("HEAD /proxy", Proxy("http://backend/")).Route("HEAD /mock", Answer(Text)).Route("HEAD /small", Answer("small")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nETag: \"a\"\nContent-Length: 78", "");
        FakeExchange answer = _gateway.Send($"HEAD {path} HTTP/1.1\nHost: node\nAccept-Encoding: {accept}");
        Assert.Equal(coding, answer.ResponseField("Content-Encoding"));
        Assert.Equal(vary, answer.ResponseField("Vary"));
        Assert.Equal(tag, answer.ResponseField("ETag"));
        Assert.Equal(length < 0 ? (BodyFraming.None, -1) : (BodyFraming.Length, length), (answer.Response.Framing, answer.Response.ContentLength));
        Assert.Equal(0, answer.Sent.Length);
    }

    [Fact]
    public void HEAD_of_a_body_of_unknown_length_says_that_it_depends_on_the_client_and_no_more()
    {
        _gateway.MinimumCompressionSize = 40;
        _gateway.Route("HEAD /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nETag: \"a\"", "");
        FakeExchange answer = _gateway.Send("HEAD / HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
        Assert.Equal(("Accept-Encoding", null, BodyFraming.None), (answer.ResponseField("Vary"), answer.ResponseField("Content-Encoding"), answer.Response.Framing));
    }

    /// <summary>RFC 9110, 15.4.5 and 15.3.7: Vary as in the whole answer; and a tag by which a cache finds what it has of it.</summary>
    [Theory]
    [InlineData(304, "gzip", "W/\"a\"")]
    [InlineData(304, "br", "\"a\"")]
    [InlineData(206, "gzip", "\"a\"")]
    public void What_stands_for_the_whole_answer_depends_on_the_client_as_that_does(int status, string accept, string tag)
    {
        _gateway.MinimumCompressionSize = 0;
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer($"HTTP/1.1 {status} X\nETag: \"a\"" + (status == 206 ? "\nContent-Range: bytes 0-1/9\nContent-Length: 2" : ""), status == 206 ? "ab" : "");
        FakeExchange answer = _gateway.Send($"GET / HTTP/1.1\nHost: node\nAccept-Encoding: {accept}");
        Assert.Equal(("Accept-Encoding", null, tag), (answer.ResponseField("Vary"), answer.ResponseField("Content-Encoding"), answer.ResponseField("ETag")));
        Assert.Equal(status == 206 ? "ab" : "", answer.SentText);
    }

    [Theory]
    [InlineData("Vary: Origin", "Origin,Accept-Encoding")]
    [InlineData("Vary: origin, ACCEPT-encoding", "origin, ACCEPT-encoding")]
    [InlineData("Vary: *", "*")]
    [InlineData("X-A: b", "Accept-Encoding")]
    public void What_depends_on_Accept_Encoding_says_so_once(string field, string expected)
    {
        _gateway.MinimumCompressionSize = 0;
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer($"HTTP/1.1 200 OK\n{field}\nContent-Length: 78", Text);
        string fields = _gateway.Send("GET / HTTP/1.1\nHost: node\nAccept-Encoding: gzip").ResponseFields();
        Assert.Equal(expected, string.Join(',', fields.Split('\n').Where(line => line.StartsWith("Vary: ", StringComparison.Ordinal)).Select(line => line[6..])));
    }

    [Theory]
    [InlineData("\"abc\"", "W/\"abc\"")]
    [InlineData("W/\"abc\"", "W/\"abc\"")]
    public void A_strong_tag_of_other_bytes_becomes_a_weak_one(string tag, string expected)
    {
        _gateway.MinimumCompressionSize = 0;
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer($"HTTP/1.1 200 OK\nETag: {tag}\nX-B: c\nContent-Length: 78", Text);
        Assert.Equal(expected, _gateway.Send("GET / HTTP/1.1\nHost: node\nAccept-Encoding: gzip").ResponseField("ETag"));
        Assert.Equal(tag, _gateway.Send("GET / HTTP/1.1\nHost: node").ResponseField("ETag"));
    }

    [Fact]
    public void The_gateways_own_answers_are_compressed_by_the_same_rule()
    {
        _gateway.MinimumCompressionSize = 20;
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        FakeExchange answer = _gateway.Send("GET /nowhere HTTP/1.1\nHost: node\nAccept-Encoding: deflate");
        Assert.Equal(403, answer.Response.Status);
        Assert.Equal("deflate", answer.ResponseField("Content-Encoding"));
        Assert.Equal("{\"message\":\"Missing Authentication Token\"}", Plain("deflate", answer.SentText));
        Assert.Equal(answer.Sent.Length, answer.Response.ContentLength);
        _gateway.Upstream.Outcome = UpstreamOutcome.TimedOut;
        answer = _gateway.Send("GET / HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
        Assert.Equal("{\"message\":\"Endpoint request timed out\"}", Plain("gzip", answer.SentText));
        Assert.Equal("{\"message\":\"Missing Authentication Token\"}", _gateway.Send("GET /nowhere HTTP/1.1\nHost: node").SentText);
    }

    [Theory]
    [InlineData(BodyStatus.Truncated, 504)]
    [InlineData(BodyStatus.TimedOut, 504)]
    public void A_backend_that_fails_before_the_answer_has_begun_still_gets_its_status(BodyStatus failure, int status)
    {
        _gateway.MinimumCompressionSize = 0;
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        foreach (string framing in (string[])["Content-Length: 1000", "Transfer-Encoding: chunked"])
        {
            _gateway.Upstream.Answer($"HTTP/1.1 200 OK\n{framing}").Add(BodyStatus.Data, "abc").Add(failure);
            FakeExchange answer = _gateway.Send("GET / HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
            Assert.Equal(status, answer.Response.Status);
            Assert.Equal("gzip", answer.ResponseField("Content-Encoding"));
            Assert.Contains("message", Plain("gzip", answer.SentText), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_client_that_leaves_in_the_middle_leaves_nothing_behind()
    {
        _gateway.MinimumCompressionSize = 0;
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked").Add(BodyStatus.Data, Latin1(CodecRuns.Sample(400_000)));
        _gateway.Start("GET / HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
        _gateway.Exchange.Abort(EdgeProxy.Http.Server.AbortReason.ClientGone);
        _gateway.Loop.Run();
        Assert.True(_gateway.Upstream.IsReturned);
    }

    [Fact]
    public void Brotli_is_offered_where_the_node_is_told_to()
    {
        _gateway.MinimumCompressionSize = 0;
        _gateway.Route("GET /", Mock(body: Text)).Serve(new GatewaySettings { Compression = new CompressionOptions { Codings = [ContentCoding.Zstd, ContentCoding.Brotli] } });
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1\nHost: node\nAccept-Encoding: gzip, br");
        Assert.Equal("br", answer.ResponseField("Content-Encoding"));
        Assert.Equal(Text, Plain("br", answer.SentText));
        Assert.Equal("zstd", _gateway.Send("GET / HTTP/1.1\nHost: node\nAccept-Encoding: br, zstd").ResponseField("Content-Encoding"));
    }

    private static string Latin1(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private static string Bare(string text)
    {
        using var all = new MemoryStream();
        using (var stream = new DeflateStream(all, CompressionLevel.Optimal, leaveOpen: true)) stream.Write(Encoding.Latin1.GetBytes(text));
        return Latin1(all.ToArray());
    }

    /// <summary>Codes a text by the class library.</summary>
    private static MockPlan Answer(string text) => Mock(body: text, parameters: [MapBack("ETag", "'\"a\"'")]);

    private static string Coded(string codings, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        foreach (string coding in codings.Split(',', StringSplitOptions.TrimEntries))
        {
            using var all = new MemoryStream();
            Stream? stream = coding.ToUpperInvariant() switch
            {
                "GZIP" => new GZipStream(all, CompressionLevel.Optimal, leaveOpen: true),
                "DEFLATE" => new ZLibStream(all, CompressionLevel.Optimal, leaveOpen: true),
                _ => null,
            };
            if (stream is null) continue;
            using (stream) stream.Write(bytes);
            bytes = all.ToArray();
        }

        return Latin1(bytes);
    }

    private static string Plain(string? coding, string body)
    {
        var bytes = new MemoryStream(Encoding.Latin1.GetBytes(body));
        Stream stream = coding switch
        {
            "gzip" => new GZipStream(bytes, CompressionMode.Decompress),
            "deflate" => new ZLibStream(bytes, CompressionMode.Decompress),
            "br" => new BrotliStream(bytes, CompressionMode.Decompress),
            _ => bytes,
        };
        using (stream)
        using (var all = new MemoryStream())
        {
            stream.CopyTo(all);
            return Latin1(all.ToArray());
        }
    }
}
