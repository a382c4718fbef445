using System.Text;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.TestKit;

/// <summary>The other end of an HTTP/2 connection, played by the test.</summary>
public sealed class Http2Peer(LoopHarness loop, MemoryConnection connection)
{
    private readonly HpackDecoder _decoder = new();
    private int _taken;

    public MemoryConnection Connection { get; } = connection;

    /// <summary>Whether the server has ended its direction, or closed.</summary>
    public bool IsEnded => Connection.SendEnded || Connection.IsClosed;

    /// <summary>Delivers bytes as one segment and runs the loop.</summary>
    public void Send(params byte[][] parts)
    {
        Connection.Deliver([.. parts.SelectMany(part => part)]);
        loop.Run();
    }

    /// <summary>Sends, and gives the frames that came back, a line each.</summary>
    public string[] Say(params byte[][] parts)
    {
        Send(parts);
        return Lines();
    }

    /// <summary>The frames that came since the last call, a line each.</summary>
    public string[] Lines() => [.. TakeFrames().Select(frame => frame.ToString())];

    /// <summary>The frames that came since the last call.</summary>
    public List<Http2Frame> TakeFrames()
    {
        byte[] all = Connection.Sent;
        var frames = new List<Http2Frame>();
        while (FrameHeader.TryRead(all.AsSpan(_taken), out FrameHeader header) && all.Length - _taken >= FrameHeader.Size + header.Length)
        {
            byte[] payload = all.AsSpan(_taken + FrameHeader.Size, header.Length).ToArray();
            _taken += FrameHeader.Size + header.Length;
            frames.Add(new Http2Frame(header.Type, header.Flags, (int)header.Stream.Value, payload, header.Type == FrameType.Headers ? Decode(payload) : null));
        }

        return frames;
    }

    /// <summary>Sends, and gives the only frame that came back.</summary>
    public Http2Frame Only(params byte[][] parts)
    {
        Send(parts);
        List<Http2Frame> frames = TakeFrames();
        return frames.Count == 1 ? frames[0] : throw new InvalidOperationException("Frames: " + string.Join("; ", frames));
    }

    /// <summary>Sends, and gives the field block of the first HEADERS frame that came back.</summary>
    public byte[] OnlyHead(params byte[][] parts)
    {
        Send(parts);
        return TakeFrames().First(frame => frame.Type == FrameType.Headers).Payload;
    }

    private string Decode(byte[] block)
    {
        var table = new HeaderTable();

        HpackResult result = _decoder.Decode(block, FieldBlockKind.Response, new HpackLimits(1 << 20, 10_000), table, out PseudoHeaders pseudo);
        if (!result.IsComplete) throw new InvalidOperationException($"The server's field block is {result.Status} {result.Violation}.");
        var text = new StringBuilder();
        if (pseudo.Has(PseudoHeader.Status)) text.Append(":status=").Append(Encoding.Latin1.GetString(table.Slice(pseudo.Status.Start, pseudo.Status.Length)));
        for (int i = 0; i < table.Count; i++)
        {
            // The date changes; that there is one has a test of its own.
            string name = Encoding.Latin1.GetString(table.Name(i));
            text.Append(text.Length > 0 ? " " : "").Append(name).Append('=').Append(name == "date" ? "now" : Encoding.Latin1.GetString(table.Value(i)));
        }

        return text.ToString();
    }
}
