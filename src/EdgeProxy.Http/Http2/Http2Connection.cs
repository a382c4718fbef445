using System.Buffers.Binary;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Http2;

/// <summary>A client's HTTP/2 connection from its preface to its end: how long it may live, how it drains, and what ends it.</summary>
/// <remarks>
/// <code>
///   preface --> Serving --drain, or requests enough--> Announced (GOAWAY 2^31-1, PING) --PING ACK--> Leaving (GOAWAY last) --no stream left--///                  \--connection error--> GOAWAY -------------------------------------------------------------------------> Lingering --> Closed
///
///   bytes --> Http2Receiver --field blocks--> Http2Requests --> handlers --> Http2Sender --> bytes
///                      \------DATA----------> Http2Bodies     Http2Streams: which are open, and how each ends
/// </code>
/// Reading is not a task that waits but a callback: an idle connection is this object, its parts and its tables. Everything a frame
/// does is done while it is read; only handlers wait. Requests are answered side by side, and what all of them wrote leaves at the end
/// of the turn. Loop thread only.
/// </remarks>
internal sealed class Http2Connection : ClientConnection
{
    private const long DrainPingTime = 1_000_000_000;
    private const long LingerTime = 2_000_000_000;
    private const long DrainPing = 0x6564_6765_6472_6169; // tells our PING from none

    // Frames a client may spend for what was called for: an update of each window and a ping for a DATA frame, a priority for a request.
    private const int EarnedByData = 4;
    private const int EarnedByRequest = 4;

    private ControlBudget _control;
    private long _openedAt;
    private long _idleSince;
    private long _drainDue;
    private DrainStep _drain;
    private bool _leaving;
    private bool _lingering;
    private bool _closed;
    private CloseReason _leaveReason;

    /// <summary>Takes over a connection in plain text that began with the preface.</summary>
    public Http2Connection(ClientConnection earlier)
        : base(earlier)
    {
        Options = Server.Options.Http2;
        Receiver = new Http2Receiver(this);
        Requests = new Http2Requests(this);
        Bodies = new Http2Bodies(this);
        Streams = new Http2Streams(this);
        Sender = new Http2Sender(this);
    }

    /// <summary>A connection whose TLS handshake agreed on HTTP/2.</summary>
    public Http2Connection(HttpServer server, Connection transport, IpAddress? counted, LocalAddress? local)
        : base(server, transport, counted, local)
    {
        Options = Server.Options.Http2;
        Receiver = new Http2Receiver(this);
        Requests = new Http2Requests(this);
        Bodies = new Http2Bodies(this);
        Streams = new Http2Streams(this);
        Sender = new Http2Sender(this);
    }

    private enum DrainStep : byte
    {
        None,

        /// <summary>The client was told that no more streams are wanted; those on their way are served.</summary>
        Announced,

        /// <summary>The client was told the last stream that is served.</summary>
        Leaving,
    }

    public override ClientProtocol Protocol => ClientProtocol.Http2;

    /// <summary>The limits this connection was opened with.</summary>
    public Http2Options Options { get; }

    /// <summary>Takes what comes apart.</summary>
    public Http2Receiver Receiver { get; }

    /// <summary>Makes requests of it.</summary>
    public Http2Requests Requests { get; }

    /// <summary>Hands on the bodies.</summary>
    public Http2Bodies Bodies { get; }

    /// <summary>Knows the streams.</summary>
    public Http2Streams Streams { get; }

    /// <summary>What sends for it.</summary>
    public Http2Sender Sender { get; }

    /// <summary>Whether the client is told no more: what still comes is read and dropped.</summary>
    public bool IsLeaving => _leaving;

    /// <summary>Whether all was sent, and only what still comes is waited for.</summary>
    public bool IsLingering => _lingering;

    /// <summary>Whether it is gone.</summary>
    public bool IsClosed => _closed;

    /// <summary>Whether nothing that comes or is asked changes anything any more.</summary>
    public bool IsOver => _closed || _leaving;

    /// <summary>Streams the client has opened, also those that were refused.</summary>
    public long Opened { get; private set; }

    public EventLoop Loop => Transport.Loop;

    /// <summary>The stripe of metrics that belongs to its loop.</summary>
    public int Stripe => Loop.Ordinal;

    public Http2Metrics Metrics => Server.Metrics.Http2;

    /// <summary>Begins with what was received so far, from the preface on; the buffer belongs to the connection from here.</summary>
    public void Start(InboundBuffer inbound)
    {
        Transport.Owner = this;
        _openedAt = _idleSince = Loop.Now;
        Sender.WriteSettings(Options, Bodies.Enlarge(Options.ConnectionWindow));
        Receiver.Start(inbound, settingsDue: Loop.Now + Server.Options.HeadTimeout);
    }

