using System.Text;
using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>A whole HTTP/1.1 connection whose handler reads each body and answers with what it saw.</summary>
internal sealed class Http1ConnectionTarget : FuzzTarget
{
    private static readonly string[] Own =
    [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "5\r\nhello\r\n0\r\n\r\n", "0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];

    public override string Name => "Http1Connection";

    public override int LongestInput => 2048;

    // A loop, a server and its pools are made anew for each run.
    public override long MostAllocated => 16 << 20;

    public override IReadOnlyList<string> Tokens { get; } = [.. Own, .. new RequestHeadTarget().Tokens, .. new ChunkedBodyTarget().Tokens];

    public override ulong Run(byte[] input)
    {
        Session whole = Serve([input]);
        Session pieces = Serve(Cuts.Pieces(input, 1));
        Promise.Same(whole.Requests, pieces.Requests, "The same requests are seen however the input is split");
        Promise.Same(whole.Statuses, pieces.Statuses, "The same answers are given however the input is split");
        ulong outcome = Outcome.None.With(whole.Closed ? 1 : 0);
        foreach (char letter in whole.Statuses) outcome = outcome.With(letter);
        return outcome.WithCount(whole.Requests.Length);
    }

    private static Session Serve(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        // What begins with the preface of HTTP/2 would go on in it, and is another target's.
        using var stage = new Http1Stage(new ServerOptions { ServesHttp2 = false });
        MemoryConnection client = stage.Connect();
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            if (client.IsClosed) break;
            client.Deliver(piece.Span);
            stage.Loop.Run();
        }

        if (!client.IsClosed)
        {
            client.DeliverEnd();
            stage.Loop.Run();
        }

        // What lingers or waits for the rest of a body is given up at its time-out.
        stage.Loop.Advance(TimeSpan.FromMinutes(3));
        stage.Loop.ThrowUnhandled();
        Promise.Same(0, stage.Failures.Count, "No handler fails");
        Promise.That(client.IsClosed, "A connection whose client is gone closes");
        Promise.Same(0, stage.Limits.Open, "A closed connection is not counted");
        return new Session(string.Join('\n', stage.Handler.Seen), Read(client.Sent), client.IsClosed);
    }

    /// <summary>The statuses of what was sent, which must be whole responses and nothing between them.</summary>
    private static string Read(byte[] sent)
    {
        var statuses = new StringBuilder();
        var head = new Http.Messages.ResponseHead();
        ReadOnlySpan<byte> rest = sent;
        while (!rest.IsEmpty)
        {
            ParseResult result = Http1ResponseParser.Parse(rest, new HeadLimits(), HttpMethod.Get, head);
            Promise.Same(ParseStatus.Complete, result.Status, "What is sent is whole responses");
            rest = rest[result.Consumed..];
            if (head.Status == 100) continue; // depends on whether the body was there already
            statuses.Append(head.Status).Append(' ');

            // The handler answers with the text of the request line, so that a response to HEAD shows by having no body.
            bool isHead = head.ContentLength >= 5 && !rest[..(int)Math.Min(5, rest.Length)].SequenceEqual("HEAD "u8) && (rest.IsEmpty || rest.StartsWith("HTTP/1.1 "u8));
            if (isHead) continue;
            Promise.That(head.ContentLength <= rest.Length, "A body is as long as its head says");
            rest = rest[(int)Math.Max(0, head.ContentLength)..];
        }

        return statuses.ToString();
    }

    private sealed record Session(string Requests, string Statuses, bool Closed);
}
