using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Lambda.Runtime;

/// <summary>How the Runtime API answers a runtime: documents, after what it had to send was read.</summary>
internal static class RuntimeReply
{
    /// <summary>Beyond the limit of a result, what is still read so that the runtime gets its 413 on a connection that stays.</summary>
    public const long MostDiscarded = 64L << 20;

    /// <summary>Refuses a request whose body nobody takes.</summary>
    public static async LoopTask DiscardAndRefuseAsync(Exchange exchange, int status, byte[] document)
    {
        await DiscardAsync(exchange);
        await RefuseAsync(exchange, status, document);
    }

    /// <inheritdoc cref="DiscardAndRefuseAsync(Exchange, int, byte[])"/>
    public static LoopTask DiscardAndRefuseAsync(Exchange exchange, int status, ReadOnlySpan<byte> document) => DiscardAndRefuseAsync(exchange, status, document.ToArray());

    /// <summary>Reads what is left of a request, so that a client that writes all before it reads gets its answer, on a connection that stays.</summary>
    /// <returns>False when there is too much of it, or the client is gone.</returns>
    public static async LoopTask<bool> DiscardAsync(Exchange exchange)
    {
        long total = 0;
        while (exchange.HasUnreadBody)
        {
            BodyRead read = await exchange.ReadBodyAsync();
            total += read.Chunk.Length;
            if (read.Failed || total > MostDiscarded) return false;
            if (read.Status == BodyStatus.End) return true;
        }

        return true;
    }

    public static LoopTask RefuseAsync(Exchange exchange, int status, ReadOnlySpan<byte> document) => ReplyAsync(exchange, status, document, "application/json"u8);

    public static LoopTask ReplyAsync(Exchange exchange, int status, ReadOnlySpan<byte> body, ReadOnlySpan<byte> contentType)
    {
        exchange.Response.Status = status;
        exchange.Response.Headers.Add(KnownHeader.ContentType, "Content-Type"u8, contentType);
        exchange.StartResponse(BodyFraming.Length, body.Length);
        byte[] scratch = exchange.Loop.Buffers.Rent();
        body.CopyTo(scratch);
        LoopTask<IoStatus> sent = exchange.EndAsync(new BodyChunk(scratch, 0, body.Length)); // sent or copied by now
        exchange.Loop.Buffers.Return(scratch);
        return WaitFor(sent);
    }

    /// <summary>Waits, where there is need, until the connection had room for an answer.</summary>
    public static LoopTask WaitFor(LoopTask<IoStatus> sent)
    {
        if (!sent.IsCompleted) return WaitForRoomAsync(sent);
        sent.GetAwaiter().GetResult();
        return LoopTask.Completed;
    }

    private static async LoopTask WaitForRoomAsync(LoopTask<IoStatus> sent) => await sent;
}
