using System.Buffers;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>What names and values may be made of in HTTP/2 (RFC 9113, 8.2.1).</summary>
internal static class FieldSyntax
{
    /// <summary>Token bytes less the upper-case letters.</summary>
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("!#$%&'*+-.^_`|~abcdefghijklmnopqrstuvwxyz0123456789"u8);

    /// <summary>A token without upper case. RFC 9113 asks for less; what is no token cannot be sent on over HTTP/1.1.</summary>
    public static bool IsName(ReadOnlySpan<byte> name) => !name.IsEmpty && !name.ContainsAnyExcept(NameBytes);

    /// <summary>
    /// No space at either end, and no control but HTAB within. RFC 9113 demands as much of NUL, CR and LF only; the others are refused
    /// in HTTP/1.1 too (RFC 9110, 5.5), and a message must not get further over one version than over the other.
    /// </summary>
    public static bool IsValue(ReadOnlySpan<byte> value) =>
        value.IsEmpty || (!Syntax.IsSpaceOrTab(value[0]) && !Syntax.IsSpaceOrTab(value[^1]) && FieldScan.IndexOfControl(value) < 0);
}
