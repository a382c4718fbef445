using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Lambda.EventStream;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Admin;

/// <summary>The Invoke API of the node's own functions, so that the tools of Lambda work with them (specification lambda.md 11, 12, 14, 16).</summary>
/// <param name="functions">Those of the admin loop.</param>
internal sealed class InvokePage(FunctionClients functions)
{
    // The longest that a function may take, and some time for its queue.
    private const long LongestCall = 960_000_000_000;

    // For the end of a log, which only people ask for.
    private const long LogDelay = 50_000_000;

    // Bytes of X-Amz-Client-Context as it is sent.
    private const int LongestContext = 3583;

    // Of a chunk of a stream.
    private const int LongestPayload = 32 * 1024;

    /// <summary>Whether a path is one of the API's.</summary>
    public static bool Has(ReadOnlySpan<byte> path) => InvokeRequest.IsPath(path);

    /// <summary>Most bytes of an event.</summary>
    public long MostBody => functions.Table.Limits.MaxEvent;

    /// <summary>Answers a request of the API.</summary>
    public async LoopTask AnswerAsync(AdminRequest admin)
    {
        Exchange exchange = admin.Exchange;
        if (exchange.Request.Method != HttpMethod.Post)
        {
            await RefuseAsync(exchange, 405, "UnsupportedOperationException", "Write POST.");
            return;
        }

        string path = Encoding.Latin1.GetString(exchange.Request.Path);
        string query = Encoding.Latin1.GetString(exchange.Request.Query).TrimStart('?');
        if (!InvokeRequest.TryRead(path, query, exchange.Request.Headers, out InvokeRequest? request, out string wrong))
        {
            await RefuseAsync(exchange, 400, "InvalidParameterValueException", wrong);
            return;
        }

        byte[] context = Bytes(exchange, "X-Amz-Client-Context");
        if (context.Length > LongestContext || !IsContext(context))
        {
            string fault = context.Length > LongestContext ? $"Client context must be no more than {LongestContext} bytes when Base64-encoded" : "Client context must be a valid Base64-encoded JSON object.";
            await RefuseAsync(exchange, 400, "InvalidRequestContentException", fault);
            return;
        }

        BodyStatus read = await admin.ReadBodyAsync(MostBody);
        if (read == BodyStatus.TooLarge)
        {
            await RefuseAsync(exchange, 413, "RequestTooLargeException", $"Request must be smaller than {MostBody} bytes for the InvokeFunction operation");
            return;
        }

        if (read != BodyStatus.End) return; // the client is gone, or too slow
        BodyChunk body = admin.Body.Length == 0 ? new BodyChunk("{}"u8.ToArray(), 0, 2) : admin.Body;
        if (ProblemOrNull(body.Span) is { } problem)
        {
            await RefuseAsync(exchange, 400, "InvalidRequestContentException", $"Could not parse request body into json: {problem}");
            return;
        }

        await InvokeAsync(exchange, request, body, context);
    }

    private async LoopTask InvokeAsync(Exchange exchange, InvokeRequest request, BodyChunk body, byte[] context)
    {
        FunctionCall? call = functions.RentOrNull(request.Function);
        if (call is null)
        {
            await RefuseAsync(exchange, 404, "ResourceNotFoundException", $"Function not found: {functions.Table.Complete(request.Function).Arn}");
            return;
        }

        call.Event = body;
        call.Type = request.Type;
        call.Streams = request.Streams;
        call.Deadline = exchange.Loop.Now + LongestCall;
        call.Trace = Bytes(exchange, "X-Amzn-Trace-Id");
        call.ClientContext = context;
        exchange.Pending = call;
        FunctionOutcome outcome = await call.InvokeAsync();
        if (outcome is FunctionOutcome.Ok or FunctionOutcome.FunctionError)
        {
            exchange.Response.Headers.Add("X-Amz-Executed-Version"u8, Encoding.ASCII.GetBytes(request.Function.Qualifier.Length > 0 ? request.Function.Qualifier : "$LATEST"));
            exchange.Response.Headers.Add("x-amzn-RequestId"u8, call.FunctionRequestId.IsEmpty ? NewRequestId() : call.FunctionRequestId);
            if (request.Streams && request.Type == InvocationType.RequestResponse) await StreamAsync(exchange, call, outcome);
            else await AnswerAsync(exchange, request, call, outcome);
        }
        else
        {
            await RefuseAsync(exchange, InvokeErrors.StatusOf(outcome), InvokeErrors.NameOf(outcome), MessageOf(outcome), call.FunctionRequestId);
        }

        exchange.Pending = null;
        call.Return();
    }

