namespace EdgeProxy.Http.Http1;

/// <summary>How requests that other servers might read differently are treated: setting <c>desync.mode</c> (architecture.md 5).</summary>
/// <remarks>
/// <see cref="Defensive"/> and <see cref="Monitor"/> tolerate the same bytes, those whose meaning stays certain because the gateway
/// writes every request anew: bare LF line ends, folded lines of fields that frame or route nothing, repeated equal lengths,
/// control characters other than NUL in such fields, versions 1.2 to 1.9, look-alikes of the framing fields, GET and HEAD with
/// Transfer-Encoding. What stays ambiguous after that (both framing fields, differing lengths, unknown codings, a space
/// before the colon, spaces or controls in the target) is refused in every mode.
/// </remarks>
public enum DesyncMode : byte
{
    /// <summary>Everything doubtful is refused and the connection closed. The default.</summary>
    Strict,

    /// <summary>The tolerable passes; after an ambiguous request the connection is not used again.</summary>
    Defensive,

    /// <summary>The tolerable passes, is counted, and the connection lives on.</summary>
    Monitor,
}
