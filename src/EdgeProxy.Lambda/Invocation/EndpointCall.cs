using System.Text;
using System.Text.Json;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Identity.SigV4;
using EdgeProxy.Lambda.EventStream;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>A call of a function by Invoke or InvokeWithResponseStream.</summary>
internal sealed class EndpointCall(EndpointBinding binding) : HttpFunctionCall(binding.Clients, binding.Target.Series)
{
    private readonly EventStreamDecoder _decoder = new();
    private StreamState _stream;
    private bool _upstreamEnded;

    // How far the event stream is.
    private enum StreamState : byte
    {
        // A payload has been decoded that nobody has read.
        Held,
        Open,
        Complete,
        Broken,
    }

    protected override UpstreamName Upstream => binding.Url.Upstream;

    private LoopBuffers Buffers => Clients.Loop.Buffers;

    public override void Begin()
    {
        base.Begin();
        _stream = StreamState.Open;
        _upstreamEnded = false;
    }

    protected override LoopTask<FunctionOutcome> RunAsync() =>
        binding.Scope is null && !binding.Target.IsUnsigned ? FunctionOutcome.ServiceFailed : SendAsync();

    protected override void Fill(UpstreamCall call)
    {
        byte[] target = Streams ? binding.Stream : binding.Invoke;
        HeaderTable headers = call.Headers;
        call.TargetStart = headers.Append(target);
        call.TargetLength = target.Length;
        headers.Add(KnownHeader.Host, "Host"u8, binding.Url.Host.Span);
        headers.Add(KnownHeader.ContentType, "Content-Type"u8, "application/json"u8);
        headers.Add(KnownHeader.Other, "X-Amz-Invocation-Type"u8, Type switch
        {
            InvocationType.Event => "Event"u8,
            InvocationType.DryRun => "DryRun"u8,
            _ => "RequestResponse"u8,
        });
        if (!ClientContext.IsEmpty) headers.Add(KnownHeader.Other, "X-Amz-Client-Context"u8, ClientContext.Span);
        if (binding.Scope is { } scope) Sign(headers, target, scope);

        // Not signed, because hops may change them (specification security.md 3.2).
        AddCommon(headers);
    }

    protected override LoopTask<FunctionOutcome> JudgeAsync(UpstreamCall call)
    {
        Status = call.Response.Status;
        HeaderTable headers = call.Response.Headers;
        if (Status is 200 or 202 or 204)
        {
            bool failed = Find(headers, "X-Amz-Function-Error"u8) >= 0;
            if (!Streams || Status != 200 || failed) return CollectAsync(failed ? FunctionOutcome.FunctionError : FunctionOutcome.Ok);
            int type = headers.IndexOf(KnownHeader.ContentType);
            return type >= 0 && headers.Value(type).StartsWith("application/vnd.amazon.eventstream"u8) ? StartStreamAsync() : FunctionOutcome.Malformed;
        }

        int error = headers.IndexOf(KnownHeader.XAmznErrorType);
        return FailAsync(InvokeErrors.OutcomeOf(Status, error < 0 ? default : headers.Value(error)));
    }

    protected override LoopTask<BodyRead> ReadStreamAsync()
    {
        if (_stream != StreamState.Held) return ReadMessagesAsync();
        _stream = StreamState.Open;
        return Counted(new BodyRead(BodyStatus.Data, _decoder.Payload));
    }

    protected override void Recycle()
    {
        _decoder.Release(Buffers);
        binding.Return(this);
    }

    // The error document is kept where it can be had; the failure stays the one that the head told of.
    private async LoopTask<FunctionOutcome> FailAsync(FunctionOutcome outcome)
    {
        FunctionOutcome collected = await CollectAsync(outcome);
        return collected is FunctionOutcome.Aborted or FunctionOutcome.TimedOut ? collected : outcome;
    }

    private void Sign(HeaderTable headers, byte[] target, SigningScope scope)
    {
        Span<byte> date = stackalloc byte[AmzDate.Length];
        AmzDate.Write(Clients.Time.GetUtcNow(), date);
        headers.Add(KnownHeader.Other, "X-Amz-Date"u8, date);
        if (!scope.SessionToken.IsEmpty) headers.Add(KnownHeader.Other, "X-Amz-Security-Token"u8, scope.SessionToken.Span);
        CanonicalRequest canonical = Clients.Canonical;
        canonical.Begin("POST"u8, target, CanonicalPath.Normalized);
        for (int i = 0; i < headers.Count; i++) canonical.AddHeader(headers.Name(i), headers.Value(i));
        Span<byte> hash = stackalloc byte[Signature.HexLength];
        Signature.WriteHash(Event.Span, hash);
        canonical.End(hash);

        // Key id, scope and the names of at most seven fields; a longer key id than this has room for is none of AWS's.
        Span<byte> room = stackalloc byte[1024];
        var writer = new ByteWriter(room);
        Signature.WriteAuthorization(ref writer, canonical, scope, date);
        headers.Add(KnownHeader.Authorization, "Authorization"u8, writer.Written);
        headers.MarkNeverIndexed(headers.Count - 1);
    }