    // The status never tells that a function failed: a field does.
    private static async LoopTask AnswerAsync(Exchange exchange, InvokeRequest request, FunctionCall call, FunctionOutcome outcome)
    {
        using var result = new MemoryStream();
        BodyRead read = default;
        if (request.Type == InvocationType.RequestResponse)
        {
            do
            {
                read = await call.ReadBodyAsync();
                result.Write(read.Chunk.Span);
            }
            while (read.Status == BodyStatus.Data);
        }

        HeaderTable headers = exchange.Response.Headers;
        if (read.Failed)
        {
            await RefuseAsync(exchange, 500, "ServiceException", "The function's result broke off.");
            return;
        }

        exchange.Response.Status = request.Type switch
        {
            InvocationType.Event => 202,
            InvocationType.DryRun => 204,
            _ => 200,
        };
        if (outcome == FunctionOutcome.FunctionError) headers.Add("X-Amz-Function-Error"u8, "Unhandled"u8);
        if (request.WantsLog)
        {
            // What the function wrote comes by a pipe that another thread reads, a little later than the result.
            await new Pause(exchange.Loop).WaitAsync();
            headers.Add("X-Amz-Log-Result"u8, Encoding.ASCII.GetBytes(Convert.ToBase64String(call.LogTail.Span)));
        }

        if (exchange.Response.Status == 204)
        {
            exchange.StartResponse(BodyFraming.None, 0);
            await exchange.EndAsync();
            return;
        }

        headers.Add("Content-Type"u8, "application/json"u8);
        headers.Add("X-Amzn-Remapped-Content-Length"u8, "0"u8);
        exchange.StartResponse(BodyFraming.Length, result.Length);
        await exchange.EndAsync(new BodyChunk(result.GetBuffer(), 0, (int)result.Length));
    }

    private static async LoopTask StreamAsync(Exchange exchange, FunctionCall call, FunctionOutcome outcome)
    {
        exchange.Response.Status = 200;
        exchange.Response.Headers.Add("Content-Type"u8, "application/vnd.amazon.eventstream"u8);
        exchange.StartResponse(BodyFraming.Chunked, -1);
        byte[] room = new byte[LongestPayload + EventStreamWriter.MaxOverhead];
        using var document = new MemoryStream();
        while (true)
        {
            BodyRead read = await call.ReadBodyAsync();
            if (read.Failed)
            {
                await CompleteAsync(exchange, read.Status == BodyStatus.TimedOut ? "Sandbox.Timedout" : "Unhandled", "");
                return;
            }

            if (outcome == FunctionOutcome.FunctionError) document.Write(read.Chunk.Span);
            else if (await WriteAsync(exchange, room, read.Chunk) != IoStatus.Ok) return;
            if (read.Status == BodyStatus.Data) continue;
            string text = Encoding.UTF8.GetString(document.GetBuffer().AsSpan(0, (int)document.Length));
            await CompleteAsync(exchange, outcome == FunctionOutcome.FunctionError ? ErrorTypeOf(text) : "", text);
            return;
        }
    }

    private static async LoopTask<IoStatus> WriteAsync(Exchange exchange, byte[] room, BodyChunk chunk)
    {
        for (int at = 0; at < chunk.Length; at += LongestPayload)
        {
            int length = EventStreamWriter.WriteEvent(room, "PayloadChunk"u8, "application/octet-stream"u8, chunk.Span[at..Math.Min(chunk.Length, at + LongestPayload)]);
            IoStatus status = await exchange.WriteAsync(new BodyChunk(room, 0, length));
            if (status != IoStatus.Ok) return status;
        }

        return IoStatus.Ok;
    }

    private static async LoopTask CompleteAsync(Exchange exchange, string code, string details)
    {
        ArrayBufferWriter<byte> json = Json(writer =>
        {
            writer.WriteStartObject();
            if (code.Length > 0)
            {
                writer.WriteString("ErrorCode", code);
                writer.WriteString("ErrorDetails", details);
            }

            writer.WriteEndObject();
        });
        byte[] message = new byte[json.WrittenCount + EventStreamWriter.MaxOverhead];
        int length = EventStreamWriter.WriteEvent(message, "InvokeComplete"u8, "application/json"u8, json.WrittenSpan);
        await exchange.EndAsync(new BodyChunk(message, 0, length));
    }

