using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.TestKit;

/// <summary>Answers requests as a test says; without a script, 200 with the method, target and body it saw.</summary>
public sealed class ScriptedHandler : IRequestHandler
{
    /// <summary>What to do with a request.</summary>
    public Func<Exchange, LoopTask>? Script { get; set; }

    /// <summary>Method, target and body of each request seen.</summary>
    public List<string> Seen { get; } = [];

    public LoopTask HandleAsync(Exchange exchange) => Script is null ? EchoAsync(exchange) : Script(exchange);

    /// <summary>Reads the whole body as Latin-1 text; null with a reason when it fails.</summary>
    public static async LoopTask<(string? Body, BodyStatus Status)> ReadAllAsync(IBodySource source)
    {
        var text = new System.Text.StringBuilder();
        while (true)
        {
            BodyRead read = await source.ReadBodyAsync();
            text.Append(System.Text.Encoding.Latin1.GetString(read.Chunk.Span));
            if (read.Status == BodyStatus.End) return (text.ToString(), read.Status);
            if (read.Failed) return (null, read.Status);
        }
    }

    /// <summary>Answers with a body of Latin-1 text.</summary>
    public static async LoopTask AnswerAsync(Exchange exchange, int status, string body)
    {
        byte[] bytes = System.Text.Encoding.Latin1.GetBytes(body);
        exchange.Response.Status = status;
        exchange.StartResponse(BodyFraming.Length, bytes.Length);
        await exchange.EndAsync(new BodyChunk(bytes, 0, bytes.Length));
    }

    private async LoopTask EchoAsync(Exchange exchange)
    {
        string line = System.Text.Encoding.Latin1.GetString(exchange.Request.MethodText) + " " + System.Text.Encoding.Latin1.GetString(exchange.Request.Target);
        (string? body, BodyStatus status) = await ReadAllAsync(exchange);
        Seen.Add(body is { Length: > 0 } ? line + " " + body : line);
        await AnswerAsync(exchange, body is null ? status == BodyStatus.TooLarge ? 413 : 400 : 200, body is null ? status.ToString() : Seen[^1]);
    }
}
