using EdgeProxy.Http.Http2.Frames;

namespace EdgeProxy.Tests.Http.Http2.Frames;

public sealed class DataUnderWayTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void Tells_body_from_padding_however_the_bytes_come(int atOnce)
    {
        // Length 20, DATA, END_STREAM and PADDED, stream 9: one byte that says 6, 13 of body, 6 of padding.
        Assert.True(FrameHeader.TryRead([0, 0, 20, 0, 9, 0, 0, 0, 9], out FrameHeader header));
        Assert.True(DataFrame.Read(header, [6], out FramePart part).IsNone);
        DataUnderWay data = default;
        Assert.False(data.HasMore);
        data.Begin(header, part);
        Assert.Equal((9, true), (data.Stream, data.EndsStream));
        int body = 0;
        int padding = 0;
        while (data.HasMore)
        {
            int taken = data.TakeBody(atOnce);
            body += taken;
            padding += data.TakePadding(atOnce - taken);
        }

        Assert.Equal((13, 6), (body, padding));
        Assert.Equal((0, 0), (data.TakeBody(100), data.TakePadding(100)));
    }
}
