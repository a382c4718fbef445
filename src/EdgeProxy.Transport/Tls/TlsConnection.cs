using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>TLS over another connection of the same loop, in either role (RFC 8446, RFC 5246).</summary>
/// <remarks>
/// Ciphertext passes through the loop's own memory: one receive of the inner connection may hold many records, and all records of one send
/// leave in one. What the inner connection has not taken, and what was received but has no room yet, is kept in leased blocks; an
/// idle connection holds none, and OpenSSL has released its own. Tells its owner of what the inner connection tells it.
/// </remarks>
public sealed class TlsConnection : Connection, IConnectionOwner
{
    /// <summary>Records without data (tickets, key updates, refused renegotiations) that the other side may send in <see cref="ControlPeriod"/>.</summary>
    internal const int MostControlRecords = 100;

    /// <summary>Nanoseconds.</summary>
    internal const long ControlPeriod = 10_000_000_000;

    private const int LeastReceive = 16 * 1024;
    private const int MostUnsent = 2 * TlsLoop.GatherSize;
    private const long LingerNanoseconds = 30_000_000_000;

    private readonly Connection _inner;
    private readonly TlsLoop _tls;
    private readonly Counter? _renegotiations;
    private nint _ssl;
    private ServerHandshake? _handshake;
    private ISessionStore? _sessions;
    private string? _name;
    private HeldBytes _received;
    private HeldBytes _unsent;
    private long _controlUntil;
    private int _controlRecords;
    private Ending _ending;
    private bool _isOpen;
    private bool _sendEnded;
    private bool _endAfterUnsent;
    private bool _breaks;
    private TlsFacts? _facts;
    private readonly bool _isClient;

    private TlsConnection(Connection inner, nint ssl, ServerHandshake? handshake, ISessionStore? sessions, Counter? renegotiations)
        : base(inner.Loop)
    {
        _inner = inner;
        _tls = TlsLoop.OfThread;
        _ssl = ssl;
        _handshake = handshake;
        _isClient = handshake is null;
        _renegotiations = renegotiations;
        _sessions = sessions;
        Peer = inner.Peer;
        nint bio = _tls.NewBio();
        LibSsl.SSL_set_bio(ssl, bio, bio);
    }

    /// <summary>How the other side's direction ended.</summary>
    private enum Ending : byte
    {
        None,

        /// <summary>With close_notify.</summary>
        Notified,

        /// <summary>With the inner connection's end alone.</summary>
        Truncated,

        /// <summary>By wrong bytes, or the inner connection's break.</summary>
        Broken,
    }

    /// <summary>How a step of a handshake ended.</summary>
    private enum Step : byte
    {
        Done,
        NeedsInput,
        HasMoreOutput,
        Failed,
    }

    public override TlsFacts? Tls => _facts;

    public override bool WasTruncated => _ending == Ending.Truncated;

    /// <summary>Why the handshake failed.</summary>
    internal TlsFailure Failure { get; private set; }

    private bool HasUnsent => _unsent.Length > 0;

    public override void ShutdownSend()
    {
        if (IsClosed || _sendEnded) return;
        EndSending();
        if (HasUnsent) _endAfterUnsent = true;
        else _inner.ShutdownSend();
    }

    public override void Break()
    {
        if (IsClosed) return;
        _breaks = true;
        Close();
    }

    void IConnectionOwner.OnReadable()
    {
        if (IsClosed || !_isOpen) return;

        // An idle connection to an upstream hears of new tickets; its pool must not take them for an answer that nobody asked for.
        if (_isClient && !HasReader && !HasSomethingToRead()) return;
        OnEvents(readable: true, writable: false, ended: _ending != Ending.None, broken: false);
    }

    void IConnectionOwner.OnWritable()
    {
        if (!_isOpen && !IsClosed) return;
        if (HasUnsent && FlushUnsent() == IoStatus.WouldBlock) return;
        if (IsClosed) Release();
        else OnEvents(readable: false, writable: true, ended: false, broken: false);
    }

    void IConnectionOwner.OnReset()
    {
        if (IsClosed) Release();
        else if (_isOpen) OnEvents(readable: false, writable: false, ended: false, broken: true);
    }

