using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Grpc;

/// <summary>A gRPC client's messages on their way to the backend, none longer than allowed.</summary>
/// <remarks>Belongs to its <see cref="RequestContext"/>. Loop thread only.</remarks>
internal sealed class GrpcRequestBody : IBodySource
{
    private IBodySource? _source;
    private GrpcMessages _messages;
    private long _most;

    public HeaderTable? Trailers => _source?.Trailers;

    /// <summary>Whether a message was longer than allowed.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Starts a body.</summary>
    /// <param name="source">Where it comes from.</param>
    /// <param name="most">Most bytes of one message; below zero for any.</param>
    public GrpcRequestBody Follow(IBodySource source, long most)
    {
        _source = source;
        _most = most;
        _messages = default;
        IsTooLarge = false;
        return this;
    }

    /// <summary>Forgets the source; a sender that was given up may still hold this.</summary>
    public void Release() => _source = null;

    public LoopTask<BodyRead> ReadBodyAsync()
    {
        if (_source is null) return BodyRead.Of(BodyStatus.Aborted);
        LoopTask<BodyRead> reading = _source.ReadBodyAsync();
        return CheckAsync(reading);
    }

    public void CancelRead() => _source?.CancelRead();

    private async LoopTask<BodyRead> CheckAsync(LoopTask<BodyRead> reading)
    {
        BodyRead read = await reading;
        if (_messages.TryTake(read.Chunk.Span, _most)) return read;
        IsTooLarge = true;
        return BodyRead.Of(BodyStatus.TooLarge);
    }
}
