using EdgeProxy.Core.Buffers;
using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Http.Http2.Frames;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>Frame headers and the payloads of every type, from either end.</summary>
internal sealed class Http2FramesTarget : FuzzTarget
{
    private const int MaxFrameSize = FrameHeader.LeastMaxFrameSize;

    private readonly byte[] _written = new byte[64 * 1024];

    public override string Name => "Http2Frames";

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\0\0\0\x04\0\0\0\0\0", "\0\0\0\x04\x01\0\0\0\0", "\0\0\x06\x04\0\0\0\0\0\0\x04\x7f\xff\xff\xff", "\0\0\x06\x04\0\0\0\0\0\0\x05\0\0\x40\0",
        "\0\0\x08\x06\0\0\0\0\0", "\0\0\x04\x08\0\0\0\0\0\0\0\0\x01", "\0\0\x04\x08\0\0\0\0\x01\x7f\xff\xff\xff", "\0\0\x04\x03\0\0\0\0\x01\0\0\0\x08", "\0\0\x08\x07\0\0\0\0\0\0\0\0\x01\0\0\0\0",
        "\0\0\x03\x01\x05\0\0\0\x01\x82\x86\x84", "\0\0\x03\x01\x04\0\0\0\x03\x82\x86\x84", "\0\0\0\x01\x28\0\0\0\x05", "\0\0\0\x09\x04\0\0\0\x01", "\0\0\x05\0\x01\0\0\0\x01hello", "\0\0\x06\0\x08\0\0\0\x01\x05",
        "\0\0\x05\x02\0\0\0\0\x01\0\0\0\0\x10", "\0\0\x07\x10\0\0\0\0\0\0\0\0\x01u=1", "\0\0\x04\x05\x04\0\0\0\x01\0\0\0\x02", "\0\x40\x01", "\xff\xff\xff", "\x80\0\0\0", "u=7, i", "u=9", "i=?0",
    ];

    public override ulong Run(byte[] input)
    {
        ulong outcome = Outcome.None.With((int)Preface.Match(input));
        Promise.Same(input.AsSpan().StartsWith(Preface.Bytes), Preface.Match(input) == PrefaceMatch.Whole, "The preface is the preface");
        foreach (Http2Role sender in (Http2Role[])[Http2Role.Client, Http2Role.Server]) outcome = Read(input, sender, outcome);
        StreamPriority priority = StreamPriority.Parse(input);
        Promise.That(priority.Urgency <= StreamPriority.LeastUrgent, "An urgency is one");
        return outcome.With(priority.Urgency).With(priority.Incremental ? 1 : 0);
    }

    private ulong Read(ReadOnlySpan<byte> rest, Http2Role sender, ulong outcome)
    {
        var settings = new Http2Settings();
        while (FrameHeader.TryRead(rest, out FrameHeader header))
        {
            Promise.That(header.Length is >= 0 and <= FrameHeader.GreatestMaxFrameSize && header.Stream.Value <= StreamId.Largest, "A header's numbers keep to their bits");
            Rewritten(header);
            Http2Violation violation = header.Check(sender, MaxFrameSize);
            IsWellFormed(violation);
            outcome = outcome.With((int)header.Type & 0x1F).With((int)violation.Scope).With((int)violation.Code).With(violation.Clause?.Length ?? 0);
            if (violation.EndsConnection || rest.Length < FrameHeader.Size + header.Length) return outcome;

            ReadOnlySpan<byte> payload = rest.Slice(FrameHeader.Size, header.Length);
            rest = rest[(FrameHeader.Size + header.Length)..];
            if (!violation.IsNone) continue;
            violation = ReadPayload(header, payload, sender, ref settings);
            IsWellFormed(violation);
            outcome = outcome.With((int)violation.Scope).With((int)violation.Code);
            if (violation.EndsConnection) return outcome;
        }

        Promise.That(rest.Length < FrameHeader.Size, "Only a cut header is no header");
        return outcome;
    }

    private static Http2Violation ReadPayload(in FrameHeader header, ReadOnlySpan<byte> payload, Http2Role sender, ref Http2Settings settings)
    {
        Http2Violation violation;
        switch (header.Type)
        {
            case FrameType.Data:
                violation = DataFrame.Read(header, payload, out FramePart data);
                if (violation.IsNone) LiesIn(data, payload.Length);
                return violation;
            case FrameType.Headers:
                violation = HeadersFrame.Read(header, payload, out FramePart fragment);
                if (violation.IsNone) LiesIn(fragment, payload.Length);
                return violation;
            case FrameType.RstStream:
                RstStreamFrame.Read(payload);
                return default;
            case FrameType.Settings:
                for (int i = 0; i < SettingsFrame.Count(payload); i++)
                {
                    violation = settings.Apply(SettingsFrame.Read(payload, i), sender);
                    if (!violation.IsNone) return violation;
                }

                Promise.That(settings.InitialWindowSize >= 0 && settings.MaxFrameSize is >= FrameHeader.LeastMaxFrameSize and <= FrameHeader.GreatestMaxFrameSize, "Settings keep to their ranges");
                return default;
            case FrameType.GoAway:
                Promise.That(GoAwayFrame.Read(payload).LastStream.Value <= StreamId.Largest, "A stream's number has 31 bits");
                return default;
            case FrameType.WindowUpdate:
                violation = WindowUpdateFrame.Read(header, payload, out int increment);
                Promise.Same(violation.IsNone, increment > 0, "Only a real increment is one");
                Promise.That(violation.IsNone || violation.EndsConnection == header.Stream.IsConnection, "A stream's mistake ends the stream");
                return violation;
            case FrameType.PriorityUpdate:
                violation = PriorityUpdateFrame.Read(payload, out StreamId stream, out StreamPriority priority);
                Promise.That(!violation.IsNone || (stream.IsClients && priority.Urgency <= StreamPriority.LeastUrgent), "A priority names a stream of the client");
                return violation;
            default:
                return default;
        }
    }

    private static void LiesIn(FramePart part, int length) =>
        Promise.That(part.Start >= 0 && part.Length >= 0 && part.Start + part.Length <= length, "What is not padding lies in the payload");

    private static void IsWellFormed(Http2Violation violation) =>
        Promise.That(violation.IsNone || (violation.Clause is { Length: > 0 } && violation.Code != Http2ErrorCode.NoError), "A violation has a code and a clause");

    private void Rewritten(in FrameHeader header)
    {
        var writer = new ByteWriter(_written);
        FrameWriter.WriteHeader(ref writer, header.Length, header.Type, header.Flags, header.Stream);
        Promise.That(FrameHeader.TryRead(writer.Written, out FrameHeader again), "A written header is one");
        Promise.Same(header, again, "A written header is the same");
    }
}
