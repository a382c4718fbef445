using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>RFC 9113, 5.3, and RFC 9218: in which order responses share a connection that has too little room for them.</summary>
public sealed class Section5_3_Priority
{
    private const int Body = 40_000;

    [Fact]
    public void More_urgent_responses_go_first()
    {
        Assert.Equal([5, 5, 5, 1, 1, 1, 3, 3, 3], Order(["", "priority=u=7", "priority=u=0"]));
    }

    [Fact]
    public void Requests_that_say_nothing_share_the_connection()
    {
        Assert.Equal([1, 3, 5, 1, 3, 5, 1, 3, 5], Order(["", "", ""]));
    }

    [Fact]
    public void Incremental_responses_share_it_too()
    {
        Assert.Equal([1, 3, 1, 3, 1, 3], Order(["priority=u=2, i", "priority=u=2, i"]));
    }

    [Fact]
    public void Responses_of_use_only_as_a_whole_go_one_after_the_other_in_the_order_of_their_requests()
    {
        Assert.Equal([1, 1, 1, 3, 3, 3], Order(["priority=u=2", "priority=u=2"]));
    }

    [Fact]
    public void Neither_kind_starves_the_other()
    {
        Assert.Equal([1, 3, 1, 3, 1, 3], Order(["priority=u=3", ""]));
    }

    [Fact]
    public void PRIORITY_UPDATE_changes_the_order_of_what_waits()
    {
        Assert.Equal([3, 3, 3, 1, 1, 1], Order(["", ""], Http2Bytes.PriorityUpdate(3, "u=1")));
    }

    [Fact]
    public void A_priority_that_is_no_dictionary_counts_as_none()
    {
        Assert.Equal([1, 1, 1, 3, 3, 3], Order(["priority=u=9;;", "priority=,"]));
    }

    [Fact]
    public void Priorities_of_RFC_7540_are_announced_as_not_used_and_ignored()
    {
        Assert.Equal([1, 3, 1, 3, 1, 3], Order(["", ""], Http2Bytes.Priority(3, 0)));
        using var stage = new Http2Stage();
        Http2Peer client = stage.Connect();
        client.Send(Http2Bytes.Preface);
        Assert.Equal([0, 9, 0, 0, 0, 1], client.TakeFrames()[0].Payload[^6..]);
    }

    [Fact]
    public void PRIORITY_UPDATE_for_the_connection_or_a_pushed_stream_is_a_connection_error()
    {
        using var stage = new Http2Stage();
        Assert.Equal(["GOAWAY 0 ProtocolError"], stage.Open().Say(Http2Bytes.PriorityUpdate(0, "u=1")));
        Assert.Equal(["GOAWAY 0 ProtocolError"], stage.Open().Say(Http2Bytes.PriorityUpdate(2, "u=1")));
    }

    // The streams of the DATA frames in the order they leave, once a closed connection window opens.
    private static int[] Order(string[] priorities, byte[]? between = null)
    {
        using var stage = new Http2Stage();
        string body = new('x', Body);
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, body);
        Http2Peer client = stage.Open((4, 1 << 20));
        client.Send(Http2Bytes.Get(101, "/first"));
        client.Send(Http2Bytes.WindowUpdate(0, 10_000));
        client.TakeFrames();

        // Use up the connection's window: 65,535 - 40,000 is left, and 10,000.
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, new string('y', 65_535 - Body + 10_000));
        client.Send(Http2Bytes.Get(103, "/second"));
        client.TakeFrames();
        stage.Handler.Script = exchange => ScriptedHandler.AnswerAsync(exchange, 200, body);
        const int First = 105;
        for (int i = 0; i < priorities.Length; i++)
        {
            client.Send(Http2Bytes.Get(First + (i * 2), "/x", priorities[i].Length > 0 ? [priorities[i]] : []));
        }

        if (between is not null)
        {
            byte[] moved = [.. between];
            int at = moved[3] == (byte)FrameType.PriorityUpdate ? 12 : 8;
            moved[at] += First - 1;
            client.Send(moved);
        }

        Assert.DoesNotContain(client.TakeFrames(), frame => frame.Type == FrameType.Data);
        client.Send(Http2Bytes.WindowUpdate(0, 1 << 20));
        return [.. client.TakeFrames().Where(frame => frame.Type == FrameType.Data).Select(frame => frame.Stream - First + 1)];
    }
}
