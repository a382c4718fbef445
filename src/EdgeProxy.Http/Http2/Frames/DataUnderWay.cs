namespace EdgeProxy.Http.Http2.Frames;

/// <summary>The DATA frame that is being received: its bytes are handed on as they come, and its padding is counted off.</summary>
internal struct DataUnderWay
{
    private int _body;
    private int _padding;

    /// <summary>The stream it is for.</summary>
    public int Stream { get; private set; }

    /// <summary>Whether the stream ends with it.</summary>
    public bool EndsStream { get; private set; }

    /// <summary>Whether more of it is to come.</summary>
    public readonly bool HasMore => _body > 0 || _padding > 0;

    /// <summary>Begins a frame whose header, and the byte that tells its padding, were read.</summary>
    public void Begin(in FrameHeader header, FramePart part)
    {
        Stream = (int)header.Stream.Value;
        EndsStream = header.Has(FrameFlags.EndStream);
        _body = part.Length;
        _padding = header.Length - part.Start - part.Length;
    }

    /// <summary>How many of the bytes that are there are body; they count as taken.</summary>
    public int TakeBody(int available)
    {
        int length = Math.Min(_body, available);
        _body -= length;
        return length;
    }

    /// <summary>How many of the bytes behind the body that are there are padding; they count as taken.</summary>
    public int TakePadding(int available)
    {
        int length = _body > 0 ? 0 : Math.Min(_padding, available);
        _padding -= length;
        return length;
    }
}
