using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Listeners;

namespace EdgeProxy.Tests.Http.Http1;

public sealed class Http1ConnectionTests
{
    private readonly LoopSignal<int> _gate = new();

    private const string Get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

    [Fact]
    public void Answers_and_keeps_the_connection_for_the_next_request()
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        string first = stage.Say(client, Get);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", first, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: keep-alive\r\n", first, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Length: 6\r\n", first, StringComparison.Ordinal);
        Assert.Matches("\r\nDate: [A-Z][a-z]{2}, ", first);
        Assert.EndsWith("\r\n\r\nGET /a", first, StringComparison.Ordinal);
        Assert.EndsWith("GET /b", stage.Say(client, "GET /b HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        Assert.False(client.IsClosed);
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void Gives_the_handler_the_same_trailers_however_the_bytes_are_split()
    {
        const string Script = "POST /up HTTP/1.1\r\nHost: x\r\nConnection: X-Hop\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum:  abc \r\nContent-Length: 9\r\nx-hop: 1\r\nX-Two: 2\r\n\r\n";
        for (int split = 1; split < Script.Length; split++)
        {
            string? fields = null;
            using var stage = new Http1Stage();
            stage.Handler.Script = async exchange =>
            {
                await ScriptedHandler.ReadAllAsync(exchange);
                HeaderTable trailers = exchange.RequestTrailers;
                fields = string.Join('|', Enumerable.Range(0, trailers.Count).Select(i => Latin1(trailers.Name(i)) + "=" + Latin1(trailers.Value(i))));
                await ScriptedHandler.AnswerAsync(exchange, 200, "");
            };
            MemoryConnection client = stage.Connect();
            stage.Say(client, Script[..split]);
            stage.Say(client, Script[split..]);
            Assert.Equal("X-Sum=abc|X-Two=2", fields);
            stage.Say(client, "POST /up HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
            Assert.Equal("", fields);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1\r\nHost: x\r\nTE: trailers", "hello", "\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: abc\r\n\r\n")]
    [InlineData("HTTP/1.1\r\nHost: x\r\nTE: trailers", "", "\r\n\r\n0\r\nX-Sum: abc\r\n\r\n")]
    [InlineData("HTTP/1.1\r\nHost: x", "hello", "\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.0\r\nTE: trailers", "hello", "\r\n\r\nhello")]
    public void Trailers_follow_a_chunked_response_when_the_client_asked_for_them(string head, string body, string end)
    {
        using var stage = new Http1Stage();
        stage.Handler.Script = exchange => AnswerWithTrailersAsync(exchange, body);
        MemoryConnection client = stage.Connect();
        string sent = stage.Say(client, $"GET /a {head}\r\n\r\n");
        Assert.EndsWith(end, sent, StringComparison.Ordinal);
        if (!client.IsClosed) Assert.EndsWith(end, stage.Say(client, $"GET /a {head}\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void Trailers_follow_a_large_run_as_well()
    {
        using var stage = new Http1Stage();
        string body = new('x', 40_000);
        stage.Handler.Script = exchange => AnswerWithTrailersAsync(exchange, body);
        MemoryConnection client = stage.Connect();
        Assert.EndsWith(body + "\r\n0\r\nX-Sum: abc\r\n\r\n", stage.Say(client, "GET /a HTTP/1.1\r\nHost: x\r\nTE: trailers\r\n\r\n"), StringComparison.Ordinal);
    }

    private static async LoopTask AnswerWithTrailersAsync(Exchange exchange, string body)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(body);
        exchange.Response.Status = 200;
        exchange.StartResponse(BodyFraming.Chunked, -1);
        exchange.ResponseTrailers.Add("X-Sum"u8, "abc"u8);
        exchange.ResponseTrailers.Add("X-Bad"u8, "a\r\nb"u8);
        await exchange.EndAsync(new BodyChunk(bytes, 0, bytes.Length));
    }

    private static string Latin1(ReadOnlySpan<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes);

    [Fact]
    public void Gives_the_same_answers_however_the_bytes_are_split()
    {
        const string Script = "POST /up HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nX-T: 1\r\n\r\n"
            + "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPUT /c HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        for (int split = 1; split < Script.Length; split++)
        {
            using var stage = new Http1Stage();
            MemoryConnection client = stage.Connect();
            stage.Say(client, Script[..split]);
            stage.Say(client, Script[split..]);
            Assert.Equal(["POST /up hello!", "GET /a", "PUT /c abc", "GET /last"], stage.Handler.Seen);
            Assert.True(client.IsClosed);
            Assert.Equal(0, stage.Loop.Buffers.Leased);
        }
    }

    [Fact]
    public void Reads_a_request_that_comes_byte_by_byte()
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        foreach (char value in "POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc") stage.Say(client, value.ToString());
        Assert.Equal(["POST /up abc"], stage.Handler.Seen);
    }

    [Fact]
    public void Answers_pipelined_requests_in_order_and_in_one_send()
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        string all = stage.Say(client, string.Concat(Enumerable.Range(0, 10).Select(i => $"GET /{i} HTTP/1.1\r\nHost: x\r\n\r\n")));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"GET /{i}"), stage.Handler.Seen);
        Assert.Equal(10, all.Split("HTTP/1.1 200 OK").Length - 1);
        Assert.Equal(1, client.Sends);
    }

    [Fact]
    public void An_answer_that_waits_does_not_hold_back_the_answers_before_it()
    {
        using var stage = new Http1Stage();
        var gate = new LoopSignal<int>();
        stage.Handler.Script = exchange => exchange.Request.Target.SequenceEqual("/slow"u8) ? SlowAsync(exchange, gate) : ScriptedHandler.AnswerAsync(exchange, 200, "quick");
        MemoryConnection client = stage.Connect();
        string sent = stage.Say(client, Get + "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.EndsWith("quick", sent, StringComparison.Ordinal);
        gate.Set(1);
        stage.Loop.Run();
        Assert.EndsWith("slow", client.TakeSent(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /a HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /a HTTP/1.1\nHost: x\n\n", 400)]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400)]
    [InlineData("GET /a HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n", 400)]
    public void Refuses_wrong_bytes_says_so_and_closes(string request, int status)
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        string answer = stage.Say(client, request);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Empty(stage.Handler.Seen);
        client.DeliverEnd();
        stage.Loop.Run();
        Assert.True(client.IsClosed);
    }

    [Fact]
    public void A_doubtful_request_is_counted_and_its_connection_ends_when_the_mode_tolerates_it()
    {
        using var stage = new Http1Stage(new ServerOptions { Parse = new ParseOptions { Desync = DesyncMode.Defensive } });
        MemoryConnection client = stage.Connect();
        string answer = stage.Say(client, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.True(client.IsClosed);
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        stage.Registry.Write(text, EdgeProxy.Telemetry.Metrics.ExpositionFormat.Text);
        Assert.Contains("edgeproxy_desync_total{tier=\"ambiguous\",reason=\"DuplicateContentLength\"} 1", System.Text.Encoding.ASCII.GetString(text.WrittenSpan), StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_on_after_a_refusal_so_that_the_answer_arrives()
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        stage.Say(client, "BAD\r\n\r\n");
        Assert.True(client.SendEnded);
        Assert.False(client.IsClosed);
        stage.Say(client, new string('x', 5000));
        Assert.False(client.IsClosed);
        stage.Loop.Advance(TimeSpan.FromSeconds(3));
        Assert.True(client.IsClosed);
    }

    [Fact]
    public void A_head_that_comes_too_slowly_is_408()
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        stage.Say(client, "GET /a HT");
        stage.Loop.Advance(TimeSpan.FromSeconds(6));
        stage.Say(client, "TP/1.1\r\n");
        stage.Loop.Advance(TimeSpan.FromSeconds(5));
        Assert.StartsWith("HTTP/1.1 408 ", client.TakeSent(), StringComparison.Ordinal);
        Assert.Equal(1, stage.Metrics.HeadTimeouts.Value);
    }

    [Fact]
    public void A_connection_that_says_nothing_is_closed_without_a_word()
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        stage.Say(client, Get);
        stage.Loop.Advance(TimeSpan.FromSeconds(74));
        Assert.False(client.IsClosed);
        stage.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.True(client.IsClosed);
        Assert.Equal("", client.TakeSent());
        Assert.Equal(0, stage.Limits.Open);
        Assert.Equal(1, stage.Metrics.IdleTimeouts.Value);
    }

    [Fact]
    public void What_holds_nothing_of_a_request_does_not_make_an_idle_connection_last_longer()
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        for (int i = 0; i < 3 && !client.IsClosed; i++)
        {
            stage.Loop.Advance(TimeSpan.FromSeconds(30));
            client.DeliverNothing();
            stage.Loop.Run();
        }

        Assert.True(client.IsClosed);
        Assert.Equal(1, stage.Metrics.IdleTimeouts.Value);
    }

    [Fact]
    public void A_new_connection_that_says_nothing_is_an_idle_one()
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        stage.Loop.Advance(TimeSpan.FromSeconds(74));
        Assert.False(client.IsClosed);
        stage.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.True(client.IsClosed);
        Assert.Equal("", client.TakeSent());
        Assert.Equal((1L, 0L), (stage.Metrics.IdleTimeouts.Value, stage.Metrics.HeadTimeouts.Value));
    }

    [Theory]
    [InlineData("3;long-extension\r\nabc\r\n0\r\n\r\n", "limits.chunkExtension")]
    [InlineData("3\r\nabc\r\n0\r\nx-long: trailer\r\n\r\n", "limits.trailers")]
    [InlineData("3\r\nabc\r\n0\r\na: b\r\nc: d\r\n\r\n", "limits.trailers")]
    public void Refuses_what_a_chunked_body_brings_beyond_its_limits(string body, string limit)
    {
        using var stage = new Http1Stage(new ServerOptions { Chunks = new ChunkLimits(extensionBytes: 8, trailerBytes: 12, trailerCount: 1) });
        string answer = stage.Say(stage.Connect(), "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        stage.Registry.Write(text, EdgeProxy.Telemetry.Metrics.ExpositionFormat.Text);
        Assert.Contains($"edgeproxy_limit_hits_total{{limit=\"{limit}\"}} 1", System.Text.Encoding.ASCII.GetString(text.WrittenSpan), StringComparison.Ordinal);
    }

    [Fact]
    public void The_client_that_a_PROXY_header_names_is_the_one_that_counts()
    {
        using var stage = new Http1Stage(new ServerOptions { ProxyProtocol = true }, new ConnectionLimits(total: 1000, perAddress: 2));
        MemoryConnection[] held = [ProxiedFrom(stage, "198.51.100.7"), ProxiedFrom(stage, "198.51.100.7"), ProxiedFrom(stage, "198.51.100.8")];
        Assert.All(held, client => Assert.StartsWith("HTTP/1.1 200 ", client.TakeSent(), StringComparison.Ordinal));

        MemoryConnection refused = ProxiedFrom(stage, "198.51.100.7");
        string answer = refused.TakeSent();
        Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(3, stage.Handler.Seen.Count);
        Assert.Equal(1, stage.Metrics.ConnectionsPerAddress.Value);
        refused.DeliverEnd();
        stage.Loop.Run();
        Assert.True(refused.IsClosed);
        Assert.Equal(3, stage.Limits.Open);

        // The refused one took no place with it; one that ends gives its own back.
        Assert.StartsWith("HTTP/1.1 503 ", ProxiedFrom(stage, "198.51.100.7").TakeSent(), StringComparison.Ordinal);
        held[0].DeliverEnd();
        stage.Loop.Run();
        Assert.StartsWith("HTTP/1.1 200 ", ProxiedFrom(stage, "198.51.100.7").TakeSent(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_balancers_connection_that_names_nobody_leaves_no_count_behind()
    {
        using var stage = new Http1Stage(new ServerOptions { ProxyProtocol = true }, new ConnectionLimits(total: 1000, perAddress: 1));
        for (int i = 0; i < 3; i++)
        {
            MemoryConnection client = stage.Connect();
            if (i == 1) stage.Say(client, "PROXY UNKNOWN\r\n" + Get);
            client.DeliverEnd();
            stage.Loop.Run();
            Assert.True(client.IsClosed);
        }

        Assert.Equal(0, stage.Limits.Open);
        Assert.True(stage.Limits.TryEnterAddress(new MemoryConnection(stage.Loop).Peer.Address));
    }

    [Fact]
    public void A_refusal_at_the_accept_is_counted_by_its_setting()
    {
        using var stage = new Http1Stage();
        Assert.StartsWith("HTTP/1.1 503 ", System.Text.Encoding.ASCII.GetString(stage.Server.RefusalFor(ConnectionRefusal.Total)), StringComparison.Ordinal);
        Assert.Equal((1L, 0L), (stage.Metrics.ConnectionsTotal.Value, stage.Metrics.ConnectionsPerAddress.Value));
        stage.Server.RefusalFor(ConnectionRefusal.PerAddress);
        Assert.Equal((1L, 1L), (stage.Metrics.ConnectionsTotal.Value, stage.Metrics.ConnectionsPerAddress.Value));
    }

    [Fact]
    public void A_body_below_the_minimum_rate_times_out()
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        stage.Say(client, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
        for (int second = 0; second < 8; second++)
        {
            stage.Say(client, new string('x', 10));
            stage.Loop.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Contains("TimedOut", System.Text.Encoding.ASCII.GetString(client.Sent), StringComparison.Ordinal);
        Assert.Equal((1L, 0L), (stage.Metrics.BodyRateTimeouts.Value, stage.Metrics.BodyTimeouts.Value));
    }

    [Fact]
    public void A_body_that_stops_is_counted_as_that_and_not_as_too_slow()
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        stage.Say(client, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + new string('x', 50_000));
        stage.Loop.Advance(TimeSpan.FromSeconds(31));
        Assert.Contains("TimedOut", System.Text.Encoding.ASCII.GetString(client.Sent), StringComparison.Ordinal);
        Assert.Equal((0L, 1L), (stage.Metrics.BodyRateTimeouts.Value, stage.Metrics.BodyTimeouts.Value));
    }

    [Fact]
    public void A_declared_length_over_the_limit_is_not_read()
    {
        using var stage = new Http1Stage(new ServerOptions { Body = 10 });
        MemoryConnection client = stage.Connect();
        Assert.StartsWith("HTTP/1.1 413 ", stage.Say(client, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(1, stage.Metrics.BodyTooLarge.Value);
    }

    [Fact]
    public void Chunks_over_the_limit_are_refused_when_they_pass_it()
    {
        using var stage = new Http1Stage(new ServerOptions { Body = 10 });
        MemoryConnection client = stage.Connect();
        Assert.StartsWith("HTTP/1.1 413 ", stage.Say(client, "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Invites_the_body_only_when_somebody_wants_it()
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", stage.Say(client, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
        Assert.EndsWith("POST /a ok", stage.Say(client, "ok"), StringComparison.Ordinal);
        Assert.False(client.IsClosed);

        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 403, "no");
        string refused = stage.Say(client, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 403 ", refused, StringComparison.Ordinal);
        Assert.Contains("Connection: close", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_body_that_nobody_read_is_thrown_away_and_the_connection_kept()
    {
        using var stage = new Http1Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, "ok");
        MemoryConnection client = stage.Connect();
        stage.Say(client, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc");
        Assert.EndsWith("ok", stage.Say(client, "de" + Get), StringComparison.Ordinal);
        Assert.False(client.IsClosed);
    }

    [Fact]
    public void A_large_body_that_nobody_read_ends_the_connection()
    {
        using var stage = new Http1Stage(new ServerOptions { Body = -1 });
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, "ok");
        MemoryConnection client = stage.Connect();
        Assert.Contains("Connection: close", stage.Say(client, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc"), StringComparison.Ordinal);
        Assert.True(client.SendEnded);
    }

    [Fact]
    public void HEAD_says_the_length_and_sends_no_body()
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        string answer = stage.Say(client, "HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Contains("Content-Length: 7\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("GET /a", stage.Say(client, Get), StringComparison.Ordinal);
    }

    [Fact]
    public void HTTP_1_0_closes_unless_it_asks_to_keep()
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        Assert.Contains("Connection: close", stage.Say(client, "GET /a HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
        Assert.True(client.IsClosed);
        MemoryConnection keeper = stage.Connect();
        Assert.Contains("Connection: keep-alive", stage.Say(keeper, "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), StringComparison.Ordinal);
        Assert.False(keeper.IsClosed);
    }

    [Fact]
    public void HTTP_1_0_gets_no_chunks_but_the_end_of_the_connection()
    {
        using var stage = new Http1Stage();
        stage.Handler.Script = ChunkedAsync;
        MemoryConnection client = stage.Connect();
        string answer = stage.Say(client, "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        Assert.DoesNotContain("chunked", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nonetwo", answer, StringComparison.Ordinal);
        Assert.True(client.IsClosed);
    }

    [Fact]
    public void Chunks_are_framed_and_ended()
    {
        using var stage = new Http1Stage();
        stage.Handler.Script = ChunkedAsync;
        Assert.EndsWith("Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n", stage.Say(stage.Connect(), Get), StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_body_goes_out_in_pieces_as_the_client_makes_room()
    {
        using var stage = new Http1Stage();
        string body = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i:00000} "));
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, body);
        MemoryConnection client = stage.Connect();
        client.SendRoom = 1000;
        string got = stage.Say(client, Get);
        while (!got.EndsWith(body, StringComparison.Ordinal))
        {
            client.MakeRoom(7777);
            stage.Loop.Run();
            string more = client.TakeSent();
            Assert.NotEqual("", more);
            got += more;
        }

        Assert.False(client.IsClosed);
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_client_that_was_fast_may_pause()
    {
        using var stage = new Http1Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, new string('x', 100_000));
        MemoryConnection client = stage.Connect();
        client.SendRoom = 50_000;
        stage.Say(client, Get);
        stage.Loop.Advance(TimeSpan.FromSeconds(20));
        client.MakeRoom(1_000_000);
        stage.Loop.Run();
        Assert.False(client.IsClosed);
        Assert.Equal(100_000, client.Sent.Length - System.Text.Encoding.ASCII.GetString(client.Sent).IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4);
    }

    [Fact]
    public void A_body_read_given_up_in_the_turn_its_bytes_came_reads_no_further()
    {
        using var stage = new Http1Stage();
        stage.Handler.Script = AnswerWhileReadingAsync;
        MemoryConnection client = stage.Connect();
        stage.Say(client, "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        _gate.Set(1);
        client.Deliver("3\r\nabc\r\n"); // ends the wait, but whoever waited runs behind the handler
        stage.Loop.Run();
        Assert.EndsWith("early", client.TakeSent(), StringComparison.Ordinal);
        stage.Handler.Script = null;
        Assert.EndsWith("GET /a", stage.Say(client, "0\r\n\r\n" + Get), StringComparison.Ordinal);
        client.DeliverEnd();
        stage.Loop.Run();
        Assert.Equal(0, stage.Server.Open);
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_client_that_takes_nothing_is_cut_off()
    {
        using var stage = new Http1Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, new string('x', 100_000));
        MemoryConnection client = stage.Connect();
        client.SendRoom = 1000;
        stage.Say(client, Get);
        stage.Loop.Advance(TimeSpan.FromSeconds(20));
        Assert.True(client.IsClosed);
        Assert.Equal(1, stage.Metrics.WriteTimeouts.Value);
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_response_shorter_than_its_length_breaks_the_connection()
    {
        using var stage = new Http1Stage();
        stage.Handler.Script = ShortAsync;
        MemoryConnection client = stage.Connect();
        stage.Say(client, Get);
        Assert.True(client.WasBroken);
    }

    [Fact]
    public void A_handler_that_throws_is_500_and_the_loop_goes_on()
    {
        using var stage = new Http1Stage();
        stage.Handler.Script = static _ => throw new InvalidDataException("bug");
        MemoryConnection client = stage.Connect();
        Assert.StartsWith("HTTP/1.1 500 ", stage.Say(client, Get), StringComparison.Ordinal);
        client.DeliverEnd();
        stage.Loop.Run();
        Assert.True(client.IsClosed);
        Assert.IsType<InvalidDataException>(Assert.Single(stage.Failures));
        stage.Handler.Script = null;
        Assert.EndsWith("GET /a", stage.Say(stage.Connect(), Get), StringComparison.Ordinal);
    }

    [Fact]
    public void A_handlers_500_arrives_although_the_client_still_sends()
    {
        using var stage = new Http1Stage();
        stage.Handler.Script = static _ => throw new InvalidDataException("bug");
        MemoryConnection client = stage.Connect();
        client.SendRoom = 20;
        stage.Say(client, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + new string('x', 100));
        client.MakeRoom(long.MaxValue);
        stage.Loop.Run();
        Assert.EndsWith("}", System.Text.Encoding.ASCII.GetString(client.Sent), StringComparison.Ordinal);
        Assert.True(client.SendEnded);
        stage.Say(client, new string('x', 4900));
        Assert.False(client.IsClosed); // a close with bytes unread would be a reset
        client.DeliverEnd();
        stage.Loop.Run();
        Assert.True(client.IsClosed);
        Assert.False(client.WasBroken);
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_client_that_ended_its_side_still_gets_its_answer()
    {
        using var stage = new Http1Stage();
        var gate = new LoopSignal<int>();
        stage.Handler.Script = exchange => SlowAsync(exchange, gate);
        MemoryConnection client = stage.Connect();
        client.Deliver(Get);
        client.DeliverEnd();
        stage.Loop.Run();
        gate.Set(1);
        stage.Loop.Run();
        Assert.EndsWith("slow", client.TakeSent(), StringComparison.Ordinal);
        Assert.True(client.IsClosed);
    }

    [Fact]
    public void A_client_that_broke_off_has_what_the_handler_waits_for_given_up()
    {
        using var stage = new Http1Stage();
        var pending = new Pending();
        stage.Handler.Script = exchange => WaitForAsync(exchange, pending);
        MemoryConnection client = stage.Connect();
        stage.Say(client, Get);
        client.DeliverReset();
        stage.Loop.Run();
        Assert.True(pending.Aborted);
        Assert.True(client.IsClosed);
    }

    [Fact]
    public void A_connection_serves_only_as_many_requests_as_it_may()
    {
        using var stage = new Http1Stage(new ServerOptions { RequestsPerConnection = 2 });
        MemoryConnection client = stage.Connect();
        Assert.Contains("keep-alive", stage.Say(client, Get), StringComparison.Ordinal);
        Assert.Equal(0, stage.Metrics.RequestsPerConnection.Value);
        Assert.Contains("Connection: close", stage.Say(client, Get), StringComparison.Ordinal);
        Assert.True(client.IsClosed);
        Assert.Equal(1, stage.Metrics.RequestsPerConnection.Value);
    }

    [Fact]
    public void A_draining_server_answers_once_more_and_closes()
    {
        using var stage = new Http1Stage();
        MemoryConnection busy = stage.Connect();
        MemoryConnection idle = stage.Connect();
        stage.Say(idle, Get);
        stage.Server.BeginDrain();
        Assert.Contains("Connection: close", stage.Say(busy, Get), StringComparison.Ordinal);
        Assert.True(busy.IsClosed);
        Assert.False(idle.IsClosed);
        stage.Server.CloseIdle();
        Assert.True(idle.IsClosed);
        Assert.Equal(0, stage.Server.Open);
    }

    [ReleaseFact]
    public void A_request_allocates_nothing_in_steady_state()
    {
        using var stage = new Http1Stage();
        byte[] body = "hello"u8.ToArray();
        stage.Handler.Script = exchange =>
        {
            exchange.Response.Status = 200;
            exchange.Response.Headers.Add(KnownHeader.ContentType, "Content-Type"u8, "text/plain"u8);
            exchange.StartResponse(BodyFraming.Length, body.Length);
            exchange.EndAsync(new BodyChunk(body, 0, body.Length)).Forget();
            return LoopTask.Completed;
        };
        byte[] request = "GET /a HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n"u8.ToArray();
        var client = new RepeatingConnection(stage.Loop, request);
        stage.Limits.TryEnter(client.Peer.Address);
        stage.Server.OnAccepted(client);
        int asked = 0;
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 200; i++, asked++) client.Repeat(stage.Loop);
        }));
        Assert.Equal(asked, client.Answers);
    }

    private static MemoryConnection ProxiedFrom(Http1Stage stage, string address)
    {
        MemoryConnection client = stage.Connect();
        client.Deliver($"PROXY TCP4 {address} 203.0.113.1 40000 80\r\n" + Get);
        stage.Loop.Run();
        return client;
    }

    private static async LoopTask SlowAsync(Exchange exchange, LoopSignal<int> gate)
    {
        await gate.WaitAsync();
        await ScriptedHandler.AnswerAsync(exchange, 200, "slow");
    }

    private async LoopTask AnswerWhileReadingAsync(Exchange exchange)
    {
        LoopTask<BodyRead> reading = exchange.ReadBodyAsync();
        await _gate.WaitAsync();
        exchange.CancelRead();
        await ScriptedHandler.AnswerAsync(exchange, 200, "early");
        reading.Forget();
    }

    private static async LoopTask ChunkedAsync(Exchange exchange)
    {
        exchange.Response.Status = 200;
        exchange.StartResponse(BodyFraming.Chunked, -1);
        await exchange.WriteAsync(new BodyChunk("one"u8.ToArray(), 0, 3));
        await exchange.WriteAsync(new BodyChunk("two"u8.ToArray(), 0, 3));
        await exchange.EndAsync();
    }

    private static async LoopTask ShortAsync(Exchange exchange)
    {
        exchange.Response.Status = 200;
        exchange.StartResponse(BodyFraming.Length, 10);
        await exchange.EndAsync(new BodyChunk("one"u8.ToArray(), 0, 3));
    }

    private static async LoopTask WaitForAsync(Exchange exchange, Pending pending)
    {
        exchange.Pending = pending;
        await pending.Signal.WaitAsync();
        exchange.Pending = null;
        await ScriptedHandler.AnswerAsync(exchange, 200, "late");
    }

    private sealed class Pending : IAbortable
    {
        public LoopSignal<int> Signal { get; } = new();

        public bool Aborted { get; private set; }

        public void Abort()
        {
            Aborted = true;
            Signal.Set(0);
        }
    }

    /// <summary>A client that sends the same request again and again, without allocating.</summary>
    private sealed class RepeatingConnection : Connection
    {
        private readonly byte[] _request;
        private bool _due;

        public RepeatingConnection(EventLoop loop, byte[] request)
            : base(loop)
        {
            _request = request;
            OnEvents(readable: false, writable: true, ended: false, broken: false);
        }

        public int Answers { get; private set; }

        public void Repeat(LoopHarness loop)
        {
            _due = true;
            OnEvents(readable: true, writable: false, ended: false, broken: false);
            loop.Run();
        }

        public override void ShutdownSend()
        {
        }

        public override void Break() => Close();

        protected override IoResult Receive(Span<byte> destination)
        {
            if (!_due) return IoResult.Of(IoStatus.WouldBlock);
            _due = false;
            _request.CopyTo(destination);
            return IoResult.Ok(_request.Length);
        }

        protected override IoResult Send(ReadOnlySpan<byte> source)
        {
            Answers++;
            return IoResult.Ok(source.Length);
        }

        protected override void CloseSocket()
        {
        }
    }
}
