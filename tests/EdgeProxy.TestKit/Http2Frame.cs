using System.Buffers.Binary;
using System.Text;
using EdgeProxy.Http.Http2.Frames;

namespace EdgeProxy.TestKit;

/// <summary>A frame as a test sees it.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Stream">Its stream.</param>
/// <param name="Payload">All of its payload.</param>
/// <param name="Fields">Of HEADERS: the decoded fields, <c>name=value</c> in order; else null.</param>
public sealed record Http2Frame(FrameType Type, FrameFlags Flags, int Stream, byte[] Payload, string? Fields)
{
    public bool Ends => Type is FrameType.Data or FrameType.Headers && Flags.HasFlag(FrameFlags.EndStream);

    public bool IsAck => Flags.HasFlag(FrameFlags.Ack);

    /// <summary>The payload as Latin-1 text.</summary>
    public string Text => Encoding.Latin1.GetString(Payload);

    /// <summary>The code of RST_STREAM or GOAWAY.</summary>
    public Http2ErrorCode Code => (Http2ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(Payload.AsSpan(Type == FrameType.GoAway ? 4 : 0));

    /// <summary>The first number of the payload: a window's increment, the last stream of GOAWAY.</summary>
    public int Number => BinaryPrimitives.ReadInt32BigEndian(Payload);

    /// <summary>A line that says what the frame is; tests compare lists of them.</summary>
    public override string ToString() => Type switch
    {
        FrameType.Data => $"DATA {Stream}{End} {Text}".TrimEnd(),
        FrameType.Headers => $"HEADERS {Stream}{End} {Fields}".TrimEnd(),
        FrameType.RstStream => $"RST_STREAM {Stream} {Code}",
        FrameType.Settings => IsAck ? "SETTINGS ACK" : "SETTINGS",
        FrameType.Ping => $"PING{(IsAck ? " ACK" : "")} {Convert.ToHexString(Payload)}",
        FrameType.GoAway => $"GOAWAY {Number} {Code}",
        FrameType.WindowUpdate => $"WINDOW_UPDATE {Stream} {Number}",
        _ => $"{Type} {Stream}",
    };

    private string End => Ends ? " END" : "";
}