    private async LoopTask<FunctionOutcome> StartStreamAsync()
    {
        FunctionOutcome outcome = await ReadFirstAsync();
        IsStreaming = outcome == FunctionOutcome.Ok;
        return outcome;
    }

    private async LoopTask<FunctionOutcome> ReadFirstAsync()
    {
        while (true)
        {
            switch (_decoder.TryRead())
            {
                case EventStreamStep.Violation:
                    return FunctionOutcome.Malformed;
                case EventStreamStep.Message:
                    if (Begins() is { } outcome) return outcome;
                    continue;
            }

            BodyRead read = await ReadUpstreamRawAsync();
            if (read.Chunk.Length > 0) _decoder.Append(read.Chunk.Span, Buffers);
            else if (read.Status != BodyStatus.Data) return OutcomeOf(read.Status);
        }
    }

    // What the first message that counts makes of the call; null for one that does not.
    private FunctionOutcome? Begins()
    {
        switch (_decoder.Kind)
        {
            case EventStreamKind.Event when _decoder.Type.SequenceEqual("PayloadChunk"u8):
                if (_decoder.Payload.Length == 0) return null;
                _stream = StreamState.Held;
                return FunctionOutcome.Ok;
            case EventStreamKind.Event when _decoder.Type.SequenceEqual("InvokeComplete"u8):
                _stream = StreamState.Complete;
                if (!InvokeComplete.TryRead(_decoder.Payload.Span, out byte[] code, out byte[] details)) return FunctionOutcome.Malformed;
                if (code.Length == 0) return FunctionOutcome.Ok;
                SetResult(details.Length > 0 ? details : Encoding.UTF8.GetBytes($$"""{"errorType":"{{JsonEncodedText.Encode(code)}}"}"""));
                return FunctionOutcome.FunctionError;
            case EventStreamKind.Exception or EventStreamKind.Error:
                SetResult(_decoder.Payload.Span);
                FunctionOutcome outcome = InvokeErrors.OutcomeOf(0, _decoder.Type);
                return Fail(outcome, InvokeErrors.StatusOf(outcome));
            default:
                return null;
        }
    }

    private async LoopTask<BodyRead> ReadMessagesAsync()
    {
        while (true)
        {
            if (_stream == StreamState.Broken) return BodyRead.Of(BodyStatus.Truncated);
            if (_stream == StreamState.Complete)
            {
                // Nothing follows but the end of the body, which lets the connection be used again.
                BodyRead last = await ReadUpstreamRawAsync();
                if (last.Status == BodyStatus.Data) continue;
                return last.Status == BodyStatus.End ? BodyRead.Of(BodyStatus.End) : last;
            }

            switch (_decoder.TryRead())
            {
                case EventStreamStep.Violation:
                    return BodyRead.Of(BodyStatus.Violation);
                case EventStreamStep.Message:
                    if (!Continues()) continue;
                    return Counted(new BodyRead(BodyStatus.Data, _decoder.Payload));
            }

            BodyRead read = await ReadUpstreamRawAsync();
            if (read.Failed) return read;
            if (read.Chunk.Length > 0) _decoder.Append(read.Chunk.Span, Buffers);
            else if (read.Status == BodyStatus.End) return BodyRead.Of(BodyStatus.Truncated);
        }
    }

    // Whether the message has bytes to hand out.
    private bool Continues()
    {
        switch (_decoder.Kind)
        {
            case EventStreamKind.Event when _decoder.Type.SequenceEqual("PayloadChunk"u8):
                return _decoder.Payload.Length > 0;
            case EventStreamKind.Event when _decoder.Type.SequenceEqual("InvokeComplete"u8):
                bool succeeded = InvokeComplete.TryRead(_decoder.Payload.Span, out byte[] code, out _) && code.Length == 0;
                _stream = succeeded ? StreamState.Complete : StreamState.Broken;
                return false;
            case EventStreamKind.Exception or EventStreamKind.Error:
                _stream = StreamState.Broken;
                return false;
            default:
                return false;
        }
    }

    // After its last bytes a body is not read again.
    private async LoopTask<BodyRead> ReadUpstreamRawAsync()
    {
        if (_upstreamEnded) return BodyRead.Of(BodyStatus.End);
        Call!.Deadline = Deadline;
        BodyRead read = await Call.ReadBodyAsync();
        _upstreamEnded = read.Status == BodyStatus.End;
        return read;
    }

    private static FunctionOutcome OutcomeOf(BodyStatus status) => status switch
    {
        BodyStatus.TimedOut => FunctionOutcome.TimedOut,
        BodyStatus.Aborted => FunctionOutcome.Aborted,
        BodyStatus.Violation or BodyStatus.End => FunctionOutcome.Malformed,
        _ => FunctionOutcome.ConnectFailed,
    };

    private static int Find(HeaderTable headers, ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known == KnownHeader.Other && Ascii.EqualsIgnoreCase(headers.Name(i), name)) return i;
        }

        return -1;
    }
}
