using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Compression;

/// <summary>The codings that a message's Content-Encoding names, in the order they were applied (RFC 9110, 8.4); identity is left out.</summary>
internal readonly struct CodingStack
{
    /// <summary>More than this cannot be held, whatever is allowed.</summary>
    public const int MostCodings = 8;

    private const int Bits = 4;

    private readonly uint _codes;

    private CodingStack(uint codes, int count, DecodingRefusal refusal)
    {
        _codes = codes;
        Count = count;
        Refusal = refusal;
    }

    /// <summary>How many codings there are.</summary>
    public int Count { get; }

    /// <summary>Why a body in these codings cannot be decoded; None if it can.</summary>
    public DecodingRefusal Refusal { get; }

    /// <summary>Whether the body is as it is.</summary>
    public bool IsEmpty => Count == 0 && Refusal == DecodingRefusal.None;

    /// <summary>The coding at an index; the last was applied last, and comes off first.</summary>
    public ContentCoding this[int index] => (ContentCoding)((_codes >> (index * Bits)) & 0xF);

    /// <summary>Reads a message's fields.</summary>
    /// <param name="headers">The fields; of Content-Encoding all lines count.</param>
    /// <param name="options">What is decoded, and how much of it.</param>
    public static CodingStack Read(HeaderTable headers, CompressionOptions options)
    {
        int at = headers.IndexOf(KnownHeader.ContentEncoding);
        if (at < 0) return default;
        uint codes = 0;
        int count = 0;
        for (; at < headers.Count; at++)
        {
            if (headers[at].Known != KnownHeader.ContentEncoding) continue;
            ReadOnlySpan<byte> rest = headers.Value(at);
            while (!rest.IsEmpty)
            {
                int comma = rest.IndexOf((byte)',');
                ReadOnlySpan<byte> name = (comma < 0 ? rest : rest[..comma]).Trim(" \t"u8);
                rest = comma < 0 ? default : rest[(comma + 1)..];
                if (name.IsEmpty) continue;
                if (!ContentCodings.TryFind(name, out ContentCoding coding)) return Refused(DecodingRefusal.Coding);
                if (coding == ContentCoding.Identity) continue;
                if (!options.Decodes.Has(coding)) return Refused(DecodingRefusal.Coding);
                if (count == options.ContentCodings || count == MostCodings) return Refused(DecodingRefusal.Codings);
                codes |= (uint)coding << (count++ * Bits);
            }
        }

        return new CodingStack(codes, count, DecodingRefusal.None);
    }

    private static CodingStack Refused(DecodingRefusal refusal) => new(0, 0, refusal);
}
