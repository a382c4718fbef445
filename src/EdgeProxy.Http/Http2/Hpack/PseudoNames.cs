namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>Recognises the names of <see cref="PseudoHeader"/>.</summary>
internal static class PseudoNames
{
    /// <summary>The pseudo-header of this name, unknown ones included; none when it does not begin with a colon.</summary>
    public static PseudoHeader Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name[0] != ':') return PseudoHeader.None;
        if (name.SequenceEqual(":method"u8)) return PseudoHeader.Method;
        if (name.SequenceEqual(":scheme"u8)) return PseudoHeader.Scheme;
        if (name.SequenceEqual(":authority"u8)) return PseudoHeader.Authority;
        if (name.SequenceEqual(":path"u8)) return PseudoHeader.Path;
        return name.SequenceEqual(":status"u8) ? PseudoHeader.Status : PseudoHeader.Unknown;
    }
}
