using System.Diagnostics;
using EdgeProxy.Load.Measuring;
using EdgeProxy.Load.Messages;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Load.Runs;

/// <summary>Sends requests over many connections from one thread and counts what comes back.</summary>
/// <remarks>
/// Closed loop: each connection sends its next request when an answer is whole. Open loop: request i is due at start + i / rate
/// whatever the server does; it waits for a free connection if it must, and its latency counts from the instant it was due, so
/// that a server that stalls cannot hide the requests it kept from being sent (coordinated omission).
/// </remarks>
internal sealed class LoadLoop : IDisposable
{
    private const int ReceiveBytes = 128 * 1024;
    private const long LongestWait = 20_000_000;
    private const long RetryAfter = 10_000_000;

    private readonly LoadPlan _plan;
    private readonly Poller _poller = new();
    private readonly ClientConnection[] _connections;
    private readonly Queue<ClientConnection> _free = new();
    private readonly byte[] _receive = GC.AllocateUninitializedArray<byte>(ReceiveBytes, pinned: true);
    private readonly byte[] _requests;
    private readonly LoadResult _result = new();
    private readonly double _interval;
    private long _issued;
    private long _settled;
    private long _startedAt;
    private long _lastAnswer;
    private bool _sending = true;

    public LoadLoop(LoadPlan plan)
    {
        _plan = plan;
        _interval = plan.Rate > 0 ? 1e9 / plan.Rate : 0;
        _connections = new ClientConnection[plan.Connections];
        for (int slot = 0; slot < _connections.Length; slot++) _connections[slot] = new ClientConnection(slot, plan.Pipeline, plan.BodyRule);

        // Requests that are sent together stand one after the other, so that one system call takes them.
        _requests = GC.AllocateUninitializedArray<byte>(checked(plan.Request.Length * plan.Pipeline), pinned: true);
        for (int index = 0; index < plan.Pipeline; index++) plan.Request.CopyTo(_requests, index * plan.Request.Length);
    }

    private static long Now => Stopwatch.GetTimestamp(); // nanoseconds on Linux

    private bool IsOpenLoop => _interval > 0;

    /// <summary>Runs to the end of the plan and returns what was seen.</summary>
    public LoadResult Run()
    {
        long now = Now;
        _startedAt = now;
        _lastAnswer = now;
        long stopSending = Later(now, _plan.Duration);
        long giveUp = Later(stopSending, _plan.TimeOut);
        long nextSweep = now;

        while (true)
        {
            if (_sending && (now >= stopSending || _issued >= _plan.Requests || IsHopeless())) StopSending(now);
            if (!_sending && (_settled >= _issued || now >= giveUp)) break;

            if (now >= nextSweep)
            {
                Sweep(now);
                nextSweep = now + LongestWait;
            }

            if (IsOpenLoop && _sending) SendDue(now);

            int events = _poller.Wait(TimeToWait(Now, Math.Min(nextSweep, stopSending > now ? stopSending : nextSweep)));
            for (int index = 0; index < events; index++)
            {
                uint happened = _poller.EventAt(index, out int slot, out uint generation);
                ClientConnection connection = _connections[slot];
                if (connection.Generation == generation && connection.State != ConnectionState.Down) Handle(connection, happened);
            }

            now = Now;
        }

        CloseAll();
        _result.Elapsed = _lastAnswer - _startedAt;
        foreach (ClientConnection connection in _connections) _result.ContentBytes += connection.Reader.ContentBytes;
        return _result;
    }

    public void Dispose()
    {
        CloseAll();
        _poller.Dispose();
    }

    private static long Later(long from, long by) => by > long.MaxValue - from ? long.MaxValue : from + by;

    /// <summary>Nothing was ever answered and many connects failed: the address is wrong or nobody listens.</summary>
    private bool IsHopeless() => _result.Completed == 0 && _result.Errors.Connect >= Math.Max(20, _connections.Length);

