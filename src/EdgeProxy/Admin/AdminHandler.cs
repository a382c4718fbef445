using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeProxy.Control;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Hosts;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Admin;

/// <summary>Answers on the admin listener: metrics, health, and which configuration is in force.</summary>
/// <remarks><see cref="AdminAccess"/> says who may ask for what.</remarks>
internal sealed class AdminHandler : IRequestHandler
{
    private readonly MetricRegistry _metrics;
    private readonly NodeState _state;
    private readonly Func<long> _version;
    private readonly ExplainPage? _explain;
    private readonly InvokePage? _invoke;
    private readonly UpstreamsPage? _upstreams;
    private readonly FlushPage? _flush;
    private readonly IRequestHandler? _gateway;
    private readonly AdminAccess _access;
    private readonly ServerMetrics? _limits;
    private ManagementPage? _management;

    /// <param name="metrics">What <c>/metrics</c> shows.</param>
    /// <param name="state">What health answers come from.</param>
    /// <param name="version">The version of the snapshot that serves.</param>
    /// <param name="access">Who may ask for what.</param>
    /// <param name="explain">Explains requests; null where nobody does.</param>
    /// <param name="invoke">Invokes functions; null where nobody does.</param>
    /// <param name="upstreams">Tells of upstreams; null where nobody does.</param>
    /// <param name="flush">Empties caches; null where nobody does.</param>
    /// <param name="gateway">Serves APIs by the emulators' URL forms; null where nobody does.</param>
    /// <param name="limits">Counts limits that requests meet; null where nobody does.</param>
    public AdminHandler(MetricRegistry metrics, NodeState state, Func<long> version, AdminAccess access, ExplainPage? explain = null, InvokePage? invoke = null, UpstreamsPage? upstreams = null, FlushPage? flush = null, IRequestHandler? gateway = null, ServerMetrics? limits = null)
    {
        _limits = limits;
        _gateway = gateway;
        _flush = flush;
        _upstreams = upstreams;
        _invoke = invoke;
        _explain = explain;
        _metrics = metrics;
        _state = state;
        _version = version;
        _access = access;
    }

    /// <summary>The management APIs; null until the store is open.</summary>
    public ManagementPage? Management
    {
        get => Volatile.Read(ref _management);
        set => Volatile.Write(ref _management, value);
    }

    public LoopTask HandleAsync(Exchange exchange)
    {
        // Test suites for emulators know one port for everything (product.md 2). Whom an API admits is the API's to say.
        if (_gateway is { } gateway && exchange.Listener.IsLoopback && SelectHost.IsEmulatorForm(exchange.Request.Path)) return gateway.HandleAsync(exchange);
        return AnswerAsync(exchange);
    }

    private async LoopTask AnswerAsync(Exchange exchange)
    {
        var request = new AdminRequest(exchange);
        AdminPage page = PageOf(exchange.Request.Path);
        if (page == AdminPage.None && Management is { } management && management.Has(exchange.Request.Path)) page = AdminPage.Management;
        AdminVerdict verdict = page is AdminPage.Metrics or AdminPage.Live or AdminPage.Ready
            ? _access.JudgeOpen(exchange)
            : await _access.JudgeAsync(request, page == AdminPage.Invoke ? "lambda" : "apigateway", RightFor(exchange.Request, page), MostBody(page));
        if (LimitOf(verdict, page) is { } limit) _limits?.CountLimit(exchange.Loop.Ordinal, limit);
        if (!verdict.IsAllowed)
        {
            // Who signed rightly is somebody we know; what strangers try is counted and logged, and must not fill the audit.
            string id = page == AdminPage.Management ? Management!.NewRequestId() : "";
            if (page == AdminPage.Management && verdict.AccessKeyId is not null) Management!.NoteRefused(request, verdict, id);
            await RefuseAsync(exchange, verdict, id);
            return;
        }

        if (page == AdminPage.Management)
        {
            await Management!.AnswerAsync(request, verdict);
            return;
        }

        ExpositionFormat format = ExpositionFormat.Text;
        int status = StatusOf(exchange, page);
        if (status == 200 && page == AdminPage.Metrics) format = Exposition.Negotiate(Accept(exchange.Request.Headers));
        if (status == 200 && page == AdminPage.Invoke)
        {
            await _invoke!.AnswerAsync(request);
            return;
        }

        if (status == 200 && page == AdminPage.Explain)
        {
            await _explain!.AnswerAsync(request);
            return;
        }

        if (status == 200 && page == AdminPage.Flush)
        {
            await _flush!.AnswerAsync(exchange);
            return;
        }

        // A scrape of many series takes milliseconds, which the loop owes to its connections.
        ArrayBufferWriter<byte> body = status == 200 && page == AdminPage.Metrics
            ? await exchange.Loop.OffloadAsync(static work => work.Handler.RenderMetrics(work.Format), (Handler: this, Format: format))
            : RenderJson(page, exchange.Loop.Now, ref status);

        exchange.Response.Status = status;
        exchange.Response.Headers.Add("Content-Type"u8, status == 200 && page == AdminPage.Metrics ? Exposition.ContentType(format) : "application/json"u8);
        exchange.Response.Headers.Add("Cache-Control"u8, "no-store"u8);
        if (status == 405) exchange.Response.Headers.Add("Allow"u8, page is AdminPage.Explain or AdminPage.Flush ? "POST"u8 : "GET, HEAD"u8);
        await SendAsync(exchange, body);
    }

    // What is too large for a page is told by the page's setting.
    private static string? LimitOf(in AdminVerdict verdict, AdminPage page) => verdict.Limit ?? (verdict.Status, page) switch
    {
        (413, AdminPage.Management) => ManagementPage.BodySetting,
        (413, AdminPage.Explain) => "explain.body",
        _ => null,
    };

