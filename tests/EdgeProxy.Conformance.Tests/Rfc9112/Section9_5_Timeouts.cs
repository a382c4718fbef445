using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9112;

/// <summary>
/// RFC 9112, 9.5: a connection may be closed when nothing comes; a server that gave a request up says 408 (RFC 9110, 15.5.9), and no
/// half-received request is ever served.
/// </summary>
public sealed class Section9_5_Timeouts
{
    private const string Head = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n";

    [Fact]
    public void An_idle_connection_is_closed_without_an_answer_that_nobody_asked_for()
    {
        using var stage = new Http1Stage(new ServerOptions { IdleTimeout = 5_000_000_000 });
        MemoryConnection silent = stage.Connect();
        MemoryConnection used = stage.Connect();
        stage.Say(used, Head + "abc");
        stage.Loop.Advance(TimeSpan.FromSeconds(4));
        Assert.False(silent.IsClosed || used.IsClosed);
        stage.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.True(silent.IsClosed && used.IsClosed);
        Assert.Equal("", silent.TakeSent() + used.TakeSent());
    }

    [Fact]
    public void A_request_in_time_starts_the_idle_time_anew()
    {
        using var stage = new Http1Stage(new ServerOptions { IdleTimeout = 5_000_000_000 });
        MemoryConnection client = stage.Connect();
        for (int i = 0; i < 4; i++)
        {
            Assert.StartsWith("HTTP/1.1 200 ", stage.Say(client, Head + "abc"), StringComparison.Ordinal);
            stage.Loop.Advance(TimeSpan.FromSeconds(4));
            Assert.False(client.IsClosed);
        }
    }

    [Fact]
    public void A_head_cut_at_any_byte_is_408_and_close_however_often_a_byte_comes()
    {
        for (int split = 1; split < Head.Length; split += 7)
        {
            using var stage = new Http1Stage(new ServerOptions { HeadTimeout = 2_000_000_000 });
            MemoryConnection client = stage.Connect();
            stage.Say(client, Head[..(split - 1)]);
            if (split > 1) stage.Loop.Advance(TimeSpan.FromSeconds(1));
            stage.Say(client, Head[(split - 1)..split]);
            stage.Loop.Advance(TimeSpan.FromSeconds(split > 1 ? 1.2 : 2.2));
            string answer = client.TakeSent();
            Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
            Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
            Assert.True(client.SendEnded);
            Assert.Empty(stage.Handler.Seen);
        }
    }

    [Fact]
    public void A_body_that_stops_coming_ends_the_request_and_the_connection()
    {
        using var stage = new Http1Stage(new ServerOptions { BodyRate = new(0, 0, 2_000_000_000) });
        MemoryConnection client = stage.Connect();
        stage.Say(client, Head + "a");
        stage.Loop.Advance(TimeSpan.FromSeconds(3));
        string answer = client.TakeSent();
        Assert.EndsWith("TimedOut", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
        client.DeliverEnd();
        stage.Loop.Run();
        Assert.True(client.IsClosed);
    }
}
