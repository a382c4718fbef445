using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>A request's body, or its beginning, held in memory; pulled from again by whoever sends it on.</summary>
/// <remarks>Belongs to its <see cref="RequestContext"/>. Loop thread only.</remarks>
internal sealed class HeldBody : IBodySource
{
    private byte[]? _leased;
    private byte[] _bytes = [];
    private int _start;
    private IBodySource? _rest;
    private bool _replayed;

    /// <summary>Whether it holds memory of the loop that serves others as soon as this request waits, so that before it does somebody has to <see cref="Keep"/> or release it.</summary>
    public bool IsBorrowed { get; private set; }

    /// <summary>Bytes held.</summary>
    public int Length { get; private set; }

    /// <summary>Whether the body was received to its end.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>What is held, until it is released.</summary>
    public BodyChunk Chunk => new(_bytes, _start, Length);

    /// <summary>The same, for a template's run.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(_start, Length);

    /// <summary>Where it begins in the array that it is in.</summary>
    public int Origin => _start;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, Length);

    /// <summary>Adds what was received.</summary>
    public void Append(ReadOnlySpan<byte> bytes, LoopBuffers buffers)
    {
        if (bytes.Length > _bytes.Length - Length) Grow(Length + bytes.Length, buffers);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Room behind what is held, for somebody who writes there itself and then says so by <see cref="Advance"/>.</summary>
    /// <param name="least">Bytes there have to be.</param>
    /// <param name="buffers">The loop's.</param>
    public Span<byte> Room(int least, LoopBuffers buffers)
    {
        if (_leased is null || _bytes.Length - Length < least) Grow(Length + least, buffers);
        return _bytes.AsSpan(Length);
    }

    /// <summary>Makes bytes written into <see cref="Room"/> part of the body.</summary>
    public void Advance(int written) => Length += written;

    /// <summary>Forgets what is held; the memory stays for what comes next.</summary>
    public void Clear()
    {
        Length = 0;
        IsWhole = false;
    }

    /// <summary>Holds what another body held, whole, which then holds nothing.</summary>
    public void TakeOver(HeldBody other, LoopBuffers buffers)
    {
        Release(buffers);
        _bytes = other._bytes;
        _leased = other._leased;
        Length = other.Length;
        IsWhole = true;
        other._leased = null;
        other.Release(buffers);
    }

    /// <summary>Says that nothing follows what was added.</summary>
    public void Complete() => IsWhole = true;

    /// <summary>Says that the rest is still to be pulled from there.</summary>
    public void ContinueFrom(IBodySource rest) => _rest = rest;

    /// <summary>Holds bytes of a plan.</summary>
    public void Use(byte[] bytes, LoopBuffers buffers)
    {
        Release(buffers);
        _bytes = bytes;
        Length = bytes.Length;
        IsWhole = true;
    }

    /// <summary>Holds bytes that are somebody else's and stay as they are until this is released. Nothing is added to them.</summary>
    public void Lend(BodyChunk bytes, LoopBuffers buffers)
    {
        Release(buffers);
        _bytes = bytes.Buffer;
        _start = bytes.Start;
        Length = bytes.Length;
        IsWhole = true;
    }

    /// <summary>Holds bytes, whole, that stay where they are until the request waits; see <see cref="IsBorrowed"/>.</summary>
    public void Borrow(ArraySegment<byte> bytes, LoopBuffers buffers)
    {
        Lend(new BodyChunk(bytes.Array!, bytes.Offset, bytes.Count), buffers);
        IsBorrowed = true;
    }

    /// <summary>Copies what is borrowed, so that it stays.</summary>
    public void Keep(LoopBuffers buffers)
    {
        if (!IsBorrowed) return;
        IsBorrowed = false;
        byte[] own = buffers.Rent(Length);
        Span.CopyTo(own);
        _bytes = _leased = own;
        _start = 0;
    }

    /// <summary>Holds bytes in leased memory, which is its own from now on, in place of what was held.</summary>
    public void Hold(byte[] leased, int length, LoopBuffers buffers)
    {
        Release(buffers);
        _bytes = _leased = leased;
        Length = length;
        IsWhole = true;
    }

    /// <summary>Holds a copy in place of what was held.</summary>
    public void Copy(ReadOnlySpan<byte> bytes, LoopBuffers buffers)
    {
        if (_leased is not null && bytes.Length <= _leased.Length)
        {
            // The memory that it has will do.
            _rest = null;
            _replayed = false;
            Length = 0;
        }
        else
        {
            Release(buffers);
        }

        Append(bytes, buffers);
        IsWhole = true;
    }

    /// <summary>Gives the memory back.</summary>
    public void Release(LoopBuffers buffers)
    {
        if (_leased is not null) buffers.Return(_leased);
        _leased = null;
        _bytes = [];
        _start = 0;
        _rest = null;
        Length = 0;
        IsWhole = false;
        IsBorrowed = false;
        _replayed = false;
    }

    public HeaderTable? Trailers => _rest?.Trailers;

    public LoopTask<BodyRead> ReadBodyAsync()
    {
        // Released while a sender that was given up still held it.
        if (!IsWhole && _rest is null) return BodyRead.Of(BodyStatus.Aborted);
        if (_replayed && _rest is not null) return _rest.ReadBodyAsync();
        _replayed = true;
        return new BodyRead(IsWhole ? BodyStatus.End : BodyStatus.Data, Chunk);
    }

    public void CancelRead() => _rest?.CancelRead();

    private void Grow(int least, LoopBuffers buffers)
    {
        byte[] larger = buffers.Rent(Math.Max(least, _bytes.Length * 2));
        Span.CopyTo(larger);
        if (_leased is not null) buffers.Return(_leased);
        _bytes = _leased = larger;
    }
}
