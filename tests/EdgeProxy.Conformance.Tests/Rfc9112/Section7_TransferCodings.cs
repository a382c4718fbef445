using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeProxy.Conformance.Tests.Rfc9112;

public sealed class Section7_TransferCodings
{
    [Theory]
    [InlineData("0\r\n\r\n", "")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "hello")]
    [InlineData("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc")]
    [InlineData("A\r\n0123456789\r\n0\r\n\r\n", "0123456789")]
    [InlineData("a\r\n0123456789\r\n0\r\n\r\n", "0123456789")]
    [InlineData("0005\r\nhello\r\n000\r\n\r\n", "hello")]
    [InlineData("2\r\n\r\n\r\n0\r\n\r\n", "\r\n")]
    [InlineData("5;a\r\nhello\r\n0;b=c\r\n\r\n", "hello")]
    [InlineData("5;a=\"b;c\"\r\nhello\r\n0\r\n\r\n", "hello")]
    [InlineData("5 ;a\r\nhello\r\n0\t ; x\r\n\r\n", "hello")]
    [InlineData("5\r\nhello\r\n0\r\nX: y\r\nZ:\r\n\r\n", "hello")]
    public void Finds_the_body_however_the_bytes_arrive(string coded, string body)
    {
        byte[] bytes = Heads.Bytes(coded);
        Assert.Equal((ChunkStepKind.End, body, bytes.Length), Decode(bytes, [bytes.Length]));
        Assert.Equal((ChunkStepKind.End, body, bytes.Length), Decode(bytes, [1]));
        for (int split = 1; split < bytes.Length; split++)
        {
            Assert.Equal((ChunkStepKind.End, body, bytes.Length), Decode(bytes, [split, bytes.Length]));
            Assert.NotEqual(ChunkStepKind.End, Decode(bytes.AsSpan(0, split), [split]).Kind);
        }
    }

    [Fact]
    public void Leaves_what_follows_the_last_chunk()
    {
        byte[] bytes = Heads.Bytes("1\r\na\r\n0\r\n\r\nGET / HTTP/1.1\r\n");
        Assert.Equal((ChunkStepKind.End, "a", 11), Decode(bytes, [bytes.Length]));
    }

    [Theory]
    [InlineData("\r\n", ViolationCode.BadChunkSize)]
    [InlineData(" 5\r\nhello\r\n", ViolationCode.BadChunkSize)]
    [InlineData("+5\r\nhello\r\n", ViolationCode.BadChunkSize)]
    [InlineData("-5\r\n", ViolationCode.BadChunkSize)]
    [InlineData("0x5\r\nhello\r\n", ViolationCode.BadChunkSize)]
    [InlineData("g\r\n", ViolationCode.BadChunkSize)]
    [InlineData("5 \r\nhello\r\n", ViolationCode.BadChunkSize)]
    [InlineData("5\t\r\nhello\r\n", ViolationCode.BadChunkSize)]
    [InlineData("5 5\r\nhello\r\n", ViolationCode.BadChunkSize)]
    [InlineData("5\nhello\r\n", ViolationCode.BadChunkSize)]
    [InlineData("5\rhello\r\n", ViolationCode.BadChunkSize)]
    [InlineData("5;a\nhello\r\n", ViolationCode.BadChunkSize)]
    [InlineData("5;a\rb\r\nhello\r\n", ViolationCode.BadChunkSize)]
    [InlineData("5;\0\r\nhello\r\n", ViolationCode.BadChunkSize)]
    [InlineData(";a\r\n", ViolationCode.BadChunkSize)]
    [InlineData("ffffffffffffffff\r\n", ViolationCode.BadChunkSize)]
    [InlineData("10000000000000005\r\nhello\r\n", ViolationCode.BadChunkSize)]
    [InlineData("5\r\nhelloX\r\n", ViolationCode.BadChunkEnd)]
    [InlineData("5\r\nhello\n0\r\n\r\n", ViolationCode.BadChunkEnd)]
    [InlineData("5\r\nhello\rX", ViolationCode.BadChunkEnd)]
    [InlineData("5\r\nhello0\r\n\r\n", ViolationCode.BadChunkEnd)]
    [InlineData("0\r\n\n", ViolationCode.BadTrailer)]
    [InlineData("0\r\n\rX", ViolationCode.BadTrailer)]
    [InlineData("0\r\nX: y\n\r\n", ViolationCode.BadTrailer)]
    [InlineData("0\r\nX: y\rz\r\n\r\n", ViolationCode.BadTrailer)]
    [InlineData("0\r\nX : y\r\n\r\n", ViolationCode.BadTrailer)]
    [InlineData("0\r\nX\r\n\r\n", ViolationCode.BadTrailer)]
    [InlineData("0\r\n: y\r\n\r\n", ViolationCode.BadTrailer)]
    [InlineData("0\r\n X: y\r\n\r\n", ViolationCode.BadTrailer)]
    [InlineData("0\r\nX: y\r\n z\r\n\r\n", ViolationCode.BadTrailer)]
    [InlineData("0\r\nX: \0\r\n\r\n", ViolationCode.BadTrailer)]
    [InlineData("0\r\nGET / HTTP/1.1\r\n\r\n", ViolationCode.BadTrailer)]
    public void Refuses_wrong_framing_however_the_bytes_arrive(string coded, ViolationCode violation)
    {
        byte[] bytes = Heads.Bytes(coded);
        Assert.Equal(violation, Break(bytes, [bytes.Length], new ChunkLimits()));
        for (int split = 1; split < bytes.Length; split++) Assert.Equal(violation, Break(bytes, [split, bytes.Length], new ChunkLimits()));
        Assert.Equal(violation, Break(bytes, [1], new ChunkLimits()));
    }

    [Fact]
    public void Reads_the_largest_size_that_can_be_sent()
    {
        var decoder = new ChunkedDecoder();
        ChunkStep step = decoder.Next("fffffffffffffff\r\nabc"u8);
        Assert.Equal((ChunkStepKind.Data, 17, 3, 20), (step.Kind, step.Start, step.Length, step.Consumed));
        Assert.Equal(ChunkStepKind.Data, decoder.Next("d"u8).Kind);
    }

    [Fact]
    public void Says_a_violation_again_whatever_comes_after_it()
    {
        var decoder = new ChunkedDecoder();
        Assert.Equal(ViolationCode.BadChunkSize, decoder.Next("x"u8).Violation);
        Assert.Equal(ViolationCode.BadChunkSize, decoder.Next("0\r\n\r\n"u8).Violation);
        Assert.False(decoder.IsDone);
    }

    [Fact]
    public void Says_the_end_again_and_takes_nothing_more()
    {
        var decoder = new ChunkedDecoder();
        Assert.Equal(5, decoder.Next("0\r\n\r\nG"u8).Consumed);
        ChunkStep again = decoder.Next("GET"u8);
        Assert.Equal((ChunkStepKind.End, 0), (again.Kind, again.Consumed));
        Assert.True(decoder.IsDone);
    }

    [Fact]
    public void Limits_the_extension_of_one_chunk_to_1_kb()
    {
        string allowed = "1;" + new string('e', 1023) + "\r\na\r\n0\r\n\r\n";
        Assert.Equal(ChunkStepKind.End, Decode(Heads.Bytes(allowed), [100]).Kind);
        byte[] over = Heads.Bytes(allowed.Replace(";", ";e", StringComparison.Ordinal));
        Assert.Equal(ViolationCode.ChunkExtensionTooLong, Break(over, [over.Length], new ChunkLimits()));
        Assert.Equal(ViolationCode.ChunkExtensionTooLong, Break(over, [1], new ChunkLimits()));
        byte[] spaces = Heads.Bytes("1" + new string(' ', 2000));
        Assert.Equal(ViolationCode.ChunkExtensionTooLong, Break(spaces, [7], new ChunkLimits()));
    }

    [Fact]
    public void Refuses_a_body_that_is_nearly_all_extensions()
    {
        string chunk = "1;" + new string('e', 1000) + "\r\na\r\n";
        byte[] bytes = Heads.Bytes(string.Concat(Enumerable.Repeat(chunk, 50)));
        Assert.Equal(ViolationCode.ChunkExtensionTooLong, Break(bytes, [bytes.Length], new ChunkLimits()));
    }

    [Fact]
    public void Takes_any_number_of_plain_one_byte_chunks()
    {
        byte[] bytes = Heads.Bytes(string.Concat(Enumerable.Repeat("1\r\na\r\n", 20_000)) + "0\r\n\r\n");
        Assert.Equal((ChunkStepKind.End, new string('a', 20_000), bytes.Length), Decode(bytes, [4096]));
    }

    [Fact]
    public void Limits_bytes_and_lines_of_trailers()
    {
        var limits = new ChunkLimits(trailerBytes: 20, trailerCount: 2);
        byte[] exact = Heads.Bytes("0\r\nA: 456789012345678\r\n\r\n"); // name, colon, value, CRLF: 20
        var decoder = new ChunkedDecoder(limits);
        Assert.Equal(ChunkStepKind.End, decoder.Next(exact).Kind);

        foreach (string trailers in new[] { "A: 4567890123456789\r\n\r\n", "A: 345678901234567890123456", "ANameThatIsMuchTooLongForIt", "A:\r\nB:\r\nC:\r\n\r\n" })
        {
            byte[] over = Heads.Bytes("0\r\n" + trailers);
            Assert.Equal(ViolationCode.TrailersTooLarge, Break(over, [over.Length], limits));
            Assert.Equal(ViolationCode.TrailersTooLarge, Break(over, [1], limits));
            Assert.Equal(ViolationCode.TrailersTooLarge, Break(over, [5], limits));
        }
    }

    [Fact]
    public void Records_trailers_however_the_bytes_arrive()
    {
        byte[] bytes = Heads.Bytes("1\r\na\r\n0\r\nX-Sum:  abc \t\r\ngrpc-status: 0\r\nEmpty:\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\nHost: b\r\nSet-Cookie: c\r\nLast: 1\r\n\r\n");
        for (int size = 1; size <= bytes.Length; size++)
        {
            var trailers = new HeaderTable();
            Assert.Equal(ChunkStepKind.End, Decode(bytes, [size], trailers).Kind);
            IEnumerable<string> fields = Enumerable.Range(0, trailers.Count).Select(i => Heads.Text(trailers.Name(i)) + "=" + Heads.Text(trailers.Value(i)));
            Assert.Equal(["X-Sum=abc", "grpc-status=0", "Empty=", "Last=1"], fields);
        }
    }

    [Fact]
    public void What_the_writer_chunks_the_decoder_finds_in_any_split()
    {
        Gen<(byte[][] Chunks, int[] Sizes)> gen =
            from chunks in Gen.ArrayOf(Gen.NonEmptyListOf(Gen.Choose(0, 255).Select(value => (byte)value)).Select(list => list.ToArray()))
            from sizes in Gen.NonEmptyListOf(Gen.Choose(1, 40)).Select(list => list.ToArray())
            select (chunks, sizes);

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(Arb.From(gen), input =>
            {
                byte[] coded = Encode(input.Chunks);
                string body = Heads.Text(input.Chunks.SelectMany(chunk => chunk).ToArray());
                return Decode(coded, input.Sizes) == (ChunkStepKind.End, body, coded.Length);
            }));
    }

    [Fact]
    public void Random_damage_never_throws_and_is_judged_the_same_in_every_split()
    {
        byte[] sample = Heads.Bytes("5;ab=c\r\nhello\r\n1 ;d\r\n!\r\n0\r\nX: y\r\nZz: aa\r\n\r\nrest");
        byte[] interesting = Heads.Bytes("\r\n\t :;\00159afAFgx\u007f\u0080");
        var limits = new ChunkLimits(extensionBytes: 8, trailerBytes: 24, trailerCount: 2);
        var random = new Random(20261122);
        for (int round = 0; round < 20_000; round++)
        {
            List<byte> bytes = [.. sample];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                int at = random.Next(bytes.Count);
                byte value = interesting[random.Next(interesting.Length)];
                if (random.Next(3) == 0) bytes.RemoveAt(at);
                else if (random.Next(2) == 0) bytes.Insert(at, value);
                else bytes[at] = value;
            }

            byte[] damaged = [.. bytes];
            var whole = Outcome(damaged, [damaged.Length], limits);
            Assert.Equal(whole, Outcome(damaged, [1], limits));
            Assert.Equal(whole, Outcome(damaged, [random.Next(1, 9), random.Next(1, 9)], limits));
        }
    }

    private static byte[] Encode(byte[][] chunks)
    {
        byte[] room = new byte[chunks.Sum(chunk => chunk.Length + Http1Writer.LongestChunkSizeLine + 2) + 5];
        var writer = new ByteWriter(room);
        foreach (byte[] chunk in chunks)
        {
            Http1Writer.WriteChunkSize(ref writer, chunk.Length);
            writer.Write(chunk);
            writer.Write(Http1Writer.ChunkEnd);
        }

        writer.Write(Http1Writer.LastChunk);
        Assert.False(writer.Overflowed);
        return writer.Written.ToArray();
    }

    private static ViolationCode Break(byte[] bytes, int[] sizes, ChunkLimits limits)
    {
        (ChunkStepKind kind, ViolationCode violation, _, _) = Outcome(bytes, sizes, limits);
        Assert.Equal(ChunkStepKind.Violation, kind);
        return violation;
    }

    private static (ChunkStepKind Kind, string Body, int Consumed) Decode(ReadOnlySpan<byte> bytes, int[] sizes, HeaderTable? trailers = null)
    {
        (ChunkStepKind kind, _, string body, int consumed) = Outcome(bytes, sizes, new ChunkLimits(), trailers);
        return (kind, body, consumed);
    }

    /// <summary>Feeds the bytes in pieces of these sizes, over and over, each as memory of its own.</summary>
    private static (ChunkStepKind Kind, ViolationCode Violation, string Body, int Consumed) Outcome(
        ReadOnlySpan<byte> bytes, int[] sizes, ChunkLimits limits, HeaderTable? trailers = null)
    {
        var decoder = new ChunkedDecoder(limits);
        var body = new List<byte>();
        int fed = 0;
        for (int turn = 0; fed < bytes.Length; turn++)
        {
            byte[] piece = bytes.Slice(fed, Math.Min(sizes[turn % sizes.Length], bytes.Length - fed)).ToArray();
            int at = 0;
            while (true)
            {
                ChunkStep step = decoder.Next(piece.AsSpan(at), trailers);
                if (step.Kind == ChunkStepKind.Data) body.AddRange(piece.AsSpan(at + step.Start, step.Length).ToArray());
                at += step.Consumed;
                if (step.Kind is ChunkStepKind.End or ChunkStepKind.Violation)
                {
                    return (step.Kind, step.Violation, Heads.Text(body.ToArray()), step.Kind == ChunkStepKind.End ? fed + at : 0);
                }

                if (step.Kind == ChunkStepKind.NeedMore)
                {
                    Assert.Equal(piece.Length, at);
                    break;
                }
            }

            fed += piece.Length;
        }

        return (ChunkStepKind.NeedMore, ViolationCode.None, Heads.Text(body.ToArray()), fed);
    }
}