    private void StopSending(long now)
    {
        _sending = false;
        if (!IsOpenLoop) return;

        long due = (long)Math.Min(_plan.Requests, Math.Floor((Math.Min(now, _startedAt + _plan.Duration) - _startedAt) / _interval) + 1);
        _result.Unsent = Math.Max(0, due - _issued);
    }

    private long TimeToWait(long now, long until)
    {
        if (IsOpenLoop && _sending && _free.Count > 0) until = Math.Min(until, DueAt(_issued));
        return Math.Clamp(until - now, 0, LongestWait);
    }

    private long DueAt(long request) => _startedAt + (long)(request * _interval);

    private void SendDue(long now)
    {
        while (_issued < _plan.Requests && DueAt(_issued) <= now && _free.TryDequeue(out ClientConnection? connection))
        {
            connection.Queued = false;
            if (!connection.HasRoom) continue;

            Issue(connection, DueAt(_issued), Now);
            Flush(connection);
            Enqueue(connection);
        }
    }

    private void Enqueue(ClientConnection connection)
    {
        if (!IsOpenLoop || connection.Queued || !connection.HasRoom) return;
        connection.Queued = true;
        _free.Enqueue(connection);
    }

    private void Issue(ClientConnection connection, long due, long now)
    {
        _issued++;
        connection.Push(due, now);
        connection.Unsent += _plan.Request.Length;
    }

    /// <summary>Closed loop: fills the connection up to its depth.</summary>
    private void Refill(ClientConnection connection, long now)
    {
        if (IsOpenLoop)
        {
            Enqueue(connection);
            return;
        }

        while (_sending && _issued < _plan.Requests && connection.HasRoom) Issue(connection, now, now);
        Flush(connection);
    }

    private void Flush(ClientConnection connection)
    {
        while (connection.Unsent > 0 && connection.State == ConnectionState.Open)
        {
            // What is unsent is the end of a request and whole ones after it.
            int partial = connection.Unsent % _plan.Request.Length;
            int from = partial == 0 ? 0 : _plan.Request.Length - partial;
            int sent = TcpSocket.Send(connection.Descriptor, _requests.AsSpan(from, connection.Unsent));
            if (sent < 0)
            {
                // An early answer may be waiting even if the server has closed; the readable event that follows settles it.
                return;
            }

            connection.Unsent -= sent;
        }
    }

    private void Handle(ClientConnection connection, uint happened)
    {
        if (connection.State == ConnectionState.Connecting && !FinishConnect(connection, happened)) return;

        if ((happened & Libc.EpollOut) != 0) Flush(connection);
        if ((happened & (Libc.EpollIn | Libc.EpollPeerClosed | Libc.EpollError | Libc.EpollHangUp)) != 0)
        {
            Receive(connection, (happened & ~(Libc.EpollIn | Libc.EpollOut)) != 0);
        }
    }

    private bool FinishConnect(ClientConnection connection, uint happened)
    {
        if ((happened & (Libc.EpollOut | Libc.EpollError | Libc.EpollHangUp)) == 0) return false;
        long now = Now;
        if (TcpSocket.PendingError(connection.Descriptor) != 0)
        {
            FailConnect(connection, now);
            return false;
        }

        connection.State = ConnectionState.Open;
        Refill(connection, now);
        return true;
    }

    private void FailConnect(ClientConnection connection, long now)
    {
        if (IsOpenLoop)
        {
            _result.Errors.Connect++;
        }
        else if (_sending && _issued < _plan.Requests)
        {
            // In a closed loop a failed connect is a failed request, so that a run by count ends.
            _result.Errors.Connect++;
            _issued++;
            _settled++;
        }

        Close(connection, retryAt: now + RetryAfter);
    }

    private void Receive(ClientConnection connection, bool mayBeClosed)
    {
        while (connection.State == ConnectionState.Open)
        {
            int received = TcpSocket.Receive(connection.Descriptor, _receive);
            if (received <= 0)
            {
                int error = received == 0 ? 0 : System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
                if (error == Libc.WouldBlock) return;
                if (error != Libc.Interrupted) EndOfConnection(connection);
                continue;
            }

            if (!Understand(connection, _receive.AsSpan(0, received))) return;

            // Fewer bytes than asked for: the socket is drained, and the next ones bring an event.
            if (received < _receive.Length && !mayBeClosed) return;
        }
    }

