using System.Diagnostics;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Transport.Connections;

/// <summary>Bytes both ways between us and one other side, on one loop: try first, wait when it would block.</summary>
/// <remarks>
/// Readiness is edge-triggered: it is remembered here and only forgotten when a call says there is no more. While idle a connection
/// holds no buffer and no wait, only what stands in this object. TLS and tests derive from it; code above never asks which.
/// </remarks>
public abstract class Connection : LoopTimer
{
    /// <summary>Bytes one connection may receive in a turn before the others have theirs.</summary>
    public const int TurnBudget = 512 * 1024;

    private LoopWait? _readWait;
    private LoopWait? _writeWait;
    private long _readDeadline = long.MaxValue;
    private long _writeDeadline = long.MaxValue;
    private long _budgetTurn;
    private int _budgetUsed;
    private bool _readable;
    private bool _writable;
    private bool _ended;
    private bool _broken;

    protected Connection(EventLoop loop) => Loop = loop;

    public EventLoop Loop { get; }

    /// <summary>Who hears of events that nobody waits for.</summary>
    public IConnectionOwner? Owner { get; set; }

    /// <summary>The other side's address, or what PROXY protocol said it is.</summary>
    public IpEndpoint Peer { get; set; }

    /// <summary>Whether <see cref="Close"/> was called.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether the connection broke (RST, error).</summary>
    public bool IsBroken => _broken;

    /// <summary>What the TLS handshake agreed on; null on a plain connection.</summary>
    public virtual TlsFacts? Tls => null;

    /// <summary>
    /// Whether the other side's direction ended without the sign that it is whole: a TLS connection without its close_notify (RFC 8446, 6.1).
    /// Only a message that ends with its connection has to ask.
    /// </summary>
    public virtual bool WasTruncated => false;

    /// <summary>Whether a receive would find something, as far as events tell.</summary>
    public bool MayReceive => _readable;

    /// <summary>Receives what is there, without waiting: Ok with a count above zero, WouldBlock, Closed at the end, Reset, Aborted after Close.</summary>
    public IoResult TryReceive(Span<byte> destination)
    {
        Debug.Assert(destination.Length > 0, "a receive needs room");
        if (!_readable) return IoResult.Of(_broken ? IoStatus.Reset : IsClosed ? IoStatus.Aborted : IoStatus.WouldBlock);
        if (_budgetTurn != Loop.Turn)
        {
            _budgetTurn = Loop.Turn;
            _budgetUsed = 0;
        }
        else if (_budgetUsed >= TurnBudget)
        {
            return IoResult.Of(IoStatus.WouldBlock); // still readable: the wait will end in the next turn
        }

        IoResult result = ReceiveAndNote(destination);
        _budgetUsed += result.Count;
        return result;
    }

    /// <summary>As <see cref="TryReceive"/>, for a connection that wraps this one and keeps a budget of its own.</summary>
    internal IoResult ReceivePastBudget(Span<byte> destination) =>
        _readable ? ReceiveAndNote(destination) : IoResult.Of(_broken ? IoStatus.Reset : IsClosed ? IoStatus.Aborted : IoStatus.WouldBlock);

    /// <summary>Sends what the other side has room for, without waiting: Ok with the count taken, perhaps short, or WouldBlock, or Reset.</summary>
    public IoResult TrySend(ReadOnlySpan<byte> source)
    {
        if (_broken) return IoResult.Of(IoStatus.Reset);
        if (!_writable) return IoResult.Of(IsClosed ? IoStatus.Aborted : IoStatus.WouldBlock);
        IoResult result = Send(source);
        if (result.Status == IoStatus.WouldBlock || (result.IsOk && result.Count < source.Length)) _writable = false;
        else if (result.Status == IoStatus.Reset) _broken = true;
        return result;
    }

    /// <summary>Waits until a receive would find something or the deadline passes. At most one such wait at a time.</summary>
    public LoopTask<IoStatus> ReadableAsync(long deadline)
    {
        Debug.Assert(_readWait is null, "two readers on one connection");
        if (IsClosed) return IoStatus.Aborted;
        if (_broken && !_readable) return IoStatus.Reset;
        if (_readable && (_budgetTurn != Loop.Turn || _budgetUsed < TurnBudget)) return IoStatus.Ok;
        if (deadline <= Loop.Now) return IoStatus.TimedOut;
        LoopWait wait = Loop.RentWait();
        LoopTask<IoStatus> task = wait.Start();
        if (_readable)
        {
            Loop.CompleteNextTurn(wait);
            return task;
        }

        _readWait = wait;
        _readDeadline = deadline;
        SetTimer();
        return task;
    }

