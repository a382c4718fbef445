using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Http.Client;

public sealed class Http1CallTests : IDisposable
{
    private static readonly UpstreamName s_upstream = new("127.0.0.1", 9000);

    private readonly LoopHarness _loop = new();
    private readonly MemoryConnector _connector;
    private readonly MetricRegistry _registry = new(1);
    private Http1Client _client;

    public Http1CallTests()
    {
        _connector = new MemoryConnector(_loop);
        _client = New(new UpstreamOptions());
    }

    [Fact]
    public void Sends_the_head_and_reads_the_answer()
    {
        UpstreamCall call = Get("/a?b=c");
        LoopTask<UpstreamOutcome> sending = Send(call);
        Assert.Equal("GET /a?b=c HTTP/1.1\r\nHost: up\r\n\r\n", _connector.Opened[0].TakeSent());
        _connector.Opened[0].Deliver("HTTP/1.1 201 Created\r\nContent-Length: 5\r\nX-A: 1\r\n\r\nhello");
        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(sending));
        Assert.Equal(201, call.Response.Status);
        Assert.Equal("hello", Body(call));
        call.Return();
        Assert.Equal(0, _loop.Buffers.Leased);
    }

    [Fact]
    public void Reuses_the_connection_after_a_whole_response()
    {
        for (int i = 0; i < 3; i++)
        {
            UpstreamCall call = Get("/a");
            LoopTask<UpstreamOutcome> sending = Send(call);
            _connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
            Assert.Equal(UpstreamOutcome.Ok, _loop.Await(sending));
            Assert.Equal("x", Body(call));
            call.Return();
        }

        Assert.Single(_connector.Opened);
    }

    [Fact]
    public void Closes_the_connection_when_it_must_carry_no_other_call()
    {
        UpstreamCall call = Get("/a");
        call.EndsConnection = true;
        LoopTask<UpstreamOutcome> sending = Send(call);
        _connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(sending));
        Assert.Equal("x", Body(call));
        call.Return();
        Assert.True(_connector.Opened[0].IsClosed);
    }

    [Fact]
    public void Closes_the_connection_when_the_response_was_not_read_to_its_end()
    {
        UpstreamCall call = Get("/a");
        LoopTask<UpstreamOutcome> sending = Send(call);
        _connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx");
        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(sending));
        call.Return();
        Assert.True(_connector.Opened[0].IsClosed);
    }

    [Fact]
    public void Reads_the_same_response_however_it_is_split()
    {
        const string Response = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\nT: 1\r\n\r\n";
        for (int split = 1; split < Response.Length; split++)
        {
            UpstreamCall call = Get("/a");
            LoopTask<UpstreamOutcome> sending = Send(call);
            MemoryConnection upstream = _connector.Opened[^1];
            upstream.Deliver(Response[..split]);
            _loop.Run();
            LoopTask<(string? Body, BodyStatus Status)> all = ReadAsync(sending, call);
            _loop.Run();
            upstream.Deliver(Response[split..]);
            Assert.Equal(("abcde", BodyStatus.End), _loop.Await(all));
            call.Return();
            Assert.False(upstream.IsClosed);
            Assert.Equal(0, _loop.Buffers.Leased);
        }

        Assert.Single(_connector.Opened);
    }

    [Fact]
    public void Keeps_the_trailers_of_a_chunked_response_when_they_may_pass()
    {
        foreach ((TrailerRule rule, string? expected) in new[] { (TrailerRule.Always, "1"), (TrailerRule.WithHttp2, null), (TrailerRule.Never, null), (TrailerRule.Always, "1") })
        {
            UpstreamCall call = Get("/a");
            call.Trailers = rule;
            call.WantsTrailers = true;
            LoopTask<UpstreamOutcome> sending = Send(call);
            Assert.Equal(rule == TrailerRule.Always, _connector.Opened[0].TakeSent().Contains("\r\nTE: trailers\r\nConnection: TE\r\n", StringComparison.Ordinal));
            _connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\nX-Hop: 1\r\nHost: evil\r\n\r\n");
            Assert.Equal(UpstreamOutcome.Ok, _loop.Await(sending));
            Assert.Equal("abc", Body(call));
            Assert.Equal(expected, Fields.Find(call.ResponseTrailers, "T"));
            Assert.Equal(expected is null ? 0 : 1, call.ResponseTrailers.Count);
            call.Return();
        }
    }

    [Theory]
    [InlineData(TrailerRule.Always, "5\r\nhello\r\n0\r\nX-Sum: abc\r\n\r\n")]
    [InlineData(TrailerRule.WithHttp2, "5\r\nhello\r\n0\r\n\r\n")]
    public void Sends_the_bodys_trailers_when_they_may_pass(TrailerRule rule, string end)
    {
        var trailers = new HeaderTable();
        trailers.Add("X-Sum"u8, "abc"u8);
        foreach (string[] pieces in new string[][] { ["hello"], ["hello", ""] })
        {
            UpstreamCall call = Post("/a", new TextBody(pieces) { Trailers = trailers }, -1);
            call.Trailers = rule;
            LoopTask<UpstreamOutcome> sending = Send(call);
            Assert.EndsWith(end, _connector.Opened[0].TakeSent(), StringComparison.Ordinal);
            _connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            Assert.Equal(UpstreamOutcome.Ok, _loop.Await(sending));
            call.Return();
        }

        Assert.Single(_connector.Opened);
        Assert.Equal(0, _loop.Buffers.Leased);
    }

    [Fact]
    public void A_response_without_a_length_ends_with_its_connection()
    {
        UpstreamCall call = Get("/a");
        LoopTask<UpstreamOutcome> sending = Send(call);
        _connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\n\r\nabc");
        LoopTask<(string? Body, BodyStatus Status)> all = ReadAsync(sending, call);
        _loop.Run();
        _connector.Opened[0].Deliver("def");
        _connector.Opened[0].DeliverEnd();
        Assert.Equal(("abcdef", BodyStatus.End), _loop.Await(all));
        call.Return();
        Assert.True(_connector.Opened[0].IsClosed);
    }

    [Fact]
    public void A_pooled_connection_that_turns_out_dead_is_replaced_and_the_request_sent_once_more()
    {
        Warm();
        UpstreamCall call = Get("/b");
        LoopTask<UpstreamOutcome> sending = Send(call);
        _connector.Opened[0].DeliverEnd();
        _loop.Run();
        Assert.Equal(2, _connector.Opened.Count);
        Assert.StartsWith("GET /b ", _connector.Opened[1].TakeSent(), StringComparison.Ordinal);
        _connector.Opened[1].Deliver("HTTP/1.1 204 No Content\r\n\r\n");
        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(sending));
        call.Return();
    }

    [Fact]
    public void A_POST_is_never_sent_twice()
    {
        Warm();
        UpstreamCall call = Post("/b", new TextBody("abc"), 3);
        LoopTask<UpstreamOutcome> sending = Send(call);
        _connector.Opened[0].DeliverEnd();
        Assert.Equal(UpstreamOutcome.Reset, _loop.Await(sending));
        Assert.Single(_connector.Opened);
        call.Return();
    }

    [Fact]
    public void A_connection_that_dies_at_once_is_not_retried_for_ever()
    {
        Warm();
        UpstreamCall call = Get("/b");
        LoopTask<UpstreamOutcome> sending = Send(call);
        _connector.Opened[0].DeliverEnd();
        _loop.Run();
        _connector.Opened[1].DeliverEnd();
        Assert.Equal(UpstreamOutcome.Reset, _loop.Await(sending));
        call.Return();
    }

    [Fact]
    public void An_idle_connection_that_ends_leaves_the_pool()
    {
        Warm();
        _connector.Opened[0].DeliverEnd();
        _loop.Run();
        Assert.True(_connector.Opened[0].IsClosed);
        UpstreamCall call = Get("/b");
        Send(call).Forget();
        Assert.Equal(2, _connector.Opened.Count);
        call.Return();
    }

    [Fact]
    public void An_idle_connection_is_closed_when_nobody_needs_it()
    {
        Warm();
        _loop.Advance(TimeSpan.FromSeconds(61));
        Assert.True(_connector.Opened[0].IsClosed);
    }

    [Theory]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n")]
    public void What_is_not_HTTP_is_malformed(string response)
    {
        UpstreamCall call = Get("/a");
        LoopTask<UpstreamOutcome> sending = Send(call);
        _connector.Opened[0].Deliver(response);
        Assert.Equal(UpstreamOutcome.Malformed, _loop.Await(sending));
        call.Return();
        Assert.True(_connector.Opened[0].IsClosed);
    }

    [Fact]
    public void An_end_in_the_middle_of_the_head_is_malformed_and_before_it_a_reset()
    {
        UpstreamCall half = Get("/a");
        LoopTask<UpstreamOutcome> sending = Send(half);
        _connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\nConte");
        _connector.Opened[0].DeliverEnd();
        Assert.Equal(UpstreamOutcome.Malformed, _loop.Await(sending));
        half.Return();

        UpstreamCall none = Get("/a");
        sending = Send(none);
        _connector.Opened[1].DeliverReset();
        Assert.Equal(UpstreamOutcome.Reset, _loop.Await(sending));
        none.Return();
    }

    [Fact]
    public void An_end_in_the_middle_of_the_body_is_told()
    {
        UpstreamCall call = Get("/a");
        LoopTask<UpstreamOutcome> sending = Send(call);
        _connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        LoopTask<(string? Body, BodyStatus Status)> all = ReadAsync(sending, call);
        _loop.Run();
        _connector.Opened[0].DeliverEnd();
        Assert.Equal(BodyStatus.Truncated, _loop.Await(all).Status);
        call.Return();
    }

    [Fact]
    public void The_deadline_ends_the_wait_for_a_head_and_for_a_body()
    {
        UpstreamCall head = Get("/a");
        head.Deadline = _loop.Now + 1_000_000_000;
        LoopTask<UpstreamOutcome> sending = Send(head);
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(UpstreamOutcome.TimedOut, _loop.Await(sending));
        head.Return();

        UpstreamCall body = Get("/a");
        body.Deadline = _loop.Now + 1_000_000_000;
        sending = Send(body);
        _connector.Opened[^1].Deliver("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        LoopTask<(string? Body, BodyStatus Status)> all = ReadAsync(sending, body);
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(BodyStatus.TimedOut, _loop.Await(all).Status);
        body.Return();
    }

    [Fact]
    public void A_body_may_take_any_time_and_no_pause_beyond_the_idle_timeout()
    {
        UpstreamCall call = Get("/a");
        call.Deadline = _loop.Now + 100_000_000_000;
        call.IdleTimeout = 3_000_000_000;
        LoopTask<UpstreamOutcome> sending = Send(call);
        _connector.Opened[^1].Deliver("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        LoopTask<(string? Body, BodyStatus Status)> all = ReadAsync(sending, call);
        for (int i = 0; i < 4; i++)
        {
            _loop.Advance(TimeSpan.FromSeconds(2));
            Assert.False(all.IsCompleted);
            _connector.Opened[^1].Deliver("d");
            _loop.Run();
        }

        _loop.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(BodyStatus.TimedOut, _loop.Await(all).Status);
        call.Return();
    }

    [Fact]
    public void A_refused_address_is_told_from_a_slow_one()
    {
        _connector.Outcomes.Enqueue(IoStatus.Reset);
        UpstreamCall call = Get("/a");
        Assert.Equal(UpstreamOutcome.ConnectFailed, _loop.Await(call.SendAsync(s_upstream)));
        call.Return();
        _connector.Outcomes.Enqueue(IoStatus.TimedOut);
        call = Get("/a");
        Assert.Equal(UpstreamOutcome.ConnectTimedOut, _loop.Await(call.SendAsync(s_upstream)));
        call.Return();
    }

    [Fact]
    public void A_body_leaves_with_its_head_when_it_is_here()
    {
        UpstreamCall call = Post("/a", new TextBody("abc"), 3);
        Send(call).Forget();
        Assert.EndsWith("Content-Length: 3\r\n\r\nabc", _connector.Opened[0].TakeSent(), StringComparison.Ordinal);
        Assert.Equal(1, _connector.Opened[0].Sends);
        call.Return();
    }

    [Fact]
    public void A_body_of_unknown_length_is_sent_in_chunks()
    {
        UpstreamCall call = Post("/a", new TextBody("abc", "de"), -1);
        Send(call).Forget();
        Assert.EndsWith("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", _connector.Opened[0].TakeSent(), StringComparison.Ordinal);
        call.Return();
        _loop.Run();
    }

    [Fact]
    public void An_answer_may_come_before_the_body_is_sent()
    {
        var body = new GatedBody();
        UpstreamCall call = Post("/a", body, 100);
        LoopTask<UpstreamOutcome> sending = Send(call);
        _connector.Opened[0].Deliver("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(sending));
        Assert.Equal(413, call.Response.Status);
        Assert.Equal("", Body(call));
        call.Return();
        _loop.Run();
        Assert.True(body.Cancelled);
        Assert.True(_connector.Opened[0].IsClosed);
        Assert.Equal(0, _loop.Buffers.Leased);
    }

    [Fact]
    public void An_upload_whose_next_piece_came_after_the_call_was_returned_touches_nothing_more()
    {
        var body = new GatedBody();
        UpstreamCall call = Post("/a", body, 100);
        LoopTask<UpstreamOutcome> sending = Send(call);
        _connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(sending));
        Assert.Equal("", Body(call));

        // The piece is here, but whoever waits for it has not run yet.
        body.Signal.Set(new BodyRead(BodyStatus.Data, new BodyChunk("abc"u8.ToArray(), 0, 3)));
        call.Return();
        int reads = body.Reads;
        _loop.Run();
        Assert.Equal(reads, body.Reads);
        Assert.True(_connector.Opened[0].IsClosed);
        UpstreamCall next = _client.Rent();
        Assert.Same(call, next);
        next.Return();
    }

    [Fact]
    public void A_head_that_does_not_fit_is_told_and_nothing_of_its_body_is_sent()
    {
        foreach (bool here in new[] { true, false })
        {
            var gated = new GatedBody();
            UpstreamCall call = Post("/a", here ? new TextBody("GET /evil HTTP/1.1\r\n", "\r\n") : gated, -1);
            for (int i = 0; i < 8; i++) call.Headers.Add("X-Long"u8, new byte[9000].AsSpan());
            for (int i = 0; i < call.Headers.Count; i++) call.Headers.Block.AsSpan(call.Headers[i].ValueStart, call.Headers[i].ValueLength).Replace((byte)0, (byte)'x');
            Assert.Equal(UpstreamOutcome.Unsendable, _loop.Await(call.SendAsync(s_upstream)));
            call.Return();
            _loop.Run();
            Assert.Equal("", _connector.Opened[^1].TakeSent());
            Assert.True(_connector.Opened[^1].IsClosed);
        }
    }

    [Fact]
    public void A_client_slow_with_its_body_does_not_run_down_the_upstreams_time()
    {
        var body = new GatedBody();
        UpstreamCall call = Post("/a", body, 6);
        call.Deadline = _loop.Now + 1_000_000_000;
        LoopTask<UpstreamOutcome> sending = Send(call);
        _loop.Advance(TimeSpan.FromSeconds(5));
        Assert.False(sending.IsCompleted);
        body.Signal.Set(new BodyRead(BodyStatus.Data, new BodyChunk("abc"u8.ToArray(), 0, 3)));
        _loop.Advance(TimeSpan.FromSeconds(5));
        body.Signal.Set(new BodyRead(BodyStatus.End, new BodyChunk("def"u8.ToArray(), 0, 3)));
        _loop.Run();
        Assert.False(sending.IsCompleted);
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(UpstreamOutcome.TimedOut, _loop.Await(sending));
        call.Return();
    }

    [Fact]
    public void A_body_that_fails_ends_the_call()
    {
        var body = new GatedBody();
        UpstreamCall call = Post("/a", body, 100);
        LoopTask<UpstreamOutcome> sending = Send(call);
        body.Signal.Set(BodyRead.Of(BodyStatus.Truncated));
        Assert.Equal(UpstreamOutcome.RequestBodyFailed, _loop.Await(sending));
        Assert.Equal(BodyStatus.Truncated, call.RequestBodyStatus);
        call.Return();
        Assert.True(_connector.Opened[0].IsClosed);
    }

    [Fact]
    public void An_aborted_call_ends_and_its_connection_with_it()
    {
        UpstreamCall call = Get("/a");
        LoopTask<UpstreamOutcome> sending = Send(call);
        call.Abort();
        Assert.Equal(UpstreamOutcome.Aborted, _loop.Await(sending));
        call.Return();
        Assert.True(_connector.Opened[0].IsClosed);
    }

    [Fact]
    public void Calls_wait_for_a_connection_and_no_more_than_may()
    {
        _client = New(new UpstreamOptions { MaxConnections = 1, Queue = 1 });
        UpstreamCall first = Get("/1");
        LoopTask<UpstreamOutcome> firstSending = Send(first);
        UpstreamCall second = Get("/2");
        LoopTask<UpstreamOutcome> secondSending = Send(second);
        UpstreamCall third = Get("/3");
        Assert.Equal(UpstreamOutcome.PoolExhausted, _loop.Await(third.SendAsync(s_upstream)));
        third.Return();

        _connector.Opened[0].TakeSent();
        _connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(firstSending));
        Assert.Equal("", Body(first));
        first.Return();
        _loop.Run();
        Assert.StartsWith("GET /2 ", _connector.Opened[0].TakeSent(), StringComparison.Ordinal);
        _connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(secondSending));
        second.Return();
        Assert.Single(_connector.Opened);
    }

    [Fact]
    public void A_call_in_the_queue_times_out_and_can_be_given_up()
    {
        _client = New(new UpstreamOptions { MaxConnections = 1, Queue = 5 });
        UpstreamCall holder = Get("/1");
        Send(holder).Forget();
        UpstreamCall late = Get("/2");
        late.Deadline = _loop.Now + 1_000_000_000;
        LoopTask<UpstreamOutcome> lateSending = Send(late);
        UpstreamCall unwanted = Get("/3");
        LoopTask<UpstreamOutcome> unwantedSending = Send(unwanted);
        unwanted.Abort();
        Assert.Equal(UpstreamOutcome.Aborted, _loop.Await(unwantedSending));
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(UpstreamOutcome.TimedOut, _loop.Await(lateSending));
        late.Return();
        unwanted.Return();
        holder.Return();
    }

    [Fact]
    public void A_response_over_its_limit_is_told()
    {
        UpstreamCall call = Get("/a");
        call.ResponseBodyLimit = 4;
        LoopTask<UpstreamOutcome> sending = Send(call);
        _connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(sending));
        Assert.Equal(BodyStatus.TooLarge, _loop.Await(call.ReadBodyAsync()).Status);
        call.Return();
    }

    public void Dispose()
    {
        _loop.ThrowUnhandled();
        _loop.Dispose();
    }

    private static async LoopTask<(string? Body, BodyStatus Status)> ReadAsync(LoopTask<UpstreamOutcome> sending, UpstreamCall call)
    {
        Assert.Equal(UpstreamOutcome.Ok, await sending);
        return await ScriptedHandler.ReadAllAsync(call);
    }

    private Http1Client New(UpstreamOptions options) => new(_loop, _connector, options, new UpstreamMetrics(new MetricRegistry(1)));

    private void Warm()
    {
        UpstreamCall call = Get("/warm");
        LoopTask<UpstreamOutcome> sending = Send(call);
        _connector.Opened[0].TakeSent();
        _connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(sending));
        Assert.Equal("", Body(call));
        call.Return();
    }

    private LoopTask<UpstreamOutcome> Send(UpstreamCall call)
    {
        LoopTask<UpstreamOutcome> sending = call.SendAsync(s_upstream);
        _loop.Run();
        return sending;
    }

    private string? Body(UpstreamCall call) => _loop.Await(ScriptedHandler.ReadAllAsync(call)).Body;

    private UpstreamCall Get(string target) => New(HttpMethod.Get, "GET", target);

    private UpstreamCall Post(string target, IBodySource body, long length)
    {
        UpstreamCall call = New(HttpMethod.Post, "POST", target);
        call.Body = body;
        call.Framing = length < 0 ? BodyFraming.Chunked : BodyFraming.Length;
        call.ContentLength = length;
        return call;
    }

    private UpstreamCall New(HttpMethod method, string text, string target)
    {
        UpstreamCall call = _client.Rent();
        call.Method = method;
        call.MethodStart = call.Headers.Append(Encoding.ASCII.GetBytes(text));
        call.MethodLength = text.Length;
        call.TargetStart = call.Headers.Append(Encoding.ASCII.GetBytes(target));
        call.TargetLength = target.Length;
        call.Headers.Add(KnownHeader.Host, "Host"u8, "up"u8);
        return call;
    }
}