    private bool Understand(ClientConnection connection, ReadOnlySpan<byte> bytes)
    {
        long now = Now;
        while (!bytes.IsEmpty)
        {
            ReadStep step = connection.Reader.Read(bytes, out int consumed);
            bytes = bytes[consumed..];
            if (step == ReadStep.NeedMore) break;
            if (step == ReadStep.Malformed || connection.InFlight == 0)
            {
                Fail(connection, ref _result.Errors.Malformed, now);
                return false;
            }

            Complete(connection, now);
            if (connection.Reader.KeepAlive) continue;

            // What was pipelined behind the last answer has to be sent again by a client; here it counts as failed.
            Fail(connection, ref _result.Errors.Reset, now);
            return false;
        }

        Refill(connection, now);
        return true;
    }

    private void Complete(ClientConnection connection, long now)
    {
        (long due, long sent) = connection.Pop();
        connection.Served++;
        _settled++;
        _lastAnswer = now;
        _result.Complete(connection.Reader.Status, now - due, now - sent);
    }

    private void EndOfConnection(ClientConnection connection)
    {
        long now = Now;
        if (connection.InFlight > 0 && connection.Reader.CompletesAtClose()) Complete(connection, now);

        bool stale = connection.Served > 0 && !connection.Reader.Started;
        if (stale) Fail(connection, ref _result.Errors.Stale, now);
        else Fail(connection, ref _result.Errors.Reset, now);
    }

    /// <summary>Counts what is in flight as failed and opens the connection anew.</summary>
    private void Fail(ClientConnection connection, ref long count, long now)
    {
        bool wasted = connection.Served == 0;
        count += connection.InFlight;
        _settled += connection.InFlight;
        while (connection.InFlight > 0) connection.Pop();
        Close(connection, retryAt: wasted ? now + RetryAfter : now);
        if (!wasted && _sending) Connect(connection, now);
    }

    private void Close(ClientConnection connection, long retryAt)
    {
        if (connection.Descriptor >= 0) TcpSocket.Close(connection.Descriptor);
        connection.Descriptor = -1;
        connection.State = ConnectionState.Down;
        connection.Since = retryAt;
        connection.Unsent = 0;
        connection.Reader.Reset();
    }

    private void Connect(ClientConnection connection, long now)
    {
        if (connection.Generation > 0) _result.Reconnects++;
        connection.Generation++;
        connection.Served = 0;
        connection.Descriptor = TcpSocket.StartConnect(_plan.Address);
        if (connection.Descriptor < 0)
        {
            FailConnect(connection, now);
            return;
        }

        connection.State = ConnectionState.Connecting;
        connection.Since = now;
        _poller.Add(
            connection.Descriptor,
            Libc.EpollIn | Libc.EpollOut | Libc.EpollPeerClosed | Libc.EpollEdgeTriggered,
            connection.Slot,
            connection.Generation);
    }

    /// <summary>Opens what is down and gives up what is late.</summary>
    private void Sweep(long now)
    {
        foreach (ClientConnection connection in _connections)
        {
            switch (connection.State)
            {
                case ConnectionState.Down when _sending && now >= connection.Since:
                    Connect(connection, now);
                    break;
                case ConnectionState.Connecting when now - connection.Since > _plan.TimeOut:
                    FailConnect(connection, now);
                    break;
                case ConnectionState.Open when connection.InFlight > 0 && now - connection.Oldest.Sent > _plan.TimeOut:
                    Fail(connection, ref _result.Errors.TimeOut, now);
                    break;
            }
        }
    }

    private void CloseAll()
    {
        foreach (ClientConnection connection in _connections)
        {
            if (connection.InFlight > 0) _result.Errors.TimeOut += connection.InFlight;
            while (connection.InFlight > 0) connection.Pop();
            if (connection.State != ConnectionState.Down) Close(connection, retryAt: long.MaxValue);
        }
    }
}
