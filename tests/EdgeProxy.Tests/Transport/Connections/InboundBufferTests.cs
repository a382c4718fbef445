using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Tests.Transport.Connections;

public sealed class InboundBufferTests : IDisposable
{
    private readonly LoopHarness _loop = new();
    private readonly MemoryConnection _connection;
    private readonly InboundBuffer _inbound;

    public InboundBufferTests()
    {
        _connection = new MemoryConnection(_loop);
        _inbound = new InboundBuffer(_loop.Buffers);
    }

    [Fact]
    public void Receives_into_the_loops_scratch_and_leases_nothing()
    {
        Assert.Equal(5, Receive("hello").Count);
        Assert.Equal("hello", Text(_inbound));
        Assert.Equal(LoopBuffers.Headroom, _inbound.Start);
        Assert.Equal("hello", Encoding.Latin1.GetString(_inbound.Bytes, _inbound.Start, 5));
        Assert.Equal(0, _loop.Buffers.Leased);
    }

    [Fact]
    public void What_is_read_is_no_longer_unread_and_becomes_headroom()
    {
        Receive("hello");
        _inbound.Consume(2);
        Assert.Equal("llo", Text(_inbound));
        Assert.Equal(LoopBuffers.Headroom + 2, _inbound.Start);
        _inbound.Consume(3);
        Assert.Equal(0, _inbound.Length);
    }

    [Fact]
    public void What_is_unread_survives_another_connections_receive()
    {
        Receive("first");
        _inbound.Consume(1);
        var otherConnection = new MemoryConnection(_loop);
        var other = new InboundBuffer(_loop.Buffers);
        otherConnection.Deliver("second");
        Assert.True(other.Receive(otherConnection).IsOk);
        Assert.Equal("irst", Text(_inbound));
        Assert.Equal("second", Text(other));
        Assert.Equal(1, _loop.Buffers.Leased);
        _inbound.Clear();
        other.Clear();
        Assert.Equal(0, _loop.Buffers.Leased);
    }

    [Fact]
    public void What_was_read_whole_is_not_saved_for_anybody()
    {
        Receive("first");
        _inbound.Consume(5);
        var otherConnection = new MemoryConnection(_loop);
        var other = new InboundBuffer(_loop.Buffers);
        otherConnection.Deliver("second");
        other.Receive(otherConnection);
        Assert.Equal(0, _loop.Buffers.Leased);
        Assert.Equal("second", Text(other));
    }

    [Fact]
    public void More_is_put_behind_what_is_unread()
    {
        Receive("GET /");
        _inbound.Consume(4);
        Receive("a HTTP");
        Receive("/1.1");
        Assert.Equal("/a HTTP/1.1", Text(_inbound));
        Assert.Equal(1, _loop.Buffers.Leased);
    }

    [Fact]
    public void The_block_goes_back_when_what_was_in_it_is_read_and_more_comes()
    {
        Receive("a");
        Receive("b");
        _inbound.Consume(2);
        Receive("c");
        Assert.Equal("c", Text(_inbound));
        Assert.Equal(0, _loop.Buffers.Leased);
    }

    [Fact]
    public void Makes_room_by_moving_what_is_unread_before_it_takes_a_larger_buffer()
    {
        Receive(new string('a', 10));
        Receive(new string('b', LoopBuffers.BlockSize - 10));
        byte[] block = _inbound.Bytes;
        _inbound.Consume(LoopBuffers.BlockSize - 4);
        Receive(new string('c', 100));
        Assert.Same(block, _inbound.Bytes);
        Assert.Equal("bbbb" + new string('c', 100), Text(_inbound));
        Assert.Equal(1, _loop.Buffers.Leased);
    }

    [Fact]
    public void Grows_as_long_as_nothing_is_read_and_gives_all_of_it_back()
    {
        var expected = new StringBuilder();
        for (int i = 0; i < 20; i++)
        {
            string part = new((char)('a' + i), 5000);
            expected.Append(part);
            _connection.Deliver(part);
            while (_inbound.Length < expected.Length) Assert.True(_inbound.Receive(_connection).IsOk);
        }

        Assert.Equal(expected.ToString(), Text(_inbound));
        Assert.Equal(1, _loop.Buffers.Leased);
        _inbound.Clear();
        Assert.Equal(0, _inbound.Length);
        Assert.Equal(0, _loop.Buffers.Leased);
    }

    [Fact]
    public void Tells_how_a_receive_ended_and_keeps_what_is_unread()
    {
        Assert.Equal(IoStatus.WouldBlock, _inbound.Receive(_connection).Status);
        Receive("ab");
        Assert.Equal(IoStatus.WouldBlock, _inbound.Receive(_connection).Status);
        _connection.DeliverEnd();
        Assert.Equal(IoStatus.Closed, _inbound.Receive(_connection).Status);
        Assert.Equal("ab", Text(_inbound));
    }

    [Fact]
    public void A_receive_that_found_nothing_holds_no_scratch()
    {
        _inbound.Receive(_connection);
        var holder = new InboundBuffer(_loop.Buffers);
        var connection = new MemoryConnection(_loop);
        connection.Deliver("x");
        holder.Receive(connection);
        Assert.Equal("x", Text(holder));
        Assert.Equal(0, _loop.Buffers.Leased);
    }

    [Fact]
    public void Cleared_it_has_forgotten_what_was_in_the_scratch()
    {
        Receive("secret");
        _inbound.Clear();
        Assert.Equal(0, _inbound.Length);
        Assert.Empty(_inbound.Bytes);
        Receive("next");
        Assert.Equal("next", Text(_inbound));
        Assert.Equal(0, _loop.Buffers.Leased);
    }

    [Fact]
    public void Receiving_and_reading_allocates_nothing()
    {
        var source = new Endless(_loop);
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            _loop.Run(); // a connection may receive so much a turn
            for (int i = 0; i < 1000; i++) Once(source);
        }));
        Assert.Equal(0, _loop.Buffers.Leased);
    }

    public void Dispose()
    {
        _inbound.Clear();
        _loop.ThrowUnhandled();
        _loop.Dispose();
    }

    private static string Text(InboundBuffer inbound) => Encoding.Latin1.GetString(inbound.Unread);

    private IoResult Receive(string text)
    {
        _connection.Deliver(text);
        IoResult result = _inbound.Receive(_connection);
        Assert.True(result.IsOk);
        return result;
    }

    // In two pieces, so that the second moves the first into a block.
    private void Once(Endless source)
    {
        source.Ready();
        if (!_inbound.Receive(source).IsOk) throw new InvalidOperationException("Nothing came.");
        source.Ready();
        if (!_inbound.Receive(source).IsOk) throw new InvalidOperationException("Nothing came.");
        _inbound.Consume(_inbound.Length);
        _inbound.Clear();
    }

    /// <summary>Has a hundred bytes whenever it is told so.</summary>
    private sealed class Endless(EventLoop loop) : Connection(loop)
    {
        public void Ready() => OnEvents(readable: true, writable: false, ended: false, broken: false);

        public override void ShutdownSend()
        {
        }

        public override void Break() => Close();

        protected override IoResult Receive(Span<byte> destination)
        {
            destination[..100].Fill((byte)'x');
            return IoResult.Ok(100);
        }

        protected override IoResult Send(ReadOnlySpan<byte> source) => IoResult.Ok(source.Length);

        protected override void CloseSocket()
        {
        }
    }
}
