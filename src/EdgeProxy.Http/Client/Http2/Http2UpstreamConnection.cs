using System.Diagnostics;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2.FlowControl;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Http2.Streams;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Client.Http2;

/// <summary>An HTTP/2 connection to an upstream, which many calls share (RFC 9113, the client's side).</summary>
/// <remarks>
/// Runs on events: whatever arrives is taken apart at once and handed to the calls, which resume from the loop's ready queue. All that
/// calls write in a turn leaves in one send at its end. Here are the streams, the room for more of them, and what ends the connection.
/// Loop thread only.
/// </remarks>
internal sealed class Http2UpstreamConnection : IConnectionOwner
{
    /// <summary>A stream's window until its reader has shown that it reads.</summary>
    public const int FirstStreamWindow = 16 * 1024;

    private readonly long _startedAt;
    private StreamTable<Http2Call> _streams = new();
    private uint _nextId = 1;
    private int _taken;
    private long _lastReceived;
    private long _idleSince;
    private long _pingDeadline = long.MaxValue;
    private bool _isGoingAway;
    private bool _isIdle;

    /// <summary>What the upstream has announced.</summary>
    internal Http2Settings Announced = new();

    // Its place in the pool's offer.
    internal Http2UpstreamConnection? OfferedBefore;
    internal Http2UpstreamConnection? OfferedAfter;
    internal bool IsOffered;

    public Http2UpstreamConnection(Http2Pool pool, Connection transport)
    {
        Pool = pool;
        Transport = transport;
        Receiver = new Http2UpstreamReceiver(this);
        Sender = new Http2UpstreamSender(this);
        _startedAt = Loop.Now;
    }

    public Http2Pool Pool { get; }

    public Connection Transport { get; }

    /// <summary>Takes what comes apart.</summary>
    public Http2UpstreamReceiver Receiver { get; }

    /// <summary>Gathers what goes.</summary>
    public Http2UpstreamSender Sender { get; }

    public EventLoop Loop => Transport.Loop;

    public bool IsClosed { get; private set; }

    /// <summary>Streams open, and room taken for those about to open.</summary>
    public int Active => _streams.Count + _taken;

    /// <summary>Whether one more stream may be opened.</summary>
    public bool HasRoom => !IsClosed && !_isGoingAway && _pingDeadline == long.MaxValue && Active < Limit && _nextId <= StreamId.Largest && Sender.HasRoom;

    /// <summary>Whether a call on it was answered already, so that a break may be nothing but the end of an old connection.</summary>
    public bool WasUsed { get; private set; }

    private int Limit => (int)Math.Min(Receiver.HasSettings ? Announced.MaxConcurrentStreams : Http2Pool.FirstStreams, (uint)Pool.Options.MaxStreams);

    /// <summary>Sends what every connection begins with; calls may follow at once (RFC 9113, 3.4).</summary>
    public void Start()
    {
        Transport.Owner = this;
        Sender.WritePreface(FirstStreamWindow, Http2UpstreamReceiver.WindowSize, Pool.Options.Head.HeadBytes);
        SetDeadline();
        Pool.Offer(this);
        if (Transport.MayReceive) Receiver.Read();
    }

    /// <summary>Takes the room of one stream, before it opens.</summary>
    public void TakeRoom()
    {
        _taken++;
        if (_isIdle)
        {
            _isIdle = false;
            Pool.CountIdle(-1);
            SetDeadline();
        }

        if (!HasRoom) Pool.Withdraw(this);
    }

    /// <summary>Gives room back that no stream was opened in.</summary>
    public void GiveRoom()
    {
        _taken--;
        OnStreamGone();
    }

    /// <summary>Opens a stream in room taken before, and writes its head.</summary>
    /// <returns>False, with the room given back and nothing written, when the head cannot be sent.</returns>
    public bool TryOpen(Http2Call call, bool ends)
    {
        Debug.Assert(!IsClosed, "a stream is opened on a closed connection");
        _taken--;
        if (!Sender.TryWriteHead(call, new StreamId(_nextId), ends))
        {
            OnStreamGone();
            return false;
        }

        call.Id = new StreamId(_nextId);
        call.SendWindow = new SendWindow(Announced.InitialWindowSize);
        call.ReceiveWindow = new ReceiveWindow(FirstStreamWindow);
        _nextId += 2;
        _streams.Add((int)call.Id.Value, call);
        Pool.Streams.Add(Pool.Stripe, 1);
        Receiver.EarnByData();
        return true;
    }

    /// <summary>Ends a stream that is not over, telling the upstream why; the others go on.</summary>
    public void Reset(Http2Call call, Http2ErrorCode code)
    {
        if (IsClosed) return;
        Sender.WriteReset(call.Id, code);
        Pool.ResetsSent.Increment(Pool.Stripe);
        Receiver.EarnByReset(); // what is on its way is not the upstream's fault
        Remove(call);
    }

    /// <summary>Forgets a stream that is over in both directions.</summary>
    public void Remove(Http2Call call)
    {
        Sender.Forget(call);
        if (IsClosed || !_streams.Remove((int)call.Id.Value)) return;
        Pool.Streams.Add(Pool.Stripe, -1);
        WasUsed = true;
        OnStreamGone();
    }

