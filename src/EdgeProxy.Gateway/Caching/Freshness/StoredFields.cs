using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>Which fields of a 304 replace those of the stored answer (RFC 9111, 3.2 and 4.3.4).</summary>
internal static class StoredFields
{
    /// <summary>Whether a field of a 304 takes the place of the stored ones with its name.</summary>
    /// <param name="known">The field.</param>
    /// <param name="name">Its name.</param>
    public static bool AreReplacedBy(KnownHeader known, ReadOnlySpan<byte> name)
    {
        // They describe the bytes that are stored, and no bytes came; or a connection; or they are said anew with each answer.
        if (known is KnownHeader.ContentLength or KnownHeader.ContentEncoding or KnownHeader.ContentType or KnownHeader.ContentMd5 or KnownHeader.TransferEncoding) return false;
        if (known is KnownHeader.Connection or KnownHeader.KeepAlive or KnownHeader.Upgrade or KnownHeader.Trailer or KnownHeader.TE) return false;
        if (known is KnownHeader.ProxyAuthenticate or KnownHeader.ProxyAuthorization or KnownHeader.ProxyConnection) return false;
        if (known is KnownHeader.XAmznRequestId or KnownHeader.XAmzApigwId or KnownHeader.XAmznTraceId or KnownHeader.Age) return false;
        return !Ascii.EqualsIgnoreCase(name, "content-range"u8) && !Ascii.EqualsIgnoreCase(name, "x-amzn-remapped-content-length"u8);
    }

    /// <summary>Whether a 304 speaks of the stored answer: it names no tag, or the stored one (4.3.4).</summary>
    /// <param name="stored">The tag of the stored answer; empty without.</param>
    /// <param name="told">The tag of the 304; empty without.</param>
    public static bool AreOf(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> told) => told.IsEmpty || EntityTags.Matches(stored, told);
}
