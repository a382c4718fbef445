using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeProxy.Control;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Operations.Explanations;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Metrics;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Admin;

/// <summary><c>POST /explain</c>: what a request would meet on this node as it serves now.</summary>
/// <remarks>
/// Admin loop only; what one explanation may cost is bounded by <c>explain.*</c> and by the limits of the phases themselves.
/// </remarks>
internal sealed class ExplainPage
{
    // Names, quotes and fields beside the bodies.
    private const int FieldBytes = 256 * 1024;

    private readonly Explain _explain;
    private readonly SnapshotHolder _snapshots;
    private readonly CounterFamily _count;
    private readonly ServerMetrics _limits;
    private readonly ILogger _log;

    public ExplainPage(Explain explain, SnapshotHolder snapshots, MetricRegistry metrics, ServerMetrics limits, ILogger log)
    {
        _explain = explain;
        _snapshots = snapshots;
        _count = metrics.Counter("edgeproxy_explanations_total", "Requests explained on the admin listener, by how the explanation ended.", "end");
        _limits = limits;
        _log = log;
    }

    /// <summary>Most bytes of a request: two bodies, each with room for base64 or some escapes.</summary>
    public long MostBody => (3L * _explain.Conditions.Limits.Body) + FieldBytes;

    /// <summary>Answers a request for the page.</summary>
    public async LoopTask AnswerAsync(AdminRequest request)
    {
        Exchange exchange = request.Exchange;
        (int status, ArrayBufferWriter<byte> answer) = await request.ReadBodyAsync(MostBody) switch
        {
            BodyStatus.End => Explained(exchange, request.Body.Buffer.AsMemory(request.Body.Start, request.Body.Length)),
            BodyStatus.TooLarge => TooLarge(exchange),
            _ => Refusal(exchange, 400, "The body could not be read to its end."),
        };
        if (exchange.HasUnreadBody) exchange.CloseAfterwards = true;
        exchange.Response.Status = status;
        exchange.Response.Headers.Add("Content-Type"u8, "application/json"u8);
        exchange.Response.Headers.Add("Cache-Control"u8, "no-store"u8);
        exchange.StartResponse(BodyFraming.Length, answer.WrittenCount);
        MemoryMarshal.TryGetArray(answer.WrittenMemory, out ArraySegment<byte> bytes);
        await exchange.EndAsync(new BodyChunk(bytes.Array!, bytes.Offset, bytes.Count));
    }

    private (int Status, ArrayBufferWriter<byte> Answer) Explained(Exchange exchange, ReadOnlyMemory<byte> json)
    {
        if (!ExplainRequestJson.TryRead(json, out ExplainRequest? request, out string? problem)) return Refusal(exchange, 400, problem);
        int most = _explain.Conditions.Limits.Body;
        if (request.Body?.Length > most || request.Answer?.Body.Length > most) return TooLarge(exchange);
        if (_explain.ProblemOrNull(request) is { } wrong) return Refusal(exchange, 400, wrong);

        Explanation explanation = _explain.Run(_snapshots, request);
        int stripe = exchange.Loop.Ordinal;
        string end = ExplanationJson.NameOf(explanation.End);
        _count.With(end).Increment(stripe);
        foreach (string setting in explanation.LimitsMet) _limits.CountLimit(stripe, setting);
        if (_log.IsEnabled(LogLevel.Debug)) ProcessLog.Explained(_log, json.Length, end, explanation.Phases.Count);
        return (200, Json(writer => ExplanationJson.Write(explanation, writer)));
    }

    private (int Status, ArrayBufferWriter<byte> Answer) TooLarge(Exchange exchange)
    {
        _limits.CountLimit(exchange.Loop.Ordinal, "explain.body");
        return Refusal(exchange, 413, "The request or one of its bodies is larger than explain.body allows.");
    }

    private (int Status, ArrayBufferWriter<byte> Answer) Refusal(Exchange exchange, int status, string message)
    {
        _count.With("refused").Increment(exchange.Loop.Ordinal);
        return (status, Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("message", message);
            writer.WriteEndObject();
        }));
    }

    private static ArrayBufferWriter<byte> Json(Action<Utf8JsonWriter> content)
    {
        var text = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        content(json);
        json.Flush();
        return text;
    }
}
