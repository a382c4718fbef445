using System.Diagnostics;
using EdgeProxy.Load.Messages;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Load.Runs;

/// <summary>Opens many keep-alive connections, makes one request on each, and holds them.</summary>
/// <remarks>Each has been served once, so that what a server keeps for it is what it keeps for an idle client, not for a new one.</remarks>
internal sealed class IdleHold : IDisposable
{
    private const int AtOnce = 64; // below any listener's backlog
    private readonly LoadPlan _plan;
    private readonly Poller _poller = new();
    private readonly ClientConnection[] _connections;
    private readonly byte[] _receive = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);
    private int _opening;

    public IdleHold(LoadPlan plan)
    {
        _plan = plan;
        _connections = new ClientConnection[plan.Connections];
        for (int slot = 0; slot < _connections.Length; slot++) _connections[slot] = new ClientConnection(slot, 1, plan.BodyRule);
    }

    /// <summary>Connections that were served and are still open.</summary>
    public int Held { get; private set; }

    /// <summary>Connections that failed, or that the server ended later.</summary>
    public int Lost { get; private set; }

    /// <summary>Opens all; returns when each was served or failed, at the latest after the plan's time-out for one wave after another.</summary>
    public void Open()
    {
        int next = 0;
        long progress = Stopwatch.GetTimestamp();
        while (Held + Lost < _connections.Length && Stopwatch.GetTimestamp() - progress < _plan.TimeOut)
        {
            int before = Held + Lost;
            while (next < _connections.Length && _opening < AtOnce) Start(_connections[next++]);
            Turn(10_000_000);
            if (Held + Lost > before) progress = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Holds for a while and notices the connections that end.</summary>
    public void Hold(TimeSpan time, CancellationToken stop)
    {
        long until = Stopwatch.GetTimestamp() + (long)time.TotalNanoseconds;
        while (Stopwatch.GetTimestamp() < until && !stop.IsCancellationRequested) Turn(100_000_000);
    }

    public void Dispose()
    {
        foreach (ClientConnection connection in _connections)
        {
            if (connection.Descriptor >= 0) TcpSocket.Close(connection.Descriptor);
            connection.Descriptor = -1;
        }

        _poller.Dispose();
    }

    private void Start(ClientConnection connection)
    {
        _opening++;
        connection.Descriptor = TcpSocket.StartConnect(_plan.Address);
        if (connection.Descriptor < 0)
        {
            Lose(connection);
            return;
        }

        connection.State = ConnectionState.Connecting;
        connection.Generation = 1;
        _poller.Add(
            connection.Descriptor,
            Libc.EpollIn | Libc.EpollOut | Libc.EpollPeerClosed | Libc.EpollEdgeTriggered,
            connection.Slot,
            connection.Generation);
    }

    private void Turn(long nanoseconds)
    {
        int events = _poller.Wait(nanoseconds);
        for (int index = 0; index < events; index++)
        {
            uint happened = _poller.EventAt(index, out int slot, out _);
            ClientConnection connection = _connections[slot];
            if (connection.Descriptor < 0) continue;
            if (connection.State == ConnectionState.Connecting && !Ask(connection)) continue;
            if ((happened & ~Libc.EpollOut) != 0) Receive(connection);
        }
    }

    private bool Ask(ClientConnection connection)
    {
        bool sent = TcpSocket.PendingError(connection.Descriptor) == 0
            && TcpSocket.Send(connection.Descriptor, _plan.Request) == _plan.Request.Length;
        if (!sent)
        {
            Lose(connection);
            return false;
        }

        connection.State = ConnectionState.Open;
        return true;
    }

    private void Receive(ClientConnection connection)
    {
        while (true)
        {
            int received = TcpSocket.Receive(connection.Descriptor, _receive);
            if (received < 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == Libc.WouldBlock) return;
            ReadStep step = received <= 0 ? ReadStep.Malformed : connection.Reader.Read(_receive.AsSpan(0, received), out _);
            if (step == ReadStep.Malformed || (step == ReadStep.Complete && !connection.Reader.KeepAlive))
            {
                Lose(connection);
                return;
            }

            if (step != ReadStep.Complete || connection.Served > 0) continue;
            connection.Served = 1;
            _opening--;
            Held++;
        }
    }

    private void Lose(ClientConnection connection)
    {
        if (connection.Descriptor >= 0) TcpSocket.Close(connection.Descriptor);
        connection.Descriptor = -1;
        if (connection.Served > 0) Held--;
        else _opening--;
        Lost++;
    }
}
