using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Tracing;

namespace EdgeProxy.Admin;

/// <summary>The management APIs of both versions on the admin listener (control-plane.md 1, 2): HTTP around <see cref="ManagementApi"/>.</summary>
/// <remarks>What only reads is answered on the admin loop; what may wait for the disk is taken off it.</remarks>
/// <param name="api">Answers.</param>
/// <param name="mostBody">Most bytes of a request.</param>
/// <param name="metrics">Counts limits that calls meet.</param>
internal sealed class ManagementPage(ManagementApi api, int mostBody, ServerMetrics metrics)
{
    /// <summary>The setting of <see cref="MostBody"/>.</summary>
    public const string BodySetting = "management.body";

    private readonly FastRandom _random = new();
    private int _mostBody = mostBody;

    /// <summary>Most bytes of a request; a reload may change it.</summary>
    public int MostBody
    {
        get => Volatile.Read(ref _mostBody);
        set => Volatile.Write(ref _mostBody, value);
    }

    /// <summary>Whether a path is one of the APIs'.</summary>
    public bool Has(ReadOnlySpan<byte> path) => api.Operations.Has(Encoding.Latin1.GetString(path));

    /// <summary>Answers a request.</summary>
    /// <param name="admin">The request.</param>
    /// <param name="verdict">What was found about its signer.</param>
    public async LoopTask AnswerAsync(AdminRequest admin, AdminVerdict verdict)
    {
        Exchange exchange = admin.Exchange;
        BodyStatus read = await admin.ReadBodyAsync(MostBody);
        if (read is not (BodyStatus.End or BodyStatus.TooLarge)) return; // the client is gone, or too slow
        string id = NewRequestId();
        if (read == BodyStatus.TooLarge)
        {
            exchange.CloseAfterwards = true;
            await SendAsync(exchange, id, 413, Reply.TooLarge(BodySetting, $"The request is larger than {MostBody} bytes ({BodySetting})."));
            return;
        }

        ManagementRequest request = RequestOf(admin, verdict, id);
        (Reply reply, int status) = api.IsQuick(request)
            ? Answer(api, request)
            : await exchange.Loop.OffloadAsync(static work => Answer(work.Api, work.Request), (Api: api, Request: request));
        if (reply.Later is { } later)
        {
            // It waits for back ends, which the loop can and another thread should not.
            reply = await later(exchange);
            if (reply.IsFault) status = reply.FaultStatus;
        }

        await SendAsync(exchange, id, status, reply);
    }

    /// <summary>Notes down that somebody who is known had no right to what was asked.</summary>
    /// <param name="admin">The request.</param>
    /// <param name="verdict">Who, and why.</param>
    /// <param name="id">The id that the answer has.</param>
    public void NoteRefused(AdminRequest admin, AdminVerdict verdict, string id) => api.NoteRefused(RequestOf(admin, verdict, id) with { Body = default }, verdict.ErrorType, verdict.Message);

    /// <summary>An id for a call that is refused before there is a reply.</summary>
    public string NewRequestId()
    {
        Span<byte> id = stackalloc byte[RequestIds.UuidLength];
        RequestIds.WriteUuid(_random, id);
        return Encoding.ASCII.GetString(id);
    }

    private static (Reply Reply, int Status) Answer(ManagementApi api, ManagementRequest request)
    {
        Reply reply = api.Answer(request, out int status);
        return (reply, status);
    }

    private static ManagementRequest RequestOf(AdminRequest admin, AdminVerdict verdict, string id)
    {
        Exchange exchange = admin.Exchange;
        BodyChunk body = admin.Body;
        HeaderTable headers = exchange.Request.Headers;
        return new ManagementRequest(
            Encoding.Latin1.GetString(exchange.Request.MethodText),
            Encoding.Latin1.GetString(exchange.Request.Path),
            Encoding.UTF8.GetString(exchange.Request.Query).TrimStart('?'),
            body.Length == 0 ? default : body.Span.ToArray())
        {
            RequestId = id,
            Accept = InvokeRequest.ValueOf(headers, "Accept") ?? "",
            UserAgent = InvokeRequest.ValueOf(headers, "User-Agent") ?? "",
            AccessKeyId = verdict.AccessKeyId ?? "",
            IsReader = verdict.IsReader,
            TlsVersion = exchange.Tls?.VersionText ?? "",
            CipherSuite = exchange.Tls?.CipherSuite ?? "",
            ClientAddress = exchange.Client.Address.ToString(),
            Host = Encoding.Latin1.GetString(exchange.Request.Authority),
        };
    }

    private LoopTask<IoStatus> SendAsync(Exchange exchange, string id, int status, Reply reply)
    {
        if (reply.Limit is { } limit) metrics.CountLimit(exchange.Loop.Ordinal, limit);
        ResponseHead response = exchange.Response;
        response.Status = status;
        if (reply.Body.Length > 0) response.Headers.Add("Content-Type"u8, Encoding.Latin1.GetBytes(reply.ContentType));
        if (reply.Disposition is { } disposition) response.Headers.Add("Content-Disposition"u8, Encoding.UTF8.GetBytes(disposition));
        response.Headers.Add("x-amzn-RequestId"u8, Encoding.ASCII.GetBytes(id));
        if (reply.Error is { } error) response.Headers.Add("x-amzn-ErrorType"u8, Encoding.ASCII.GetBytes(error.ToString()));
        if (reply.RetryAfter is { } seconds) response.Headers.Add("Retry-After"u8, Encoding.ASCII.GetBytes(seconds.ToString(CultureInfo.InvariantCulture)));
        response.Headers.Add("Cache-Control"u8, "no-store"u8);
        exchange.StartResponse(BodyFraming.Length, reply.Body.Length);
        if (!MemoryMarshal.TryGetArray(reply.Body, out ArraySegment<byte> bytes)) bytes = reply.Body.ToArray();
        return exchange.EndAsync(new BodyChunk(bytes.Array!, bytes.Offset, bytes.Count));
    }
}
