using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Transport.Loops.Uring;

/// <summary>A plain TCP connection on a <see cref="UringLoop"/>.</summary>
/// <remarks>
/// Receiving has two modes. Usually a multishot receive stands and fills the loop's buffers, which queue up here. Nothing holds that back, so
/// when too much is queued, or the loop is out of buffers, it is cancelled and the connection reads for itself when a poll says so,
/// as it would on epoll, until it has caught up. What is sent is copied and goes with the loop's next call, except
/// large pieces, which are sent at once and not copied.
/// </remarks>
internal sealed unsafe class UringConnection : SocketConnection, IUringTarget
{
    private const int MostQueued = 4 * UringBuffers.BufferSize;
    private const int SentAtOnce = 16 * 1024;
    private const int CaughtUp = 16 * 1024;
    private const long LingerNanoseconds = 30_000_000_000;

    private readonly UringLoop _loop;
    private readonly int _slot;
    private nint _block;
    private int _blockStart;
    private int _blockEnd;
    private int _head = -1;
    private int _tail = -1;
    private int _headOffset;
    private int _queued;
    private bool _dirty;
    private bool _wantsReceive = true;
    private bool _readsItself;
    private bool _connecting;
    private bool _receiveArmed;
    private bool _receiveCancelled;
    private bool _pollArmed;
    private bool _sending;
    private bool _sendRefused;
    private bool _endAfterSend;
    private bool _discard;
    private bool _ended;
    private bool _failed;
    private bool _gone;
    private bool _freed;

    public UringConnection(UringLoop loop, int descriptor, IpEndpoint peer, bool isConnecting)
        : base(loop, descriptor, peer)
    {
        _loop = loop;
        _slot = loop.TakeSlot(this);
        _connecting = isConnecting;
        MarkDirty();
        if (!isConnecting) OnEvents(readable: false, writable: true, ended: false, broken: false);
    }

    private bool HasUnsent => _block != 0;

    public override void ShutdownSend()
    {
        if (IsClosed) return;
        SendNow();
        if (HasUnsent) _endAfterSend = true;
        else Libc.shutdown(Descriptor, Libc.SHUT_WR);
    }

    public void OnCompletion(UringOperation operation, int result, uint flags)
    {
        switch (operation)
        {
            case UringOperation.Receive:
                OnReceived(result, flags);
                break;
            case UringOperation.Send:
                OnSent(result);
                break;
            default:
                OnPolled(result);
                break;
        }

        if (_gone) FreeWhenDone();
    }

    public void Submit()
    {
        _dirty = false;
        if (_gone)
        {
            if (_receiveArmed) _loop.PushCancel(_slot, UringOperation.Receive);
            if (_pollArmed) _loop.PushCancel(_slot, UringOperation.Poll);
            if (_sending) _loop.PushCancel(_slot, UringOperation.Send);
            return;
        }

        if (HasUnsent && !_sending)
        {
            _sending = true;
            _loop.PushSend(_slot, Descriptor, (byte*)_block + _blockStart, _blockEnd - _blockStart);
        }

        if (_receiveCancelled && _receiveArmed)
        {
            _loop.PushCancel(_slot, UringOperation.Receive);
            _receiveCancelled = false;
        }

        if (!_wantsReceive || _receiveArmed || _pollArmed || IsClosed) return;
        _wantsReceive = false;
        if (_connecting || _readsItself)
        {
            _pollArmed = true;
            _loop.PushPoll(_slot, Descriptor, _connecting ? Libc.EPOLLOUT : Libc.EPOLLIN | Libc.EPOLLRDHUP);
        }
        else
        {
            _receiveArmed = true;
            _loop.PushReceive(_slot, Descriptor);
        }
    }

    protected override IoResult Receive(Span<byte> destination)
    {
        int copied = TakeQueued(destination);
        if (copied == destination.Length) return IoResult.Ok(copied);
        if (_ended || _failed)
        {
            if (copied > 0) return IoResult.Ok(copied);
            return IoResult.Of(_failed ? IoStatus.Reset : IoStatus.Closed);
        }

        if (copied > 0 || _receiveArmed || !_readsItself)
        {
            WantReceive();
            return copied > 0 ? IoResult.Ok(copied) : IoResult.Of(IoStatus.WouldBlock);
        }

        return ReceiveItself(destination);
    }

