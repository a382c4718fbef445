using EdgeProxy.Http.Http2.FlowControl;

namespace EdgeProxy.Tests.Http.Http2.FlowControl;

public sealed class WindowTests
{
    [Fact]
    public void A_send_window_shrinks_by_what_is_sent_and_grows_by_updates()
    {
        var window = new SendWindow(100);
        window.Take(60);
        Assert.Equal(40, window.Left);
        Assert.True(window.TryGrow(10));
        Assert.Equal(50, window.Left);
    }

    [Fact]
    public void A_send_window_never_passes_the_largest_of_the_protocol()
    {
        var window = new SendWindow(1);
        Assert.False(window.TryGrow(int.MaxValue));
        Assert.Equal(1, window.Left);
        Assert.True(window.TryGrow(int.MaxValue - 1));
        Assert.False(window.TryAdjust(1));
        Assert.Equal(int.MaxValue, window.Left);
    }

    [Fact]
    public void A_send_window_may_fall_below_zero_by_settings()
    {
        var window = new SendWindow(100);
        window.Take(90);
        Assert.True(window.TryAdjust(-50));
        Assert.Equal(-40, window.Left);
        Assert.True(window.TryGrow(41));
        Assert.Equal(1, window.Left);
    }

    [Fact]
    public void A_receive_window_refuses_more_than_it_allowed()
    {
        var window = new ReceiveWindow(100);
        Assert.True(window.TryTake(100));
        Assert.False(window.TryTake(1));
    }

    [Fact]
    public void A_receive_window_gives_back_consumed_bytes_in_halves()
    {
        var window = new ReceiveWindow(100);
        Assert.True(window.TryTake(100));
        Assert.Equal(0, window.Consume(49));
        Assert.Equal(49, window.Owed);
        Assert.Equal(50, window.Consume(1));
        Assert.Equal(0, window.Owed);
        Assert.Equal(50, window.Left);
        Assert.Equal(50, window.Consume(50));
        Assert.Equal(100, window.Left);
    }

    [Fact]
    public void A_receive_window_of_one_byte_gives_it_back_at_once()
    {
        var window = new ReceiveWindow(1);
        Assert.True(window.TryTake(1));
        Assert.Equal(1, window.Consume(1));
    }

    [Fact]
    public void A_receive_window_is_enlarged_by_the_difference_and_what_is_owed()
    {
        var window = new ReceiveWindow(SendWindow.Initial);
        Assert.True(window.TryTake(10));
        Assert.Equal(0, window.Consume(10));
        Assert.Equal((1 << 20) - SendWindow.Initial + 10, window.Enlarge(1 << 20));
        Assert.Equal(1 << 20, window.Left);
        Assert.Equal(0, window.Enlarge(5));
    }
}