    private static string ErrorTypeOf(string document)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(document);
            bool has = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("errorType", out JsonElement type) && type.ValueKind == JsonValueKind.String;
            return has && json.RootElement.GetProperty("errorType").GetString() is { Length: > 0 } name ? name : "Unhandled";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "Unhandled"; // the latter is how half a surrogate pair is refused
        }
    }

    private static string? ProblemOrNull(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException exception)
        {
            return string.Create(CultureInfo.InvariantCulture, $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}");
        }
    }

    private static bool IsContext(byte[] context)
    {
        if (context.Length == 0) return true;
        byte[] json = new byte[context.Length];
        return Base64.DecodeFromUtf8(context, json, out _, out int length) == OperationStatus.Done
            && json.AsSpan(0, length).TrimStart(" \t\r\n"u8) is [(byte)'{', ..]
            && ProblemOrNull(json.AsSpan(0, length)) is null;
    }

    // Whoever answers, the caller has something to ask about.
    private static ReadOnlySpan<byte> NewRequestId() => Encoding.ASCII.GetBytes(Guid.NewGuid().ToString());

    private static string MessageOf(FunctionOutcome outcome) => outcome switch
    {
        FunctionOutcome.Throttled => "Rate Exceeded.",
        FunctionOutcome.EventTooLarge => "The event is larger than the function takes.",
        FunctionOutcome.AccessDenied => "The function's endpoint refused the node's credentials.",
        FunctionOutcome.NotFound => "The function's endpoint does not know it.",
        FunctionOutcome.BadEvent => "The function's endpoint refused the event.",
        FunctionOutcome.TimedOut => "The function did not answer in time.",
        FunctionOutcome.ConnectFailed or FunctionOutcome.TlsFailed => "The function could not be reached.",
        _ => "The function could not be invoked.",
    };

    private static byte[] Bytes(Exchange exchange, string name) => InvokeRequest.ValueOf(exchange.Request.Headers, name) is { } value ? Encoding.Latin1.GetBytes(value) : [];

    private static LoopTask RefuseAsync(Exchange exchange, int status, string name, string message) => RefuseAsync(exchange, status, name, message, default);

    private static LoopTask RefuseAsync(Exchange exchange, int status, string name, string message, ReadOnlySpan<byte> requestId)
    {
        HeaderTable headers = exchange.Response.Headers;
        headers.Clear();
        headers.Add("x-amzn-RequestId"u8, requestId.IsEmpty ? NewRequestId() : requestId);
        headers.Add("x-amzn-ErrorType"u8, Encoding.ASCII.GetBytes(name));
        if (status == 429) headers.Add("Retry-After"u8, "1"u8);
        if (status == 405) headers.Add("Allow"u8, "POST"u8);
        return WriteErrorAsync(exchange, status, message);
    }

    private static async LoopTask WriteErrorAsync(Exchange exchange, int status, string message)
    {
        ArrayBufferWriter<byte> json = Json(writer =>
        {
            writer.WriteStartObject();
            if (status == 429) writer.WriteString("Reason", "ReservedFunctionConcurrentInvocationLimitExceeded");
            writer.WriteString("Type", status < 500 ? "User" : "Service");
            writer.WriteString("message", message);
            writer.WriteEndObject();
        });
        if (exchange.HasUnreadBody) exchange.CloseAfterwards = true;
        exchange.Response.Status = status;
        exchange.Response.Headers.Add("Content-Type"u8, "application/json"u8);
        exchange.StartResponse(BodyFraming.Length, json.WrittenCount);
        MemoryMarshal.TryGetArray(json.WrittenMemory, out ArraySegment<byte> bytes);
        await exchange.EndAsync(new BodyChunk(bytes.Array!, bytes.Offset, bytes.Count));
    }

    /// <summary>A moment in which the loop does something else.</summary>
    private sealed class Pause(EventLoop loop) : LoopTimer
    {
        private readonly LoopSignal<IoStatus> _over = new();

        public LoopTask<IoStatus> WaitAsync()
        {
            loop.Timers.Set(this, loop.Now + LogDelay);
            return _over.WaitAsync();
        }

        protected override void OnDeadline(long now) => _over.Set(IoStatus.Ok);
    }

    private static ArrayBufferWriter<byte> Json(Action<Utf8JsonWriter> content)
    {
        var text = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        content(json);
        json.Flush();
        return text;
    }
}
