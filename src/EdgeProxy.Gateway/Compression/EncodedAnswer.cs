using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Compression;

/// <summary>An integration's body on its way to the client, compressed as it comes.</summary>
/// <remarks>Belongs to its <see cref="RequestContext"/>. Loop thread only. What an encoder keeps back to compress it better waits until there is more.</remarks>
internal sealed class EncodedAnswer : IBodySource
{
    private readonly HeldBody _output = new();
    private IBodySource? _source;
    private HeldBody? _held;
    private int _heldTaken;
    private EventLoop? _loop;
    private LoopServices? _services;
    private Codec? _encoder;
    private ContentCoding _coding;
    private int _level;
    private long _sinceTurn;
    private long _taken;
    private long _made;

    /// <summary>Whether it is in use.</summary>
    public bool IsActive => _source is not null;

    public HeaderTable? Trailers => _source?.Trailers;

    /// <summary>Starts a body.</summary>
    /// <param name="held">Its beginning; null when nothing of it was read.</param>
    /// <param name="source">Where the rest comes from.</param>
    /// <param name="coding">Any but identity.</param>
    /// <param name="level">1 to 9.</param>
    /// <param name="services">The loop's.</param>
    /// <param name="loop">The loop.</param>
    /// <returns>False when there is no memory for an encoder; nothing has changed then.</returns>
    public bool TryFollow(HeldBody? held, IBodySource source, ContentCoding coding, int level, LoopServices services, EventLoop loop)
    {
        if (services.Codecs.RentEncoderOrNull(coding, level) is not { } encoder) return false;
        _encoder = encoder;
        _source = source;
        _held = held;
        _heldTaken = 0;
        _coding = coding;
        _level = level;
        _services = services;
        _loop = loop;
        _sinceTurn = 0;
        _taken = _made = 0;
        return true;
    }

    /// <summary>Gives encoder and memory back.</summary>
    public void Release(LoopBuffers buffers)
    {
        if (_encoder is { } encoder) _services!.Codecs.ReturnEncoder(_coding, _level, encoder);
        _encoder = null;
        _source = null;
        _held = null;
        _output.Release(buffers);
    }

    public async LoopTask<BodyRead> ReadBodyAsync()
    {
        while (true)
        {
            if (_sinceTurn >= Recode.BytesPerTurn)
            {
                _sinceTurn = 0;
                await _loop!.YieldAsync();
            }

            // Released while a sender that was given up still held it.
            if (_source is not { } source) return BodyRead.Of(BodyStatus.Aborted);
            BodyRead read = TakeHeld(out BodyChunk beginning) ? new BodyRead(BodyStatus.Data, beginning) : await source.ReadBodyAsync();
            if (read.Failed) return read;
            if (_encoder is not { } encoder) return BodyRead.Of(BodyStatus.Aborted);

            // What was made before is with the client; the chunk is borrowed, so that all of it is taken now.
            bool isLast = read.Status == BodyStatus.End;
            _output.Clear();
            RecodeStatus status = RecodeStatus.Going;
            for (int taken = 0; status == RecodeStatus.Going;) status = Recode.Run(encoder, read.Chunk.Span, ref taken, isLast, _output, long.MaxValue, _loop!.Buffers);
            if (status == RecodeStatus.Corrupt) return BodyRead.Of(BodyStatus.Aborted);
            _taken += read.Chunk.Length;
            _made += _output.Length;
            _sinceTurn += read.Chunk.Length;
            if (isLast)
            {
                _services!.Metrics.Codings.CountEncoded(_loop!.Ordinal, _coding, _taken, _made);
                return new BodyRead(BodyStatus.End, _output.Chunk);
            }

            if (_output.Length > 0) return new BodyRead(BodyStatus.Data, _output.Chunk);
        }
    }

    public void CancelRead() => _source?.CancelRead();

    private bool TakeHeld(out BodyChunk slice)
    {
        slice = BodyChunk.Empty;
        if (_held is not { } held || _heldTaken == held.Length) return false;
        BodyChunk all = held.Chunk;
        slice = new BodyChunk(all.Buffer, all.Start + _heldTaken, Math.Min(all.Length - _heldTaken, Recode.BytesPerTurn));
        _heldTaken += slice.Length;
        return true;
    }
}
