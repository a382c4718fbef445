using System.Buffers.Binary;
using System.Text;

namespace EdgeProxy.Load.Runs;

/// <summary>As much of HTTP/2 as holding a connection and answering late takes. Shares nothing with the product.</summary>
internal static class Http2Frames
{
    public const int HeaderSize = 9;
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte ResetStream = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte Ack = 1;
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    /// <summary>What a client begins with.</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public static byte[] SettingsAck { get; } = [0, 0, 0, Settings, Ack, 0, 0, 0, 0];

    /// <summary>A frame's header.</summary>
    public readonly record struct Frame(int Length, byte Type, byte Flags, int Stream);

    /// <summary>Reads the header of a frame that is there whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Frame frame)
    {
        frame = default;
        if (bytes.Length < HeaderSize) return false;
        int length = (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
        frame = new Frame(length, bytes[3], bytes[4], BinaryPrimitives.ReadInt32BigEndian(bytes[5..]) & int.MaxValue);
        return bytes.Length >= HeaderSize + length;
    }

    /// <summary>Writes a frame and returns its length.</summary>
    public static int Write(Span<byte> room, byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32BigEndian(room, (payload.Length << 8) | type);
        room[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(room[5..], stream);
        payload.CopyTo(room[HeaderSize..]);
        return HeaderSize + payload.Length;
    }

    /// <summary>The preface, empty settings, and a GET on stream 1 whose fields are in no table.</summary>
    public static byte[] FirstRequest(string scheme, string authority, string path)
    {
        byte[] block =
        [
            0x82, scheme == "https" ? (byte)0x87 : (byte)0x86,
            0x04, (byte)path.Length, .. Encoding.ASCII.GetBytes(path),
            0x01, (byte)authority.Length, .. Encoding.ASCII.GetBytes(authority),
        ];
        byte[] bytes = new byte[Preface.Length + HeaderSize + HeaderSize + block.Length];
        Preface.CopyTo(bytes);
        int at = Preface.Length;
        at += Write(bytes.AsSpan(at), Settings, 0, 0, []);
        Write(bytes.AsSpan(at), Headers, EndStream | EndHeaders, 1, block);
        return bytes;
    }
}
