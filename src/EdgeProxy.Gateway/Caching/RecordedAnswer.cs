using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching;

/// <summary>The integration's body on its way to the client, recorded for the cache as it passes: nobody waits for it.</summary>
/// <remarks>
/// Only a body that came to its end is stored. One that grows beyond the limit is recorded no further. Belongs to its <see cref="RequestContext"/>. Loop thread only.
/// </remarks>
internal sealed class RecordedAnswer : IBodySource
{
    // Of the cache's own size, on each loop: many clients that take large answers slowly do not add up to more.
    private const int Share = 4;

    private readonly HeldBody _head = new();
    private readonly HeldBody _body = new();
    private UpstreamCall? _source;
    private RequestContext? _request;
    private bool _records;
    private int _most;

    /// <summary>Whether it is in use.</summary>
    public bool IsActive => _source is not null;

    /// <summary>Whether it is still recorded: all of it so far has found room.</summary>
    public bool Records => _records;

    public HeaderTable? Trailers => (_source as IBodySource)?.Trailers;

    /// <summary>Starts a body.</summary>
    /// <param name="request">The request, whose response's head is complete.</param>
    /// <param name="source">Where the body comes from.</param>
    /// <param name="headLength">What <see cref="StoredHead.Measure"/> said of the head.</param>
    /// <param name="most">Most bytes of a body that is stored.</param>
    public void Follow(RequestContext request, UpstreamCall source, int headLength, int most)
    {
        LoopBuffers buffers = request.Exchange.Loop.Buffers;
        StoredHead.Write(request.Exchange.Response, request.CacheUse.Notes, _head.Room(headLength, buffers));
        _head.Advance(headLength);
        _source = source;
        _request = request;
        _most = most;
        _records = true;
    }

    /// <summary>Gives the memory back; what was not stored by now is not.</summary>
    public void Release(LoopBuffers buffers)
    {
        if (_request is { } request) Forget(request, buffers);
        _source = null;
        _request = null;
        _records = false;
        _head.Release(buffers);
    }

    public LoopTask<BodyRead> ReadBodyAsync()
    {
        // Released while a sender that was given up still held it.
        if (_source is not { } source) return BodyRead.Of(BodyStatus.Aborted);
        LoopTask<BodyRead> reading = source.ReadBodyAsync();
        if (!_records) return reading;
        if (!reading.IsCompleted) return RecordAsync(reading);
        BodyRead read = reading.GetAwaiter().GetResult();
        Record(read);
        return read;
    }

    public void CancelRead() => _source?.CancelRead();

    private async LoopTask<BodyRead> RecordAsync(LoopTask<BodyRead> reading)
    {
        BodyRead read = await reading;
        Record(read);
        return read;
    }

    private void Record(in BodyRead read)
    {
        if (!_records || _request is not { } request) return;
        LoopBuffers buffers = request.Exchange.Loop.Buffers;
        bool isEnd = read.Status == BodyStatus.End;
        if (read.Failed || read.Chunk.Length > _most - _body.Length || (isEnd && _source is { PassesTrailers: true, ResponseTrailers.Count: > 0 }))
        {
            if (!read.Failed && !isEnd) request.Services.Metrics.Cache.CountTooLarge(request.Exchange.Loop.Ordinal);
            _records = false;
            Forget(request, buffers);

            // Of an answer that was cut another request may fetch the whole; of one that is too large none will.
            if (!read.Failed) request.CacheUse.StoreNothing(buffers, request.Now);
            return;
        }

        // All in one run, which is the usual small answer, it is copied once.
        bool isWhole = isEnd && _body.Length == 0;
        if (!isWhole && !TryAppend(request, read.Chunk.Span, buffers)) return;
        if (!isEnd) return;
        _records = false;
        StoreAnswer.Save(request, _head.Span, isWhole ? read.Chunk.Span : _body.Span);
        Forget(request, buffers);
    }

    private bool TryAppend(RequestContext request, ReadOnlySpan<byte> bytes, LoopBuffers buffers)
    {
        if (bytes.Length <= (request.Settings.Cache.MaxBytes / Share) - request.Services.Recorded)
        {
            request.Services.Recorded += bytes.Length;
            _body.Append(bytes, buffers);
            return true;
        }

        request.Services.Metrics.Cache.CountNoRoom(request.Exchange.Loop.Ordinal);
        _records = false;
        Forget(request, buffers);
        request.CacheUse.StoreNothing(buffers, request.Now);
        return false;
    }

    private void Forget(RequestContext request, LoopBuffers buffers)
    {
        request.Services.Recorded -= _body.Length;
        _body.Release(buffers);
    }
}