    public override void OnReadable() => Receiver.OnReadable();

    public override void OnReset() => CloseNow(CloseReason.ClientReset, AbortReason.ClientGone);

    public override void OnDeadline()
    {
        long now = Loop.Now;
        if (_leaving)
        {
            EndLinger();
            return;
        }

        if (Receiver.FrameStarted != 0 && now >= Receiver.FrameStarted + Server.Options.HeadTimeout)
        {
            Server.Metrics.HeadTimeouts.Increment(Stripe);
            Metrics.SlowHead.Increment(Stripe);
            Fail(Http2ErrorCode.EnhanceYourCalm, CloseReason.HeadTimeout);
        }
        else if (Receiver.SettingsDue != 0 && now >= Receiver.SettingsDue)
        {
            Fail(Http2ErrorCode.SettingsTimeout, CloseReason.HeadTimeout);
        }
        else if (_drainDue != 0 && now >= _drainDue)
        {
            _drainDue = 0;
            AnnounceLast();
        }
        else if (_drain == DrainStep.None && now >= _openedAt + Options.ConnectionAge)
        {
            Metrics.ConnectionAge.Increment(Stripe);
            Drain();
        }
        else if (Streams.Count == 0 && now >= _idleSince + Server.Options.IdleTimeout)
        {
            Server.Metrics.IdleTimeouts.Increment(Stripe);
            if (Receiver.HasSettings) Leave(Http2ErrorCode.NoError, CloseReason.IdleTimeout);
            else CloseNow(CloseReason.IdleTimeout, AbortReason.ClientGone);
        }

        if (!_closed && !_leaving) SetDeadline();
    }

    /// <summary>Asks the client for no more streams, and closes once those it has are served (RFC 9113, 6.8).</summary>
    public override void Drain()
    {
        if (_closed || _leaving || _drain != DrainStep.None) return;
        if (!Receiver.HasSettings)
        {
            CloseNow(CloseReason.Drained, AbortReason.Drained);
            return;
        }

        _drain = DrainStep.Announced;
        _drainDue = Loop.Now + DrainPingTime;
        WriteGoAway(int.MaxValue, Http2ErrorCode.NoError);

        // What the client opened before it saw the GOAWAY is here once its answer to this is.
        Span<byte> payload = stackalloc byte[PingFrame.Length];
        BinaryPrimitives.WriteInt64BigEndian(payload, DrainPing);
        Sender.WritePing(FrameFlags.None, payload);
        SetDeadline();
    }

    public override void Cut()
    {
        if (_closed) return;
        WriteGoAway(Streams.LastServed, Http2ErrorCode.NoError);
        Sender.FlushNow();
        CloseNow(CloseReason.Drained, AbortReason.Drained);
    }

    /// <summary>Whether a PING that came back is the one sent with the first GOAWAY: all that was on its way is here then, and the last stream is announced.</summary>
    internal bool TryTakeDrainPing(ReadOnlySpan<byte> payload)
    {
        if (_drainDue == 0 || BinaryPrimitives.ReadInt64BigEndian(payload) != DrainPing) return false;
        _drainDue = 0;
        AnnounceLast();
        return true;
    }

    /// <summary>Called when the client opens no more streams; those it has are served to their end.</summary>
    internal void OnClientLeaving()
    {
        if (_drain == DrainStep.None) _drain = DrainStep.Announced;
        AnnounceLast();
    }

    /// <summary>Called when the client opens a stream, whatever becomes of it.</summary>
    internal void OnOpened()
    {
        Opened++;
        _control.Earn(EarnedByRequest);
    }

    /// <summary>Called when a request begins: it may be the last that the connection serves.</summary>
    internal void OnRequest()
    {
        if (_drain != DrainStep.None) return;
        int most = Server.Options.RequestsPerConnection;
        if (most > 0 && Opened >= most)
        {
            Server.Metrics.RequestsPerConnection.Increment(Stripe);
            Drain();
        }
        else if (Server.IsDraining)
        {
            Drain();
        }
    }

    /// <summary>Takes one of the frames that a client may send without need; false when the connection has ended for it.</summary>
    internal bool TryTakeControl()
    {
        if (_control.TryTake(Loop.Now, Options.ControlFramesPer10s)) return true;
        Metrics.ControlFrames.Increment(Stripe);
        Fail(Flood(Metrics.ControlFlood));
        return false;
    }

