using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Lambda.Runtime;

/// <summary>A result that is handed on as it comes (specification lambda.md 4): whoever invoked the function reads the runtime's request itself.</summary>
/// <remarks>One a worker, used again: who has read a result to its end may still hold it while the next one comes, hence the epoch. So nothing is copied, and a slow client slows the function down.</remarks>
internal sealed class StreamedResult : IResultStream
{
    private readonly LoopSignal<StreamEnd> _ended = new();
    private Exchange? _exchange;
    private long _limit;
    private bool _failedAfterData;

    public uint Epoch { get; private set; }

    /// <summary>Bytes read.</summary>
    public long Bytes { get; private set; }

    /// <summary>What the trailers say of the function's failure: the error's type; empty for none.</summary>
    public byte[] ErrorType { get; private set; } = [];

    /// <summary>What the trailers say of the function's failure: the error document in base64; empty for none.</summary>
    public byte[] ErrorBody { get; private set; } = [];

    /// <summary>Whether somebody still may read.</summary>
    public bool IsOpen => _exchange is not null;

    /// <summary>Begins with a request of the runtime; ends when it was read to its end or dropped.</summary>
    public LoopTask<StreamEnd> RunAsync(Exchange exchange, long limit)
    {
        Epoch++;
        _exchange = exchange;
        _limit = limit;
        _failedAfterData = false;
        Bytes = 0;
        ErrorType = [];
        ErrorBody = [];
        return _ended.WaitAsync();
    }

    /// <summary>The next piece. Truncated when the function failed or broke off, or was stopped.</summary>
    public LoopTask<BodyRead> ReadAsync(uint epoch)
    {
        if (epoch != Epoch) return BodyRead.Of(BodyStatus.Truncated);
        if (_failedAfterData || _exchange is null)
        {
            _failedAfterData = false;
            return BodyRead.Of(BodyStatus.Truncated);
        }

        LoopTask<BodyRead> reading = _exchange.ReadBodyAsync();
        return reading.IsCompleted ? Take(reading.GetAwaiter().GetResult()) : ReadSlowAsync(reading);
    }

    public void CancelRead(uint epoch)
    {
        if (epoch == Epoch) _exchange?.CancelRead();
    }

    /// <summary>Nobody reads on.</summary>
    public void Drop(uint epoch)
    {
        if (epoch == Epoch) End(StreamEnd.Dropped);
    }

    /// <summary>The runtime is stopped: whoever reads is told that there is no more.</summary>
    public void Cut()
    {
        Exchange? exchange = _exchange;
        End(StreamEnd.Truncated);
        exchange?.Abort(AbortReason.HandlerFailed);
    }

    private async LoopTask<BodyRead> ReadSlowAsync(LoopTask<BodyRead> reading) => Take(await reading);

    private BodyRead Take(BodyRead read)
    {
        if (_exchange is not { } exchange) return BodyRead.Of(BodyStatus.Truncated); // cut while it waited
        if (read.Status == BodyStatus.Aborted) return read; // the reader's own doing: it may go on, or drop
        if (read.Failed)
        {
            End(StreamEnd.Truncated);
            return BodyRead.Of(BodyStatus.Truncated);
        }

        Bytes += read.Chunk.Length;
        if (Bytes > _limit)
        {
            End(StreamEnd.TooLarge);
            return BodyRead.Of(BodyStatus.Truncated);
        }

        if (read.Status == BodyStatus.Data) return read;
        if (!TakeTrailers(exchange.RequestTrailers))
        {
            End(StreamEnd.Whole);
            return read;
        }

        _failedAfterData = read.Chunk.Length > 0;
        End(StreamEnd.Failed);
        return _failedAfterData ? new BodyRead(BodyStatus.Data, read.Chunk) : BodyRead.Of(BodyStatus.Truncated);
    }

    private bool TakeTrailers(HeaderTable trailers)
    {
        int type = RuntimeHeaders.IndexOf(trailers, RuntimeHeaders.ErrorType);
        int body = RuntimeHeaders.IndexOf(trailers, RuntimeHeaders.ErrorBody);
        if (type < 0 && body < 0) return false;
        if (type >= 0) ErrorType = trailers.Value(type).ToArray();
        if (body >= 0) ErrorBody = trailers.Value(body).ToArray();
        return true;
    }

    private void End(StreamEnd end)
    {
        _exchange = null;
        _ended.Set(end);
    }
}
