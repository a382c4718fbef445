namespace EdgeProxy.Http.Http2.Frames;

/// <summary>What a frame is (RFC 9113, 6; RFC 9218, 7). Others exist and are ignored (RFC 9113, 5.5).</summary>
public enum FrameType : byte
{
    Data = 0x00,
    Headers = 0x01,
    Priority = 0x02,
    RstStream = 0x03,
    Settings = 0x04,
    PushPromise = 0x05,
    Ping = 0x06,
    GoAway = 0x07,
    WindowUpdate = 0x08,
    Continuation = 0x09,
    PriorityUpdate = 0x10,
}
