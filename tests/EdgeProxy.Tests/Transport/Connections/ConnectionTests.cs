using EdgeProxy.Core.Concurrency;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Tests.Transport.Connections;

public sealed class ConnectionTests : IDisposable
{
    private const long Second = 1_000_000_000;

    private readonly LoopHarness _loop = new();
    private readonly MemoryConnection _connection;
    private readonly Owner _owner = new();
    private readonly byte[] _room = new byte[64 * 1024];

    public ConnectionTests() => _connection = new MemoryConnection(_loop) { Owner = _owner };

    [Fact]
    public void Receives_what_is_there_and_says_when_there_is_no_more()
    {
        Assert.Equal(IoResult.Of(IoStatus.WouldBlock), _connection.TryReceive(_room));
        _connection.Deliver("hello");
        Assert.True(_connection.MayReceive);
        Assert.Equal(IoResult.Ok(5), _connection.TryReceive(_room));
        Assert.Equal(IoResult.Of(IoStatus.WouldBlock), _connection.TryReceive(_room));
        Assert.False(_connection.MayReceive);
    }

    [Fact]
    public void Has_no_more_than_its_share_of_a_turn()
    {
        _connection.Deliver(new byte[Connection.TurnBudget * 2]);
        int received = 0;
        while (_connection.TryReceive(_room) is { IsOk: true } result) received += result.Count;
        Assert.Equal(Connection.TurnBudget, received);

        LoopTask<IoStatus> waiting = _connection.ReadableAsync(long.MaxValue);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(IoStatus.Ok, _loop.Await(waiting)); // in the next turn, without another event
        Assert.True(_connection.TryReceive(_room).IsOk);
    }

    [Fact]
    public void Waits_until_something_can_be_read()
    {
        LoopTask<IoStatus> waiting = _connection.ReadableAsync(long.MaxValue);
        _loop.Run();
        Assert.False(waiting.IsCompleted);
        _connection.Deliver("x");
        Assert.Equal(IoStatus.Ok, _loop.Await(waiting));
        Assert.Equal(0, _owner.Readable); // whoever waits is told, and nobody else
    }

    [Fact]
    public void Does_not_wait_for_what_is_there()
    {
        _connection.Deliver("x");
        Assert.True(_connection.ReadableAsync(0).IsCompleted);
        Assert.True(_connection.WritableAsync(0).IsCompleted);
    }

    [Fact]
    public void A_wait_ends_at_its_deadline_and_the_next_one_waits_again()
    {
        LoopTask<IoStatus> waiting = _connection.ReadableAsync(_loop.Now + Second);
        _loop.Advance(TimeSpan.FromMilliseconds(900));
        Assert.False(waiting.IsCompleted);
        _loop.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(IoStatus.TimedOut, _loop.Await(waiting));
        waiting = _connection.ReadableAsync(_loop.Now + Second);
        _connection.Deliver("x");
        Assert.Equal(IoStatus.Ok, _loop.Await(waiting));
        Assert.Equal(IoStatus.Ok, _loop.Await(_connection.ReadableAsync(_loop.Now)));
    }