    protected override IoResult Send(ReadOnlySpan<byte> source)
    {
        int sent = 0;
        if (source.Length >= SentAtOnce) SendNow();
        if (!HasUnsent)
        {
            if (source.Length >= SentAtOnce)
            {
                IoResult result = SendAtOnce(source);
                if (result.Status == IoStatus.Reset || result.Count == source.Length) return result;
                sent = result.Count;
            }

            _block = _loop.Received.RentBlock();
            _blockStart = _blockEnd = 0;
        }

        int taken = Math.Min(UringBuffers.SendBlockSize - _blockEnd, source.Length - sent);
        source.Slice(sent, taken).CopyTo(new Span<byte>((byte*)_block + _blockEnd, taken));
        _blockEnd += taken;
        sent += taken;
        if (!_sending) MarkDirty();
        if (sent < source.Length) _sendRefused = true;
        return sent > 0 ? IoResult.Ok(sent) : IoResult.Of(IoStatus.WouldBlock);
    }

    protected override void CloseSocket()
    {
        SendNow();
        if (!HasUnsent || _discard)
        {
            Release();
            return;
        }

        // The kernel would go on sending after a close; here the descriptor stays open until it has taken everything.
        Loop.Timers.Set(this, Loop.Now + LingerNanoseconds);
    }

    protected override void OnDeadline(long now)
    {
        if (IsClosed) Release();
        else base.OnDeadline(now);
    }

    private protected override void Discard() => _discard = true;

    private void OnReceived(int result, uint flags)
    {
        if ((flags & UringCalls.CqeMore) == 0) _receiveArmed = false;
        int buffer = -1;
        if ((flags & UringCalls.CqeBuffer) != 0)
        {
            buffer = (int)(flags >> 16);
            _loop.Received.OnUsed();
        }

        if (IsClosed || (result <= 0 && buffer >= 0))
        {
            if (buffer >= 0) _loop.Received.Return(buffer);
            if (IsClosed) return;
        }

        switch (result)
        {
            case > 0:
                Enqueue(buffer, result);
                if (!_receiveArmed) WantReceive();
                if (_queued >= MostQueued && !_readsItself)
                {
                    _readsItself = true;
                    _receiveCancelled = _receiveArmed;
                    _wantsReceive = false;
                    MarkDirty();
                }

                OnEvents(readable: true, writable: false, ended: false, broken: false);
                break;
            case 0:
                _ended = true;
                OnEvents(readable: true, writable: false, ended: true, broken: false);
                break;
            case -UringCalls.ENOBUFS:
                _readsItself = true;
                WantReceive();
                break;
            case -UringCalls.ECANCELED:
                if (_queued == 0) WantReceive();
                break;
            default:
                _failed = true;
                OnEvents(readable: true, writable: false, ended: false, broken: true);
                break;
        }
    }

    private void OnPolled(int result)
    {
        _pollArmed = false;
        if (IsClosed) return;
        uint events = result < 0 ? Libc.EPOLLERR : (uint)result;
        bool broken = (events & Libc.EPOLLERR) != 0;
        if (_connecting)
        {
            _connecting = false;
            if (!broken) WantReceive();
            OnEvents(readable: false, writable: true, ended: false, broken);
            return;
        }

        OnEvents(readable: true, writable: false, ended: (events & Libc.EPOLLRDHUP) != 0, broken);
    }

