using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Client.Http2;

/// <summary>What a response's field block must and may not say in HTTP/2 (RFC 9113, 8.1.1, 8.2.2 and 8.3.2).</summary>
internal static class ResponseRules
{
    /// <summary>Reads <c>:status</c>; false when it is missing or none.</summary>
    public static bool TryReadStatus(HeaderTable headers, in PseudoHeaders pseudo, out int status)
    {
        status = 0;
        if (!pseudo.Has(PseudoHeader.Status)) return false;
        ReadOnlySpan<byte> text = headers.Slice(pseudo.Status.Start, pseudo.Status.Length);
        if (text.Length != 3) return false;
        foreach (byte digit in text)
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            status = (status * 10) + (digit - '0');
        }

        return status is >= 100 and <= 599;
    }

    /// <summary>Judges the fields.</summary>
    /// <param name="headers">The response's.</param>
    /// <param name="length">What <c>content-length</c> says; -1 without one.</param>
    public static ViolationCode Judge(HeaderTable headers, out long length)
    {
        length = -1;
        for (int i = 0; i < headers.Count; i++)
        {
            switch (headers[i].Known)
            {
                case KnownHeader.Connection or KnownHeader.KeepAlive or KnownHeader.ProxyConnection or KnownHeader.TransferEncoding or KnownHeader.Upgrade:
                    return ViolationCode.SuspiciousHeader;
                case KnownHeader.ContentLength:
                    if (!FieldLines.TryParseLength(headers.Value(i), out long value)) return ViolationCode.BadContentLength;
                    if (length >= 0 && length != value) return ViolationCode.MultipleContentLength;
                    length = value;
                    break;
            }
        }

        return ViolationCode.None;
    }
}
