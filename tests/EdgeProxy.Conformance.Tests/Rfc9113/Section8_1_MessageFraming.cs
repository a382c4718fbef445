using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 8.1: how a request and its response lie in frames.</summary>
public sealed class Section8_1_MessageFraming
{
    private readonly LoopSignal<int> _gate = new();

    [Fact]
    public void A_request_in_one_HEADERS_frame_is_answered_by_HEADERS_and_DATA()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        Assert.Equal(["HEADERS 1 :status=200 date=now content-length=6", "DATA 1 END GET /a"], client.Say(Http2Bytes.Get(1, "/a")));
        Assert.Equal(["HEADERS 3 :status=200 date=now content-length=6", "DATA 3 END GET /b"], client.Say(Http2Bytes.Get(3, "/b")));
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void The_answers_of_one_turn_leave_in_one_send()
    {
        using var stage = new Http2Stage();
        Http2Peer client = stage.Open();
        int before = client.Connection.Sends;
        byte[][] requests = [.. Enumerable.Range(0, 32).Select(i => Http2Bytes.Get((i * 2) + 1, "/" + i))];
        string[] lines = client.Say(requests);
        Assert.Equal(64, lines.Length);
        Assert.Equal(before + 1, client.Connection.Sends);
    }

    [Fact]
    public void A_response_without_a_body_ends_with_its_head()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = exchange =>
        {
            exchange.Response.Status = 204;
            exchange.StartResponse(BodyFraming.None, 0);
            return EndAsync(exchange);
        };
        Assert.Equal(["HEADERS 1 END :status=204 date=now"], stage.Open().Say(Http2Bytes.Get(1, "/a")));
    }

    [Fact]
    public void A_response_to_HEAD_has_the_length_and_no_body()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, "abc");
        Assert.Equal(["HEADERS 1 END :status=200 date=now content-length=3"], stage.Open().Say(Http2Bytes.Headers(1, true, ":method=HEAD", ":scheme=http", ":authority=x", ":path=/a")));
    }

    [Fact]
    public void A_body_without_a_length_is_streamed()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = async exchange =>
        {
            exchange.Response.Status = 200;
            exchange.StartResponse(BodyFraming.Chunked, -1);
            await exchange.WriteAsync(Chunk("one"));
            await _gate.WaitAsync();
            await exchange.WriteAsync(Chunk("two"));
            await exchange.EndAsync(Chunk("three"));
        };
        Http2Peer client = stage.Open();
        Assert.Equal(["HEADERS 1 :status=200 date=now", "DATA 1 one"], client.Say(Http2Bytes.Get(1, "/a")));
        _gate.Set(0);
        stage.Loop.Run();
        Assert.Equal(["DATA 1 two", "DATA 1 END three"], client.Lines());
    }

    [Fact]
    public void Trailers_of_a_response_end_it()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = async exchange =>
        {
            exchange.Response.Status = 200;
            exchange.StartResponse(BodyFraming.Chunked, -1);
            await exchange.WriteAsync(Chunk("body"));
            exchange.ResponseTrailers.Add("Grpc-Status"u8, "0"u8);
            await exchange.EndAsync();
        };
        Http2Peer client = stage.Open();
        Assert.Equal(["HEADERS 1 :status=200 date=now", "DATA 1 body", "HEADERS 1 END grpc-status=0"], client.Say(Http2Bytes.Post(1, "/a"), Http2Bytes.Data(1, "", end: true)));
        Assert.Equal("HEADERS 3 END grpc-status=0", client.Say(Http2Bytes.Get(3, "/a"))[^1]);
    }

    [Fact]
    public void Trailers_of_a_response_wait_behind_its_body()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = async exchange =>
        {
            exchange.Response.Status = 200;
            exchange.StartResponse(BodyFraming.Chunked, -1);
            exchange.ResponseTrailers.Add("grpc-status"u8, "0"u8);
            await exchange.EndAsync(Chunk("abcd"));
        };
        Http2Peer client = stage.Open((4, 2));
        Assert.Equal(["HEADERS 1 :status=200 date=now", "DATA 1 ab"], client.Say(Http2Bytes.Get(1, "/a")));
        Assert.Equal(["DATA 1 cd", "HEADERS 1 END grpc-status=0"], client.Say(Http2Bytes.WindowUpdate(1, 10)));
    }

    [Fact]
    public void Trailers_of_a_request_reach_the_handler_without_what_frames_or_routes()
    {
        using var stage = new Http2Stage();
        string? seen = null;
        stage.Handler.Script = async exchange =>
        {
            await ScriptedHandler.ReadAllAsync(exchange);
            seen = string.Join('|', Enumerable.Range(0, exchange.RequestTrailers.Count).Select(i => Latin1(exchange.RequestTrailers.Name(i))));
            await ScriptedHandler.AnswerAsync(exchange, 200, "");
        };
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Post(1, "/a"), Http2Bytes.Data(1, "body"), Http2Bytes.Headers(1, end: true, "x-sum=1", "content-length=9", "host=y", "x-two=2"));
        Assert.Equal("x-sum|x-two", seen);
        client.Say(Http2Bytes.Post(3, "/a"), Http2Bytes.Data(3, "body", end: true));
        Assert.Equal("", seen);
    }

    [Fact]
    public void Expecting_100_the_client_is_asked_for_its_body_when_the_handler_reads_it()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = async exchange =>
        {
            await _gate.WaitAsync();
            (string? body, _) = await ScriptedHandler.ReadAllAsync(exchange);
            await ScriptedHandler.AnswerAsync(exchange, 200, body!);
        };
        Http2Peer client = stage.Open();
        Assert.Empty(client.Say(Http2Bytes.Post(1, "/a", "expect=100-continue")));
        _gate.Set(0);
        stage.Loop.Run();
        Assert.Equal(["HEADERS 1 :status=100"], client.Lines());
        Assert.Equal("DATA 1 END abc", client.Say(Http2Bytes.Data(1, "abc", end: true))[^1]);
    }

    [Fact]
    public void An_answer_before_the_end_of_the_request_stops_the_rest_without_an_error()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 403, "no");
        Http2Peer client = stage.Open();
        Assert.Equal(["HEADERS 1 :status=403 date=now content-length=2", "DATA 1 END no", "RST_STREAM 1 NoError"], client.Say(Http2Bytes.Post(1, "/a"), Http2Bytes.Data(1, "abc")));
        Assert.Empty(client.Say(Http2Bytes.Data(1, "more", end: true)));
        Assert.Equal(0, stage.Count("edgeproxy_h2_streams"));
    }

    [Fact]
    public void A_request_whose_end_is_already_here_is_not_stopped()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 403, "no");
        Assert.Equal(["HEADERS 1 :status=403 date=now content-length=2", "DATA 1 END no"], stage.Open().Say(Http2Bytes.Post(1, "/a"), Http2Bytes.Data(1, "abc", end: true)));
    }

    [Fact]
    public void A_handler_that_fails_is_answered_for_with_500()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = _ => throw new InvalidOperationException("bug");
        Http2Peer client = stage.Open();
        Assert.Equal(["HEADERS 1 :status=500 content-type=application/json date=now content-length=35", "DATA 1 END {\"message\":\"Internal Server Error\"}"], client.Say(Http2Bytes.Get(1, "/a")));
        Assert.Single(stage.Failures);
        Assert.Equal(0, stage.Count("edgeproxy_h2_streams"));
    }

    [Theory]
    [InlineData(AbortReason.UpstreamFailed, "InternalError")]
    [InlineData(AbortReason.ResponseTooLarge, "InternalError")]
    [InlineData(AbortReason.Drained, "Cancel")]
    public void A_response_cut_short_is_reset_and_the_connection_lives(AbortReason reason, string code)
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = async exchange =>
        {
            exchange.Response.Status = 200;
            exchange.StartResponse(BodyFraming.Chunked, -1);
            await exchange.WriteAsync(Chunk("half"));
            exchange.Abort(reason);
        };
        Http2Peer client = stage.Open();
        Assert.Equal(["HEADERS 1 :status=200 date=now", "DATA 1 half", $"RST_STREAM 1 {code}"], client.Say(Http2Bytes.Get(1, "/a")));
        stage.Handler.Script = null;
        Assert.Contains("DATA 3 END GET /b", client.Say(Http2Bytes.Get(3, "/b")));
    }

    [Fact]
    public void A_response_left_unended_is_reset()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = _ => LoopTask.Completed;
        Assert.Equal(["RST_STREAM 1 InternalError"], stage.Open().Say(Http2Bytes.Get(1, "/a")));
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("abcd")]
    public void A_body_of_another_length_than_its_head_says_is_never_sent(string body)
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = async exchange =>
        {
            exchange.Response.Status = 200;
            exchange.StartResponse(BodyFraming.Length, 3);
            await exchange.EndAsync(Chunk(body));
        };
        Assert.Equal(["RST_STREAM 1 InternalError"], stage.Open().Say(Http2Bytes.Get(1, "/a")));
    }

    [Fact]
    public void Fields_that_belong_to_a_connection_are_not_sent_and_names_are_in_lower_case()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = async exchange =>
        {
            exchange.Response.Status = 200;
            exchange.Response.Headers.Add("Connection"u8, "close"u8);
            exchange.Response.Headers.Add("Keep-Alive"u8, "5"u8);
            exchange.Response.Headers.Add("Transfer-Encoding"u8, "chunked"u8);
            exchange.Response.Headers.Add("X-Mixed-Case"u8, "1"u8);
            exchange.Response.Headers.Add("x-bad"u8, "a\r\nb: c"u8);
            exchange.StartResponse(BodyFraming.Length, 0);
            await exchange.EndAsync();
        };
        Assert.Equal(["HEADERS 1 END :status=200 x-mixed-case=1 date=now content-length=0"], stage.Open().Say(Http2Bytes.Get(1, "/a")));
    }

    [Fact]
    public void A_head_larger_than_a_frame_is_continued()
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = async exchange =>
        {
            exchange.Response.Status = 200;
            for (int i = 0; i < 3; i++) exchange.Response.Headers.Add("x-large"u8, System.Text.Encoding.ASCII.GetBytes(new string('\\', 10_000)));
            exchange.StartResponse(BodyFraming.Length, 0);
            await exchange.EndAsync();
        };
        Http2Peer client = stage.Open();
        client.Connection.Deliver(Http2Bytes.Get(1, "/a"));
        stage.Loop.Run();
        byte[] sent = client.Connection.Sent;
        int at = sent.Length;
        var frames = new List<FrameHeader>();
        for (int i = 0; i < sent.Length && FrameHeader.TryRead(sent.AsSpan(i), out FrameHeader header); i += FrameHeader.Size + header.Length) frames.Add(header);
        Assert.Equal([FrameType.Headers, FrameType.Continuation], frames[^2..].Select(frame => frame.Type));
        Assert.Equal(FrameFlags.EndStream, frames[^2].Flags);
        Assert.Equal(FrameFlags.EndHeaders, frames[^1].Flags);
        Assert.Equal(16_384, frames[^2].Length);
        Assert.True(at > 30_000);
    }

    [Fact]
    public void A_large_response_flows_as_the_client_takes_it()
    {
        using var stage = new Http2Stage();
        int written = 0;
        stage.Handler.Script = async exchange =>
        {
            exchange.Response.Status = 200;
            exchange.StartResponse(BodyFraming.Chunked, -1);
            byte[] piece = new byte[50_000];
            for (int i = 0; i < 40; i++)
            {
                if (await exchange.WriteAsync(new BodyChunk(piece, 0, piece.Length)) != IoStatus.Ok) return;
                written++;
            }

            await exchange.EndAsync();
        };
        Http2Peer client = stage.Open((4, 1 << 30));
        client.Send(Http2Bytes.WindowUpdate(0, 1 << 30));
        client.Connection.SendRoom = 100_000;
        client.Send(Http2Bytes.Get(1, "/a"));

        // 100,000 bytes fit the client's socket, 64 KB our output, and one piece waits.
        Assert.InRange(written, 2, 4);
        int most = stage.Loop.Buffers.Leased;
        Assert.InRange(most, 1, 3);
        long total = 0;
        for (int i = 0; i < 100 && total < 2_000_000; i++)
        {
            total += client.TakeFrames().Where(frame => frame.Type == FrameType.Data).Sum(frame => frame.Payload.Length);
            client.Connection.MakeRoom(100_000);
            stage.Loop.Run();
        }

        total += client.TakeFrames().Where(frame => frame.Type == FrameType.Data).Sum(frame => frame.Payload.Length);
        Assert.Equal(2_000_000, total);
        Assert.Equal(40, written);
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_client_that_is_gone_ends_its_handlers()
    {
        using var stage = new Http2Stage();
        var reasons = new List<AbortReason>();
        stage.Handler.Script = async exchange =>
        {
            await exchange.ReadBodyAsync();
            reasons.Add(exchange.Aborted);
        };
        Http2Peer client = stage.Open();
        client.Say(Http2Bytes.Post(1, "/a"), Http2Bytes.Post(3, "/b"));
        client.Connection.DeliverReset();
        stage.Loop.Run();
        Assert.Equal([AbortReason.ClientGone, AbortReason.ClientGone], reasons);
        Assert.Equal(0, stage.Server.Open);
        Assert.Equal(0, stage.Count("edgeproxy_h2_streams"));
        Assert.Equal(0, stage.Count("edgeproxy_connections{listener=\"data\",protocol=\"h2\"}"));
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    private static async LoopTask EndAsync(Exchange exchange) => await exchange.EndAsync();

    private static BodyChunk Chunk(string text) => new(System.Text.Encoding.ASCII.GetBytes(text), 0, text.Length);

    private static string Latin1(ReadOnlySpan<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes);
}
