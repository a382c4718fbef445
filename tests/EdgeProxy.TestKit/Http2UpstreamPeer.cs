using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.TestKit;

/// <summary>The upstream's side of an HTTP/2 connection, played by a test: reads what was sent frame by frame and answers with frames of its own.</summary>
public sealed class Http2UpstreamPeer
{
    private readonly MemoryConnection _connection;
    private readonly HpackDecoder _decoder = new();
    private readonly HpackEncoder _encoder = new();
    private int _read;
    private bool _prefaceRead;

    public Http2UpstreamPeer(MemoryConnection connection) => _connection = connection;

    public MemoryConnection Connection => _connection;

    /// <summary>All the bytes this side has sent.</summary>
    public List<byte> Said { get; } = [];

    /// <summary>The frames sent since the last call, a line each: <c>HEADERS 1 END :method=GET ...</c>, <c>DATA 1 hello</c>, <c>SETTINGS 2=0</c>, <c>RST_STREAM 1 Cancel</c>.</summary>
    public List<string> Take()
    {
        var lines = new List<string>();
        byte[] sent = _connection.Sent;
        if (!_prefaceRead && sent.Length - _read >= Preface.Length)
        {
            if (Preface.Match(sent.AsSpan(_read)) != PrefaceMatch.Whole) throw new InvalidOperationException("The preface is missing.");
            _read += Preface.Length;
            _prefaceRead = true;
            lines.Add("PREFACE");
        }

        while (FrameHeader.TryRead(sent.AsSpan(_read), out FrameHeader header) && sent.Length - _read >= FrameHeader.Size + header.Length)
        {
            ReadOnlySpan<byte> payload = sent.AsSpan(_read + FrameHeader.Size, header.Length);
            _read += FrameHeader.Size + header.Length;
            lines.Add(Describe(header, payload));
        }

        return lines;
    }

    /// <summary>Sends a SETTINGS frame, which has to be the first.</summary>
    public Http2UpstreamPeer Settings(params (Http2Setting Setting, uint Value)[] settings) => Send((ref ByteWriter writer) =>
        FrameWriter.WriteSettings(ref writer, Array.ConvertAll(settings, static setting => new SettingValue(setting.Setting, setting.Value))));

    /// <summary>Sends a response's head: <c>:status</c> and fields as <c>name: value</c>.</summary>
    public Http2UpstreamPeer Head(uint stream, int status, bool ends = false, params string[] fields) => Send((ref ByteWriter writer) =>
    {
        int start = FrameWriter.BeginHeaders(ref writer);
        _encoder.BeginBlock(ref writer);
        _encoder.WriteStatus(ref writer, status);
        WriteFields(ref writer, fields);
        FrameWriter.EndHeaders(ref writer, start, new StreamId(stream), ends ? FrameFlags.EndStream : FrameFlags.None, FrameHeader.LeastMaxFrameSize);
    });

    /// <summary>Sends trailers, which end the stream.</summary>
    public Http2UpstreamPeer Trailers(uint stream, params string[] fields) => Send((ref ByteWriter writer) =>
    {
        int start = FrameWriter.BeginHeaders(ref writer);
        _encoder.BeginBlock(ref writer);
        WriteFields(ref writer, fields);
        FrameWriter.EndHeaders(ref writer, start, new StreamId(stream), FrameFlags.EndStream, FrameHeader.LeastMaxFrameSize);
    });

    /// <summary>Sends body bytes.</summary>
    public Http2UpstreamPeer Data(uint stream, string text, bool ends = false) => Send((ref ByteWriter writer) =>
        FrameWriter.WriteData(ref writer, new StreamId(stream), Encoding.Latin1.GetBytes(text), ends ? FrameFlags.EndStream : FrameFlags.None));

    public Http2UpstreamPeer Window(uint stream, int increment) => Send((ref ByteWriter writer) => FrameWriter.WriteWindowUpdate(ref writer, new StreamId(stream), increment));

    public Http2UpstreamPeer Reset(uint stream, Http2ErrorCode code) => Send((ref ByteWriter writer) => FrameWriter.WriteRstStream(ref writer, new StreamId(stream), code));

    public Http2UpstreamPeer GoAway(uint last, Http2ErrorCode code = Http2ErrorCode.NoError) => Send((ref ByteWriter writer) => FrameWriter.WriteGoAway(ref writer, new StreamId(last), code));

    public Http2UpstreamPeer Ping(bool isAck = false) => Send((ref ByteWriter writer) => FrameWriter.WritePing(ref writer, isAck ? FrameFlags.Ack : FrameFlags.None, "12345678"u8));

