using System.Text;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Tests.Http.Http1;

public sealed class Http1BodyReaderTests : IDisposable
{
    private readonly LoopHarness _loop = new();

    [Fact]
    public void No_body_ends_before_anything_is_read()
    {
        foreach ((BodyFraming framing, long length) in new[] { (BodyFraming.None, -1L), (BodyFraming.Length, 0L) })
        {
            using var stream = new Stream(_loop, framing, length);
            stream.Deliver("GET / HTTP/1.1");
            Assert.Equal(("", BodyStatus.End), stream.Read());
            Assert.True(stream.Reader.IsDone);
            Assert.Equal(0, stream.Reader.Received);
        }
    }

    [Theory]
    [InlineData(BodyFraming.Length, "hello, you")]
    [InlineData(BodyFraming.Chunked, "5;x=y\r\nhello\r\n005\r\n, you\r\n0\r\nT: v\r\n\r\n")]
    public void Gives_the_same_body_however_it_is_split_and_leaves_what_follows(BodyFraming framing, string bytes)
    {
        for (int first = 0; first <= bytes.Length; first++)
        {
            for (int second = first; second <= bytes.Length; second++)
            {
                using var stream = new Stream(_loop, framing, framing == BodyFraming.Length ? 10 : -1);
                string body = "";
                BodyStatus status = BodyStatus.Data;
                foreach (string part in new[] { bytes[..first], bytes[first..second], bytes[second..] + "GET /" })
                {
                    Assert.Equal(BodyStatus.Data, status);
                    if (part.Length == 0) continue;
                    stream.Deliver(part);
                    (string more, status) = stream.Read();
                    body += more;
                    if (status == BodyStatus.End && !part.EndsWith("GET /", StringComparison.Ordinal)) stream.Deliver("GET /");
                    if (status == BodyStatus.End) break;
                }

                Assert.Equal(("hello, you", BodyStatus.End), (body, status));
                Assert.Equal(10, stream.Reader.Received);
                Assert.True(stream.Reader.IsDone);
                Assert.Equal("GET /", stream.Rest());
            }
        }
    }

    [Fact]
    public void A_chunked_body_that_is_all_there_ends_with_its_last_bytes()
    {
        using var stream = new Stream(_loop, BodyFraming.Chunked, -1);
        stream.Deliver("5\r\nhello\r\n0\r\n\r\n");
        Assert.True(stream.TryReadOnce(out BodyRead read));
        Assert.Equal(BodyStatus.End, read.Status);
        Assert.Equal("hello", Encoding.Latin1.GetString(read.Chunk.Span));
    }

    [Fact]
    public void The_bytes_before_a_run_are_told_to_be_free()
    {
        using var stream = new Stream(_loop, BodyFraming.Length, 5);
        stream.Deliver("hello");
        Assert.True(stream.TryReadOnce(out BodyRead read));
        Assert.Equal(read.Chunk.Start, read.Chunk.Headroom);
        Assert.True(read.Chunk.Headroom > 0);
    }

    [Fact]
    public void Without_framing_the_body_ends_with_the_connection()
    {
        using var stream = new Stream(_loop, BodyFraming.UntilClose, -1);
        stream.Deliver("hello");
        Assert.Equal(("hello", BodyStatus.Data), stream.Read());
        stream.Deliver(", you");
        Assert.Equal((", you", BodyStatus.Data), stream.Read());
        Assert.False(stream.Reader.IsDone);
        stream.Connection.DeliverEnd();
        Assert.Equal(("", BodyStatus.End), stream.Read());
        Assert.True(stream.Reader.IsDone);
        Assert.Equal(10, stream.Reader.Received);
    }

    [Theory]
    [InlineData(BodyFraming.UntilClose, "hello", BodyStatus.Truncated)]
    [InlineData(BodyFraming.Length, "hello", BodyStatus.End)]
    [InlineData(BodyFraming.Chunked, "5\r\nhello\r\n0\r\n\r\n", BodyStatus.End)]
    public void A_TLS_connection_cut_by_somebody_else_ends_no_body_that_would_end_with_it(BodyFraming framing, string bytes, BodyStatus expected)
    {
        using var stream = new Stream(_loop, framing, framing == BodyFraming.Length ? 5 : -1, truncates: true);
        stream.Deliver(bytes);
        stream.Connection.DeliverEnd();
        Assert.Equal(("hello", expected), stream.Read());
    }

