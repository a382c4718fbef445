using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Mapping;

public sealed class HeldBodyTests : IDisposable
{
    private readonly LoopHarness _loop = new();
    private readonly HeldBody _body = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Gives_what_it_holds_in_one_run()
    {
        byte[] run = new byte[10_000];
        Random.Shared.NextBytes(run);
        for (int i = 0; i < 5; i++) _body.Append(run, _loop.Buffers);
        _body.Complete();
        BodyRead read = _loop.Await(_body.ReadBodyAsync());
        Assert.Equal(BodyStatus.End, read.Status);
        Assert.Equal([.. run, .. run, .. run, .. run, .. run], read.Chunk.Span.ToArray());
        Assert.Equal(1, _loop.Buffers.Leased);
        _body.Release(_loop.Buffers);
        Assert.Equal(0, _loop.Buffers.Leased);
    }

    [Fact]
    public void What_is_borrowed_stays_once_it_is_kept()
    {
        byte[] shared = [1, 2, 3, 4, 5];
        _body.Append("of the client"u8, _loop.Buffers);
        _body.Borrow(new ArraySegment<byte>(shared, 1, 3), _loop.Buffers);
        Assert.Equal(0, _loop.Buffers.Leased);
        Assert.True(_body is { IsBorrowed: true, IsWhole: true });
        _body.Keep(_loop.Buffers);
        shared[2] = 9;
        Assert.Equal([2, 3, 4], _body.Span.ToArray());
        Assert.False(_body.IsBorrowed);
        _body.Keep(_loop.Buffers);
        Assert.Equal(1, _loop.Buffers.Leased);
        _body.Release(_loop.Buffers);
        Assert.Equal((0, 0), (_loop.Buffers.Leased, _body.Length));
    }

    [Fact]
    public void What_is_borrowed_and_not_kept_is_let_go_with_the_rest()
    {
        _body.Borrow(new ArraySegment<byte>([1, 2, 3]), _loop.Buffers);
        _body.Release(_loop.Buffers);
        Assert.False(_body.IsBorrowed);
        _body.Keep(_loop.Buffers);
        Assert.Equal((0, 0), (_loop.Buffers.Leased, _body.Length));
    }

    [Fact]
    public void Goes_on_with_the_rest_after_a_prefix()
    {
        var exchange = new FakeExchange(_loop).Receive("POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked", "rest");
        _body.Append("prefix"u8, _loop.Buffers);
        _body.ContinueFrom(exchange);
        Assert.Equal(BodyStatus.Data, _loop.Await(_body.ReadBodyAsync()).Status);
        BodyRead rest = _loop.Await(_body.ReadBodyAsync());
        Assert.Equal((BodyStatus.End, 4), (rest.Status, rest.Chunk.Length));
        _body.Release(_loop.Buffers);
    }

    [Fact]
    public void Gives_nothing_after_its_release_to_a_sender_that_was_given_up()
    {
        _body.Append("abc"u8, _loop.Buffers);
        _body.Complete();
        _body.Release(_loop.Buffers);
        Assert.Equal(BodyStatus.Aborted, _loop.Await(_body.ReadBodyAsync()).Status);
    }

    [Fact]
    public void Gives_a_plans_bytes_without_a_lease()
    {
        _body.Use([1, 2, 3], _loop.Buffers);
        Assert.Equal((true, 3, 0), (_body.IsWhole, _body.Length, _loop.Buffers.Leased));
        Assert.Equal(3, _loop.Await(_body.ReadBodyAsync()).Chunk.Length);
    }
}