    /// <summary>A call timed out: when nothing at all has come since it was sent, the connection may be dead, and takes no more calls until it shows life.</summary>
    /// <param name="sentAt">When the call was sent.</param>
    public void Suspect(long sentAt)
    {
        if (IsClosed || _lastReceived >= sentAt || _pingDeadline != long.MaxValue) return;
        Sender.WritePing(FrameFlags.None, "liveness"u8);
        _pingDeadline = Loop.Now + Pool.Options.ConnectTimeout;
        Pool.Withdraw(this);
        SetDeadline();
    }

    /// <summary>Waits as an idle connection, or closes when enough do.</summary>
    public void BecomeIdle()
    {
        if (_isIdle) return;
        if (_isGoingAway || !Pool.TryKeepIdle())
        {
            Close(Http2ErrorCode.NoError);
            return;
        }

        _isIdle = true;
        _idleSince = Loop.Now;
        SetDeadline();
    }

    /// <summary>Closes now, or when the last stream is over.</summary>
    public void CloseWhenIdle()
    {
        if (Active == 0) Close(Http2ErrorCode.NoError);
    }

    public void OnReadable() => Receiver.Read();

    public void OnReset() => Lose();

    public void OnDeadline()
    {
        if (IsClosed) return;
        long now = Loop.Now;
        if (!Receiver.HasSettings && now >= _startedAt + Pool.Options.ConnectTimeout) Close(Http2ErrorCode.SettingsTimeout);
        else if (now >= _pingDeadline) Lose();
        else if (_isIdle && now >= _idleSince + Pool.Options.IdleTimeout) Close(Http2ErrorCode.NoError);
        else SetDeadline();
    }

    private void OnStreamGone()
    {
        if (IsClosed) return;
        if (Active == 0 && (_isGoingAway || Pool.IsClosing))
        {
            Close(Http2ErrorCode.NoError);
            return;
        }

        if (HasRoom) Pool.Offer(this);
        if (Active == 0) BecomeIdle();
    }

    private void SetDeadline()
    {
        long deadline = _pingDeadline;
        if (!Receiver.HasSettings) deadline = Math.Min(deadline, _startedAt + Pool.Options.ConnectTimeout);
        if (_isIdle) deadline = Math.Min(deadline, _idleSince + Pool.Options.IdleTimeout);
        Transport.SetIdleDeadline(deadline);
    }

    /// <summary>Takes in that the upstream changed what each stream may be sent; false when a window becomes too large.</summary>
    internal bool TryAdjustWindows(int difference)
    {
        int position = 0;
        while (_streams.NextOrNull(ref position) is { } call)
        {
            if (!call.SendWindow.TryAdjust(difference)) return false;
        }

        if (difference <= 0) return true;
        position = 0;
        while (_streams.NextOrNull(ref position) is { } call)
        {
            if (!call.IsBlocked) call.OnSendable();
        }

        return true;
    }

    /// <summary>Whether a stream was never opened.</summary>
    internal bool IsIdle(StreamId id) => !id.IsClients || id.Value >= _nextId;

    internal Http2Call? FindOrNull(StreamId id) => _streams.FindOrNull((int)id.Value);

    /// <summary>Called when anything at all came: the upstream lives.</summary>
    internal void OnReceived()
    {
        _lastReceived = Loop.Now;
        if (_pingDeadline == long.MaxValue) return;
        _pingDeadline = long.MaxValue;
        SetDeadline();
        if (HasRoom) Pool.Offer(this);
    }

    /// <summary>Called when the upstream has announced what it takes.</summary>
    internal void OnSettings()
    {
        Pool.ExpectedStreams = Math.Max(1, Limit);
        SetDeadline();
        if (HasRoom) Pool.Offer(this);
        else Pool.Withdraw(this);
    }

    /// <summary>Called when the output has room again.</summary>
    internal void OnRoom()
    {
        if (!IsOffered && HasRoom) Pool.Offer(this);
    }

    /// <summary>Opens no more streams; those above the last one were not and will not be processed (RFC 9113, 6.8).</summary>
    internal void OnGoAway(StreamId last)
    {
        Pool.GoAwaysReceived.Increment(Pool.Stripe);
        _isGoingAway = true;
        Pool.Withdraw(this);
        int position = 0;
        while (_streams.NextOrNull(ref position) is { } call)
        {
            if (call.Id <= last) continue;
            call.OnReset(Http2ErrorCode.RefusedStream);
            if (IsClosed) return;
            position--; // another may stand in its place now
        }

        if (Active == 0) Close(Http2ErrorCode.NoError);
    }

    /// <summary>Ends the connection from our side, saying why.</summary>
    internal void Close(Http2ErrorCode code)
    {
        if (IsClosed) return;
        Sender.WriteGoAway(code);
        if (code != Http2ErrorCode.NoError) Pool.GoAwaysSent.Increment(Pool.Stripe);
        End(code == Http2ErrorCode.NoError ? Http2Failure.Lost : Http2Failure.Malformed);
    }

    /// <summary>The connection broke or was ended.</summary>
    internal void Lose() => End(Http2Failure.Lost);

    private void End(Http2Failure failure)
    {
        if (IsClosed) return;
        IsClosed = true;
        if (_isIdle) Pool.CountIdle(-1);
        _isIdle = false;
        Pool.Streams.Add(Pool.Stripe, -_streams.Count);
        Transport.Close();
        Receiver.Close();
        Sender.Close();
        int position = 0;
        while (_streams.NextOrNull(ref position) is { } call) call.OnLost(failure);
        _streams.Release();
        Pool.OnClosed(this);
    }
}
