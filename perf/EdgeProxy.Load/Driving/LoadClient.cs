using System.Diagnostics;
using System.Globalization;
using EdgeProxy.Load.Messages;
using EdgeProxy.Load.Sockets;
using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Load.Driving;

/// <summary>Sends requests to one server on this machine over connections that it keeps, all on the thread that drives the load.</summary>
/// <remarks>
/// A request takes the connection that was free last; where none is, a new one up to the most allowed, else it waits. Answers complete on the spot, in the turn
/// that read them, so that no thread switch is added to what is measured.
/// </remarks>
internal sealed class LoadClient : IDisposable
{
    private const int ReceiveBytes = 64 * 1024;
    private const long SweepEvery = 20_000_000;
    private const string Refused = "connect";

    private static readonly string[] Statuses = [.. Enumerable.Range(0, 600).Select(status => status.ToString(CultureInfo.InvariantCulture))];

    private readonly byte[] _address;
    private readonly int _most;
    private readonly long _timeOut;
    private readonly Poller _poller = new();
    private readonly List<Connection> _connections = [];
    private readonly Stack<Connection> _free = new();
    private readonly Stack<Connection> _closed = new();
    private readonly Queue<Call> _waiting = new();
    private readonly byte[] _receive = GC.AllocateUninitializedArray<byte>(ReceiveBytes, pinned: true);
    private long _nextSweep;

    /// <param name="url">Any URL of the server.</param>
    /// <param name="mostConnections">At once.</param>
    /// <param name="timeOut">For a request, waiting included.</param>
    /// <exception cref="ArgumentException">The server is not on this machine.</exception>
    public LoadClient(string url, int mostConnections, TimeSpan timeOut)
    {
        if (!LoopbackTarget.TryRead(url, out _address)) throw new ArgumentException($"{url} is not an http URL of this machine (127.0.0.0/8, [::1] or localhost); load is sent nowhere else");
        _most = mostConnections;
        _timeOut = (long)timeOut.TotalNanoseconds;
    }

    /// <summary>Requests that wait for a connection.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Connections opened, first ones included.</summary>
    public long Connects { get; private set; }

    private static long Now => Stopwatch.GetTimestamp(); // nanoseconds on Linux

    /// <summary>Sends; the outcome is a failure where there is no whole answer or its status is not 2xx or 3xx. Never throws.</summary>
    public Task<Response<object>> SendAsync(LoadRequest request)
    {
        long now = Now;
        Call call = new(request, now + _timeOut);
        if (_free.TryPop(out Connection? connection)) Begin(connection, call);
        else if (_closed.TryPop(out connection)) Connect(connection, call);
        else if (_connections.Count < _most) Connect(Add(), call);
        else _waiting.Enqueue(call);
        return call.Task;
    }

    /// <summary>Waits at most so many nanoseconds for something to happen and deals with it.</summary>
    public void Turn(long nanoseconds)
    {
        int events = _poller.Wait(Math.Clamp(nanoseconds, 0, SweepEvery));
        for (int index = 0; index < events; index++)
        {
            uint happened = _poller.EventAt(index, out int slot, out uint generation);
            Connection connection = _connections[slot];
            if (connection.Generation == generation && connection.Descriptor >= 0) Handle(connection, happened);
        }

        for (int left = _waiting.Count; left > 0 && _waiting.Count > 0 && _closed.TryPop(out Connection? closed); left--) Connect(closed, _waiting.Dequeue());
        long now = Now;
        if (now < _nextSweep) return;
        _nextSweep = now + SweepEvery;
        GiveUp(now);
    }

    public void Dispose()
    {
        foreach (Connection connection in _connections)
        {
            if (connection.Descriptor >= 0) TcpSocket.Close(connection.Descriptor);
            connection.Descriptor = -1;
        }

        _poller.Dispose();
    }

    private Connection Add()
    {
        Connection connection = new(_connections.Count);
        _connections.Add(connection);
        return connection;
    }

    private void Connect(Connection connection, Call call)
    {
        Connects++;
        connection.Generation++;
        connection.Served = 0;
        connection.Call = call;
        connection.Sent = 0;
        connection.Descriptor = TcpSocket.StartConnect(_address);
        if (connection.Descriptor < 0)
        {
            Fail(connection, Refused);
            return;
        }

        connection.IsConnecting = true;
        _poller.Add(connection.Descriptor, Libc.EpollIn | Libc.EpollOut | Libc.EpollPeerClosed | Libc.EpollEdgeTriggered, connection.Slot, connection.Generation);
    }

