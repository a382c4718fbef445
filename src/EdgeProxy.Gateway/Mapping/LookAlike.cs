using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>
/// Field names with an underscore where another has a hyphen: many servers make both the same variable, so the one could be used to
/// speak for the other (security.md 15.3). The one with the underscore is dropped, unless the parser was told to refuse both.
/// </summary>
internal static class LookAlike
{
    /// <summary>Whether the name with underscores at an index looks like another field's, or like one that the gateway itself adds.</summary>
    public static bool Exists(HeaderTable headers, int index)
    {
        ReadOnlySpan<byte> name = headers.Name(index);
        Span<byte> hyphened = stackalloc byte[256];
        if (name.Length > hyphened.Length) return true;
        hyphened = hyphened[..name.Length];
        name.CopyTo(hyphened);
        hyphened.Replace((byte)'_', (byte)'-');
        if (KnownHeaders.Find(hyphened) is KnownHeader.XForwardedFor or KnownHeader.XForwardedPort or KnownHeader.XForwardedProto
            or KnownHeader.XAmznTraceId or KnownHeader.XAmznApigatewayApiId or KnownHeader.UserAgent or KnownHeader.ContentLength
            or KnownHeader.TransferEncoding or KnownHeader.ContentType)
        {
            return true;
        }

        for (int i = 0; i < headers.Count; i++)
        {
            if (i != index && Ascii.EqualsIgnoreCase(headers.Name(i), hyphened)) return true;
        }

        return false;
    }
}
