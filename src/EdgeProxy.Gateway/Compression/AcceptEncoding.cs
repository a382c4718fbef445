using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Compression;

/// <summary>Chooses the coding of an answer by what its client takes (rest-api.md 11.3; RFC 9110, 12.5.3).</summary>
/// <remarks>
/// As in the service, only what the client wants most counts: when none of that is supported, the answer goes as it is, whatever else the client would
/// take. Of several codings wanted alike, the node's own order decides (gzip first); not confirmed for the service. An element that cannot be read
/// counts as not sent.
/// </remarks>
internal static class AcceptEncoding
{
    private const int Unlisted = -1;
    private const int Whole = 1000;

    /// <summary>Chooses a coding; identity for none.</summary>
    /// <param name="headers">The request's fields; of Accept-Encoding all lines count.</param>
    /// <param name="preferred">The codings supported, the one preferred first.</param>
    public static ContentCoding Choose(HeaderTable headers, ReadOnlySpan<ContentCoding> preferred)
    {
        int at = headers.IndexOf(KnownHeader.AcceptEncoding);
        if (at < 0) return ContentCoding.Identity;
        Span<int> weights = stackalloc int[ContentCodings.Count];
        weights.Fill(Unlisted);
        int others = Unlisted;
        int best = 0;
        for (; at < headers.Count; at++)
        {
            if (headers[at].Known != KnownHeader.AcceptEncoding) continue;
            ReadOnlySpan<byte> rest = headers.Value(at);
            while (!rest.IsEmpty)
            {
                int comma = rest.IndexOf((byte)',');
                ReadOnlySpan<byte> element = comma < 0 ? rest : rest[..comma];
                rest = comma < 0 ? default : rest[(comma + 1)..];
                if (!TryReadElement(element, out ReadOnlySpan<byte> name, out int weight)) continue;
                best = Math.Max(best, weight);
                if (name.SequenceEqual("*"u8)) others = Math.Max(others, weight);
                else if (ContentCodings.TryFind(name, out ContentCoding coding)) weights[(int)coding] = Math.Max(weights[(int)coding], weight);
            }
        }

        if (best == 0) return ContentCoding.Identity;
        foreach (ContentCoding coding in preferred)
        {
            if ((weights[(int)coding] == Unlisted ? others : weights[(int)coding]) == best) return coding;
        }

        return ContentCoding.Identity;
    }

    private static bool TryReadElement(ReadOnlySpan<byte> element, out ReadOnlySpan<byte> name, out int weight)
    {
        int semicolon = element.IndexOf((byte)';');
        name = (semicolon < 0 ? element : element[..semicolon]).Trim(" \t"u8);
        weight = Whole;
        if (name.IsEmpty) return false;
        return semicolon < 0 || TryReadWeight(element[(semicolon + 1)..].Trim(" \t"u8), out weight);
    }

    // RFC 9110, 12.4.2: q=0 to q=1 with up to three digits.
    private static bool TryReadWeight(ReadOnlySpan<byte> parameter, out int weight)
    {
        weight = 0;
        if (parameter.Length < 3 || (parameter[0] | 0x20) != 'q' || parameter[1] != '=') return false;
        ReadOnlySpan<byte> number = parameter[2..];
        if (number.Length > 5 || number[0] is not ((byte)'0' or (byte)'1') || (number.Length > 1 && number[1] != '.')) return false;
        weight = (number[0] - '0') * Whole;
        int unit = Whole / 10;
        for (int i = 2; i < number.Length; i++, unit /= 10)
        {
            if (!char.IsAsciiDigit((char)number[i])) return false;
            weight += (number[i] - '0') * unit;
        }

        return weight <= Whole;
    }
}
