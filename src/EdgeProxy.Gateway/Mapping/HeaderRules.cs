using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>What the gateway does with the field names it knows: the lists of rest-api.md 4 in one table.</summary>
/// <remarks>
/// Where the documented table (4.1) and the recordings (4.2, 4.3) differ, the recordings count: an HTTP_PROXY backend's
/// <c>WWW-Authenticate</c>, <c>Authorization</c>, <c>Content-MD5</c>, <c>Max-Forwards</c> and <c>User-Agent</c> pass, and so does its
/// <c>Content-Encoding</c>, because the body passes encoded. Beyond both, what RFC 9110 (7.6.1) makes a matter of one connection is dropped either way.
/// </remarks>
internal static class HeaderRules
{
    private static readonly HeaderRule[] s_rules = Build();

    public static HeaderRule Of(KnownHeader known) => s_rules[(int)known];

    public static bool Has(KnownHeader known, HeaderRule rule) => (s_rules[(int)known] & rule) != 0;

    /// <summary>Whether the value of an Authorization field is a signature for the gateway, which no integration gets to see (4.1).</summary>
    public static bool IsSignature(ReadOnlySpan<byte> authorization) =>
        StartsWith(authorization, "AWS4-HMAC-SHA256 "u8) || StartsWith(authorization, "AWS4-ECDSA-P256-SHA256 "u8);

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> scheme) => text.Length >= scheme.Length && Ascii.EqualsIgnoreCase(text[..scheme.Length], scheme);

    private static HeaderRule[] Build()
    {
        const HeaderRule Unseen = HeaderRule.Unseen | HeaderRule.NotProxied;
        var rules = new HeaderRule[256];
        void Set(KnownHeader known, HeaderRule rule) => rules[(int)known] |= rule;

        // 4.2: dropped when the request is parsed.
        Set(KnownHeader.Connection, Unseen);
        Set(KnownHeader.ContentLength, Unseen);
        Set(KnownHeader.ContentMd5, Unseen);
        Set(KnownHeader.Expect, Unseen);
        Set(KnownHeader.MaxForwards, Unseen);
        Set(KnownHeader.ProxyAuthenticate, Unseen);
        Set(KnownHeader.Server, Unseen);
        Set(KnownHeader.TE, Unseen);
        Set(KnownHeader.TransferEncoding, Unseen);
        Set(KnownHeader.Trailer, Unseen);
        Set(KnownHeader.Upgrade, Unseen);
        Set(KnownHeader.WwwAuthenticate, Unseen);

        // 4.2, HTTP_PROXY: readable, but not passed on.
        Set(KnownHeader.Host, HeaderRule.NotProxied);
        Set(KnownHeader.ContentEncoding, HeaderRule.NotProxied);
        Set(KnownHeader.Via, HeaderRule.NotProxied);

        // One connection's matter (RFC 9110, 7.6.1), and what only the gateway may say (security.md 15.3).
        Set(KnownHeader.KeepAlive, HeaderRule.NotProxied);
        Set(KnownHeader.ProxyAuthorization, HeaderRule.NotProxied);
        Set(KnownHeader.ProxyConnection, HeaderRule.NotProxied);
        Set(KnownHeader.XAmzApigwId, HeaderRule.NotProxied);
        Set(KnownHeader.XApigwApiId, HeaderRule.NotProxied);
        Set(KnownHeader.XAmznApigatewayApiId, HeaderRule.NotProxied);
        Set(KnownHeader.XAmznTraceId, HeaderRule.NotProxied);
        Set(KnownHeader.XForwardedFor, HeaderRule.NotProxied);
        Set(KnownHeader.XForwardedPort, HeaderRule.NotProxied);
        Set(KnownHeader.XForwardedProto, HeaderRule.NotProxied);

        // 4.2: mappings that fail the request, and mappings that come to nothing.
        Set(KnownHeader.ContentLength, HeaderRule.ForbiddenTarget);
        Set(KnownHeader.TransferEncoding, HeaderRule.ForbiddenTarget);
        Set(KnownHeader.XAmznTraceId, HeaderRule.ForbiddenTarget);
        Set(KnownHeader.XAmznApigatewayApiId, HeaderRule.ForbiddenTarget);
        Set(KnownHeader.Expect, HeaderRule.IgnoredTarget);
        Set(KnownHeader.ProxyAuthenticate, HeaderRule.IgnoredTarget);
        Set(KnownHeader.TE, HeaderRule.IgnoredTarget);
        Set(KnownHeader.Via, HeaderRule.IgnoredTarget);
        Set(KnownHeader.Connection, HeaderRule.IgnoredTarget);

        // 4.2, AWS and AWS_PROXY: these too.
        Set(KnownHeader.ContentLength, HeaderRule.ForbiddenAwsTarget);
        Set(KnownHeader.TransferEncoding, HeaderRule.ForbiddenAwsTarget);
        Set(KnownHeader.XAmznTraceId, HeaderRule.ForbiddenAwsTarget);
        Set(KnownHeader.XAmznApigatewayApiId, HeaderRule.ForbiddenAwsTarget);
        Set(KnownHeader.Authorization, HeaderRule.ForbiddenAwsTarget);
        Set(KnownHeader.Connection, HeaderRule.ForbiddenAwsTarget);
        Set(KnownHeader.Expect, HeaderRule.ForbiddenAwsTarget);
        Set(KnownHeader.ProxyAuthenticate, HeaderRule.ForbiddenAwsTarget);
        Set(KnownHeader.TE, HeaderRule.ForbiddenAwsTarget);
        Set(KnownHeader.Referer, HeaderRule.IgnoredAwsTarget);

        // 4.3: renamed in every response.
        Set(KnownHeader.Connection, HeaderRule.Remapped);
        Set(KnownHeader.ContentLength, HeaderRule.Remapped);
        Set(KnownHeader.Date, HeaderRule.Remapped);
        Set(KnownHeader.Server, HeaderRule.Remapped);

        // 4.3: renamed when they come from a mapping of an HTTP integration.
        Set(KnownHeader.Authorization, HeaderRule.RemappedFromMapping);
        Set(KnownHeader.ContentMd5, HeaderRule.RemappedFromMapping);
        Set(KnownHeader.Expect, HeaderRule.RemappedFromMapping);
        Set(KnownHeader.Host, HeaderRule.RemappedFromMapping);
        Set(KnownHeader.MaxForwards, HeaderRule.RemappedFromMapping);
        Set(KnownHeader.ProxyAuthenticate, HeaderRule.RemappedFromMapping);
        Set(KnownHeader.Trailer, HeaderRule.RemappedFromMapping);
        Set(KnownHeader.Upgrade, HeaderRule.RemappedFromMapping);
        Set(KnownHeader.UserAgent, HeaderRule.RemappedFromMapping);
        Set(KnownHeader.WwwAuthenticate, HeaderRule.RemappedFromMapping);

        // 4.1 and 4.3: of a function's result.
        Set(KnownHeader.Connection, HeaderRule.RemappedFromFunction);
        Set(KnownHeader.ContentLength, HeaderRule.RemappedFromFunction);
        Set(KnownHeader.Date, HeaderRule.RemappedFromFunction);
        Set(KnownHeader.Server, HeaderRule.RemappedFromFunction);
        Set(KnownHeader.Authorization, HeaderRule.RemappedFromFunction);
        Set(KnownHeader.ContentMd5, HeaderRule.RemappedFromFunction);
        Set(KnownHeader.MaxForwards, HeaderRule.RemappedFromFunction);
        Set(KnownHeader.UserAgent, HeaderRule.RemappedFromFunction);
        Set(KnownHeader.WwwAuthenticate, HeaderRule.RemappedFromFunction);
        Set(KnownHeader.XAmznRequestId, HeaderRule.RemappedFromFunction);
        Set(KnownHeader.Expect, HeaderRule.NotReturnedByFunction);
        Set(KnownHeader.Host, HeaderRule.NotReturnedByFunction);
        Set(KnownHeader.KeepAlive, HeaderRule.NotReturnedByFunction);
        Set(KnownHeader.ProxyAuthenticate, HeaderRule.NotReturnedByFunction);
        Set(KnownHeader.ProxyConnection, HeaderRule.NotReturnedByFunction);
        Set(KnownHeader.TE, HeaderRule.NotReturnedByFunction);
        Set(KnownHeader.Trailer, HeaderRule.NotReturnedByFunction);
        Set(KnownHeader.TransferEncoding, HeaderRule.NotReturnedByFunction);
        Set(KnownHeader.Upgrade, HeaderRule.NotReturnedByFunction);
        Set(KnownHeader.Via, HeaderRule.NotReturnedByFunction);
        Set(KnownHeader.XAmzApigwId, HeaderRule.NotReturnedByFunction);

        // 4.1 and 4.3: what an HTTP_PROXY backend cannot send through.
        Set(KnownHeader.Expect, HeaderRule.NotReturned);
        Set(KnownHeader.Host, HeaderRule.NotReturned);
        Set(KnownHeader.ProxyAuthenticate, HeaderRule.NotReturned);
        Set(KnownHeader.TE, HeaderRule.NotReturned);
        Set(KnownHeader.Trailer, HeaderRule.NotReturned);
        Set(KnownHeader.TransferEncoding, HeaderRule.NotReturned);
        Set(KnownHeader.Upgrade, HeaderRule.NotReturned);
        Set(KnownHeader.Via, HeaderRule.NotReturned);
        Set(KnownHeader.KeepAlive, HeaderRule.NotReturned);
        Set(KnownHeader.ProxyConnection, HeaderRule.NotReturned);
        Set(KnownHeader.XAmzApigwId, HeaderRule.NotReturned);
        return rules;
    }
}