    private static LoopTask RefuseAsync(Exchange exchange, in AdminVerdict verdict, string requestId)
    {
        var text = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("message", verdict.Message);
            json.WriteEndObject();
        }

        if (exchange.HasUnreadBody) exchange.CloseAfterwards = true;
        exchange.Response.Status = verdict.Status;
        exchange.Response.Headers.Add("Content-Type"u8, "application/json"u8);
        exchange.Response.Headers.Add("Cache-Control"u8, "no-store"u8);
        if (requestId.Length > 0) exchange.Response.Headers.Add("x-amzn-RequestId"u8, Encoding.ASCII.GetBytes(requestId));
        if (verdict.Status == 429) exchange.Response.Headers.Add("Retry-After"u8, "1"u8);
        if (verdict.ErrorType.Length > 0) exchange.Response.Headers.Add("x-amzn-ErrorType"u8, Encoding.ASCII.GetBytes(verdict.ErrorType));
        return SendAsync(exchange, text);
    }

    private static async LoopTask SendAsync(Exchange exchange, ArrayBufferWriter<byte> body)
    {
        exchange.StartResponse(BodyFraming.Length, body.WrittenCount);
        MemoryMarshal.TryGetArray(body.WrittenMemory, out ArraySegment<byte> bytes);
        await exchange.EndAsync(new BodyChunk(bytes.Array!, bytes.Offset, bytes.Count));
    }

    // What a reader is shown, and that it is no secret, is for the page to say.
    private static AdminRight RightFor(RequestHead request, AdminPage page) =>
        request.Method is HttpMethod.Get or HttpMethod.Head || page == AdminPage.Explain ? AdminRight.Read : AdminRight.Full;

    private static AdminPage PageOf(ReadOnlySpan<byte> path)
    {
        if (InvokePage.Has(path)) return AdminPage.Invoke;
        if (path.SequenceEqual("/metrics"u8)) return AdminPage.Metrics;
        if (path.SequenceEqual("/livez"u8) || path.SequenceEqual("/healthz"u8)) return AdminPage.Live;
        if (path.SequenceEqual("/readyz"u8)) return AdminPage.Ready;
        if (path.SequenceEqual("/explain"u8)) return AdminPage.Explain;
        if (path.SequenceEqual("/flush"u8)) return AdminPage.Flush;
        if (path.SequenceEqual("/upstreams"u8)) return AdminPage.Upstreams;
        return path.SequenceEqual("/config/version"u8) ? AdminPage.ConfigurationVersion : AdminPage.None;
    }

    // What a page that takes a body takes of it; a signature needs the whole.
    private long MostBody(AdminPage page) => page switch
    {
        AdminPage.Explain => _explain?.MostBody ?? 0,
        AdminPage.Invoke => _invoke?.MostBody ?? 0,
        AdminPage.Management => Management?.MostBody ?? 0,
        _ => 0,
    };

    private int StatusOf(Exchange exchange, AdminPage page)
    {
        if (page == AdminPage.Invoke) return _invoke is null ? 404 : 200;
        if (page == AdminPage.None || (page == AdminPage.Explain && _explain is null) || (page == AdminPage.Upstreams && _upstreams is null) || (page == AdminPage.Flush && _flush is null)) return 404;
        if (page is AdminPage.Explain or AdminPage.Flush) return exchange.Request.Method == HttpMethod.Post ? 200 : 405;
        return exchange.Request.Method is HttpMethod.Get or HttpMethod.Head ? 200 : 405;
    }

    // Several fields are one list (RFC 9110, 5.3).
    private static ReadOnlySpan<byte> Accept(HeaderTable headers)
    {
        ReadOnlySpan<byte> first = default;
        byte[]? joined = null;
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known != KnownHeader.Accept) continue;
            if (joined is null && first.IsEmpty) first = headers.Value(i);
            else joined = [.. joined ?? first, (byte)',', .. headers.Value(i)];
        }

        return joined ?? first;
    }

    private ArrayBufferWriter<byte> RenderMetrics(ExpositionFormat format)
    {
        var text = new ArrayBufferWriter<byte>(64 * 1024);
        _metrics.Write(text, format);
        return text;
    }

    private ArrayBufferWriter<byte> RenderJson(AdminPage page, long now, ref int status)
    {
        var text = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(text);
        json.WriteStartObject();
        switch (status)
        {
            case 404:
                json.WriteString("message", "Not Found");
                break;
            case 405:
                json.WriteString("message", "Method Not Allowed");
                break;
            default:
                status = WritePage(json, page, now);
                break;
        }

        json.WriteEndObject();
        json.Flush();
        return text;
    }

    private int WritePage(Utf8JsonWriter json, AdminPage page, long now)
    {
        switch (page)
        {
            case AdminPage.Live:
                // Whoever can answer this lives: it ran on the admin loop.
                json.WriteString("status", "alive");
                return 200;

            case AdminPage.ConfigurationVersion:
                json.WriteNumber("version", _version());
                json.WriteString("loadedAt", DateTimeOffset.FromUnixTimeMilliseconds(_state.LoadedAt));
                return 200;

            case AdminPage.Upstreams:
                _upstreams!.Write(json, now);
                return 200;

            default:
                bool loaded = _version() > 0;
                bool listening = _state.IsListening;
                bool draining = _state.IsDraining;
                bool ready = loaded && listening && !draining;
                json.WriteString("status", ready ? "ready" : draining ? "draining" : "starting");
                json.WriteStartObject("checks");
                json.WriteBoolean("configurationLoaded", loaded);
                json.WriteBoolean("listenersBound", listening);
                json.WriteBoolean("notDraining", !draining);
                json.WriteEndObject();
                return ready ? 200 : 503;
        }
    }
}
