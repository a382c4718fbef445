using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.TestKit;

/// <summary>Our side of a connection whose other side is the test: what arrives is what the test delivers.</summary>
public sealed class MemoryConnection : Connection
{
    private readonly Queue<byte[]> _incoming = new();
    private readonly MemoryStream _sent = new();
    private int _taken;
    private bool _ended;
    private bool _reset;

    public MemoryConnection(EventLoop loop, string peer = "192.0.2.7", ushort port = 40000)
        : base(loop)
    {
        IpAddress.TryParse(peer.AsSpan(), out IpAddress address);
        Peer = new IpEndpoint(address, port);
        OnEvents(readable: false, writable: true, ended: false, broken: false);
    }

    /// <summary>What a handshake is said to have agreed on.</summary>
    public TlsFacts? Agreed { get; init; }

    public override TlsFacts? Tls => Agreed;

    /// <summary>Whether the end that is delivered is one without close_notify.</summary>
    public bool Truncates { get; set; }

    public override bool WasTruncated => Truncates && _ended;

    /// <summary>Bytes the other side's socket still has room for; a send takes no more.</summary>
    public long SendRoom { get; set; } = long.MaxValue;

    /// <summary>Whether segments were delivered that nobody has received.</summary>
    public bool HasUnread => _incoming.Count > 0;

    /// <summary>Whether our side said that it sends no more.</summary>
    public bool SendEnded { get; private set; }

    /// <summary>Whether the connection was closed by a reset.</summary>
    public bool WasBroken { get; private set; }

    /// <summary>Number of sends, to see what was coalesced.</summary>
    public int Sends { get; private set; }

    /// <summary>All that was sent so far.</summary>
    public byte[] Sent => _sent.ToArray();

    /// <summary>What was sent since the last call, as Latin-1 text.</summary>
    public string TakeSent()
    {
        byte[] all = _sent.ToArray();
        string text = System.Text.Encoding.Latin1.GetString(all, _taken, all.Length - _taken);
        _taken = all.Length;
        return text;
    }

    /// <summary>Delivers bytes as one segment: one receive sees no more than a segment.</summary>
    public void Deliver(ReadOnlySpan<byte> bytes)
    {
        _incoming.Enqueue(bytes.ToArray());
        OnEvents(readable: true, writable: false, ended: false, broken: false);
    }

    /// <summary>Delivers Latin-1 text as one segment.</summary>
    public void Deliver(string text) => Deliver(System.Text.Encoding.Latin1.GetBytes(text));

    /// <summary>Says that there is something, as a connection over a connection does when half a record came, and there is nothing yet.</summary>
    public void DeliverNothing() => OnEvents(readable: true, writable: false, ended: false, broken: false);

    /// <summary>Ends the other side's direction in order.</summary>
    public void DeliverEnd()
    {
        _ended = true;
        OnEvents(readable: true, writable: false, ended: true, broken: false);
    }

    /// <summary>Breaks the connection.</summary>
    public void DeliverReset()
    {
        _reset = true;
        OnEvents(readable: true, writable: true, ended: false, broken: true);
    }

    /// <summary>Gives the other side's socket room again.</summary>
    public void MakeRoom(long bytes)
    {
        SendRoom = bytes;
        OnEvents(readable: false, writable: true, ended: false, broken: false);
    }

    public override void ShutdownSend() => SendEnded = true;

    public override void Break()
    {
        WasBroken = true;
        Close();
    }

    protected override IoResult Receive(Span<byte> destination)
    {
        if (_incoming.TryPeek(out byte[]? segment))
        {
            int count = Math.Min(segment.Length, destination.Length);
            segment.AsSpan(0, count).CopyTo(destination);
            _incoming.Dequeue();
            if (count < segment.Length) Requeue(segment[count..]);
            if (_incoming.Count > 0) TellOfMoreAsync().Forget();
            return IoResult.Ok(count);
        }

        if (_reset) return IoResult.Of(IoStatus.Reset);
        return IoResult.Of(_ended ? IoStatus.Closed : IoStatus.WouldBlock);
    }

    protected override IoResult Send(ReadOnlySpan<byte> source)
    {
        if (_reset) return IoResult.Of(IoStatus.Reset);
        int count = (int)Math.Min(source.Length, SendRoom);
        if (count == 0) return IoResult.Of(IoStatus.WouldBlock);
        SendRoom -= count;
        Sends++;
        _sent.Write(source[..count]);
        return IoResult.Ok(count);
    }

    protected override void CloseSocket()
    {
    }

    // As an event of the next turn: never from inside a receive.
    private async LoopTask TellOfMoreAsync()
    {
        await Loop.YieldAsync();
        OnEvents(readable: true, writable: false, ended: false, broken: false);
    }

    private void Requeue(byte[] rest)
    {
        byte[][] others = [.. _incoming];
        _incoming.Clear();
        _incoming.Enqueue(rest);
        foreach (byte[] other in others) _incoming.Enqueue(other);
    }
}
