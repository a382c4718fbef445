namespace EdgeProxy.Http.Http2.Frames;

/// <summary>What one end of a connection has announced (RFC 9113, 6.5.2), with the values that hold before it did.</summary>
public struct Http2Settings
{
    /// <summary>What holds before any SETTINGS frame.</summary>
    public Http2Settings()
    {
    }

    public uint HeaderTableSize = 4096;
    public uint MaxConcurrentStreams = uint.MaxValue;
    public int InitialWindowSize = 65535;
    public int MaxFrameSize = FrameHeader.LeastMaxFrameSize;

    /// <summary>Advisory; the greatest value means that none was given.</summary>
    public uint MaxHeaderListSize = uint.MaxValue;

    public bool EnablePush = true;
    public bool EnableConnectProtocol;
    public bool NoRfc7540Priorities;

    /// <summary>Takes one setting in, or says why it may not be.</summary>
    /// <param name="value">A setting as read; unknown ones change nothing.</param>
    /// <param name="sender">Who sent it.</param>
    public Http2Violation Apply(SettingValue value, Http2Role sender)
    {
        switch (value.Setting)
        {
            case Http2Setting.HeaderTableSize:
                HeaderTableSize = value.Value;
                return default;

            case Http2Setting.EnablePush:
                // A server may say no more than that it takes none, which is so anyway.
                if (value.Value > (sender == Http2Role.Client ? 1u : 0u)) return WrongValue("6.5.2");
                EnablePush = value.Value == 1;
                return default;

            case Http2Setting.MaxConcurrentStreams:
                MaxConcurrentStreams = value.Value;
                return default;

            case Http2Setting.InitialWindowSize:
                if (value.Value > int.MaxValue) return Http2Violation.OfConnection(Http2ErrorCode.FlowControlError, "6.5.2");
                InitialWindowSize = (int)value.Value;
                return default;

            case Http2Setting.MaxFrameSize:
                if (value.Value is < FrameHeader.LeastMaxFrameSize or > FrameHeader.GreatestMaxFrameSize) return WrongValue("6.5.2");
                MaxFrameSize = (int)value.Value;
                return default;

            case Http2Setting.MaxHeaderListSize:
                MaxHeaderListSize = value.Value;
                return default;

            case Http2Setting.EnableConnectProtocol:
                // Once allowed, it cannot be taken back.
                if (value.Value > 1 || (value.Value == 0 && EnableConnectProtocol)) return WrongValue("RFC 8441, 3");
                EnableConnectProtocol = value.Value == 1;
                return default;

            case Http2Setting.NoRfc7540Priorities:
                if (value.Value > 1) return WrongValue("RFC 9218, 2.1");
                NoRfc7540Priorities = value.Value == 1;
                return default;

            default:
                return default;
        }
    }

    private static Http2Violation WrongValue(string clause) => Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, clause);
}
