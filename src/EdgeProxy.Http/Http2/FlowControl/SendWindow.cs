namespace EdgeProxy.Http.Http2.FlowControl;

/// <summary>How much the other side lets us send, on a stream or on the connection (RFC 9113, 6.9).</summary>
public struct SendWindow(int initial)
{
    /// <summary>The window both sides start with (RFC 9113, 6.9.2).</summary>
    public const int Initial = 65_535;

    /// <summary>The largest a window may become.</summary>
    public const int Largest = int.MaxValue;

    /// <summary>Bytes that may be sent now; below zero after a SETTINGS frame has taken back more than was left.</summary>
    public int Left { get; private set; } = initial;

    /// <summary>Adds a WINDOW_UPDATE; false, and nothing done, when the window would become too large.</summary>
    public bool TryGrow(int increment)
    {
        if ((long)Left + increment > Largest) return false;
        Left += increment;
        return true;
    }

    /// <summary>Follows a change of SETTINGS_INITIAL_WINDOW_SIZE; false, and nothing done, when the window would become too large.</summary>
    public bool TryAdjust(int difference)
    {
        long changed = (long)Left + difference;
        if (changed is > Largest or < int.MinValue) return false;
        Left = (int)changed;
        return true;
    }

    /// <summary>Notes bytes that were sent.</summary>
    public void Take(int length) => Left -= length;
}
