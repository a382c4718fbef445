using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace EdgeProxy.Http.Messages;

/// <summary>Recognises and spells the names of <see cref="KnownHeader"/>.</summary>
/// <remarks>
/// A name is read into up to three words; a multiplicative hash of them picks the only candidate, and the words are then compared
/// under a mask that folds case where the candidate has a letter and nowhere else. The multiplier was searched for so that no two
/// known names share a slot; <c>KnownHeadersTests</c> fails when a new name breaks that, and another has to be searched for.
/// </remarks>
public static class KnownHeaders
{
    private const int LongestName = 24;
    private const int SlotBits = 7;
    private const ulong Multiplier = 0xBC691ABDD26F20DD;
    private const ulong FoldAll = 0x2020202020202020;

    private static readonly Entry[] Slots = BuildSlots();

    /// <summary>The known name equal to these bytes without case, or <see cref="KnownHeader.Other"/>.</summary>
    [SkipLocalsInit]
    public static KnownHeader Find(ReadOnlySpan<byte> name)
    {
        if ((uint)(name.Length - 2) > LongestName - 2) return KnownHeader.Other;

        Words words = Words.Of(name);
        ref readonly Entry entry = ref Slots[SlotOf(words, name.Length)];
        return entry.Length == name.Length
            && (words.First | entry.Fold.First) == entry.Text.First
            && (words.Last | entry.Fold.Last) == entry.Text.Last
            && (words.Middle | entry.Fold.Middle) == entry.Text.Middle
            ? entry.Known
            : KnownHeader.Other;
    }

    /// <summary>The usual spelling, for fields that the gateway itself writes; empty for <see cref="KnownHeader.Other"/>.</summary>
    public static ReadOnlySpan<byte> NameOf(KnownHeader known) => known switch
    {
        KnownHeader.Accept => "Accept"u8,
        KnownHeader.AcceptCharset => "Accept-Charset"u8,
        KnownHeader.AcceptEncoding => "Accept-Encoding"u8,
        KnownHeader.Age => "Age"u8,
        KnownHeader.Authorization => "Authorization"u8,
        KnownHeader.CacheControl => "Cache-Control"u8,
        KnownHeader.Connection => "Connection"u8,
        KnownHeader.ContentEncoding => "Content-Encoding"u8,
        KnownHeader.ContentLength => "Content-Length"u8,
        KnownHeader.ContentMd5 => "Content-MD5"u8,
        KnownHeader.ContentType => "Content-Type"u8,
        KnownHeader.Cookie => "Cookie"u8,
        KnownHeader.Date => "Date"u8,
        KnownHeader.Expect => "Expect"u8,
        KnownHeader.Forwarded => "Forwarded"u8,
        KnownHeader.Host => "Host"u8,
        KnownHeader.KeepAlive => "Keep-Alive"u8,
        KnownHeader.MaxForwards => "Max-Forwards"u8,
        KnownHeader.Origin => "Origin"u8,
        KnownHeader.Pragma => "Pragma"u8,
        KnownHeader.ProxyAuthenticate => "Proxy-Authenticate"u8,
        KnownHeader.ProxyAuthorization => "Proxy-Authorization"u8,
        KnownHeader.ProxyConnection => "Proxy-Connection"u8,
        KnownHeader.Range => "Range"u8,
        KnownHeader.Referer => "Referer"u8,
        KnownHeader.Server => "Server"u8,
        KnownHeader.SetCookie => "Set-Cookie"u8,
        KnownHeader.TE => "TE"u8,
        KnownHeader.Trailer => "Trailer"u8,
        KnownHeader.TransferEncoding => "Transfer-Encoding"u8,
        KnownHeader.Upgrade => "Upgrade"u8,
        KnownHeader.UserAgent => "User-Agent"u8,
        KnownHeader.Via => "Via"u8,
        KnownHeader.WwwAuthenticate => "WWW-Authenticate"u8,
        KnownHeader.XAmzApigwId => "x-amz-apigw-id"u8,
        KnownHeader.XAmznApigatewayApiId => "x-amzn-apigateway-api-id"u8,
        KnownHeader.XAmznErrorType => "x-amzn-ErrorType"u8,
        KnownHeader.XAmznRequestId => "x-amzn-RequestId"u8,
        KnownHeader.XAmznTraceId => "X-Amzn-Trace-Id"u8,
        KnownHeader.XApigwApiId => "x-apigw-api-id"u8,
        KnownHeader.XForwardedFor => "X-Forwarded-For"u8,
        KnownHeader.XForwardedHost => "X-Forwarded-Host"u8,
        KnownHeader.XForwardedPort => "X-Forwarded-Port"u8,
        KnownHeader.XForwardedProto => "X-Forwarded-Proto"u8,
        KnownHeader.XHttpMethodOverride => "X-HTTP-Method-Override"u8,
        _ => default,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SlotOf(in Words words, int length) =>
        (int)((((words.First | FoldAll) + ((words.Last | FoldAll) << 1) + (ulong)length) * Multiplier) >> (64 - SlotBits));

    private static Entry[] BuildSlots()
    {
        var slots = new Entry[1 << SlotBits];
        Span<byte> lower = stackalloc byte[LongestName];
        Span<byte> fold = stackalloc byte[LongestName];
        for (int known = 1; ; known++)
        {
            ReadOnlySpan<byte> name = NameOf((KnownHeader)known);
            if (name.IsEmpty) return slots;

            for (int i = 0; i < name.Length; i++)
            {
                bool letter = (name[i] | 0x20) is >= 'a' and <= 'z';
                fold[i] = letter ? (byte)0x20 : (byte)0;
                lower[i] = (byte)(name[i] | fold[i]);
            }

            Words text = Words.Of(lower[..name.Length]);
            slots[SlotOf(text, name.Length)] = new Entry
            {
                Text = text,
                Fold = Words.Of(fold[..name.Length]),
                Length = name.Length,
                Known = (KnownHeader)known,
            };
        }
    }

    /// <summary>All bytes of a name of 2 to 24 bytes, some of them twice.</summary>
    private struct Words
    {
        public ulong First;
        public ulong Last;
        public ulong Middle;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Words Of(ReadOnlySpan<byte> name)
        {
            Words words = default;
            int length = name.Length;
            if (length >= 8)
            {
                words.First = BinaryPrimitives.ReadUInt64LittleEndian(name);
                words.Last = BinaryPrimitives.ReadUInt64LittleEndian(name[(length - 8)..]);
                if (length > 16) words.Middle = BinaryPrimitives.ReadUInt64LittleEndian(name[8..]);
            }
            else if (length >= 4)
            {
                words.First = BinaryPrimitives.ReadUInt32LittleEndian(name)
                    | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[(length - 4)..]) << 32);
            }
            else
            {
                words.First = (ulong)name[0] | ((ulong)name[length >> 1] << 8) | ((ulong)name[length - 1] << 16);
            }

            return words;
        }
    }

    private struct Entry
    {
        public Words Text;
        public Words Fold;
        public int Length;
        public KnownHeader Known;
    }
}
