using System.Buffers.Binary;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>A whole HTTP/2 connection: what the server sends must be well-formed, keep to the windows, and end; nothing may be left behind.</summary>
/// <remarks>
/// An input that starts with a byte above 0x7F is sent as it is. Any other is a script, because changes to raw frames seldom leave the
/// lengths right: its first byte is the number of times each step is done (0 counts as 1), and steps follow: the kind, flags, stream,
/// two bytes of length, and so many bytes. Kinds to 0x1F are frame types; 0x40 more puts the fields of a GET, and 0x60 more those of a POST of
/// <c>/big</c>, before the bytes; 0x20 alone lets time pass.
/// </remarks>
internal sealed class Http2ConnectionTarget : FuzzTarget
{
    private const int BigAnswer = 72_000;
    private const byte PassTime = 0x20;

    private static readonly byte[] GetFields = Http2Bytes.Block(":method=GET", ":scheme=http", ":authority=x", ":path=/a");
    private static readonly byte[] PostFields = Http2Bytes.Block(":method=POST", ":scheme=http", ":authority=x", ":path=/big");
    private static readonly byte[] Big = new byte[BigAnswer];

    public override string Name => "Http2Connection";

    public override int LongestInput => 2048;

    // A loop, a server and its pools are made anew for each run, and answers are large.
    public override long MostAllocated => 256 << 20;

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "\x41\x05\x01\0\0", "\x41\x05\x03\0\0", "\x41\x05\x05\0\0", "\x61\x05\x01\0\0", "\x61\x04\x01\0\0", "\x61\x04\x03\0\0", "\x41\x04\x07\0\0", "\x41\x01\x01\0\0", "\x09\x04\x01\0\0",
        "\0\x01\x01\0\x05hello", "\0\0\x01\0\x05hello", "\0\0\x03\0\0", "\0\x01\x03\0\0", "\x03\0\x01\0\x04\0\0\0\x08", "\x03\0\x03\0\x04\0\0\0\x08",
        "\x08\0\0\0\x04\0\x01\0\0", "\x08\0\x01\0\x04\0\x01\0\0", "\x08\0\x01\0\x04\x7f\xff\xff\xff", "\x08\0\x01\0\x04\0\0\0\0", "\x04\0\0\0\x06\0\x04\0\0\0\0", "\x04\0\0\0\x06\0\x04\0\x10\0\0", "\x04\0\0\0\x06\0\x01\0\0\0\0",
        "\x04\x01\0\0\0", "\x06\0\0\0\x08pingping", "\x07\0\0\0\x08\0\0\0\0\0\0\0\0", "\x02\0\x01\0\x05\0\0\0\x03\x10", "\x10\0\0\0\x07\0\0\0\x01u=1", "\x05\x04\x01\0\x04\0\0\0\x02",
        "\x20\x0a\0\0\0", "\x20\xff\0\0\0", "\0\x05trail\x01x", "\0\x0econtent-length\x01" + "5", "\0\x02te\x08trailers", "\0\x08priority\x03u=1", "\x88", "\xbe", "\x20",
    ];

    public override ulong Run(byte[] input)
    {
        ulong outcome = Serve(input, piecewise: false);
        Serve(input, piecewise: true);
        return outcome;
    }

    private static ulong Serve(byte[] input, bool piecewise)
    {
        using var stage = new Http2Stage();
        stage.Handler.Script = AnswerAsync;
        Http2Peer client = stage.Connect();
        var watch = new ServerWatch(client);
        if (input.Length > 0 && input[0] > 0x7F)
        {
            Deliver(stage, client, input.AsMemory(1), piecewise);
        }
        else
        {
            Deliver(stage, client, (byte[])[.. Http2Bytes.Preface, .. Http2Bytes.Settings(), .. Http2Bytes.SettingsAck], piecewise: false);
            watch.Look();
            if (input.Length > 0) Perform(stage, client, watch, input, piecewise);
        }

        watch.Look();
        if (!client.Connection.IsClosed)
        {
            client.Connection.DeliverEnd();
            stage.Loop.Run();
        }

        stage.Loop.Advance(TimeSpan.FromMinutes(3));
        stage.Loop.ThrowUnhandled();
        watch.Look();
        Promise.Same(0, stage.Failures.Count, "No handler fails");
        Promise.That(client.Connection.IsClosed, "A connection whose client is gone closes");
        Promise.Same(0, stage.Limits.Open, "A closed connection is not counted");
        Promise.Same(0, stage.Server.Open, "The server forgets a closed connection");
        Promise.Same(0L, stage.Count("edgeproxy_h2_streams"), "No stream is left");
        Promise.Same(0, stage.Loop.Buffers.Leased, "All memory is given back");
        return watch.Outcome;
    }

    private static void Perform(Http2Stage stage, Http2Peer client, ServerWatch watch, ReadOnlySpan<byte> script, bool piecewise)
    {
        int times = Math.Max(1, (int)script[0]);
        var all = new MemoryStream();
        int at = 1;
        while (script.Length - at >= 5 && !client.Connection.IsClosed)
        {
            byte kind = script[at];
            var flags = (FrameFlags)script[at + 1];
            byte stream = script[at + 2];
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(script[(at + 3)..]), script.Length - at - 5);
            ReadOnlySpan<byte> bytes = script.Slice(at + 5, length);
            at += 5 + length;
            if (kind == PassTime)
            {
                Flush(stage, client, watch, all, piecewise);
                stage.Loop.Advance(TimeSpan.FromMilliseconds(100.0 * (int)flags));
                continue;
            }

            byte[] fields = (kind & 0x60) switch { 0x40 => GetFields, 0x60 => PostFields, _ => [] };
            var type = (FrameType)(kind & 0x1F);
            if (type == FrameType.WindowUpdate && stream == 0 && length == 4) watch.Widen(BinaryPrimitives.ReadUInt32BigEndian(bytes) & int.MaxValue, times);
            byte[] frame = Http2Bytes.Frame(type, flags, stream, (byte[])[.. fields, .. bytes]);
            for (int i = 0; i < times; i++)
            {
                if (fields.Length > 0) BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream + (2 * i));
                all.Write(frame);
            }
        }

        Flush(stage, client, watch, all, piecewise);
    }

    private static void Flush(Http2Stage stage, Http2Peer client, ServerWatch watch, MemoryStream all, bool piecewise)
    {
        Deliver(stage, client, all.ToArray(), piecewise);
        all.SetLength(0);
        watch.Look();
    }

    private static void Deliver(Http2Stage stage, Http2Peer client, ReadOnlyMemory<byte> bytes, bool piecewise)
    {
        FuzzRandom random = FuzzRandom.For(bytes.Span);
        while (!bytes.IsEmpty && !client.Connection.IsClosed)
        {
            int length = piecewise ? Math.Min(1 + random.Below(64), bytes.Length) : bytes.Length;
            client.Connection.Deliver(bytes.Span[..length]);
            stage.Loop.Run();
            bytes = bytes[length..];
        }
    }

    private static async LoopTask AnswerAsync(Exchange exchange)
    {
        (string? body, BodyStatus status) = await ScriptedHandler.ReadAllAsync(exchange);
        if (body is null && status == BodyStatus.Aborted) return;
        if (!exchange.Request.Path.SequenceEqual("/big"u8))
        {
            await ScriptedHandler.AnswerAsync(exchange, body is null ? 400 : 200, "ok");
            return;
        }

        exchange.Response.Status = 200;
        exchange.StartResponse(BodyFraming.Chunked, -1);
        for (int sent = 0; sent < BigAnswer; sent += 24_000)
        {
            if (await exchange.WriteAsync(new BodyChunk(Big, sent, 24_000)) != IoStatus.Ok) return;
        }

        await exchange.EndAsync(BodyChunk.Empty);
    }
}
