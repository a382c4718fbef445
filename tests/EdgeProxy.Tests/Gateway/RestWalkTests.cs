using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Tls;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Tests.Gateway;

public sealed class RestWalkTests : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Answers_a_mock_without_calling_anybody()
    {
        _gateway.Route("GET /pets/{id}", Mock(201, "{\"pet\":1}")).Serve();
        FakeExchange answer = _gateway.Send("GET /pets/7 HTTP/1.1");
        Assert.Equal(201, answer.Response.Status);
        Assert.Equal("{\"pet\":1}", answer.SentText);
        Assert.Equal("application/json", answer.ResponseField("Content-Type"));
        Assert.True(answer.ResponseEnded);
        Assert.Equal(1, answer.Sends);
        Assert.Equal(0, _gateway.Upstream.Calls);
    }

    [Fact]
    public void Passes_request_and_answer_through_a_proxy_integration()
    {
        _gateway.Route("ANY /{proxy+}", Proxy("http://backend:9000/base/{proxy}", parameters: [Map("integration.request.path.proxy", "method.request.path.proxy", "proxy")])).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 202 Accepted\nContent-Type: text/plain\nContent-Length: 5\nX-Own: 1", "he", "llo");
        FakeExchange answer = _gateway.Send("PUT /a/b?x=1 HTTP/1.1\nHost: node\nContent-Length: 4", "bo", "dy");
        Assert.Equal(new UpstreamName("backend", 9000), _gateway.Upstream.Called);
        Assert.Equal("PUT", _gateway.Upstream.Method);
        Assert.Equal("/base/a/b?x=1", _gateway.Upstream.Target);
        Assert.Equal("body", _gateway.Upstream.Body);
        Assert.Equal(BodyFraming.Length, _gateway.Upstream.Framing);
        Assert.Equal(4, _gateway.Upstream.ContentLength);
        Assert.Equal(202, answer.Response.Status);
        Assert.Equal("hello", answer.SentText);
        Assert.Equal("text/plain", answer.ResponseField("Content-Type"));
        Assert.Equal("1", answer.ResponseField("X-Own"));
        Assert.True(_gateway.Upstream.IsReturned);
        Assert.True(_gateway.Upstream.WasReadToItsEnd);
    }

    [Fact]
    public void Waits_for_a_slow_backend_and_for_a_slow_client()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 6", "abc", "def");
        _gateway.Upstream.Waits = true;
        _gateway.Exchange.Room = 2;
        LoopTask walk = _gateway.Start("GET / HTTP/1.1");
        Assert.False(_gateway.Exchange.ResponseStarted);
        _gateway.Upstream.Respond();
        _gateway.Loop.Run();
        Assert.Equal("abc", _gateway.Exchange.SentText);
        _gateway.Exchange.TakeSent();
        _gateway.Loop.Run();
        Assert.Equal("abcdef", _gateway.Exchange.SentText);
        Assert.False(walk.IsCompleted);
        _gateway.Exchange.TakeSent();
        _gateway.Loop.Run();
        Assert.True(walk.IsCompleted);
        Assert.True(_gateway.Upstream.IsReturned);
    }

    [Theory]
    [InlineData(TrailerRule.Always, "TE: trailers", "1", BodyFraming.Chunked)]
    [InlineData(TrailerRule.Always, "Accept: */*", null, BodyFraming.Length)]
    [InlineData(TrailerRule.WithHttp2, "TE: trailers", null, BodyFraming.Length)]
    [InlineData(TrailerRule.Never, "TE: trailers", null, BodyFraming.Length)]
    public void Passes_trailers_both_ways_where_the_route_lets_them(TrailerRule rule, string field, string? expected, BodyFraming framing)
    {
        HttpProxyPlan plan = new() { Uri = UriTemplate.Parse("http://backend/"), Method = "", KnownMethod = HttpMethod.Other, Upstream = new UpstreamPlan { Trailers = rule } };
        _gateway.Route("ANY /", plan).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", "abc", "def", "");
        _gateway.Upstream.Trailers.Add(("X-Sum", "1"));
        _gateway.Exchange.Receive($"POST / HTTP/1.1\nHost: node\nTransfer-Encoding: chunked\n{field}", "body");
        _gateway.Exchange.RequestTrailers.Add("X-Up"u8, "2"u8);
        _gateway.Handle();
        Assert.Equal("abcdef", _gateway.Exchange.SentText);
        Assert.Equal(expected, _gateway.Exchange.ResponseTrailer("X-Sum"));
        Assert.Equal(framing, _gateway.Exchange.Response.Framing);
        Assert.Equal(rule == TrailerRule.Always ? ["X-Up: 2"] : [], _gateway.Upstream.SentTrailers);
        Assert.Equal(field.StartsWith("TE", StringComparison.Ordinal), _gateway.Upstream.WantsTrailers);
    }

    [Fact]
    public void Passes_the_trailers_of_a_body_that_streams()
    {
        HttpProxyPlan plan = new() { Uri = UriTemplate.Parse("http://backend/"), Method = "", KnownMethod = HttpMethod.Other, Upstream = new UpstreamPlan { Trailers = TrailerRule.Always } };
        _gateway.Route("GET /", plan).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", new string('x', 40_000), new string('x', 40_000), "");
        _gateway.Upstream.Trailers.Add(("X-Sum", "1"));
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1\nHost: node\nTE: trailers");
        Assert.Equal(BodyFraming.Chunked, answer.Response.Framing);
        Assert.Equal(80_000, answer.Sent.Length);
        Assert.Equal("1", answer.ResponseTrailer("X-Sum"));
    }

    [Fact]
    public void Gives_a_small_undeclared_body_its_length()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", "abc", "def", "");
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(BodyFraming.Length, answer.Response.Framing);
        Assert.Equal(6, answer.Response.ContentLength);
        Assert.Equal("abcdef", answer.SentText);
        Assert.Equal(1, answer.Sends);
    }

    [Fact]
    public void Streams_an_undeclared_body_beyond_64_KB()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        string run = new('x', 50_000);
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", run, run, "end");
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(BodyFraming.Chunked, answer.Response.Framing);
        Assert.Equal(run + run + "end", answer.SentText);
        Assert.True(answer.ResponseEnded);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Fact]
    public void Still_answers_for_a_backend_that_fails_within_the_first_64_KB_of_an_undeclared_body()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nX-Secret: 1\nTransfer-Encoding: chunked").Add(BodyStatus.Data, "abc").Add(BodyStatus.TimedOut);
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(504, answer.Response.Status);
        Assert.Equal("{\"message\":\"Endpoint request timed out\"}", answer.SentText);
        Assert.Null(answer.ResponseField("X-Secret"));
    }

    [Fact]
    public void Cuts_the_connection_when_the_backend_fails_after_the_response_has_begun()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 9").Add(BodyStatus.Data, "abc").Add(BodyStatus.Truncated);
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal("abc", answer.SentText);
        Assert.Equal(AbortReason.UpstreamFailed, answer.Aborted);
        Assert.False(answer.ResponseEnded);
        Assert.True(_gateway.Upstream.IsReturned);
    }

    [Fact]
    public void Gives_the_backend_up_when_the_client_goes_away()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Waits = true;
        LoopTask walk = _gateway.Start("GET / HTTP/1.1");
        _gateway.Exchange.Abort(AbortReason.ClientGone);
        _gateway.Loop.Run();
        Assert.True(walk.IsCompleted);
        Assert.Equal(1, _gateway.Upstream.Aborts);
        Assert.True(_gateway.Upstream.IsReturned);
        Assert.Equal("1", _gateway.Metric("edgeproxy_requests_total{api_id=\"abcde12345\",api_name=\"pets\",api_type=\"REST\",stage=\"prod\",resource=\"/\",method=\"GET\",code_class=\"4xx\",code=\"499\"}"));
    }

    [Fact]
    public void Refuses_a_body_that_is_declared_too_large_before_the_backend_is_called()
    {
        _gateway.Route("POST /", Proxy("http://backend/")).Serve();
        _gateway.Exchange.Receive("POST / HTTP/1.1\nHost: node\nContent-Length: 100");
        _gateway.Exchange.BodyLimit = 99;
        _gateway.Handle();
        Assert.Equal(413, _gateway.Exchange.Response.Status);
        Assert.Equal("{\"message\":\"Request Too Long\"}", _gateway.Exchange.SentText);
        Assert.True(_gateway.Exchange.CloseAfterwards);
        Assert.Equal(0, _gateway.Upstream.Calls);
    }

    [Theory]
    [InlineData(BodyStatus.TooLarge, 413)]
    [InlineData(BodyStatus.TimedOut, 408)]
    [InlineData(BodyStatus.Violation, 400)]
    public void Answers_a_request_whose_body_fails_on_its_way_to_the_backend(BodyStatus status, int expected)
    {
        _gateway.Route("POST /", Proxy("http://backend/")).Serve();
        _gateway.Exchange.Receive("POST / HTTP/1.1\nHost: node\nTransfer-Encoding: chunked");
        _gateway.Exchange.Add(BodyStatus.Data, "abc");
        _gateway.Exchange.Add(status);
        _gateway.Handle();
        Assert.Equal(expected, _gateway.Exchange.Response.Status);
        Assert.True(_gateway.Exchange.CloseAfterwards);
        Assert.True(_gateway.Upstream.IsReturned);
    }

    [Fact]
    public void Cuts_a_request_whose_client_goes_away_before_its_body_is_complete()
    {
        _gateway.Route("POST /", Proxy("http://backend/")).Serve();
        _gateway.Exchange.Receive("POST / HTTP/1.1\nHost: node\nTransfer-Encoding: chunked");
        _gateway.Exchange.Add(BodyStatus.Truncated);
        _gateway.Handle();
        Assert.Equal(AbortReason.ClientGone, _gateway.Exchange.Aborted);
        Assert.False(_gateway.Exchange.ResponseStarted);
    }

    [Theory]
    [InlineData(GatewayResponseType.AuthorizerConfigurationError, "{\"message\":null}", "AuthorizerConfigurationException")]
    [InlineData(GatewayResponseType.ApiConfigurationError, "{\"message\": \"Internal server error\"}", "InternalServerErrorException")]
    public void Serves_a_route_that_needs_something_unsupported_closed(object closedBy, string body, string errorType)
    {
        _gateway.Route("GET /", ClosedPlan.Instance, closedBy: (GatewayResponseType)closedBy).Serve();
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(500, answer.Response.Status);
        Assert.Equal(body, answer.SentText);
        Assert.Equal(errorType, answer.ResponseField("x-amzn-ErrorType"));
    }

    [Fact]
    public void Sends_no_body_to_HEAD_and_says_how_long_it_would_be()
    {
        _gateway.Route("HEAD /", Proxy("http://backend/")).Route("HEAD /mock", Mock(200, "hello")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 1000");
        FakeExchange answer = _gateway.Send("HEAD / HTTP/1.1");
        Assert.Equal((BodyFraming.Length, 1000L, ""), (answer.Response.Framing, answer.Response.ContentLength, answer.SentText));
        Assert.True(_gateway.Upstream.WasReadToItsEnd);
        answer = _gateway.Send("HEAD /mock HTTP/1.1");
        Assert.Equal((BodyFraming.Length, 5L, ""), (answer.Response.Framing, answer.Response.ContentLength, answer.SentText));
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content")]
    [InlineData("HTTP/1.1 304 Not Modified\nETag: \"1\"")]
    public void Sends_no_body_and_no_length_with_204_and_304(string head)
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer(head);
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(BodyFraming.None, answer.Response.Framing);
        Assert.Null(answer.ResponseField("Content-Type"));
        Assert.True(answer.ResponseEnded);
        Assert.True(_gateway.Upstream.WasReadToItsEnd);
    }

    [Fact]
    public void Finishes_a_request_on_the_stage_it_began_with()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Waits = true;
        LoopTask walk = _gateway.Start("GET / HTTP/1.1");
        _gateway.Snapshots.Swap(GatewaySnapshot.Empty);
        _gateway.Upstream.Respond();
        _gateway.Loop.Run();
        Assert.True(walk.IsCompleted);
        Assert.Equal(200, _gateway.Exchange.Response.Status);
        Assert.Equal(403, _gateway.Send("GET / HTTP/1.1").Response.Status);
    }

    [Fact]
    public void Tells_an_observer_each_phase_in_order()
    {
        _gateway.Route("GET /", Mock()).Serve();
        _gateway.Send("GET / HTTP/1.1");
        var observer = new PhaseList();
        _gateway.Exchange.Receive("GET / HTTP/1.1\nHost: node");
        _gateway.Context.Observer = observer;
        _gateway.Handle();
        Assert.Equal("CheckTarget SelectHost SelectRoute CheckApiKey Throttle ValidateParameters ReceiveBody DecodeBody ValidateBody LookUpCache TakeSlot MapRequest Integrate ReceiveAnswer MapResponse ValidateResponse StoreAnswer EncodeAnswer Respond", string.Join(' ', observer.Phases));
    }

    [Fact]
    public void Reads_a_body_that_nobody_gets_as_far_as_it_is_here_so_that_the_connection_can_be_used_again()
    {
        ResponseSelection fixedBody = Single(new ResponsePlan { Status = 200, Templates = [new BodyTemplate("application/json", "{}")] });
        _gateway.Route("GET /", HttpBackend("http://backend/", responses: fixedBody)).Route("HEAD /", Proxy("http://backend/", "GET")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 6", "abc", "def");
        Assert.Equal("{}", _gateway.Send("GET / HTTP/1.1").SentText);
        Assert.True(_gateway.Upstream.WasReadToItsEnd);
        Assert.Equal(6, _gateway.Send("HEAD / HTTP/1.1").Response.ContentLength);
        Assert.True(_gateway.Upstream.WasReadToItsEnd);

        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 6").Add(BodyStatus.Data, "abc");
        LoopTask walk = _gateway.Start("GET / HTTP/1.1");
        Assert.True(walk.IsCompleted);
        Assert.True(_gateway.Upstream.IsReturned);
        Assert.False(_gateway.Upstream.WasReadToItsEnd);
    }

    [Fact]
    public void Never_calls_a_TLS_backend_in_the_clear()
    {
        _gateway.Route("GET /", Proxy("${stageVariables.url}/x")).Serve(variables: ("url", "https://backend"));
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 0");
        Assert.Equal(200, _gateway.Send("GET / HTTP/1.1").Response.Status);
        Assert.Equal(new UpstreamName("backend", 443, Tls: UpstreamTls.Default), _gateway.Upstream.Called);
    }

    [Fact]
    public void Serves_the_next_request_after_a_walk_that_ended_in_an_exception()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 3", "abcdef");
        Assert.Throws<InvalidOperationException>(() => _gateway.Start("GET / HTTP/1.1").GetAwaiter().GetResult());
        Assert.True(_gateway.Upstream.IsReturned);
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 3", "abc");
        Assert.Equal("abc", _gateway.Send("GET / HTTP/1.1").SentText);
    }

    [Fact]
    public void Holds_only_as_much_of_a_body_as_its_route_needs_and_sends_all_of_it()
    {
        _gateway.Route("POST /", Proxy("http://backend/"), BodyNeed.Prefix(4)).Serve();
        _gateway.Send("POST / HTTP/1.1\nHost: node\nTransfer-Encoding: chunked", "abc", "def", "ghi");
        Assert.Equal("abcdefghi", _gateway.Upstream.Body);
        Assert.Equal(BodyFraming.Chunked, _gateway.Upstream.Framing);
        _gateway.Send("POST / HTTP/1.1\nHost: node\nTransfer-Encoding: chunked", "ab", "c");
        Assert.Equal("abc", _gateway.Upstream.Body);
        Assert.Equal((BodyFraming.Length, 3L), (_gateway.Upstream.Framing, _gateway.Upstream.ContentLength));
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Fact]
    public void Loses_a_client_that_goes_away_while_its_response_streams()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 9").Add(BodyStatus.Data, "abc");
        LoopTask walk = _gateway.Start("GET / HTTP/1.1");
        _gateway.Exchange.Abort(AbortReason.ClientGone);
        _gateway.Loop.Run();
        Assert.True(walk.IsCompleted);
        Assert.True(_gateway.Upstream.IsReturned);
        Assert.Null(_gateway.Metric("edgeproxy_integration_errors_total{api_id=\"abcde12345\",stage=\"prod\",resource=\"/\",method=\"GET\",integration_type=\"HTTP_PROXY\",kind=\"connect\"}"));
    }

    private sealed class PhaseList : EdgeProxy.Gateway.IWalkObserver
    {
        public List<EdgeProxy.Gateway.WalkPhase> Phases { get; } = [];

        public void OnPhase(EdgeProxy.Gateway.RequestContext request, EdgeProxy.Gateway.WalkPhase phase, EdgeProxy.Gateway.Verdict verdict, long now) => Phases.Add(phase);

        public void OnHeaderDropped(EdgeProxy.Gateway.RequestContext request, ReadOnlySpan<byte> name)
        {
        }
    }
}