    /// <summary>Waits until a send would take something or the deadline passes. At most one such wait at a time.</summary>
    public LoopTask<IoStatus> WritableAsync(long deadline)
    {
        Debug.Assert(_writeWait is null, "two writers on one connection");
        if (IsClosed) return IoStatus.Aborted;
        if (_broken) return IoStatus.Reset;
        if (_writable) return IoStatus.Ok;
        if (deadline <= Loop.Now) return IoStatus.TimedOut;
        _writeWait = Loop.RentWait();
        _writeDeadline = deadline;
        SetTimer();
        return _writeWait.Start();
    }

    /// <summary>Sets when <see cref="IConnectionOwner.OnDeadline"/> is due on a connection that nobody reads; <see cref="long.MaxValue"/> for never.</summary>
    public void SetIdleDeadline(long deadline)
    {
        _readDeadline = deadline;
        SetTimer();
    }

    /// <summary>Ends our direction in order (FIN); the other stays open.</summary>
    public abstract void ShutdownSend();

    /// <summary>Ends both directions. Open waits end with Aborted.</summary>
    public void Close()
    {
        if (IsClosed) return;
        IsClosed = true;
        _readable = _writable = false;
        Loop.Timers.Detach(this);
        CloseSocket();
        EndRead(IoStatus.Aborted);
        EndWrite(IoStatus.Aborted);
    }

    /// <summary>Ends open waits with Aborted; the connection stays as it is. The owner then decides.</summary>
    public void AbortWaits()
    {
        EndRead(IoStatus.Aborted);
        EndWrite(IoStatus.Aborted);
    }

    /// <summary>Ends an open <see cref="ReadableAsync"/> with Aborted.</summary>
    public void AbortRead() => EndRead(IoStatus.Aborted);

    /// <summary>Closes at once with RST where the protocol has it, so that the other side cannot take a cut message for a whole one.</summary>
    public abstract void Break();

    /// <summary>Whether a <see cref="ReadableAsync"/> is open.</summary>
    protected bool HasReader => _readWait is not null;

    /// <summary>Remembers, without telling anybody, that the end is behind what can still be read.</summary>
    protected void NoteEnd() => _ended = true;

    protected abstract IoResult Receive(Span<byte> destination);

    protected abstract IoResult Send(ReadOnlySpan<byte> source);

    protected abstract void CloseSocket();

    /// <summary>Remembers what the poll said and tells whoever waits, or the owner.</summary>
    protected void OnEvents(bool readable, bool writable, bool ended, bool broken)
    {
        if (IsClosed) return; // a poll may report what happened before the close after it
        if (broken) _broken = true;
        if (ended) _ended = true;
        if (writable || broken)
        {
            bool waited = _writeWait is not null;
            bool hadRoom = _writable;
            _writable = true;
            if (waited) EndWrite(broken ? IoStatus.Reset : IoStatus.Ok);
            else if (!hadRoom && !broken) Owner?.OnWritable();
            if (IsClosed) return; // by its owner, just now
        }

        if (!(readable || ended || broken)) return;
        _readable = true;
        if (_readWait is not null) EndRead(IoStatus.Ok); // what came before the break can still be read; the receive tells
        else if (broken) Owner?.OnReset();
        else Owner?.OnReadable();
    }

    protected override void OnDeadline(long now)
    {
        bool read = _readDeadline <= now;
        bool write = _writeDeadline <= now;
        if (write) EndWrite(IoStatus.TimedOut);
        if (read)
        {
            _readDeadline = long.MaxValue;
            if (_readWait is not null) EndRead(IoStatus.TimedOut);
            else Owner?.OnDeadline();
        }

        if (!IsClosed) SetTimer();
    }

    private IoResult ReceiveAndNote(Span<byte> destination)
    {
        IoResult result = Receive(destination);
        switch (result.Status)
        {
            case IoStatus.Ok:
                // A short read emptied the socket, unless the end is behind it.
                if (result.Count < destination.Length && !_ended && !_broken) _readable = false;
                break;
            case IoStatus.WouldBlock:
                _readable = false;
                break;
            case IoStatus.Reset:
                _broken = true;
                _readable = false;
                break;
        }

        return result;
    }

    private void EndRead(IoStatus status)
    {
        if (_readWait is not { } wait) return;
        _readWait = null;
        _readDeadline = long.MaxValue;
        wait.Complete(status);
    }

    private void EndWrite(IoStatus status)
    {
        if (_writeWait is not { } wait) return;
        _writeWait = null;
        _writeDeadline = long.MaxValue;
        wait.Complete(status);
    }

    // Clearing is left to the timer itself: it is filed again, or dropped, when its old moment comes.
    private void SetTimer() => Loop.Timers.Set(this, Math.Min(_readDeadline, _writeDeadline));
}
