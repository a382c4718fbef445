using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9112;

/// <summary>RFC 9112, 8: a message that its connection cut short is told from a whole one, by server and client, at every byte.</summary>
public sealed class Section8_IncompleteMessages
{
    private const string Head = "POST /a HTTP/1.1\r\nHost: a\r\n";

    [Fact]
    public void A_request_head_cut_anywhere_is_never_served()
    {
        const string Request = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
        for (int cut = 0; cut < Request.Length; cut++)
        {
            using var stage = new Http1Stage();
            MemoryConnection client = stage.Connect();
            if (cut > 0) stage.Say(client, Request[..cut]);
            client.DeliverEnd();
            stage.Loop.Run();
            Assert.Empty(stage.Handler.Seen);
            Assert.True(client.IsClosed);
            Assert.Equal(0, stage.Loop.Buffers.Leased);
        }
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n\r\n", "hello")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n", "3\r\nhel\r\n2\r\nlo\r\n0\r\nT: 1\r\n\r\n")]
    public void A_request_body_cut_anywhere_is_not_taken_for_a_whole_one(string framing, string body)
    {
        for (int cut = 0; cut < body.Length; cut++)
        {
            using var stage = new Http1Stage();
            var seen = new List<(string? Body, BodyStatus Status)>();
            stage.Handler.Script = exchange => ReadAsync(exchange, seen);
            MemoryConnection client = stage.Connect();
            stage.Say(client, Head + framing + body[..cut]);
            client.DeliverEnd();
            stage.Loop.Run();
            Assert.Equal([(null, BodyStatus.Truncated)], seen);
            Assert.True(client.IsClosed);
        }
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n\r\n", "hello")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n", "3\r\nhel\r\n2\r\nlo\r\n0\r\nT: 1\r\n\r\n")]
    public void A_response_body_cut_anywhere_is_truncated_and_its_connection_not_used_again(string framing, string body)
    {
        for (int cut = 0; cut < body.Length; cut++)
        {
            using var loop = new LoopHarness();
            (Http1Client client, MemoryConnector connector) = NewClient(loop);
            UpstreamCall call = Send(client, loop, out LoopTask<UpstreamOutcome> sending);
            connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\n" + framing + body[..cut]);
            connector.Opened[0].DeliverEnd();
            Assert.Equal(UpstreamOutcome.Ok, loop.Await(sending));
            Assert.Equal((null, BodyStatus.Truncated), loop.Await(ScriptedHandler.ReadAllAsync(call)));
            call.Return();
            Assert.True(connector.Opened[0].IsClosed);
        }
    }

    [Fact]
    public void A_response_without_framing_is_whole_when_its_connection_ends()
    {
        using var loop = new LoopHarness();
        (Http1Client client, MemoryConnector connector) = NewClient(loop);
        UpstreamCall call = Send(client, loop, out LoopTask<UpstreamOutcome> sending);
        connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\n\r\nhello");
        connector.Opened[0].DeliverEnd();
        Assert.Equal(UpstreamOutcome.Ok, loop.Await(sending));
        Assert.Equal(("hello", BodyStatus.End), loop.Await(ScriptedHandler.ReadAllAsync(call)));
        call.Return();
        Assert.True(connector.Opened[0].IsClosed);
    }

    [Fact]
    public void A_response_without_framing_is_cut_when_TLS_ends_without_its_closing_alert()
    {
        using var loop = new LoopHarness();
        (Http1Client client, MemoryConnector connector) = NewClient(loop);
        UpstreamCall call = Send(client, loop, out LoopTask<UpstreamOutcome> sending);
        connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\n\r\nhello");
        connector.Opened[0].Truncates = true;
        connector.Opened[0].DeliverEnd();
        Assert.Equal(UpstreamOutcome.Ok, loop.Await(sending));
        Assert.Equal((null, BodyStatus.Truncated), loop.Await(ScriptedHandler.ReadAllAsync(call)));
        call.Return();
        Assert.True(connector.Opened[0].IsClosed);
    }

    [Fact]
    public void A_response_without_framing_is_cut_when_its_connection_breaks()
    {
        using var loop = new LoopHarness();
        (Http1Client client, MemoryConnector connector) = NewClient(loop);
        UpstreamCall call = Send(client, loop, out LoopTask<UpstreamOutcome> sending);
        connector.Opened[0].Deliver("HTTP/1.1 200 OK\r\n\r\nhello");
        Assert.Equal(UpstreamOutcome.Ok, loop.Await(sending));
        connector.Opened[0].DeliverReset();
        Assert.Equal((null, BodyStatus.Truncated), loop.Await(ScriptedHandler.ReadAllAsync(call)));
        call.Return();
    }

    [Fact]
    public void A_response_head_cut_anywhere_is_no_response()
    {
        const string Response = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        for (int cut = 0; cut < Response.Length; cut++)
        {
            using var loop = new LoopHarness();
            (Http1Client client, MemoryConnector connector) = NewClient(loop);
            UpstreamCall call = Send(client, loop, out LoopTask<UpstreamOutcome> sending);
            if (cut > 0) connector.Opened[0].Deliver(Response[..cut]);
            connector.Opened[0].DeliverEnd();
            Assert.Equal(cut == 0 ? UpstreamOutcome.Reset : UpstreamOutcome.Malformed, loop.Await(sending));
            call.Return();
            Assert.True(connector.Opened[0].IsClosed);
        }
    }

    private static async LoopTask ReadAsync(EdgeProxy.Http.Server.Exchange exchange, List<(string? Body, BodyStatus Status)> seen)
    {
        seen.Add(await ScriptedHandler.ReadAllAsync(exchange));
        await ScriptedHandler.AnswerAsync(exchange, 400, "");
    }

    private static (Http1Client Client, MemoryConnector Connector) NewClient(LoopHarness loop)
    {
        var connector = new MemoryConnector(loop);
        return (new Http1Client(loop, connector, new UpstreamOptions(), new UpstreamMetrics(new MetricRegistry(1))), connector);
    }

    private static UpstreamCall Send(Http1Client client, LoopHarness loop, out LoopTask<UpstreamOutcome> sending)
    {
        UpstreamCall call = client.Rent();
        call.Method = HttpMethod.Get;
        call.MethodStart = call.Headers.Append("GET"u8);
        call.MethodLength = 3;
        call.TargetStart = call.Headers.Append("/"u8);
        call.TargetLength = 1;
        call.Headers.Add(KnownHeader.Host, "Host"u8, "up"u8);
        sending = call.SendAsync(new UpstreamName("127.0.0.1", 9000));
        loop.Run();
        return call;
    }
}