    // Deadlines are set on this connection, never on the inner one.
    void IConnectionOwner.OnDeadline()
    {
    }

    /// <summary>Takes an accepted connection; <paramref name="received"/> is what was read of it already, and <paramref name="renegotiations"/> counts those it asks for.</summary>
    internal static TlsConnection Accept(Connection inner, nint ssl, ServerHandshake handshake, Counter renegotiations, ReadOnlySpan<byte> received)
    {
        var connection = new TlsConnection(inner, ssl, handshake, sessions: null, renegotiations) { _name = handshake.ServerName };
        connection._received.Add(inner.Loop.Buffers, received);
        return connection;
    }

    /// <summary>Takes a connection to an upstream.</summary>
    internal static TlsConnection Connect(Connection inner, nint ssl, string name, ISessionStore sessions) => new(inner, ssl, handshake: null, sessions, renegotiations: null) { _name = name };

    /// <summary>Changes our key and asks the other side to change its own (RFC 8446, 4.6.3). For tests of those who ask too often.</summary>
    internal unsafe void UpdateKey()
    {
        TlsTransfer* transfer = Enter();
        _ = LibSsl.SSL_key_update(_ssl, LibSsl.KeyUpdateRequested);
        _ = LibSsl.SSL_do_handshake(_ssl);
        Leave(transfer);
    }

    /// <summary>
    /// Runs the handshake to its end. On success the connection is open and belongs to the caller; otherwise the alert is sent as far as
    /// there is room, and both connections are closed.
    /// </summary>
    /// <param name="turns">Where a server's private key operations wait for their turn; null for a client.</param>
    /// <param name="deadline">Monotonic nanoseconds.</param>
    internal async LoopTask<TlsFailure> HandshakeAsync(HandshakeTurns? turns, long deadline)
    {
        while (true)
        {
            if (turns is not null && UsesPrivateKey())
            {
                IoStatus turn = await turns.EnterAsync();
                if (turn != IoStatus.Ok || Loop.Now >= deadline) return Fail(turn == IoStatus.Ok ? TlsFailure.TimedOut : TlsFailure.Aborted);
            }

            Step step = TakeStep(turns);
            while (HasUnsent)
            {
                IoStatus flushed = FlushUnsent();
                if (flushed == IoStatus.WouldBlock && step != Step.Failed) flushed = await _inner.WritableAsync(deadline);
                if (flushed != IoStatus.Ok && step != Step.Failed) return Fail(FailureOf(flushed));
                if (flushed != IoStatus.Ok) break;
            }

            if (step == Step.Failed) return Fail(Failure);
            if (step == Step.Done) break;
            if (step == Step.HasMoreOutput) continue;
            IoStatus read = ReceiveForHandshake();
            while (read == IoStatus.WouldBlock)
            {
                read = await _inner.ReadableAsync(deadline);
                if (read == IoStatus.Ok) read = ReceiveForHandshake();
            }

            if (read != IoStatus.Ok) return Fail(FailureOf(read));
        }

        Open();
        return TlsFailure.None;
    }

    protected override unsafe IoResult Receive(Span<byte> destination)
    {
        TlsTransfer* transfer = Enter();
        int filled = 0;
        fixed (byte* into = destination)
        {
            while (filled < destination.Length)
            {
                if (transfer->InLeft == 0 && LibSsl.SSL_pending(_ssl) == 0)
                {
                    if (_ending != Ending.None || !ReceiveCiphertext(transfer, destination.Length - filled)) break;
                }

                LibCrypto.ERR_clear_error();
                int count = LibSsl.SSL_read(_ssl, into + filled, destination.Length - filled);
                if (count > 0) filled += count;
                else if (!GoesOn(transfer, count)) break;
            }
        }

        Leave(transfer);
        if (filled > 0) return IoResult.Ok(filled);
        return IoResult.Of(_ending switch
        {
            Ending.None => IoStatus.WouldBlock,
            Ending.Broken => IoStatus.Reset,
            _ => IoStatus.Closed,
        });
    }

