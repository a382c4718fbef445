using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http2.Frames;

/// <summary>How urgent a response is (RFC 9218, 4): the <c>priority</c> field, or PRIORITY_UPDATE.</summary>
/// <param name="Urgency">0, the most urgent, to 7.</param>
/// <param name="Incremental">Whether parts of it are of use, so that responses of the same urgency should share the connection.</param>
public readonly record struct StreamPriority(byte Urgency, bool Incremental)
{
    public const byte LeastUrgent = 7;

    /// <summary>What holds for a request that says nothing: urgency 3, not incremental.</summary>
    public static StreamPriority Default => new(3, false);

    /// <summary>Reads <c>u=5, i</c>, a dictionary of RFC 8941; unknown members and values that are out of range are passed over.</summary>
    /// <returns>What was said; the default for what was not, and for all of it when it is no such dictionary.</returns>
    public static StreamPriority Parse(ReadOnlySpan<byte> text)
    {
        StreamPriority priority = Default;
        text = Syntax.TrimSpace(text);
        while (!text.IsEmpty)
        {
            int comma = text.IndexOf((byte)',');
            ReadOnlySpan<byte> member = Syntax.TrimSpace(comma < 0 ? text : text[..comma]);
            text = comma < 0 ? default : Syntax.TrimSpace(text[(comma + 1)..]);
            if (member.IsEmpty || (comma >= 0 && text.IsEmpty)) return Default;

            int parameters = member.IndexOf((byte)';');
            if (parameters >= 0) member = Syntax.TrimSpace(member[..parameters]);
            if (member is [(byte)'u', (byte)'=', >= (byte)'0' and <= (byte)'7']) priority = priority with { Urgency = (byte)(member[2] - '0') };
            else if (member.SequenceEqual("i"u8) || member.SequenceEqual("i=?1"u8)) priority = priority with { Incremental = true };
            else if (member.SequenceEqual("i=?0"u8)) priority = priority with { Incremental = false };
        }

        return priority;
    }
}
