using System.Buffers.Text;

namespace EdgeProxy.Telemetry.Tracing;

/// <summary>The ids by which a request is known (observability 1.4, rest-api 4.4).</summary>
public static class RequestIds
{
    /// <summary>Bytes of <see cref="WriteUuid"/>.</summary>
    public const int UuidLength = 36;

    /// <summary>Bytes of <see cref="WriteExtended"/>.</summary>
    public const int ExtendedLength = 16;

    /// <summary>Writes a random UUID (RFC 9562, version 4) in lower case: <c>x-amzn-RequestId</c>.</summary>
    /// <param name="random">The loop's generator.</param>
    /// <param name="destination">At least <see cref="UuidLength"/> bytes.</param>
    public static void WriteUuid(FastRandom random, Span<byte> destination)
    {
        Span<byte> bits = stackalloc byte[16];
        random.Fill(bits);
        bits[6] = (byte)((bits[6] & 0x0F) | 0x40);
        bits[8] = (byte)((bits[8] & 0x3F) | 0x80);
        destination = destination[..UuidLength];
        Hex.Write(bits[..4], destination);
        destination[8] = (byte)'-';
        Hex.Write(bits[4..6], destination[9..]);
        destination[13] = (byte)'-';
        Hex.Write(bits[6..8], destination[14..]);
        destination[18] = (byte)'-';
        Hex.Write(bits[8..10], destination[19..]);
        destination[23] = (byte)'-';
        Hex.Write(bits[10..], destination[24..]);
    }

    /// <summary>
    /// Writes an extended request id: 15 characters of URL-safe Base64 and <c>=</c>, as <c>x-amz-apigw-id</c> and an HTTP API's
    /// <c>apigw-requestid</c> have it.
    /// </summary>
    /// <param name="random">The loop's generator.</param>
    /// <param name="destination">At least <see cref="ExtendedLength"/> bytes.</param>
    public static void WriteExtended(FastRandom random, Span<byte> destination)
    {
        Span<byte> bits = stackalloc byte[11];
        random.Fill(bits);
        Base64Url.EncodeToUtf8(bits, destination);
        destination[ExtendedLength - 1] = (byte)'=';
    }

    /// <summary>Whether a client's <c>x-amzn-RequestId</c> has the shape of a UUID, so that it may stand.</summary>
    public static bool IsUuid(ReadOnlySpan<byte> text)
    {
        if (text.Length != UuidLength) return false;
        for (int i = 0; i < text.Length; i++)
        {
            bool fits = i is 8 or 13 or 18 or 23 ? text[i] == '-' : char.IsAsciiHexDigit((char)text[i]);
            if (!fits) return false;
        }

        return true;
    }
}