    protected override unsafe IoResult Send(ReadOnlySpan<byte> source)
    {
        if (_ending == Ending.Broken) return IoResult.Of(IoStatus.Reset);
        if (_sendEnded) return IoResult.Of(IoStatus.Aborted);
        if (HasUnsent)
        {
            IoStatus flushed = FlushUnsent();
            if (flushed != IoStatus.Ok) return IoResult.Of(flushed);
        }

        int taken = 0;
        fixed (byte* from = source)
        {
            while (taken < source.Length)
            {
                TlsTransfer* transfer = Enter();
                bool failed = false;
                while (taken < source.Length && TlsLoop.GatherSize - transfer->OutLength >= TlsLoop.RecordSize + TlsLoop.RecordOverhead)
                {
                    LibCrypto.ERR_clear_error();
                    int count = LibSsl.SSL_write(_ssl, from + taken, Math.Min(TlsLoop.RecordSize, source.Length - taken));
                    failed = count <= 0;
                    if (failed) break;
                    taken += count;
                }

                Leave(transfer);
                if (failed) _ending = Ending.Broken;
                if (_ending == Ending.Broken) return taken > 0 && !failed ? IoResult.Ok(taken) : IoResult.Of(IoStatus.Reset);
                if (HasUnsent) break;
            }
        }

        return IoResult.Ok(taken);
    }

    protected override void CloseSocket()
    {
        if (_isOpen && !_breaks && !_sendEnded && _ending != Ending.Broken && !_inner.IsBroken) EndSending();
        if (!_isOpen || !HasUnsent || _breaks || _inner.IsBroken)
        {
            Release();
            return;
        }

        // The kernel would go on sending after a close; so do we with what it has not taken yet.
        Loop.Timers.Set(this, Loop.Now + LingerNanoseconds);
    }

    protected override void OnDeadline(long now)
    {
        if (IsClosed) Release();
        else base.OnDeadline(now);
    }

    private static TlsFailure FailureOf(IoStatus status) => status switch
    {
        IoStatus.TimedOut => TlsFailure.TimedOut,
        IoStatus.Closed => TlsFailure.Closed,
        IoStatus.Aborted => TlsFailure.Aborted,
        _ => TlsFailure.Reset,
    };

    private unsafe Step TakeStep(HandshakeTurns? turns)
    {
        bool counts = turns is not null && UsesPrivateKey();
        TlsTransfer* transfer = Enter();
        LibCrypto.ERR_clear_error();
        int result = LibSsl.SSL_do_handshake(_ssl);
        Step step = Step.Done;
        if (result != 1)
        {
            int error = LibSsl.SSL_get_error(_ssl, result);
            step = error switch
            {
                LibSsl.ErrorWantRead => Step.NeedsInput,
                LibSsl.ErrorWantWrite => Step.HasMoreOutput,
                _ => Step.Failed,
            };
            if (step == Step.Failed) Failure = HandshakeFailure.Of(_ssl, _isClient);
        }

        if (counts && LibSsl.SSL_session_reused(_ssl) == 0) turns!.CountFull();
        if (step == Step.Done) DescribeOutcome();
        Leave(transfer);

        // A record that asks for nothing more is behind us, and another has been received already.
        if (step == Step.NeedsInput && _received.Length > 0) step = Step.HasMoreOutput;
        return step;
    }

    // The first step signs, or the second after a HelloRetryRequest; a later one decrypts where the suite exchanges its key by RSA alone.
    private unsafe bool UsesPrivateKey()
    {
        if (LibSsl.SSL_session_reused(_ssl) == 1) return false;
        int signature;
        nint cipher = LibSsl.SSL_get_pending_cipher(_ssl);
        return cipher == 0
            || LibSsl.SSL_ctrl(_ssl, LibSsl.CtrlSignature, 0, &signature) != 1
            || LibSsl.SSL_CIPHER_get_kx_nid(cipher) == LibCrypto.NidKxRsa;
    }