    [Fact]
    public void A_deadline_that_has_passed_ends_the_wait_at_once()
    {
        Assert.Equal(IoStatus.TimedOut, _loop.Await(_connection.ReadableAsync(_loop.Now)));
        FillUp();
        Assert.Equal(IoStatus.TimedOut, _loop.Await(_connection.WritableAsync(_loop.Now)));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    public void Reading_and_writing_wait_each_for_its_own_deadline(int read, int write)
    {
        FillUp();
        LoopTask<IoStatus> reading = _connection.ReadableAsync(_loop.Now + (read * Second));
        LoopTask<IoStatus> writing = _connection.WritableAsync(_loop.Now + (write * Second));
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((read < write, write < read), (reading.IsCompleted, writing.IsCompleted));
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(IoStatus.TimedOut, _loop.Await(reading));
        Assert.Equal(IoStatus.TimedOut, _loop.Await(writing));
    }

    [Fact]
    public void A_short_send_waits_for_room()
    {
        _connection.SendRoom = 3;
        Assert.Equal(IoResult.Ok(3), _connection.TrySend("hello"u8));
        Assert.Equal(IoResult.Of(IoStatus.WouldBlock), _connection.TrySend("lo"u8));
        LoopTask<IoStatus> waiting = _connection.WritableAsync(long.MaxValue);
        _loop.Run();
        Assert.False(waiting.IsCompleted);
        _connection.MakeRoom(10);
        Assert.Equal(IoStatus.Ok, _loop.Await(waiting));
        Assert.Equal(IoResult.Ok(2), _connection.TrySend("lo"u8));
        Assert.Equal("hello", _connection.TakeSent());
    }

    [Fact]
    public void The_owner_hears_what_nobody_waits_for()
    {
        _connection.Deliver("x");
        Assert.Equal((1, 0, 0), (_owner.Readable, _owner.Reset, _owner.Deadline));
        _connection.SetIdleDeadline(_loop.Now + Second);
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((1, 0, 1), (_owner.Readable, _owner.Reset, _owner.Deadline));
        _connection.DeliverReset();
        Assert.Equal((1, 1, 1), (_owner.Readable, _owner.Reset, _owner.Deadline));
    }

    [Fact]
    public void Only_the_last_idle_deadline_counts()
    {
        _connection.SetIdleDeadline(_loop.Now + Second);
        _connection.SetIdleDeadline(_loop.Now + (5 * Second));
        _loop.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, _owner.Deadline);
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, _owner.Deadline);
        _connection.SetIdleDeadline(_loop.Now + Second);
        _connection.SetIdleDeadline(long.MaxValue);
        _loop.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1, _owner.Deadline);
    }

    [Fact]
    public void What_came_before_the_end_is_read_before_it()
    {
        _connection.Deliver("last words");
        _connection.DeliverEnd();
        Assert.Equal(IoResult.Ok(10), _connection.TryReceive(_room));
        Assert.Equal(IoStatus.Ok, _loop.Await(_connection.ReadableAsync(0)));
        Assert.Equal(IoStatus.Closed, _connection.TryReceive(_room).Status);
        Assert.True(_connection.TrySend("we may still send"u8).IsOk);
    }

    [Fact]
    public void What_came_before_a_break_is_read_before_it_and_nothing_is_sent()
    {
        _connection.Deliver("x");
        _connection.DeliverReset();
        Assert.True(_connection.IsBroken);
        Assert.Equal(IoResult.Ok(1), _connection.TryReceive(_room));
        Assert.Equal(IoStatus.Reset, _connection.TryReceive(_room).Status);
        Assert.Equal(IoStatus.Reset, _connection.TryReceive(_room).Status);
        Assert.Equal(IoStatus.Reset, _connection.TrySend("y"u8).Status);
        Assert.Equal(IoStatus.Reset, _loop.Await(_connection.ReadableAsync(long.MaxValue)));
        Assert.Equal(IoStatus.Reset, _loop.Await(_connection.WritableAsync(long.MaxValue)));
    }

    [Fact]
    public void A_break_ends_both_waits()
    {
        FillUp();
        LoopTask<IoStatus> reading = _connection.ReadableAsync(long.MaxValue);
        LoopTask<IoStatus> writing = _connection.WritableAsync(long.MaxValue);
        _connection.DeliverReset();
        Assert.Equal(IoStatus.Ok, _loop.Await(reading)); // the receive tells
        Assert.Equal(IoStatus.Reset, _connection.TryReceive(_room).Status);
        Assert.Equal(IoStatus.Reset, _loop.Await(writing));
    }

    [Fact]
    public void Closing_ends_the_waits_and_all_that_follows()
    {
        FillUp();
        LoopTask<IoStatus> reading = _connection.ReadableAsync(_loop.Now + Second);
        LoopTask<IoStatus> writing = _connection.WritableAsync(_loop.Now + Second);
        _connection.Close();
        Assert.Equal(IoStatus.Aborted, _loop.Await(reading));
        Assert.Equal(IoStatus.Aborted, _loop.Await(writing));
        AssertIsClosed();
        _loop.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, _owner.Deadline);
    }

    [Fact]
    public void An_event_that_comes_after_the_close_changes_nothing()
    {
        _connection.Close();
        _connection.Deliver("too late");
        _connection.MakeRoom(100);
        AssertIsClosed();
        _connection.DeliverEnd();
        Assert.Equal(0, _owner.Readable);
        AssertIsClosed();
    }

    [Fact]
    public void Giving_a_read_up_leaves_the_write_and_the_connection()
    {
        FillUp();
        LoopTask<IoStatus> reading = _connection.ReadableAsync(long.MaxValue);
        LoopTask<IoStatus> writing = _connection.WritableAsync(long.MaxValue);
        _connection.AbortRead();
        Assert.Equal(IoStatus.Aborted, _loop.Await(reading));
        Assert.False(writing.IsCompleted);
        _connection.AbortWaits();
        Assert.Equal(IoStatus.Aborted, _loop.Await(writing));
        Assert.False(_connection.IsClosed);
        _connection.Deliver("x");
        Assert.Equal(IoResult.Ok(1), _connection.TryReceive(_room));
    }

    public void Dispose()
    {
        _loop.ThrowUnhandled();
        _loop.Dispose();
    }

    private void FillUp()
    {
        _connection.SendRoom = 1;
        _connection.TrySend("ab"u8);
    }

    private void AssertIsClosed()
    {
        Assert.True(_connection.IsClosed);
        Assert.Equal(IoStatus.Aborted, _connection.TryReceive(_room).Status);
        Assert.Equal(IoStatus.Aborted, _connection.TrySend("x"u8).Status);
        Assert.Equal(IoStatus.Aborted, _loop.Await(_connection.ReadableAsync(long.MaxValue)));
        Assert.Equal(IoStatus.Aborted, _loop.Await(_connection.WritableAsync(long.MaxValue)));
    }

    private sealed class Owner : IConnectionOwner
    {
        public int Readable { get; private set; }

        public int Reset { get; private set; }

        public int Deadline { get; private set; }

        public void OnReadable() => Readable++;

        public void OnReset() => Reset++;

        public void OnDeadline() => Deadline++;
    }
}
