using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Http.Http2;

public sealed class FrameOutputTests
{
    [Fact]
    public void Keeps_what_does_not_leave_and_sends_it_in_order()
    {
        using var loop = new LoopHarness();
        var connection = new MemoryConnection(loop) { SendRoom = 0 };
        var output = new FrameOutput(loop.Buffers);
        var expected = new List<byte>();
        var random = new Random(3);
        int flushes = 0;
        for (int i = 0; i < 500; i++)
        {
            byte[] data = new byte[random.Next(1, 3000)];
            random.NextBytes(data);
            if (output.Room < data.Length + FrameHeader.Size)
            {
                connection.MakeRoom(random.Next(1, 80_000));
                output.Flush(connection);
                flushes++;
                continue;
            }

            output.WriteData(new StreamId(1), data, FrameFlags.None);
            expected.AddRange(Http2Bytes.Frame(FrameType.Data, FrameFlags.None, 1, data));
        }

        connection.MakeRoom(long.MaxValue);
        Assert.Equal(IoStatus.Ok, output.Flush(connection));
        Assert.Equal(expected, connection.Sent);
        Assert.True(flushes > 3);
        Assert.Equal(0, loop.Buffers.Leased);
    }

    [Fact]
    public void Holds_no_memory_once_all_has_left()
    {
        using var loop = new LoopHarness();
        var connection = new MemoryConnection(loop) { SendRoom = 10 };
        var output = new FrameOutput(loop.Buffers);
        output.WriteData(new StreamId(1), new byte[20], FrameFlags.EndStream);
        Assert.Equal(1, loop.Buffers.Leased);
        Assert.Equal(IoStatus.WouldBlock, output.Flush(connection));
        Assert.Equal(19, output.Pending);
        connection.MakeRoom(100);
        Assert.Equal(IoStatus.Ok, output.Flush(connection));
        Assert.Equal(0, loop.Buffers.Leased);
    }

    [Fact]
    public void Control_frames_may_go_beyond_what_streams_may_fill()
    {
        using var loop = new LoopHarness();
        var output = new FrameOutput(loop.Buffers);
        while (output.Room > 0)
        {
            output.Reserve(17);
            output.Commit(17);
        }

        for (int i = 0; i < 1000; i++)
        {
            output.Reserve(17);
            output.Commit(17);
        }

        Assert.True(output.Pending >= FrameOutput.Most + 17_000);
        output.Clear();
        Assert.Equal(0, loop.Buffers.Leased);
    }
}
