using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Http.Client.Http2;

public sealed class Http2CallTests
{
    [Fact]
    public void Sends_the_head_and_reads_the_answer()
    {
        using var stage = new Http2ClientStage();
        UpstreamCall call = stage.Get("/a?b=c");
        call.Headers.Add("X-Own"u8, "1"u8);
        call.Headers.Add("Connection"u8, "close"u8);
        call.Headers.Add("Transfer-Encoding"u8, "chunked"u8);
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        Http2UpstreamPeer peer = stage.Peer();
        List<string> sent = peer.Take();
        Assert.Equal("PREFACE", sent[0]);
        Assert.Contains("EnablePush=0", sent[1], StringComparison.Ordinal);
        Assert.Equal("HEADERS 1 END :method=GET :scheme=http :authority=up :path=/a?b=c x-own=1", sent[^1]);
        Assert.Equal(1, peer.Connection.Sends); // preface, settings and request leave in one

        peer.Settings().Head(1, 103).Head(1, 201, fields: ["content-length: 5", "x-a: 1"]).Data(1, "he").Data(1, "llo", ends: true);
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        Assert.Equal((201, (byte)20, BodyFraming.Length, 5L), (call.Response.Status, call.Response.Version, call.Response.Framing, call.Response.ContentLength));
        Assert.Equal("1", Fields.Find(call.Response.Headers, "x-a"));
        Assert.Equal(("hello", BodyStatus.End), stage.Read(call));
        Assert.Equal(5, call.ResponseBytes);
        call.Return();
        stage.Loop.Run();
        Assert.Equal(["SETTINGS ACK"], peer.Take());
        Assert.Equal(0, stage.Loop.Buffers.Leased);
        Assert.False(peer.Connection.IsClosed);
    }

    [Fact]
    public void Only_a_call_on_a_connection_that_was_there_counts_as_reuse()
    {
        const string Reused = "edgeproxy_upstream_reused_total{upstream=\"http://127.0.0.1:9000\"}";
        using var stage = new Http2ClientStage();
        stage.Warm();
        Assert.Equal("0", stage.Metric(Reused));
        stage.Send(stage.Get("/a"));
        Assert.Equal("1", stage.Metric(Reused));
    }

