using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>The decoder of chunked bodies, against a plain one that needs all bytes at once.</summary>
internal sealed class ChunkedBodyTarget : FuzzTarget
{
    private static readonly ChunkLimits Wide = new();
    private static readonly ChunkLimits Tight = new(extensionBytes: 8, trailerBytes: 32, trailerCount: 2);

    private readonly HeaderTable _trailers = new();

    public override string Name => "ChunkedBody";

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "0\r\n\r\n", "0\r\n", "00000\r\n", "5\r\nhello\r\n", "A\r\n0123456789\r\n", "a;x=y\r\n", ";", ";x", ";x=\"y\r\n\"", " ;x", "\t", "\r\n", "\n", "\r", "\0",
        "ffffffffffffffff\r\n", "fffffffffffffff\r\n", "7fffffff\r\n", "0x5\r\n", "+5\r\n", "-1\r\n", "5 \r\n",
        "T: v\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Host: a\r\n", " T: v\r\n", "T : v\r\n", "GET / HTTP/1.1\r\n",
    ];

    public override ulong Run(byte[] input)
    {
        ulong outcome = Check(input, Wide, Outcome.None);
        return Check(input, Tight, outcome);
    }

    private ulong Check(byte[] input, in ChunkLimits limits, ulong outcome)
    {
        Decoded whole = Decode([input], limits, _trailers);
        Promise.That(whole.Consumed <= input.Length, "No more is taken than there is");
        Promise.That(whole.Body.Length <= input.Length, "A body is no longer than its framing");
        for (int round = 0; round < 3; round++)
        {
            Decoded pieces = Decode(Cuts.Pieces(input, round), limits, _trailers);
            Promise.Same(whole.Kind, pieces.Kind, "The same result however the input is split");
            Promise.Same(whole.Violation, pieces.Violation, "The same violation however the input is split");
            Promise.Same(whole.Trailers, pieces.Trailers, "The same trailers however the input is split");
            Promise.Same(whole.Body, pieces.Body, "The same body however the input is split");
            if (whole.Kind == ChunkStepKind.End) Promise.Same(whole.Consumed, pieces.Consumed, "The same end however the input is split");
        }

        bool tooMuch = whole.Violation is ViolationCode.ChunkExtensionTooLong or ViolationCode.TrailersTooLarge;
        PlainChunks? plain = PlainChunks.ReadOrNull(input);
        if (whole.Kind == ChunkStepKind.End)
        {
            Promise.That(plain is not null, "What the grammar does not allow is not accepted");
            Promise.Same(plain.Body, whole.Body, "The grammar finds the same body");
            Promise.Same(plain.Consumed, whole.Consumed, "The grammar finds the same end");
        }
        else
        {
            Promise.That(plain is null || tooMuch, "What the grammar allows is accepted");
        }

        return outcome.With((int)whole.Kind).With((int)whole.Violation).WithCount(whole.Body.Length).WithCount(whole.Trailers.Length).WithCount(whole.Steps);
    }

    private static Decoded Decode(IEnumerable<ReadOnlyMemory<byte>> pieces, in ChunkLimits limits, HeaderTable trailers)
    {
        trailers.Clear();
        var decoder = new ChunkedDecoder(limits);
        using var body = new MemoryStream();
        int consumed = 0;
        int steps = 0;
        var last = new ChunkStep(ChunkStepKind.NeedMore, 0, 0, 0, ViolationCode.None);
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            ReadOnlySpan<byte> rest = piece.Span;
            do
            {
                last = decoder.Next(rest, trailers);
                steps++;
                Promise.That(last.Start >= 0 && last.Length >= 0 && last.Start + last.Length <= rest.Length && last.Consumed <= rest.Length, "A step lies in its input");
                Promise.That(last.Kind != ChunkStepKind.Data || last.Length > 0, "A run of data is not empty");
                if (last.Kind == ChunkStepKind.Data) body.Write(rest.Slice(last.Start, last.Length));
                if (last.Kind == ChunkStepKind.NeedMore) Promise.Same(rest.Length, last.Consumed, "All input is taken when more is needed");
                consumed += last.Consumed;
                rest = rest[last.Consumed..];
            }
            while (last.Kind == ChunkStepKind.Data && !rest.IsEmpty);
            if (last.Kind is ChunkStepKind.End or ChunkStepKind.Violation) break;
        }

        // A run that used up the input says nothing of what follows; another step does.
        if (last.Kind == ChunkStepKind.Data) last = decoder.Next(default, trailers);
        Promise.Same(last.Kind == ChunkStepKind.End, decoder.IsDone, "It is done when it says so");

        // The byte that breaks the limit is looked at, and recorded, before the limit is broken.
        Promise.That(trailers.Count <= limits.TrailerCount && trailers.BlockLength <= limits.TrailerBytes + 1, "Trailers keep to their limits");
        HeadPromises.HoldsOnlyFields(trailers, new HeadLimits());
        var text = new System.Text.StringBuilder();
        if (last.Kind == ChunkStepKind.End)
        {
            for (int i = 0; i < trailers.Count; i++)
            {
                Promise.That(trailers[i].Known is not (KnownHeader.ContentLength or KnownHeader.TransferEncoding or KnownHeader.Host), "No trailer frames or routes");
                text.Append(System.Text.Encoding.Latin1.GetString(trailers.Name(i))).Append(':').Append(System.Text.Encoding.Latin1.GetString(trailers.Value(i))).Append('\n');
            }
        }

        return new Decoded(last.Kind, last.Violation, System.Text.Encoding.Latin1.GetString(body.ToArray()), text.ToString(), consumed, steps);
    }

    private sealed record Decoded(ChunkStepKind Kind, ViolationCode Violation, string Body, string Trailers, int Consumed, int Steps);

    /// <summary>RFC 9112, 7.1 word for word, without limits but those of numbers.</summary>
    private sealed record PlainChunks(string Body, int Consumed)
    {
        public static PlainChunks? ReadOrNull(ReadOnlySpan<byte> input)
        {
            var body = new System.Text.StringBuilder();
            int at = 0;
            while (true)
            {
                if (!TryLine(input, ref at, out string line)) return null;
                int digits = 0;
                while (digits < line.Length && char.IsAsciiHexDigit(line[digits])) digits++;
                string extension = line[digits..].TrimStart(' ', '\t');
                if (digits is 0 or > 15 || (line.Length > digits && !extension.StartsWith(';'))) return null;
                long size = Convert.ToInt64(line[..digits], 16);
                if (size == 0) break;
                if (size > input.Length - at - 2) return null;
                body.Append(System.Text.Encoding.Latin1.GetString(input.Slice(at, (int)size)));
                at += (int)size;
                if (input[at] != '\r' || input[at + 1] != '\n') return null;
                at += 2;
            }

            while (true)
            {
                if (!TryLine(input, ref at, out string line)) return null;
                if (line.Length == 0) return new PlainChunks(body.ToString(), at);
                int colon = line.IndexOf(':');
                if (colon < 1 || !line[..colon].All(letter => HeadPromises.IsToken((byte)letter))) return null;
            }
        }

        private static bool TryLine(ReadOnlySpan<byte> input, ref int at, out string line)
        {
            line = "";
            int end = input[at..].IndexOf("\r\n"u8);
            if (end < 0) return false;
            line = System.Text.Encoding.Latin1.GetString(input.Slice(at, end));
            at += end + 2;
            return line.All(letter => letter == '\t' || (letter >= ' ' && letter != '\x7f'));
        }
    }
}