    [Theory]
    [InlineData(BodyFraming.Length, "hell", "hell", false)]
    [InlineData(BodyFraming.Length, "hell", "hell", true)]
    [InlineData(BodyFraming.Chunked, "5\r\nhel", "hel", false)]
    [InlineData(BodyFraming.Chunked, "5\r\nhello\r\n", "hello", false)]
    [InlineData(BodyFraming.Chunked, "5\r\nhello\r\n0\r\n", "hello", false)]
    [InlineData(BodyFraming.Chunked, "5\r\nhello\r\n0\r\n", "hello", true)]
    [InlineData(BodyFraming.UntilClose, "hel", "hel", true)]
    public void A_connection_that_goes_before_the_end_cuts_the_body(BodyFraming framing, string bytes, string expected, bool breaks)
    {
        using var stream = new Stream(_loop, framing, framing == BodyFraming.Length ? 5 : -1);
        stream.Deliver(bytes);
        Assert.Equal((expected, BodyStatus.Data), stream.Read());
        if (breaks) stream.Connection.DeliverReset();
        else stream.Connection.DeliverEnd();
        Assert.Equal(("", BodyStatus.Truncated), stream.Read());
        Assert.False(stream.Reader.IsDone);
    }

    [Fact]
    public void A_closed_connection_aborts_the_body()
    {
        using var stream = new Stream(_loop, BodyFraming.Length, 5);
        stream.Connection.Close();
        Assert.Equal(("", BodyStatus.Aborted), stream.Read());
    }

    [Theory]
    [InlineData(BodyFraming.Length, "hello", 5, BodyStatus.End)]
    [InlineData(BodyFraming.Length, "hello", 4, BodyStatus.TooLarge)]
    [InlineData(BodyFraming.Chunked, "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", 5, BodyStatus.End)]
    [InlineData(BodyFraming.Chunked, "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", 4, BodyStatus.TooLarge)]
    [InlineData(BodyFraming.UntilClose, "hello", 5, BodyStatus.End)]
    [InlineData(BodyFraming.UntilClose, "hello", 0, BodyStatus.TooLarge)]
    public void A_body_may_be_as_large_as_its_limit_and_no_larger(BodyFraming framing, string bytes, long limit, BodyStatus expected)
    {
        using var stream = new Stream(_loop, framing, framing == BodyFraming.Length ? 5 : -1);
        stream.Deliver(bytes);
        if (framing == BodyFraming.UntilClose) stream.Connection.DeliverEnd();
        Assert.Equal(expected, stream.Read(limit).Status);
    }

    [Theory]
    [InlineData("x\r\n")]
    [InlineData("-5\r\nhello\r\n")]
    [InlineData("5\r\nhelloX\r\n0\r\n\r\n")]
    [InlineData("ffffffffffffffffff\r\n")]
    public void Wrong_chunks_are_a_violation_that_is_named(string bytes)
    {
        using var stream = new Stream(_loop, BodyFraming.Chunked, -1);
        stream.Deliver(bytes);
        Assert.Equal(BodyStatus.Violation, stream.Read().Status);
        Assert.NotEqual(ViolationCode.None, stream.Reader.Violation);
        Assert.False(stream.Reader.IsDone);
    }

    [Fact]
    public void Started_again_it_has_forgotten_the_last_body()
    {
        using var stream = new Stream(_loop, BodyFraming.Chunked, -1);
        stream.Deliver("zz\r\n");
        Assert.Equal(BodyStatus.Violation, stream.Read().Status);
        stream.Reader.Start(BodyFraming.Length, 3, new ChunkLimits());
        Assert.Equal((0L, ViolationCode.None, false), (stream.Reader.Received, stream.Reader.Violation, stream.Reader.IsDone));
        Assert.Equal(("zz\r", BodyStatus.End), stream.Read());
    }

    public void Dispose()
    {
        Assert.Equal(0, _loop.Buffers.Leased);
        _loop.ThrowUnhandled();
        _loop.Dispose();
    }

    /// <summary>A connection and the one body on it.</summary>
    private sealed class Stream : IDisposable
    {
        public Http1BodyReader Reader;
        private readonly InboundBuffer _inbound;

        public Stream(LoopHarness loop, BodyFraming framing, long length, bool truncates = false)
        {
            Connection = new MemoryConnection(loop) { Truncates = truncates };
            _inbound = new InboundBuffer(loop.Buffers);
            Reader.Start(framing, length, new ChunkLimits());
        }

        public MemoryConnection Connection { get; }

        public void Deliver(string text) => Connection.Deliver(text);

        public bool TryReadOnce(out BodyRead read, long limit = -1) => Reader.TryRead(Connection, _inbound, limit, out read);

        /// <summary>Reads until there is no more for now, or the body has ended one way or another.</summary>
        public (string Body, BodyStatus Status) Read(long limit = -1)
        {
            var body = new StringBuilder();
            while (TryReadOnce(out BodyRead read, limit))
            {
                body.Append(Encoding.Latin1.GetString(read.Chunk.Span));
                if (read.Status != BodyStatus.Data) return (body.ToString(), read.Status);
            }

            return (body.ToString(), BodyStatus.Data);
        }

        /// <summary>What stands behind the body.</summary>
        public string Rest()
        {
            while (_inbound.Receive(Connection).IsOk)
            {
            }

            return Encoding.Latin1.GetString(_inbound.Unread);
        }

        public void Dispose() => _inbound.Clear();
    }
}
