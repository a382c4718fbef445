namespace EdgeProxy.Http.Http2.Frames;

/// <summary>A setting's number (RFC 9113, 6.5.2; RFC 8441, 3; RFC 9218, 2.1). Others exist and are ignored.</summary>
public enum Http2Setting : ushort
{
    /// <summary>Bytes of the table that the other end's encoder may use; 4,096 at first.</summary>
    HeaderTableSize = 0x01,

    /// <summary>0 or 1; only a client says it.</summary>
    EnablePush = 0x02,

    MaxConcurrentStreams = 0x03,

    /// <summary>Window of each stream, up to 2^31-1; 65,535 at first. The connection's window is not touched.</summary>
    InitialWindowSize = 0x04,

    /// <summary>16,384 to 16,777,215; the least at first.</summary>
    MaxFrameSize = 0x05,

    /// <summary>Advisory: bytes of names and values and 32 more for each field.</summary>
    MaxHeaderListSize = 0x06,

    /// <summary>RFC 8441: whether the server takes the extended CONNECT; 0 or 1.</summary>
    EnableConnectProtocol = 0x08,

    /// <summary>RFC 9218: whether the priorities of RFC 7540 are not used; 0 or 1, and never changes.</summary>
    NoRfc7540Priorities = 0x09,
}
