namespace EdgeProxy.Http.Messages;

/// <summary>A response's head: received from an upstream, or being made for a client.</summary>
public sealed class ResponseHead
{
    public HeaderTable Headers { get; } = new();

    /// <summary>100 to 599; what an upstream may send beyond that is a violation.</summary>
    public int Status { get; set; }

    /// <summary>10 or 11 for HTTP/1.x, 20 for HTTP/2.</summary>
    public byte Version { get; set; }

    public BodyFraming Framing { get; set; }

    /// <summary>The declared length, or -1.</summary>
    public long ContentLength { get; set; }

    /// <summary>Whether the upstream lets the connection be used again.</summary>
    public bool KeepAlive { get; set; }

    /// <summary>Makes the head ready for the next response.</summary>
    public void Clear()
    {
        Headers.Clear();
        Status = 0;
        Version = 0;
        Framing = BodyFraming.None;
        ContentLength = -1;
        KeepAlive = false;
    }
}
