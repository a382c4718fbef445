using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EdgeProxy.Control;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Metrics;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Admin;

/// <summary><c>POST /flush?api=ID&amp;stage=NAME</c>: empties the caches of an API's stages, of all of them without <c>stage</c>.</summary>
internal sealed class FlushPage
{
    private readonly SnapshotHolder _snapshots;
    private readonly Counter _flushes;
    private readonly ILogger _log;

    /// <param name="snapshots">What serves.</param>
    /// <param name="metrics">Where flushes are counted.</param>
    /// <param name="log">Where they are told.</param>
    public FlushPage(SnapshotHolder snapshots, MetricRegistry metrics, ILogger log)
    {
        _snapshots = snapshots;
        _flushes = metrics.Counter("edgeproxy_cache_flushes_total", "Stages whose cache was flushed.").With();
        _log = log;
    }

    /// <summary>Answers a request for the page.</summary>
    public LoopTask<IoStatus> AnswerAsync(Exchange exchange)
    {
        (int status, string name, object value) = Answer(exchange);
        var text = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            if (value is int number) json.WriteNumber(name, number);
            else json.WriteString(name, (string)value);
            json.WriteEndObject();
        }

        if (exchange.HasUnreadBody) exchange.CloseAfterwards = true;
        exchange.Response.Status = status;
        exchange.Response.Headers.Add("Content-Type"u8, "application/json"u8);
        exchange.Response.Headers.Add("Cache-Control"u8, "no-store"u8);
        exchange.StartResponse(BodyFraming.Length, text.WrittenCount);
        MemoryMarshal.TryGetArray(text.WrittenMemory, out ArraySegment<byte> bytes);
        return exchange.EndAsync(new BodyChunk(bytes.Array!, bytes.Offset, bytes.Count));
    }

    private (int Status, string Name, object Value) Answer(Exchange exchange)
    {
        string? api = null;
        string? stage = null;
        foreach (QueryPair pair in new QueryReader(exchange.Request.Query))
        {
            if (pair.Name.SequenceEqual("api"u8)) api = Decoded(pair.Value);
            else if (pair.Name.SequenceEqual("stage"u8)) stage = Decoded(pair.Value);
            else return (400, "message", "This page takes api and stage, and nothing else.");
        }

        if (string.IsNullOrEmpty(api)) return (400, "message", "Say which API: /flush?api=ID, and if need be &stage=NAME.");
        int flushed = FlushCache.Run(_snapshots, api, stage);
        if (flushed == 0) return (404, "message", stage is null ? "There is no such API." : "There is no such stage of such an API.");
        _flushes.Add(exchange.Loop.Ordinal, flushed);
        ProcessLog.CacheFlushed(_log, api, stage ?? "*", flushed);
        return (200, "stages", flushed);
    }

    private static string Decoded(ReadOnlySpan<byte> coded)
    {
        byte[] room = new byte[coded.Length];
        return Encoding.UTF8.GetString(room, 0, PercentCoding.DecodeForm(coded, room));
    }
}
