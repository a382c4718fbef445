using System.Security.Cryptography;
using EdgeProxy.Core.Buffers;

namespace EdgeProxy.Identity.SigV4;

/// <summary>From a canonical request to its signature (specification security.md 3.3). Nothing is allocated once the day's key is there.</summary>
public static class Signature
{
    /// <summary>The name of the algorithm.</summary>
    public static ReadOnlySpan<byte> Algorithm => "AWS4-HMAC-SHA256"u8;

    /// <summary>Bytes of a SHA-256, or of a signature, in hexadecimal.</summary>
    public const int HexLength = 64;

    /// <summary>Writes the SHA-256 of some bytes in lower-case hexadecimal.</summary>
    /// <param name="bytes">Such as a body.</param>
    /// <param name="hex">At least <see cref="HexLength"/> bytes.</param>
    public static void WriteHash(ReadOnlySpan<byte> bytes, Span<byte> hex)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        WriteHex(hash, hex);
    }

    /// <summary>Computes the signature of a canonical request.</summary>
    /// <param name="request">Ended.</param>
    /// <param name="scope">Who signs, and for what.</param>
    /// <param name="date">The moment, as <see cref="AmzDate"/> writes it.</param>
    /// <param name="signature"><see cref="SigningKey.Length"/> bytes, to be written in hexadecimal or compared in constant time.</param>
    public static void Compute(CanonicalRequest request, SigningScope scope, scoped ReadOnlySpan<byte> date, Span<byte> signature)
    {
        Span<byte> text = stackalloc byte[512];
        var writer = new ByteWriter(text);
        WriteStringToSign(ref writer, request, scope, date);
        if (writer.Overflowed) throw new ArgumentException("The scope is too long to be signed for.", nameof(scope));
        HMACSHA256.HashData(scope.KeyOf(date[..AmzDate.DayLength]), writer.Written, signature);
    }

    /// <summary>Writes what is signed: the algorithm, the moment, the scope, and the hash of the canonical request.</summary>
    public static void WriteStringToSign(ref ByteWriter writer, CanonicalRequest request, SigningScope scope, scoped ReadOnlySpan<byte> date)
    {
        writer.Write(Algorithm);
        writer.Write((byte)'\n');
        writer.Write(date);
        writer.Write((byte)'\n');
        writer.Write(date[..AmzDate.DayLength]);
        writer.Write(scope.Tail.Span);
        writer.Write((byte)'\n');
        Span<byte> hash = writer.Reserve(HexLength);
        if (!writer.Overflowed) WriteHash(request.Text, hash);
    }

    /// <summary>Writes the value of <c>Authorization</c> for a canonical request.</summary>
    /// <param name="writer">Gets the value.</param>
    /// <param name="request">Ended.</param>
    /// <param name="scope">Who signs, and for what.</param>
    /// <param name="date">The moment, as <see cref="AmzDate"/> writes it; it must stand in the signed <c>X-Amz-Date</c>.</param>
    public static void WriteAuthorization(ref ByteWriter writer, CanonicalRequest request, SigningScope scope, scoped ReadOnlySpan<byte> date)
    {
        writer.Write(Algorithm);
        writer.Write(" Credential="u8);
        writer.Write(scope.AccessKeyId.Span);
        writer.Write((byte)'/');
        writer.Write(date[..AmzDate.DayLength]);
        writer.Write(scope.Tail.Span);
        writer.Write(", SignedHeaders="u8);
        writer.Write(request.SignedHeaders);
        writer.Write(", Signature="u8);
        Span<byte> hex = writer.Reserve(HexLength);
        if (writer.Overflowed) return;
        Span<byte> signature = stackalloc byte[SigningKey.Length];
        Compute(request, scope, date, signature);
        WriteHex(signature, hex);
    }

    /// <summary>Writes bytes in lower-case hexadecimal.</summary>
    public static void WriteHex(ReadOnlySpan<byte> bytes, Span<byte> hex)
    {
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        for (int i = 0; i < bytes.Length; i++)
        {
            hex[2 * i] = digits[bytes[i] >> 4];
            hex[(2 * i) + 1] = digits[bytes[i] & 15];
        }
    }
}
