using System.Text;
using EdgeProxy.Http.Http1;

namespace EdgeProxy.Http.Messages;

/// <summary>Which fields may stand in trailers (RFC 9110, 6.5.1).</summary>
/// <remarks>
/// A trailer comes after all that frames, routes, authenticates or caches a message was decided; a field that does one of these is
/// dropped where trailers are read, so that no recipient that merges trailers into the head can be made to see two messages.
/// </remarks>
public static class TrailerFields
{
    /// <summary>Whether a field of this name is dropped from trailers.</summary>
    /// <param name="known">The name, if it is a known one.</param>
    /// <param name="name">The name as sent.</param>
    public static bool IsForbidden(KnownHeader known, ReadOnlySpan<byte> name) => known switch
    {
        KnownHeader.Other => IsForbiddenName(name),
        KnownHeader.ContentLength or KnownHeader.TransferEncoding or KnownHeader.Host or KnownHeader.Connection or KnownHeader.Trailer
            or KnownHeader.TE or KnownHeader.Upgrade or KnownHeader.KeepAlive or KnownHeader.ProxyConnection or KnownHeader.Expect
            or KnownHeader.Authorization or KnownHeader.ProxyAuthorization or KnownHeader.ProxyAuthenticate or KnownHeader.WwwAuthenticate
            or KnownHeader.Cookie or KnownHeader.SetCookie or KnownHeader.ContentEncoding or KnownHeader.ContentType or KnownHeader.Range
            or KnownHeader.CacheControl or KnownHeader.MaxForwards or KnownHeader.Age or KnownHeader.Date or KnownHeader.Pragma
            or KnownHeader.Forwarded or KnownHeader.Via or KnownHeader.XForwardedFor or KnownHeader.XForwardedHost
            or KnownHeader.XForwardedPort or KnownHeader.XForwardedProto or KnownHeader.XHttpMethodOverride or KnownHeader.XAmzApigwId
            or KnownHeader.XApigwApiId or KnownHeader.XAmznApigatewayApiId or KnownHeader.XAmznErrorType or KnownHeader.XAmznRequestId
            or KnownHeader.XAmznTraceId => true,
        _ => false,
    };

    /// <summary>Drops the trailers whose names the head's Connection fields list: they are for that connection alone (RFC 9110, 7.6.1).</summary>
    /// <param name="trailers">The trailers.</param>
    /// <param name="head">The fields of the message's head.</param>
    public static void DropConnections(HeaderTable trailers, HeaderTable head)
    {
        int connection = head.IndexOf(KnownHeader.Connection);
        for (int trailer = trailers.Count - 1; trailer >= 0 && connection >= 0; trailer--)
        {
            if (FieldList.ConnectionNames(head, connection, trailers.Name(trailer))) trailers.RemoveAt(trailer);
        }
    }

    /// <summary>Whether a TE field says that the sender wants trailers (RFC 9110, 10.1.4).</summary>
    public static bool AreWelcome(HeaderTable head)
    {
        for (int i = head.IndexOf(KnownHeader.TE); i >= 0 && i < head.Count; i++)
        {
            if (head[i].Known == KnownHeader.TE && FieldList.Contains(head.Value(i), "trailers"u8)) return true;
        }

        return false;
    }

    // Trailers are rare and few, so plain comparisons will do.
    private static bool IsForbiddenName(ReadOnlySpan<byte> name) =>
        StartsWith(name, "if-"u8) || StartsWith(name, "x-amzn-"u8) || StartsWith(name, "x-forwarded-"u8)
        || Ascii.EqualsIgnoreCase(name, "content-range"u8) || Ascii.EqualsIgnoreCase(name, "expires"u8) || Ascii.EqualsIgnoreCase(name, "location"u8)
        || Ascii.EqualsIgnoreCase(name, "retry-after"u8) || Ascii.EqualsIgnoreCase(name, "vary"u8) || Ascii.EqualsIgnoreCase(name, "warning"u8)
        || (name.Length >= LookAlikes.ShortestName && LookAlikes.IsFramingField(name));

    private static bool StartsWith(ReadOnlySpan<byte> name, ReadOnlySpan<byte> prefix) =>
        name.Length >= prefix.Length && Ascii.EqualsIgnoreCase(name[..prefix.Length], prefix);
}