    [Fact]
    public void Many_calls_share_a_connection_and_one_send()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        int sends = peer.Connection.Sends;
        UpstreamCall[] calls = [.. Enumerable.Range(0, 50).Select(i => stage.Get("/" + i))];
        LoopTask<UpstreamOutcome>[] sending = [.. calls.Select(call => call.SendAsync(Http2ClientStage.Upstream))];
        stage.Loop.Run();
        Assert.Equal(sends + 1, peer.Connection.Sends);
        Assert.Equal("50", stage.Metric("edgeproxy_upstream_streams{upstream=\"http://127.0.0.1:9000\"}"));
        for (int i = 49; i >= 0; i--) peer.Head((uint)(3 + (2 * i)), 200, fields: "x-n: " + i).Data((uint)(3 + (2 * i)), "body " + i, ends: true);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending[i]));
            Assert.Equal("body " + i, stage.Read(calls[i]).Body);
            calls[i].Return();
        }

        Assert.Single(stage.Connector.Opened);
        Assert.Equal("0", stage.Metric("edgeproxy_upstream_streams{upstream=\"http://127.0.0.1:9000\"}"));
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void Reads_the_same_response_however_it_is_split()
    {
        byte[] script;
        using (var stage = new Http2ClientStage())
        {
            var peer = new Http2UpstreamPeer(new MemoryConnection(stage.Loop));
            peer.Settings((Http2Setting.MaxConcurrentStreams, 10)).Head(1, 200, fields: ["x-a: 1", "content-type: text/plain"]).Data(1, "abc").Ping().Data(1, "de").Trailers(1, "x-t: 2", "content-length: 9");
            script = [.. peer.Said];
        }

        for (int split = 1; split < script.Length; split++)
        {
            using var stage = new Http2ClientStage();
            UpstreamCall call = stage.Get("/a");
            LoopTask<UpstreamOutcome> sending = stage.Send(call);
            LoopTask<(string? Body, BodyStatus Status)> reading = ReadAsync(sending, call);
            stage.Peer().Connection.Deliver(script.AsSpan(0, split));
            stage.Loop.Run();
            stage.Peer().Connection.Deliver(script.AsSpan(split));
            Assert.Equal(("abcde", BodyStatus.End), stage.Loop.Await(reading));
            Assert.Equal("2", Fields.Find(call.ResponseTrailers, "x-t"));
            Assert.Equal(1, call.ResponseTrailers.Count);
            call.Return();
            stage.Loop.Run();
            Assert.Equal(0, stage.Loop.Buffers.Leased);
        }
    }

    [Theory]
    [InlineData(5, "HEADERS 1 :method=POST :scheme=http :authority=up :path=/a content-length=5")]
    [InlineData(-1, "HEADERS 1 :method=POST :scheme=http :authority=up :path=/a")]
    public void Sends_a_body_that_is_here_at_once(long length, string head)
    {
        using var stage = new Http2ClientStage();
        LoopTask<UpstreamOutcome> sending = stage.Send(stage.Post("/a", new TextBody("hel", "lo"), length));
        Assert.Equal([head, "DATA 1 hel", "DATA 1 END lo"], stage.Peer().Take()[3..]);
        stage.Peer().Settings().Head(1, 204, ends: true);
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
    }

    [Fact]
    public void Streams_both_ways_at_once()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        var body = new GatedBody();
        UpstreamCall call = stage.Post("/a", body);
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        Assert.Equal("HEADERS 3 :method=POST :scheme=http :authority=up :path=/a", Assert.Single(peer.Take()));
        peer.Head(3, 200).Data(3, "first");
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        Assert.Equal("first", Text(stage.Loop.Await(call.ReadBodyAsync())));
        body.Come("one");
        stage.Loop.Run();
        Assert.Equal(["DATA 3 one"], peer.Take());
        LoopTask<BodyRead> reading = call.ReadBodyAsync();
        stage.Loop.Run();
        Assert.False(reading.IsCompleted);
        peer.Data(3, "second");
        Assert.Equal("second", Text(stage.Loop.Await(reading)));
        body.Come("", BodyStatus.End);
        stage.Loop.Run();
        Assert.Equal(["DATA 3 END"], peer.Take());
        peer.Trailers(3, "grpc-status: 0");
        Assert.Equal(BodyStatus.End, stage.Loop.Await(call.ReadBodyAsync()).Status);
        Assert.Equal("0", Fields.Find(call.ResponseTrailers, "grpc-status"));
        call.Return();
        Assert.Empty(peer.Take());
    }

    [Fact]
    public void Trailers_of_the_body_end_the_stream()
    {
        using var stage = new Http2ClientStage();
        var trailers = new HeaderTable();
        trailers.Add("X-Sum"u8, "abc"u8);
        UpstreamCall call = stage.Post("/a", new TextBody("hello", "") { Trailers = trailers });
        call.WantsTrailers = true;
        stage.Send(call);
        Assert.Equal(["HEADERS 1 :method=POST :scheme=http :authority=up :path=/a te=trailers", "DATA 1 hello", "HEADERS 1 END x-sum=abc"], stage.Peer().Take()[3..]);

        call = stage.Post("/b", new TextBody("hello") { Trailers = trailers });
        call.Trailers = TrailerRule.Never;
        call.WantsTrailers = true;
        stage.Send(call);
        Assert.Equal(["HEADERS 3 :method=POST :scheme=http :authority=up :path=/b", "DATA 3 END hello"], stage.Peer().Take());
    }

    [Fact]
    public void Sends_no_more_than_the_windows_allow()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm((Http2Setting.InitialWindowSize, 10));
        UpstreamCall call = stage.Post("/a", new TextBody("0123456789abcdef", "xyz"));
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        Assert.Equal(["HEADERS 3 :method=POST :scheme=http :authority=up :path=/a", "DATA 3 0123456789"], peer.Take());
        peer.Window(3, 4);
        stage.Loop.Run();
        Assert.Equal(["DATA 3 abcd"], peer.Take());
        peer.Settings((Http2Setting.InitialWindowSize, 11));
        stage.Loop.Run();
        Assert.Equal(["DATA 3 e", "SETTINGS ACK"], peer.Take().Order(StringComparer.Ordinal));
        peer.Settings((Http2Setting.InitialWindowSize, 5)); // now six below nought
        peer.Window(3, 6);
        stage.Loop.Run();
        Assert.Equal(["SETTINGS ACK"], peer.Take());
        peer.Window(3, 100);
        stage.Loop.Run();
        Assert.Equal(["DATA 3 f", "DATA 3 END xyz"], peer.Take());
        peer.Head(3, 200, ends: true);
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        call.Return();
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void The_end_of_a_body_needs_no_window_even_when_that_was_taken_back()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm((Http2Setting.InitialWindowSize, 10));
        var body = new GatedBody();
        LoopTask<UpstreamOutcome> sending = stage.Send(stage.Post("/a", body));
        body.Come("0123456789");
        stage.Loop.Run();
        peer.Settings((Http2Setting.InitialWindowSize, 3));
        stage.Loop.Run();
        peer.Take();
        body.Come("", BodyStatus.End);
        stage.Loop.Run();
        Assert.Equal(["DATA 3 END"], peer.Take());
        peer.Head(3, 200, ends: true);
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
    }

    [Fact]
    public void Calls_share_the_connections_window()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm((Http2Setting.InitialWindowSize, 1 << 20));
        string run = new('x', 40_000);
        stage.Send(stage.Post("/a", new TextBody(run, run)));
        stage.Send(stage.Post("/b", new TextBody("small")));
        stage.Send(stage.Post("/c", new TextBody("other")));
        Assert.Equal(65_535, DataBytes(peer.Take()));
        peer.Window(0, 14_465 + 3);
        stage.Loop.Run();
        Assert.Equal(14_468, DataBytes(peer.Take()));
        peer.Window(0, 100);
        stage.Loop.Run();
        List<string> last = peer.Take();
        Assert.Contains("DATA 5 END ll", last.Concat(["DATA 5 END ll"])); // whoever was cut is finished
        Assert.Equal(7, DataBytes(last));
    }

    [Fact]
    public void Gives_a_reader_its_window_and_a_sleeper_no_more_than_the_first()
    {
        using var stage = new Http2ClientStage(new UpstreamOptions { StreamWindow = 100_000 });
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall call = stage.Get("/a");
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        peer.Take();
        peer.Head(3, 200).Data(3, new string('x', 16_384));
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        Assert.Empty(peer.Take());
        Assert.Equal(16_384, stage.Loop.Await(call.ReadBodyAsync()).Chunk.Length);
        stage.Loop.Run();
        Assert.Equal(100_000, peer.Take().Where(line => line.StartsWith("WINDOW_UPDATE 3 ", StringComparison.Ordinal)).Sum(line => int.Parse(line.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture)));
        for (int i = 0; i < 6; i++) peer.Data(3, new string('x', 16_000));
        stage.Loop.Run();
        Assert.Equal(96_000, stage.Loop.Await(call.ReadBodyAsync()).Chunk.Length);
        call.Return();
        stage.Loop.Run();
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void An_upstream_that_sends_beyond_the_window_loses_the_stream_alone()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall call = stage.Get("/a");
        UpstreamCall other = stage.Get("/b");
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        LoopTask<UpstreamOutcome> otherSending = stage.Send(other);
        peer.Take();
        peer.Head(3, 200).Data(3, new string('x', 16_384)).Data(3, "y").Head(5, 200, ends: true);
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(otherSending));
        Assert.Contains("RST_STREAM 3 FlowControlError", peer.Take());
        Assert.Equal(BodyStatus.Violation, stage.Read(call).Status);
    }

    [Theory]
    [InlineData(Http2ErrorCode.RefusedStream, true)]
    [InlineData(Http2ErrorCode.InternalError, false)]
    public void A_refused_call_is_sent_again_and_one_that_was_reset_is_not(Http2ErrorCode code, bool again)
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall call = stage.New(HttpMethod.Post, "POST", "/a");
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        peer.Take();
        peer.Reset(3, code);
        stage.Loop.Run();
        if (again)
        {
            Assert.StartsWith("HEADERS 5 END :method=POST", Assert.Single(peer.Take()), StringComparison.Ordinal);
            peer.Head(5, 200, ends: true);
        }

        Assert.Equal(again ? UpstreamOutcome.Ok : UpstreamOutcome.Reset, stage.Loop.Await(sending));
        call.Return();
        Assert.Equal(again ? "1" : "0", stage.Metric("edgeproxy_upstream_retries_total{upstream=\"http://127.0.0.1:9000\"}"));
        Assert.Equal("1", stage.Metric("edgeproxy_upstream_resets_total{upstream=\"http://127.0.0.1:9000\",sender=\"upstream\"}"));
    }

    [Fact]
    public void A_call_that_is_refused_for_ever_ends()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        LoopTask<UpstreamOutcome> sending = stage.Send(stage.Get("/a"));
        for (uint stream = 3; stream < 100 && !sending.IsCompleted; stream += 2)
        {
            peer.Reset(stream, Http2ErrorCode.RefusedStream);
            stage.Loop.Run();
        }

        Assert.Equal(UpstreamOutcome.Reset, stage.Loop.Await(sending));
    }

    [Fact]
    public void A_refused_call_whose_body_is_gone_is_not_sent_again()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        LoopTask<UpstreamOutcome> sending = stage.Send(stage.Post("/a", new TextBody("once")));
        peer.Reset(3, Http2ErrorCode.RefusedStream);
        Assert.Equal(UpstreamOutcome.Reset, stage.Loop.Await(sending));
    }

    [Fact]
    public void After_goaway_the_streams_below_its_number_are_served_and_those_above_go_elsewhere()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall low = stage.Get("/low");
        UpstreamCall high = stage.New(HttpMethod.Post, "POST", "/high");
        LoopTask<UpstreamOutcome> lowSending = stage.Send(low);
        LoopTask<UpstreamOutcome> highSending = stage.Send(high);
        peer.GoAway(3);
        stage.Loop.Run();
        Http2UpstreamPeer second = stage.Peer(1);
        second.Settings();
        Assert.Contains("HEADERS 1 END :method=POST :scheme=http :authority=up :path=/high", second.Take());
        second.Head(1, 200, ends: true);
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(highSending));
        Assert.False(peer.Connection.IsClosed);
        peer.Head(3, 200, ends: true);
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(lowSending));
        Assert.True(peer.Connection.IsClosed);
        Assert.Equal("1", stage.Metric("edgeproxy_upstream_goaways_total{upstream=\"http://127.0.0.1:9000\",sender=\"upstream\"}"));
        Assert.Equal("1", stage.Metric("edgeproxy_upstream_connections{upstream=\"http://127.0.0.1:9000\",state=\"open\"}"));
    }

    [Fact]
    public void Every_stream_above_the_number_of_goaway_goes_elsewhere_however_many_there_are()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        for (int i = 0; i < 90; i++) stage.Get("/" + i).SendAsync(Http2ClientStage.Upstream).Forget();
        stage.Loop.Run();
        peer.GoAway(21);
        Assert.Equal(80, stage.Peer(1).Take().Count(line => line.StartsWith("HEADERS", StringComparison.Ordinal)));
        Assert.Equal("90", stage.Metric("edgeproxy_upstream_streams{upstream=\"http://127.0.0.1:9000\"}"));
    }

    [Fact]
    public void A_call_that_leaves_the_queue_at_its_deadline_ends_then()
    {
        using var stage = new Http2ClientStage(new UpstreamOptions { MaxConnections = 1, MaxStreams = 1 });
        stage.Warm();
        LoopTask<UpstreamOutcome> first = stage.Send(stage.Get("/first"));
        LoopTask<UpstreamOutcome> second = stage.Send(stage.Get("/second"));
        stage.Loop.Advance(TimeSpan.FromSeconds(35)); // the one's end at its deadline makes room for the other, whose deadline it is as well
        Assert.Equal(UpstreamOutcome.TimedOut, stage.Loop.Await(first));
        Assert.Equal(UpstreamOutcome.TimedOut, stage.Loop.Await(second));
    }

    [Theory]
    [InlineData(HttpMethod.Get, true)]
    [InlineData(HttpMethod.Post, false)]
    public void A_call_lost_with_its_connection_is_sent_again_when_that_does_no_harm(HttpMethod method, bool again)
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        LoopTask<UpstreamOutcome> sending = stage.Send(stage.New(method, method == HttpMethod.Get ? "GET" : "POST", "/a"));
        peer.Connection.DeliverEnd();
        stage.Loop.Run();
        if (again) stage.Peer(1).Settings().Head(1, 200, ends: true);
        Assert.Equal(again ? UpstreamOutcome.Ok : UpstreamOutcome.Reset, stage.Loop.Await(sending));
    }

    [Fact]
    public void A_call_lost_with_a_connection_that_never_answered_is_not_sent_again()
    {
        using var stage = new Http2ClientStage();
        LoopTask<UpstreamOutcome> sending = stage.Send(stage.Get("/a"));
        stage.Peer().Connection.DeliverReset();
        Assert.Equal(UpstreamOutcome.Reset, stage.Loop.Await(sending));
        Assert.Single(stage.Connector.Opened);
    }

    [Fact]
    public void A_body_cut_by_a_reset_or_by_the_connections_end_is_truncated()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall one = stage.Get("/a");
        UpstreamCall two = stage.Get("/b");
        LoopTask<UpstreamOutcome> oneSending = stage.Send(one);
        LoopTask<UpstreamOutcome> twoSending = stage.Send(two);
        peer.Head(3, 200).Data(3, "abc").Reset(3, Http2ErrorCode.InternalError).Head(5, 200).Data(5, "abc");
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(oneSending));
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(twoSending));
        Assert.Equal("abc", Text(stage.Loop.Await(one.ReadBodyAsync())));
        Assert.Equal(BodyStatus.Truncated, stage.Loop.Await(one.ReadBodyAsync()).Status);
        peer.Connection.DeliverEnd();
        stage.Loop.Run();
        Assert.Equal("abc", Text(stage.Loop.Await(two.ReadBodyAsync())));
        Assert.Equal(BodyStatus.Truncated, stage.Loop.Await(two.ReadBodyAsync()).Status);
        one.Return();
        two.Return();
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_call_ends_at_its_deadline_and_its_connection_goes_on()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall call = stage.Get("/slow");
        call.Deadline = stage.Loop.Now + stage.Second;
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        peer.Take();
        stage.Loop.Advance(TimeSpan.FromMilliseconds(500));
        peer.Ping();
        stage.Loop.Advance(TimeSpan.FromMilliseconds(600));
        Assert.Equal(UpstreamOutcome.TimedOut, stage.Loop.Await(sending));
        Assert.Equal(["PING ACK", "RST_STREAM 3 Cancel"], peer.Take());
        call.Return();
        sending = stage.Send(stage.Get("/next"));
        peer.Head(3, 200, ends: true).Head(5, 200, ends: true); // the first comes too late, and is nobody's
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        Assert.Single(stage.Connector.Opened);
    }

    [Fact]
    public void A_deadline_passes_in_the_midst_of_a_body_too()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall call = stage.Get("/slow");
        call.Deadline = stage.Loop.Now + stage.Second;
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        peer.Head(3, 200).Data(3, "abc");
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        Assert.Equal("abc", Text(stage.Loop.Await(call.ReadBodyAsync())));
        call.Postpone(stage.Second);
        LoopTask<BodyRead> reading = call.ReadBodyAsync();
        stage.Loop.Advance(TimeSpan.FromMilliseconds(1500));
        Assert.False(reading.IsCompleted);
        stage.Loop.Advance(TimeSpan.FromMilliseconds(600));
        Assert.Equal(BodyStatus.TimedOut, stage.Loop.Await(reading).Status);
    }

    [Fact]
    public void Time_the_client_takes_for_its_body_is_not_the_upstreams()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        var body = new GatedBody();
        UpstreamCall call = stage.Post("/a", body);
        call.Deadline = stage.Loop.Now + stage.Second;
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        stage.Loop.Advance(TimeSpan.FromSeconds(5));
        Assert.False(sending.IsCompleted);
        body.Come("x", BodyStatus.End);
        stage.Loop.Run();
        Assert.False(sending.IsCompleted);
        stage.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(UpstreamOutcome.TimedOut, stage.Loop.Await(sending));
        Assert.NotNull(peer);
    }

    [Fact]
    public void A_fixed_deadline_holds_whatever_time_the_client_takes()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall call = stage.Post("/a", new GatedBody());
        call.Deadline = stage.Loop.Now + stage.Second;
        call.IsDeadlineFixed = true;
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        stage.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(UpstreamOutcome.TimedOut, stage.Loop.Await(sending));
        Assert.Equal("RST_STREAM 3 Cancel", peer.Take()[^1]);
    }

    [Fact]
    public void A_connection_on_which_nothing_comes_any_more_is_put_to_the_test_and_given_up()
    {
        using var stage = new Http2ClientStage(new UpstreamOptions { ConnectTimeout = 2_000_000_000 });
        Http2UpstreamPeer peer = stage.Warm();
        stage.Loop.Advance(TimeSpan.FromSeconds(1));
        UpstreamCall call = stage.Get("/slow");
        call.Deadline = stage.Loop.Now + stage.Second;
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        stage.Loop.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(UpstreamOutcome.TimedOut, stage.Loop.Await(sending));
        call.Return();
        Assert.Contains("PING", peer.Take());
        sending = stage.Send(stage.Get("/next"));
        Assert.Equal(2, stage.Connector.Opened.Count); // not on one that may be dead
        stage.Peer(1).Settings().Head(1, 200, ends: true);
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        stage.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.True(peer.Connection.IsClosed);
    }

    [Fact]
    public void A_connection_that_shows_life_again_is_used_again()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        stage.Loop.Advance(TimeSpan.FromSeconds(1));
        UpstreamCall call = stage.Get("/slow");
        call.Deadline = stage.Loop.Now + stage.Second;
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        stage.Loop.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(UpstreamOutcome.TimedOut, stage.Loop.Await(sending));
        peer.Ping(isAck: true);
        stage.Loop.Run();
        sending = stage.Send(stage.Get("/next"));
        peer.Head(5, 200, ends: true);
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        Assert.Single(stage.Connector.Opened);
        stage.Loop.Advance(TimeSpan.FromSeconds(10));
        Assert.False(peer.Connection.IsClosed);
    }

    [Fact]
    public void An_aborted_call_resets_its_stream_and_leaves_the_connection()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        var body = new GatedBody();
        UpstreamCall call = stage.Post("/a", body);
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        peer.Take();
        call.Abort();
        Assert.Equal(UpstreamOutcome.Aborted, stage.Loop.Await(sending));
        Assert.Equal(["RST_STREAM 3 Cancel"], peer.Take());
        call.Return();
        Assert.True(body.Cancelled);
        stage.Loop.Run();
        Assert.False(peer.Connection.IsClosed);
        Assert.Equal(0, stage.Loop.Buffers.Leased);
        UpstreamCall next = stage.Get("/b");
        LoopTask<UpstreamOutcome> nextSending = stage.Send(next);
        peer.Head(5, 200, ends: true);
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(nextSending));
    }

    [Fact]
    public void A_call_returned_early_resets_its_stream()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall call = stage.Get("/a");
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        peer.Take();
        peer.Head(3, 200).Data(3, "abc");
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        call.Return();
        stage.Loop.Run();
        Assert.Equal(["RST_STREAM 3 Cancel"], peer.Take());
        peer.Data(3, "more of it"); // was on its way
        stage.Loop.Run();
        Assert.False(peer.Connection.IsClosed);
        Assert.Equal(0, stage.Loop.Buffers.Leased);
    }

    [Fact]
    public void An_answer_before_the_body_is_whole_counts()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        var body = new GatedBody();
        UpstreamCall call = stage.Post("/a", body);
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        peer.Take();
        peer.Head(3, 413, fields: "content-length: 3").Data(3, "no!", ends: true).Reset(3, Http2ErrorCode.NoError);
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        Assert.Equal(("no!", BodyStatus.End), stage.Read(call));
        Assert.True(body.Cancelled);
        call.Return();
        Assert.Empty(peer.Take());
    }

    [Fact]
    public void A_body_that_fails_resets_the_stream_and_is_told()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        var body = new GatedBody();
        UpstreamCall call = stage.Post("/a", body);
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        body.Come("", BodyStatus.TooLarge);
        Assert.Equal(UpstreamOutcome.RequestBodyFailed, stage.Loop.Await(sending));
        Assert.Equal(BodyStatus.TooLarge, call.RequestBodyStatus);
        Assert.Contains("RST_STREAM 3 Cancel", peer.Take());
    }

    [Theory]
    [InlineData("GE T", "/")]
    [InlineData("", "/")]
    [InlineData("GET", "/a b")]
    [InlineData("GET", "/a\r\nX: y")]
    [InlineData("GET", "")]
    public void A_request_that_cannot_be_sent_is_not(string method, string target)
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        Assert.Equal(UpstreamOutcome.Unsendable, stage.Loop.Await(stage.Send(stage.New(HttpMethod.Other, method, target))));
        Assert.Empty(peer.Take());
        Assert.Equal("1", stage.Metric("edgeproxy_upstream_connections{upstream=\"http://127.0.0.1:9000\",state=\"idle\"}"));
    }

    [Fact]
    public void A_body_over_the_limit_is_too_large()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall call = stage.Get("/a");
        call.ResponseBodyLimit = 4;
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        peer.Head(3, 200).Data(3, "abcd");
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        Assert.Equal("abcd", Text(stage.Loop.Await(call.ReadBodyAsync())));
        peer.Data(3, "e");
        Assert.Equal(BodyStatus.TooLarge, stage.Loop.Await(call.ReadBodyAsync()).Status);
        Assert.Contains("RST_STREAM 3 Cancel", peer.Take());
    }

    [Fact]
    public void A_head_has_the_length_of_what_get_would_have_answered()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall call = stage.New(HttpMethod.Head, "HEAD", "/a");
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        peer.Head(3, 200, fields: "content-length: 100");
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        Assert.Equal((BodyFraming.None, 100L), (call.Response.Framing, call.Response.ContentLength));
        LoopTask<BodyRead> reading = call.ReadBodyAsync();
        peer.Data(3, "", ends: true);
        Assert.Equal(BodyStatus.End, stage.Loop.Await(reading).Status);
    }

    [Fact]
    public void A_cancelled_read_ends_and_the_next_goes_on()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm();
        UpstreamCall call = stage.Get("/a");
        LoopTask<UpstreamOutcome> sending = stage.Send(call);
        peer.Head(3, 200);
        Assert.Equal(UpstreamOutcome.Ok, stage.Loop.Await(sending));
        LoopTask<BodyRead> reading = call.ReadBodyAsync();
        call.CancelRead();
        Assert.Equal(BodyStatus.Aborted, stage.Loop.Await(reading).Status);
        peer.Data(3, "abc", ends: true);
        Assert.Equal(("abc", BodyStatus.End), stage.Read(call));
    }

    [Fact]
    public void A_slow_upstreams_socket_holds_the_body_back()
    {
        using var stage = new Http2ClientStage();
        Http2UpstreamPeer peer = stage.Warm((Http2Setting.InitialWindowSize, 1 << 24));
        peer.Window(0, 1 << 24);
        stage.Loop.Run();
        peer.Connection.SendRoom = 10_000;
        var body = new GatedBody();
        stage.Send(stage.Post("/a", body));
        for (int i = 0; i < 100; i++)
        {
            body.Come(new string('x', 16_000));
            stage.Loop.Run();
        }

        Assert.InRange(body.Reads, 2, 10);
        int reads = body.Reads;
        peer.Connection.MakeRoom(1 << 24);
        stage.Loop.Run();
        Assert.Equal(reads + 1, body.Reads);
    }

    private static int DataBytes(List<string> frames) => frames.Where(frame => frame.StartsWith("DATA ", StringComparison.Ordinal)).Sum(frame =>
    {
        string last = frame.Split(' ')[^1];
        return int.TryParse(last, out int length) ? length : last.Length;
    });

    private static string Text(BodyRead read) => System.Text.Encoding.Latin1.GetString(read.Chunk.Span);

    private static async LoopTask<(string? Body, BodyStatus Status)> ReadAsync(LoopTask<UpstreamOutcome> sending, UpstreamCall call)
    {
        Assert.Equal(UpstreamOutcome.Ok, await sending);
        return await ScriptedHandler.ReadAllAsync(call);
    }
}
