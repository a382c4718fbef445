namespace EdgeProxy.Http.Http2.FlowControl;

/// <summary>How much we let the other side send, on a stream or on the connection (RFC 9113, 6.9).</summary>
/// <remarks>Bytes are given back to the other side only once they are consumed, and in runs of half a window, so that updates are few.</remarks>
/// <param name="size">The window that is kept up.</param>
/// <param name="left">What the other side may send at first: more than the window, when it does not know yet how small that is.</param>
public struct ReceiveWindow(int size, int left)
{
    private int _size = size;
    private int _left = left;
    private int _owed;

    /// <param name="size">The window that is kept up.</param>
    public ReceiveWindow(int size)
        : this(size, size)
    {
    }

    /// <summary>Bytes the other side may still send.</summary>
    public readonly int Left => _left;

    /// <summary>Bytes consumed that the other side was not told of yet.</summary>
    public readonly int Owed => _owed;

    /// <summary>Counts received bytes, padding included; false when they are more than the other side was allowed.</summary>
    public bool TryTake(int length)
    {
        if (length > _left) return false;
        _left -= length;
        return true;
    }

    /// <summary>Notes consumed bytes.</summary>
    /// <returns>The increment of the WINDOW_UPDATE that is due now, or 0.</returns>
    public int Consume(int length)
    {
        _owed += length;
        return _owed >= (_size + 1) / 2 ? Announce() : 0;
    }

    /// <summary>Makes the window larger.</summary>
    /// <returns>The increment of the WINDOW_UPDATE that is due now, or 0.</returns>
    public int Enlarge(int size)
    {
        if (size <= _size) return 0;
        _owed += size - _size;
        _size = size;
        return Announce();
    }

    private int Announce()
    {
        int increment = _owed;
        _left += increment;
        _owed = 0;
        return increment;
    }
}
