using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.TestKit;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>Looks at every frame the server sends and holds it to RFC 9113.</summary>
internal sealed class ServerWatch(Http2Peer client)
{
    private readonly Dictionary<int, Life> _streams = [];
    private long _window = 65535;
    private long _sent;
    private bool _begun;
    private bool _left;

    /// <summary>What kinds of frames came in which order, roughly.</summary>
    public ulong Outcome { get; private set; } = Engine.Outcome.None;

    private enum Life
    {
        Idle,
        Open,
        Ended,
    }

    /// <summary>Notes that the client has opened the connection's window, so many times as that.</summary>
    public void Widen(long increment, int times) => _window += increment * times;

    /// <summary>Judges the frames that came since the last look. The peer has decoded their field blocks, which fails for a wrong one.</summary>
    public void Look()
    {
        foreach (Http2Frame frame in client.TakeFrames()) Judge(frame);
    }

    private void Judge(Http2Frame frame)
    {
        Outcome = Outcome.With((int)frame.Type).With((int)frame.Flags).WithCount(frame.Stream);
        Promise.That(_begun || frame.Type == FrameType.Settings, "A server begins with SETTINGS");
        Promise.That(!_left || frame.Type != FrameType.Settings, "Nothing is negotiated behind the last GOAWAY");
        _begun = true;
        Promise.That(frame.Payload.Length <= FrameHeader.LeastMaxFrameSize, "A frame is no larger than the client takes");
        switch (frame.Type)
        {
            case FrameType.Headers:
                Promise.That((frame.Flags & FrameFlags.EndHeaders) != 0, "Small heads are sent in one frame");
                Promise.That(LifeOf(frame) != Life.Ended, "No head is sent behind a stream's end");
                _streams[frame.Stream] = (frame.Flags & FrameFlags.EndStream) != 0 ? Life.Ended : Life.Open;
                break;
            case FrameType.Data:
                Promise.Same(Life.Open, LifeOf(frame), "Data comes between head and end");
                _sent += frame.Payload.Length;
                Promise.That(_sent <= _window, "No more is sent than the connection's window lets pass");
                if ((frame.Flags & FrameFlags.EndStream) != 0) _streams[frame.Stream] = Life.Ended;
                break;
            case FrameType.RstStream:
                LifeOf(frame);
                _streams[frame.Stream] = Life.Ended;
                Outcome = Outcome.With(frame.Payload[3]);
                break;
            case FrameType.GoAway:
                _left = frame.Payload[7] != 0;
                Outcome = Outcome.With(frame.Payload[7]);
                break;
            case FrameType.WindowUpdate:
                Promise.That(frame.Payload.AsSpan().IndexOfAnyExcept((byte)0) >= 0, "A window is not opened by nothing");
                break;
            case FrameType.Settings or FrameType.Ping:
                Promise.Same(0, frame.Stream, "It is sent for the connection");
                break;
            default:
                throw new BrokenPromiseException($"A server does not send {frame.Type}");
        }
    }

    private Life LifeOf(Http2Frame frame)
    {
        Promise.That(frame.Stream > 0 && frame.Stream % 2 == 1, "A server speaks on the client's streams alone");
        return _streams.GetValueOrDefault(frame.Stream);
    }
}