    /// <summary>Counts an answer to a control frame; false when too many of them wait for a client that does not read.</summary>
    internal bool CountControl()
    {
        if (Sender.TryCountControl(Options.OutputFrames)) return true;
        Metrics.OutputFrames.Increment(Stripe);
        Fail(Flood(Metrics.OutputFlood));
        return false;
    }

    /// <summary>Counts a flood by its kind.</summary>
    /// <returns>The violation that ends the connection for it.</returns>
    internal Http2Violation Flood(Counter kind)
    {
        kind.Increment(Stripe);
        return Http2Violation.OfConnection(Http2ErrorCode.EnhanceYourCalm, "10.5");
    }

    internal void Fail(Http2Violation violation) => Fail(violation.Code, CloseReason.Violation);

    /// <summary>Ends the connection for what the client did (RFC 9113, 5.4.1).</summary>
    internal void Fail(Http2ErrorCode code, CloseReason reason)
    {
        if (_closed || _leaving) return;
        if (code != Http2ErrorCode.EnhanceYourCalm) Metrics.CountError(Stripe, code); // a flood is counted by its kind
        Leave(code, reason);
    }

    private void WriteGoAway(int last, Http2ErrorCode code)
    {
        Metrics.CountGoAway(Stripe, code);
        Sender.WriteGoAway(new StreamId((uint)last), code);
    }

    /// <summary>Called when a DATA frame went out, which calls for updates of its windows.</summary>
    internal void OnDataSent() => _control.Earn(EarnedByData);

    /// <summary>Called before what has gathered leaves.</summary>
    internal void BeforeFlush() => Streams.ResetUnfinished();

    /// <summary>Called when all that has gathered has left.</summary>
    internal void OnAllSent()
    {
        if (_leaving) StartLinger();
        else if (_drain == DrainStep.Leaving && Streams.Count == 0) Leave(Http2ErrorCode.NoError, CloseReason.Drained, announce: false);
    }

    /// <summary>The second step of a drain: from here on no new stream is served.</summary>
    private void AnnounceLast()
    {
        if (_drain == DrainStep.Leaving || _closed) return;
        _drain = DrainStep.Leaving;
        _drainDue = 0;
        Streams.AnnounceLast();
        WriteGoAway(Streams.Last, Http2ErrorCode.NoError);
        SetDeadline();
    }

    /// <summary>Ends the connection in order: GOAWAY, what is in the output, and then no more.</summary>
    private void Leave(Http2ErrorCode code, CloseReason reason, bool announce = true)
    {
        if (_closed || _leaving) return;
        if (announce) WriteGoAway(Streams.LastServed, code);
        _leaving = true;
        _leaveReason = reason;
        Streams.AbortAll(AbortReason.ClientGone);
        Receiver.DropBlock();
        Transport.SetIdleDeadline(Loop.Now + LingerTime);
        if (announce) Sender.AskFlush();
        else StartLinger();
    }

    /// <summary>Reads what still comes before closing: closing with unread bytes would reset the connection and may destroy the GOAWAY.</summary>
    private void StartLinger()
    {
        if (_lingering) return;
        _lingering = true;
        Transport.ShutdownSend();
        Receiver.Read(); // which also discards: a receive may report at once that there is more, and must not read within the read
    }

    /// <summary>Called when the last stream is let go.</summary>
    internal void OnNoStreams()
    {
        _idleSince = Loop.Now;
        if (_drain == DrainStep.Leaving) Sender.AskFlush();
        if (!Receiver.IsReading && !_leaving) SetDeadline();
    }

    /// <summary>Closes once what still came was read, or its time is over.</summary>
    internal void EndLinger() => CloseNow(_leaveReason, AbortReason.ClientGone);

    /// <summary>Closes at once, for a client that is gone or has been told.</summary>
    internal void CloseNow(CloseReason reason, AbortReason abort)
    {
        if (_closed) return;
        _closed = true;
        Streams.AbortAll(abort);
        Sender.Close();
        Receiver.Close();
        Close(reason);
    }

    /// <summary>Sets the one timer to what is due first.</summary>
    internal void SetDeadline()
    {
        long deadline = long.MaxValue;
        if (Receiver.FrameStarted != 0) deadline = Receiver.FrameStarted + Server.Options.HeadTimeout;
        if (Receiver.SettingsDue != 0) deadline = Math.Min(deadline, Receiver.SettingsDue);
        if (_drainDue != 0) deadline = Math.Min(deadline, _drainDue);
        if (_drain == DrainStep.None) deadline = Math.Min(deadline, _openedAt + Options.ConnectionAge);
        if (Streams.Count == 0) deadline = Math.Min(deadline, _idleSince + Server.Options.IdleTimeout);
        Transport.SetIdleDeadline(deadline);
    }
}
