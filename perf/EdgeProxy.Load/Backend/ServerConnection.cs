using EdgeProxy.Load.Messages;

namespace EdgeProxy.Load.Backend;

/// <summary>One client of the backend: what it is sending, and what it is being sent.</summary>
internal sealed class ServerConnection
{
    public int Descriptor { get; set; } = -1;

    public uint Generation { get; set; }

    /// <summary>Received and not yet understood: part of a head, or requests behind one that is being answered.</summary>
    public byte[] Waiting { get; set; } = [];

    public int WaitingLength { get; set; }

    /// <summary>Whether the system may hold more bytes for us.</summary>
    public bool Readable { get; set; }

    /// <summary>The client has sent all it will.</summary>
    public bool Ended { get; set; }

    /// <summary>The head whose body is being received; null outside of one.</summary>
    public byte[]? Head { get; set; }

    public ChunkedBody Chunks;

    /// <summary>Declared bytes of body still to come; -1 when chunked.</summary>
    public long BodyLeft { get; set; }

    public long BodyRead { get; set; }

    /// <summary>The start of the body, kept for answers that echo it.</summary>
    public MemoryStream? Kept { get; set; }

    /// <summary>Bytes to send: a whole answer, or the head of one that is made while it is sent.</summary>
    public byte[] Output { get; set; } = [];

    public int OutputAt { get; set; }

    public int OutputEnd { get; set; }

    /// <summary>Content still to be made after <see cref="Output"/>.</summary>
    public long StreamLeft { get; set; }

    public bool StreamChunked { get; set; }

    /// <summary>An answer waits for its time.</summary>
    public bool Delayed { get; set; }

    /// <summary>The connection ends with the present answer.</summary>
    public bool CloseAfter { get; set; }

    /// <summary>An answer is on its way, so that the next request has to wait.</summary>
    public bool Busy => Delayed || OutputAt < OutputEnd || StreamLeft > 0;

    /// <summary>Keeps bytes for later.</summary>
    public void Wait(ReadOnlySpan<byte> bytes)
    {
        int length = WaitingLength + bytes.Length;
        if (Waiting.Length < length)
        {
            byte[] larger = new byte[Math.Max(512, length * 2)];
            Waiting.AsSpan(0, WaitingLength).CopyTo(larger);
            Waiting = larger;
        }

        bytes.CopyTo(Waiting.AsSpan(WaitingLength));
        WaitingLength = length;
    }

    /// <summary>Makes the object ready for another client.</summary>
    public void Clear()
    {
        Descriptor = -1;
        Waiting = [];
        WaitingLength = 0;
        Readable = false;
        Ended = false;
        Head = null;
        BodyRead = 0;
        Kept = null;
        Output = [];
        OutputAt = 0;
        OutputEnd = 0;
        StreamLeft = 0;
        Delayed = false;
        CloseAfter = false;
    }
}