    private void Begin(Connection connection, Call call)
    {
        connection.Call = call;
        connection.Sent = 0;
        connection.ContentBefore = connection.Reader.ContentBytes;
        Flush(connection);
    }

    private static void Flush(Connection connection)
    {
        byte[] bytes = connection.Call!.Request.Bytes;
        while (connection.Sent < bytes.Length)
        {
            int sent = TcpSocket.Send(connection.Descriptor, bytes.AsSpan(connection.Sent));
            if (sent < 0) return; // a full socket brings an event, and so does a closed one
            connection.Sent += sent;
        }
    }

    private void Handle(Connection connection, uint happened)
    {
        if (connection.IsConnecting)
        {
            if ((happened & (Libc.EpollOut | Libc.EpollError | Libc.EpollHangUp)) == 0) return;
            connection.IsConnecting = false;
            if (TcpSocket.PendingError(connection.Descriptor) != 0)
            {
                Fail(connection, Refused);
                return;
            }

            Begin(connection, connection.Call!);
        }
        else if ((happened & Libc.EpollOut) != 0 && connection.Call is not null)
        {
            Flush(connection);
        }

        if ((happened & ~Libc.EpollOut) != 0) Receive(connection);
    }

    private void Receive(Connection connection)
    {
        uint generation = connection.Generation;
        while (connection.Descriptor >= 0 && connection.Generation == generation)
        {
            int received = TcpSocket.Receive(connection.Descriptor, _receive);
            if (received < 0)
            {
                int error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
                if (error == Libc.WouldBlock) return;
                if (error != Libc.Interrupted) End(connection);
                continue;
            }

            if (received == 0)
            {
                End(connection);
                return;
            }

            ReadStep step = connection.Reader.Read(_receive.AsSpan(0, received), out int consumed);
            if (step == ReadStep.NeedMore) continue;
            if (step == ReadStep.Malformed || connection.Call is null || consumed < received)
            {
                Fail(connection, "malformed");
                return;
            }

            Complete(connection);
        }
    }

    private void Complete(Connection connection)
    {
        Call call = connection.Call!;
        int status = connection.Reader.Status;
        Response<object> response = new()
        {
            IsError = status is < 200 or >= 400,
            StatusCode = Statuses[status],
            SizeBytes = connection.Reader.ContentBytes - connection.ContentBefore,
        };
        connection.Call = null;
        connection.Served++;
        bool whole = connection.Sent == call.Request.Bytes.Length; // else the rest of the request would be taken for the next
        if (connection.Reader.KeepAlive && whole) Release(connection);
        else Close(connection);
        call.SetResult(response);
    }

    private void Release(Connection connection)
    {
        if (_waiting.TryDequeue(out Call? next)) Begin(connection, next);
        else _free.Push(connection);
    }

    private void End(Connection connection)
    {
        if (connection.Call is null) Remove(connection);
        else if (connection.Reader.CompletesAtClose()) Complete(connection);
        else Fail(connection, connection.Served > 0 && !connection.Reader.Started ? "stale" : "reset");
    }

    /// <summary>A free connection that the server ended.</summary>
    private void Remove(Connection connection)
    {
        Connection[] kept = [.. _free.Where(free => free != connection)];
        _free.Clear();
        for (int index = kept.Length - 1; index >= 0; index--) _free.Push(kept[index]);
        Close(connection);
    }

    private void Fail(Connection connection, string why)
    {
        Call? call = connection.Call;
        connection.Call = null;
        Close(connection);
        call?.SetResult(new Response<object> { IsError = true, StatusCode = why, Message = "no whole answer" });
    }

    private void Close(Connection connection)
    {
        if (connection.Descriptor >= 0) TcpSocket.Close(connection.Descriptor);
        connection.Descriptor = -1;
        connection.IsConnecting = false;
        connection.Reader.Reset();
        _closed.Push(connection); // what waits gets it at the end of the turn: connects that fail at once must not nest
    }

    private void GiveUp(long now)
    {
        while (_waiting.TryPeek(out Call? call) && now > call.Deadline)
        {
            _waiting.Dequeue();
            call.SetResult(new Response<object> { IsError = true, StatusCode = "time-out", Message = "no connection was free in time" });
        }

        for (int index = 0; index < _connections.Count; index++)
        {
            if (_connections[index].Call is { } call && now > call.Deadline) Fail(_connections[index], "time-out");
        }
    }
}
