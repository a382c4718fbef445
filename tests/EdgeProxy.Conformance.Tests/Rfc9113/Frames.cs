using EdgeProxy.Conformance.Tests.Rfc7541;
using EdgeProxy.Http.Http2.Frames;

namespace EdgeProxy.Conformance.Tests.Rfc9113;

/// <summary>Frames as hexadecimal, judged without a connection.</summary>
internal static class Frames
{
    public static readonly Http2Violation None = Http2Violation.None;

    /// <summary>What a frame's header and payload have wrong, sent by a client unless said otherwise.</summary>
    public static Http2Violation Judge(string hex, Http2Role sender = Http2Role.Client)
    {
        byte[] bytes = Blocks.Hex(hex);
        Assert.True(FrameHeader.TryRead(bytes, out FrameHeader header));
        Http2Violation violation = header.Check(sender, FrameHeader.LeastMaxFrameSize);
        if (!violation.IsNone) return violation;

        ReadOnlySpan<byte> payload = bytes.AsSpan(FrameHeader.Size);
        Assert.Equal(header.Length, payload.Length);
        return header.Type switch
        {
            FrameType.Data => DataFrame.Read(header, payload, out _),
            FrameType.Headers => HeadersFrame.Read(header, payload, out _),
            FrameType.WindowUpdate => WindowUpdateFrame.Read(header, payload, out _),
            FrameType.PriorityUpdate => PriorityUpdateFrame.Read(payload, out _, out _),
            FrameType.Settings => Apply(payload, sender),
            _ => None,
        };
    }

    /// <summary>The code of a connection error with this frame.</summary>
    public static void AssertEndsConnection(Http2ErrorCode code, string hex, Http2Role sender = Http2Role.Client)
    {
        Http2Violation violation = Judge(hex, sender);
        Assert.Equal((ViolationScope.Connection, code), (violation.Scope, violation.Code));
        Assert.NotNull(violation.Clause);
    }

    public static void AssertEndsStream(Http2ErrorCode code, string hex)
    {
        Http2Violation violation = Judge(hex);
        Assert.Equal((ViolationScope.Stream, code), (violation.Scope, violation.Code));
    }

    private static Http2Violation Apply(ReadOnlySpan<byte> payload, Http2Role sender)
    {
        var settings = new Http2Settings();
        for (int i = 0; i < SettingsFrame.Count(payload); i++)
        {
            Http2Violation violation = settings.Apply(SettingsFrame.Read(payload, i), sender);
            if (!violation.IsNone) return violation;
        }

        return None;
    }
}
