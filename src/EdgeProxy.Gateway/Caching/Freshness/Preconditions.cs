using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>The conditions of a GET or HEAD, as far as a cache answers them (RFC 9110, 13; RFC 9111, 4.3.2).</summary>
/// <remarks>Reads any bytes and never fails. Places count in the table it was read from.</remarks>
internal struct Preconditions
{
    public Preconditions() => IfModifiedSince = -1;

    /// <summary>Whether there is an If-None-Match: If-Modified-Since is of no account then (RFC 9110, 13.1.3).</summary>
    public bool HasTags { get; private set; }

    /// <summary>Place of the If-Modified-Since; -1 without, and where there is more than one.</summary>
    public int IfModifiedSince { get; private set; }

    /// <summary>Whether it has what only the origin can answer: a Range, an If-Match or an If-Unmodified-Since, or another method or target for a backend that goes by that.</summary>
    public bool IsForOrigin { get; private set; }

    /// <summary>Whether there is anything for a cache to look at.</summary>
    public readonly bool Any => HasTags || IfModifiedSince >= 0;

    /// <summary>Reads a request's conditions.</summary>
    public static Preconditions Of(HeaderTable headers)
    {
        var conditions = new Preconditions();
        bool isDated = false;
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known is KnownHeader.Range or KnownHeader.XHttpMethodOverride) conditions.IsForOrigin = true;
            if (headers[i].Known != KnownHeader.Other) continue;
            ReadOnlySpan<byte> name = headers.Name(i);
            switch (name.Length)
            {
                case 8 when Ascii.EqualsIgnoreCase(name, "if-match"u8):
                case 19 when Ascii.EqualsIgnoreCase(name, "if-unmodified-since"u8):
                    conditions.IsForOrigin = true;
                    break;
                case 13 when Ascii.EqualsIgnoreCase(name, "if-none-match"u8):
                    conditions.HasTags = true;
                    break;
                case 13 when Ascii.EqualsIgnoreCase(name, "x-http-method"u8) || Ascii.EqualsIgnoreCase(name, "x-rewrite-url"u8):
                case 14 when Ascii.EqualsIgnoreCase(name, "x-original-url"u8):
                case 17 when Ascii.EqualsIgnoreCase(name, "x-method-override"u8):
                    conditions.IsForOrigin = true;
                    break;
                case 17 when Ascii.EqualsIgnoreCase(name, "if-modified-since"u8):
                    conditions.IfModifiedSince = isDated ? -1 : i;
                    isDated = true;
                    break;
            }
        }

        return conditions;
    }

    /// <summary>Whether a field is one of those that a cache answers itself, and that a fetch for the cache goes without.</summary>
    public static bool IsAnsweredHere(ReadOnlySpan<byte> name) => name.Length switch
    {
        13 => Ascii.EqualsIgnoreCase(name, "if-none-match"u8),
        17 => Ascii.EqualsIgnoreCase(name, "if-modified-since"u8),
        _ => false,
    };

    /// <summary>Whether the client has what is stored already, so that 304 is the answer (RFC 9110, 13.2.2, steps 3 and 4).</summary>
    /// <param name="request">The request's fields.</param>
    /// <param name="tag">The tag of the stored answer; empty without.</param>
    /// <param name="changedAt">When it was changed last in seconds since 1970: its Last-Modified, else its Date, else when it came (RFC 9111, 4.3.2).</param>
    /// <param name="nowSeconds">The present, likewise.</param>
    public readonly bool AreMet(HeaderTable request, ReadOnlySpan<byte> tag, long changedAt, long nowSeconds)
    {
        if (!HasTags) return IfModifiedSince >= 0 && HttpDate.TryParse(request.Value(IfModifiedSince), nowSeconds, out long since) && changedAt <= since;
        for (int i = 0; i < request.Count; i++)
        {
            if (request[i].Known == KnownHeader.Other && Ascii.EqualsIgnoreCase(request.Name(i), "if-none-match"u8) && EntityTags.Contains(request.Value(i), tag)) return true;
        }

        return false;
    }
}