    private unsafe void DescribeOutcome()
    {
        bool resumed = LibSsl.SSL_session_reused(_ssl) == 1;
        nint certificate = _handshake?.Name.TrustStore is null ? 0 : LibSsl.SSL_get1_peer_certificate(_ssl);
        if (resumed) _handshake?.RecallVerdict(_ssl, certificate);
        byte* protocol;
        uint length;
        LibSsl.SSL_get0_alpn_selected(_ssl, &protocol, &length);
        _facts = new TlsFacts
        {
            Version = (TlsVersion)(ushort)LibSsl.SSL_version(_ssl),
            CipherSuite = OpenSsl.Text(LibSsl.SSL_CIPHER_get_name(LibSsl.SSL_get_current_cipher(_ssl))),
            ServerName = _name,
            Protocol = ApplicationProtocolNames.Of(new ReadOnlySpan<byte>(protocol, (int)length)),
            Resumed = resumed,
            ClientCertificate = certificate == 0 ? null : X509.Describe(certificate),
            ClientVerdict = _handshake?.Verdict ?? ClientCertificateVerdict.NotAsked,
            TrustStore = _handshake?.Name.TrustStore?.Name,
        };
        if (certificate != 0) LibCrypto.X509_free(certificate);
    }

    private unsafe void Open()
    {
        if (!_isClient && _facts!.Version != TlsVersion.Tls13) LibSsl.SSL_set_info_callback(_ssl, &TlsLoop.NoteAlert);
        _handshake = null; // nothing is asked back from here on
        _isOpen = true;
        _inner.Owner = this;
        OnEvents(readable: _received.Length > 0 || _inner.MayReceive, writable: true, ended: false, broken: _inner.IsBroken);
    }

    private TlsFailure Fail(TlsFailure failure)
    {
        Failure = failure;
        _isOpen = false;
        Close();
        return failure;
    }

    /// <summary>Receives into the loop's memory; false when nothing came, and then <see cref="_ending"/> may say why.</summary>
    private unsafe bool ReceiveCiphertext(TlsTransfer* transfer, int wanted)
    {
        // Never much more than there is room for as plaintext, so that hardly anything has to be kept.
        int size = Math.Clamp(wanted, LeastReceive, TlsLoop.ReceiveSize);
        IoResult received = _inner.ReceivePastBudget(new Span<byte>(_tls.Received, size));
        if (received.IsOk)
        {
            transfer->In = _tls.Received;
            transfer->InLeft = received.Count;
            return true;
        }

        if (received.Status != IoStatus.WouldBlock) End(received.Status == IoStatus.Closed ? Ending.Truncated : Ending.Broken);
        return false;
    }

    private unsafe IoStatus ReceiveForHandshake()
    {
        IoResult received = _inner.ReceivePastBudget(new Span<byte>(_tls.Received, TlsLoop.RecordSize));
        if (received.IsOk) _received.Add(Loop.Buffers, new ReadOnlySpan<byte>(_tls.Received, received.Count));
        return received.Status;
    }

    /// <summary>Judges a read that gave nothing: whether there may be more in what was received.</summary>
    private unsafe bool GoesOn(TlsTransfer* transfer, int result)
    {
        switch (LibSsl.SSL_get_error(_ssl, result))
        {
            case LibSsl.ErrorWantRead:
                // Either more bytes are needed for a record, or one was read that holds no data.
                if ((transfer->InLeft == 0 && IsInsideRecord()) || MayTakeControlRecord()) return true;
                End(Ending.Broken);
                return false;
            case LibSsl.ErrorZeroReturn:
                End(Ending.Notified);
                return false;
            default:
                End(Ending.Broken);
                return false;
        }
    }

    // The second letter tells header, body, done; a body may be awaited without a byte of it being there.
    private unsafe bool IsInsideRecord() => LibSsl.SSL_has_pending(_ssl) != 0 || LibSsl.SSL_rstate_string(_ssl)[1] == (byte)'B';

    private bool MayTakeControlRecord()
    {
        if (Loop.Now >= _controlUntil)
        {
            _controlUntil = Loop.Now + ControlPeriod;
            _controlRecords = 0;
        }

        return ++_controlRecords <= MostControlRecords;
    }

    // OpenSSL goes on reading behind a refused one, so that several may have come in one call: each counts as the record it was.
    private void NoteRenegotiations()
    {
        int refused = _tls.RefusedRenegotiations;
        _tls.RefusedRenegotiations = 0;
        _renegotiations?.Add(Loop.Ordinal, refused);
        bool mayGoOn = true;
        for (int i = 0; i < refused; i++) mayGoOn &= MayTakeControlRecord();
        if (!mayGoOn && _ending == Ending.None) End(Ending.Broken);
    }

