using System.Net.Sockets;
using System.Text;

namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>An HTTP/2 client that writes its frames by hand, so that they can be as wrong as a scenario wants.</summary>
internal sealed class Http2Wire : IDisposable
{
    private readonly Wire _wire;

    private Http2Wire(Wire wire) => _wire = wire;

    public Socket Socket => _wire.Socket;

    /// <summary>What every client sends first.</summary>
    public static byte[] Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    /// <summary>Connects and sends the preface and SETTINGS: no dynamic table for responses, no push, and what else is given.</summary>
    public static async Task<Http2Wire> ConnectAsync(int port, params (int Setting, uint Value)[] settings)
    {
        var wire = new Http2Wire(await Wire.ConnectAsync(port));
        byte[] first = [.. Preface, .. SettingsOf([(1, 0), (2, 0), .. settings])];
        await wire.SendAsync(first);
        return wire;
    }

    public static byte[] FrameOf(byte type, byte flags, int stream, ReadOnlySpan<byte> payload) =>
        [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, .. Number(stream), .. payload];

    public static byte[] SettingsOf(params (int Setting, uint Value)[] settings) => FrameOf(
        Http2Frame.Settings, 0, 0, (byte[])[.. settings.SelectMany(setting => (byte[])[(byte)(setting.Setting >> 8), (byte)setting.Setting, .. Number((int)setting.Value)])]);

    /// <summary>HEADERS with all its fields as literals that are neither indexed nor compressed.</summary>
    public static byte[] HeadersOf(int stream, bool end, params (string Name, string Value)[] fields) =>
        FrameOf(Http2Frame.Headers, (byte)(Http2Frame.EndHeaders | (end ? Http2Frame.EndStream : 0)), stream, BlockOf(fields));

    /// <summary>A field block of literals; names and values are Latin-1.</summary>
    public static byte[] BlockOf(params (string Name, string Value)[] fields)
    {
        var block = new MemoryStream();
        foreach ((string name, string value) in fields)
        {
            block.WriteByte(0);
            WriteText(block, name);
            WriteText(block, value);
        }

        return block.ToArray();
    }

    /// <summary>The fields of an ordinary request.</summary>
    public static (string Name, string Value)[] RequestOf(string method, string path, params (string Name, string Value)[] fields) =>
        [(":method", method), (":scheme", "http"), (":authority", "localhost"), (":path", path), .. fields];

    public static byte[] DataOf(int stream, bool end, string data) => FrameOf(Http2Frame.Data, end ? Http2Frame.EndStream : (byte)0, stream, Encoding.Latin1.GetBytes(data));

    public static byte[] ResetOf(int stream, int code) => FrameOf(Http2Frame.Reset, 0, stream, Number(code));

    public static byte[] WindowUpdateOf(int stream, uint increment) => FrameOf(Http2Frame.WindowUpdate, 0, stream, Number((int)increment));

    public static byte[] Number(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => _wire.SendAsync(bytes);

    /// <summary>Reads a frame, or null when the server has closed.</summary>
    public async Task<Http2Frame?> ReadFrameOrNullAsync()
    {
        byte[] header = new byte[9];
        if (!await TryFillAsync(header)) return null;
        byte[] payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
        if (!await TryFillAsync(payload)) return null;
        int stream = ((header[5] & 0x7F) << 24) | (header[6] << 16) | (header[7] << 8) | header[8];
        return new Http2Frame(header[3], header[4], stream, payload);
    }

    /// <summary>Reads until a frame of this type comes, acknowledging SETTINGS; null when the server closes first.</summary>
    public async Task<Http2Frame?> ReadUntilAsync(byte type) => await ReadUntilAsync(frame => frame.Type == type);

    public async Task<Http2Frame?> ReadUntilAsync(Func<Http2Frame, bool> wanted)
    {
        while (await ReadFrameOrNullAsync() is { } frame)
        {
            if (frame.Type == Http2Frame.Settings && (frame.Flags & Http2Frame.Ack) == 0) await SendAsync(FrameOf(Http2Frame.Settings, Http2Frame.Ack, 0, []));
            if (wanted(frame)) return frame;
        }

        return null;
    }

    /// <summary>Sends GET on a stream and reads its status; the connection may carry others meanwhile, which are passed over.</summary>
    public async Task<int> GetAsync(int stream, string path)
    {
        await SendAsync(HeadersOf(stream, end: true, RequestOf("GET", path)));
        Http2Frame? head = await ReadUntilAsync(frame => frame.Stream == stream && frame.Type is Http2Frame.Headers or Http2Frame.Reset || frame.Type == Http2Frame.GoAway);
        Assert.NotNull(head);
        Assert.Equal(Http2Frame.Headers, head.Type);
        if (!head.EndsStream) await ReadUntilAsync(frame => frame.Stream == stream && frame.EndsStream);
        return head.Status();
    }

    public void Dispose() => _wire.Dispose();

    private static void WriteText(MemoryStream block, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        if (bytes.Length < 127)
        {
            block.WriteByte((byte)bytes.Length);
        }
        else
        {
            block.WriteByte(127);
            int rest = bytes.Length - 127;
            for (; rest >= 128; rest >>= 7) block.WriteByte((byte)(rest | 128));
            block.WriteByte((byte)rest);
        }

        block.Write(bytes);
    }

    private async Task<bool> TryFillAsync(byte[] into)
    {
        int filled = 0;
        while (filled < into.Length)
        {
            int read;
            try
            {
                read = await _wire.ReadSomeAsync(into.AsMemory(filled));
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return false;
            }

            if (read == 0) return false;
            filled += read;
        }

        return true;
    }
}
