using System.Runtime.CompilerServices;
using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>The known names as HTTP/2 spells them, where the static table has them, and how the encoder treats them.</summary>
internal static class HpackNames
{
    /// <summary>All names in lower case.</summary>
    public static readonly byte[] Bytes;

    private static readonly HpackName[] Names;

    static HpackNames()
    {
        int count = 1;
        while (!KnownHeaders.NameOf((KnownHeader)count).IsEmpty) count++;
        Names = new HpackName[count];
        var bytes = new List<byte>();
        for (int known = 1; known < count; known++)
        {
            ReadOnlySpan<byte> name = KnownHeaders.NameOf((KnownHeader)known);
            byte[] lower = new byte[name.Length];
            Ascii.ToLower(name, lower, out _);
            Names[known] = new HpackName
            {
                Start = bytes.Count,
                Length = lower.Length,
                StaticIndex = (byte)Math.Max(0, Array.FindIndex(HpackStaticTable.Entries, 1, entry => entry.Known == (KnownHeader)known)),
                Policy = PolicyOf((KnownHeader)known),
                Hash = HpackHash.OfName(lower),
            };
            bytes.AddRange(lower);
        }

        Bytes = [.. bytes];
    }

    /// <summary>How a known name is treated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref readonly HpackName Of(KnownHeader known) => ref Names[(int)known];

    private static IndexingPolicy PolicyOf(KnownHeader known) => known switch
    {
        KnownHeader.Connection or KnownHeader.KeepAlive or KnownHeader.ProxyConnection
            or KnownHeader.TransferEncoding or KnownHeader.Upgrade => IndexingPolicy.NotSent,

        KnownHeader.Authorization or KnownHeader.ProxyAuthorization or KnownHeader.Cookie
            or KnownHeader.SetCookie => IndexingPolicy.Never,

        KnownHeader.Accept or KnownHeader.AcceptCharset or KnownHeader.AcceptEncoding or KnownHeader.CacheControl
            or KnownHeader.ContentEncoding or KnownHeader.ContentType or KnownHeader.Host or KnownHeader.Origin
            or KnownHeader.Pragma or KnownHeader.Server or KnownHeader.TE or KnownHeader.UserAgent or KnownHeader.Via
            or KnownHeader.XAmznApigatewayApiId or KnownHeader.XAmznErrorType or KnownHeader.XApigwApiId
            or KnownHeader.XForwardedHost or KnownHeader.XForwardedPort or KnownHeader.XForwardedProto => IndexingPolicy.OnSight,

        _ => IndexingPolicy.WhenRepeated,
    };
}