    /// <summary>Sends any frame.</summary>
    public Http2UpstreamPeer Frame(FrameType type, FrameFlags flags, uint stream, params byte[] payload) => Send((ref ByteWriter writer) =>
    {
        FrameWriter.WriteHeader(ref writer, payload.Length, type, flags, new StreamId(stream));
        writer.Write(payload);
    });

    /// <summary>A field block of literals that enter no table, whatever is in them.</summary>
    public static byte[] RawBlock(params (string Name, string Value)[] fields)
    {
        var block = new List<byte>();
        foreach ((string name, string value) in fields)
        {
            block.Add(0);
            foreach (string text in new[] { name, value })
            {
                if (text.Length >= 127) throw new ArgumentException("Too long for one octet.", nameof(fields));
                block.Add((byte)text.Length);
                block.AddRange(Encoding.Latin1.GetBytes(text));
            }
        }

        return [.. block];
    }

    private delegate void Write(ref ByteWriter writer);

    private static string Latin1(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private void WriteFields(ref ByteWriter writer, string[] fields)
    {
        foreach (string field in fields)
        {
            string[] parts = field.Split(": ", 2);
            byte[] name = Encoding.Latin1.GetBytes(parts[0]);
            if (!_encoder.TryWriteField(ref writer, KnownHeaders.Find(name), name, Encoding.Latin1.GetBytes(parts[1]))) throw new ArgumentException($"\"{field}\" cannot be encoded.", nameof(fields));
        }
    }

    private Http2UpstreamPeer Send(Write write)
    {
        byte[] bytes = new byte[128 * 1024];
        var writer = new ByteWriter(bytes);
        write(ref writer);
        if (writer.Overflowed) throw new InvalidOperationException("The frame is too large for this peer.");
        Said.AddRange(writer.Written);
        _connection.Deliver(writer.Written);
        return this;
    }

    private string Describe(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        string stream = header.Stream.ToString();
        switch (header.Type)
        {
            case FrameType.Headers:
                var fields = new HeaderTable();
                HpackResult result = _decoder.Decode(payload, FieldBlockKind.Request, new HpackLimits(1 << 20, 1000), fields, out PseudoHeaders pseudo);
                if (!result.IsComplete) throw new InvalidOperationException($"The field block is {result}.");
                var text = new StringBuilder("HEADERS ").Append(stream);
                if (header.Has(FrameFlags.EndStream)) text.Append(" END");
                if (!header.Has(FrameFlags.EndHeaders)) throw new InvalidOperationException("Heads in several frames are not read here.");
                Add(text, ":method", pseudo.Has(PseudoHeader.Method), fields.Slice(pseudo.Method.Start, pseudo.Method.Length));
                Add(text, ":scheme", pseudo.Has(PseudoHeader.Scheme), fields.Slice(pseudo.Scheme.Start, pseudo.Scheme.Length));
                Add(text, ":authority", pseudo.Has(PseudoHeader.Authority), fields.Slice(pseudo.Authority.Start, pseudo.Authority.Length));
                Add(text, ":path", pseudo.Has(PseudoHeader.Path), fields.Slice(pseudo.Path.Start, pseudo.Path.Length));
                for (int i = 0; i < fields.Count; i++) Add(text, Latin1(fields.Name(i)), true, fields.Value(i));
                return text.ToString();
            case FrameType.Data:
                return $"DATA {stream}{(header.Has(FrameFlags.EndStream) ? " END" : "")} {(payload.Length > 40 ? payload.Length.ToString(System.Globalization.CultureInfo.InvariantCulture) : Latin1(payload))}".TrimEnd();
            case FrameType.RstStream:
                return $"RST_STREAM {stream} {RstStreamFrame.Read(payload)}";
            case FrameType.GoAway:
                return $"GOAWAY {GoAwayFrame.Read(payload).Code}";
            case FrameType.WindowUpdate:
                WindowUpdateFrame.Read(header, payload, out int increment);
                return $"WINDOW_UPDATE {stream} {increment}";
            case FrameType.Ping:
                return header.Has(FrameFlags.Ack) ? "PING ACK" : "PING";
            case FrameType.Settings when header.Has(FrameFlags.Ack):
                return "SETTINGS ACK";
            case FrameType.Settings:
                var settings = new List<string>();
                for (int i = 0; i < SettingsFrame.Count(payload); i++)
                {
                    SettingValue value = SettingsFrame.Read(payload, i);
                    settings.Add($"{value.Setting}={value.Value}");
                }

                return "SETTINGS " + string.Join(' ', settings);
            default:
                return $"{header.Type} {stream}";
        }
    }

    private static void Add(StringBuilder text, string name, bool present, ReadOnlySpan<byte> value)
    {
        if (present) text.Append(' ').Append(name).Append('=').Append(Latin1(value));
    }
}
