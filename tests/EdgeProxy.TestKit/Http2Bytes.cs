using System.Buffers.Binary;
using System.Text;
using EdgeProxy.Http.Http2.Frames;

namespace EdgeProxy.TestKit;

/// <summary>Frames as bytes, right or wrong as the test wants them; made without the product's own writer.</summary>
public static class Http2Bytes
{
    public static byte[] Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    public static byte[] SettingsAck => Frame(FrameType.Settings, FrameFlags.Ack, 0);

    /// <summary>Any frame.</summary>
    public static byte[] Frame(FrameType type, FrameFlags flags, int stream, ReadOnlySpan<byte> payload = default)
    {
        byte[] frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = (byte)type;
        frame[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    public static byte[] Settings(params (int Setting, uint Value)[] settings)
    {
        byte[] payload = new byte[settings.Length * 6];
        for (int i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(i * 6), (ushort)settings[i].Setting);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan((i * 6) + 2), settings[i].Value);
        }

        return Frame(FrameType.Settings, FrameFlags.None, 0, payload);
    }

    public static byte[] Data(int stream, string text, bool end = false) =>
        Frame(FrameType.Data, end ? FrameFlags.EndStream : FrameFlags.None, stream, Encoding.Latin1.GetBytes(text));

    /// <summary>DATA with padding.</summary>
    public static byte[] PaddedData(int stream, string text, int padding, bool end = false) =>
        Frame(FrameType.Data, FrameFlags.Padded | (end ? FrameFlags.EndStream : FrameFlags.None), stream, [(byte)padding, .. Encoding.Latin1.GetBytes(text), .. new byte[padding]]);

    /// <summary>HEADERS with the whole block; fields are <c>name=value</c>, literals that are not indexed.</summary>
    public static byte[] Headers(int stream, bool end, params string[] fields) =>
        Frame(FrameType.Headers, FrameFlags.EndHeaders | (end ? FrameFlags.EndStream : FrameFlags.None), stream, Block(fields));

    /// <summary>A GET.</summary>
    public static byte[] Get(int stream, string path, params string[] more) =>
        Headers(stream, end: true, [":method=GET", ":scheme=http", ":authority=x", ":path=" + path, .. more]);

    /// <summary>A POST whose body follows.</summary>
    public static byte[] Post(int stream, string path, params string[] more) =>
        Headers(stream, end: false, [":method=POST", ":scheme=http", ":authority=x", ":path=" + path, .. more]);

    /// <summary>HEADERS and CONTINUATIONs of at most so many bytes each.</summary>
    public static byte[] Continued(int stream, bool end, int piece, params string[] fields)
    {
        byte[] block = Block(fields);
        var bytes = new List<byte>();
        for (int at = 0; at < block.Length || at == 0; at += piece)
        {
            bool first = at == 0;
            FrameFlags flags = at + piece >= block.Length ? FrameFlags.EndHeaders : FrameFlags.None;
            if (first && end) flags |= FrameFlags.EndStream;
            bytes.AddRange(Frame(first ? FrameType.Headers : FrameType.Continuation, flags, stream, block.AsSpan(at, Math.Min(piece, block.Length - at))));
        }

        return [.. bytes];
    }

    public static byte[] Reset(int stream, Http2ErrorCode code = Http2ErrorCode.Cancel) => Frame(FrameType.RstStream, FrameFlags.None, stream, Number((uint)code));

    public static byte[] WindowUpdate(int stream, int increment) => Frame(FrameType.WindowUpdate, FrameFlags.None, stream, Number((uint)increment));

    public static byte[] Ping(string eight, bool ack = false) => Frame(FrameType.Ping, ack ? FrameFlags.Ack : FrameFlags.None, 0, Encoding.Latin1.GetBytes(eight));

    public static byte[] GoAway(int last, Http2ErrorCode code = Http2ErrorCode.NoError) => Frame(FrameType.GoAway, FrameFlags.None, 0, [.. Number((uint)last), .. Number((uint)code)]);

    public static byte[] PriorityUpdate(int stream, string value) => Frame(FrameType.PriorityUpdate, FrameFlags.None, 0, [.. Number((uint)stream), .. Encoding.Latin1.GetBytes(value)]);

    /// <summary>PRIORITY of RFC 7540.</summary>
    public static byte[] Priority(int stream, int dependsOn) => Frame(FrameType.Priority, FrameFlags.None, stream, [.. Number((uint)dependsOn), 15]);

    /// <summary>A field block of literals that are not indexed, with new names: it changes no table.</summary>
    public static byte[] Block(params string[] fields)
    {
        var block = new List<byte>();
        foreach (string field in fields)
        {
            int equals = field.IndexOf('=', 1);
            block.Add(0);
            AddString(block, field[..equals]);
            AddString(block, field[(equals + 1)..]);
        }

        return [.. block];
    }

    private static void AddString(List<byte> block, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        if (bytes.Length < 127)
        {
            block.Add((byte)bytes.Length);
        }
        else
        {
            block.Add(127);
            int rest = bytes.Length - 127;
            for (; rest >= 128; rest >>= 7) block.Add((byte)(rest & 127 | 128));
            block.Add((byte)rest);
        }

        block.AddRange(bytes);
    }

    private static byte[] Number(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