    private void End(Ending ending)
    {
        _ending = ending;
        NoteEnd();
    }

    /// <summary>Decrypts the next record, without taking its content, to see whether an idle client connection has anything to say.</summary>
    private unsafe bool HasSomethingToRead()
    {
        if (_ending != Ending.None) return true;
        TlsTransfer* transfer = Enter();
        byte first;
        bool found = false;
        while (!found)
        {
            if (transfer->InLeft == 0 && LibSsl.SSL_pending(_ssl) == 0 && !ReceiveCiphertext(transfer, LeastReceive)) break;
            LibCrypto.ERR_clear_error();
            int count = LibSsl.SSL_peek(_ssl, &first, 1);
            if (count > 0) found = true;
            else if (!GoesOn(transfer, count)) break;
        }

        Leave(transfer);
        return found || _ending != Ending.None;
    }

    // SSL_shutdown is not called while a record is half sent or read: OpenSSL is only ever left between records.
    private unsafe void EndSending()
    {
        _sendEnded = true;
        if (_ending == Ending.Broken || _ssl == 0) return;
        TlsTransfer* transfer = Enter();
        LibCrypto.ERR_clear_error();
        _ = LibSsl.SSL_shutdown(_ssl);
        Leave(transfer);
    }

    /// <summary>Begins a call of OpenSSL: what was received and not yet read is where it looks for it.</summary>
    private unsafe TlsTransfer* Enter()
    {
        TlsTransfer* transfer = _tls.Transfer;
        _tls.Handshake = _handshake;
        _tls.Sessions = _sessions;
        transfer->OutLength = 0;
        transfer->InLeft = _received.Length;
        if (transfer->InLeft == 0) return transfer;
        _received.Bytes.CopyTo(new Span<byte>(_tls.Received, TlsLoop.ReceiveSize));
        transfer->In = _tls.Received;
        _received.Clear(Loop.Buffers);
        return transfer;
    }

    /// <summary>Ends a call of OpenSSL: keeps what it did not read and sends what it wrote.</summary>
    private unsafe void Leave(TlsTransfer* transfer)
    {
        _tls.Handshake = null;
        _tls.Sessions = null;
        if (_tls.RefusedRenegotiations > 0) NoteRenegotiations();
        if (transfer->InLeft > 0 && _ending == Ending.None) _received.Add(Loop.Buffers, new ReadOnlySpan<byte>(transfer->In, transfer->InLeft));
        if (transfer->OutLength == 0) return;
        var records = new ReadOnlySpan<byte>(transfer->Out, transfer->OutLength);
        int sent = 0;
        if (!HasUnsent)
        {
            IoResult result = _inner.TrySend(records);
            sent = result.Count;
            if (result.Status is not (IoStatus.Ok or IoStatus.WouldBlock))
            {
                End(Ending.Broken);
                return;
            }
        }

        if (sent == records.Length) return;
        if (_unsent.Length > MostUnsent) End(Ending.Broken); // answers to a side that asks and does not read
        else _unsent.Add(Loop.Buffers, records[sent..]);
    }

    /// <summary>Sends what was kept: Ok when nothing is left, WouldBlock when something is, or Reset.</summary>
    private IoStatus FlushUnsent()
    {
        while (HasUnsent)
        {
            IoResult result = _inner.TrySend(_unsent.Bytes);
            if (!result.IsOk)
            {
                if (result.Status == IoStatus.WouldBlock) return IoStatus.WouldBlock;
                _unsent.Clear(Loop.Buffers);
                End(Ending.Broken);
                return result.Status;
            }

            _unsent.Skip(result.Count);
        }

        _unsent.Clear(Loop.Buffers);
        if (_endAfterUnsent && !IsClosed) _inner.ShutdownSend();
        return IoStatus.Ok;
    }

    private void Release()
    {
        if (_ssl == 0) return;
        Loop.Timers.Detach(this);
        _inner.Owner = null;
        if (_breaks) _inner.Break();
        else _inner.Close();
        LibSsl.SSL_free(_ssl);
        _ssl = 0;
        _received.Clear(Loop.Buffers);
        _unsent.Clear(Loop.Buffers);
        _handshake = null;
        _sessions = null;
    }
}
