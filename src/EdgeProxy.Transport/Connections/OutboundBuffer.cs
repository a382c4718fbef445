using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Transport.Connections;

/// <summary>What could not be sent on a connection yet. Empty, and without memory, as long as the other side keeps up.</summary>
/// <remarks>Pooled with its exchange or call. Loop thread only.</remarks>
public sealed class OutboundBuffer(LoopBuffers buffers)
{
    private HeldBytes _held;
    private long _moved;
    private long _waited;

    /// <summary>Bytes waiting to be sent.</summary>
    public int Pending => _held.Length;

    /// <summary>Begins to count how fast the other side takes a message: see <see cref="DrainAsync"/>.</summary>
    public void StartMessage() => _moved = _waited = 0;

    /// <summary>Sends bytes behind what is pending; what does not fit is copied. Ok, WouldBlock when something is left, or Reset.</summary>
    public IoStatus Send(Connection connection, ReadOnlySpan<byte> bytes)
    {
        if (_held.Length > 0)
        {
            Append(bytes);
            return Flush(connection);
        }

        IoResult result = connection.TrySend(bytes);
        _moved += result.Count;
        if (result.IsOk && result.Count == bytes.Length) return IoStatus.Ok;
        if (result.Status is not (IoStatus.Ok or IoStatus.WouldBlock)) return result.Status;
        Append(bytes[result.Count..]);
        return IoStatus.WouldBlock;
    }

    /// <summary>Copies bytes behind what is pending, without sending.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => _held.Add(buffers, bytes);

    /// <summary>Sends what is pending: Ok when nothing is left, WouldBlock when something is, or Reset.</summary>
    public IoStatus Flush(Connection connection)
    {
        while (_held.Length > 0)
        {
            IoResult result = connection.TrySend(_held.Bytes);
            if (!result.IsOk) return result.Status;
            _held.Skip(result.Count);
            _moved += result.Count;
        }

        Clear();
        return IoStatus.Ok;
    }

    /// <summary>
    /// Sends what is pending, waiting for room; TimedOut when the other side takes the message too slowly. Only the time spent here
    /// counts, over the whole message: a reader that was fast before may pause, and a message that is made slowly is nobody's fault.
    /// </summary>
    public async LoopTask<IoStatus> DrainAsync(Connection connection, MinimumRate rate)
    {
        while (true)
        {
            IoStatus status = Flush(connection);
            if (status != IoStatus.WouldBlock) return status;
            long began = connection.Loop.Now;
            status = await connection.WritableAsync(rate.Deadline(began, began - _waited, _moved));
            _waited += connection.Loop.Now - began;
            if (status != IoStatus.Ok) return status;
        }
    }

    /// <summary>Forgets what is pending and gives leased memory back.</summary>
    public void Clear() => _held.Clear(buffers);
}
