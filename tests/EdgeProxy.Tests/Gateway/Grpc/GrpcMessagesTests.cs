using System.Buffers.Binary;
using EdgeProxy.Gateway.Grpc;

namespace EdgeProxy.Tests.Gateway.Grpc;

public sealed class GrpcMessagesTests
{
    [Fact]
    public void Any_number_of_messages_pass_that_are_each_within_the_limit_however_they_are_split()
    {
        byte[] body = [.. Message(0), .. Message(10), .. Message(3), .. Message(0), .. Message(10)];
        for (int split = 0; split <= body.Length; split++)
        {
            var messages = default(GrpcMessages);
            Assert.True(messages.TryTake(body.AsSpan(0, split), 10));
            Assert.True(messages.TryTake(body.AsSpan(split), 10));
        }
    }

    [Fact]
    public void A_message_over_the_limit_does_not_however_it_is_split()
    {
        byte[] body = [.. Message(10), .. Message(11)];
        for (int split = 0; split <= body.Length; split++)
        {
            var messages = default(GrpcMessages);
            Assert.False(messages.TryTake(body.AsSpan(0, split), 10) && messages.TryTake(body.AsSpan(split), 10));
        }

        var unlimited = default(GrpcMessages);
        Assert.True(unlimited.TryTake([0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3], -1));
        var limited = default(GrpcMessages);
        Assert.False(limited.TryTake([1, 0xFF, 0xFF, 0xFF, 0xFF], 10 << 20));
    }

    private static byte[] Message(int length)
    {
        byte[] bytes = new byte[5 + length];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), length);
        bytes.AsSpan(5).Fill(0xEE);
        return bytes;
    }
}