    private void OnSent(int result)
    {
        _sending = false;
        if (_gone)
        {
            ReturnBlock();
            return;
        }

        if (result < 0)
        {
            ReturnBlock();
            _failed = true;
            if (IsClosed) Release();
            else OnEvents(readable: true, writable: false, ended: false, broken: true);
            return;
        }

        _blockStart += result;
        if (_blockStart < _blockEnd)
        {
            MarkDirty();
            return;
        }

        ReturnBlock();
        if (IsClosed)
        {
            Release();
            return;
        }

        if (_endAfterSend) Libc.shutdown(Descriptor, Libc.SHUT_WR);
        if (!_sendRefused) return;
        _sendRefused = false;
        OnEvents(readable: false, writable: true, ended: false, broken: false);
    }

    private IoResult ReceiveItself(Span<byte> destination)
    {
        fixed (byte* start = destination)
        {
            nint count = Libc.recv(Descriptor, start, destination.Length, 0);
            if (count == 0) return IoResult.Of(IoStatus.Closed);
            if (count < 0)
            {
                IoResult failure = Libc.Failure();
                if (failure.Status == IoStatus.WouldBlock) WantReceive();
                else _failed = true;
                return failure;
            }

            if (count < destination.Length)
            {
                if (count < CaughtUp) _readsItself = false;
                WantReceive();
            }

            return IoResult.Ok((int)count);
        }
    }

    private IoResult SendAtOnce(ReadOnlySpan<byte> source)
    {
        fixed (byte* start = source)
        {
            nint count = Libc.send(Descriptor, start, source.Length, Libc.MSG_NOSIGNAL);
            return count >= 0 ? IoResult.Ok((int)count) : Libc.Failure();
        }
    }

    // Before the end of our direction, or a large piece, what waits for the loop's call is sent at once; usually it fits.
    private void SendNow()
    {
        if (!HasUnsent || _sending || _discard) return;
        IoResult result = SendAtOnce(new ReadOnlySpan<byte>((byte*)_block + _blockStart, _blockEnd - _blockStart));
        _blockStart += result.Count;
        if (result.Status == IoStatus.Reset || _blockStart == _blockEnd) ReturnBlock();
        else MarkDirty();
    }

    private void Release()
    {
        if (_gone) return;
        _gone = true;
        Loop.Timers.Detach(this);
        while (_head >= 0) DropHead();
        if (!_sending) ReturnBlock();
        Libc.close(Descriptor);
        Descriptor = -1;
        if (_receiveArmed || _pollArmed || _sending) MarkDirty();
        else FreeWhenDone();
    }

    private void FreeWhenDone()
    {
        if (_receiveArmed || _pollArmed || _sending || _freed) return;
        _freed = true;
        _loop.FreeSlot(_slot);
    }

    private void ReturnBlock()
    {
        if (_block == 0) return;
        _loop.Received.ReturnBlock(_block);
        _block = 0;
        _blockStart = _blockEnd = 0;
    }

    private void Enqueue(int buffer, int length)
    {
        UringBuffers buffers = _loop.Received;
        buffers.Lengths[buffer] = length;
        buffers.Next[buffer] = -1;
        if (_tail >= 0) buffers.Next[_tail] = buffer;
        else _head = buffer;
        _tail = buffer;
        _queued += length;
    }

    private int TakeQueued(Span<byte> destination)
    {
        int copied = 0;
        while (_head >= 0 && copied < destination.Length)
        {
            int left = _loop.Received.Lengths[_head] - _headOffset;
            int count = Math.Min(left, destination.Length - copied);
            new ReadOnlySpan<byte>(_loop.Received.AddressOf(_head) + _headOffset, count).CopyTo(destination[copied..]);
            copied += count;
            _queued -= count;
            if (count == left) DropHead();
            else _headOffset += count;
        }

        return copied;
    }

    private void DropHead()
    {
        int buffer = _head;
        _head = _loop.Received.Next[buffer];
        if (_head < 0) _tail = -1;
        _headOffset = 0;
        _loop.Received.Return(buffer);
    }

    private void WantReceive()
    {
        if (_receiveArmed || _pollArmed || _wantsReceive || IsClosed) return;
        _wantsReceive = true;
        MarkDirty();
    }

    private void MarkDirty()
    {
        if (_dirty) return;
        _dirty = true;
        _loop.MarkDirty(this);
    }
}
