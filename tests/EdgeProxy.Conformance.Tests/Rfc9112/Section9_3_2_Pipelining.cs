using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9112;

/// <summary>RFC 9112, 9.3.2: a server answers pipelined requests in the order in which they came, whatever each of them takes.</summary>
public sealed class Section9_3_2_Pipelining
{
    private const string Script = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        + "PUT /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\n\r\nGET /4 HTTP/1.1\r\nHost: a\r\n\r\n";

    [Fact]
    public void Answers_come_in_the_order_of_the_requests_at_every_split()
    {
        for (int split = 1; split < Script.Length; split++)
        {
            using var stage = new Http1Stage();
            MemoryConnection client = stage.Connect();
            string sent = stage.Say(client, Script[..split]) + stage.Say(client, Script[split..]);
            Assert.Equal(["GET /1", "POST /2 abc", "PUT /3 de", "GET /4"], Bodies(sent));
            Assert.False(client.IsClosed);
        }
    }

    [Fact]
    public void A_slow_answer_comes_before_the_quick_ones_behind_it()
    {
        using var stage = new Http1Stage();
        var gate = new LoopSignal<int>();
        stage.Handler.Script = exchange => AnswerAsync(exchange, gate);
        MemoryConnection client = stage.Connect();
        string sent = stage.Say(client, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /quick HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("", sent);
        gate.Set(1);
        stage.Loop.Run();
        Assert.Equal(["/slow", "/quick"], Bodies(client.TakeSent()));
    }

    [Fact]
    public void Nothing_behind_a_request_that_closes_is_served()
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        string sent = stage.Say(client, "GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(["GET /1"], Bodies(sent));
        Assert.Equal(["GET /1"], stage.Handler.Seen);
        Assert.True(client.SendEnded || client.IsClosed);
    }

    [Fact]
    public void A_request_that_is_wrong_is_refused_behind_the_answers_before_it()
    {
        using var stage = new Http1Stage();
        MemoryConnection client = stage.Connect();
        string sent = stage.Say(client, "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost : a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
        string[] answers = sent.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["200", "400"], answers.Select(answer => answer[..3]));
        Assert.Equal(["GET /1"], stage.Handler.Seen);
    }

    private static async LoopTask AnswerAsync(Exchange exchange, LoopSignal<int> gate)
    {
        string target = Heads.Text(exchange.Request.Target);
        if (target == "/slow") await gate.WaitAsync();
        await ScriptedHandler.AnswerAsync(exchange, 200, target);
    }

    private static string[] Bodies(string sent) =>
        [.. sent.Split("HTTP/1.1 200 OK\r\n", StringSplitOptions.RemoveEmptyEntries).Select(answer => answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..])];
}
